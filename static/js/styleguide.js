/** The style guide: marks the chapter that is being read, closes the drawer on phones, and says things as toasts. */

const links = new Map([...document.querySelectorAll(".side-nav a[href^='#']")].map((link) => [link.hash.slice(1), link]));
const chapters = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

function mark() {
  const line = innerHeight / 3;
  const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const current = atEnd ? chapters.at(-1) : chapters.findLast((chapter) => chapter.getBoundingClientRect().top <= line) ?? chapters[0];
  for (const [id, link] of links) {
    if (id === current?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

addEventListener("scroll", mark, { passive: true });
mark();

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".side-nav a")) document.getElementById("menu")?.hidePopover?.();
  const button = event.target.closest?.("[data-say]");
  if (button) document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.say, tone: button.dataset.tone } }));
});
