/**
 * `<button id="…" data-passkey="add|authenticate">` in a form with a hidden `credential`: asks the passkey and sends its
 * answer, by allauth's `webauthn.js`, which must stand before; the question is in `#js_data`. What allauth only writes
 * to the console is said in the page.
 */

const FORMS = { add: "addForm", authenticate: "authenticateForm" };

for (const button of document.querySelectorAll("[data-passkey]")) {
  const { credential, passwordless } = button.form.elements;
  const act = button.dataset.passkey;
  window.allauth.webauthn.forms[FORMS[act]]({
    ids: { [act]: button.id, credential: credential.id, passwordless: passwordless?.id, data: "js_data" },
  });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const name = event.detail.exception?.name;
  const words = document.getElementById("passkey-words").dataset;
  let text = words.failed;
  if (name === "NotAllowedError" || name === "AbortError") text = words.cancelled;
  if (name === "InvalidStateError") text = words.known;
  if (name === "SecurityError" || name === "NotSupportedError" || !window.PublicKeyCredential) text = words.missing;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warn" } }));
});
