"""A register on its way in: uploaded, checked in the background, confirmed once, imported, reported (page 7)."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse

from ngos import rules
from ngos.enums import ImportState
from ngos.models import RegisterImport
from ngos.operations.importing import Report, check_register, import_register, rows_named
from ngos.register_file import RegisterFileError, RegisterSheet, read_register
from ngos.register_sources import MAX_UPLOAD_BYTES, open_tables
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.jobs import handlers
from staff_portal.kernel.jobs.running import start_job
from staff_portal.kernel.letters.attachments import attach, keep_content
from staff_portal.kernel.models import Attachment, Job, JobState, User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step
from staff_portal.kernel.workflow.transactions import require

CHECK_JOB, IMPORT_JOB = "ngos.check_register", "ngos.import_register"
# A file up to this size is read while the person waits; of a larger one the job says what is wrong with its rows.
READ_AT_ONCE = 512 * 1024
CHECKING = (ImportState.UPLOADED, ImportState.CHECKED)
NOT_CHECKED = "این فهرست هنوز بررسی نشده یا کنار گذاشته شده است؛ نخست آن را بررسی کنید."
DISCARDED = "کنار گذاشته شد؛ چیزی از آن وارد نشده است."
PROBLEM_COLUMN = "ایراد"
CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


# --- Coming in --------------------------------------------------------------------------------------------------


def stage_register(upload: File, *, actor: User, at: datetime) -> Attachment:
    """Keep an uploaded register for its uploader; raises :class:`RegisterFileError` for what is no spreadsheet."""
    name = clean_text(PurePath(upload.name or "").name)[-200:]
    upload.seek(0)
    content = upload.read(MAX_UPLOAD_BYTES + 1)
    open_tables(content, name)
    kind = CONTENT_TYPES[PurePath(name).suffix.lower()]
    return keep_content(content, name=name, content_type=kind, actor=actor, at=at)


def sheets_of(attachment: Attachment) -> list[str]:
    """Titles of the visible sheets, hidden ones last; none for a file without sheets (CSV)."""
    tables = sorted(open_tables(content_of(attachment), attachment.name), key=lambda table: table.is_hidden)
    return [table.title for table in tables if table.title]


def content_of(attachment: Attachment) -> bytes:
    """The file as it was uploaded."""
    with attachment.file.open("rb") as stream:
        return bytes(stream.read())


def read_import(found: RegisterImport) -> RegisterSheet:
    """The rows of an import's file; raises :class:`RegisterFileError`."""
    return read_register(content_of(found.attachment), found.attachment.name, found.sheet or None)


def receive_register(
    attachment: Attachment, *, sheet: str, on: date, actor: User, at: datetime
) -> RegisterImport:
    """Take a staged register in and have it checked. ``on`` is the day by which its dates are judged.

    Raises :class:`RegisterFileError` when the sheet or its headings are wrong; the file stays staged then.
    """
    content = content_of(attachment)
    if len(content) <= READ_AT_ONCE:
        sheet = read_register(content, attachment.name, sheet or None).title
    found: RegisterImport = _table().apply(
        None, "upload", actor=actor, at=at, attachment=attachment, sheet=sheet[:80], on=on
    )
    return found


def check_again(found: RegisterImport, *, actor: User, at: datetime) -> RegisterImport:
    """Make the preview anew: after a check that broke off, or because the registry has changed since."""
    fresh = _fresh(found)
    is_running = fresh.check_job is not None and not fresh.check_job.is_over
    may = rules.IMPORT_NGOS.authority(actor, fresh, local_date(at)) is not None
    if may and is_running and fresh.state in CHECKING:
        return fresh
    checked: RegisterImport = _table().apply(found, "check_again", actor=actor, at=at)
    return checked


