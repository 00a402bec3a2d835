"""Fixtures of the grading tests."""

import pytest

from staff_portal.kernel.base.signing import SigningKey
from tests.ngos.grading_flow.world import World


@pytest.fixture
def world(db: None, signing_key: SigningKey) -> World:
    """The people, one member, a published framework (example A)."""
    return World()
