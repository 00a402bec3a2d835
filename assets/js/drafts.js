/* Nothing typed is lost. A form with data-draft-key is kept in this browser, for this user, until it has been taken.
   What was typed when the session ended waits under the same key; passwords, files and hidden fields are never kept.
   A form with data-guard but without a key asks before it is left with changes. */

const user = document.body.dataset.user ?? "";
const SENT = "portal-draft-sent";
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

const keyOf = (form) => `portal-draft:${user}:${form.dataset.draftKey}`;
const kept = (form) =>
  [...form.elements].filter(
    (field) => field.name && !NEVER.has(field.type) && field.dataset.noDraft === undefined,
  );

function valuesOf(form) {
  const values = {};
  for (const field of kept(form)) {
    const list = (values[field.name] ??= []);
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) list.push(field.value);
    } else if (field.type === "select-multiple") {
      list.push(...[...field.selectedOptions].map((option) => option.value));
    } else {
      list.push(field.value);
    }
  }
  return values;
}

function fill(form, values) {
  const taken = {};
  for (const field of kept(form)) {
    const list = values[field.name];
    if (!list) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = list.includes(field.value);
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = list.includes(option.value);
    } else {
      const place = (taken[field.name] ??= 0);
      taken[field.name] += 1;
      if (place < list.length) field.value = list[place];
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    return true;
  } catch {
    return false; // a full or forbidden store: the form works without drafts
  }
}

function notice(form, draft, original) {
  const box = document.createElement("div");
  box.className = "draft-note";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  const when = new Intl.DateTimeFormat("fa-IR-u-ca-persian", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "Asia/Tehran",
  });
  text.textContent = `نوشته‌های ثبت‌نشده شما (${when.format(draft.at)}) بازگردانده شد.`;
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "btn s";
  discard.textContent = "دور ریختن این نوشته‌ها";
  discard.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    fill(form, original);
    box.remove();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  box.append(text, discard);
  form.prepend(box);
}

function stateLine(form) {
  const line = document.createElement("span");
  line.className = "draft-state";
  form.querySelector(".form-actions, .actions")?.append(line);
  return line;
}

function keep(form) {
  const key = keyOf(form);
  const original = valuesOf(form);
  const draft = read(key);
  // a form that came back with errors already shows what was typed last
  const returned = document.querySelector(".error-summary") !== null;
  if (draft && !returned && JSON.stringify(draft.values) !== JSON.stringify(original)) {
    fill(form, draft.values);
    notice(form, draft, original);
  }
  const line = stateLine(form);
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    if (write(key, valuesOf(form))) line.textContent = "پیش‌نویس در همین مرورگر نگه داشته شد.";
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 350);
  });
  window.addEventListener("pagehide", () => timer && save());
  form.addEventListener("submit", () => {
    save();
    sessionStorage.setItem(SENT, key);
  });
}

function guard(form) {
  const before = JSON.stringify(valuesOf(form));
  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && JSON.stringify(valuesOf(form)) !== before) event.preventDefault();
  });
}

/** Whether this page says that the form before it was not taken: errors, a refusal, or a page without the user. */
function notTaken() {
  return (
    !user ||
    document.querySelector('.error-summary, .message.no, meta[name="portal-page"][content="refused"]') !==
      null
  );
}

const forms = [...document.querySelectorAll("form[data-draft-key]")];
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
if (sent && sent.startsWith(`portal-draft:${user}:`) && !notTaken()) localStorage.removeItem(sent);
if (user) forms.forEach(keep);
document.querySelectorAll("form[data-guard]:not([data-draft-key])").forEach(guard);
