"""Meetings: the list, planning, one meeting with its steps, its calendar file (C4)."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, Case, Count, DateTimeField, F, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.calendar_file import CONTENT_TYPE, calendar_bytes
from committee.enums import MeetingState
from committee.forms.meetings import MeetingForm
from committee.models import Meeting
from committee.operations import meetings
from committee.queries import with_absences
from committee.tables.meetings import MEETING_COLUMNS, meeting_rows
from committee.views import meeting_display as display
from committee.views.sitting_display import sitting_context
from committee.workflow.meetings import MEETING
from staff_portal.kernel.operations.holds import open_reasons
from staff_portal.kernel.persian.digits import natural, to_ascii_digits
from staff_portal.kernel.persian.jalali import TEHRAN
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.views.asking import (
    attempt,
    chip_group,
    export_url,
    guard,
    moment,
    one,
    page_of,
    person,
    today,
)
from staff_portal.kernel.views.lettercard import event_kinds, letter_card
from staff_portal.kernel.views.transitions import take_step, transition_actions
from staff_portal.kernel.views.waiting_display import in_hands

LIST_TITLE = "جلسه‌ها"
NOT_FOR_YOU = "جلسه‌های کمیته مشترک برای نقش شما باز نیست."
NOT_CALLED = "این جلسه هنوز دعوت نشده است؛ پس از امضای دعوت می‌توانید آن را به تقویم خود بیفزایید."
#: words of every meeting's name, which narrow nothing
NAME_WORDS = ("جلسه", "کمیته", "مشترک")
LARGEST_NUMBER = 32767
AHEAD = (
    MeetingState.PLANNED,
    MeetingState.AWAITING_CHAIR,
    MeetingState.CALLED,
    MeetingState.IN_SESSION,
)


def visible(request: HttpRequest) -> QuerySet[Meeting]:
    """The meetings the person may see; nobody else's page says that they exist."""
    if not rules.reads_committee(person(request), today(request)):
        raise NotPermitted(NOT_FOR_YOU)
    return Meeting.objects.filter(rules.meetings_visible_to(person(request), today(request))).select_related(
        "term", "invitation_letter__number", "called_by"
    )


