/**
 * Messages at the foot of the page. `data-toast="leave"` goes by itself after a while, but never while it is
 * pointed at or focused; `data-toast="stay"` (errors, anything with Undo) waits to be closed.
 *
 * Other modules say something with:
 *   document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone } }))
 */

const STAY_FOR_MS = 7000;
const region = document.getElementById("messages");

function dismiss(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 160);
}

function arm(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "yes";
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => dismiss(toast));
  if (toast.dataset.toast !== "leave") return;
  let timer;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(toast), STAY_FOR_MS);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

function make({ text, tone = "neutral" }) {
  const toast = document.createElement("div");
  toast.className = `toast ${tone}`;
  toast.dataset.toast = tone === "bad" || tone === "warn" ? "stay" : "leave";
  const words = document.createElement("div");
  words.className = "toast-text";
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "button plain small";
  close.type = "button";
  close.dataset.toastClose = "";
  close.textContent = region.dataset.close;
  toast.append(words, close);
  return toast;
}

if (region) {
  region.querySelectorAll("[data-toast]").forEach(arm);
  new MutationObserver(() => region.querySelectorAll("[data-toast]").forEach(arm)).observe(region, { childList: true });
  document.addEventListener("toast", (event) => {
    // The same sentence twice (a poll that fails again and again) is said once.
    const said = [...region.querySelectorAll(".toast-text")].some((words) => words.textContent === event.detail.text);
    if (!said) region.append(make(event.detail));
  });
}
