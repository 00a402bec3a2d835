"""People of the tests: a user with one confirmed role, in force on :data:`TODAY`."""

from datetime import date, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import ROLE_SCOPE, ROLE_SIDE, Role
from staff_portal.kernel.models import Delegation, RoleAssignment, User

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone.get_default_timezone())
_NUMBERS = count(1)


def make_user(role: str | None = Role.HQ_EXPERT, *, scope_id: int = 0, **fields: Any) -> User:
    """A user who holds ``role`` (None: no role) since long ago."""
    number = next(_NUMBERS)
    user = User.objects.create(
        username=fields.pop("username", f"person{number}"),
        first_name=fields.pop("first_name", "مینا"),
        last_name=fields.pop("last_name", f"نمونه {number}"),
        side=fields.pop("side", ROLE_SIDE[role] if role else "hq"),
        password="!",
        created_at=NOW,
        **fields,
    )
    if role:
        add_role(user, role, scope_id=scope_id)
    return user


def add_role(user: User, role: str, *, scope_id: int = 0, start: date = date(2020, 1, 1)) -> RoleAssignment:
    """One more confirmed role."""
    user.__dict__.pop("_authorities", None)
    return RoleAssignment.objects.create(
        user=user,
        role=role,
        scope_kind=ROLE_SCOPE.get(role, ""),
        scope_id=scope_id,
        period=period(start),
        granted_at=NOW,
        confirmed_at=NOW,
    )


def delegate(delegator: User, to: User, role: str, *, powers: list[str] | None = None) -> Delegation:
    """Hand a role's powers (or some) to another person, in force since long ago."""
    to.__dict__.pop("_authorities", None)
    return Delegation.objects.create(
        delegator=delegator,
        delegate=to,
        role=role,
        powers=powers or [],
        period=period(date(2020, 1, 1)),
        created_at=NOW,
    )
