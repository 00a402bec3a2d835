"""The pytest plugin of this project (``-p tests.support.plugin``): environment first, then servers when needed."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings as hypothesis_settings

from tests.support import environ, servers

FOLDER = environ.set_up()
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis_settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

FORBIDDEN = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}
_running: servers.RunningServers | None = None
skipped_browser_tests: set[str] = set()


def at_hand() -> servers.TestServers:
    """The servers of this run; a process without workers starts them when the first test needs them."""
    global _running
    known = servers.inherited()
    if known is None:
        if os.environ.get("KEEP_TEST_SERVER") == "1":
            known = servers.join_kept()
        else:
            _running, known = servers.start_own()
        os.environ[environ.INHERITED] = servers.as_json(known)
    return known


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if not is_worker(config):
        os.environ.pop(environ.INHERITED, None)
        if getattr(config.option, "dist", "no") != "no" and not config.option.collectonly:
            at_hand()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    global _running
    if _running is not None:
        _running.stop()
        _running = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests come first: those in a browser, side by side so that one Chromium serves them.

    Nothing may flush: tables are guarded against TRUNCATE and hold data laid by migrations.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = FORBIDDEN & set(getattr(item, "fixturenames", ()))
        if flushes or (marker and (marker.kwargs.get("transaction") or marker.args)):
            raise pytest.UsageError(f"{item.nodeid} would flush the database: use the committed_db fixture")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """The browser stays up while the next test wants it; its event loop is none of the other tests' business."""
    yield
    if "browser" in getattr(item, "fixturenames", ()) and "browser" not in getattr(
        nextitem, "fixturenames", ()
    ):
        from django.db import connections

        from tests.support.browsing import close_shared_browser

        close_shared_browser()
        # While its loop ran, Django kept another connection for this thread; the one from before it may stand on a
        # database that is gone by now.
        connections.close_all()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and "no Chromium" in str(report.longrepr):
        skipped_browser_tests.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped_browser_tests:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped_browser_tests)} browser tests did not run: no Chromium was found (apt install chromium)."
        )
