"""A role's facts (K6, X9): held on its last day, its rights gone at once, confirmed once, its period only shortened."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.operations.delegations import delegate_powers
from staff_portal.kernel.people import access
from staff_portal.kernel.views.people_display import period_words, role_state
from staff_portal.kernel.workflow.audience import ROLE, Address, people_at
from tests.kernel.people.conftest import AT, ON, MakePerson, fresh, give_role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHORTENED, ONCE, KEPT = "k6_role_only_shortened", "k6_role_confirmed_once", "k6_role_kept"


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person(Role.ADMIN)


def test_a_role_begun_and_ended_today_was_held_today(admin: User, make_person: MakePerson) -> None:
    person, manager = make_person(side="hq"), make_person(Role.HQ_MANAGER)
    granted = roles.grant_role(person, Role.HQ_EXPERT, start_on=ON, actor=admin, at=AT)
    roles.confirm_role(granted, actor=manager, at=AT)
    assert access.has_role(fresh(person), ON, Role.HQ_EXPERT)
    ended = roles.end_role(granted, actor=admin, at=AT + timedelta(hours=1))
    assert ended.period == period(ON, ON)
    assert (ended.ended_at, ended.ended_at_once) == (AT + timedelta(hours=1), True)
    assert role_state(ended, ON)[0] == "پایان‌یافته"
    assert period_words(ended.period) != "—"


def test_its_rights_stop_at_once_everywhere(admin: User, make_person: MakePerson) -> None:
    person, stand_in = make_person(Role.HQ_MANAGER), make_person(Role.HQ_EXPERT)
    make_person(Role.HQ_MANAGER)
    delegate_powers(stand_in, role=Role.HQ_MANAGER, start_on=ON, last_day=ON + DAY, actor=person, at=AT)
    assert access.has_role(fresh(stand_in), ON, Role.HQ_MANAGER)
    roles.end_role(person.role_assignments.get(), actor=admin, at=AT)
    assert access.authorities(fresh(person), ON) == ()
    assert not access.has_role(fresh(stand_in), ON, Role.HQ_MANAGER)
    assert person.pk not in access.holders(Role.HQ_MANAGER, ON)
    assert person.pk not in people_at(Address(ROLE, Role.HQ_MANAGER), ON)
    assert access.has_role(fresh(person), ON - DAY, Role.HQ_MANAGER)
    with pytest.raises(Refusal, match="پیش از این پایان"):
        roles.end_role(person.role_assignments.get(), actor=admin, at=AT)


def test_a_last_day_that_was_named_is_held_to_its_end(admin: User, make_person: MakePerson) -> None:
    person = make_person(Role.HQ_EXPERT)
    roles.end_role(person.role_assignments.get(), actor=admin, at=AT, last_day=ON)
    assert access.has_role(fresh(person), ON, Role.HQ_EXPERT)
    assert not access.has_role(fresh(person), ON + DAY, Role.HQ_EXPERT)
    roles.end_role(person.role_assignments.get(), actor=admin, at=AT)
    assert not access.has_role(fresh(person), ON, Role.HQ_EXPERT)


def test_what_was_never_held_has_no_days_and_says_why(admin: User, make_person: MakePerson) -> None:
    person = make_person(side="hq")
    proposed = roles.grant_role(person, Role.HQ_EXPERT, start_on=ON, actor=admin, at=AT)
    withdrawn = roles.end_role(proposed, actor=admin, at=AT)
    ahead = roles.end_role(give_role(person, Role.HQ_ASSESSOR, start=ON + DAY), actor=admin, at=AT)
    assert withdrawn.period.isempty and ahead.period.isempty
    assert [role_state(row, ON)[0] for row in (withdrawn, ahead)] == ["پس گرفته شد", "آغاز نشده پایان یافت"]


# --- raw SQL -----------------------------------------------------------------------------------------------------


def refused(raw_sql: Any, role: RoleAssignment, change: str, *names: str) -> None:
    before = RoleAssignment.objects.filter(pk=role.pk).values().get()
    with pytest.raises(IntegrityError) as error:
        raw_sql(f"UPDATE kernel_roleassignment SET {change} WHERE id = %s", [role.pk])
    name = constraints.constraint_name(error.value)
    assert name in names and name in constraints.SENTENCES
    assert RoleAssignment.objects.filter(pk=role.pk).values().get() == before


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("period = daterange(lower(period) - 30, upper(period))", SHORTENED),
        ("period = daterange(lower(period) + 30, upper(period))", SHORTENED),
        ("period = daterange(lower(period), upper(period) + 1), ended_at = granted_at", SHORTENED),
        ("period = daterange(lower(period), NULL), ended_at = granted_at", SHORTENED),
        ("period = daterange(lower(period), upper(period) - 1)", SHORTENED),
        ("period = 'empty', ended_at = granted_at + interval '1 day'", SHORTENED),
        ("ended_at_once = TRUE, ended_at = granted_at + interval '1 day'", SHORTENED),
        (
            "period = daterange(lower(period), granted_at::date - 3), ended_at = granted_at + interval '1 day'",
            SHORTENED,
        ),
        (
            "period = daterange(lower(period), granted_at::date), ended_at = granted_at - interval '9 days'",
            SHORTENED,
        ),
        ("confirmed_at = NULL", ONCE),
        ("confirmed_at = confirmed_at - interval '1 day'", ONCE),
        ("confirmed_at = confirmed_at + interval '1 day'", ONCE),
        ("granted_at = granted_at - interval '1 year'", KEPT),
        ("role = 'admin'", KEPT),
    ],
)
def test_sql_neither_moves_nor_lengthens_nor_confirms_again(
    make_person: MakePerson, raw_sql: Any, change: str, name: str
) -> None:
    role = give_role(make_person(side="hq"), Role.HQ_EXPERT, last_day=ON + 90 * DAY)
    refused(raw_sql, role, change, name)


@pytest.mark.parametrize(
    "change",
    [
        "period = daterange(lower(period), NULL)",
        "period = daterange(lower(period), upper(period) + 30), ended_at = ended_at + interval '1 day'",
        "period = daterange(lower(period), upper(period) - 9)",
        "ended_at = NULL, ended_at_once = FALSE",
        "ended_at_once = FALSE",
    ],
)
def test_an_ended_role_stays_ended(admin: User, make_person: MakePerson, raw_sql: Any, change: str) -> None:
    role = make_person(Role.HQ_EXPERT).role_assignments.get()
    roles.end_role(role, actor=admin, at=AT)
    refused(raw_sql, role, change, SHORTENED)


def test_a_confirmation_is_not_backdated_and_a_refused_role_stays_empty(
    admin: User, make_person: MakePerson, raw_sql: Any
) -> None:
    manager, person = make_person(Role.HQ_MANAGER), make_person(side="hq")
    proposed = roles.grant_role(person, Role.HQ_EXPERT, start_on=ON, actor=admin, at=AT)
    refused(raw_sql, proposed, "confirmed_at = granted_at - interval '1 day'", ONCE)
    roles.refuse_role(proposed, actor=manager, at=AT, note="نیاز نیست")
    refused(raw_sql, proposed, "period = daterange('2026-01-01', NULL)", SHORTENED)
