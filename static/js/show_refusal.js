/** Shows what the server says when it is asked too often (429) in its place in the page, instead of a toast. */

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 429) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
