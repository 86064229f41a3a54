/** Puts a “Show” button on password fields that ask for it (`data-show-password`): who sees the word mistypes it less. */

for (const input of document.querySelectorAll('input[type="password"][data-show-password]')) {
  const wrap = document.createElement("div");
  wrap.className = "password-field";
  input.replaceWith(wrap);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show";
  button.setAttribute("aria-label", "Show the password");
  button.setAttribute("aria-pressed", "false");
  wrap.append(input, button);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  // Sent hidden, so that browsers know it for a password and never keep it as plain text.
  input.form?.addEventListener("submit", () => show(false));
}
