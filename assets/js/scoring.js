/* The assessor's desk: keys 0–4, the next indicator without a score, and honest words about what is saved.
   Each change goes to the server by htmx; without this file the sheet is a form with a button in every section. */

const desk = document.querySelector("form[data-desk]");
const NOT_SAVED =
  "ذخیره نشد؛ نوشته شما در همین مرورگر مانده است. پیوند شبکه را بررسی کنید و دوباره ذخیره کنید.";
const OPEN = "[data-indicator]";
const waiting = new Set();

const rows = () => [...desk.querySelectorAll(OPEN)];
const isScored = (row) => row.querySelector('input[type="radio"]:checked') !== null;

function goTo(row) {
  const target = row.querySelector("input:checked") ?? row.querySelector('input[type="radio"]');
  row.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}

function goToNext(after) {
  const all = rows();
  const start = after ? all.indexOf(after) + 1 : 0;
  const next = [...all.slice(start), ...all.slice(0, start)].find((row) => !isScored(row));
  if (next) goTo(next);
  else document.querySelector("#submit")?.scrollIntoView();
}

// the digit keys, whatever layout gives which digits
function digitOf(event) {
  const match = /^(?:Digit|Numpad)([0-4])$/.exec(event.code);
  return match && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey ? match[1] : null;
}

desk.addEventListener("keydown", (event) => {
  if (!event.target.matches('input[type="radio"]')) return;
  const row = event.target.closest(OPEN);
  if (event.key === "Enter") {
    event.preventDefault(); // Enter goes on, it does not send the sheet
    goToNext(row);
    return;
  }
  const digit = digitOf(event);
  const radio = digit === null ? null : row.querySelector(`input[type="radio"][value="${digit}"]`);
  if (!radio) return;
  event.preventDefault();
  radio.focus({ preventScroll: true });
  if (!radio.checked) radio.click();
});

document.querySelector("[data-next-unscored]")?.addEventListener("click", (event) => {
  event.preventDefault();
  goToNext(document.activeElement?.closest?.(OPEN));
});

// what the browser kept is not needed once the server has taken everything
function forgetDraft() {
  const user = document.body.dataset.user ?? "";
  try {
    if (waiting.size === 0) localStorage.removeItem(`portal-draft:${user}:${desk.dataset.draftKey}`);
  } catch {
    // a forbidden store keeps nothing anyway
  }
}

function say(row, sentence) {
  const line = row.querySelector(".saved");
  if (!line) return;
  line.classList.add("no-text");
  line.textContent = sentence;
}

desk.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches(OPEN)) waiting.add(event.target.dataset.indicator);
});
desk.addEventListener("htmx:afterRequest", (event) => {
  const row = event.target;
  if (!row.matches(OPEN)) return;
  if (event.detail.successful && !event.detail.xhr.getResponseHeader("HX-Redirect")) {
    waiting.delete(row.dataset.indicator);
    setTimeout(forgetDraft, 900); // after the draft's own delay
  } else if (!event.detail.xhr.status) {
    say(row, NOT_SAVED); // no connection
  }
});
// a refusal is a message in the page, not silence; any other answer than the row's own is no part of this page
desk.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400) return;
  event.detail.shouldSwap = xhr.getResponseHeader("HX-Retarget") !== null;
  const row = event.detail.requestConfig?.elt?.closest(OPEN);
  if (row) say(row, event.detail.shouldSwap ? "ذخیره نشد." : NOT_SAVED);
});
window.addEventListener("beforeunload", (event) => {
  if (waiting.size > 0 && desk.dataset.sent === undefined) event.preventDefault();
});
