"""Who may do what with the memorandum, the terms, and the seats of the committee (C1)."""

from datetime import date
from typing import Any

from committee.enums import SEAT_SIDE, SeatCode
from committee.rules.readers import HEAD_SIDE, HEADS
from ngos.models import NgoAccount
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import Authority, permission


def _other_head(user: User, term: Any, authority: Authority) -> bool | str:
    if HEAD_SIDE[authority.role] == term.proposed_side or user.pk == term.proposed_by_id:
        return "دوره را یک طرف پیشنهاد می‌کند و رئیس طرف دیگر می‌پذیرد."
    return True


def _own_proposal(user: User, term: Any, authority: Authority) -> bool | str:
    if HEAD_SIDE[authority.role] == term.proposed_side:
        return True
    return "این دوره را طرف دیگر پیشنهاد کرده است؛ تنها همان طرف می‌تواند پیشنهاد خود را پس بگیرد."


def _head_of_seat(user: User, seat: Any, authority: Authority) -> bool | str:
    """Each side's head appoints its own two (C1)."""
    code = getattr(seat, "seat_code", None) or seat.code
    if code == SeatCode.NGO:
        return "کرسی سمن‌ها تنها با دور معرفی نامزد پر می‌شود."
    if HEAD_SIDE[authority.role] != SEAT_SIDE[code]:
        return "هر طرف تنها دو نماینده خود را منصوب می‌کند."
    return True


def _other_chair_head(user: User, term: Any, authority: Authority) -> bool | str:
    if not term.proposed_chair_code:
        return "تغییری برای رئیس کمیته پیشنهاد نشده است."
    proposer = term.chair_proposed_by
    if proposer is None or proposer.pk == user.pk or proposer.side == HEAD_SIDE[authority.role]:
        return "تغییر رئیس را یک طرف پیشنهاد می‌کند و رئیس طرف دیگر می‌پذیرد."
    return True


def _own_chair_proposal(user: User, term: Any, authority: Authority) -> bool | str:
    proposer = term.chair_proposed_by
    if not term.proposed_chair_code or proposer is None:
        return "تغییری برای رئیس کمیته پیشنهاد نشده است."
    if proposer.pk == user.pk or proposer.side == HEAD_SIDE[authority.role]:
        return True
    return "این پیشنهاد از طرف دیگر است؛ تنها همان طرف آن را پس می‌گیرد."


def _acts_for_seated_ngo(user: User, seating: Any, authority: Authority) -> bool | str:
    if authority.role != Role.NGO_USER or acts_for(user, seating.ngo_id, authority.on):
        return True
    return "شما نماینده این سمن نیستید."


def acts_for(user: User, ngo_id: int | None, on: date) -> bool:
    """Whether the person acts for that NGO on that day."""
    return NgoAccount.objects.filter(user=user, ngo_id=ngo_id or 0, period__contains=on).exists()


RECORD_MEMORANDUM = permission("committee.memorandum", "ثبت تفاهم‌نامه", HEADS)
PROPOSE_TERM = permission("committee.propose_term", "پیشنهاد دوره کمیته", HEADS)
AGREE_TERM = permission("committee.agree_term", "پذیرش دوره کمیته", HEADS, _other_head)
WITHDRAW_TERM = permission("committee.withdraw_term", "پس‌گرفتن پیشنهاد دوره کمیته", HEADS, _own_proposal)
PROPOSE_CHAIR = permission("committee.propose_chair", "پیشنهاد رئیس کمیته", HEADS)
AGREE_CHAIR = permission("committee.agree_chair", "پذیرش رئیس کمیته", HEADS, _other_chair_head)
WITHDRAW_CHAIR = permission(
    "committee.withdraw_chair", "پس‌گرفتن پیشنهاد رئیس کمیته", HEADS, _own_chair_proposal
)
APPOINT = permission("committee.appoint", "انتصاب نماینده در کمیته", HEADS, _head_of_seat)
RECALL = permission("committee.recall", "پایان‌دادن به عضویت در کمیته", HEADS, _head_of_seat)
REPLACE_REPRESENTATIVE = permission(
    "committee.replace_representative",
    "تغییر نماینده سمن در کمیته",
    [Role.HQ_EXPERT, Role.NGO_USER],
    _acts_for_seated_ngo,
)
