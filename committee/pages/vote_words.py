"""What the pages of resolutions draw: signatures of both sides, the vote, how far a clock is."""

from datetime import date
from typing import Any

from committee.enums import ActionState, VotingMode
from committee.models import ActionItem, Motion, Resolution
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days


def both_signatures(resolution: Resolution) -> list[dict[str, Any]]:
    """The two sides with who has signed for each, or that it is awaited."""
    return [
        _side("ستاد سمن‌ها", resolution.hq_signed_by_id, resolution.hq_signature, resolution.hq_signed_at),
        _side(
            "معاونت",
            resolution.deputy_signed_by_id,
            resolution.deputy_signature,
            resolution.deputy_signed_at,
        ),
    ]


def _side(label: str, signer: int | None, kept: dict[str, Any], signed_at: Any) -> dict[str, Any]:
    if signer is None:
        return {"side": label, "name": "", "role": ""}
    behalf = kept.get("on_behalf_of", "")
    return {
        "side": label,
        "name": kept.get("name", ""),
        "role": f"از طرف {behalf}" if behalf else kept.get("post", ""),
        "at": format_jalali(signed_at, "moment"),
    }


def vote_facts(motion: Motion) -> list[dict[str, Any]]:
    """The result of the vote; single ballots stand on the motion's own page."""
    counts = f"{motion.votes_for} موافق، {motion.votes_against} مخالف، {motion.votes_abstain} ممتنع"
    items = [
        {"label": "شیوه", "value": str(VotingMode(motion.mode).label) if motion.mode else ""},
        {"label": "شمارش", "value": to_persian_digits(counts)},
        {"label": "مبنا", "value": to_persian_digits(f"{motion.base} کرسی")},
    ]
    if motion.recused_count:
        items.append({"label": "کنارکشیده", "value": to_persian_digits(f"{motion.recused_count} عضو")})
    if motion.meeting is not None and motion.mode == VotingMode.MEETING:
        items.append({"label": "جلسه", "value": str(motion.meeting)})
    return items


def action_due(action: ActionItem, on: date) -> tuple[str, str]:
    """How far the due day is, with its tone; nothing once the work is over."""
    if action.state != ActionState.OPEN:
        return "", "neutral"
    words = relative_days(action.due_on, on)
    if action.due_on < on:
        return words, "no"
    return words, "wait" if (action.due_on - on).days <= 3 else "neutral"
