"""The vote: opened in a meeting or by circulation, ballots and recusals, counted and closed (C4–C7).

Everything here runs inside a row that holds the motion's lock: no ballot is taken after the tally and
none is missing from it. The database counts quorum, ballots, base and the chain's end again.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from committee import chain, rules, settings
from committee.enums import (
    MotionKind,
    MotionState,
    RecusalSource,
    VotingMode,
)
from committee.interests import interests
from committee.models import Ballot, Motion, Recusal, Seating
from committee.motion_subjects import subject_of
from committee.operations import effects, meetings, motions, supplements
from committee.operations.motions import sitting_of
from committee.queries import seats_on_hold, sitting
from committee.tally import Tally, tally
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

NO_SITTING = "این پیشنهاد در دستور جلسه‌ای نیست که اکنون برگزار می‌شود."
NOT_PRESENT = "در جلسه تنها عضوی رأی می‌دهد که حاضر است؛ ورود شما ثبت نشده یا جلسه را ترک کرده‌اید."
ON_HOLD = "عضویت سمن دارنده این کرسی تعلیق شده است؛ رأی آن تا رفع تعلیق متوقف است."
PAST_DEADLINE = "مهلت این رأی‌گیری مکاتبه‌ای گذشته است."
GENERAL_RULE = "این پیشنهاد قاعده‌ای کلی است و تعارض منافع به شمار نمی‌آید؛ اگر نظری ندارید رأی ممتنع بدهید."
ONLY_VOTERS_ASK = "جلسه را تنها عضوی می‌خواهد که به این پیشنهاد رأی می‌دهد."
MEETING_ONLY = "برای این متن به جای مکاتبه جلسه خواسته شده است؛ تنها در جلسه به رأی می‌رود."
CIRCULATES = "رأی‌گیری مکاتبه‌ای درباره همین متن باز است؛ نخست باید نتیجه آن روشن شود."
ASKED_FOR_MEETING = "به درخواست یکی از اعضا به جای مکاتبه در جلسه رأی گرفته می‌شود"
GENERAL_KINDS = (MotionKind.DIRECTIVE, MotionKind.POLICY)
LONGEST_CIRCULATION = 60


# --- opening --------------------------------------------------------------------------------------------


def opening_gaps(motion: Motion, step: Step) -> list[str]:
    """What stands against a vote in the meeting: not on its agenda, notice of the meeting and of the item,
    quorum (C4)."""
    meeting = sitting_of(motion)
    if meeting is None:
        return [NO_SITTING]
    return [
        *meetings.decision_gaps(meeting, step.at),
        *supplements.item_gaps(motion, meeting, step.on),
    ]


def open_in_meeting(motion: Motion, step: Step) -> dict[str, Any]:
    """Mode, meeting, moment and who is present at opening (C4); the room is locked."""
    meeting = sitting_of(motion)
    if meeting is None:
        raise Refusal(NO_SITTING)
    return {
        "mode": VotingMode.MEETING,
        "meeting": meeting,
        "opened_at": step.at,
        "opened_presence": meetings.present_codes(meeting, step.on),
        "circulation_days": None,
    }


def circulation_gaps(motion: Motion, step: Step) -> list[str]:
    """A circulation lasts at least a working day, and not beside a meeting or a circulation with the same text before it.

    A text that was asked into a meeting is circulated no more (C5).
    """
    found = [MEETING_ONLY] if motion.meeting_only or motions.asked_into_meeting(motion).exists() else []
    if motions.of_same_text(motion).filter(state=MotionState.OPEN, mode=VotingMode.CIRCULATION).exists():
        found.append(CIRCULATES)
    if sitting_of(motion) is not None:
        found.append("این پیشنهاد در دستور جلسه جاری است؛ همان‌جا رأی بگیرید.")
    called = motions.called_for(motion)
    if called is not None:
        found.append(f"این پیشنهاد در دستور {called} است که به آن دعوت شده است؛ در همان جلسه به رأی می‌رود.")
    days = step.asked.get("days")
    if days is not None and not 1 <= days <= LONGEST_CIRCULATION:
        found.append("مهلت رأی‌گیری مکاتبه‌ای باید میان ۱ و ۶۰ روز کاری باشد.")
    return found


def open_by_circulation(motion: Motion, step: Step) -> dict[str, Any]:
    """Mode and length; the deadline is computed in working days whenever it is read (K5)."""
    days = step.asked.get("days") or settings_store.value(settings.CIRCULATION_DAYS, step.on)
    return {
        "mode": VotingMode.CIRCULATION,
        "meeting": None,
        "opened_at": step.at,
        "opened_presence": [],
        "circulation_days": int(days),
    }


def set_aside_interested(motion: Motion, step: Step) -> dict[str, Any]:
    """Members with an interest that the system knows of stand aside from an individual case (C6)."""
    if not motion.concerns_ngo_id:
        return {}
    members = {row.seat_code: row for row in sitting(step.on)}
    taken = set(motion.recusals.values_list("seat_code", flat=True))
    aside = []
    for code, reason in interests(motion, members.values()).items():
        if code not in taken:
            table_for(Recusal).apply(
                motion, "set_aside", actor=None, at=step.at, note=reason, seating=members[code]
            )
            aside.append(code)
    return {"recused": aside}


def members(motion: Motion, on: date) -> QuerySet[Seating]:
    """Whom the system may set aside: those who sit."""
    return Seating.objects.filter(period__contains=on)


def set_aside(motion: Motion, step: Step) -> dict[str, Any]:
    """The recusal that the system proposes, with its reason (C6)."""
    return _recusal(motion, step.asked["seating"], RecusalSource.PROPOSED, step)


def _recusal(motion: Motion, seating: Seating, source: RecusalSource, step: Step) -> dict[str, Any]:
    return {
        "motion": motion,
        "seating": seating,
        "seat_code": seating.seat_code,
        "reason": step.note[:400],
        "source": source,
        "declared_by": step.actor if source == RecusalSource.DECLARED else None,
        "declared_at": step.at,
    }


# --- ballots and recusals -------------------------------------------------------------------------------


def deadline(motion: Motion) -> date | None:
    """The last day of a circulation, in working days from its opening; None for a vote in a meeting (K5)."""
    if motion.mode != VotingMode.CIRCULATION or motion.opened_at is None:
        return None
    return clocks.working_deadline(local_date(motion.opened_at), motion.circulation_days or 0)


def is_over(motion: Motion, on: date) -> bool:
    """Whether a circulation's last day has passed."""
    last = deadline(motion)
    return last is not None and on > last


