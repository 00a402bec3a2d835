"""Resolutions: a carried motion gets its number and, once both sides have signed, its letter (C8)."""

from dataclasses import asdict
from typing import Any

from committee import events
from committee.announcement import issue_announcement
from committee.enums import MotionState, ResolutionState
from committee.models import Motion, Resolution
from committee.rules import HEAD_SIDE
from staff_portal.kernel import audit
from staff_portal.kernel.operations.letters import signature_of
from staff_portal.kernel.operations.numbering import issue_number
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.roles import Side
from staff_portal.kernel.workflow import Step

#: code of resolutions in their numbers, ``1405/م/12`` (K2)
NUMBER_KIND = "م"
NOT_CARRIED = "مصوبه تنها از پیشنهاد تصویب‌شده ساخته می‌شود."


def adopt(motion: Motion, *, step: Step) -> Resolution:
    """Make the resolution of a motion that was just carried: number, and the text exactly as voted on (C8, K2).

    Call it inside the transaction that closes the vote, after the motion was stored as carried.
    """
    if motion.state != MotionState.CARRIED:
        raise Refusal(NOT_CARRIED)
    number = issue_number(kind=NUMBER_KIND, on=step.on, at=step.at)
    resolution = Resolution.objects.create(
        motion=motion,
        number=number,
        title=motion.title,
        text=motion.text,
        text_hash=motion.text_hash,
        search_text=search_fold(f"{number.text} {motion.title} {motion.text}"),
        adopted_on=step.on,
        state_since=step.at,
    )
    audit.record(
        events.RESOLUTION_ADOPTED,
        resolution,
        actor=step.actor,
        at=step.at,
        authority=step.authority,
        after={"number": number.text, "motion": motion.pk, "text_hash": motion.text_hash},
    )
    return resolution


def side_signature(resolution: Resolution, step: Step) -> dict[str, Any]:
    """The columns of the side for which the person signs; a delegate signs «از طرف» the manager (C8, K6)."""
    side = "hq" if HEAD_SIDE[step.authority.role] == Side.HQ else "deputy"
    return {
        f"{side}_signed_by": step.actor,
        f"{side}_signed_at": step.at,
        f"{side}_signature": asdict(signature_of(step.actor, step.authority)),
    }


def announce_when_both(resolution: Resolution, step: Step) -> dict[str, Any]:
    """With the second signature the letter is issued and the resolution is announced (C8)."""
    if resolution.hq_signed_by_id is None or resolution.deputy_signed_by_id is None:
        return {"side": HEAD_SIDE[step.authority.role]}
    letter = issue_announcement(resolution, actor=step.actor, at=step.at, authority=step.authority)
    before = audit.snapshot(resolution, ["state"])
    resolution.letter, resolution.state = letter, ResolutionState.ANNOUNCED
    resolution.state_since = step.at
    resolution.save(update_fields=["letter", "state", "state_since"])
    audit.record(
        events.RESOLUTION_ANNOUNCED,
        resolution,
        actor=step.actor,
        at=step.at,
        authority=step.authority,
        before=before,
        after={"state": resolution.state, "letter": letter.number.text},
        label=f"{resolution.title} ({to_persian_digits(resolution.number.text)})",
    )
    return {"side": HEAD_SIDE[step.authority.role], "letter": letter.number.text}
