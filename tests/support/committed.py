"""Pointing Django at a database of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from staff_portal.environment import parse_database_url
from tests.support.servers import APP, OWNER, TestServers


@contextmanager
def pointed_at(servers: TestServers, name: str) -> Iterator[None]:
    """Let every thread of this process work on database ``name`` as the application's role."""
    from django.db import connections

    connection = connections["default"]
    connection.close()
    settings = connection.settings_dict
    wanted = parse_database_url(servers.url(APP, name))
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    before = {key: settings[key] for key in keys}
    settings.update({key: wanted[key] for key in keys})
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)


@dataclass(frozen=True)
class CommittedDatabase:
    """A copy of the migrated database for one test: what is written is committed and other threads see it."""

    name: str
    url: str
    owner_url: str
    broker_url: str

    @contextmanager
    def owner_cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        """A cursor of the owner's role, in autocommit."""
        with _cursor(self.owner_url) as cursor:
            yield cursor

    @contextmanager
    def app_cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        """A cursor of the application's role on a connection of its own, in autocommit."""
        with _cursor(self.url) as cursor:
            yield cursor

    def together(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run the calls in threads that set off at the same moment; results in order, an exception as a result."""
        from django.db import connections

        barrier = threading.Barrier(len(calls))
        results: list[Any] = [None] * len(calls)

        def run(place: int, call: Callable[[], Any]) -> None:
            try:
                barrier.wait(30)
                results[place] = call()
            except Exception as problem:
                results[place] = problem
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            if thread.is_alive():
                raise AssertionError("a call did not come back within a minute")
        return results


@contextmanager
def _cursor(url: str) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def handle(servers: TestServers, name: str, broker: int) -> CommittedDatabase:
    return CommittedDatabase(
        name, servers.url(APP, name), servers.url(OWNER, name), servers.broker_url(broker)
    )
