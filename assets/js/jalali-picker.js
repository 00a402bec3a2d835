/* A month of the Jalali calendar behind a button of its own, beside a typed field marked data-jalali.
   The typed field stays the way in for everybody; the picker only writes into it. Keyboard as in the grid pattern:
   arrows move by day and week, Page Up and Page Down by month, Home and End within the week, Escape closes. */

const MONTHS = [
  "فروردین",
  "اردیبهشت",
  "خرداد",
  "تیر",
  "مرداد",
  "شهریور",
  "مهر",
  "آبان",
  "آذر",
  "دی",
  "بهمن",
  "اسفند",
];
const WEEKDAYS = [
  ["ش", "شنبه"],
  ["ی", "یکشنبه"],
  ["د", "دوشنبه"],
  ["س", "سه‌شنبه"],
  ["چ", "چهارشنبه"],
  ["پ", "پنجشنبه"],
  ["ج", "جمعه"],
];
const DAY = 86400000;
const parts = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  timeZone: "UTC",
});
const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tehran" });

const persian = (value) =>
  String(value).replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0x6c0));
const ascii = (text) =>
  text
    .replace(/[۰-۹]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x6c0))
    .replace(/[٠-٩]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x630));

function jalali(moment) {
  const found = Object.fromEntries(parts.formatToParts(moment).map((part) => [part.type, part.value]));
  return {
    year: parseInt(found.year ?? found.relatedYear, 10),
    month: Number(found.month),
    day: Number(found.day),
  };
}

/** The moment (UTC midnight) of a Jalali date: an estimate, set right by what the browser's own calendar says. */
function moment(year, month, day) {
  const before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  let guess = Date.UTC(year + 621, 2, 21) + (before + day - 1) * DAY;
  for (let turn = 0; turn < 4; turn += 1) {
    const seen = jalali(guess);
    const off = (year - seen.year) * 365 + (month - seen.month) * 30 + (day - seen.day);
    if (off === 0) break;
    guess += Math.sign(off) * DAY;
  }
  return guess;
}