def crumbs(meeting: Meeting, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a meeting and what lies below it."""
    own: dict[str, str] = {"label": str(meeting)}
    if more:
        own["url"] = meeting.get_absolute_url()
    return [{"label": LIST_TITLE, "url": reverse("committee:meeting_list")}, own, *more]


# --- the list ------------------------------------------------------------------------------------------------


@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Every meeting, the coming ones first; chips by state, search, sort, Excel."""
    rows = _searched(visible(request), request.GET.get("q", ""))
    groups = _chips(request, rows)
    state = request.GET.get("state", "")
    if state in MeetingState.values:
        rows = rows.filter(state=state)
    sort = request.GET.get("sort", "")
    rows = rows.annotate(item_count=Count("items"))
    rows = rows.order_by(*sort_fields(MEETING_COLUMNS, sort, ())) if sort else _upcoming_first(rows, request)
    if request.GET.get("format") == "xlsx":
        return workbook_response(MEETING_COLUMNS, rows[:EXPORT_LIMIT], LIST_TITLE, "meetings")
    page = page_of(request, rows)
    context = {
        "page_title": LIST_TITLE,
        "page_subtitle": "دعوت، دستور، حضور و رأی‌گیری کمیته مشترک",
        "crumbs": [{"label": LIST_TITLE}],
        "q": request.GET.get("q", ""),
        "page_obj": page,
        "columns": header(MEETING_COLUMNS, request, sort),
        "rows": meeting_rows(page.object_list),
        "chip_groups": groups,
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "can_plan": rules.PLAN_MEETING.authority(person(request), None, today(request)) is not None,
        "export_url": export_url(request),
    }
    return render(request, "committee/meetings/list.html", context)


def _searched(rows: QuerySet[Meeting], query: str) -> QuerySet[Meeting]:
    """By subject, place or number, however it was typed; «جلسه ۲» is the second one."""
    for word in clean_text(query).split():
        condition = Q(title__icontains=word) | Q(place__icontains=word)
        number = natural(to_ascii_digits(word))
        if number is not None:
            condition |= Q(number=min(number, LARGEST_NUMBER))
        if word not in NAME_WORDS:
            rows = rows.filter(condition)
    return rows


def _upcoming_first(rows: QuerySet[Meeting], request: HttpRequest) -> QuerySet[Meeting]:
    """What is still to come by its time, then what is over, the latest first."""
    day = datetime.combine(today(request), datetime.min.time())
    ahead = Q(state__in=AHEAD) & (
        Q(starts_at__gte=timezone.make_aware(day)) | Q(state=MeetingState.IN_SESSION)
    )
    rows = rows.annotate(
        is_over=Case(When(ahead, then=Value(False)), default=Value(True), output_field=BooleanField()),
        comes_at=Case(When(ahead, then=F("starts_at")), output_field=DateTimeField()),
    )
    return rows.order_by("is_over", "comes_at", "-starts_at", "-id")


def _chips(request: HttpRequest, rows: QuerySet[Meeting]) -> list[dict[str, Any]]:
    state = request.GET.get("state", "")
    counts = rows.aggregate(**{value: Count("pk", filter=Q(state=value)) for value in MeetingState.values})
    options = [
        (s.value, str(s.label), counts[s.value]) for s in MeetingState if counts[s.value] or s.value == state
    ]
    return [chip_group(request, "وضعیت", "state", options)] if options else []


# --- planning ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting of the running term."""
    guard(rules.PLAN_MEETING, request)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: meetings.plan_meeting(actor=person(request), at=moment(request), **form.planned()),
        )
        if made is not None:
            messages.success(request, f"{made} برنامه‌ریزی شد؛ اکنون دستور جلسه را بنویسید.")
            return redirect("committee:meeting_agenda", pk=made.pk)
    context = {
        "page_title": "برنامه‌ریزی جلسه",
        "page_subtitle": "شماره جلسه خودکار داده می‌شود و نخستین دستور، پیگیری مصوبه‌های پیشین است.",
        "crumbs": [
            {"label": LIST_TITLE, "url": reverse("committee:meeting_list")},
            {"label": "برنامه‌ریزی جلسه"},
        ],
        "form": form,
        "submit_label": "برنامه‌ریزی",
        "cancel_url": reverse("committee:meeting_list"),
        "draft_key": "meeting-new",
    }
    return render(request, "committee/meetings/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change time, place and subject while the meeting is planned."""
    meeting = one(visible(request), pk)
    guard(rules.PLAN_MEETING, request, meeting)
    starts, ends = (value.astimezone(TEHRAN) for value in (meeting.starts_at, meeting.ends_at))
    initial = {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": meeting.place,
        "title": meeting.title,
    }
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "GET" and meeting.state != MeetingState.PLANNED:
        raise Refusal(meetings.ONLY_PLANNED)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: meetings.change_meeting(
                meeting, actor=person(request), at=moment(request), **form.planned()
            ),
        )
        if done is not None:
            messages.success(request, "زمان و مکان جلسه ثبت شد.")
            return redirect("committee:meeting_detail", pk=meeting.pk)
    context = {
        "page_title": f"ویرایش {meeting}",
        "crumbs": crumbs(meeting, {"label": "ویرایش"}),
        "form": form,
        "submit_label": "ذخیره",
        "cancel_url": meeting.get_absolute_url(),
        "draft_key": f"meeting-{meeting.pk}",
    }
    return render(request, "committee/meetings/form.html", context, status=422 if form.errors else 200)


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
        "actions": _actions(request, meeting, plans=plans),
        "holders": in_hands(meeting, person(request), today(request)),
        "events": trail(meeting, person(request), today(request), limit=60),
    }
    return render(request, "committee/meetings/detail.html", context)


def _letter(meeting: Meeting, on: date) -> dict[str, Any] | None:
    letter = meeting.invitation_letter
    return letter_card(letter, on, meeting._letter_events) if letter else None  # type: ignore[attr-defined]


def _actions(request: HttpRequest, meeting: Meeting, *, plans: bool) -> list[dict[str, Any]]:
    """Editing while it is planned, then the steps of the table."""
    options = MEETING.options(meeting, person(request), moment(request))
    steps = transition_actions(options, lambda name: reverse("committee:meeting_do", args=[meeting.pk, name]))
    if plans and meeting.state == MeetingState.PLANNED:
        url = reverse("committee:meeting_edit", args=[meeting.pk])
        steps.append({"label": "ویرایش زمان و مکان", "url": url, "confirm": True})
    return sorted(steps, key=lambda step: (bool(step.get("danger")), bool(step.get("reasons"))))


@require_http_methods(["GET", "POST"])
def meeting_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """A step of the table."""
    meeting = one(visible(request), pk)
    row = MEETING.transitions.get(transition)
    done = {
        "submit_call": "دعوت برای امضای رئیس فرستاده شد.",
        "call": "دعوت‌نامه صادر و برای اعضا فرستاده شد.",
        "return": "دعوت به دبیر بازگشت.",
        "open": "جلسه آغاز شد؛ ورود اعضا را ثبت کنید.",
        "close": "جلسه پایان یافت و نگارش صورتجلسه آغاز شد.",
        "cancel": "جلسه لغو شد.",
    }
    return take_step(
        request,
        obj=meeting,
        workflow=MEETING,
        name=transition,
        back_url=meeting.get_absolute_url(),
        done=done.get(transition, ""),
        crumbs=crumbs(meeting, {"label": row.label if row else ""}),
        about=lambda: display.call_facts(meeting),
    )


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
