"""A committee of five people in five seats, for every test of the committee, and what may follow from it.

It is seated once in a process, in a database of its own; whichever test asks for ``seated`` runs on that database (or
on a copy of it, with ``committed_db``) and takes back what it wrote. So do the later stages (:mod:`tests.committee.stages`).
The others find no committee.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.committee.stages import STAGES, deepest
from tests.factories.access import client_of
from tests.factories.committee import Committee
from tests.factories.people import NOW
from tests.support.committed import pointed_at
from tests.support.servers import TestServers

Standing = Callable[[str], tuple[str, Any]]


@pytest.fixture(scope="session")
def standing(
    test_servers: TestServers, broker_number: int, django_test_environment: None, django_db_blocker: Any
) -> Iterator[Standing]:
    """``standing(stage)``: the database's name, and the world as it was when the stage was reached."""
    made: dict[str, tuple[str, Any]] = {}

    def at(name: str) -> tuple[str, Any]:
        if name not in made:
            stage = STAGES[name]
            source, before = at(stage.after) if stage.after else (None, None)
            database = test_servers.new_database("worker", source=source)
            clock = time_machine.travel(NOW, tick=False) if stage.after else nullcontext()
            with django_db_blocker.unblock(), pointed_at(test_servers, database), clock:
                made[name] = database, stage.build(deepcopy(before))
            test_servers.flush_broker(broker_number)
        return made[name]

    yield at
    for database, _ in made.values():
        test_servers.drop_database(database)


@pytest.fixture
def seated(standing: Standing) -> Committee:
    """Memorandum, term and five sitting members, as this test's own objects."""
    return deepcopy(standing("seated")[1])


@pytest.fixture
def vacant_stage(standing: Standing) -> Any:
    """The NGO's seat is vacant."""
    return deepcopy(standing("vacant_stage")[1])


@pytest.fixture
def prepared_stage(standing: Standing) -> Any:
    """Three nominees that have consented."""
    return deepcopy(standing("prepared_stage")[1])


@pytest.fixture
def opened_stage(standing: Standing) -> Any:
    """Three sealed, nobody has voted."""
    return deepcopy(standing("opened_stage")[1])


@pytest.fixture
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    standing: Standing,
    test_servers: TestServers,
    django_db_blocker: Any,
) -> Iterator[None]:
    """What ``db`` stands on: the database of the latest stage that the test asks for."""
    name = deepest(request.fixturenames)
    place = pointed_at(test_servers, standing(name)[0]) if name else nullcontext()
    with django_db_blocker.unblock(), place:
        yield


@pytest.fixture
def committed_source(request: pytest.FixtureRequest, standing: Standing) -> str | None:
    name = deepest(request.fixturenames)
    return standing(name)[0] if name else None


@pytest.fixture
def five(db: None, seated: Committee) -> Committee:
    """Memorandum, term and five sitting members; with rollback."""
    return seated


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """``client_for(user)``: a browser in which the person is signed in."""
    return client_of
