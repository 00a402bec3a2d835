"""One meeting: whether it may decide, who is here, agenda, invitations, papers, letter, timeline (C4)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.enums import MeetingState
from committee.models import Meeting
from committee.operations import meetings
from committee.pages import meeting_display as display
from committee.pages.meetings import MEETINGS
from committee.pages.sitting_display import sitting_context
from committee.queries import with_absences
from committee.workflow.meetings import MEETING, open_meetings
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.letter_card import event_kinds
from staff_portal.kernel.pages.records import Look, Note, Part, RecordPage
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.holds import open_reasons


def visible(user: User, on: date) -> QuerySet[Meeting]:
    """The meetings the person may see, with what the page of one names."""
    rows = open_meetings(user, on).select_related("term", "invitation_letter__number", "called_by", "minutes")
    events = event_kinds("invitation_letter")
    return with_absences(rows.annotate(_open_holds=open_reasons(Meeting), _letter_events=events))


def crumbs_of(meeting: Meeting) -> list[dict[str, str]]:
    """The way to a meeting."""
    own = {"label": str(meeting), "url": meeting.get_absolute_url()}
    return [{"label": MEETINGS.title, "url": reverse("committee:meeting_list")}, own]


def sitting(meeting: Meeting, look: Look) -> dict[str, Any]:
    """The sitting as it is shown and refreshed, read once."""
    return look.once("sitting", lambda: sitting_context(meeting, look.me, look.at))


def _notes(meeting: Meeting, look: Look) -> Iterator[Note]:
    vacant = display.vacant_chair(meeting, look.on)
    if vacant:
        yield Note("no", [vacant], "دعوت امضاکننده ندارد")
    hint = display.call_hint(meeting, look.on)
    if hint is not None:
        yield Note(hint["tone"], [hint["text"]], hint["title"])


def _actions(meeting: Meeting, look: Look) -> list[dict[str, Any]]:
    """The minutes, the calendar, the steps of the table; papers have their place beside the agenda."""
    before: list[dict[str, Any]] = []
    minutes = display.minutes_link(meeting, look.me, look.on)
    if minutes is not None and meeting.state == MeetingState.CLOSED:
        before.append({"label": "رفتن به صورتجلسه", "url": minutes["url"], "main": True, "confirm": True})
    is_called = meeting.called_at is not None and meeting.state in (
        MeetingState.CALLED,
        MeetingState.CANCELLED,
    )
    if is_called and rules.can_take_calendar(look.me, look.on):
        word = "برداشتن از تقویم" if meeting.state == MeetingState.CANCELLED else "افزودن به تقویم"
        url = reverse("committee:meeting_calendar", args=[meeting.pk])
        before.append({"label": word, "url": url, "confirm": True, "icon": "calendar"})
    shown = [option for option in look.options if option.name != "add_paper"]
    steps = step_actions(MEETING, meeting, shown)
    return [*before, *sorted(steps, key=lambda step: (bool(step["danger"]), bool(step["reasons"])))]


def _invitations(meeting: Meeting, look: Look) -> dict[str, Any] | None:
    if meeting.called_at is None:
        return None
    seen = sitting(meeting, look)
    now = seen["standing"]
    may_invite = seen["plans"] and meeting.state in meetings.LIVE_STATES
    return {
        "meeting": meeting,
        "invitations": display.invitations(meeting, now, may_hand_over=may_invite),
        "may_invite": may_invite and display.has_newcomers(now),
        "records_absence": seen["records_absence"] and meeting.state == MeetingState.CALLED,
    }


def _glance(meeting: Meeting, look: Look) -> dict[str, Any]:
    mine = sitting(meeting, look)["mine"]
    announces = meeting.state == MeetingState.CALLED and mine
    return {"items": display.facts(meeting), "mine": mine if announces else None, "meeting": meeting}


def _minutes(meeting: Meeting, look: Look) -> dict[str, Any] | None:
    link = display.minutes_link(meeting, look.me, look.on)
    return {**link, "meeting": meeting} if link is not None else None


def _papers(meeting: Meeting, look: Look) -> dict[str, Any]:
    edits = sitting(meeting, look)["edits_agenda"]
    url = f"{reverse('committee:meeting_agenda', args=[meeting.pk])}#papers" if edits else ""
    return {"papers": display.paper_rows(meeting), "add_url": url}


MEETING_PAGE = RecordPage(
    table=MEETING,
    name="committee:meeting_detail",
    visible=visible,
    crumbs=crumbs_of,
    subtitle=lambda row: row.title,
    meta=lambda row: [format_jalali(row.starts_at, "moment")],
    path_of=display.stepper,
    path_label="مسیر جلسه",
    notes=_notes,
    actions=_actions,
    main=(Part("دعوت‌نامه‌ها", "committee/meetings/invitations.html", _invitations, bare=True),),
    side=(
        Part("در یک نگاه", "committee/meetings/glance.html", _glance),
        Part("صورتجلسه", "committee/meetings/minutes.html", _minutes),
        Part("پیوست‌ها", "kernel/parts/papers.html", _papers),
    ),
    letters=lambda row: [row.invitation_letter] if row.invitation_letter else [],
    letters_title="دعوت‌نامه",
    more=sitting,
    styles="css/meetings.css",
    template="committee/meetings/detail.html",
)
