"""Who may do what with a meeting, and who sees it (C3, C4)."""

from datetime import date
from typing import Any

from django.db.models import F, Q

from committee.models import Seating
from committee.rules.readers import (
    APPOINTED_MEMBERS,
    MEMBERS,
    NO_SEAT,
    NOTHING,
    is_member,
    reads_committee,
    seating_of,
)
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, permission

NO_CHAIR = (
    "کرسی رئیس کمیته خالی است؛ رئیس ستاد سمن‌ها و معاون باید آن را پر کنند یا درباره رئیس دیگری توافق کنند."
)


def meetings_visible_to(user: User, on: date) -> Q:
    """The committee's readers see every meeting; the calendar file is the members' and the secretary's."""
    return Q() if reads_committee(user, on) else NOTHING


def can_view_meeting(user: User, meeting: Any, on: date) -> bool:
    """The object form of :func:`meetings_visible_to`."""
    return reads_committee(user, on)


def is_chair(user: User, on: date) -> bool:
    """Whether the person sits today in the seat that chairs the running term."""
    seating = seating_of(user, on)
    return seating is not None and seating.seat_code == seating.seat.term.chair_code


def has_chair(on: date) -> bool:
    """Whether somebody sits on that day in the seat that chairs."""
    return Seating.objects.filter(period__contains=on, seat_code=F("seat__term__chair_code")).exists()


def _is_chair(user: User, meeting: Any, authority: Authority) -> bool | str:
    if is_chair(user, authority.on):
        return True
    return "دعوت را رئیس کمیته امضا می‌کند." if has_chair(authority.on) else NO_CHAIR


def can_take_calendar(user: User, on: date) -> bool:
    """The calendar file is for those who come to the meeting: members and secretary."""
    return access.has_role(user, on, Role.SECRETARY) or is_member(user, on)


def _own_seat(user: User, meeting: Any, authority: Authority) -> bool | str:
    if authority.role == Role.SECRETARY:
        return True
    return True if seating_of(user, authority.on) else NO_SEAT


def _may_open_early(user: User, meeting: Any, authority: Authority) -> bool | str:
    """Who sits, on the meeting's own day."""
    if seating_of(user, authority.on) is None:
        return NO_SEAT
    if access.local_date(meeting.starts_at) != authority.on:
        return "موافقت با آغاز زودتر در روز خود جلسه ثبت می‌شود."
    return True


SIGN_SUPPLEMENT = permission(
    "meeting.sign_supplement", "امضای متمم دستور جلسه", APPOINTED_MEMBERS, _is_chair, delegable=False
)
PLAN_MEETING = permission("meeting.plan", "برنامه‌ریزی جلسه", [Role.SECRETARY])
SUBMIT_CALL = permission("meeting.submit_call", "ارسال دعوت برای امضای رئیس", [Role.SECRETARY])
SIGN_CALL = permission("meeting.call", "امضای دعوت جلسه", APPOINTED_MEMBERS, _is_chair, delegable=False)
OPEN_MEETING = permission("meeting.open", "آغاز جلسه", [Role.SECRETARY])
AGREE_EARLY = permission(
    "meeting.agree_early", "موافقت با آغاز زودتر جلسه", MEMBERS, _may_open_early, delegable=False
)
CLOSE_MEETING = permission("meeting.close", "پایان جلسه", [Role.SECRETARY])
CANCEL_MEETING = permission("meeting.cancel", "لغو جلسه", [Role.SECRETARY])
RECORD_PRESENCE = permission(
    "meeting.presence", "ثبت ورود و خروج", [Role.SECRETARY, *MEMBERS], _own_seat, delegable=False
)
RECORD_ABSENCE = permission(
    "meeting.absence", "ثبت غیبت", [Role.SECRETARY, *MEMBERS], _own_seat, delegable=False
)
HAND_OVER = permission("meeting.hand_over", "ثبت تحویل دستی دعوت‌نامه", [Role.SECRETARY])
WAIVE_NOTICE = permission("meeting.waive", "گذشت از مهلت دعوت", MEMBERS, _own_seat, delegable=False)
