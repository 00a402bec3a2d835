"""Arrivals, departures, absences and waivers of a meeting, by the secretary or from the member's phone (C4)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from committee import queries
from committee.enums import MeetingState, PresenceKind
from committee.models import Absence, Meeting, NoticeWaiver, Presence, Seating
from committee.operations.presence import NOT_IN_SESSION, last_events, standing
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import TEHRAN
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

NOT_SITTING = "این شخص اکنون در کمیته کرسی ندارد."
ABSENCE_STATES = (MeetingState.CALLED, MeetingState.IN_SESSION, MeetingState.CLOSED)


def _own_or_secretary(step: Step, seating: Seating, sentence: str) -> None:
    if step.authority.role != Role.SECRETARY and seating.person_id != getattr(step.actor, "pk", None):
        raise NotPermitted(sentence)


# --- arrivals and departures ---------------------------------------------------------------------------------


def presence_gaps(kind: str) -> Any:
    """A sitting member arrives and leaves in turn, while the meeting is in session; a member records the own (C4).

    The meeting is locked, so that of two phones recording the same arrival one is refused with a sentence.
    """

    def gaps(meeting: Meeting, step: Step) -> Iterator[str]:
        seating: Seating = step.asked["seating"]
        _own_or_secretary(step, seating, "هر عضو تنها ورود و خروج خود را ثبت می‌کند.")
        if meeting.state != MeetingState.IN_SESSION:
            yield NOT_IN_SESSION
        elif seating.pk not in {row.pk for row in queries.sitting(step.on)}:
            yield NOT_SITTING
        else:
            yield from _out_of_turn(kind, last_events(meeting).get(seating.pk), seating)

    return gaps


def _out_of_turn(kind: str, last: Presence | None, seating: Seating) -> Iterator[str]:
    name = seating.person.full_name
    is_here = last is not None and last.is_arrival
    if kind == PresenceKind.ARRIVED and is_here:
        yield f"ورود {name} پیش از این ثبت شده است."
    if kind == PresenceKind.LEFT and last is None:
        yield f"ورود {name} هنوز ثبت نشده است."
    elif kind == PresenceKind.LEFT and not is_here:
        yield f"خروج {name} پیش از این ثبت شده است."


def _presence(meeting: Meeting, seating: Seating, kind: str, step: Step, at: datetime) -> dict[str, Any]:
    return {"meeting": meeting, "seating": seating, "kind": kind, "at": at, "recorded_by": step.actor}


def arrived(meeting: Meeting, step: Step) -> dict[str, Any]:
    """In a sitting that goes on past midnight, whose seating ended then left with the last moment of that day (C1)."""
    newcomer: Seating = step.asked["seating"]
    for row in last_events(meeting).values():
        if row.is_arrival and row.seating.seat_code == newcomer.seat_code:
            table_for(Presence).apply(
                meeting, "depart", actor=step.actor, at=step.at, within=step, seating=row.seating
            )
    return _presence(meeting, newcomer, PresenceKind.ARRIVED, step, step.at)


def left(meeting: Meeting, step: Step) -> dict[str, Any]:
    """A departure now."""
    return _presence(meeting, step.asked["seating"], PresenceKind.LEFT, step, step.at)


def departed(meeting: Meeting, step: Step) -> dict[str, Any]:
    """A departure with the last moment of the seating."""
    seating: Seating = step.asked["seating"]
    moment = datetime.combine(seating.period.upper, time.min, TEHRAN) - timedelta(microseconds=1)
    return _presence(meeting, seating, PresenceKind.LEFT, step, moment)


def presence_follows(row: Presence, step: Step) -> dict[str, Any]:
    """Who is not in the room has the recording of it as the own work."""
    step.touch(row.meeting)
    return {"seat": row.seating.seat_code}


def presence_words(row: Presence, step: Step) -> dict[str, str]:
    """The entry names whose arrival it is; one's own is «خود»."""
    name = row.seating.person.full_name
    is_own = row.seating.person_id == getattr(step.actor, "pk", None)
    return {"subject": "خود" if is_own else name, "name": name}


# --- absences ------------------------------------------------------------------------------------------------


def record_absence(meeting: Meeting, seating: Seating, *, reason: str, actor: User, at: datetime) -> Absence:
    """Why a member is not there, announced before or recorded later; said again it is corrected (C4)."""
    table = table_for(Absence)
    known = Absence.objects.filter(meeting=meeting, seating=seating).first()
    made: Absence = (
        table.apply(known, "correct", actor=actor, at=at, reason=reason)
        if known is not None
        else table.apply(meeting, "announce", actor=actor, at=at, seating=seating, reason=reason)
    )
    return made


def announcing_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """An invited member who has not arrived, from the call until the minutes are sealed."""
    yield from _absence_gaps(meeting, step.asked["seating"], step)


def correcting_gaps(absence: Absence, step: Step) -> Iterator[str]:
    """The same of one that was announced."""
    yield from _absence_gaps(absence.meeting, absence.seating, step)


def _absence_gaps(meeting: Meeting, seating: Seating, step: Step) -> Iterator[str]:
    _own_or_secretary(step, seating, "هر عضو تنها غیبت خود را اعلام می‌کند.")
    if meeting.state not in ABSENCE_STATES:
        yield "غیبت تنها از هنگام دعوت تا پیش از نهایی‌شدن صورتجلسه ثبت می‌شود."
    elif not meeting.invitations.filter(seating=seating).exists() and seating.pk not in {
        row.pk for row in queries.sitting(step.on)
    }:
        yield "این شخص به جلسه دعوت نشده است."
    elif seating.pk in last_events(meeting):
        yield f"ورود {seating.person.full_name} به جلسه ثبت شده است؛ برای او نمی‌توان غیبت ثبت کرد."


def why(step: Step) -> dict[str, Any]:
    """The reason with who recorded it and when."""
    return {"reason": step.asked["reason"], "recorded_by": step.actor, "recorded_at": step.at}


def announced(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The columns of an absence."""
    return {"meeting": meeting, "seating": step.asked["seating"], **why(step)}


def absence_words(row: Absence, step: Step) -> dict[str, str]:
    """The entry names the member and keeps the reason as its note."""
    return {"subject": row.seating.person.full_name, "note": row.reason}


# --- waivers -------------------------------------------------------------------------------------------------


def waiving_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """A present member waives the notice period that was not kept; once (C4)."""
    now = standing(meeting, step.at)
    own = _own_seating(step)
    if not now.in_session:
        yield NOT_IN_SESSION
    elif own is None:
        raise NotPermitted("شما اکنون در کمیته کرسی ندارید.")
    elif not now.notice_gaps:
        yield "مهلت دعوت برای همه اعضا رعایت شده است؛ گذشت از آن لازم نیست."
    elif own.pk not in now.present_ids:
        yield "نخست ورود خود را ثبت کنید؛ تنها عضو حاضر از مهلت می‌گذرد."
    elif own.pk in now.waived:
        yield "شما پیش از این از مهلت دعوت گذشته‌اید."


def _own_seating(step: Step) -> Seating | None:
    mine = (
        row for row in queries.sitting(local_date(step.at)) if step.actor and row.person_id == step.actor.pk
    )
    return next(mine, None)


def waived(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The columns of the own waiver; it counts once all sitting members are present and waive (C4)."""
    return {"meeting": meeting, "seating": _own_seating(step), "waived_by": step.actor, "waived_at": step.at}


def waiver_name(row: NoticeWaiver) -> str:
    """The entry names the member."""
    return row.seating.person.full_name
