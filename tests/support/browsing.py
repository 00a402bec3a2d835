"""Chromium through Playwright: found, started without calling home, and watched for anything it complains of."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

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
]


def chromium() -> str | None:
    """Debian's Chromium, or what ``CHROMIUM`` names."""
    named = os.environ.get("CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


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
        page.on("console", lambda message: self.note(f"console {message.type}: {message.text} ({page.url})"))
        page.on("pageerror", lambda error: self.note(f"error: {error} ({page.url})"))
        page.on("requestfailed", self._failed)

    def _failed(self, request: Any) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:  # leaving a page or a download aborts
            self.note(f"request failed: {request.method} {request.url} {request.failure}")

    def note(self, problem: str) -> None:
        self.problems.append(problem)

    def stay_here(self, route: Route) -> None:
        """Let requests to the site pass and note every other one: the site calls nobody."""
        url = urlsplit(route.request.url)
        if url.scheme in {"data", "blob", "about"} or f"{url.scheme}://{url.netloc}" == self.origin:
            route.continue_()
        else:
            self.note(f"request to another host: {route.request.url}")
            route.abort()

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
    page.evaluate(Path(script).read_text())
    result = page.evaluate("(within) => axe.run(within || document)", within)
    return [
        f"{found['id']} ({found['impact']}): {found['help']} — "
        + "; ".join(str(node["target"]) for node in found["nodes"])
        for found in result["violations"]
    ]
