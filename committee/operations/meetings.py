"""Planning, calling, holding and cancelling a meeting; invitations after the call (C4)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from committee import queries, rules
from committee.enums import MeetingState, MotionState, SeatCode, VotingMode
from committee.invitation import clock, issue_invitation, papers_of
from committee.models import AgendaItem, EarlyConsent, Invitation, Meeting, Minutes, Motion
from committee.operations.presence import (
    decision_gaps,
    last_call_day,
    last_events,
    meeting_day,
    notice_days,
    present_codes,
    present_seats,
)
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.configuration import clocks
from staff_portal.kernel.letters.attachments import attach
from staff_portal.kernel.letters.issuing import revoke_letter
from staff_portal.kernel.models import LetterEventKind, User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import TEHRAN, format_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step, Turn
from staff_portal.kernel.workflow.transactions import one_step

__all__ = ["decision_gaps", "present_codes", "present_seats"]

NO_TERM = "هنوز دوره‌ای از کمیته گشوده نشده است؛ رئیس ستاد سمن‌ها و معاون نخست باید دوره‌ای بگشایند."
IN_THE_PAST = "زمان جلسه گذشته است؛ زمان دیگری تعیین کنید."
ENDS_FIRST = "پایان جلسه باید پس از آغاز آن باشد."
NO_MEMBERS = "اکنون کسی در کرسی‌های کمیته نیست که دعوت شود."
TOO_LATE = "مهلت دعوت دیگر رعایت نمی‌شود؛ زمان دیگری تعیین کنید یا با گذشت همه اعضا برگزار می‌شود"
ONLY_PLANNED = (
    "زمان و مکان جلسه تنها پیش از ارسال دعوت تغییر می‌کند؛ جلسه دعوت‌شده را لغو و جلسه تازه‌ای برنامه‌ریزی کنید."
)
NOTHING_CHANGED = "چیزی تغییر نکرده است."
LIVE_STATES = (MeetingState.CALLED, MeetingState.IN_SESSION)
AHEAD, WARNED, DAY = timedelta(days=10), timedelta(days=3), timedelta(days=1)


# --- planning ------------------------------------------------------------------------------------------------


def _times(step: Step) -> tuple[datetime, datetime] | None:
    """From when to when in Tehran; None while the answers are not there."""
    day, starts, ends = (step.asked.get(name) for name in ("day", "starts", "ends"))
    if day is None or starts is None or ends is None:
        return None
    return tuple(timezone.make_aware(datetime.combine(day, clock), TEHRAN) for clock in (starts, ends))  # type: ignore[return-value]


def time_gaps(meeting: Meeting | None, step: Step) -> Iterator[str]:
    """A meeting lies ahead and ends after it began."""
    times = _times(step)
    if times is not None and times[0] <= step.at:
        yield IN_THE_PAST
    if times is not None and times[1] <= times[0]:
        yield ENDS_FIRST


def planning_gaps(parent: None, step: Step) -> Iterator[str]:
    """A meeting is one of the running term."""
    if queries.running_term(step.on) is None:
        yield NO_TERM
    yield from time_gaps(None, step)


def plan_columns(meeting: Meeting, step: Step) -> dict[str, Any]:
    """Time, place and title as they were answered."""
    times = _times(step)
    assert times is not None  # noqa: S101  the three questions are wanted
    title, place = step.asked["title"] or "", step.asked["place"]
    return {"starts_at": times[0], "ends_at": times[1], "place": place, "title": title}


def change_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """Another time, place or title, of a meeting that lies ahead."""
    yield from time_gaps(meeting, step)
    if step.asked and all(
        getattr(meeting, name) == value for name, value in plan_columns(meeting, step).items()
    ):
        yield NOTHING_CHANGED


def planned(parent: Any, step: Step) -> dict[str, Any]:
    """A new meeting of the running term; numbers run on over the terms (C4)."""
    last = Meeting.objects.aggregate(last=Max("number"))["last"] or 0
    own = {"term": queries.running_term(step.on), "number": last + 1, "planned_by": step.actor}
    return own | plan_columns(parent, step)


def follow_up_first(meeting: Meeting, step: Step) -> None:
    """The first item of every agenda is what became of the last meeting's resolutions (C4)."""
    table_for(AgendaItem).apply(meeting, "begin", actor=step.actor, at=step.at, within=step)


# --- steps of the table --------------------------------------------------------------------------------------


def submission_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """What stands against laying the call before the chair."""
    if meeting.starts_at <= step.at:
        yield IN_THE_PAST
    if not rules.has_chair(step.on):
        yield rules.NO_CHAIR


def call_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """What stands against signing the call."""
    if meeting.starts_at <= step.at:
        yield IN_THE_PAST
    if not queries.sitting(step.on):
        yield NO_MEMBERS


def called(meeting: Meeting, step: Step) -> dict[str, Any]:
    """Who called and when, with the invitation letter that carries agenda and papers (C4)."""
    assert step.actor is not None  # noqa: S101  the chair signs, never the system
    letter = issue_invitation(meeting, actor=step.actor, at=step.at, authority=step.authority)
    return {"called_by": step.actor, "called_at": step.at, "invitation_letter": letter}


