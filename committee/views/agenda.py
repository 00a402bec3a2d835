"""The agenda of a meeting and its papers: adding, changing, ordering, removing, without JavaScript (C4)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from committee import rules
from committee.enums import ItemKind, MeetingState
from committee.forms.meetings import ItemForm
from committee.models import AgendaItem, Meeting
from committee.operations import agenda as operations
from committee.pages.meeting_display import paper_rows
from committee.pages.sitting_display import agenda_rows
from committee.views.meetings import crumbs, visible
from committee.workflow.meetings import MEETING
from committee.workflow.sittings import AGENDA
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.letters.attachments import ACCEPTED, stage_file, staged_file
from staff_portal.kernel.models import Attachment
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.persian.digits import to_persian_digits

FILE_HELP = "PDF، تصویر، Word یا Excel، تا ۲۰ مگابایت"
TITLE = "دستور جلسه"


def _to_edit(request: HttpRequest, pk: int) -> Meeting:
    meeting = one(visible(request), pk)
    guard(rules.PLAN_MEETING, request, meeting)
    return meeting


@require_http_methods(["GET", "POST"])
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """The items with their buttons, and below them a form for one more."""
    meeting = _to_edit(request, pk)
    motions = operations.motions_to_choose(meeting)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        motions=motions,
        initial={"kind": ItemKind.MOTION if motions.exists() else ItemKind.DISCUSSION},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: operations.add_item(
                meeting,
                actor=person(request),
                at=moment(request),
                kind=data["kind"],
                title=data["title"],
                note=data["note"],
                motion=data["motion"],
            ),
        )
        if made is not None:
            messages.success(request, f"«{made.title}» به دستور جلسه افزوده شد.")
            return redirect("committee:meeting_agenda", pk=meeting.pk)
    return _page(request, meeting, form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    meeting: Meeting,
    form: ItemForm,
    *,
    staged: Attachment | None = None,
    file_error: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = agenda_rows(meeting, person(request), today(request))
    movable = [row for row in rows if not row["is_first"]]
    for place, row in enumerate(movable):
        row["up"], row["down"] = place > 0, place < len(movable) - 1
    context = {
        "page_title": TITLE,
        "page_subtitle": f"{meeting}؛ نخستین دستور همیشه پیگیری مصوبه‌های پیشین است.",
        "crumbs": crumbs(meeting, {"label": TITLE}),
        "meeting": meeting,
        "items": rows,
        "open": meeting.state in operations.OPEN_STATES,
        "closed_reason": operations.AWAITS_CHAIR
        if meeting.state == MeetingState.AWAITING_CHAIR
        else operations.NOT_OPEN,
        "is_called": meeting.state == MeetingState.CALLED,
        "form": form,
        "has_motions": form.fields["motion"].queryset.exists(),
        "attached": {"papers": paper_rows(meeting)},
        "takes_papers": meeting.state in operations.PAPER_STATES,
        "staged": _staged(staged),
        "file_error": file_error,
        "accept": ACCEPTED,
        "file_help": FILE_HELP,
    }
    return render(request, "committee/meetings/agenda.html", context, status=status)


def _staged(attachment: Attachment | None) -> list[dict[str, Any]]:
    if attachment is None:
        return []
    size = to_persian_digits(filesizeformat(attachment.size))
    return [{"name": attachment.name, "size": size, "value": attachment.pk}]


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    return one(AgendaItem.objects.filter(meeting=meeting).select_related("meeting", "motion"), pk)


def _take(request: HttpRequest, pk: int, item: int, name: Callable[[AgendaItem], str]) -> HttpResponse:
    """A row of the item; one returns to the agenda."""
    meeting = _to_edit(request, pk)
    found, back = _item(meeting, item), reverse("committee:meeting_agenda", args=[meeting.pk])
    way = [*crumbs(meeting), {"label": TITLE, "url": back}]
    return take(request, AGENDA, found, name(found), crumbs=lambda row: way, back=back)


@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Other words for an item; a motion keeps its own title."""
    return _take(request, pk, item, lambda found: "annotate" if found.kind == ItemKind.MOTION else "change")


@require_POST
def item_move(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One place up or down."""
    name = "up" if request.POST.get("direction") == "up" else "down"
    return _take(request, pk, item, lambda found: name)


@require_POST
def item_remove(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Off the agenda; a motion stays tabled."""
    return _take(request, pk, item, lambda found: "remove")


@require_POST
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a paper; the file is staged first, so that a refusal does not lose it."""
    meeting = _to_edit(request, pk)
    me, at = person(request), moment(request)
    staged, error = _stage(request)
    if staged is not None and not error:
        try:
            MEETING.apply(meeting, "add_paper", actor=me, at=at, paper=staged)
        except NotPermitted:
            raise
        except Refusal as refusal:
            error = refusal.sentence
        else:
            messages.success(request, f"«{staged.name}» پیوست شد.")
            return redirect("committee:meeting_agenda", pk=meeting.pk)
    form = ItemForm(motions=operations.motions_to_choose(meeting))
    return _page(request, meeting, form, staged=staged, file_error=error, status=422)


def _stage(request: HttpRequest) -> tuple[Attachment | None, str]:
    """The file that came along, else the one staged before; with what is wrong with it."""
    before = staged_file(request.POST.get("file_staged"), actor=person(request))
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return before, "" if before else "فایل پیوست را برگزینید."
    try:
        return stage_file(upload, actor=person(request), at=moment(request)), ""
    except Refusal as refusal:
        return before, refusal.sentence
