/**
 * Says so when an HTMX request was refused or never arrived, instead of leaving the page silent (the words are in
 * components/messages.html), and keeps the place of whoever goes on by the keyboard.
 */

function say(what) {
  const text = document.getElementById("messages")?.dataset[what];
  if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "bad" } }));
}

// A part of a page that was asked for after the session ended answers with the page of signing in: not to be put in its place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = URL.parse?.(event.detail.xhr.responseURL)?.pathname ?? "";
  if (!answered.startsWith("/accounts/login") || location.pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  say("signedOut");
});

document.addEventListener("htmx:sendError", () => say("unreachable"));

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401 || status === 403) say("refused");
  else if (status === 404) say("gone");
  else if (status === 429) say("tooFast");
  else say("broken");
});

// What was pressed went with the swap (a page's number, “Show these”): one goes on at the beginning of what came.
document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (document.activeElement !== document.body || !detail.requestConfig?.elt.closest?.(".pagination, .menu-form")) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
});
