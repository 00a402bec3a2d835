"""Beside a meeting's page: its editing, its calendar file (C4)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.calendar_file import CONTENT_TYPE, calendar_bytes
from committee.models import Meeting
from committee.pages.meeting import crumbs_of
from committee.workflow.meetings import MEETING, open_meetings
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.pages.requests import moment, one, person, today
from staff_portal.kernel.pages.steps import take

NOT_CALLED = "این جلسه هنوز دعوت نشده است؛ پس از امضای دعوت می‌توانید آن را به تقویم خود بیفزایید."


def visible(request: HttpRequest) -> QuerySet[Meeting]:
    """The meetings the person may see; nobody else's page says that they exist."""
    return open_meetings(person(request), today(request)).select_related(
        "term", "invitation_letter__number", "called_by"
    )


def crumbs(meeting: Meeting, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to what lies below a meeting."""
    return [*crumbs_of(meeting), *more]


@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change time, place and subject while the meeting is planned."""
    return take(request, MEETING, one(visible(request), pk), "change", crumbs=crumbs_of)


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
