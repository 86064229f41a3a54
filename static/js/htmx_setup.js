/** Says so when an HTMX request was refused or never arrived, instead of leaving the page silent. */

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "bad" } }));
}

// A part of a page that was asked for after the session ended answers with the page of signing in: not to be put in its place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = URL.parse?.(event.detail.xhr.responseURL)?.pathname ?? "";
  if (!answered.startsWith("/accounts/login") || location.pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  say("You were signed out. Load the page again to sign in; what you typed into a long form is kept.");
});

document.addEventListener("htmx:sendError", () => {
  say("The server could not be reached. Check your connection and try again.");
});

document.addEventListener("htmx:timeout", () => {
  say("The server did not answer in time. Please try again.");
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401 || status === 403) say("You are not allowed to do this, or you were signed out. Load the page again.");
  else if (status === 404) say("This is not there any more. Load the page again.");
  else if (status === 429) say("That was a little fast. Wait a moment and try again.");
  else say("Something went wrong on our side. Nothing was changed; please try again.");
});
