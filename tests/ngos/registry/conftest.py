"""Fixtures of the registry's tests: people, a signed-in client, the clock of the pages."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories.people import NOW, make_user

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def at_now() -> Iterator[datetime]:
    """The clock of the pages stands at the factories' moment."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def registrar(db: None) -> User:
    return make_user(Role.HQ_EXPERT, first_name="مریم", last_name="ثبت‌کننده")


@pytest.fixture
def reviewer(db: None) -> User:
    return make_user(Role.HQ_EXPERT, first_name="امید", last_name="بررس")


@pytest.fixture
def manager(db: None) -> User:
    return make_user(Role.HQ_MANAGER, first_name="زهرا", last_name="رئیس")


@pytest.fixture
def sign_in() -> SignIn:
    """A client in which the person is signed in."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
