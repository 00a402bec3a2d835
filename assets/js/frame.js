/* The frame: theme, menus that close, Ctrl+K, printing, and focus on the summary of errors. */

const root = document.documentElement;

function chosenTheme() {
  return root.dataset.theme ?? "system";
}

function showTheme() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosenTheme()));
  }
}

function chooseTheme(choice) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  if (choice === "system") {
    delete root.dataset.theme;
    delete root.dataset.bsTheme;
    document.cookie = `theme=; Max-Age=0; Path=/; SameSite=Lax${secure}`;
  } else {
    root.dataset.theme = choice;
    root.dataset.bsTheme = choice;
    document.cookie = `theme=${choice}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`;
  }
  showTheme();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  if (event.target.closest("[data-print]")) window.print();
  closeMenus(event.target.closest("details[data-menu]"));
  // the dimmed page beside the open drawer belongs to the <details> itself
  if (event.target.matches("details.drawer[open]")) event.target.open = false;
});

const moved = new WeakMap();

// a menu that would run past the edge of the page moves back into it
document.addEventListener(
  "toggle",
  (event) => {
    const list =
      event.target.matches?.("details[data-menu][open]") && event.target.querySelector(":scope > .menu-list");
    if (!list || event.target.matches(".drawer")) return;
    moved.get(list)?.cancel();
    const { left, right } = list.getBoundingClientRect();
    const shift = Math.max(8 - left, 0) || Math.min(document.documentElement.clientWidth - 8 - right, 0);
    // an animation that stays at its end: the page's policy allows no style of an element's own
    const translate = [`${shift}px`, `${shift}px`];
    if (shift) moved.set(list, list.animate({ translate }, { duration: 0, fill: "forwards" }));
  },
  true,
);

document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".top-search")) document.getElementById("top-suggestions")?.replaceChildren();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.getElementById("top-suggestions")?.replaceChildren();
    const open = document.querySelector("details[data-menu][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus({ preventScroll: true });
    }
    // reasons that only pointing or focus shows can be put away as well, without moving either
    for (const step of document.querySelectorAll(".greyed:hover, .greyed:has(> summary:focus)"))
      step.dataset.dismissed = "";
  }
  // the physical key, for on a Persian keyboard K types another letter
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

for (const leaving of ["focusout", "mouseout"]) {
  document.addEventListener(leaving, (event) => {
    const step = event.target.closest(".greyed");
    if (step && !step.contains(event.relatedTarget)) delete step.dataset.dismissed;
  });
}

document.addEventListener("focusin", (event) =>
  closeMenus(event.target.closest("details[data-menu]") ?? undefined),
);

showTheme();
document.querySelector("[data-focus-first]")?.focus();
