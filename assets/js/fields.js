/* While typing: Arabic letters and digits become Persian ones, one for one, so that the caret stays where it is.
   data-thousands groups an amount when the field is left. The server normalises again; this only shows it early. */

const TURNED = {
  ي: "ی",
  ى: "ی",
  ك: "ک",
  "٠": "۰",
  "١": "۱",
  "٢": "۲",
  "٣": "۳",
  "٤": "۴",
  "٥": "۵",
  "٦": "۶",
  "٧": "۷",
  "٨": "۸",
  "٩": "۹",
};
const FOREIGN = /[يىك٠-٩]/g;
const ASCII = /[0-9]/g;
const WRITTEN = 'input:not([type]), input[type="text"], input[type="search"], input[type="tel"], textarea';

const persian = (digit) => String.fromCharCode(digit.charCodeAt(0) + 0x6c0);

function turn(field) {
  let text = field.value.replace(FOREIGN, (letter) => TURNED[letter]);
  if (field.inputMode === "numeric" || field.inputMode === "decimal") text = text.replace(ASCII, persian);
  if (text === field.value) return;
  const [start, end] = [field.selectionStart, field.selectionEnd];
  field.value = text;
  if (document.activeElement === field) field.setSelectionRange(start, end);
}

function group(field) {
  const bare = field.value.replace(/[٬,\s]/g, "");
  if (/^[۰-۹]+$/.test(bare)) field.value = bare.replace(/\B(?=([۰-۹]{3})+$)/g, "٬");
}

document.addEventListener("input", (event) => {
  if (event.target.matches(WRITTEN) && !event.isComposing && event.target.dataset.asTyped === undefined)
    turn(event.target);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-thousands]")) group(event.target);
});

/* A file field speaks the browser's language; here it gets a Persian button and says what was chosen. The field itself
   stays where it is, so that it takes keyboard, drop and screen reader as before. */
function dress(field) {
  field.dataset.dressed = "";
  const holder = document.createElement("span");
  holder.className = "picked";
  const button = document.createElement("span");
  button.className = "btn";
  button.textContent = field.multiple ? "گزینش فایل‌ها…" : "گزینش فایل…";
  const name = document.createElement("span");
  name.className = "picked-name soft small";
  button.setAttribute("aria-hidden", "true");
  name.setAttribute("aria-hidden", "true");
  field.replaceWith(holder);
  holder.append(button, name, field);
  const show = () => {
    const names = [...field.files].map((file) => file.name);
    name.textContent = names.length ? names.join("، ") : "یا فایل را این‌جا رها کنید";
    holder.classList.toggle("has-file", names.length > 0);
  };
  field.addEventListener("change", show);
  show();
}

function dressAll(scope) {
  scope.querySelectorAll('input[type="file"]:not([data-dressed])').forEach(dress);
}

dressAll(document);
document.body.addEventListener("htmx:load", (event) => dressAll(event.target));
