"""The rows of a meeting's life as short calls, for tests that tell a story."""

from datetime import date, datetime
from typing import Any

from committee.models import (
    AgendaItem,
    AmendmentRequest,
    Invitation,
    Meeting,
    Minutes,
    NoticeWaiver,
    Presence,
    Seating,
)
from committee.workflow.meetings import MEETING
from committee.workflow.minutes import AMENDMENT, MINUTES
from committee.workflow.sittings import AGENDA, INVITATION, PRESENCE, WAIVER
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.persian.jalali import TEHRAN
from staff_portal.kernel.workflow import sweeps


def _times(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    starts, ends = starts_at.astimezone(TEHRAN), ends_at.astimezone(TEHRAN)
    return {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}


def plan_meeting(
    *, actor: User, at: datetime, starts_at: datetime, ends_at: datetime, place: str, title: str = ""
) -> Meeting:
    times = _times(starts_at, ends_at)
    return MEETING.apply(None, "plan", actor=actor, at=at, place=place, title=title, **times)


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
    times = _times(starts_at, ends_at)
    return MEETING.apply(meeting, "change", actor=actor, at=at, place=place, title=title, **times)


def hand_over(invitation: Invitation, *, actor: User, at: datetime, on: date, note: str = "") -> Invitation:
    return INVITATION.apply(
        invitation, "hand_over", actor=actor, at=at, handed_over_on=on, handed_over_note=note
    )


def change_item(item: AgendaItem, *, actor: User, at: datetime, title: str, note: str) -> AgendaItem:
    return AGENDA.apply(item, "change", actor=actor, at=at, title=title, remark=note)


def move_item(item: AgendaItem, *, actor: User, at: datetime, up: bool) -> AgendaItem:
    return AGENDA.apply(item, "up" if up else "down", actor=actor, at=at)


def remove_item(item: AgendaItem, *, actor: User, at: datetime) -> None:
    AGENDA.apply(item, "remove", actor=actor, at=at)


def add_papers(meeting: Meeting, papers: list[Attachment], *, actor: User, at: datetime) -> None:
    for paper in papers:
        MEETING.apply(meeting, "add_paper", actor=actor, at=at, paper=paper)


def record_presence(meeting: Meeting, seating: Seating, *, kind: str, actor: User, at: datetime) -> Presence:
    name = "arrive" if kind == "arrived" else "leave"
    return PRESENCE.apply(meeting, name, actor=actor, at=at, seating=seating)


def waive_notice(meeting: Meeting, *, actor: User, at: datetime) -> NoticeWaiver:
    return WAIVER.apply(meeting, "waive", actor=actor, at=at)


def write_discussion(minutes: Minutes, *, actor: User, at: datetime, texts: dict[int, str]) -> Minutes:
    return MINUTES.apply(minutes, "write", actor=actor, at=at, texts=texts)


def ask_amendment(minutes: Minutes, *, actor: User, at: datetime, text: str) -> AmendmentRequest:
    return AMENDMENT.apply(minutes, "ask", actor=actor, at=at, text=text)


def want_no_amendment(minutes: Minutes, *, actor: User, at: datetime) -> AmendmentRequest:
    return AMENDMENT.apply(minutes, "none", actor=actor, at=at)


def accept_amendment(
    request: AmendmentRequest, *, actor: User, at: datetime, **asked: Any
) -> AmendmentRequest:
    return AMENDMENT.apply(request, "accept", actor=actor, at=at, **asked)


def accept_by_record(
    request: AmendmentRequest, *, actor: User, at: datetime, answer: str
) -> AmendmentRequest:
    return AMENDMENT.apply(request, "accept_by_record", actor=actor, at=at, answer=answer)


def decline_amendment(
    request: AmendmentRequest, *, actor: User, at: datetime, answer: str
) -> AmendmentRequest:
    return AMENDMENT.apply(request, "decline", actor=actor, at=at, answer=answer)


def advance_minutes(at: datetime) -> int:
    """What the clocks bring about."""
    return sweeps.run(at)
