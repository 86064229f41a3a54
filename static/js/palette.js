/**
 * The command palette: Ctrl+K, ⌘K or a [data-palette] opens it. A combobox (WAI-ARIA) over the list that HTMX
 * fills from the search page; the focus stays in the field. Without JavaScript the openers are links to that page.
 */

const dialog = document.getElementById("palette");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const KEPT = 8;
const SHOWN = 5;

if (dialog) connect(dialog);

document.querySelectorAll("[data-palette-modifier]").forEach((key) => {
  if (isMac) key.textContent = "⌘";
});

function connect(dialog) {
  const input = dialog.querySelector(".palette-input");
  const results = dialog.querySelector(".palette-results");
  const said = dialog.querySelector("#palette-said");
  const storage = `recent:${dialog.dataset.person}:${dialog.dataset.organisation}`;
  let active = null;
  let opens = null; // how Enter was pressed before the answer to what was typed had come

  const options = () => [...results.querySelectorAll("[role=option]:not([aria-disabled])")];
  const plain = (text) => text.trim().replace(/\s+/g, " ").slice(0, 200);
  const typed = () => plain(input.value);
  const answered = () => results.firstElementChild?.dataset.typed;

  function open() {
    if (document.querySelector("dialog[open]")) return;
    opens = null;
    input.value = "";
    dialog.showModal();
    input.focus();
    input.dispatchEvent(new CustomEvent("palette:open"));
  }

  function mark(option, { scroll = true } = {}) {
    active?.setAttribute("aria-selected", "false");
    active = option ?? null;
    if (!active) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    active.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", active.id);
    // The first one brings its heading along.
    if (scroll && active === options()[0]) results.scrollTop = 0;
    else if (scroll) active.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(active);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    // One by one the list is a ring; leaps stop at its ends.
    mark(all[Math.abs(step) === 1 ? (next + all.length) % all.length : Math.min(Math.max(next, 0), all.length - 1)]);
  }

  function go(option, inNewTab) {
    if (!option) return;
    if (inNewTab) {
      window.open(option.href, "_blank", "noopener");
      return;
    }
    dialog.close();
    window.location.assign(option.href);
  }

  function showRecent() {
    const places = read(storage).filter((place) => place.url !== window.location.pathname).slice(0, SHOWN);
    if (!places.length) return;
    const group = document.getElementById("palette-recent").content.firstElementChild.cloneNode(true);
    places.forEach((place, number) => {
      const option = document.getElementById("palette-recent-option").content.firstElementChild.cloneNode(true);
      option.id = `palette-recent-${number}`;
      option.href = place.url;
      option.querySelector(".hit-title").textContent = place.title;
      option.querySelector(".hit-line").textContent = place.line;
      group.append(option);
    });
    const acts = results.querySelector("[data-kind=acts]");
    if (acts) acts.after(group);
    else results.firstElementChild?.prepend(group);
  }

  // An answer to what no longer stands in the field is not shown at all: the next one is on its way.
  results.addEventListener("htmx:beforeSwap", (event) => {
    if (plain(String(event.detail.requestConfig.parameters.q ?? "")) !== typed()) event.detail.shouldSwap = false;
  });

  results.addEventListener("htmx:afterSwap", () => {
    active = null;
    if (answered() === "") showRecent();
    mark(options()[0]);
    said.textContent = results.firstElementChild?.dataset.said ?? "";
    if (opens && answered() === typed()) {
      go(active, opens === "tab");
      opens = null;
    }
  });

  input.addEventListener("input", () => {
    opens = null;
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 7, PageUp: -7 };
    if (event.key in steps) {
      event.preventDefault();
      move(steps[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const inNewTab = event.ctrlKey || event.metaKey;
      if (answered() === typed()) go(active, inNewTab);
      else opens = inNewTab ? "tab" : "here";
    }
  });

  // The field keeps the focus, so that one can go on typing.
  results.addEventListener("pointerdown", (event) => event.preventDefault());
  results.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]:not([aria-disabled])");
    if (option && option !== active) mark(option, { scroll: false });
  });
  results.addEventListener("click", (event) => {
    if (event.target.closest("[role=option]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-palette]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("keydown", (event) => {
    const isCommand = event.key.toLowerCase() === "k" && (isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey;
    if (!isCommand) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });

  // A page that comes back out of the browser's memory comes back without the palette.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && dialog.open) dialog.close();
  });

  remember(storage);
}

function read(storage) {
  try {
    const places = JSON.parse(sessionStorage.getItem(storage) ?? "[]");
    return Array.isArray(places) ? places : [];
  } catch {
    return [];
  }
}

/** Keeps this page among the recent ones, for as long as the tab is open, and forgets those of other people. */
function remember(storage) {
  const title = document.querySelector(".work h1")?.textContent.trim().replace(/\s+/g, " ").slice(0, 80);
  const url = window.location.pathname;
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith("recent:") && key !== storage).forEach((key) => sessionStorage.removeItem(key));
    if (!title || !url.startsWith("/o/") || url.endsWith("/search/")) return;
    const crumbs = [...document.querySelectorAll(".crumbs a")].map((crumb) => crumb.textContent.trim()).join(" / ");
    const others = read(storage).filter((place) => place.url !== url && place.title !== title);
    sessionStorage.setItem(storage, JSON.stringify([{ title, url, line: crumbs.slice(0, 80) }, ...others].slice(0, KEPT)));
  } catch {
    // A browser that keeps nothing has no recent places.
  }
}
