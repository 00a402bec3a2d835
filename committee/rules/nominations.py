"""Who may do what in a round of nomination, and who sees it (C2)."""

from datetime import date
from typing import Any

from django.db.models import Q

from committee.enums import SeatCode
from committee.models import NominationRound, Nominee
from committee.rules.readers import APPOINTED_MEMBERS, HEADS, NOTHING, reads_committee, seating_of, sitting
from committee.rules.seats import acts_for
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, permission

VOTED_IN_IT = "کسی که در این دور رأی داده است درباره آن تصمیم نمی‌گیرد، به نیابت از معاون نیز."


def rounds_visible_to(user: User, on: date) -> Q:
    """The committee's readers see every round; an NGO sees only its own nomination, on a page of its own."""
    return Q() if reads_committee(user, on) else NOTHING


def can_view_round(user: User, nomination: NominationRound, on: date) -> bool:
    return reads_committee(user, on)


def nominees_visible_to(user: User, on: date) -> Q:
    """Condition on :class:`Nominee` for its own page: HQ's experts and manager, the auditor, the NGO itself."""
    if access.has_role(user, on, Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR):
        return Q()
    if access.has_role(user, on, Role.NGO_USER):
        return Q(ngo__accounts__user=user, ngo__accounts__period__contains=on)
    return NOTHING


def can_view_nominee(user: User, nominee: Nominee, on: date) -> bool:
    if access.has_role(user, on, Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR):
        return True
    return access.has_role(user, on, Role.NGO_USER) and acts_for(user, nominee.ngo_id, on)


def _acts_for_nominee(user: User, nominee: Any, authority: Authority) -> bool | str:
    if authority.role != Role.NGO_USER or acts_for(user, nominee.ngo_id, authority.on):
        return True
    return "شما نماینده این سمن نیستید."


def _sits_and_has_not_chosen(user: User, nomination: Any, authority: Authority) -> bool | str:
    seating = seating_of(user, authority.on)
    if seating is None or seating.seat_code == SeatCode.NGO:
        return "تنها نمایندگان ستاد سمن‌ها و معاونت که اکنون در کرسی‌اند رأی می‌دهند."
    if nomination.ballots.filter(Q(voter=user) | Q(seat_code=seating.seat_code)).exists():
        return "شما پیش از این رأی داده‌اید؛ هر نماینده یک رأی دارد."
    return True


def _has_cast_no_ballot_in_it(user: User, nomination: Any, authority: Authority) -> bool | str:
    """Who voted in a round has not the last word in it too, not as the head's delegate either (C3, K6).

    Asked of those who sit; whoever has left since is refused by the row.
    """
    persons = access.persons_acting(user, authority)
    sits = any(row.person_id in persons for row in sitting(authority.on))
    if sits and nomination.ballots.filter(voter__in=persons).exists():
        return VOTED_IN_IT
    return True


PREPARE_ROUND = permission("nomination.prepare", "آماده‌سازی دور معرفی نامزد", [Role.HQ_EXPERT])
EDIT_NOMINEES = permission("nomination.edit_nominees", "افزودن و برداشتن نامزد", [Role.HQ_EXPERT])
CONSENT = permission("nomination.consent", "پذیرش نامزدی", [Role.HQ_EXPERT, Role.NGO_USER], _acts_for_nominee)
WITHDRAW_NOMINEE = permission(
    "nomination.withdraw_nominee", "انصراف از نامزدی", [Role.HQ_EXPERT, Role.NGO_USER], _acts_for_nominee
)
SEAL = permission("nomination.seal", "نهایی‌کردن سه نامزد", [Role.HQ_MANAGER])
CAST_NOMINATION = permission(
    "nomination.cast", "رأی به نامزد", APPOINTED_MEMBERS, _sits_and_has_not_chosen, delegable=False
)
DECIDE = permission(
    "nomination.decide", "انتخاب نماینده سمن‌ها", [Role.DEPUTY_MANAGER], _has_cast_no_ballot_in_it
)
DECIDE_BY_BALLOTS = permission("nomination.decide_by_ballots", "انتخاب با دو رأی یکسان", [], system=True)
VOID_ROUND = permission("nomination.void", "ابطال دور معرفی", HEADS, system=True)
