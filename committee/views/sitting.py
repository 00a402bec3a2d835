"""The sitting: arrivals and departures, absences, waivers, handing over, and the part that refreshes itself (C4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import context_processors
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committee import queries, rules
from committee.enums import PresenceKind
from committee.forms.meetings import AbsenceForm
from committee.models import Invitation, Meeting, Seating
from committee.operations import attendance, meetings
from committee.pages.sitting_display import reference_moment, sitting_context
from committee.views.meetings import crumbs, visible
from committee.workflow.sittings import INVITATION, PRESENCE, WAIVER
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, tell, today
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import natural


@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The sitting alone, asked for every few seconds with ``X-Background: 1``.

    204 while nothing has changed; when the meeting has begun or ended since (``state``), the whole page is fetched.
    """
    meeting = one(visible(request), pk)
    if request.GET.get("state") != meeting.state:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = sitting_context(meeting, person(request), moment(request))
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    # Without the frame's context: the part has no rail and no inbox, and is asked for by everybody in the room.
    response = HttpResponse(
        render_to_string("committee/meetings/sitting.html", context | context_processors.csrf(request))
    )
    response["Cache-Control"] = "no-store"
    return response


def _members(request: HttpRequest, meeting: Meeting) -> list[Seating]:
    """The members of the meeting: those who sit now, or sat when it ended."""
    return queries.sitting(local_date(reference_moment(meeting, moment(request))))


def _back(meeting: Meeting) -> HttpResponse:
    return redirect(f"{meeting.get_absolute_url()}#sitting")


@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """An arrival or a departure: of anybody by the secretary, of oneself from the own phone."""
    meeting = one(visible(request), pk)
    guard(rules.RECORD_PRESENCE, request, meeting)
    wanted = natural(request.POST.get("seating"))
    seating = next((row for row in _members(request, meeting) if row.pk == wanted), None)
    rows = {PresenceKind.ARRIVED.value: "arrive", PresenceKind.LEFT.value: "leave"}
    name = rows.get(request.POST.get("kind", ""))
    if seating is None or name is None:
        messages.error(request, "ورود یا خروج را برگزینید." if seating else attendance.NOT_SITTING)
        return _back(meeting)
    return _taken(
        request,
        meeting,
        lambda: PRESENCE.apply(meeting, name, actor=person(request), at=moment(request), seating=seating),
        f"{'ورود' if name == 'arrive' else 'خروج'} {seating.person.full_name} ثبت شد.",
    )


@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's own waiver of the notice period."""
    meeting = one(visible(request), pk)
    return take(request, WAIVER, meeting, "waive", back=f"{meeting.get_absolute_url()}#sitting")


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite those who took a seat after the call."""
    meeting = one(visible(request), pk)
    guard(rules.HAND_OVER, request, meeting)
    return _taken(
        request,
        meeting,
        lambda: meetings.invite_newcomers(meeting, actor=person(request), at=moment(request)),
        "عضو تازه به جلسه دعوت شد.",
    )


def _taken(request: HttpRequest, meeting: Meeting, operation: Any, done: str) -> HttpResponse:
    tell(request, operation, done)
    return _back(meeting)


@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is not there and why: of anybody by the secretary, of oneself by the member."""
    meeting = one(visible(request), pk)
    guard(rules.RECORD_ABSENCE, request, meeting)
    me = person(request)
    members = _members(request, meeting)
    if not access.has_role(me, today(request), Role.SECRETARY):
        members = [row for row in members if row.person_id == me.pk]
    form = AbsenceForm(
        request.POST or None, seatings=members, initial={"seating": request.GET.get("seating", "")}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        seating = next(row for row in members if str(row.pk) == data["seating"])
        done = attempt(
            form,
            lambda: attendance.record_absence(
                meeting, seating, reason=data["reason"], actor=me, at=moment(request)
            ),
        )
        if done is not None:
            messages.success(request, f"غیبت {seating.person.full_name} ثبت شد.")
            return redirect(meeting)
    context = {
        "page_title": "ثبت غیبت",
        "page_subtitle": f"{meeting}؛ علت غیبت در صورتجلسه می‌آید.",
        "crumbs": crumbs(meeting, {"label": "ثبت غیبت"}),
        "form": form,
        "submit_label": "ثبت غیبت",
        "cancel_url": meeting.get_absolute_url(),
        "draft_key": f"absence-{meeting.pk}",
    }
    return render(request, "committee/meetings/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Record that the paper was given by hand."""
    meeting = one(visible(request), pk)
    rows = Invitation.objects.filter(meeting=meeting).select_related("seating__person", "meeting")
    back = f"{meeting.get_absolute_url()}#invitations"
    return take(
        request,
        INVITATION,
        one(rows, invitation),
        "hand_over",
        crumbs=lambda row: crumbs(meeting),
        back=back,
    )
