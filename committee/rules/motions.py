"""Who may do what with a motion and its vote, and who sees it (C5, C6)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from committee.enums import MeetingState
from committee.models import Ballot, Motion, Recusal, Seating
from committee.rules.readers import MEMBERS, NO_SEAT, NOTHING, PROPOSERS, reads_committee, seating_of
from staff_portal.kernel.base import request_cache
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, permission


def motions_visible_to(user: User, on: date) -> Q:
    """The committee's readers see what was tabled, which has its fingerprint; a draft, also one that was withdrawn, is
    its proposer's, the secretary's and the auditor's."""
    if not reads_committee(user, on):
        return NOTHING
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR):
        return Q()
    return ~Q(text_hash="") | Q(proposed_by=user)


def can_view_motion(user: User, motion: Motion, on: date) -> bool:
    """The object form of :func:`motions_visible_to`."""
    if not reads_committee(user, on):
        return False
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR) or motion.text_hash:
        return True
    return motion.proposed_by_id == user.pk


STOOD_ASIDE = "شما از رأی به این پیشنهاد کناره گرفته‌اید."


def _has_a_place(user: User, motion: Any, authority: Authority) -> bool | str:
    """A member writes while in the seat, the others by their office (X9)."""
    return NO_SEAT if authority.role in MEMBERS and seating_of(user, authority.on) is None else True


def _is_proposer(user: User, motion: Any, authority: Authority) -> bool | str:
    if motion.proposed_by_id != user.pk:
        return "این پیشنهاد را شخص دیگری نوشته است؛ ویرایش و پس‌گرفتن آن با همان شخص است."
    return _has_a_place(user, motion, authority)


def _may_vote(user: User, motion: Any, authority: Authority) -> bool | str:
    seating = seating_of(user, authority.on)
    if seating is None:
        return NO_SEAT
    has_voted, is_aside = _part_in(motion, user, seating)
    if has_voted:
        return "شما پیش از این به این پیشنهاد رأی داده‌اید."
    return STOOD_ASIDE if is_aside else True


def _votes_on_it(user: User, motion: Any, authority: Authority) -> bool | str:
    """A seat that votes on this motion; whether it has voted already does not matter (C5)."""
    seating = seating_of(user, authority.on)
    if seating is None:
        return NO_SEAT
    return STOOD_ASIDE if _part_in(motion, user, seating)[1] else True


def _part_in(motion: Motion, user: User, seating: Seating) -> tuple[bool, bool]:
    """Whether the person or the seat has voted, and whether the seat stands aside; asked once."""
    own = Q(voter=user) | Q(seat_code=seating.seat_code)
    ballots = Ballot.objects.filter(own, motion=OuterRef("pk"))
    aside = Recusal.objects.filter(motion=OuterRef("pk"), seat_code=seating.seat_code)
    asked = Motion.objects.filter(pk=motion.pk).values_list(Exists(ballots), Exists(aside))
    found: tuple[bool, bool] = request_cache.once(("part in vote", motion.pk, user.pk), asked.get)
    return found


def _may_agree(user: User, motion: Any, authority: Authority) -> bool | str:
    """Who sits, while the sitting has an item that was added or changed after the call (C4)."""
    if seating_of(user, authority.on) is None:
        return NO_SEAT
    is_asked = motion.agenda_items.filter(
        changed_at__isnull=False, meeting__state=MeetingState.IN_SESSION
    ).exists()
    return True if is_asked else "این دستور با دعوت جلسه اعلام شده است؛ موافقت جداگانه لازم نیست."


AGREE_ITEM = permission(
    "motion.agree_item", "موافقت با رأی‌گیری در همین جلسه", MEMBERS, _may_agree, delegable=False
)
PROPOSE_MOTION = permission("motion.propose", "نوشتن پیشنهاد", PROPOSERS, _has_a_place)
EDIT_MOTION = permission("motion.edit", "ویرایش پیشنهاد خود", PROPOSERS, _is_proposer)
TABLE_MOTION = permission("motion.table", "در دستور نهادن پیشنهاد", [Role.SECRETARY])
WITHDRAW_MOTION = permission("motion.withdraw", "پس‌گرفتن پیشنهاد خود", PROPOSERS, _is_proposer)
OPEN_VOTE = permission("motion.open_vote", "آغاز رأی‌گیری", [Role.SECRETARY])
CAST = permission("motion.cast", "رأی‌دادن", MEMBERS, _may_vote, delegable=False)
RECUSE = permission("motion.recuse", "کناره‌گیری از رأی", MEMBERS, _may_vote, delegable=False)
ASK_MEETING = permission(
    "motion.ask_meeting", "درخواست جلسه به جای مکاتبه", MEMBERS, _votes_on_it, delegable=False
)
CLOSE_VOTE = permission("motion.close_vote", "پایان رأی‌گیری", [Role.SECRETARY], system=True)
COPY_MOTION = permission("motion.copy", "رونوشت پیشنهاد", PROPOSERS, _has_a_place)
AMEND_MOTION = permission("motion.amend", "ثبت متن اصلاح‌شده در جلسه", [Role.SECRETARY])
RETRY_EFFECT = permission("motion.retry_effect", "اجرای دوباره پیامد مصوبه", [Role.SECRETARY])
