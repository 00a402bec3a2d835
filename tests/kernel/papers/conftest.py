"""Fixtures of the tests of papers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.letters.issuing import LETTER_KINDS
from staff_portal.kernel.models import Unit, User
from staff_portal.kernel.people import access
from staff_portal.kernel.trail import file_kinds
from tests.kernel.papers.support import KIND, NOW

READERS = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)


def _visible(user: User, on: date) -> QuerySet[Unit]:
    """HQ and the auditor see every record of the tests, a unit's person the own one."""
    everything = Unit.objects.all()
    return everything if access.has_role(user, on, *READERS) else everything.filter(pk=user.unit_id)


@pytest.fixture(autouse=True)
def unit_is_a_root() -> Iterator[None]:
    """Make a small model a file that letters hang on, for the time of the test."""
    before = dict(file_kinds.ROOTS)
    file_kinds.register(Unit, visible=_visible, url=lambda unit: f"/units/{unit.pk}/")
    LETTER_KINDS[KIND.slug] = KIND
    yield
    file_kinds.ROOTS.clear()
    file_kinds.ROOTS.update(before)
    LETTER_KINDS.pop(KIND.slug, None)


@pytest.fixture(autouse=True)
def at_ten(time_machine: Any) -> None:
    """Every test begins on ۳ آذر ۱۴۰۵ at ten."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture(autouse=True)
def signing_key(settings: Any) -> SigningKey:
    """The installation's key, made once for the run."""
    return SigningKey.load(settings.SIGNING_KEY_FILE, create=True)