def _seat_of(step: Step) -> Seating | None:
    """The seat in which the person acts, read once in a step."""
    if "seat" not in step.known:
        step.known["seat"] = rules.seating_of(step.actor, step.on) if step.actor else None
    seating: Seating | None = step.known["seat"]
    return seating


def _own_seat(step: Step) -> Seating:
    seating = _seat_of(step)
    if seating is None:
        raise NotPermitted(rules.NO_SEAT)
    return seating


def _seat_gaps(motion: Motion, step: Step) -> list[str]:
    seating = _seat_of(step)
    if seating is None:
        return []  # the permission has said so
    found = []
    if seats_on_hold([seating]):
        found.append(ON_HOLD)
    if motion.mode == VotingMode.MEETING and motion.meeting is not None:
        if seating.pk not in {row.pk for row in meetings.present_seats(motion.meeting, step.on)}:
            found.append(NOT_PRESENT)
    elif is_over(motion, step.on):
        found.append(PAST_DEADLINE)
    return found


def casting_gaps(motion: Motion, step: Step) -> list[str]:
    """The seat is not on hold, its holder is in the room, or the circulation still runs (C3, C5)."""
    return _seat_gaps(motion, step)


def add_ballot(motion: Motion, step: Step) -> dict[str, Any]:
    """Chain the one ballot of the seat (C5, C7). The audit keeps its place and hash, neither choice nor reason."""
    seating = _own_seat(step)
    last = motion.ballots.order_by("-sequence").first()
    link = chain.Link(
        motion_id=motion.pk,
        seat_code=seating.seat_code,
        voter_id=seating.person_id,
        choice=step.asked["choice"],
        reason=step.asked["reason"] or "",
        cast_at=step.at,
        receipt=chain.new_receipt(),
        sequence=1 if last is None else last.sequence + 1,
    )
    previous = motion.text_hash if last is None else last.hash
    ballot = Ballot.objects.create(
        motion=motion,
        seating=seating,
        seat_code=link.seat_code,
        voter_id=seating.person_id,
        choice=link.choice,
        reason=link.reason,
        cast_at=link.cast_at,
        receipt=link.receipt,
        sequence=link.sequence,
        canonical=link.canonical(),
        previous_hash=previous,
        hash=chain.link_hash(previous, link.canonical()),
    )
    return {"seat": ballot.seat_code, "sequence": ballot.sequence, "ballot_hash": ballot.hash}


def is_general_rule(motion: Motion) -> bool:
    """A directive or a policy that concerns no single NGO is a general rule, which is no conflict (C6)."""
    found = subject_of(motion)
    is_individual = bool(motion.concerns_ngo_id) or (found is not None and found[0].is_individual)
    return motion.kind in GENERAL_KINDS and not is_individual


def declared(motion: Motion, step: Step) -> dict[str, Any]:
    """The columns of a recusal that the member declares."""
    return _recusal(motion, step.asked["seating"], RecusalSource.DECLARED, step)


def recusal_gaps(motion: Motion, step: Step) -> list[str]:
    """An interest is one in an individual case; who recuses is in the room, as who votes (C6)."""
    found = [] if not is_general_rule(motion) else [GENERAL_RULE]
    return found + _seat_gaps(motion, step)


