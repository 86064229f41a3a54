/**
 * File inputs: shows what was chosen (a small picture, the name, the size) under the input, marks it while a file
 * is held over it, and says at once when the file is larger than `data-max-bytes`, in the words of
 * `data-too-large`.
 */

/** In the language of the page: 12 kB, 1,5 MB. */
function readableSize(bytes) {
  const [unit, size] = bytes < 1024 ? ["byte", bytes] : bytes < 1024 * 1024 ? ["kilobyte", Math.round(bytes / 1024)] : ["megabyte", bytes / 1024 / 1024];
  const written = { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, written).format(size);
}

function placeFor(input) {
  let place = input.parentElement.querySelector(":scope > .file-preview");
  if (!place) {
    place = document.createElement("output");
    place.className = "file-preview";
    input.after(place);
  }
  return place;
}

function show(input) {
  const place = placeFor(input);
  place.replaceChildren();
  input.setCustomValidity("");
  const files = [...(input.files ?? [])];
  for (const file of files) {
    const most = Number(input.dataset.maxBytes);
    if (file.type.startsWith("image/") && !(most && file.size > most)) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.width = 64;
      picture.height = 64;
      picture.addEventListener("error", () => picture.remove());
      // A data URL: the content security policy allows no blob: pictures.
      const reader = new FileReader();
      reader.addEventListener("load", () => { picture.src = reader.result; });
      reader.readAsDataURL(file);
      place.append(picture);
    }
    const words = document.createElement("span");
    words.textContent = `${file.name}, ${readableSize(file.size)}`;
    place.append(words);
    if (most && file.size > most) {
      input.setCustomValidity(input.dataset.tooLarge);
      input.reportValidity();
    }
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.('input[type="file"]')) show(event.target);
});
for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    if (event.target.matches?.('input[type="file"]')) event.target.classList.toggle("is-over", over);
  });
}
