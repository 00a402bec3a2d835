"""Planning, calling, holding and cancelling a meeting; invitations, presence, absence, waivers (C4)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from committee import events, queries, rules
from committee.enums import ItemKind, MeetingState, MotionState, VotingMode
from committee.invitation import issue_invitation
from committee.models import AgendaItem, Invitation, Meeting, Motion, Term
from committee.operations.presence import (
    decision_gaps,
    meeting_day,
    present_codes,
    present_seats,
)
from staff_portal.kernel import audit
from staff_portal.kernel.access import Authority, local_date
from staff_portal.kernel.models import LetterEventKind, User
from staff_portal.kernel.operations.letters import revoke_letter
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.workflow import Step

__all__ = ["decision_gaps", "present_codes", "present_seats"]

FOLLOW_UP_TITLE = "پیگیری مصوبه‌های پیشین"
NO_TERM = "هنوز دوره‌ای از کمیته گشوده نشده است؛ رئیس ستاد سمن‌ها و معاون نخست باید دوره‌ای بگشایند."
IN_THE_PAST = "زمان جلسه گذشته است؛ زمان دیگری تعیین کنید."
ENDS_FIRST = "پایان جلسه باید پس از آغاز آن باشد."
NO_MEMBERS = "اکنون کسی در کرسی‌های کمیته نیست که دعوت شود."
ONLY_PLANNED = (
    "زمان و مکان جلسه تنها پیش از ارسال دعوت تغییر می‌کند؛ جلسه دعوت‌شده را لغو و جلسه تازه‌ای برنامه‌ریزی کنید."
)
PLAN_FIELDS = ("title", "starts_at", "ends_at", "place")
LIVE_STATES = (MeetingState.CALLED, MeetingState.IN_SESSION)


# --- planning ------------------------------------------------------------------------------------------------


def plan_meeting(
    *, actor: User, at: datetime, starts_at: datetime, ends_at: datetime, place: str, title: str = ""
) -> Meeting:
    """A new meeting of the running term; numbers run on over the terms; its first item is what became of the last one's
    resolutions (C4)."""
    authority = require(rules.PLAN_MEETING, actor, None, at)
    place = require_text(place, "مکان جلسه را بنویسید.")
    _refuse_times(starts_at, ends_at, at)
    term = queries.running_term(local_date(at))
    if term is None:
        raise Refusal(NO_TERM)
    with one_step():
        Term.objects.select_for_update(of=("self",), no_key=True).get(pk=term.pk)
        last = Meeting.objects.aggregate(last=Max("number"))["last"] or 0
        meeting = Meeting.objects.create(
            term=term,
            number=last + 1,
            title=title.strip(),
            starts_at=starts_at,
            ends_at=ends_at,
            place=place,
            state_since=at,
            planned_by=actor,
        )
        AgendaItem.objects.create(meeting=meeting, position=1, kind=ItemKind.FOLLOW_UP, title=FOLLOW_UP_TITLE)
        audit.record(
            events.MEETING_PLANNED,
            meeting,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(meeting, ["number", *PLAN_FIELDS]),
        )
    return meeting


def change_meeting(
    meeting: Meeting,
    *,
    actor: User,
    at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    title: str = "",
) -> Meeting:
    """Change time, place and title while the meeting is planned."""
    authority = require(rules.PLAN_MEETING, actor, meeting, at)
    place = require_text(place, "مکان جلسه را بنویسید.")
    _refuse_times(starts_at, ends_at, at)
    with one_step():
        locked = lock_meeting(meeting)
        if locked.state != MeetingState.PLANNED:
            raise Refusal(ONLY_PLANNED)
        before = audit.snapshot(locked, PLAN_FIELDS)
        locked.title, locked.place = title.strip(), place
        locked.starts_at, locked.ends_at = starts_at, ends_at
        locked.save(update_fields=list(PLAN_FIELDS))
        old, new = audit.difference(before, audit.snapshot(locked, PLAN_FIELDS))
        if new:
            audit.record(
                events.MEETING_CHANGED,
                locked,
                actor=actor,
                at=at,
                authority=authority,
                before=old,
                after=new,
            )
    return locked


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting's row, locked until the commit: presence, waivers and steps follow one another."""
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def _refuse_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    found = []
    if starts_at <= at:
        found.append(IN_THE_PAST)
    if ends_at <= starts_at:
        found.append(ENDS_FIRST)
    if found:
        raise Refusal(*found)


# --- steps of the workflow -------------------------------------------------------------------------------------


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


def called_columns(meeting: Meeting, step: Step) -> dict[str, Any]:
    """Who called and when."""
    return {"called_by": step.actor, "called_at": step.at}


