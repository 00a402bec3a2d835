/* Runs before the page is drawn: says that JavaScript is here and applies the theme chosen in this browser. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.dataset.js = "";
  const stored = /(?:^|; )theme=(light|dark)(?:;|$)/.exec(document.cookie);
  if (stored) {
    root.dataset.theme = stored[1];
    root.dataset.bsTheme = stored[1];
  }
})();
