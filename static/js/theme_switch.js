/** `<… data-theme-switch>` with radio buttons named `theme` (auto, light, dark): the page keeps to one of them, also the next time. */

const KEPT_AS = "styleguide:theme";
const places = document.querySelectorAll("[data-theme-switch]");

function wear(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

let theme = "auto";
try { theme = localStorage.getItem(KEPT_AS) ?? "auto"; } catch { /* Storage is switched off: nothing is kept. */ }
wear(theme);

for (const place of places) {
  const chosen = place.querySelector(`input[value="${theme}"]`);
  if (chosen) chosen.checked = true;
  place.addEventListener("change", (event) => {
    wear(event.target.value);
    try { localStorage.setItem(KEPT_AS, event.target.value); } catch { /* See above. */ }
  });
}
