"""Taking in an office's register: upload, preview, confirmation, progress, report (page 7)."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ngos import rules
from ngos.enums import ImportState
from ngos.forms.imports import ImportForm
from ngos.models import RegisterImport
from ngos.operations import import_jobs
from ngos.pages import import_display as display
from ngos.pages.imports import IMPORTS, list_crumbs, visible
from ngos.register_file import RegisterFileError
from ngos.workflow import IMPORT
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.letters.attachments import staged_file
from staff_portal.kernel.models import Attachment, Job
from staff_portal.kernel.pages.records import Look, RecordPage
from staff_portal.kernel.pages.requests import guard, moment, one, page_of, person, today
from staff_portal.kernel.pages.tables import workbook_response
from staff_portal.kernel.persian.digits import latin_isolated, to_persian_digits
from staff_portal.kernel.views.jobs import progress_of

ACCEPT = ".xlsx,.csv"
FILE_HELP = "فایل xlsx یا csv تا ۲۰ مگابایت، با ستون‌های «نام سازمان» و «شناسه ملی»."
NO_FILE = "فایل فهرست را برگزینید."
NOT_FOR_YOU = "ورود فهرست برای نقش شما باز نیست."
# Faults of the choice, not of the file: the file stays staged and another sheet can be chosen.
SHEET_FAULTS = {"sheet", "no_headings", "missing_column", "duplicate_heading", "no_rows"}


def _may_import(request: HttpRequest) -> bool:
    return rules.IMPORT_NGOS.authority(person(request), None, today(request)) is not None


def _reads_people(request: HttpRequest) -> bool:
    return rules.reads_people(person(request), today(request))


def _one(request: HttpRequest, pk: int) -> RegisterImport:
    return one(IMPORT_PAGE.visible(person(request), today(request)), pk)


# --- Upload and earlier imports ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The upload form, for those who may import, above the imports so far."""
    if request.method == "POST":
        return _upload(request)
    return _upload_page(request, ImportForm(initial={"on": today(request)}, sheets=[]))


def _upload(request: HttpRequest) -> HttpResponse:
    guard(rules.IMPORT_NGOS, request)
    staged, error = _staged(request)
    sheets = import_jobs.sheets_of(staged) if staged is not None else []
    if "file_remove" in request.POST:
        return _upload_page(request, ImportForm(initial=request.POST.dict(), sheets=[]))
    form = ImportForm(request.POST, sheets=sheets)
    if len(sheets) > 1 and "sheet" not in request.POST and not error:
        # The file is here and only now can its sheets be offered; nothing is wrong yet.
        form = ImportForm(initial=request.POST.dict(), sheets=sheets)
        return _upload_page(request, form, staged=staged)
    if form.is_valid() and staged is not None and not error:
        try:
            found = import_jobs.receive_register(
                staged,
                sheet=form.cleaned_data.get("sheet", ""),
                on=form.cleaned_data["on"],
                actor=person(request),
                at=moment(request),
            )
        except RegisterFileError as fault:
            error = fault.sentence
            if len(sheets) > 1 and fault.code in SHEET_FAULTS:
                form.add_error("sheet", fault.sentence)
                error = ""
        else:
            messages.success(request, "فهرست بارگذاری شد و بررسی می‌شود؛ تا تأیید شما چیزی ثبت نمی‌شود.")
            return redirect("ngos:import_detail", pk=found.pk)
    return _upload_page(
        request,
        form,
        staged=staged,
        error=to_persian_digits(error),
        status=422 if error or form.errors else 200,
    )


def _staged(request: HttpRequest) -> tuple[Attachment | None, str]:
    """The file that was sent, else the one sent before; with what is wrong with it."""
    kept = staged_file(request.POST.get("file_staged"), actor=person(request))
    upload = request.FILES.get("file")
    if isinstance(upload, UploadedFile):
        try:
            return import_jobs.stage_register(upload, actor=person(request), at=moment(request)), ""
        except RegisterFileError as fault:
            return kept, fault.sentence
    return kept, "" if kept is not None else NO_FILE


