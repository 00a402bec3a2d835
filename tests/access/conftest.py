"""One scene for all modules, in a database of its own; every request is rolled back, so the tests do not see one
another."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests.factories.access import Scene, build
from tests.factories.people import NOW
from tests.support.committed import pointed_at
from tests.support.servers import TestServers


@pytest.fixture(scope="session")
def standing_scene(
    test_servers: TestServers, broker_number: int, django_test_environment: None, django_db_blocker: Any
) -> Iterator[tuple[str, Scene]]:
    """The database's name, and the people and records of the matrix in it (once in a process)."""
    name = test_servers.new_database("worker")
    clock = time_machine.travel(NOW, tick=False)
    with django_db_blocker.unblock(), pointed_at(test_servers, name), clock:
        made = build()
        for person in made.people:
            made.client(person)
    test_servers.flush_broker(broker_number)
    yield name, made
    test_servers.drop_database(name)


@pytest.fixture(scope="module")
def scene(
    standing_scene: tuple[str, Scene],
    test_servers: TestServers,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[Scene]:
    """People and records of the matrix, in a transaction that is never committed."""
    name, made = standing_scene
    clock = time_machine.travel(NOW, tick=False)
    with django_db_blocker.unblock(), pointed_at(test_servers, name), clock, transaction.atomic():
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def rolled_back(scene: Scene) -> Iterator[None]:
    """What one test does stays with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