def stand_aside(motion: Motion, step: Step) -> dict[str, Any]:
    """The member declares an interest with its reason and does not vote (C6)."""
    seating = _own_seat(step)
    table_for(Recusal).apply(
        motion, "declare", actor=step.actor, at=step.at, note=step.note, within=step, seating=seating
    )
    return {"seat": seating.seat_code, "source": RecusalSource.DECLARED.value}


def waiting_seats(motion: Motion, on: date) -> list[Seating]:
    """Who may vote on the open motion now and has neither voted nor stood aside."""
    here = (
        meetings.present_seats(motion.meeting, on)
        if motion.mode == VotingMode.MEETING and motion.meeting is not None
        else sitting(on)
    )
    settled = {
        *motion.ballots.values_list("seat_code", flat=True),
        *motion.recusals.values_list("seat_code", flat=True),
        *seats_on_hold(here),
    }
    return [row for row in here if row.seat_code not in settled]


# --- closing --------------------------------------------------------------------------------------------


def closing_gaps(motion: Motion, step: Step) -> list[str]:
    """A circulation ends at its deadline, or before it when every vote is in; a meeting's vote by the secretary."""
    if motion.mode == VotingMode.MEETING:
        return [] if step.actor is not None else ["به رأی‌گیری در جلسه دبیر پایان می‌دهد."]
    if is_over(motion, step.on):
        return []
    last = deadline(motion)
    until = f"این رأی‌گیری تا پایان {format_jalali(last, 'medium')} باز است" if last else ""
    waiting = [row.person.full_name for row in waiting_seats(motion, step.on)]
    if waiting:
        return [f"{until}؛ در انتظار رأی {'، '.join(waiting)}."]
    return [] if step.actor is not None else [f"{until}."]


def count(motion: Motion, present: Collection[str]) -> Tally:
    """The pure tally of what is stored."""
    return tally(
        dict(motion.ballots.values_list("seat_code", "choice")),
        recused=motion.recusals.values_list("seat_code", flat=True),
        mode=motion.mode,
        present=present,
    )


def _stored(motion: Motion, step: Step, result: Tally, present: list[str]) -> dict[str, Any]:
    last = motion.ballots.order_by("-sequence").values_list("hash", flat=True).first()
    return {
        "state": result.state,
        "closed_at": step.at,
        "closed_presence": present,
        "votes_for": result.votes_for,
        "votes_against": result.votes_against,
        "votes_abstain": result.votes_abstain,
        "recused_count": result.recused,
        "base": result.base,
        "ballot_count": result.ballots,
        "last_hash": last or motion.text_hash,
        "outcome_reason": result.reason,
    }


def overdue(at: datetime) -> Iterable[Motion]:
    """Circulations whose last day has passed."""
    rows = Motion.objects.filter(state=MotionState.OPEN, mode=VotingMode.CIRCULATION).order_by("id")
    return [motion for motion in rows if is_over(motion, local_date(at))]


def close(motion: Motion, step: Step) -> dict[str, Any]:
    """Count and store state, counts, base and the chain's end in one statement (C5, C7); the room is locked."""
    meeting = motion.meeting if motion.mode == VotingMode.MEETING else None
    present = meetings.present_codes(meeting, step.on) if meeting is not None else []
    return _stored(motion, step, count(motion, present), present)


def asking_gaps(motion: Motion, step: Step) -> list[str]:
    """Only a circulation that still runs, by a seat that votes on it: not on hold and without an interest (C3, C5, C6)."""
    if motion.mode != VotingMode.CIRCULATION:
        return ["این رأی‌گیری هم‌اکنون در جلسه است؛ درخواست جلسه لازم نیست."]
    found = _seat_gaps(motion, step)
    own = _seat_of(step)
    for interest in interests(motion, [own] if own else []).values():
        found.append(f"{interest} {ONLY_VOTERS_ASK}")
    return found


def lapse_for_meeting(motion: Motion, step: Step) -> dict[str, Any]:
    """The circulation lapses with that reason; of its ballots, sealed for good, only the number is told (C5)."""
    return {
        **_stored(motion, step, count(motion, []), []),
        "state": MotionState.LAPSED,
        "votes_for": None,
        "votes_against": None,
        "votes_abstain": None,
        "meeting_only": True,
        "meeting_asked_by": _own_seat(step),
        "outcome_reason": f"{ASKED_FOR_MEETING}: {step.note}"[:400],
    }


def again_in_a_meeting(motion: Motion, step: Step) -> dict[str, Any]:
    """The same text is tabled again at once, for a meeting only."""
    return {"successor": motions.put_again(motion, step).pk}


def announce(motion: Motion, step: Step) -> None:
    """Say the outcome; a carried motion becomes a resolution (C8), then its subject follows within a savepoint."""
    table_for(motion).apply(
        motion, motion.state, actor=step.actor, at=step.at, note=motion.outcome_reason, within=step
    )
    if motion.state == MotionState.CARRIED:
        effects.adopt(motion, step)
    effects.follow(motion, step)
