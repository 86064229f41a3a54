/**
 * The page that takes a plan: a file may be dropped anywhere on it and is read at once, and what is pasted from a
 * document keeps its cells. Whatever comes last counts.
 */

const form = document.querySelector("[data-bring-plan]");
const file = form?.querySelector('input[type="file"]');
const text = form?.querySelector("textarea");
const html = form?.querySelector('input[name="html"]');
const MOST = 5 * 1024 * 1024;

if (form && file && text && html) {
  const veil = document.createElement("div");
  veil.className = "plan-veil";
  veil.textContent = form.dataset.veil;
  document.body.append(veil);
  let depth = 0;
  const holdsFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  function take(dropped) {
    const chosen = new DataTransfer();
    chosen.items.add(dropped);
    file.files = chosen.files;
    file.dispatchEvent(new Event("change", { bubbles: true }));
    if (dropped.size <= Number(file.dataset.maxBytes)) form.requestSubmit();
  }

  addEventListener("dragenter", (event) => {
    if (!holdsFile(event)) return;
    depth += 1;
    veil.classList.add("is-over");
  });
  addEventListener("dragleave", (event) => {
    if (!holdsFile(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) veil.classList.remove("is-over");
  });
  addEventListener("dragover", (event) => {
    if (holdsFile(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    depth = 0;
    veil.classList.remove("is-over");
    const dropped = event.dataTransfer?.files?.[0];
    if (!dropped) return;
    event.preventDefault();
    take(dropped);
  });

  // The clipboard has a table twice: as text, and drawn, which knows the cells and their lines.
  addEventListener("paste", (event) => {
    const into = document.activeElement;
    if (into !== text && into?.matches("input, textarea, select")) return;
    const drawn = event.clipboardData?.getData("text/html") ?? "";
    const said = event.clipboardData?.getData("text/plain") ?? "";
    if (event.clipboardData?.files.length && !said) {
      event.preventDefault();
      take(event.clipboardData.files[0]);
      return;
    }
    if (!said) return;
    if (into !== text || /<table[\s>]/i.test(drawn)) {
      event.preventDefault();
      text.value = said;
      html.value = /<table[\s>]/i.test(drawn) && drawn.length < MOST ? drawn : "";
      file.value = "";
      file.dispatchEvent(new Event("change", { bubbles: true }));
      text.focus();
    }
  });
  // What is typed afterwards is meant as it stands.
  text.addEventListener("input", () => { html.value = ""; });
  file.addEventListener("change", () => {
    if (!file.files.length) return;
    text.value = "";
    html.value = "";
  });
}
