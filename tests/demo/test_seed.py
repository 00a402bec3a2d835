"""Demo data: made through the operations, everything represented, the same for the same date."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ngos.enums import AssessmentState, MembershipState
from ngos.models import Assessment, Grade, Ngo, Score
from staff_portal.demo.people import DEMO_USERS, PASSWORD
from staff_portal.demo.seed import seed_demo
from staff_portal.kernel.models import AuditEntry, IssuedNumber, Letter, Notification, RoleAssignment, User
from staff_portal.kernel.roles import Role

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 24)


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


def test_the_same_date_gives_the_same_demo() -> None:
    first, second = seeded(16), seeded(16)
    assert first == second
    assert len(first["ngos"]) >= 16


def test_everything_is_represented() -> None:
    seed_demo(size=60, on=ON)
    assert set(Ngo.objects.values_list("state", flat=True)) == set(MembershipState.values)
    assert set(RoleAssignment.objects.values_list("role", flat=True)) == set(Role.values)
    assert {user.username for user in User.objects.all()} == {item.username for item in DEMO_USERS}
    assert all(user.check_password(PASSWORD) and user.is_demo for user in User.objects.all())
    wanted = {"planned", "scoring", "moderation", "awaiting_confirmation", "confirmed"}
    assert wanted <= set(Assessment.objects.values_list("state", flat=True)) <= set(AssessmentState.values)
    assert len(set(Grade.objects.values_list("level_rank", flat=True))) >= 3
    assert Notification.objects.filter(read_at__isnull=True).exists()
    assert not AuditEntry.objects.filter(event="kernel.refused").exists()


def test_numbers_run_in_the_order_of_dates() -> None:
    seed_demo(size=30, on=ON)
    for series in IssuedNumber.objects.values_list("series", flat=True).distinct():
        moments = list(
            IssuedNumber.objects.filter(series=series).order_by("serial").values_list("issued_at", flat=True)
        )
        assert moments == sorted(moments)


def test_an_installation_in_use_is_not_touched() -> None:
    User.objects.create(username="somebody", side="hq", created_at="2026-11-24T00:00:00Z")
    with pytest.raises(CommandError, match="already has users"):
        call_command("seed_demo")
    assert not Ngo.objects.exists()


@pytest.mark.parametrize("size", ["0", "many", "-3"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(CommandError, match="number above 0"):
        call_command("seed_demo", f"--size={size}")
