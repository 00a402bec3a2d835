"""Periods of membership in the database: begun with the membership, ended once, never moved or backdated (N4, X3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from ngos.models import MembershipPeriod, Ngo
from ngos.workflow import MEMBERSHIP, PERIOD
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import AuditEntry, User
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLD = TODAY - timedelta(days=4000)
LATER = NOW + 30 * DAY
BEGUN, BACK, ENDS, KEPT = (
    "n3_period_of_member",
    "n3_nothing_backdated",
    "n3_period_ends_once",
    "n3_periods_kept",
)


@pytest.fixture
def member(registrar: User, reviewer: User, manager: User) -> Ngo:
    return make.member(registrar, reviewer, manager)


@pytest.fixture
def ended(registrar: User, reviewer: User, manager: User) -> Ngo:
    ngo = make.member(registrar, reviewer, manager)
    return MEMBERSHIP.apply(ngo, "end", actor=manager, at=LATER, note="به درخواست سمن")


def refused(raw_sql: Any, statement: str, values: list[Any], *names: str) -> None:
    before = list(MembershipPeriod.objects.order_by("pk").values())
    with pytest.raises(IntegrityError) as error:
        raw_sql(statement, values)
    name = constraints.constraint_name(error.value)
    assert name in names and name in constraints.SENTENCES
    assert list(MembershipPeriod.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("period = daterange(lower(period) - 400, NULL)", {ENDS}),
        ("period = daterange(lower(period) + 1, NULL)", {ENDS}),
        ("period = daterange(lower(period), lower(period) + 9), ended_by = 'ended'", {ENDS}),
        (
            "period = daterange(lower(period), lower(period) + 9), ended_by = 'ended', ended_at = now()",
            {ENDS},
        ),
        ("ended_by = 'ended'", {ENDS}),
        ("created_at = created_at - interval '1 year'", {KEPT, ENDS}),
        ("ngo_id = (SELECT min(id) FROM ngos_ngo WHERE state = 'draft')", {KEPT, ENDS}),
    ],
)
def test_a_running_period_is_not_rewritten(
    registrar: User, member: Ngo, raw_sql: Any, change: str, names: set[str]
) -> None:
    make.draft(registrar)
    refused(raw_sql, f"UPDATE ngos_membershipperiod SET {change} WHERE ngo_id = %s", [member.pk], *names)


@pytest.mark.parametrize(
    "change",
    [
        "period = daterange(lower(period), NULL), ended_by = '', ended_at = NULL",
        "period = daterange(lower(period), upper(period) + 30)",
        "period = daterange(lower(period), upper(period) - 1)",
        "period = daterange(lower(period) - 30, upper(period))",
        "ended_by = 'disciplinary'",
        "ended_at = ended_at - interval '1 day'",
    ],
)
def test_an_ended_period_stays_as_it_is(ended: Ngo, raw_sql: Any, change: str) -> None:
    refused(raw_sql, f"UPDATE ngos_membershipperiod SET {change} WHERE ngo_id = %s", [ended.pk], ENDS, KEPT)


def test_the_end_is_the_day_of_the_act(ended: Ngo) -> None:
    (found,) = ended.membership_periods.all()
    assert (found.period, found.ended_at) == (period(TODAY, TODAY + 30 * DAY), LATER)


INSERT = "INSERT INTO ngos_membershipperiod (ngo_id, period, ended_by, created_at) VALUES (%s, daterange(%s, %s), %s, %s)"


def test_no_period_is_invented(registrar: User, member: Ngo, ended: Ngo, raw_sql: Any) -> None:
    draft = make.draft(registrar, claimed_number="1399/7", claimed_since=OLD)
    refused(raw_sql, INSERT, [draft.pk, TODAY, None, "", NOW], BEGUN)
    refused(raw_sql, INSERT, [draft.pk, OLD, None, "", NOW], BEGUN)
    refused(raw_sql, INSERT, [ended.pk, TODAY + 40 * DAY, None, "", LATER + 10 * DAY], BEGUN)
    refused(raw_sql, INSERT, [member.pk, OLD, OLD + 300 * DAY, "ended", NOW], BEGUN)
    refused(raw_sql, INSERT, [member.pk, OLD, None, "", NOW - 4000 * DAY], BEGUN)
    refused(raw_sql, INSERT, [member.pk, OLD, None, "", NOW], BACK)


def test_a_member_of_the_register_keeps_its_old_day(registrar: User, manager: User, raw_sql: Any) -> None:
    """Whoever was a member before this system begins on the register's day; once, and on no other day."""
    ngo = make.draft(registrar, claimed_number="1399/7", claimed_since=OLD)
    MEMBERSHIP.apply(ngo, "confirm_existing", actor=manager, at=NOW)
    (found,) = ngo.membership_periods.all()
    assert (found.period, found.created_at) == (period(OLD), NOW)
    refused(raw_sql, "UPDATE ngos_membershipperiod SET period = daterange(%s, NULL)", [OLD - 9 * DAY], ENDS)


def test_suspension_reinstatement_and_a_new_application_each_have_their_period(
    registrar: User, reviewer: User, manager: User, member: Ngo
) -> None:
    MEMBERSHIP.apply(member, "suspend", actor=manager, at=NOW + 5 * DAY, note="شکایت")
    MEMBERSHIP.apply(member, "reinstate", actor=manager, at=NOW + 8 * DAY, note="رفع شد")
    MEMBERSHIP.apply(member, "end", actor=manager, at=NOW + 20 * DAY, note="به درخواست سمن")
    for step, actor in (
        ("reopen", registrar),
        ("submit", registrar),
        ("take_up", reviewer),
        ("approve", manager),
    ):
        MEMBERSHIP.apply(member, step, actor=actor, at=LATER)
    assert [(row.period, row.ended_by) for row in member.membership_periods.order_by("period")] == [
        (period(TODAY, TODAY + 5 * DAY), "disciplinary"),
        (period(TODAY + 8 * DAY, TODAY + 20 * DAY), "ended"),
        (period(TODAY + 30 * DAY), ""),
    ]


def test_its_rows_only_follow_and_the_step_stands_in_the_trail(manager: User, member: Ngo) -> None:
    (found,) = member.membership_periods.all()
    with pytest.raises(NotPermitted):
        PERIOD.apply(found, "close", actor=manager, at=LATER)
    with pytest.raises(NotPermitted):
        PERIOD.apply(member, "open", actor=manager, at=LATER, since=TODAY + 30 * DAY)
    entry = AuditEntry.objects.get(event=MEMBERSHIP.event_of("approve").code)
    assert (entry.actor, entry.role, entry.root_id) == (manager, "hq_manager", member.pk)
    assert entry.after["member_since"] == found.period.lower.isoformat()
