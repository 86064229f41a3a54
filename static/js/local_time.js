/**
 * `<time datetime="…" data-local>`: shows the moment in the reader's own time zone, with its name, as the page around
 * it writes days: in its language, which may not be the browser's, and the day before the month.
 */

const formats = {};

function formatOf(element) {
  const language = element.closest("[lang]")?.lang || "en";
  return (formats[language] ??= new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  }));
}

for (const time of document.querySelectorAll("time[data-local]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.getTime())) time.textContent = formatOf(time).format(moment);
}
