/* A form sent twice by an impatient hand is sent once. The server refuses the second one as well; this spares the wait. */

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-busy]")) {
    button.disabled = false;
    delete button.dataset.busy;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  const button = event.submitter;
  // disabled only after the browser has taken the button's own name and value along
  if (button)
    setTimeout(() => {
      button.dataset.busy = "";
      button.disabled = true;
    });
});

// coming back by the browser's own button shows the page as it was left
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});
