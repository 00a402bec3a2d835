"""Rounds for the tests of nominations; the site's clock stands at NOW."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.committee.nominations.world import World
from tests.factories.people import NOW


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def vacant(db: None, vacant_stage: World) -> World:
    """The NGO's seat is vacant and no round is under way."""
    return vacant_stage


@pytest.fixture
def prepared(db: None, prepared_stage: World) -> World:
    """Three nominees that have consented."""
    return prepared_stage


@pytest.fixture
def opened(db: None, opened_stage: World) -> World:
    """Three sealed, nobody has voted."""
    return opened_stage
