/**
 * The page that takes a badge: a file may be dropped anywhere on it, and a picture may be pasted. Whatever comes
 * last counts, so that nobody sends a link beside an older picture.
 */

const form = document.querySelector("[data-bring]")?.closest("form");
const input = form?.querySelector('input[type="file"]');
const text = form?.querySelector("textarea");

function take(file) {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  form.querySelector('[type="submit"]').focus();
}

/** Say beside a field why what is in it was not sent, as the server would. */
function refuse(field, sentence) {
  forget(field);
  const said = document.createElement("p");
  said.className = "field-errors";
  said.id = `${field.id}-error`;
  said.setAttribute("role", "alert");
  said.textContent = sentence;
  field.closest(".field").append(said);
  field.closest(".field").classList.add("has-errors");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.id}-help ${said.id}`);
  field.focus();
}

/** What is wrong with a field is wrong no more once it holds something else. */
function forget(field) {
  field.closest(".field").querySelector(".field-errors")?.remove();
  field.closest(".field").classList.remove("has-errors");
  field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", `${field.id}-help`);
}

if (input && text) {
  const veil = document.createElement("div");
  veil.className = "bring-veil";
  veil.textContent = document.querySelector("[data-bring]").dataset.veil;
  document.body.append(veil);
  let depth = 0;
  const holdsFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

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
    const file = event.dataTransfer?.files?.[0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });

  addEventListener("paste", (event) => {
    const file = event.clipboardData?.files?.[0];
    if (file) {
      event.preventDefault();
      take(file);
      return;
    }
    // Pasted beside every field: it is meant for the one that takes links.
    const into = document.activeElement;
    if (into && into.matches("input, textarea")) return;
    const pasted = event.clipboardData?.getData("text/plain").trim();
    if (pasted) {
      event.preventDefault();
      text.value = pasted;
      text.focus();
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  text.addEventListener("input", () => {
    if (text.value.trim() && input.files.length) {
      input.value = "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  input.addEventListener("change", () => {
    if (input.files.length) text.value = "";
    forget(input);
  });
  text.addEventListener("input", () => forget(text));

  // What is far too large is not sent first and refused later. Before submit_once.js, which listens on the document.
  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file || file.size <= Number(input.dataset.maxBytes)) return;
    event.preventDefault();
    input.setCustomValidity("");
    refuse(input, input.dataset.tooLarge);
  });
}
