"""Who may do what after the vote: resolutions, their follow-ups and the minutes (C7, C8)."""

from datetime import date
from typing import Any

from django.db.models import Q

from committee.enums import MinutesState, ResolutionState
from committee.models import ActionItem, Minutes, Resolution
from committee.rules.readers import (
    HEAD_SIDE,
    HEADS,
    MEMBERS,
    NO_SEAT,
    NOTHING,
    RESOLUTION_READERS,
    is_member,
    reads_committee,
    seating_of,
)
from committee.rules.seats import acts_for
from staff_portal.kernel.base.roles import Role, ScopeKind, Side
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, permission


def resolutions_visible_to(user: User, on: date) -> Q:
    """The committee's readers see all; whoever works here or represents an NGO sees those announced, and the
    one whose follow-up was given to them."""
    if reads_committee(user, on):
        return Q()
    if access.has_role(user, on, *RESOLUTION_READERS):
        own = ActionItem.objects.filter(owner=user).values("resolution")
        return Q(state=ResolutionState.ANNOUNCED) | Q(pk__in=own)
    return NOTHING


def can_view_resolution(user: User, resolution: Resolution, on: date) -> bool:
    """The object form of :func:`resolutions_visible_to`."""
    if reads_committee(user, on):
        return True
    if not access.has_role(user, on, *RESOLUTION_READERS):
        return False
    return resolution.state == ResolutionState.ANNOUNCED or resolution.actions.filter(owner=user).exists()


def minutes_visible_to(user: User, on: date) -> Q:
    """A draft is the secretary's; circulated minutes are read by the committee's readers."""
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR):
        return Q()
    return ~Q(state=MinutesState.DRAFT) if reads_committee(user, on) else NOTHING


def can_view_minutes(user: User, minutes: Minutes, on: date) -> bool:
    """The object form of :func:`minutes_visible_to`."""
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR):
        return True
    return minutes.state != MinutesState.DRAFT and reads_committee(user, on)


def _side_not_signed(user: User, resolution: Any, authority: Authority) -> bool | str:
    side = HEAD_SIDE[authority.role]
    signed_by = resolution.hq_signed_by_id if side == Side.HQ else resolution.deputy_signed_by_id
    if signed_by is not None:
        return "ابلاغ پیش از این از سوی طرف شما امضا شده است."
    other = resolution.deputy_signed_by_id if side == Side.HQ else resolution.hq_signed_by_id
    return True if other != user.pk else "یک شخص نمی‌تواند از سوی هر دو طرف امضا کند."


def _owns_action(user: User, action: Any, authority: Authority) -> bool | str:
    if authority.role == Role.SECRETARY or action.owner_id == user.pk:
        return True
    return "این پیگیری به شخص دیگری سپرده شده است؛ نتیجه را خود او یا دبیر ثبت می‌کند."


def _sat_in_meeting(user: User, minutes: Any, authority: Authority) -> bool | str:
    if seating_of(user, authority.on) is None:
        return NO_SEAT
    if minutes.meeting.invitations.filter(seating__person=user).exists():
        return True
    return "شما به این جلسه دعوت نشده بودید؛ درخواست اصلاح با اعضای دعوت‌شده است."


def _was_present(user: User, minutes: Any, authority: Authority) -> bool | str:
    if minutes.signatures.filter(signed_by=user).exists():
        return "شما این صورتجلسه را پیش از این امضا کرده‌اید."
    if seating_of(user, authority.on) is None:
        return NO_SEAT
    if minutes.meeting.presences.filter(seating__person=user).exists():
        return True
    return "صورتجلسه را کسانی امضا می‌کنند که در جلسه حاضر بوده‌اند."


SIGN_RESOLUTION = permission("resolution.sign", "امضای ابلاغ مصوبه", HEADS, _side_not_signed)


def _stands_behind(user: User, addressee: Any, authority: Authority) -> bool | str:
    """The person addressed, the unit's or its region's own people, whoever represents the NGO."""
    if addressee.person_id is not None:
        is_theirs = addressee.person_id == user.pk
    elif addressee.ngo_id is not None:
        is_theirs = authority.role == Role.NGO_USER and acts_for(user, addressee.ngo_id, authority.on)
    else:
        unit = addressee.unit
        is_theirs = authority.covers(ScopeKind.UNIT, unit.pk) or (
            unit.district_id is not None
            and authority.role == Role.REGION_OFFICER
            and authority.covers(ScopeKind.DISTRICT, unit.district_id)
        )
    return True if is_theirs else "دریافت ابلاغ را خود گیرنده تأیید می‌کند."


ADDRESS_RESOLUTION = permission("resolution.address", "گزینش گیرندگان ابلاغ", [Role.SECRETARY])
RECEIVE = permission(
    "resolution.receive",
    "تأیید دریافت ابلاغ",
    [role for role in Role if role != Role.ADMIN],
    _stands_behind,
    delegable=False,
)
ADD_ACTION = permission("action.add", "سپردن پیگیری مصوبه", [Role.SECRETARY])
WORKERS = [role for role in Role if role != Role.ADMIN]
FINISH_ACTION = permission("action.finish", "ثبت انجام پیگیری", WORKERS, _owns_action, delegable=False)
EXTEND_ACTION = permission("action.extend", "تمدید مهلت پیگیری", [Role.SECRETARY])
BY_SYSTEM = permission("committee.by_system", "کار خودکار سامانه در کمیته", [], system=True)
CANCEL_ACTION = permission("action.cancel", "منتفی‌کردن پیگیری", [Role.SECRETARY])
WRITE_MINUTES = permission("minutes.write", "نوشتن صورتجلسه", [Role.SECRETARY])
ASK_AMENDMENT = permission(
    "minutes.ask_amendment",
    "درخواست اصلاح صورتجلسه",
    MEMBERS,
    _sat_in_meeting,
    delegable=False,
    stands=is_member,
)
START_SIGNING = permission("minutes.start_signing", "آغاز امضای صورتجلسه", [Role.SECRETARY], system=True)
SIGN_MINUTES = permission(
    "minutes.sign", "امضای صورتجلسه", MEMBERS, _was_present, delegable=False, stands=is_member
)
SEAL_MINUTES = permission("minutes.seal", "نهایی‌کردن صورتجلسه", [Role.SECRETARY], system=True)
