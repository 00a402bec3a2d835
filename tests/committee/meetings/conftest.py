"""Fixtures of the meetings' tests."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.models import User
from tests.committee.meetings.world import World
from tests.factories.committee import Committee
from tests.factories.people import NOW


@pytest.fixture
def world(five: Committee, signing_key: SigningKey) -> World:
    """Five seated people; meetings when they are asked for."""
    return World(committee=five)


@pytest.fixture
def committed_world(committed_db: Any, seated: Committee, signing_key: SigningKey) -> World:
    """The same, committed."""
    return World(committee=seated)


@pytest.fixture
def browse() -> Any:
    """``browse(user, at=NOW)``: a browser of that person, with the pages' clock at that moment."""
    travels: list[Any] = []

    def enter(user: User, at: datetime = NOW) -> Client:
        while travels:
            travels.pop().stop()
        travel = time_machine.travel(at, tick=False)
        travel.start()
        travels.append(travel)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    yield enter
    while travels:
        travels.pop().stop()


Browse = Callable[..., Client]
