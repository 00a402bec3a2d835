"""Chromium through Playwright: found, started without calling home, and watched for anything it complains of."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.support.servers import ROOT

QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Debian's Chromium, its lighter build without windows first, or what ``CHROMIUM`` names."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def running_browser(program: str) -> Iterator[Browser]:
    """One headless browser. While it runs Django must be told that a sleeping event loop is none of its business."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        arguments = QUIET if os.geteuid() == 0 else QUIET[1:]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
            else:
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


_shared = ExitStack()
_running: list[Browser] = []


def shared_browser(program: str) -> Browser:
    """The browser of this process; it serves the browser tests that follow one another (the plugin closes it)."""
    if not _running:
        _running.append(_shared.enter_context(running_browser(program)))
    return _running[0]


def close_shared_browser() -> None:
    _running.clear()
    _shared.close()


@dataclass
class Watch:
    """Collects console messages, page errors and failed requests; what a test expects is allowed beforehand."""

    origin: str
    problems: list[str] = field(default_factory=list)
    allowed: list[re.Pattern[str]] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Accept problems that match, e.g. ``"status of 403"`` where a refusal is what is tested."""
        self.allowed.append(re.compile(pattern))

    def follow(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.note(f"error: {error} ({page.url})"))
        page.on("requestfailed", self._failed)
        page.on("request", self._sent)

    def _said(self, message: ConsoleMessage) -> None:
        if not message.location["url"].endswith(
            "/favicon.ico"
        ):  # the browser's own wish where a page names none
            page = message.page.url if message.page else ""
            self.note(f"console {message.type}: {message.text} ({page})")

    def _failed(self, request: Any) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:  # leaving a page or a download aborts
            self.note(f"request failed: {request.method} {request.url} {request.failure}")

    def note(self, problem: str) -> None:
        self.problems.append(problem)

    def _sent(self, request: Request) -> None:
        """The site calls nobody. Noted only, for ``route`` would switch the cache off; no other host is found."""
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob", "about"} and f"{url.scheme}://{url.netloc}" != self.origin:
            self.note(f"request to another host: {request.url}")

    def unexpected(self) -> list[str]:
        return [line for line in self.problems if not any(pattern.search(line) for pattern in self.allowed)]


def sign_in(context: BrowserContext, url: str, user: Any) -> None:
    """Give the browser a session of ``user`` without going through the login form."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": url,
            }
        ]
    )


def axe_violations(page: Page, *, within: str | None = None) -> list[str]:
    """What axe-core finds wrong (WCAG 2.2 AA and best practice), one line each."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        raise AssertionError("axe-core is not installed: python -m staff_portal.kernel.assets --dev")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script.read_text())
    result = page.evaluate("(within) => axe.run(within || document, {resultTypes: ['violations']})", within)
    return [
        f"{found['id']} ({found['impact']}): {found['help']} — "
        + "; ".join(str(node["target"]) for node in found["nodes"])
        for found in result["violations"]
    ]
