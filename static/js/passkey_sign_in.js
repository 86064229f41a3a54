/**
 * Signs in with a passkey: by the button, or by picking one that the browser offers in the address field
 * (`autocomplete="username webauthn"`). Expects allauth's `webauthn-json.js` before it.
 */

const form = document.getElementById("passkey-sign-in");
const offered = typeof window.PublicKeyCredential === "function" && window.webauthnJSON;
// One question at a time: browsers refuse a second one while the first waits.
let waiting = new AbortController();

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warn" } }));
}

async function ask(mediation) {
  waiting.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  const response = await fetch(form.action, { headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const { request_options: options } = await response.json();
  const credential = await window.webauthnJSON.get({ ...options, signal, ...(mediation ? { mediation } : {}) });
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

async function suggest() {
  if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  // Nobody asked for it: whatever goes wrong here, the page says nothing.
  await ask("conditional").catch(() => {});
}

if (form && !offered) form.hidden = true;
if (form && offered) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await ask();
    } catch (error) {
      if (error.name === "NotAllowedError" || error.name === "AbortError") say(form.dataset.cancelled);
      else say(form.dataset.failed);
      suggest();
    }
  });
  suggest();
}
