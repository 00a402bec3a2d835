"""Fixtures of what follows the vote."""

import pytest

from tests.committee.outcomes.world import World


@pytest.fixture
def world(db: None) -> World:
    """A committee of five."""
    return World.make()