def confirm_import(found: RegisterImport, *, actor: User, at: datetime) -> tuple[RegisterImport, bool]:
    """Have a checked register imported; a second confirmation starts nothing (False).

    An import that broke off is taken up again behind the last chunk that was committed.
    """
    fresh = _fresh(found)
    broke_off = fresh.state == ImportState.CONFIRMED and has_broken_off(fresh.import_job)
    name, note = ("resume", "ادامه ورود نیمه‌کاره") if broke_off else ("confirm", "")
    try:
        return _table().apply(found, name, actor=actor, at=at, note=note), True
    except NotPermitted:
        raise
    except Refusal as refusal:
        fresh = _fresh(found)
        if fresh.state in {ImportState.CONFIRMED, ImportState.DONE}:
            return fresh, False
        raise Refusal(NOT_CHECKED) from refusal


def discard_import(found: RegisterImport, *, actor: User, at: datetime) -> RegisterImport:
    """Put a register aside that will not be imported."""
    if _fresh(found).state not in CHECKING:
        require(rules.IMPORT_NGOS, actor, None, at)
        raise Refusal("ورود این فهرست تأیید شده است و دیگر کنار گذاشته نمی‌شود.")
    aside: RegisterImport = _table().apply(found, "discard", actor=actor, at=at)
    return aside


def record_import(
    upload: File, *, sheet: RegisterSheet, on: date, report: Report, actor: User, at: datetime
) -> RegisterImport:
    """Note an import made at the command line: its file, its report and one audit entry."""
    with transaction.atomic():
        attachment = stage_register(upload, actor=actor, at=at)
        found: RegisterImport = _table().apply(
            None,
            "record",
            actor=actor,
            at=at,
            note=_summary(report),
            attachment=attachment,
            sheet=sheet.title[:80],
            on=on,
            preview=_around(sheet),
            report=report,
        )
    return found


def _table() -> Any:
    return table_for(RegisterImport)


def _fresh(found: RegisterImport) -> RegisterImport:
    return RegisterImport.objects.select_related("check_job", "import_job").get(pk=found.pk)


def has_broken_off(job: Job | None) -> bool:
    """Whether a job ended without having done its work."""
    return job is not None and job.state == JobState.FAILED


def _locked(found: RegisterImport) -> RegisterImport:
    return RegisterImport.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)


def url_of(found: RegisterImport) -> str:
    """The address of the import's page."""
    return reverse("ngos:import_detail", args=[found.pk])


# --- What its rows store and what follows -----------------------------------------------------------------------


def uploaded(parent: None, step: Step) -> dict[str, Any]:
    """The columns of a new import."""
    return {
        "attachment": step.asked["attachment"],
        "sheet": step.asked["sheet"] or "",
        "checked_on": step.asked["on"],
        "created_by": step.actor,
        "created_at": step.at,
    }


def recorded(parent: None, step: Step) -> dict[str, Any]:
    """The columns of an import made at the command line."""
    return {
        **uploaded(parent, step),
        "preview": step.asked["preview"],
        "report": step.asked["report"].as_json(),
    }


def own_file(found: RegisterImport, step: Step) -> dict[str, Any]:
    """The file becomes the import's."""
    attach(found.attachment, root=found, actor=found.created_by)
    return {"sha256": found.attachment.sha256}


def begin_check(found: RegisterImport, step: Step) -> None:
    """It is checked in the background."""
    _table().apply(found, "begin_check", actor=step.actor, at=step.at, within=step)


def keep_file(found: RegisterImport, step: Step) -> dict[str, Any]:
    """The file becomes the import's; the entry keeps the counts."""
    attach(found.attachment, root=found, actor=found.created_by)
    return counts(found, step)


def check_begun(found: RegisterImport, step: Step) -> dict[str, Any]:
    return {"check_job": _job(found, CHECK_JOB, step)}


def import_begun(found: RegisterImport, step: Step) -> dict[str, Any]:
    return {"import_job": _job(found, IMPORT_JOB, step)}