function typed(text) {
  const found = /^\s*(\d{4})[\s/.\-]+(\d{1,2})[\s/.\-]+(\d{1,2})\s*$/.exec(ascii(text));
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  if (year < 1200 || year > 1600 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  return { year, month, day };
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

class Picker {
  constructor(field) {
    this.field = field;
    const name =
      document
        .querySelector(`label[for="${CSS.escape(field.id)}"]`)
        ?.textContent.replace("*", "")
        .trim() ?? "تاریخ";
    this.button = element(
      "button",
      {
        type: "button",
        class: "btn picker-button",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        "aria-label": `گزینش ${name} از تقویم`,
      },
      drawn("M4.5 6h15v14h-15zM4.5 10h15M8.5 3.5V7M15.5 3.5V7"),
    );
    this.dialog = element("div", {
      class: "picker",
      role: "dialog",
      "aria-label": `تقویم: ${name}`,
      hidden: "",
    });
    const holder = element("div", { class: "with-picker" });
    field.replaceWith(holder);
    holder.append(field, this.button, this.dialog);
    // Bootstrap shows a field's error only beside the field itself
    if (field.classList.contains("is-invalid")) holder.classList.add("is-invalid");
    this.button.addEventListener("click", () => (this.dialog.hidden ? this.open() : this.close()));
    holder.addEventListener("keydown", (event) => this.key(event));
    holder.addEventListener("focusout", (event) => {
      if (!this.dialog.hidden && event.relatedTarget && !holder.contains(event.relatedTarget))
        this.close(false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.dialog.hidden && !holder.contains(event.target)) this.close(false);
    });
  }

  open() {
    this.now = Date.parse(`${today.format(new Date())}T00:00:00Z`);
    const chosen = typed(this.field.value);
    this.chosen = chosen ? moment(chosen.year, chosen.month, chosen.day) : null;
    this.at = this.chosen ?? this.now;
    this.dialog.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.draw();
    this.focus();
  }

  close(back = true) {
    this.dialog.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  choose(day) {
    const { year, month, day: number } = jalali(day);
    this.field.value = persian(`${year}/${month}/${number}`);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.close(false);
    this.field.focus();
  }

  focus() {
    this.dialog.querySelector('td button[tabindex="0"]')?.focus();
  }

  month(step) {
    const here = jalali(this.at);
    const count = here.year * 12 + here.month - 1 + step;
    this.show(Math.floor(count / 12), (count % 12) + 1, here.day);
  }

  show(year, month, day) {
    const next = month === 12 ? moment(year + 1, 1, 1) : moment(year, month + 1, 1);
    const first = moment(year, month, 1);
    this.at = Math.min(first + (day - 1) * DAY, next - DAY);
    this.draw();
  }

  key(event) {
    if (this.dialog.hidden) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      return;
    }
    if (!event.target.closest("td")) return;
    const weekday = (new Date(this.at).getUTCDay() + 1) % 7;
    const moves = {
      ArrowRight: -1,
      ArrowLeft: 1,
      ArrowUp: -7,
      ArrowDown: 7,
      Home: -weekday,
      End: 6 - weekday,
    };
    if (event.key in moves) {
      this.at += moves[event.key] * DAY;
      this.draw();
    } else if (event.key === "PageUp") this.month(event.shiftKey ? -12 : -1);
    else if (event.key === "PageDown") this.month(event.shiftKey ? 12 : 1);
    else return;
    event.preventDefault();
    this.focus();
  }

  head({ year, month, day }) {
    const months = element("select", { class: "form-select", "aria-label": "ماه" });
    MONTHS.forEach((name, place) =>
      months.append(
        element("option", { value: place + 1, ...(place + 1 === month ? { selected: "" } : {}) }, name),
      ),
    );
    months.addEventListener("change", () => {
      this.show(year, Number(months.value), day);
      this.dialog.querySelector("select").focus();
    });
    const years = element("input", {
      class: "form-control",
      inputmode: "numeric",
      "aria-label": "سال",
      size: "4",
      value: persian(year),
    });
    years.addEventListener("change", (event) => {
      event.stopPropagation();
      const wanted = Number(ascii(years.value));
      if (wanted >= 1200 && wanted <= 1600) this.show(wanted, month, day);
      else years.value = persian(year);
    });
    const step = (label, path, by) => {
      const button = element("button", { type: "button", class: "round", "aria-label": label }, drawn(path));
      button.addEventListener("click", () => {
        this.month(by);
        this.dialog.querySelector(`[aria-label="${label}"]`).focus();
      });
      return button;
    };
    return element(
      "div",
      { class: "picker-head" },
      step("ماه پیش", "M9.5 6.5 15 12l-5.5 5.5", -1),
      months,
      years,
      step("ماه بعد", "M14.5 6.5 9 12l5.5 5.5", 1),
    );
  }

  grid({ year, month }) {
    const first = moment(year, month, 1);
    const next = month === 12 ? moment(year + 1, 1, 1) : moment(year, month + 1, 1);
    const row = element("tr");
    WEEKDAYS.forEach(([letter, name]) =>
      row.append(
        element(
          "th",
          { scope: "col" },
          element("abbr", { title: name, class: "text-decoration-none" }, letter),
        ),
      ),
    );
    const body = element("tbody");
    let line = element("tr");
    const lead = (new Date(first).getUTCDay() + 1) % 7;
    for (let blank = 0; blank < lead; blank += 1) line.append(element("td"));
    for (let day = first; day < next; day += DAY) {
      if (line.children.length === 7) {
        body.append(line);
        line = element("tr");
      }
      line.append(this.cell(day));
    }
    while (line.children.length < 7) line.append(element("td"));
    body.append(line);
    return element(
      "table",
      { "aria-label": `${MONTHS[month - 1]} ${persian(year)}` },
      element("thead", {}, row),
      body,
    );
  }

  cell(day) {
    const { year, month, day: number } = jalali(day);
    const button = element(
      "button",
      {
        type: "button",
        tabindex: day === this.at ? "0" : "-1",
        "aria-pressed": String(day === this.chosen),
        "aria-label": persian(`${number} ${MONTHS[month - 1]} ${year}`),
      },
      persian(number),
    );
    if (day === this.now) button.setAttribute("aria-current", "date");
    button.addEventListener("click", () => this.choose(day));
    return element("td", new Date(day).getUTCDay() === 5 ? { class: "friday" } : {}, button);
  }

  draw() {
    const here = jalali(this.at);
    const now = element("button", { type: "button", class: "btn quiet s" }, "امروز");
    now.addEventListener("click", () => this.choose(this.now));
    const close = element("button", { type: "button", class: "btn quiet s" }, "بستن");
    close.addEventListener("click", () => this.close());
    this.dialog.replaceChildren(
      this.head(here),
      this.grid(here),
      element("div", { class: "picker-foot" }, now, close),
    );
  }
}

function equip(scope) {
  for (const field of scope.querySelectorAll("input[data-jalali]:not([data-picker])")) {
    field.dataset.picker = "";
    new Picker(field);
  }
}

equip(document);
document.body.addEventListener("htmx:load", (event) => equip(event.target));
