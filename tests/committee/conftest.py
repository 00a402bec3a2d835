"""A committee of five people in five seats, for every test of the committee.

It is seated once in a process, in a database of its own; whichever test asks for ``seated`` runs on that database (or
on a copy of it, with ``committed_db``) and takes back what it wrote. The others find no committee.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from tests.factories.access import client_of
from tests.factories.committee import Committee, committee_of_five
from tests.support.committed import pointed_at
from tests.support.servers import TestServers


@pytest.fixture(scope="session")
def seated_database(
    test_servers: TestServers, broker_number: int, django_test_environment: None, django_db_blocker: Any
) -> Iterator[tuple[str, Committee]]:
    """The database's name, and the committee as it was when it sat down."""
    name = test_servers.new_database("worker")
    with django_db_blocker.unblock(), pointed_at(test_servers, name):
        committee = committee_of_five()
    test_servers.flush_broker(broker_number)
    yield name, committee
    test_servers.drop_database(name)


@pytest.fixture
def seated(seated_database: tuple[str, Committee]) -> Committee:
    """Memorandum, term and five sitting members, as this test's own objects."""
    return deepcopy(seated_database[1])


@pytest.fixture
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    seated_database: tuple[str, Committee],
    test_servers: TestServers,
    django_db_blocker: Any,
) -> Iterator[None]:
    """What ``db`` stands on: the seated database where the test asks for the committee."""
    is_seated = "seated" in request.fixturenames
    with (
        django_db_blocker.unblock(),
        pointed_at(test_servers, seated_database[0]) if is_seated else nullcontext(),
    ):
        yield


@pytest.fixture
def committed_source(request: pytest.FixtureRequest, seated_database: tuple[str, Committee]) -> str | None:
    return seated_database[0] if "seated" in request.fixturenames else None


@pytest.fixture
def five(db: None, seated: Committee) -> Committee:
    """Memorandum, term and five sitting members; with rollback."""
    return seated


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """``client_for(user)``: a browser in which the person is signed in."""
    return client_of
