// The colour of the organisation: a well and swatches beside the text field, which alone is sent.
const field = document.querySelector("#id_accent");
const well = document.querySelector("[data-accent-well]");
const whole = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

function choose(colour) {
  field.value = colour;
  if (colour) well.value = colour;
  document.body.dispatchEvent(new Event("accent"));
}

well?.addEventListener("input", () => choose(well.value));
for (const swatch of document.querySelectorAll("[data-accent]")) swatch.addEventListener("click", () => choose(swatch.dataset.accent));
field?.addEventListener("input", () => {
  const typed = field.value.trim();
  if (!whole.test(typed)) return;
  const digits = typed.replace("#", "");
  well.value = `#${digits.length === 3 ? [...digits].map((sign) => sign + sign).join("") : digits}`;
});
