"""One scene for a module's tests; every request is rolled back, so the tests do not see one another."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests.factories.access import Scene, build
from tests.factories.people import NOW


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """People and records of the matrix, in a transaction that is never committed."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        made = build()
        for person in made.people:
            made.client(person)
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def rolled_back(scene: Scene) -> Iterator[None]:
    """What one test does stays with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
