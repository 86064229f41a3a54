/**
 * `<form data-keep="badge">`: what is typed is kept in this browser, for this person and this address, until the form
 * was saved. When the page is opened again with other words than were kept, a quiet notice offers them. Before it is
 * sent, it is asked whether the server can be reached and the person is still signed in: if not, the form stays.
 *
 * Whoever signs out (`data-signs-out`) leaves nothing behind; a session that ended by itself forgets nothing. Never kept:
 * files, passwords, one-time codes, hidden fields. Whoever is not signed in has it
 * kept for this tab alone. Loaded by base_app.html and base_plain.html, and by the pages of refusals, because
 * the page that comes after sending says whether it was saved: a page of the workspace without the form, or anything
 * with `data-kept-done`. The words come from components/kept_words.html.
 */

const KEPT_FOR_MS = 14 * 24 * 60 * 60 * 1000;
const MARK_HOLDS_MS = 10 * 60 * 1000;
const ANSWER_WITHIN_MS = 8000;
const BEGINNING = "typed:";
const MARK = "typed-sent";
const person = document.body.dataset.person ?? "";

/** Somebody signs out: from now on nothing is kept on this page. */
let isLeaving = false;

/** Storage may be switched off, full or broken: then nothing is kept, and nothing else happens. */
function attempt(act) {
  try { return act(); } catch { return null; }
}

const store = attempt(() => (person ? localStorage : sessionStorage));
const keyOf = (form) => `${BEGINNING}${person}:${location.pathname}:${form.dataset.keep}`;
const recall = (key) => attempt(() => JSON.parse(store.getItem(key)));
const forget = (key) => attempt(() => store.removeItem(key));

function isKept(control) {
  if (!control.name || control.disabled) return false;
  if (/^(hidden|file|password|submit|button|image|reset)$/.test(control.type)) return false;
  return control.autocomplete !== "one-time-code" && !control.classList.contains("code");
}

/** What is in the form, or what the server had put into it: a list of [name, value, is ticked or null]. */
function read(form, asSent = false) {
  const found = [];
  for (const control of form.elements) {
    if (!isKept(control)) continue;
    if (control.type === "checkbox" || control.type === "radio") {
      found.push([control.name, control.value, asSent ? control.defaultChecked : control.checked]);
    } else if (control instanceof HTMLSelectElement) {
      const options = [...control.options];
      let chosen = options.filter((option) => (asSent ? option.defaultSelected : option.selected));
      if (asSent && !chosen.length && !control.multiple) chosen = options.slice(0, 1);
      found.push([control.name, chosen.map((option) => option.value).join("\n"), null]);
    } else {
      found.push([control.name, asSent ? control.defaultValue : control.value, null]);
    }
  }
  return found;
}

/** What counts when two are compared: neither the places of rows nor fields with nothing in them. */
function essence(values) {
  const said = values.filter(([name, value, ticked]) => !/-ORDER$/.test(name) && (ticked ?? value.replaceAll("\r\n", "\n").trim() !== ""));
  return JSON.stringify(said.map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]).sort());
}

function rowsOf(set) {
  return [...set.querySelectorAll("[data-formset-row]")].filter((row) => !row.hidden);
}

/** As many rows as were there, what was in them, without those that were taken out, in their order. */
function putBack(form, kept) {
  const sets = [...form.querySelectorAll("[data-formset]")];
  for (const set of sets) {
    const most = Math.max(-1, ...kept.values.map(([name]) => (name.startsWith(`${set.dataset.formset}-`) ? Number(/-(\d+)-/.exec(name.slice(set.dataset.formset.length))?.[1] ?? -1) : -1)));
    const total = set.querySelector('[name$="-TOTAL_FORMS"]');
    for (let tries = 0; total && Number(total.value) <= most && tries < 200; tries += 1) set.querySelector("[data-formset-add]")?.click();
  }
  const places = new Map();
  for (const [name, value, ticked] of kept.values) {
    const named = [...form.elements].filter((control) => control.name === name && isKept(control));
    const control = ticked === null ? named[0] : named.find((one) => one.value === value);
    if (!control) continue;
    if (/-ORDER$/.test(name)) places.set(control.closest("[data-formset-row]"), Number(value) || Infinity);
    else if (/-DELETE$/.test(name)) { if (ticked) control.closest("[data-formset-row]")?.querySelector("[data-formset-remove]")?.click(); }
    else if (ticked !== null) control.checked = ticked;
    else if (control instanceof HTMLSelectElement) { const chosen = value.split("\n"); for (const option of control.options) option.selected = chosen.includes(option.value); }
    else control.value = value;
  }
  for (const set of sets) {
    const rows = rowsOf(set).filter((row) => places.has(row));
    rows.sort((one, other) => places.get(one) - places.get(other)).forEach((row) => row.parentElement.append(row));
    set.dispatchEvent(new Event("change", { bubbles: true }));
    set.dispatchEvent(new CustomEvent("formset:changed", { bubbles: true }));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function words(name) {
  return document.querySelector("template[data-kept-words]")?.content.querySelector(`[data-kept="${name}"]`)?.cloneNode(true);
}

function timeOf(kept) {
  const at = new Date(kept.at);
  const language = document.documentElement.lang || "en";
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...day, hour: "2-digit", minute: "2-digit" }).format(at);
}