def invite(meeting: Meeting, step: Step) -> dict[str, Any]:
    """An invitation for each sitting member (C4)."""
    members = queries.sitting(step.on)
    table_for(Invitation).apply_many(
        [meeting] * len(members),
        "send",
        actor=step.actor,
        at=step.at,
        within=step,
        asked=[{"seating": row} for row in members],
    )
    letter = meeting.invitation_letter
    return {
        "letter": letter.number.text if letter else "",
        "invited": [row.seat_code for row in members],
    }


def opening_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """A meeting opens at its time or later, one at a time; on its day earlier where all are there and agree."""
    day = meeting_day(meeting)
    if step.on < day:
        yield f"جلسه برای {format_jalali(day, 'long')} است و در آن روز آغاز می‌شود."
    running = Meeting.objects.filter(state=MeetingState.IN_SESSION).exclude(pk=meeting.pk).first()
    if running is not None:
        yield f"{running} در حال برگزاری است؛ نخست به آن پایان دهید."
    if step.on == day and step.at < meeting.starts_at:
        yield from _too_early(meeting, step)


def _too_early(meeting: Meeting, step: Step) -> Iterator[str]:
    """Before its time a meeting opens only where all sitting members are there and agree (C4)."""
    agreed = set(meeting.early_consents.values_list("seating_id", flat=True))
    members = queries.sitting(step.on)
    missing = [row.person.full_name for row in members if row.pk not in agreed]
    if missing or not members:
        waiting = f" هنوز موافقت نکرده‌اند: {'، '.join(missing)}." if missing else ""
        yield (
            f"جلسه برای ساعت {clock(meeting.starts_at)} است؛ زودتر از آن تنها با حضور و موافقت همه اعضا آغاز می‌شود.{waiting}"
        )


def early_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """On its day, before its time, once."""
    if step.at >= meeting.starts_at:
        yield "زمان جلسه رسیده است؛ دبیر آن را آغاز می‌کند."
    elif meeting.early_consents.filter(agreed_by=step.actor).exists():
        yield "موافقت شما پیش از این ثبت شده است."


