/**
 * Puts a “Show” button on password fields that ask for it: who sees the word mistypes it less. Its words are the
 * field's `data-show` and `data-hide`; its names, which say of what, `data-show-password` and `data-hide-password`.
 */

for (const input of document.querySelectorAll('input[type="password"][data-show-password]')) {
  const wrap = document.createElement("div");
  wrap.className = "password-field";
  input.replaceWith(wrap);
  const button = document.createElement("button");
  button.type = "button";
  wrap.append(input, button);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-label", shown ? input.dataset.hidePassword : input.dataset.showPassword);
  };
  show(false);
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  // Sent hidden, so that browsers know it for a password and never keep it as plain text.
  input.form?.addEventListener("submit", () => show(false));
}
