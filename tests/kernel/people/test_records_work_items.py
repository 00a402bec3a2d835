"""Cases, referrals and roles as work items: addressed, closed with the step, equal to a rebuild (K6, K7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import (
    AuditEntry,
    Case,
    Delegation,
    District,
    Referral,
    RoleAssignment,
    User,
    WorkItem,
)
from staff_portal.kernel.operations import cases, delegations, referrals, roles
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.workflow import work
from tests.kernel.people.conftest import AT, ON, MakePerson, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, db: None) -> District:
    root = file_kinds.Root(District, lambda user, on: District.objects.all(), lambda obj: f"/d/{obj.pk}/")
    monkeypatch.setitem(file_kinds.ROOTS, "kernel.district", root)
    return District.objects.get(pk=6)


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person(Role.ADMIN)


def titles(user: User) -> list[str]:
    return [task.title for task in contributions.inbox(fresh(user), AT)]


def open_case(file: District, title: str, **more: Any) -> Case:
    return cases.open_case(file, title=title, url="/d/6/", actor=None, at=AT, **more)


def grant(user: User, role: str, by: User) -> RoleAssignment:
    return roles.grant_role(user, role, start_on=ON, actor=by, at=AT)


def test_a_case_waits_for_its_role_in_its_scope_or_for_its_person(
    file: District, make_person: MakePerson
) -> None:
    here, there = make_person(Role.REGION_OFFICER, scope_id=6), make_person(Role.REGION_OFFICER, scope_id=14)
    expert, auditor = make_person(Role.HQ_EXPERT), make_person(Role.AUDITOR)
    open_case(file, "منطقه", role=Role.REGION_OFFICER, scope_id=6, due_on=ON)
    open_case(file, "همه مناطق", role=Role.REGION_OFFICER)
    open_case(file, "شخص", assignee=expert)
    assert sorted(titles(here)) == sorted(["منطقه", "همه مناطق"])
    assert titles(there) == ["همه مناطق"]
    assert titles(expert) == ["شخص"]
    assert titles(auditor) == []
    (item,) = work.of_file(file).filter(subject_label="منطقه")
    assert (item.role, item.scope_kind, item.scope_id, item.due_on) == ("region_officer", "district", 6, ON)


def test_a_role_waits_for_the_confirming_manager_but_its_proposer_and_holder(
    admin: User, make_person: MakePerson
) -> None:
    manager, second = make_person(Role.HQ_MANAGER), make_person(Role.HQ_MANAGER)
    other = make_person(Role.DEPUTY_MANAGER)
    assignment = grant(manager, Role.HQ_MEMBER, admin)
    assert titles(manager) == titles(other) == titles(admin) == []
    assert titles(second) == [to_persian_text(f"تأیید نقش «{assignment}»")]
    assert contributions.inbox(fresh(second), AT)[0].sender == admin.full_name
    roles.confirm_role(assignment, actor=second, at=AT)
    assert titles(second) == []
    refused = grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    roles.refuse_role(refused, actor=second, at=AT, note="در مأموریت است")
    assert titles(second) == titles(manager) == []


def test_a_delegate_of_single_powers_is_reached_where_the_power_is_among_them(
    admin: User, make_person: MakePerson
) -> None:
    manager, first, second = make_person(Role.HQ_MANAGER), make_person(side="hq"), make_person(side="hq")
    for delegate, power in ((first, "kernel.confirm_roles"), (second, "kernel.settle_cases")):
        delegations.delegate_powers(
            delegate,
            role=Role.HQ_MANAGER,
            start_on=ON,
            last_day=ON + timedelta(days=3),
            powers=[power],
            actor=manager,
            at=AT,
        )
    grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    assert len(titles(first)) == 1
    assert titles(second) == []


def test_the_stored_items_are_those_of_a_rebuild(
    file: District, admin: User, make_person: MakePerson
) -> None:
    """Every record in each of its states: nothing to open, close or change."""
    manager, expert = make_person(Role.HQ_MANAGER), make_person(Role.HQ_EXPERT)
    waiting = grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    done = roles.confirm_role(grant(make_person(side="hq"), Role.HQ_EXPERT, admin), actor=manager, at=AT)
    roles.end_role(done, actor=admin, at=AT)
    roles.refuse_role(grant(expert, Role.HQ_MEMBER, admin), actor=manager, at=AT, note="نه")
    seat = roles.grant_seat_role(make_person(side="hq"), Role.HQ_MEMBER, start_on=ON, at=AT)
    roles.end_seat_role(seat, last_day=ON + timedelta(days=5), at=AT)
    case = open_case(file, "باز", role=Role.HQ_EXPERT)
    cases.settle_case(open_case(file, "حل‌شده", assignee=expert), note="شد", actor=expert, at=AT)
    for finisher in (manager, expert, None):
        row = referrals.refer_file(file, to_user=manager, note="ببینید", due_on=ON, actor=expert, at=AT)
        if finisher is not None:
            referrals.finish_referral(row, note="دیدم", actor=finisher, at=AT)
    assert case.settled_at is None and waiting.confirmed_at is None
    assert work.rebuild(at=AT, mend=False).total == 0
    assert WorkItem.objects.filter(closed_at__isnull=True).count() == 3


def test_who_is_refused_is_kept_for_the_auditor_and_loses_nothing(
    file: District, make_person: MakePerson
) -> None:
    """A stranger's attempt on a referral and on a case changes neither and leaves the items open."""
    expert, colleague, stranger = (make_person(Role.HQ_EXPERT) for _ in range(3))
    row = referrals.refer_file(file, to_user=colleague, note="ببینید", due_on=None, actor=expert, at=AT)
    case = open_case(file, "موضوع", role=Role.HQ_MANAGER)
    with pytest.raises(NotPermitted):
        referrals.finish_referral(row, note="نه", actor=stranger, at=AT)
    with pytest.raises(NotPermitted):
        cases.settle_case(case, note="نه", actor=stranger, at=AT)
    row.refresh_from_db()
    assert row.done_at is None
    assert AuditEntry.objects.filter(event="kernel.refused").count() == 2
    assert WorkItem.objects.filter(closed_at__isnull=True).count() == 2


