/**
 * Picking a skill of a framework while typing: a combobox (WAI-ARIA) in each alignment row of the badge form.
 * Picking fills the five fields, remembers the competency, and offers the framework's levels. Without JavaScript the
 * fields stand open and are written.
 */

const WAIT = 160;

function connect(row) {
  if (row.dataset.connected) return;
  row.dataset.connected = "yes";
  const place = row.querySelector("[data-competency-search]");
  const input = place.querySelector("input");
  const list = place.querySelector("[role=listbox]");
  const status = place.querySelector("[data-competency-status]");
  const picked = row.querySelector("[data-competency-picked]");
  const words = row.querySelector("[data-competency-words]");
  const levels = row.querySelector("[data-competency-level]");
  const field = (name) => row.querySelector(`[name$="-${name}"]`);
  let active = -1;
  let timer = 0;
  let asked = null;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);

  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  }

  function mark(index) {
    active = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  async function search() {
    const typed = input.value.trim();
    asked?.abort();
    if (!typed) {
      list.replaceChildren();
      show(false);
      status.textContent = "";
      return;
    }
    asked = new AbortController();
    try {
      const query = new URLSearchParams({ q: typed, row: list.id });
      const answer = await fetch(`${list.dataset.url}?${query}`, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (answer.redirected || !answer.ok) {
        // As HTMX would: a redirect leads to the page of signing in.
        const xhr = { status: answer.redirected ? 401 : answer.status };
        document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr } }));
        return;
      }
      list.innerHTML = await answer.text();
    } catch (problem) {
      if (problem.name !== "AbortError") document.dispatchEvent(new CustomEvent("htmx:sendError"));
      return;
    }
    mark(-1);
    const count = options().length;
    status.textContent = count ? `${count} ${status.dataset.some}` : status.dataset.none;
    place.classList.toggle("none-found", count === 0);
    show(count > 0 && document.activeElement === input);
  }

  function offerLevels(said) {
    const select = field("level");
    const pairs = said.split("\n").filter((line) => line.trim()).map((line) => line.split("\t"));
    select.replaceChildren(new Option(levels.dataset.any, ""), ...pairs.map(([number, name]) => new Option(`${number} ${name}`, number)));
    levels.hidden = pairs.length === 0;
  }

  function show_picked(isPicked) {
    picked.hidden = !isPicked;
    row.querySelector("[data-when-none]").hidden = isPicked;
    row.querySelector("[data-when-picked]").hidden = !isPicked;
  }

  function choose(option) {
    const said = option.dataset;
    field("competency").value = said.id;
    field("target_name").value = said.name;
    field("target_url").value = said.url;
    field("target_code").value = said.code;
    field("target_framework").value = said.framework;
    field("target_description").value = said.description;
    row.querySelector("[data-picked-name]").textContent = said.name;
    row.querySelector("[data-picked-from]").textContent = `${said.framework} ${said.code}`;
    row.querySelector("[data-competency-retired]")?.remove();
    offerLevels(said.levels);
    show_picked(true);
    words.open = false;
    input.value = "";
    list.replaceChildren();
    show(false);
    status.textContent = `${status.dataset.took} ${said.name}`;
    // Errors of the fields belong to what they said before.
    row.querySelectorAll(".field.has-errors").forEach((one) => {
      one.classList.remove("has-errors");
      one.querySelectorAll(".field-errors").forEach((sentence) => sentence.remove());
    });
    row.dispatchEvent(new CustomEvent("formset:changed", { bubbles: true }));
    field("competency").dispatchEvent(new Event("change", { bubbles: true }));
  }

  show(false);

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // what is searched is not what the badge says
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  });
  input.addEventListener("change", (event) => event.stopPropagation());

  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      const open = !list.hidden;
      show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(open && active >= 0 ? (active + step + count) % count : step > 0 ? 0 : count - 1);
    } else if (event.key === "Enter") {
      // Enter in a search must never send the whole form.
      event.preventDefault();
      if (!list.hidden && active >= 0) choose(options()[active]);
      else if (!list.hidden && count === 1) choose(options()[0]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });

  // The list must not take the focus from the field, or the field would close it before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  input.addEventListener("focus", () => show(options().length > 0));
  input.addEventListener("blur", () => show(false));
}

const rows = (within) => within.querySelectorAll?.("[data-formset-rows] [data-competency-row]") ?? [];

rows(document).forEach(connect);
document.addEventListener("formset:changed", () => rows(document).forEach(connect));
