"""K6: powers handed over for a time, and the limits of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Delegation, RoleAssignment, User
from staff_portal.kernel.operations import delegations, roles
from staff_portal.kernel.people import access, rules
from tests.kernel.people.conftest import AT, ON, MakePerson, SignedIn, fresh

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def manager(make_person: MakePerson) -> User:
    return make_person(Role.HQ_MANAGER)


@pytest.fixture
def expert(make_person: MakePerson) -> User:
    return make_person(Role.HQ_EXPERT)


def hand_over(manager: User, to: User, **more: object) -> Delegation:
    wanted = {"role": Role.HQ_MANAGER, "start_on": ON, "last_day": ON + WEEK, "actor": manager, "at": AT}
    return delegations.delegate_powers(to, **{**wanted, **more})


def may_change_settings(user: User, on: date = ON) -> access.Authority | None:
    return rules.CHANGE_SETTINGS.authority(fresh(user), None, on)


def test_a_delegate_acts_on_behalf_of_the_manager_within_the_period(manager: User, expert: User) -> None:
    hand_over(manager, expert, start_on=ON + WEEK, last_day=ON + 2 * WEEK)
    assert may_change_settings(expert, ON + WEEK - timedelta(days=1)) is None
    authority = may_change_settings(expert, ON + WEEK)
    assert authority is not None and authority.on_behalf_of == manager
    assert may_change_settings(expert, ON + 2 * WEEK) is not None
    assert may_change_settings(expert, ON + 2 * WEEK + timedelta(days=1)) is None


def test_only_the_chosen_powers_are_handed_over(manager: User, expert: User) -> None:
    hand_over(manager, expert, powers=[rules.CHANGE_SETTINGS.code])
    assert may_change_settings(expert) is not None
    assert rules.CONFIRM_ROLES.authority(fresh(expert), None, ON) is None
    assert expert.pk not in access.holders(Role.HQ_MANAGER, ON)


def test_a_power_that_is_not_the_roles_is_refused_by_its_name(manager: User, expert: User) -> None:
    with pytest.raises(Refusal, match="مدیریت کاربران و نقش‌ها"):
        hand_over(manager, expert, powers=[rules.MANAGE_USERS.code])
    with pytest.raises(Refusal, match="تفویض اختیار"):
        hand_over(manager, expert, powers=[rules.DELEGATE_POWERS.code])


def test_who_lost_the_role_hands_over_nothing_any_more(
    manager: User, expert: User, make_person: MakePerson
) -> None:
    hand_over(manager, expert)
    assert may_change_settings(expert) is not None
    roles.end_role(manager.role_assignments.get(), actor=make_person(Role.ADMIN), at=AT)
    assert may_change_settings(expert) is None
    with pytest.raises(NotPermitted):
        hand_over(fresh(manager), expert)


def test_the_powers_of_a_closed_account_are_gone(manager: User, expert: User) -> None:
    hand_over(manager, expert)
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert may_change_settings(expert) is None


def test_what_was_received_is_not_handed_on(manager: User, expert: User, make_person: MakePerson) -> None:
    hand_over(manager, expert)
    assert rules.own_delegable_roles(fresh(expert), ON) == []
    with pytest.raises(NotPermitted):
        hand_over(fresh(expert), make_person(Role.HQ_EXPERT))


def test_only_to_an_active_person_of_the_own_side(
    manager: User, expert: User, make_person: MakePerson
) -> None:
    with pytest.raises(Refusal, match="ستاد سمن‌ها"):
        hand_over(manager, make_person(Role.DEPUTY_EXPERT))
    with pytest.raises(Refusal, match="شخص دیگری"):
        hand_over(manager, manager)
    User.objects.filter(pk=expert.pk).update(is_active=False)
    with pytest.raises(Refusal, match="بسته"):
        hand_over(manager, fresh(expert))


def test_the_database_refuses_a_delegation_to_oneself(manager: User, expert: User) -> None:
    row = hand_over(manager, expert)
    row.pk, row.delegate = None, manager
    with pytest.raises(IntegrityError, match="k6_delegate_is_other"), transaction.atomic():
        row.save(force_insert=True)


def test_a_period_starts_today_at_the_earliest_and_does_not_overlap(manager: User, expert: User) -> None:
    with pytest.raises(Refusal, match="امروز"):
        hand_over(manager, expert, start_on=ON - timedelta(days=1))
    with pytest.raises(Refusal, match="پیش از تاریخ آغاز"):
        hand_over(manager, expert, last_day=ON - timedelta(days=1))
    hand_over(manager, expert)
    with pytest.raises(Refusal, match="در همین دوره"):
        hand_over(manager, expert, start_on=ON + WEEK, last_day=ON + 2 * WEEK)


def test_ending_takes_the_powers_back_at_once_and_only_the_giver_may(manager: User, expert: User) -> None:
    row = hand_over(manager, expert)
    with pytest.raises(NotPermitted, match="سپرده است"):
        delegations.end_delegation(row, actor=expert, at=AT)
    delegations.end_delegation(row, actor=manager, at=AT)
    assert may_change_settings(expert) is None
    with pytest.raises(Refusal, match="پیش از این"):
        delegations.end_delegation(row, actor=manager, at=AT)
    assert AuditEntry.objects.filter(event="delegation.ended", root_id=manager.pk).count() == 1


def test_by_pages_from_the_form_to_the_delegates_profile(
    manager: User, expert: User, signed_in: SignedIn
) -> None:
    office = signed_in(manager)
    form = office.get(reverse("delegation_new")).content.decode()
    assert rules.CHANGE_SETTINGS.label in form and rules.MANAGE_USERS.label not in form
    answer = office.post(
        reverse("delegation_new"),
        {
            "role": "hq_manager",
            "delegate": expert.pk,
            "start_on": "۱۴۰۵/۹/۳",
            "last_day": "۱۴۰۵/۹/۱۰",
            "reference": "۱۲/۳۴",
            "powers": [rules.CHANGE_SETTINGS.code],
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    desk = signed_in(fresh(expert))
    page = desk.get(reverse("profile")).content.decode()
    assert manager.full_name in page and rules.CHANGE_SETTINGS.label in page
    row = Delegation.objects.get()
    assert desk.post(reverse("delegation_end", args=[row.pk])).status_code == 403
    assert office.post(reverse("delegation_end", args=[row.pk])).status_code == 302
    assert may_change_settings(expert) is None


def test_others_do_not_see_a_delegation_nor_end_it(
    manager: User, expert: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    row = hand_over(manager, expert)
    stranger = signed_in(make_person(Role.HQ_EXPERT))
    assert manager.full_name not in stranger.get(reverse("delegations")).content.decode()
    assert stranger.post(reverse("delegation_end", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("delegation_new")).status_code == 403
    auditor = signed_in(make_person(Role.AUDITOR))
    assert manager.full_name in auditor.get(reverse("delegations")).content.decode()
    assert auditor.get("/delegations/?format=xlsx").status_code == 200


def test_list_and_permission_agree_on_who_confirms_roles(manager: User, make_person: MakePerson) -> None:
    """``roles_to_confirm`` (the list) and ``can_confirm_role`` (the object) give the same answer."""
    admin, deputy = make_person(Role.ADMIN), make_person(Role.DEPUTY_MANAGER)
    waiting = [
        roles.grant_role(make_person(side=side), role, start_on=ON, actor=admin, at=AT)
        for side, role in (("hq", Role.HQ_EXPERT), ("deputy", Role.DEPUTY_EXPERT), ("ngo", Role.NGO_USER))
    ]
    waiting.append(roles.grant_role(manager, Role.HQ_ASSESSOR, start_on=ON, actor=admin, at=AT))
    for person in (admin, manager, deputy, make_person(Role.HQ_EXPERT)):
        listed = set(RoleAssignment.objects.filter(rules.roles_to_confirm(fresh(person), ON)))
        assert listed == {row for row in waiting if rules.can_confirm_role(fresh(person), row, ON)}
