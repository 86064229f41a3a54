/**
 * A form that is on its way shows so on its button and is not sent twice. Forms with HTMX, `data-again`
 * or `data-signs-out` (the browser may ask first, and be answered “stay”) are left alone.
 */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-get], [data-again], [data-signs-out]")) return;
  if (form.target && form.target !== "_self") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => button?.setAttribute("aria-busy", "true"));
});

// Coming back by the browser's Back button: the form may be sent again.
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
});
