/**
 * The coach beside the badge form: a hint leads to its field and puts the cursor there; a fix that was pressed shows
 * where it was put in; what was unfolded stays unfolded while the preview is drawn anew.
 */

const form = document.getElementById("badge-form");
const preview = document.getElementById("preview");
const OF_A_FIELD = "input:not([type=hidden]), select, textarea, button";

function reach(id) {
  const place = id && document.getElementById(id);
  if (!place) return null;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const control = place.matches(OF_A_FIELD) ? place : place.querySelector(":checked") ?? place.querySelector(OF_A_FIELD);
  if (!control) return null;
  control.closest(".field")?.scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
  return control;
}

function say(control) {
  // The preview, the parts of the form and what is kept of it listen for this.
  control?.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const jump = event.target.closest?.("[data-coach-jump]");
  const id = jump?.hash.slice(1);
  if (!id || !jump.getAttribute("href").startsWith("#")) return;
  // A skill or a step needs a row to be written in.
  if (!document.getElementById(id)) {
    const set = document.querySelector(id.startsWith("alignments") ? "#part-skills" : "#part-earn");
    set?.querySelector("[data-formset-add]")?.click();
    const row = set?.querySelector("[data-formset-row]:last-child");
    row?.querySelector(OF_A_FIELD)?.focus();
    event.preventDefault();
    return;
  }
  if (reach(id)) event.preventDefault();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const button = event.detail.elt;
  if (!button.dataset?.coachPress || !event.detail.successful) return;
  say(reach(button.dataset.coachPress));
});

let open = [];
preview?.addEventListener("htmx:beforeSwap", () => {
  open = [...preview.querySelectorAll("details[open][id]")].map((one) => one.id);
});
preview?.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
});

// From another page: to the field that it was about. The browser goes to the part of the page when all is loaded, and
// takes the cursor along; HTMX listens from then on.
addEventListener("load", () => {
  if (!form || location.hash.length < 2) return;
  requestAnimationFrame(() => {
    const control = reach(decodeURIComponent(location.hash.slice(1)));
    if (control && document.querySelector("[data-coach-fixed]")) say(control);
  });
});
