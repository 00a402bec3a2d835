"""People for the tests of the ground floor, and a browser that is signed in at a fixed moment."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import ROLE_SCOPE, ROLE_SIDE
from staff_portal.kernel.models import RoleAssignment, User

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tehran"))  # سه‌شنبه ۳ آذر ۱۴۰۵
ON = AT.date()
LONG_AGO = date(2026, 1, 1)
PASSWORD = "a-long-enough-word-1405"

_serial = count(1)

MakePerson = Callable[..., User]
SignedIn = Callable[[User], Client]


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """``make_person("hq_manager")``: a user of that role's side who holds the role since long ago."""

    def make(
        *roles: str, side: str = "", scope_id: int = 0, first_name: str = "مریم", last_name: str = ""
    ) -> User:
        number = next(_serial)
        user = User.objects.create_user(
            f"person{number}",
            PASSWORD,
            first_name=first_name,
            last_name=last_name or f"احمدی {number}",
            side=side or (ROLE_SIDE[roles[0]] if roles else "hq"),
            created_at=AT,
        )
        for role in roles:
            give_role(user, role, scope_id=scope_id)
        return user

    return make


def give_role(
    user: User, role: str, *, scope_id: int = 0, start: date = LONG_AGO, last_day: date | None = None
) -> RoleAssignment:
    """A confirmed role, as if granted long ago."""
    return RoleAssignment.objects.create(
        user=user,
        role=role,
        scope_kind=ROLE_SCOPE.get(role, ""),
        scope_id=scope_id,
        period=period(start, last_day),
        granted_at=AT - timedelta(days=300),
        confirmed_at=AT - timedelta(days=299),
    )


def fresh(user: User) -> User:
    """The same person read anew: what a person may do is cached on the object."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The edge's clock stands at AT; ``clock.shift(seconds)`` moves it."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in(clock: time_machine.Traveller) -> SignedIn:
    """``signed_in(user)``: a browser in which that person has signed in."""

    def enter(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return enter
