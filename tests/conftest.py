"""Fixtures every test may use. Each says what it costs; ``tests/support`` has what they are made of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import time_machine

from tests.support import committed, plugin
from tests.support.committed import CommittedDatabase
from tests.support.processes import WorkerProcess
from tests.support.servers import OWNER, TestServers


@pytest.fixture(scope="session")
def test_servers() -> TestServers:
    """PostgreSQL and Valkey of this run."""
    return plugin.at_hand()


@pytest.fixture(scope="session")
def broker_number(test_servers: TestServers) -> Iterator[int]:
    """The broker database of this process; Celery and the settings are pointed at it."""
    from django.conf import settings

    from staff_portal.celery import app

    number = test_servers.lease_broker()
    url = test_servers.broker_url(number)
    settings.CELERY_BROKER_URL = url
    app.conf.update(broker_url=url, broker_read_url=url, broker_write_url=url)
    yield number
    app.pool.force_close_all()
    test_servers.release_broker(number)


@pytest.fixture(scope="session")
def django_db_setup(
    test_servers: TestServers, broker_number: int, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """pytest-django's hook: this process's own copy of the migrated database, used with rollback."""
    name = test_servers.new_database("worker")
    with django_db_blocker.unblock(), committed.pointed_at(test_servers, name):
        yield
    test_servers.drop_database(name)


@pytest.fixture
def committed_source() -> str | None:
    """What ``committed_db`` is a copy of; a folder may name a database in which its world stands already."""
    return None


@pytest.fixture
def committed_db(
    test_servers: TestServers,
    django_db_setup: None,
    broker_number: int,
    django_db_blocker: Any,
    committed_source: str | None,
) -> Iterator[CommittedDatabase]:
    """A database of this test's own, where commits are commits (0.2 s); never together with ``db``."""
    name = test_servers.new_database("committed", source=committed_source)
    test_servers.flush_broker(broker_number)
    with django_db_blocker.unblock(), committed.pointed_at(test_servers, name):
        yield committed.handle(test_servers, name, broker_number)
    test_servers.drop_database(name)


def _current_url(servers: TestServers, role: str) -> str:
    from django.db import connection

    return servers.url(role, connection.settings_dict["NAME"])


@pytest.fixture
def owner_connection(request: pytest.FixtureRequest, test_servers: TestServers) -> Iterator[Any]:
    """A connection of the tables' owner, in autocommit, to the test's database.

    It is another session: what a ``db`` test has not committed it cannot see, so use it with ``committed_db``.
    """
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "django_db_setup")
    connection = psycopg2.connect(_current_url(test_servers, OWNER))
    connection.autocommit = True
    yield connection
    connection.close()


@pytest.fixture
def owner_cursor(owner_connection: Any) -> Iterator[Any]:
    """A cursor of ``owner_connection``."""
    with owner_connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def raw_sql() -> Callable[..., list[tuple[Any, ...]]]:
    """``raw_sql(statement, parameters)`` as the application's role, on Django's own connection, in a savepoint."""

    def run(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    return run


@pytest.fixture
def no_n_plus_one() -> Callable[[], AbstractContextManager[None]]:
    """``with no_n_plus_one(): …`` fails when the same relation is fetched row by row."""
    import zeal

    @contextmanager
    def watch() -> Iterator[None]:
        with zeal.zeal_context():
            yield

    return watch


@pytest.fixture
def celery_worker_process(committed_db: CommittedDatabase, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A real worker on ``committed_db`` and its broker (3 s); ``kill``, ``stop``, ``start`` as the test likes."""
    worker = WorkerProcess(committed_db, tmp_path / "worker.log").start()
    yield worker
    worker.kill()


@pytest.fixture
def live_site(committed_db: CommittedDatabase, settings: Any) -> Iterator[str]:
    """The site on a socket, on ``committed_db``; the value is its address without a slash at the end."""
    from tests.support.site import served

    with served() as url:
        settings.SITE_URL = url
        yield url


@pytest.fixture
def browser() -> Any:
    """Chromium, one for this process; skipped loudly without one, a failure where ``REQUIRE_BROWSER=1``."""
    from tests.support.browsing import chromium, shared_browser

    if (program := chromium()) is None:
        reason = "no Chromium was found (apt install chromium)"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return shared_browser(program)


@pytest.fixture
def browser_watch(live_site: str) -> Iterator[Any]:
    """Everything the browser complained of; the test fails on what it did not ``allow(pattern)``."""
    from tests.support.browsing import Watch

    watch = Watch(live_site)
    yield watch
    assert watch.unexpected() == []


@pytest.fixture
def new_page(browser: Any, live_site: str, browser_watch: Any) -> Iterator[Callable[..., Any]]:
    """``new_page(user=None, javascript=True, width=1440, height=900, dark=False)``: a page in a context of its own."""
    from tests.support.browsing import sign_in

    with ExitStack() as stack:

        def make(
            user: Any = None,
            *,
            javascript: bool = True,
            width: int = 1440,
            height: int = 900,
            dark: bool = False,
        ) -> Any:
            context = browser.new_context(
                base_url=live_site,
                locale="fa-IR",
                timezone_id="Asia/Tehran",
                viewport={"width": width, "height": height},
                java_script_enabled=javascript,
                color_scheme="dark" if dark else "light",
            )
            stack.callback(context.close)
            context.set_default_timeout(10_000)
            context.on("page", browser_watch.follow)
            if user is not None:
                sign_in(context, live_site, user)
            return context.new_page()

        yield make


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page with nobody signed in; relative addresses go to ``live_site``."""
    return new_page()


@pytest.fixture
def signing_key(settings: Any, tmp_path: Path) -> Any:
    """A signing key of this test alone."""
    from staff_portal.kernel.base.signing import SigningKey

    settings.SIGNING_KEY_FILE = tmp_path / "signing.pem"
    return SigningKey.load(settings.SIGNING_KEY_FILE, create=True)


@pytest.fixture
def at_now() -> Iterator[Any]:
    """The clock of the pages stands at the factories' moment."""
    from tests.factories.people import NOW

    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def signed_in(at_now: Any) -> Callable[..., Any]:
    """``signed_in(user)``: a browser in which the person is signed in, at that moment."""
    from tests.factories.access import client_of

    return client_of