def is_under_way(found: RegisterImport, step: Step) -> Iterator[str]:
    """Only an import that broke off is taken up again."""
    if not has_broken_off(found.import_job):
        yield "ورود این فهرست در جریان است."


def finished(found: RegisterImport, step: Step) -> dict[str, Any]:
    return {"report": step.asked["report"].as_json()}


def counts(found: RegisterImport, step: Step) -> dict[str, Any]:
    """How many rows came to what, for the entry."""
    report: Report = step.asked["report"]
    return {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "duplicates": len(rows_named(report.duplicates)),
        "rejected": len(rows_named(report.rejected)),
        "warned": len(rows_named(report.warned)),
    }


def _summary(report: Report) -> str:
    rejected = len(rows_named(report.rejected))
    return f"{report.created} سمن تازه، {report.updated} تغییریافته، {rejected} سطر نپذیرفته"


def _job(found: RegisterImport, handler: str, step: Step) -> Job:
    assert step.actor is not None  # noqa: S101 - people begin jobs
    title = f"{'بررسی' if handler == CHECK_JOB else 'ورود'} فهرست {found.attachment.name}"
    params = {"import": found.pk, "url": url_of(found)}
    return start_job(handler, title=title, owner=step.actor, params=params, at=step.at)


# --- In the background ------------------------------------------------------------------------------------------


@handlers.handler(CHECK_JOB)
def _check_in_background(job: Job, progress: handlers.Progress, *, at: datetime) -> dict[str, Any]:
    found = RegisterImport.objects.select_related("attachment").get(pk=job.params["import"])
    outcome = {"url": url_of(found)}
    if found.state != ImportState.UPLOADED:
        return outcome
    sheet = _read(found, progress, at)
    report = check_register(sheet, on=found.checked_on, progress=progress)
    with transaction.atomic():
        if _locked(found).state == ImportState.UPLOADED:
            preview = _around(sheet) | {"report": report.as_json()}
            _table().apply(found, "checked", actor=None, at=at, preview=preview)
    return outcome


@handlers.handler(IMPORT_JOB)
def _import_in_background(job: Job, progress: handlers.Progress, *, at: datetime) -> dict[str, Any]:
    found = RegisterImport.objects.select_related("attachment").get(pk=job.params["import"])
    outcome = {"url": url_of(found)}
    if found.state != ImportState.CONFIRMED:
        return outcome

    def keep(rows_before: int, state: dict[str, Any]) -> None:
        locked = _locked(found)
        if locked.state != ImportState.CONFIRMED or int(locked.report.get("rows", 0)) != rows_before:
            raise handlers.JobLost(f"import {found.pk} went on elsewhere")
        locked.report = state
        locked.save(update_fields=["report"])

    report = import_register(
        _read(found, progress, at),
        actor=job.owner,
        at=at,
        on=found.checked_on,
        progress=progress,
        kept=found.report,
        keep=keep,
    )
    with transaction.atomic():
        if _locked(found).state == ImportState.CONFIRMED:
            _table().apply(found, "finish", actor=job.owner, at=at, note=_summary(report), report=report)
    return outcome


def _read(found: RegisterImport, progress: handlers.Progress, at: datetime) -> RegisterSheet:
    """The rows, or the import put aside with the sentence that says what is wrong with its file."""
    progress(0, 0, "خواندن فایل")
    try:
        return read_import(found)
    except RegisterFileError as error:
        _table().apply(found, "fail", actor=None, at=at, note=error.sentence)
        raise Refusal(error.sentence) from error


def _around(sheet: RegisterSheet) -> dict[str, Any]:
    """What the preview says of the file besides its rows."""
    return {
        "rows": len(sheet.rows),
        "sheet": sheet.title,
        "heading_row": sheet.heading_row,
        "headings": sheet.headings,
        "unknown_headings": [text for text in sheet.unknown_headings if text != PROBLEM_COLUMN],
        "passed_over": sheet.passed_over,
    }
