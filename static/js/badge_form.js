/**
 * The badge form: rows that wait for people without JavaScript go, new rows are handed to HTMX, a checked field is only
 * exchanged when there is something to say, and what was typed is not left by mistake.
 */

const form = document.getElementById("badge-form");

// Loaded before formset.js, which numbers the rows that stay. The spare ones are the last, so their numbers are free again.
document.querySelectorAll("[data-formset]").forEach((set) => {
  const total = set.querySelector('[name$="-TOTAL_FORMS"]');
  [...set.querySelectorAll("[data-formset-rows] > .spare")].reverse().forEach((row) => {
    if (!row.previousElementSibling) return;
    row.remove();
    total.value = Number(total.value) - 1;
  });
});

document.addEventListener("formset:changed", (event) => window.htmx?.process(event.target));

// A field that was right and still is stays in place: exchanging it would cost its size and the cursor.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, xhr } = event.detail;
  if (!requestConfig.elt.matches?.("#badge-form [hx-target='closest .field']")) return;
  const was = target.classList.contains("has-errors");
  const is = xhr.responseText.includes("has-errors");
  if (!was && !is) event.detail.shouldSwap = false;
});

// What somebody must be able to do today runs out: a year is suggested, and never written over what was chosen.
form?.addEventListener("change", ({ target }) => {
  if (target.name !== "purpose" || target.value !== "COMPLIANCE") return;
  const never = form.querySelector('[name="validity"][value="NEVER"]');
  const months = form.elements.validity_months;
  if (!never?.checked || months.value) return;
  form.querySelector('[name="validity"][value="MONTHS"]').checked = true;
  months.value = 12;
});

if (form) {
  let unsaved = Boolean(form.querySelector("#form-errors"));
  const note = () => { unsaved = true; };
  form.addEventListener("input", note);
  form.addEventListener("formset:changed", note);
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