def invite(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The invitation letter with agenda and papers, and an invitation for each sitting member (C4)."""
    assert step.actor is not None  # noqa: S101  the chair signs, never the system
    letter = issue_invitation(meeting, actor=step.actor, at=step.at, authority=step.authority)
    meeting.invitation_letter = letter
    meeting.save(update_fields=["invitation_letter"])
    members = queries.sitting(step.on)
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, seating=row, sent_at=step.at) for row in members
    )
    return {"letter": letter.number.text, "invited": [row.seat_code for row in members]}


def opening_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """A meeting opens on its day or later, one at a time."""
    day = meeting_day(meeting)
    if step.on < day:
        yield f"جلسه برای {format_jalali(day, 'long')} است و در آن روز آغاز می‌شود."
    running = Meeting.objects.filter(state=MeetingState.IN_SESSION).exclude(pk=meeting.pk).first()
    if running is not None:
        yield f"{running} در حال برگزاری است؛ نخست به آن پایان دهید."


def opened_columns(meeting: Meeting, step: Step) -> dict[str, Any]:
    return {"opened_at": step.at}


def closing_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """No vote may be open in a meeting that closes; the database says so as well."""
    for motion in Motion.objects.filter(
        meeting=meeting, state=MotionState.OPEN, mode=VotingMode.MEETING
    ).order_by("id"):
        yield f"رأی‌گیری «{motion}» باز است؛ نخست به آن پایان دهید."


def closed_columns(meeting: Meeting, step: Step) -> dict[str, Any]:
    return {"closed_at": step.at}


def start_minutes(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The minutes write themselves from here on (C9)."""
    from committee.operations.minutes import begin_minutes

    return {"minutes": begin_minutes(meeting, step=step).pk}


def cancelled_columns(meeting: Meeting, step: Step) -> dict[str, Any]:
    """Why, and one more in the calendar's sequence, so that the entry disappears from calendars."""
    return {"cancel_reason": step.note.strip()[:400], "sequence": meeting.sequence + 1}


def revoke_invitation(meeting: Meeting, step: Step) -> dict[str, Any] | None:
    """The invitation letter of a cancelled meeting is void; its public page says why."""
    letter = meeting.invitation_letter
    if letter is None or letter.events.filter(kind=LetterEventKind.REVOKED).exists():
        return None
    revoke_letter(
        letter,
        reason=f"جلسه لغو شد: {step.note.strip()}",
        actor=step.actor,
        at=step.at,
        authority=step.authority,
    )
    return {"revoked": letter.number.text}


# --- invitations after the call ---------------------------------------------------------------------------------


def uninvited(meeting: Meeting, on: date) -> list[Any]:
    """Members who took a seat after the call and have no invitation."""
    invited = set(meeting.invitations.values_list("seating__person_id", flat=True))
    return [row for row in queries.sitting(on) if row.person_id not in invited]


def invite_newcomers(meeting: Meeting, *, actor: User, at: datetime) -> list[Invitation]:
    """Invite those who took a seat after the call; each hears of it, which begins the own notice period (C4)."""
    authority = require(rules.HAND_OVER, actor, meeting, at)
    with one_step():
        locked = lock_meeting(meeting)
        if locked.state not in LIVE_STATES:
            raise Refusal("تنها برای جلسه دعوت‌شده می‌توان عضو تازه را دعوت کرد.")
        found = uninvited(locked, local_date(at))
        if not found:
            raise Refusal("همه اعضا پیش از این دعوت شده‌اند.")
        made = [Invitation.objects.create(meeting=locked, seating=row, sent_at=at) for row in found]
        for invitation in made:
            _record_invitation(
                events.MEMBER_INVITED,
                locked,
                invitation,
                actor=actor,
                at=at,
                authority=authority,
                after={"seat": invitation.seating.seat_code},
            )
    return made


def hand_over(invitation: Invitation, *, actor: User, at: datetime, on: date, note: str = "") -> Invitation:
    """Record that the paper was given by hand on a day: from the call on, and not in the future (C4)."""
    authority = require(rules.HAND_OVER, actor, invitation.meeting, at)
    with one_step():
        meeting = lock_meeting(invitation.meeting)
        locked = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
        found = []
        if meeting.state not in LIVE_STATES:
            found.append("تحویل دعوت‌نامه میان دعوت و پایان جلسه ثبت می‌شود.")
        if locked.handed_over_on is not None:
            found.append("تحویل این دعوت‌نامه پیش از این ثبت شده است.")
        if on > local_date(at):
            found.append("تاریخ تحویل در آینده است.")
        if on < local_date(locked.sent_at):
            found.append(
                f"دعوت در {format_jalali(locked.sent_at, 'medium')} امضا شده و تحویل پیش از آن ممکن نیست."
            )
        if found:
            raise Refusal(*found)
        locked.handed_over_on, locked.handed_over_note = on, note.strip()[:200]
        locked.handed_over_by = actor
        locked.save(update_fields=["handed_over_on", "handed_over_note", "handed_over_by"])
        _record_invitation(
            events.INVITATION_HANDED,
            meeting,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            after={"handed_over_on": on.isoformat()},
            note=locked.handed_over_note,
        )
    return locked


def _record_invitation(
    event: Any,
    meeting: Meeting,
    invitation: Invitation,
    *,
    actor: User,
    at: datetime,
    authority: Authority,
    after: dict[str, Any],
    note: str = "",
) -> None:
    audit.record(
        event,
        invitation,
        actor=actor,
        at=at,
        authority=authority,
        after=after,
        note=note,
        root=meeting,
        label=invitation.seating.person.full_name,
    )
