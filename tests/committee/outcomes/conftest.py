"""Fixtures of what follows the vote."""

import pytest

from tests.committee.outcomes.world import World
from tests.factories.committee import Committee


@pytest.fixture
def world(five: Committee) -> World:
    """A committee of five."""
    return World(five)
