"""What one transaction holds, and what others may do meanwhile; and who is called when nobody hears of it (A8)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from staff_portal.kernel.base import background
from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.models import AuditEntry, OutboxMessage, User
from staff_portal.kernel.operations.users import edit_user
from staff_portal.kernel.trail import audit, events
from tests.kernel.background.support import NOW, happen, make_user
from tests.kernel.people.conftest import give_role

QUIET = events.EVENTS.get("background.quiet") or events.declare(
    "background.quiet", "رویداد بی‌خبر", "کار {subject} را انجام داد"
)


def test_a_person_acts_while_the_own_account_is_being_changed(committed_db) -> None:
    """The account's row is locked for its columns, not for its key: an entry may name its actor."""
    admin, person = make_user("admin", side=Side.ADMINISTRATION), make_user("karimi")
    give_role(admin, Role.ADMIN)
    with transaction.atomic():
        edit_user(person, actor=admin, at=NOW, last_name="کریمی")

        def act() -> AuditEntry:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                return happen(person, person)

        (entry,) = committed_db.together([act])
    assert isinstance(entry, AuditEntry)
    assert AuditEntry.objects.filter(actor=person).count() == 1


def test_changes_of_one_row_still_wait_for_one_another(committed_db) -> None:
    admin, person = make_user("admin", side=Side.ADMINISTRATION), make_user("karimi")
    give_role(admin, Role.ADMIN)
    results = committed_db.together(
        [lambda name=name: edit_user(person, actor=admin, at=NOW, last_name=name) for name in "ابپت"]
    )
    assert all(isinstance(result, User) for result in results)
    before = [entry.before["last_name"] for entry in AuditEntry.objects.order_by("id")]
    after = [entry.after["last_name"] for entry in AuditEntry.objects.order_by("id")]
    assert before == ["karimi", *after[:-1]]


@pytest.mark.django_db
def test_the_worker_is_called_only_when_somebody_is_to_be_told(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    person = make_user("karimi")
    with django_capture_on_commit_callbacks() as called:
        audit.record(QUIET, person, actor=person, at=NOW)
    assert called == []
    assert not OutboxMessage.objects.exists()
    with django_capture_on_commit_callbacks() as called:
        happen(person, person)
        happen(person, person)
    assert called == [background.nudge]
    assert OutboxMessage.objects.count() == 2
