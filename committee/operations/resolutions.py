"""Resolutions: a carried motion gets its number and, once both sides have signed, its letter (C8)."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from committee import queries
from committee.announcement import issue_announcement
from committee.enums import MotionState, ResolutionState
from committee.models import Motion, Resolution
from committee.rules import HEAD_SIDE
from ngos.models import NgoAccount
from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.letters.issuing import isolated, signature_of
from staff_portal.kernel.letters.numbering import issue_number
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

#: code of resolutions in their numbers, ``1405/م/12`` (K2)
NUMBER_KIND = "م"
NOT_CARRIED = "مصوبه تنها از پیشنهاد تصویب‌شده ساخته می‌شود."


def adopt(motion: Motion, *, step: Step) -> Resolution:
    """Make the resolution of a motion that was just carried (C8, K2), by the authority that closes the vote."""
    made: Resolution = table_for(Resolution).apply(motion, "adopt", actor=step.actor, at=step.at, within=step)
    return made


def not_carried(motion: Motion, step: Step) -> Iterable[str]:
    """Only a carried motion is a resolution."""
    if motion.state != MotionState.CARRIED:
        yield NOT_CARRIED


def adopted(motion: Motion, step: Step) -> dict[str, Any]:
    """The number, and the text exactly as it was voted on."""
    number = issue_number(kind=NUMBER_KIND, on=step.on, at=step.at)
    return {
        "motion": motion,
        "number": number,
        "title": motion.title,
        "text": motion.text,
        "text_hash": motion.text_hash,
        "search_text": search_fold(f"{number.text} {motion.title} {motion.text}"),
        "adopted_on": step.on,
    }


def side_signature(resolution: Resolution, step: Step) -> dict[str, Any]:
    """The columns of the side for which the person signs; a delegate signs «از طرف» the manager (C8, K6)."""
    side = "hq" if HEAD_SIDE[step.authority.role] == Side.HQ else "deputy"
    return {
        f"{side}_signed_by": step.actor,
        f"{side}_signed_at": step.at,
        f"{side}_signature": asdict(signature_of(step.actor, step.authority)),
    }


def announce_when_both(resolution: Resolution, step: Step) -> None:
    """With the second signature the resolution is announced: a sentence of its own in the trail (C8)."""
    if is_signed_by_both(resolution):
        table_for(resolution).apply(resolution, "announce", actor=step.actor, at=step.at, within=step)


def is_signed_by_both(resolution: Resolution) -> bool:
    """Whether the head of either side has signed."""
    return resolution.hq_signed_by_id is not None and resolution.deputy_signed_by_id is not None


def announced(resolution: Resolution, step: Step) -> dict[str, Any]:
    """The letter that both signatures issue."""
    letter = issue_announcement(resolution, actor=step.actor, at=step.at, authority=step.authority)
    return {"letter": letter}


def facts_of(resolution: Resolution) -> list[dict[str, Any]]:
    """What a resolution is: number, kind, day, announcement."""
    is_announced = resolution.state == ResolutionState.ANNOUNCED
    return [
        {"label": "شماره", "value": isolated(resolution.number.text)},
        {"label": "نوع", "value": str(resolution.motion.get_kind_display())},
        {"label": "تاریخ تصویب", "value": format_jalali(resolution.adopted_on, "medium")},
        {
            "label": "ابلاغ",
            "value": format_jalali(resolution.state_since, "medium")
            if is_announced
            else "هنوز ابلاغ نشده است",
        },
    ]


def facts_to_sign(resolution: Resolution) -> list[dict[str, Any]]:
    """What the page shows to the head who signs: the resolution and its whole text."""
    return [*facts_of(resolution)[:3], {"label": "متن مصوبه", "value": resolution.text}]


def one_side_signed(resolution: Resolution) -> str:
    """What the inbox says of an announcement that waits."""
    words = f"مصوبه {to_persian_digits(resolution.number.text)}"
    is_begun = resolution.hq_signed_by_id is not None or resolution.deputy_signed_by_id is not None
    return f"{words}؛ طرف دیگر امضا کرده است" if is_begun else words


def unsigned_heads(resolution: Resolution) -> list[str]:
    """The roles of the heads who have not signed yet."""
    heads = {Role.HQ_MANAGER: resolution.hq_signed_by_id, Role.DEPUTY_MANAGER: resolution.deputy_signed_by_id}
    return [role for role, signed_by in heads.items() if signed_by is None]


def concerned(resolution: Resolution) -> Iterable[int | None]:
    """Members, who proposed it, whose work it is, and the NGO it is about (the offices are told by their roles)."""
    motion = resolution.motion
    on = local_date(resolution.state_since)
    people = {*queries.member_ids(on), motion.proposed_by_id}
    people.update(resolution.actions.values_list("owner_id", flat=True))
    accounts = NgoAccount.objects.filter(
        ngo=motion.concerns_ngo_id or 0, period__contains=on, user__is_active=True
    )
    return sorted(pk for pk in people | set(accounts.values_list("user_id", flat=True)) if pk)
