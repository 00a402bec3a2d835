"""The whole demo, told once for all that read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from tests.support import committed
from tests.support.servers import TestServers

ON = date(2026, 11, 24)
SIZE = 60


@pytest.fixture(scope="package")
def demo_database(test_servers: TestServers, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this package's own with the demo of :data:`ON` in it (6 s, once in a process)."""
    from django.db import transaction

    from staff_portal.demo.seed import seed_demo

    name = test_servers.new_database("committed")
    with (
        django_db_blocker.unblock(),
        committed.pointed_at(test_servers, name),
        transaction.atomic(),
    ):
        seed_demo(size=SIZE, on=ON)
    yield name
    test_servers.drop_database(name)


@pytest.fixture
def demo(demo_database: str, test_servers: TestServers, django_db_blocker: Any) -> Iterator[None]:
    """The demo to read; what a test writes is taken back. Never together with ``db`` or ``committed_db``."""
    with django_db_blocker.unblock(), committed.pointed_at(test_servers, demo_database), taken_back():
        yield


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that is rolled back at its end."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)
