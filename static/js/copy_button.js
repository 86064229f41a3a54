/**
 * `<button data-copy="id">`: copies the value (or text) of that element and says so for two seconds,
 * in its own words (`data-copied`, `data-press`) or those of components/messages.html.
 */

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  const words = { ...document.getElementById("messages")?.dataset, ...button.dataset };
  const before = button.dataset.copyBefore ?? label.textContent;
  button.dataset.copyBefore = before;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    label.textContent = words.copied;
  } catch {
    // No permission, or not a secure origin: select it, so that the keyboard can copy.
    source.focus();
    source.select?.();
    label.textContent = words.press;
  }
  setTimeout(() => { label.textContent = before; }, 2000);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".copy-field input[readonly]")) event.target.select();
});
