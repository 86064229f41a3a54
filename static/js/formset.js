/** Adds, removes and moves rows of a Django formset (templates/components/formset.html). */

function visibleRows(set) {
  return [...set.querySelectorAll("[data-formset-row]")].filter((row) => !row.hidden);
}

function control(row, suffix) {
  return row.querySelector(`[name$="-${suffix}"]`);
}

/** Whether nothing was typed or chosen in a row that was not there before. */
function isBlank(set, row) {
  const known = Number(set.querySelector('[name$="-INITIAL_FORMS"]').value);
  const inputs = [...row.querySelectorAll("input, select, textarea")].filter((input) => !/-(ORDER|DELETE|id)$/.test(input.name));
  const number = Number(/-(\d+)-[^-]+$/.exec(inputs[0]?.name ?? "")?.[1] ?? -1);
  if (number >= 0 && number < known) return false;
  return inputs.every((input) => (/^(checkbox|radio)$/.test(input.type) ? !input.checked : input.type === "hidden" || input.value === ""));
}

/** Numbers the rows for people (their name) and for Django (ORDER). */
function renumber(set) {
  visibleRows(set).forEach((row, index, rows) => {
    row.setAttribute("aria-label", `${set.dataset.rowName} ${index + 1}`);
    const order = control(row, "ORDER");
    // Django takes an extra row with a place for one that was filled in, and would complain about its empty fields.
    if (order) order.value = isBlank(set, row) ? "" : index + 1;
    row.querySelector("[data-formset-up]")?.toggleAttribute("disabled", index === 0);
    row.querySelector("[data-formset-down]")?.toggleAttribute("disabled", index === rows.length - 1);
  });
}

function say(set, text) {
  const status = set.querySelector("[data-formset-status]");
  if (status) status.textContent = text;
}

function add(set) {
  const total = set.querySelector('[name$="-TOTAL_FORMS"]');
  const most = set.querySelector('[name$="-MAX_NUM_FORMS"]');
  const rows = set.querySelector("[data-formset-rows]");
  if (most?.value && visibleRows(set).length >= Number(most.value)) {
    say(set, set.dataset.atMost);
    return;
  }
  const fresh = set.querySelector("template[data-formset-empty]").content.cloneNode(true);
  for (const element of fresh.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", total.value);
    }
  }
  total.value = Number(total.value) + 1;
  rows.append(fresh);
  renumber(set);
  const row = rows.lastElementChild;
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  // Pages that draw something from the rows listen for this.
  row.dispatchEvent(new CustomEvent("formset:changed", { bubbles: true }));
}

function remove(set, row) {
  const rows = visibleRows(set);
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  const deletion = control(row, "DELETE");
  if (deletion) {
    deletion.checked = true;
  } else {
    // A set without can_delete: an empty extra row is ignored by Django.
    row.querySelectorAll("input:not([type=hidden]), textarea").forEach((input) => { input.value = ""; });
    row.querySelectorAll("select").forEach((select) => { select.selectedIndex = 0; });
  }
  // What is taken out must not stop the form from being sent.
  row.querySelectorAll("[required]").forEach((input) => input.removeAttribute("required"));
  row.hidden = true;
  renumber(set);
  say(set, `${set.dataset.rowName}: ${set.dataset.removed}`);
  (next?.querySelector("[data-formset-remove]") ?? set.querySelector("[data-formset-add]"))?.focus();
  set.dispatchEvent(new CustomEvent("formset:changed", { bubbles: true }));
}

function move(set, row, step, button) {
  const rows = visibleRows(set);
  const other = rows[rows.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  renumber(set);
  const again = button.disabled ? row.querySelector(step < 0 ? "[data-formset-down]" : "[data-formset-up]") : button;
  again?.focus();
  say(set, `${set.dataset.moved} ${visibleRows(set).indexOf(row) + 1}.`);
  set.dispatchEvent(new CustomEvent("formset:changed", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  const set = button?.closest("[data-formset]");
  if (!set) return;
  const row = button.closest("[data-formset-row]");
  if (button.matches("[data-formset-add]")) add(set);
  else if (button.matches("[data-formset-remove]")) remove(set, row);
  else if (button.matches("[data-formset-up]")) move(set, row, -1, button);
  else if (button.matches("[data-formset-down]")) move(set, row, 1, button);
});

document.addEventListener("change", (event) => {
  const set = event.target.closest?.("[data-formset]");
  if (set) renumber(set);
});

document.querySelectorAll("[data-formset]").forEach(renumber);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("[data-formset]").forEach(renumber));