# --- the database's own guard -----------------------------------------------------------------------------


def refused_by(constraint: str, change: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change()
    cause: Any = caught.value.__cause__
    assert cause.diag.constraint_name == constraint


def test_the_database_keeps_what_no_step_changes(
    file: District, admin: User, make_person: MakePerson
) -> None:
    """A case, referral, role or delegation is not turned to somebody else by raw SQL, nor ended twice."""
    manager, expert = make_person(Role.HQ_MANAGER), make_person(Role.HQ_EXPERT)
    case = open_case(file, "موضوع", role=Role.HQ_EXPERT)
    referral = referrals.refer_file(file, to_user=manager, note="ببینید", due_on=ON, actor=expert, at=AT)
    role = grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    delegation = delegations.delegate_powers(
        expert, role=Role.HQ_MANAGER, start_on=ON, last_day=ON, actor=manager, at=AT
    )
    for row, constraint, changes in (
        (case, "case_kept", {"role": "hq_manager"}),
        (case, "case_kept", {"title": "چیز دیگر"}),
        (referral, "k7_referral_kept", {"to_user": expert}),
        (referral, "k7_referral_kept", {"note": "چیز دیگر"}),
        (role, "k6_role_kept", {"role": "hq_manager"}),
        (role, "k6_role_kept", {"user": expert}),
        (delegation, "k6_delegation_kept", {"powers": ["kernel.settle_cases"]}),
    ):
        rows: Any = type(row).objects.filter(pk=row.pk)  # type: ignore[attr-defined]
        refused_by(constraint, lambda rows=rows, changes=changes: rows.update(**changes))  # type: ignore[misc]
        rows.get().refresh_from_db()
    cases.settle_case(case, note="شد", actor=expert, at=AT)
    referrals.finish_referral(referral, note="دیدم", actor=manager, at=AT)
    delegations.end_delegation(delegation, actor=manager, at=AT)
    refused_by("case_kept", lambda: Case.objects.update(settled_note="چیز دیگر"))
    refused_by("k7_referral_kept", lambda: Referral.objects.update(done_at=None))
    refused_by("k6_delegation_kept", lambda: Delegation.objects.update(ended_at=None))
    assert Case.objects.get().settled_note == "شد"
