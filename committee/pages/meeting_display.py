"""How a meeting is shown: its path, the call, invitations, papers, letter and minutes (C4)."""

from datetime import date
from typing import Any

from django.urls import reverse

from committee import queries, rules
from committee.enums import MeetingState
from committee.invitation import papers_of
from committee.models import Meeting, Minutes
from committee.operations import meetings
from committee.operations.presence import (
    Standing,
    last_call_day,
    meeting_day,
    notice_days,
)
from committee.pages.seats_display import side_word
from committee.queries import absence_reasons
from staff_portal.kernel.configuration import clocks
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali

PATH = (
    MeetingState.PLANNED,
    MeetingState.AWAITING_CHAIR,
    MeetingState.CALLED,
    MeetingState.IN_SESSION,
    MeetingState.CLOSED,
    MeetingState.MINUTED,
)
OVER = (MeetingState.CLOSED, MeetingState.MINUTED)


def stepper(meeting: Meeting) -> list[dict[str, Any]]:
    """The path of a meeting; a cancelled one stands still."""
    if meeting.state == MeetingState.CANCELLED:
        drawn = [{"label": MeetingState.PLANNED.label, "state": "done"}]
        if meeting.called_at is not None:
            drawn.append({"label": MeetingState.CALLED.label, "state": "done"})
        return [*drawn, {"label": MeetingState.CANCELLED.label, "state": "off"}]
    place = PATH.index(MeetingState(meeting.state))
    steps = []
    for number, state in enumerate(PATH):
        how = "done" if number < place or meeting.state == MeetingState.MINUTED else "todo"
        note = ""
        if number == place and how == "todo":
            how, note = "current", f"از {format_jalali(meeting.state_since, 'medium')}"
        steps.append({"label": state.label, "state": how, "note": note})
    return steps


def facts(meeting: Meeting) -> list[dict[str, Any]]:
    """In one glance."""
    items = meetings.facts(meeting)
    if meeting.called_by and meeting.called_at:
        signed = f"{meeting.called_by}، {format_jalali(meeting.called_at, 'medium')}"
        items.append({"label": "امضای دعوت", "value": signed})
    if meeting.opened_at:
        items.append({"label": "آغاز جلسه", "value": format_jalali(meeting.opened_at, "moment")})
    if meeting.closed_at:
        items.append({"label": "پایان جلسه", "value": format_jalali(meeting.closed_at, "moment")})
    if meeting.cancel_reason:
        items.append({"label": "سبب لغو", "value": to_persian_text(meeting.cancel_reason)})
    return items


# --- the call ------------------------------------------------------------------------------------------------


def call_hint(meeting: Meeting, on: date) -> dict[str, str] | None:
    """Until when the call must be signed for the notice period; once that day is over, what then."""
    if meeting.state not in (MeetingState.PLANNED, MeetingState.AWAITING_CHAIR):
        return None
    day = meeting_day(meeting)
    days, calendar = notice_days(day), clocks.calendar(day)
    last = last_call_day(day, days, calendar)
    period = f"{to_persian_digits(days)} روز کاری"
    closed = "" if calendar.is_working_day(day) else " روز جلسه تعطیل است."
    if last >= on:
        text = f"مهلت دعوت تا جلسه دست‌کم {period} است؛ دعوت باید تا {format_jalali(last, 'long')} امضا شود."
        return {"tone": "wait" if closed else "go", "title": "مهلت دعوت", "text": text + closed}
    text = (
        f"مهلت دعوت تا جلسه دست‌کم {period} است و دعوت دیگر به این تاریخ نمی‌رسد. زمان دیگری تعیین کنید؛ "
        "وگرنه جلسه تنها با حضور همه اعضا و گذشت هر یک از آنان می‌تواند تصمیم بگیرد."
    )
    return {"tone": "wait", "title": "مهلت دعوت رعایت نمی‌شود", "text": text + closed}


def invitations(meeting: Meeting, now: Standing, *, may_hand_over: bool) -> list[dict[str, Any]]:
    """Each member: invited when, proven how, in time or not."""
    rows = []
    absent = absence_reasons(meeting)
    for notice in now.notices:
        invitation = notice.invitation
        by_hand = invitation is not None and invitation.handed_over_on is not None
        rows.append(
            {
                "name": notice.seating.person.full_name,
                "side": side_word(notice.seating.seat_code),
                "sent": format_jalali(invitation.sent_at, "medium") if invitation else "",
                "proof": notice.proof_label,
                "proven": format_jalali(notice.proven_on, "medium") if notice.proven_on else "",
                "hand_note": invitation.handed_over_note if invitation and by_hand else "",
                "enough": notice.is_enough,
                "absence": to_persian_text(absent.get(notice.seating.pk, "")),
                "state": "در مهلت"
                if notice.is_enough
                else "ثابت نیست"
                if not notice.proven_on
                else "خارج از مهلت",
                "tone": "ok" if notice.is_enough else "no",
                "hand_url": reverse("committee:meeting_hand_over", args=[meeting.pk, invitation.pk])
                if may_hand_over and invitation is not None and not by_hand and not notice.is_enough
                else "",
            }
        )
    return rows


# --- at the side ---------------------------------------------------------------------------------------------


def paper_rows(meeting: Meeting) -> list[dict[str, Any]]:
    """The papers with their addresses."""
    return [
        {
            "name": paper.name,
            "url": reverse("attachment", args=[paper.pk]),
            "detail": format_jalali(paper.uploaded_at, "medium"),
        }
        for paper in papers_of(meeting)
    ]


def minutes_link(meeting: Meeting, me: User, on: date) -> dict[str, Any] | None:
    """The minutes, once there are any that the person may read."""
    minutes: Minutes | None = getattr(meeting, "minutes", None)
    if minutes is None or not rules.can_view_minutes(me, minutes, on):
        return None
    return {
        "url": reverse("committee:minutes_detail", args=[meeting.pk]),
        "state": minutes.get_state_display(),
        "tone": minutes.state_tone,
    }


def has_newcomers(now: Standing) -> bool:
    """Whether a member took a seat after the call and is not invited."""
    return any(notice.invitation is None for notice in now.notices)


def vacant_chair(meeting: Meeting, on: date) -> str:
    """What to do when nobody can sign the call."""
    if meeting.state not in (MeetingState.PLANNED, MeetingState.AWAITING_CHAIR):
        return ""
    return "" if queries.chair_of(on) is not None else rules.NO_CHAIR
