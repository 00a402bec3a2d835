"""K6: the administrator grants, the side's manager confirms, persons count and not roles."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from time_machine import Traveller

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import CONFIRMING_ROLE, Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, RoleAssignment, User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.people import access, rules
from tests.kernel.people.conftest import AT, ON, MakePerson, SignedIn, fresh, give_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person(Role.ADMIN)


@pytest.fixture
def manager(make_person: MakePerson) -> User:
    return make_person(Role.HQ_MANAGER)


def grant(user: User, role: str, admin: User | None, **more: Any) -> RoleAssignment:
    return roles.grant_role(user, role, **{"start_on": ON, "actor": admin, "at": AT, **more})


def test_a_granted_role_counts_only_once_confirmed(
    admin: User, manager: User, make_person: MakePerson
) -> None:
    person = make_person(side="hq")
    assignment = grant(person, Role.HQ_EXPERT, admin)
    assert not access.has_role(fresh(person), ON, Role.HQ_EXPERT)
    roles.confirm_role(assignment, actor=manager, at=AT)
    assert access.has_role(fresh(person), ON, Role.HQ_EXPERT)
    events = list(
        AuditEntry.objects.filter(subject_id=assignment.pk).order_by("id").values_list("event", "role")
    )
    assert events == [("role.granted", "admin"), ("role.confirmed", "hq_manager")]


def test_only_the_administrator_grants(manager: User, make_person: MakePerson) -> None:
    with pytest.raises(NotPermitted, match="راهبر سامانه"):
        grant(make_person(side="hq"), Role.HQ_EXPERT, manager)


def test_the_other_sides_manager_does_not_confirm(
    admin: User, manager: User, make_person: MakePerson
) -> None:
    assignment = grant(make_person(side="deputy"), Role.DEPUTY_EXPERT, admin)
    with pytest.raises(NotPermitted, match="معاون امور اجتماعی و فرهنگی"):
        roles.confirm_role(assignment, actor=manager, at=AT)
    roles.confirm_role(assignment, actor=make_person(Role.DEPUTY_MANAGER), at=AT)


def test_nobody_confirms_an_own_role(admin: User, manager: User) -> None:
    assignment = grant(manager, Role.HQ_ASSESSOR, admin)
    with pytest.raises(NotPermitted, match="نقش خود"):
        roles.confirm_role(assignment, actor=manager, at=AT)
    assert not RoleAssignment.objects.filter(rules.roles_to_confirm(manager, ON)).exists()


def test_a_delegate_does_not_confirm_the_role_of_the_one_who_delegated(
    admin: User, manager: User, make_person: MakePerson
) -> None:
    from staff_portal.kernel.operations.delegations import delegate_powers

    deputy = make_person(Role.HQ_EXPERT)
    delegate_powers(
        deputy, role=Role.HQ_MANAGER, start_on=ON, last_day=ON + timedelta(days=5), actor=manager, at=AT
    )
    own, other = grant(manager, Role.HQ_ASSESSOR, admin), grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    with pytest.raises(NotPermitted, match="نقش خود"):
        roles.confirm_role(own, actor=fresh(deputy), at=AT)
    waiting = RoleAssignment.objects.filter(rules.roles_to_confirm(fresh(deputy), ON))
    assert list(waiting) == [other]
    roles.confirm_role(other, actor=fresh(deputy), at=AT)
    entry = AuditEntry.objects.get(event="role.confirmed")
    assert (entry.role, entry.on_behalf_of) == (Role.HQ_MANAGER, manager)


def test_the_database_too_refuses_a_grant_confirmed_by_its_granter(
    admin: User, make_person: MakePerson
) -> None:
    from django.db import IntegrityError, transaction

    assignment = grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    with pytest.raises(IntegrityError, match="k6_confirmed_by_other"), transaction.atomic():
        RoleAssignment.objects.filter(pk=assignment.pk).update(confirmed_by=admin, confirmed_at=AT)


@pytest.mark.parametrize(("held", "wanted"), [(Role.ADMIN, Role.AUDITOR), (Role.AUDITOR, Role.ADMIN)])
def test_the_administrator_holds_no_other_role(
    admin: User, make_person: MakePerson, held: Role, wanted: Role
) -> None:
    person = make_person(held, side="admin" if wanted == Role.ADMIN else "oversight")
    with pytest.raises(Refusal, match="راهبر سامانه نقش دیگری نمی‌گیرد"):
        grant(person, wanted, admin)


@pytest.mark.parametrize(
    ("held", "wanted"), [(Role.SECRETARY, Role.HQ_MEMBER), (Role.HQ_MEMBER, Role.SECRETARY)]
)
def test_the_secretary_has_no_vote(admin: User, make_person: MakePerson, held: Role, wanted: Role) -> None:
    person = make_person(held, side="hq")
    with pytest.raises(Refusal, match="دبیر کمیته رأی ندارد"):
        grant(person, wanted, admin)
    assert list(person.role_assignments.values_list("role", flat=True)) == [held]


def test_the_administrators_role_is_checked_again_at_confirmation(
    admin: User, manager: User, make_person: MakePerson
) -> None:
    person = make_person(side="admin")
    assignment = grant(person, Role.ADMIN, admin)
    give_role(person, Role.AUDITOR)
    with pytest.raises(Refusal, match="راهبر سامانه نقش دیگری"):
        roles.confirm_role(assignment, actor=manager, at=AT)


def test_a_role_belongs_to_the_persons_side(admin: User, make_person: MakePerson) -> None:
    with pytest.raises(Refusal, match="از آن طرف نیست"):
        grant(make_person(side="ngo"), Role.HQ_EXPERT, admin)


def test_a_role_of_a_district_wants_its_district(admin: User, make_person: MakePerson) -> None:
    person = make_person(side="hq")
    with pytest.raises(Refusal, match="منطقه را برگزینید"):
        grant(person, Role.DISTRICT_HEAD, admin)
    assert grant(person, Role.DISTRICT_HEAD, admin, scope_id=6).scope_id == 6


def test_the_same_role_twice_in_one_period_is_refused_in_a_sentence(
    admin: User, make_person: MakePerson
) -> None:
    person = make_person(side="hq")
    grant(person, Role.HQ_EXPERT, admin, last_day=ON + timedelta(days=9))
    with pytest.raises(Refusal, match="در همین دوره برای همین شخص"):
        grant(person, Role.HQ_EXPERT, admin, start_on=ON + timedelta(days=9))
    assert grant(person, Role.HQ_EXPERT, admin, start_on=ON + timedelta(days=10))


def test_a_refused_role_never_counts_and_may_be_granted_again(
    admin: User, manager: User, make_person: MakePerson
) -> None:
    person = make_person(side="hq")
    assignment = grant(person, Role.HQ_EXPERT, admin)
    with pytest.raises(Refusal, match="سبب"):
        roles.refuse_role(assignment, actor=manager, at=AT, note="  ")
    roles.refuse_role(assignment, actor=manager, at=AT, note="به این نقش نیاز نیست")
    with pytest.raises(Refusal, match="رد شده"):
        roles.confirm_role(assignment, actor=manager, at=AT)
    assert not RoleAssignment.objects.filter(rules.roles_to_confirm(manager, ON)).exists()
    assert grant(person, Role.HQ_EXPERT, admin)


def test_an_ended_role_ends_at_once_and_stays_in_the_history(admin: User, make_person: MakePerson) -> None:
    person = make_person(Role.HQ_EXPERT)
    assignment = person.role_assignments.get()
    roles.end_role(assignment, actor=admin, at=AT)
    assert not access.has_role(fresh(person), ON, Role.HQ_EXPERT)
    assert access.has_role(fresh(person), ON - timedelta(days=1), Role.HQ_EXPERT)
    with pytest.raises(Refusal, match="پیش از این پایان"):
        roles.end_role(assignment, actor=admin, at=AT)


def test_a_role_may_end_with_a_later_day_but_never_be_prolonged(admin: User, make_person: MakePerson) -> None:
    person = make_person(side="hq")
    assignment = give_role(person, Role.HQ_EXPERT, last_day=ON + timedelta(days=10))
    with pytest.raises(Refusal, match="عقب‌تر"):
        roles.end_role(assignment, actor=admin, at=AT, last_day=ON + timedelta(days=11))
    roles.end_role(assignment, actor=admin, at=AT, last_day=ON + timedelta(days=2))
    assert access.has_role(fresh(person), ON + timedelta(days=2), Role.HQ_EXPERT)
    assert not access.has_role(fresh(person), ON + timedelta(days=3), Role.HQ_EXPERT)


def test_one_administrator_stays(admin: User, make_person: MakePerson) -> None:
    with pytest.raises(Refusal, match="دست‌کم یک راهبر"):
        roles.end_role(admin.role_assignments.get(), actor=admin, at=AT)
    second = make_person(Role.ADMIN)
    roles.end_role(second.role_assignments.get(), actor=admin, at=AT)


def test_the_first_manager_of_a_side_is_confirmed_by_the_command_line_only(
    admin: User, make_person: MakePerson
) -> None:
    first, second = make_person(side="hq"), make_person(side="hq")
    roles.confirm_role(grant(first, Role.HQ_MANAGER, None), actor=None, at=AT)
    assert access.has_role(fresh(first), ON, Role.HQ_MANAGER)
    with pytest.raises(NotPermitted, match="رئیس ستاد سمن‌ها"):
        roles.confirm_role(grant(second, Role.HQ_EXPERT, None), actor=None, at=AT)


def test_every_role_has_a_confirming_manager() -> None:
    assert set(CONFIRMING_ROLE) == set(Role)


# --- pages ------------------------------------------------------------------------------------------------


def test_from_the_grant_to_the_managers_inbox_to_the_role_by_pages(
    admin: User, manager: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    person = make_person(side="hq", last_name="بهاری")
    desk = signed_in(admin)
    answer = desk.post(
        reverse("role_grant", args=[person.pk]), {"role": "hq_expert", "start_on": "۱۴۰۵/۹/۳", "last_day": ""}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    task = contributions.inbox(fresh(manager), AT)[0]
    assert "کارشناس ستاد سمن‌ها" in task.title and "بهاری" in task.title
    office = signed_in(manager)
    assert "بهاری" in office.get(reverse("roles")).content.decode()
    assert office.get(task.url).status_code == 200
    assignment = person.role_assignments.get()
    assert office.post(reverse("role_confirm", args=[assignment.pk])).status_code == 302
    assert access.has_role(fresh(person), ON, Role.HQ_EXPERT)
    assert contributions.inbox(fresh(manager), AT) == []


def test_the_administrators_own_click_on_confirm_is_a_403_with_the_sentence(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    assignment = grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    answer = signed_in(admin).post(reverse("role_confirm", args=[assignment.pk]))
    assert answer.status_code == 403
    assert "این کار با رئیس ستاد سمن‌ها" in answer.content.decode()


def test_a_refusal_without_a_note_keeps_the_page_and_the_role_waits(
    admin: User, manager: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    assignment = grant(make_person(side="hq"), Role.HQ_EXPERT, admin)
    answer = signed_in(manager).post(reverse("role_refuse", args=[assignment.pk]), {"note": ""})
    assert answer.status_code == 200 and "این خانه را پر کنید" in answer.content.decode()
    assert RoleAssignment.objects.filter(rules.roles_to_confirm(manager, ON)).exists()


def test_a_wrong_scope_keeps_what_was_typed(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    person = make_person(side="hq")
    answer = signed_in(admin).post(
        reverse("role_grant", args=[person.pk]), {"role": "district_head", "start_on": "۱۴۰۵/۹/۳۰"}
    )
    text = answer.content.decode()
    assert "منطقه را برگزینید" in text and "۱۴۰۵/۹/۳۰" in text


# --- commands ---------------------------------------------------------------------------------------------


def test_commands_make_a_user_and_a_role_by_the_same_operations(
    make_person: MakePerson, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_USER_PASSWORD", "an-other-long-word")
    out = StringIO()
    call_command(
        "create_user", "Hq.New", "--first-name=سارا", "--last-name=نوری", "--side=hq", stdout=out, stderr=out
    )
    user = User.objects.get(username="hq.new")
    assert user.check_password("an-other-long-word") and "an-other-long-word" not in out.getvalue()
    call_command("grant_role", "hq.new", "hq_manager", stdout=out)
    assert access.has_role(user, ON, Role.HQ_MANAGER)
    second = make_person(side="hq")
    call_command("grant_role", second.username, "hq_expert", stdout=out)
    assert not access.has_role(fresh(second), ON, Role.HQ_EXPERT)
    third = make_person(side="hq")
    call_command(
        "grant_role", third.username, "hq_expert", "--confirmed-by=hq.new", "--until=۱۴۰۵/۱۰/۱", stdout=out
    )
    assert access.has_role(fresh(third), ON, Role.HQ_EXPERT)


def test_a_command_refuses_in_one_sentence_and_writes_nothing(
    manager: User, make_person: MakePerson, clock: Traveller
) -> None:
    person = make_person(side="hq")
    with pytest.raises(CommandError, match="معاون امور"):
        call_command(
            "grant_role",
            make_person(side="deputy").username,
            "deputy_expert",
            f"--confirmed-by={manager.username}",
        )
    with pytest.raises(CommandError, match="کبیسه"):
        call_command("grant_role", person.username, "hq_expert", "--until=1405/12/30")
    assert not RoleAssignment.objects.filter(user=person).exists()
    assert RoleAssignment.objects.filter(role="deputy_expert").count() == 0