function offer(form, kept, key, forgetNow) {
  const notice = words("offer");
  if (!notice) return;
  notice.querySelector("time").textContent = timeOf(kept);
  notice.querySelector("time").dateTime = new Date(kept.at).toISOString();
  notice.querySelector("[data-put-back]").addEventListener("click", () => {
    putBack(form, kept);
    notice.remove();
    const first = [...form.elements].find((control) => isKept(control) && control.getClientRects().length);
    first?.focus();
  });
  notice.querySelector("[data-throw-away]").addEventListener("click", () => {
    forgetNow();
    notice.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  form.before(notice);
}

// --- Before it is sent -----------------------------------------------------------------------------------------------

/** Whether the server answers and knows the person: "yes", "unreachable" or "signed-out". */
async function isReachable() {
  if (navigator.onLine === false) return "unreachable";
  try {
    const answer = await fetch(location.href, { method: "HEAD", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return person && answer.type === "opaqueredirect" ? "signed-out" : "yes";
  } catch {
    return "unreachable";
  }
}

function say(form, name) {
  form.querySelector(".cannot-send")?.remove();
  const sentence = name && words(name);
  if (!sentence) return;
  const link = sentence.querySelector("a[data-sign-in]");
  if (link) link.href = `${link.getAttribute("href")}?next=${encodeURIComponent(location.pathname + location.search)}`;
  (form.querySelector(".form-actions") ?? form).append(sentence);
  sentence.scrollIntoView({ block: "nearest" });
}

function watch(form) {
  const key = keyOf(form);
  const sent = essence(read(form, true));
  let timer;

  const keep = () => {
    clearTimeout(timer);
    timer = undefined;
    if (isLeaving) return;
    const values = read(form);
    if (essence(values) === sent) forget(key);
    else attempt(() => store.setItem(key, JSON.stringify({ at: Date.now(), values })));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 250);
  };
  const now = () => { if (timer) keep(); };
  for (const name of ["input", "change", "formset:changed"]) form.addEventListener(name, soon);
  addEventListener("pagehide", now);
  document.addEventListener("visibilitychange", now);

  const kept = recall(key);
  const mark = attempt(() => JSON.parse(sessionStorage.getItem(MARK)));
  const wasJustSent = mark?.key === key && form.querySelector("#form-errors");
  if (kept?.values && !wasJustSent) {
    const essential = essence(kept.values);
    if (essential === sent) forget(key);
    else if (essential !== essence(read(form))) offer(form, kept, key, () => forget(key));
  }

  let checked = false;
  // In the capturing phase, before anybody else learns that the form is on its way.
  addEventListener("submit", async (event) => {
    if (event.target !== form) return;
    if (event.submitter?.matches("[hx-post], [hx-get]")) return;
    if (checked) {
      checked = false;
      keep();
      attempt(() => sessionStorage.setItem(MARK, JSON.stringify({ key, path: location.pathname, at: Date.now() })));
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    const button = event.submitter;
    form.dataset.asking = "yes";
    keep();
    say(form, "");
    const slow = setTimeout(() => button?.setAttribute("aria-busy", "true"), 150);
    const answer = await isReachable();
    clearTimeout(slow);
    button?.removeAttribute("aria-busy");
    delete form.dataset.asking;
    if (answer !== "yes") {
      say(form, answer);
      return;
    }
    checked = true;
    form.requestSubmit(button);
    checked = false;
  }, { capture: true });
}

// --- The page that comes after ---------------------------------------------------------------------------------------

/** What was sent is saved when a page of the workspace without the form comes right after it. */
function settle(forms) {
  const mark = attempt(() => JSON.parse(sessionStorage.getItem(MARK)));
  if (!mark) return;
  attempt(() => sessionStorage.removeItem(MARK));
  const cameFrom = attempt(() => new URL(document.referrer).pathname);
  const isSaved = document.body.matches(".app") || document.querySelector("[data-kept-done]");
  const isFresh = Date.now() - mark.at < MARK_HOLDS_MS;
  if (isSaved && isFresh && cameFrom === mark.path && !forms.some((form) => keyOf(form) === mark.key)) forget(mark.key);
}

function clearOld() {
  for (const key of attempt(() => Object.keys(store)) ?? []) {
    if (key.startsWith(BEGINNING) && !(recall(key)?.at > Date.now() - KEPT_FOR_MS)) forget(key);
  }
}

/** Whoever signs out leaves nothing behind for the next person at this computer: not here, and not in this tab. */
addEventListener("submit", (event) => { isLeaving = event.target.matches("form[data-signs-out]"); });
// Who answers “stay” to the browser's question goes on: nothing is forgotten before the page is really left.
addEventListener("input", () => { isLeaving = false; }, { capture: true });
addEventListener("pagehide", () => {
  if (!isLeaving) return;
  const theirs = (attempt(() => Object.keys(store)) ?? []).filter((key) => key.startsWith(`${BEGINNING}${person}:`));
  theirs.forEach(forget);
  attempt(() => sessionStorage.clear());
});

const forms = [...document.querySelectorAll("form[data-keep]")];
clearOld();
forms.forEach(watch);
settle(forms);
