/**
 * Finding people by name while typing an address: a combobox (WAI-ARIA) over the list that HTMX fills.
 * Choosing fills the address and the name. Without JavaScript the address is typed in full.
 */

function connect(place) {
  const input = place.querySelector("input");
  const list = place.querySelector("[role=listbox]");
  const name = document.getElementById("id_name");
  let active = -1;
  let filledName = "";

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  // A name is being typed at first: the browser must neither refuse blanks nor offer its own list.
  input.type = "text";
  input.inputMode = "email";

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

  function choose(option) {
    input.value = option.dataset.email;
    // A name that somebody typed stays; one that came with another choice goes with it.
    if (name && (name.value === "" || name.value === filledName)) {
      name.value = option.dataset.name;
      filledName = option.dataset.name;
    }
    show(false);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show(false);

  list.addEventListener("htmx:afterSwap", () => {
    const exact = options().length === 1 && options()[0].dataset.email === input.value.trim().toLowerCase();
    show(options().length > 0 && document.activeElement === input && !exact);
  });

  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      const open = !list.hidden;
      show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(open && active >= 0 ? (active + step + count) % count : step > 0 ? 0 : count - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
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
  input.addEventListener("blur", () => show(false));
}

document.querySelectorAll("[data-people-search]").forEach(connect);
