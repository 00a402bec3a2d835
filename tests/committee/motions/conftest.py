"""Fixtures of the motions' tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from staff_portal.kernel.letters.signing import SigningKey
from staff_portal.kernel.models import User
from tests.committee.motions.world import World
from tests.factories.people import NOW


@pytest.fixture
def signing_key(settings: Any, tmp_path: Path) -> SigningKey:
    """A signing key of this test alone."""
    settings.SIGNING_KEY_FILE = tmp_path / "signing.pem"
    return SigningKey.load(settings.SIGNING_KEY_FILE, create=True)


@pytest.fixture
def world(db: None, signing_key: SigningKey) -> World:
    """Five seated people, everybody around them, a meeting when it is asked for."""
    return World()


@pytest.fixture
def committed_world(committed_db: Any, signing_key: SigningKey) -> World:
    """The same, committed."""
    return World()


@pytest.fixture
def at_now() -> Any:
    """The clock of the pages stands at the tests' moment."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def signed_in(at_now: Any) -> Callable[[User], Client]:
    """A client in which a person is signed in."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
