/**
 * `<a href="/page/" data-dialog="id">` or `<button data-dialog="id">` opens `<dialog id="id">`.
 * Where there is no JavaScript, a link leads to its page, or (`href="#id"`) shows the dialog. Escape, the ground behind the dialog and
 * `[data-dialog-close]` close it.
 */

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest?.("[data-dialog-close]")) {
    event.preventDefault();
    event.target.closest("dialog")?.close();
    return;
  }
  // A click on the backdrop lands on the dialog itself, outside of its box.
  if (event.target instanceof HTMLDialogElement && event.target.classList.contains("modal")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail > 0) event.target.close();
  }
});