def keep_early_consent(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The own consent of a member who is there (C4)."""
    seating = rules.seating_of(step.actor, step.on) if step.actor else None
    if seating is None:
        raise NotPermitted(rules.NO_SEAT)
    EarlyConsent.objects.create(meeting=meeting, seating=seating, agreed_by=seating.person, agreed_at=step.at)
    return {"seat": seating.seat_code}


def closing_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """No vote may be open in a meeting that closes; the database says so as well."""
    for motion in Motion.objects.filter(
        meeting=meeting, state=MotionState.OPEN, mode=VotingMode.MEETING
    ).order_by("id"):
        yield f"رأی‌گیری «{motion}» باز است؛ نخست به آن پایان دهید."


def start_minutes(meeting: Meeting, step: Step) -> None:
    """The minutes write themselves from here on (C9)."""
    table_for(Minutes).apply(meeting, "begin", actor=step.actor, at=step.at, within=step)


def cancelled(meeting: Meeting, step: Step) -> dict[str, Any]:
    """Why, and one more in the calendar's sequence, so that the entry disappears from calendars."""
    meeting.cancelled_from = meeting.state
    return {"cancel_reason": step.note[:400], "sequence": meeting.sequence + 1}


def revoke_invitation(meeting: Meeting, step: Step) -> dict[str, Any] | None:
    """The invitation letter of a cancelled meeting is void; its public page says why."""
    letter = meeting.invitation_letter
    if letter is None or letter.events.filter(kind=LetterEventKind.REVOKED).exists():
        return None
    revoke_letter(
        letter,
        reason=f"جلسه لغو شد: {step.note}",
        actor=step.actor,
        at=step.at,
        authority=step.authority,
    )
    return {"revoked": letter.number.text}


def next_sequence(meeting: Meeting, step: Step) -> dict[str, Any]:
    """What stands in the calendars of those invited has changed."""
    return {} if meeting.state == MeetingState.PLANNED else {"sequence": meeting.sequence + 1}


def attach_paper(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The staged file is a paper of the meeting from now on."""
    assert step.actor is not None  # noqa: S101  whoever uploaded it
    paper = attach(step.asked["paper"], root=meeting, actor=step.actor)
    return {"name": paper.name, "sha256": paper.sha256, "meeting_state": meeting.state}


def paper_words(meeting: Meeting, step: Step) -> dict[str, str]:
    """The entry names the file."""
    return {"subject": clean_text(step.asked["paper"].name)}


# --- what is shown and said of it ----------------------------------------------------------------------------


def facts(meeting: Meeting) -> list[dict[str, Any]]:
    """When and where."""
    return [
        {"label": "زمان", "value": format_jalali(meeting.starts_at, "long")},
        {"label": "ساعت", "value": f"{clock(meeting.starts_at)} تا {clock(meeting.ends_at)}"},
        {"label": "مکان", "value": to_persian_text(meeting.place)},
    ]


def call_facts(meeting: Meeting) -> list[dict[str, Any]]:
    """What is called, signed or cancelled: when, where, with which agenda and papers. Two queries."""
    titles = meeting.items.order_by("position").values_list("position", "title")
    agenda = "؛ ".join(f"{to_persian_digits(place)}. {to_persian_text(title)}" for place, title in titles)
    papers = "، ".join(paper.name for paper in papers_of(meeting))
    return [
        *facts(meeting),
        {"label": "دستور جلسه", "value": agenda},
        {"label": "پیوست‌ها", "value": papers or "ندارد"},
    ]


def when_and_where(meeting: Meeting, step: Step | None = None) -> dict[str, str]:
    """Words of the notices about a meeting."""
    return {"when": when(meeting), "place": meeting.place}


def when(meeting: Meeting) -> str:
    """Day and time of a meeting in words."""
    return format_jalali(meeting.starts_at, "moment")


# --- whose turn it is ----------------------------------------------------------------------------------------


def last_day_to_call(meeting: Meeting) -> date:
    """Until when the call must be signed for the notice period (C4)."""
    day = meeting_day(meeting)
    return last_call_day(day, notice_days(day), clocks.calendar(day))


def calling_turns(meeting: Meeting) -> Iterable[Turn]:
    """A call that is not signed: some days before its last day, then until the meeting's own day."""
    last = last_day_to_call(meeting)
    in_time = f"برای رعایت مهلت، دعوت باید تا {format_jalali(last, 'medium')} امضا شود"
    return [
        Turn(key="in_time", detail=in_time, opens=last - WARNED, ends=last),
        Turn(key="late", detail=TOO_LATE, opens=last + DAY, ends=meeting_day(meeting)),
    ]


def day_after(meeting: Meeting) -> date:
    """The first day on which the meeting's own day is over."""
    return meeting_day(meeting) + DAY


def soon(meeting: Meeting) -> date:
    """From when on the members see a meeting coming."""
    return meeting_day(meeting) - AHEAD


def opened_on(meeting: Meeting) -> date | None:
    """The day on which the sitting began."""
    return local_date(meeting.opened_at) if meeting.opened_at else None


def empty_seats(meeting: Meeting) -> list[str]:
    """The seats whose member is not in the room: nobody has arrived there, or has left again."""
    here = {row.seating.seat_code for row in last_events(meeting).values() if row.is_arrival}
    return [code for code in SeatCode.values if code not in here]


# --- invitations after the call ------------------------------------------------------------------------------


def uninvited(meeting: Meeting, on: date) -> list[Any]:
    """Members who took a seat after the call and have no invitation."""
    asked = set(meeting.invitations.values_list("seating__person_id", flat=True))
    return [row for row in queries.sitting(on) if row.person_id not in asked]


def invite_newcomers(meeting: Meeting, *, actor: User, at: datetime) -> list[Invitation]:
    """Invite those who took a seat after the call; each hears of it, which begins the own notice period (C4)."""
    table = table_for(Invitation)
    with one_step():
        found: list[Any] = uninvited(meeting, local_date(at)) or [None]
        return [table.apply(meeting, "invite", actor=actor, at=at, seating=row) for row in found]


def inviting_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """Between the call and the end, whoever has no invitation."""
    if meeting.state not in LIVE_STATES:
        yield "تنها برای جلسه دعوت‌شده می‌توان عضو تازه را دعوت کرد."
    elif step.asked["seating"] not in uninvited(meeting, step.on):
        yield "همه اعضا پیش از این دعوت شده‌اند."


def invitation_of(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The columns of one invitation."""
    return {"meeting": meeting, "seating": step.asked["seating"], "sent_at": step.at}


def handing_gaps(invitation: Invitation, step: Step) -> Iterator[str]:
    """The paper was given by hand on a day from the call on, and not in the future (C4)."""
    if invitation.meeting.state not in LIVE_STATES:
        yield "تحویل دعوت‌نامه میان دعوت و پایان جلسه ثبت می‌شود."
    if invitation.handed_over_on is not None:
        yield "تحویل این دعوت‌نامه پیش از این ثبت شده است."
    day = step.asked.get("handed_over_on")
    if day is not None and day > step.on:
        yield "تاریخ تحویل در آینده است."
    if day is not None and day < local_date(invitation.sent_at):
        sent = format_jalali(invitation.sent_at, "medium")
        yield f"دعوت در {sent} امضا شده و تحویل پیش از آن ممکن نیست."


def handed(invitation: Invitation, step: Step) -> dict[str, Any]:
    """When, to whom, and who recorded it."""
    note = step.asked["handed_over_note"] or ""
    day = step.asked["handed_over_on"]
    return {"handed_over_on": day, "handed_over_note": note, "handed_over_by": step.actor}


def handing_words(invitation: Invitation, step: Step) -> dict[str, str]:
    """The entry names the member and keeps the remark as its note."""
    return {"subject": invitation.seating.person.full_name, "note": invitation.handed_over_note}


def newcomer_words(invitation: Invitation, step: Step) -> dict[str, str]:
    """The entry names the member, the notice the meeting."""
    words = when_and_where(invitation.meeting)
    return {"subject": invitation.seating.person.full_name, "meeting": str(invitation.meeting)} | words
