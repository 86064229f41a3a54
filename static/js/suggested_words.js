/** `<button data-words-for="id">`: puts its own words into that field, ready to be changed. */

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-words-for]");
  const field = button && document.getElementById(button.dataset.wordsFor);
  if (!field) return;
  field.value = button.textContent.trim();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
