"""Rounds for the tests of nominations; the site's clock stands at NOW."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.committee.nominations.world import World, put_forward, seal, with_vacant_seat
from tests.factories.committee import Committee
from tests.factories.people import NOW


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def vacant(five: Committee) -> World:
    """The NGO's seat is vacant and no round is under way."""
    return with_vacant_seat(five)


@pytest.fixture
def prepared(vacant: World) -> World:
    """Three nominees that have consented."""
    return put_forward(vacant)


@pytest.fixture
def opened(prepared: World) -> World:
    """Three sealed, nobody has voted."""
    return seal(prepared)