def _upload_page(
    request: HttpRequest,
    form: ImportForm,
    *,
    staged: Attachment | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    extra = {
        "form": form,
        "can_import": _may_import(request),
        "staged": [_staged_line(staged)] if staged is not None else [],
        "file_error": error,
        "accept": ACCEPT,
        "file_help": FILE_HELP,
    }
    return IMPORTS.show(request, status=status, extra=extra)


def _staged_line(attachment: Attachment) -> dict[str, Any]:
    size = to_persian_digits(filesizeformat(attachment.size))
    return {"name": attachment.name, "size": size, "value": attachment.pk, "remove_name": "file_remove"}


# --- One import -------------------------------------------------------------------------------------------------


def _draw(found: RegisterImport, look: Look) -> dict[str, Any]:
    """Where an import is: being checked, waiting for confirmation, under way, done or put aside."""
    report = _report(found, look)
    current = look.request.GET.get("show", "")
    if current not in dict(display.LISTS):
        current = next((name for name, _ in display.LISTS if report.get(name)), "rejected")
    page = page_of(look.request, report.get(current, []))
    problem, state = display.problem_of(found), ImportState(found.state)
    job = {ImportState.UPLOADED: found.check_job, ImportState.CONFIRMED: found.import_job}.get(state)
    return {
        "found": found,
        "problem": to_persian_digits(problem),
        "job": None if problem or job is None else _progress(look.request, job),
        "job_id": "" if job is None else str(job.pk),
        "has_report": bool(report),
        "is_done": state == ImportState.DONE,
        "is_checked": state == ImportState.CHECKED,
        "figures": display.figures_of(report, is_done=state == ImportState.DONE),
        "tabs": display.tabs_of(report, current),
        "columns": [{"label": label} for label in ("سطر", "ستون", "مقدار", "شرح")],
        "rows": display.finding_rows(list(page.object_list)),
        "page_obj": page,
        "fact_items": display.facts_of(
            found,
            can_open=_reads_people(look.request),
            file_url=reverse("attachment", args=[found.attachment_id]),
        ),
        "mapping_columns": [{"label": "ستون سامانه"}, {"label": "عنوان در فایل"}],
        "mapping_rows": display.columns_of(found) if found.preview.get("headings") else [],
        "unknown_headings": found.preview.get("unknown_headings", []),
        "can_import": _may_import(look.request),
        "has_work": bool(report.get("created") or report.get("updated")),
        "can_discard": state in {ImportState.UPLOADED, ImportState.CHECKED},
        "can_resume": bool(problem) and state == ImportState.CONFIRMED,
        "can_check": state == ImportState.CHECKED or (bool(problem) and state == ImportState.UPLOADED),
    }


def _report(found: RegisterImport, look: Look) -> dict[str, Any]:
    reads = _reads_people(look.request)
    shown: dict[str, Any] = look.once("report", lambda: display.shown_report(found, with_mobiles=reads))
    return shown


def _downloads(found: RegisterImport, look: Look) -> list[dict[str, Any]]:
    """What may be taken away; the steps stand on the page with what they mean."""
    report, links = _report(found, look), []
    if _reads_people(look.request) and (report.get("rejected") or report.get("duplicates")):
        links.append(("اکسل سطرهای نپذیرفته", "ngos:import_rejected", "sheet"))
    if report:
        links.append(("گزارش (JSON)", "ngos:import_report", "file"))
    return [
        {"label": label, "url": reverse(name, args=[found.pk]), "icon": icon, "confirm": True}
        for label, name, icon in links
    ]


IMPORT_PAGE = RecordPage(
    table=IMPORT,
    name="ngos:import_detail",
    visible=lambda user, on: visible(user, on).select_related("check_job", "import_job"),
    crumbs=lambda found: list_crumbs({"label": found.attachment.name}),
    title=lambda found: f"ورود فهرست «{latin_isolated(found.attachment.name)}»",
    path_of=display.path_of,
    path_label="مسیر کار",
    actions=_downloads,
    more=_draw,
    template="ngos/imports/detail.html",
)


def _progress(request: HttpRequest, job: Job) -> dict[str, Any]:
    """The bar; somebody who may not read another person's job sees it move by reloading the page."""
    drawn = progress_of(job)
    visible = Job.objects.filter(letter_rules.jobs_visible_to(person(request), today(request)))
    if not visible.filter(pk=job.pk).exists():
        drawn["poll_url"] = ""
    return drawn


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the import, or go on with one that broke off; a second click starts nothing."""
    found = _one(request, pk)
    found, has_started = import_jobs.confirm_import(found, actor=person(request), at=moment(request))
    if has_started:
        messages.success(request, "ورود فهرست آغاز شد. می‌توانید این صفحه را ترک کنید.")
    else:
        messages.info(request, "ورود این فهرست پیش از این تأیید شده است.")
    return redirect("ngos:import_detail", pk=pk)


@require_POST
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the preview anew."""
    import_jobs.check_again(_one(request, pk), actor=person(request), at=moment(request))
    messages.success(request, "فهرست دوباره بررسی می‌شود.")
    return redirect("ngos:import_detail", pk=pk)


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a register aside."""
    import_jobs.discard_import(_one(request, pk), actor=person(request), at=moment(request))
    messages.success(request, "فهرست کنار گذاشته شد و چیزی از آن وارد نشد.")
    return redirect("ngos:import_detail", pk=pk)


@require_GET
def import_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, with what is wrong, to be corrected and uploaded again."""
    found = _one(request, pk)
    if not _reads_people(request):
        raise NotPermitted("سطرهای فهرست شماره همراه دارد و تنها برای ستاد سمن‌ها باز است.")
    report = display.shown_report(found, with_mobiles=True)
    try:
        sheet = import_jobs.read_import(found)
    except RegisterFileError as fault:
        messages.error(request, fault.sentence)
        return redirect("ngos:import_detail", pk=pk)
    columns = display.rejected_columns(sheet, report)
    return workbook_response(
        columns, display.rejected_rows(sheet, report), "نپذیرفته", f"rejected-{found.pk}"
    )


@require_GET
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as the command writes it (JSON)."""
    found = _one(request, pk)
    report = display.shown_report(found, with_mobiles=_reads_people(request))
    response = JsonResponse(report, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="report-{found.pk}.json"'
    return response
