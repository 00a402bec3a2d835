"""Demo data: made through the operations, everything represented, the same for the same date."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from committee.models import Meeting, Motion
from ngos.enums import AssessmentState, MembershipState
from ngos.models import Assessment, Grade, MembershipDecision, Ngo, Score
from staff_portal.demo.people import DEMO_USERS, PASSWORD
from staff_portal.demo.seed import seed_demo
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import (
    AuditEntry,
    IssuedNumber,
    Letter,
    Notification,
    RoleAssignment,
    User,
    WorkItem,
)
from staff_portal.kernel.workflow import work
from tests.demo.conftest import ON


class Undo(Exception):
    """Takes a seeding back."""


def picture() -> dict[str, object]:
    """What the demo is, without the keys that the database gives."""
    return {
        "ngos": list(
            Ngo.objects.order_by("national_id").values_list(
                "name",
                "national_id",
                "state",
                "membership_number",
                "level_rank",
                "district_id",
                "state_since",
            )
        ),
        "grades": list(
            Grade.objects.order_by("ngo__national_id", "total").values_list("total", "level_rank")
        ),
        "letters": list(
            Letter.objects.order_by("number__text").values_list("number__text", "dated_on", "subject")
        ),
        "events": list(AuditEntry.objects.order_by("id").values_list("event", "at", "actor_label")),
        "meetings": list(Meeting.objects.order_by("number").values_list("number", "state", "starts_at")),
        "motions": list(
            Motion.objects.order_by("number").values_list("number", "title", "state", "votes_for", "base")
        ),
        "scores": list(
            Score.objects.order_by(
                "seat__assessment__ngo__national_id", "seat__position", "indicator__code"
            ).values_list("value", "indicator__code")
        ),
    }


def seeded(size: int) -> dict[str, object]:
    """The picture of a seeding that is taken back again."""
    try:
        with transaction.atomic():
            seed_demo(size=size, on=ON)
            raise Undo(picture())
    except Undo as undone:
        return dict(undone.args[0])


@pytest.mark.django_db
def test_the_same_date_gives_the_same_demo() -> None:
    first, second = seeded(16), seeded(16)
    assert first == second
    assert len(first["ngos"]) >= 16
    assert first["meetings"]
    assert first["motions"]


@pytest.mark.usefixtures("demo")
def test_what_waits_is_what_the_writes_left() -> None:
    """A whole world of files, and a rebuild finds nothing to put right."""
    assert work.rebuild(at=datetime(2026, 11, 24, 12, tzinfo=UTC), mend=False).records == []
    assert WorkItem.objects.filter(subject_type="ngos.ngo", closed_at=None).exists()


@pytest.mark.usefixtures("demo")
def test_everything_is_represented() -> None:
    assert set(Ngo.objects.values_list("state", flat=True)) == set(MembershipState.values)
    decided = {"proposed", "heard", "dropped", "delivered", "objected", "final"}
    assert decided <= set(MembershipDecision.objects.values_list("state", flat=True))
    assert set(MembershipDecision.objects.values_list("is_urgent", flat=True)) == {True, False}
    assert set(RoleAssignment.objects.values_list("role", flat=True)) == set(Role.values)
    assert {user.username for user in User.objects.all()} == {item.username for item in DEMO_USERS}
    assert all(user.check_password(PASSWORD) and user.is_demo for user in User.objects.all())
    wanted = {"planned", "scoring", "moderation", "awaiting_confirmation", "confirmed"}
    assert wanted <= set(Assessment.objects.values_list("state", flat=True)) <= set(AssessmentState.values)
    assert len(set(Grade.objects.values_list("level_rank", flat=True))) >= 3
    assert Notification.objects.filter(read_at__isnull=True).exists()
    assert not AuditEntry.objects.filter(event="kernel.refused").exists()


@pytest.mark.usefixtures("demo")
def test_numbers_run_in_the_order_of_dates() -> None:
    for series in IssuedNumber.objects.values_list("series", flat=True).distinct():
        moments = list(
            IssuedNumber.objects.filter(series=series).order_by("serial").values_list("issued_at", flat=True)
        )
        assert moments == sorted(moments)


@pytest.mark.django_db
def test_an_installation_in_use_is_not_touched() -> None:
    User.objects.create(username="somebody", side="hq", created_at="2026-11-24T00:00:00Z")
    with pytest.raises(CommandError, match="already has users"):
        call_command("seed_demo")
    assert not Ngo.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["0", "many", "-3"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(CommandError, match="number above 0"):
        call_command("seed_demo", f"--size={size}")
