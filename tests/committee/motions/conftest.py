"""Fixtures of the motions' tests."""

from typing import Any

import pytest

from staff_portal.kernel.base.signing import SigningKey
from tests.committee.motions.world import World
from tests.factories.committee import Committee


@pytest.fixture
def world(five: Committee, signing_key: SigningKey) -> World:
    """Five seated people, everybody around them, a meeting when it is asked for."""
    return World(five)


@pytest.fixture
def committed_world(committed_db: Any, seated: Committee, signing_key: SigningKey) -> World:
    """The same, committed."""
    return World(seated)
