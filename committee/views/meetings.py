"""One meeting: its page with the steps, its calendar file (C4)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.calendar_file import CONTENT_TYPE, calendar_bytes
from committee.enums import MeetingState
from committee.models import Meeting
from committee.operations import meetings
from committee.pages.meetings import MEETINGS
from committee.queries import with_absences
from committee.views import meeting_display as display
from committee.views.sitting_display import sitting_context
from committee.workflow.meetings import MEETING, open_meetings
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.pages.letter_card import event_kinds, letter_card
from staff_portal.kernel.pages.requests import moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow.holds import open_reasons

NOT_CALLED = "این جلسه هنوز دعوت نشده است؛ پس از امضای دعوت می‌توانید آن را به تقویم خود بیفزایید."


def visible(request: HttpRequest) -> QuerySet[Meeting]:
    """The meetings the person may see; nobody else's page says that they exist."""
    return open_meetings(person(request), today(request)).select_related(
        "term", "invitation_letter__number", "called_by"
    )


def crumbs(meeting: Meeting, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a meeting and what lies below it."""
    first, own = way_to(meeting)
    return [first, own, *more] if more else [first, {"label": own["label"]}]


def way_to(meeting: Meeting) -> list[dict[str, str]]:
    """The way to a page below a meeting."""
    own = {"label": str(meeting), "url": meeting.get_absolute_url()}
    return [{"label": MEETINGS.title, "url": reverse("committee:meeting_list")}, own]


# --- one meeting ---------------------------------------------------------------------------------------------


@require_GET
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: whether it may decide, who is here, agenda, invitations, papers, letter, timeline (C4)."""
    rows = with_absences(visible(request).select_related("minutes"))
    meeting = one(
        rows.annotate(_open_holds=open_reasons(Meeting), _letter_events=event_kinds("invitation_letter")), pk
    )
    me, at, on = person(request), moment(request), today(request)
    plans = rules.PLAN_MEETING.authority(me, meeting, on) is not None
    sitting = sitting_context(meeting, me, at)
    now = sitting["standing"]
    is_called = meeting.called_at is not None
    is_live = meeting.state in meetings.LIVE_STATES
    context = sitting | {
        "page_title": str(meeting),
        "page_subtitle": meeting.title,
        "crumbs": crumbs(meeting),
        "steps": display.stepper(meeting),
        "call_hint": display.call_hint(meeting, on),
        "vacant_chair": display.vacant_chair(meeting, on),
        "fact_items": display.facts(meeting),
        "invitations": display.invitations(meeting, now, may_hand_over=plans and is_live)
        if is_called
        else [],
        "papers": display.paper_rows(meeting),
        "letter": _letter(meeting, on),
        "minutes": display.minutes_link(meeting, me, on),
        "edits_agenda": plans and meeting.state in (MeetingState.PLANNED, *meetings.LIVE_STATES),
        "may_invite": plans and is_live and display.has_newcomers(now),
        "calendar": is_called
        and meeting.state in (MeetingState.CALLED, MeetingState.CANCELLED)
        and rules.can_take_calendar(me, on),
        "announces_absence": meeting.state == MeetingState.CALLED and bool(sitting["mine"]),
        "actions": _actions(request, meeting),
        "holders": in_hands(meeting, person(request), today(request)),
        "events": trail(meeting, person(request), today(request), limit=60),
    }
    return render(request, "committee/meetings/detail.html", context)


@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change time, place and subject while the meeting is planned."""
    return take(request, MEETING, one(visible(request), pk), "change", crumbs=way_to)


def _letter(meeting: Meeting, on: date) -> dict[str, Any] | None:
    letter = meeting.invitation_letter
    return letter_card(letter, on, meeting._letter_events) if letter else None  # type: ignore[attr-defined]


def _actions(request: HttpRequest, meeting: Meeting) -> list[dict[str, Any]]:
    """The steps of the table; papers have their place beside the agenda."""
    options = MEETING.options(meeting, person(request), moment(request))
    shown = [option for option in options if option.name != "add_paper"]
    steps = step_actions(MEETING, meeting, shown)
    return sorted(steps, key=lambda step: (bool(step["danger"]), bool(step["reasons"])))


@require_GET
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting as a calendar entry, for members and secretary."""
    meeting = one(visible(request), pk)
    if not rules.can_take_calendar(person(request), today(request)):
        raise NotPermitted("پرونده تقویم برای اعضا و دبیر کمیته است.")
    if meeting.called_at is None:
        raise Refusal(NOT_CALLED)
    content = calendar_bytes(meeting, reader=person(request), at=moment(request))
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    return response
