/**
 * The designer: one press puts a palette, a fix or a whole design into the form; changes can be undone; what was not
 * saved is there again after a reload; in the badge form the designer opens as a dialog. The drawing itself is asked
 * of the server by HTMX.
 */

const NOT_THE_DESIGN = new Set(["csrfmiddlewaretoken", "seen", "badge", "issuer", "act", "become", "q", "family", "badges", "in_dialog"]);
const known = new WeakMap();

function controls(form) {
  return [...form.elements].filter((one) => one.name && !NOT_THE_DESIGN.has(one.name) && one.type !== "submit");
}

function read(form) {
  const said = {};
  for (const one of controls(form)) {
    if (one.type === "radio") {
      if (one.checked) said[one.name] = one.value;
    } else if (one.type === "checkbox") {
      const chosen = (said[one.name] ??= []);
      if (one.checked) chosen.push(one.value);
    } else {
      said[one.name] = one.value;
    }
  }
  return said;
}

/** The icon of a design need not be among those that are shown. */
function showIcon(form, name) {
  const grid = form.querySelector("#icons");
  if (!grid || [...grid.querySelectorAll("[name='icon']")].some((one) => one.value === name)) return;
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = "icon";
  radio.value = name;
  radio.checked = true;
  radio.className = "hidden-text";
  grid.append(radio);
  const search = form.querySelector("[data-icon-search]");
  window.htmx?.trigger(search, "search");
}

function write(form, said) {
  if (said.icon) showIcon(form, String(said.icon));
  for (const one of controls(form)) {
    if (!(one.name in said)) continue;
    const value = said[one.name];
    if (one.type === "radio") one.checked = one.value === String(value);
    else if (one.type === "checkbox") one.checked = Array.isArray(value) ? value.includes(one.value) : Boolean(value);
    else one.value = String(value);
  }
}

function redraw(form) {
  window.htmx?.trigger(form, "design-changed");
}

// --- Undo, and what was not saved ------------------------------------------------------------------------------

const key = (form) => `design ${form.dataset.designer}`;

function store(form, said) {
  try {
    if (said === null) sessionStorage.removeItem(key(form));
    else sessionStorage.setItem(key(form), said);
  } catch {
    // A browser that keeps nothing still draws.
  }
}

function stored(form) {
  try {
    return sessionStorage.getItem(key(form));
  } catch {
    return null;
  }
}

function showHistory(form) {
  const state = known.get(form);
  const undo = form.querySelector("[data-undo]");
  const redo = form.querySelector("[data-redo]");
  if (undo) undo.disabled = state.at === 0;
  if (redo) redo.disabled = state.at === state.steps.length - 1;
}

function note(form) {
  const state = known.get(form);
  const now = JSON.stringify(read(form));
  if (now === state.steps[state.at]) return;
  state.steps.splice(state.at + 1);
  state.steps.push(now);
  if (state.steps.length > 200) state.steps.shift();
  state.at = state.steps.length - 1;
  store(form, now);
  showHistory(form);
}

function step(form, by) {
  const state = known.get(form);
  clearTimeout(state.timer);
  note(form);
  const to = state.at + by;
  if (to < 0 || to >= state.steps.length) return;
  state.at = to;
  write(form, JSON.parse(state.steps[to]));
  store(form, state.steps[to]);
  showHistory(form);
  redraw(form);
}

function begin(form) {
  if (known.has(form)) return;
  const first = JSON.stringify(read(form));
  const state = { steps: [first], at: 0, timer: 0 };
  known.set(form, state);
  const kept = stored(form);
  if (kept && kept !== first && !form.querySelector("#form-errors")) {
    write(form, JSON.parse(kept));
    note(form);
    form.querySelector("[data-restored]")?.removeAttribute("hidden");
    redraw(form);
  }
  form.addEventListener("input", (event) => {
    // What is searched is not drawn.
    if (event.target.name === "q") return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => note(form), 350);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "save") store(form, null);
  });
  const search = form.querySelector("[data-icon-search]");
  for (const name of ["input", "change"]) search?.addEventListener(name, (event) => event.stopPropagation());
  search?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") {
      event.preventDefault();
      (form.querySelector("#icons :checked") ?? form.querySelector("#icons input"))?.focus();
    }
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  const form = button?.closest("form[data-designer]");
  if (!form) return;
  if (button.matches("[data-become]")) {
    event.preventDefault();
    note(form);
    write(form, JSON.parse(button.value));
    note(form);
    redraw(form);
  } else if (button.matches("[data-undo]")) step(form, -1);
  else if (button.matches("[data-redo]")) step(form, 1);
  else if (button.matches("[data-forget]")) {
    const state = known.get(form);
    write(form, JSON.parse(state.steps[0]));
    note(form);
    store(form, null);
    form.querySelector("[data-restored]").hidden = true;
    redraw(form);
  } else if (button.matches("[data-designer-close]")) form.closest("dialog")?.close();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const pressed = event.key.toLowerCase();
  const isUndo = pressed === "z" && !event.shiftKey;
  const isRedo = (pressed === "z" && event.shiftKey) || pressed === "y";
  const form = document.querySelector("dialog[open] form[data-designer]") ?? document.querySelector("form[data-designer]");
  // In a text field the browser takes back letters.
  if (!form || !(isUndo || isRedo) || event.target.matches?.("input:not([type]), input[type='text'], input[type='search'], textarea")) return;
  event.preventDefault();
  step(form, isUndo ? -1 : 1);
});

// --- What the server drew ---------------------------------------------------------------------------------------

/** The small pictures are the large one again: nothing is asked for twice. */
function copyDrawing(root) {
  const drawing = root.querySelector?.("[data-drawing]");
  if (!drawing) return;
  root.querySelectorAll("[data-copy]").forEach((small) => {
    if (small.getAttribute("src") !== drawing.src) small.src = drawing.src;
  });
}

function look() {
  document.querySelectorAll("form[data-designer]").forEach((form) => {
    begin(form);
    copyDrawing(form);
  });
  document.querySelectorAll("dialog[data-designer-dialog]:not([open])").forEach((dialog) => {
    dialog.showModal();
    dialog.addEventListener("close", () => dialog.remove());
  });
}

document.addEventListener("htmx:afterSwap", look);
document.addEventListener("htmx:load", look);
look();

// The picture stands in the badge form now; its words are a suggestion.
document.addEventListener("design-kept", (event) => {
  const dialog = document.getElementById("designer-dialog");
  const form = dialog?.querySelector("form[data-designer]");
  if (form) store(form, null);
  dialog?.close();
  const words = document.getElementById("id_image_alt");
  if (words && (!words.value.trim() || words.dataset.suggested === words.value)) {
    words.value = event.detail.alt;
    words.dataset.suggested = event.detail.alt;
  }
  document.getElementById("badge-form")?.dispatchEvent(new Event("input", { bubbles: true }));
});
