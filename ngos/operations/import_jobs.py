"""A register on its way in: uploaded, checked in the background, confirmed once, imported, reported (page 7)."""

from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.urls import reverse

from ngos import events, rules
from ngos.enums import ImportState
from ngos.models import RegisterImport
from ngos.operations.importing import Report, check_register, import_register, rows_named
from ngos.register_file import RegisterFileError, RegisterSheet, read_register
from ngos.register_sources import MAX_UPLOAD_BYTES, open_tables
from staff_portal.kernel import audit, jobs
from staff_portal.kernel.access import Authority
from staff_portal.kernel.models import Attachment, Job, JobState, User
from staff_portal.kernel.operations.attachments import attach, keep_content
from staff_portal.kernel.operations.jobs import start_job
from staff_portal.kernel.operations.steps import require
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.refusals import Refusal

CHECK_JOB, IMPORT_JOB = "ngos.check_register", "ngos.import_register"
# A file up to this size is read while the person waits; of a larger one the job says what is wrong with its rows.
READ_AT_ONCE = 512 * 1024
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
    authority = require(rules.IMPORT_NGOS, actor, None, at)
    content = content_of(attachment)
    if len(content) <= READ_AT_ONCE:
        sheet = read_register(content, attachment.name, sheet or None).title
    with transaction.atomic():
        found = RegisterImport.objects.create(
            attachment=attachment, sheet=sheet[:80], checked_on=on, created_by=actor, created_at=at
        )
        attach(attachment, root=found, actor=actor)
        audit.record(
            events.IMPORT_UPLOADED,
            found,
            actor=actor,
            at=at,
            authority=authority,
            after={"sha256": attachment.sha256, "sheet": found.sheet, "checked_on": on.isoformat()},
        )
        _start(found, CHECK_JOB, actor=actor, at=at)
    return found


def check_again(found: RegisterImport, *, actor: User, at: datetime) -> RegisterImport:
    """Make the preview anew: after a check that broke off, or because the registry has changed since."""
    require(rules.IMPORT_NGOS, actor, None, at)
    with transaction.atomic():
        locked = _locked(found)
        if locked.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
            raise Refusal("این فهرست دیگر در مرحله بررسی نیست.")
        if locked.check_job is not None and not locked.check_job.is_over:
            return locked
        locked.state = ImportState.UPLOADED
        _start(locked, CHECK_JOB, actor=actor, at=at)
    return locked


def confirm_import(found: RegisterImport, *, actor: User, at: datetime) -> tuple[RegisterImport, bool]:
    """Have a checked register imported; a second confirmation starts nothing (False).

    An import that broke off is taken up again behind the last chunk that was committed.
    """
    authority = require(rules.IMPORT_NGOS, actor, None, at)
    with transaction.atomic():
        locked = _locked(found)
        broke_off = locked.state == ImportState.CONFIRMED and has_broken_off(locked.import_job)
        if locked.state != ImportState.CHECKED and not broke_off:
            if locked.state in {ImportState.CONFIRMED, ImportState.DONE}:
                return locked, False
            raise Refusal("این فهرست هنوز بررسی نشده یا کنار گذاشته شده است؛ نخست آن را بررسی کنید.")
        locked.state = ImportState.CONFIRMED
        audit.record(
            events.IMPORT_CONFIRMED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            note="ادامه ورود نیمه‌کاره" if broke_off else "",
        )
        _start(locked, IMPORT_JOB, actor=actor, at=at)
    return locked, True


def discard_import(found: RegisterImport, *, actor: User, at: datetime) -> RegisterImport:
    """Put a register aside that will not be imported."""
    authority = require(rules.IMPORT_NGOS, actor, None, at)
    with transaction.atomic():
        locked = _locked(found)
        if locked.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
            raise Refusal("ورود این فهرست تأیید شده است و دیگر کنار گذاشته نمی‌شود.")
        locked.state, locked.failure = ImportState.FAILED, "کنار گذاشته شد؛ چیزی از آن وارد نشده است."
        locked.save(update_fields=["state", "failure"])
        audit.record(events.IMPORT_DISCARDED, locked, actor=actor, at=at, authority=authority)
    return locked


def record_import(
    upload: File, *, sheet: RegisterSheet, on: date, report: Report, actor: User, at: datetime
) -> RegisterImport:
    """Note an import made at the command line: its file, its report and one audit entry."""
    authority = require(rules.IMPORT_NGOS, actor, None, at)
    with transaction.atomic():
        attachment = stage_register(upload, actor=actor, at=at)
        found = RegisterImport.objects.create(
            attachment=attachment,
            sheet=sheet.title[:80],
            checked_on=on,
            created_by=actor,
            created_at=at,
            preview=_around(sheet),
        )
        attach(attachment, root=found, actor=actor)
        _finish(found, report, actor=actor, at=at, authority=authority)
    return found


def has_broken_off(job: Job | None) -> bool:
    """Whether a job ended without having done its work."""
    return job is not None and job.state == JobState.FAILED


def _locked(found: RegisterImport) -> RegisterImport:
    rows = RegisterImport.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("check_job", "import_job", "attachment").get(pk=found.pk)


def _start(found: RegisterImport, handler: str, *, actor: User, at: datetime) -> None:
    is_check = handler == CHECK_JOB
    title = f"{'بررسی' if is_check else 'ورود'} فهرست {found.attachment.name}"
    params = {"import": found.pk, "url": url_of(found)}
    job = start_job(handler, title=title, owner=actor, params=params, at=at)
    if is_check:
        found.check_job = job
    else:
        found.import_job = job
    found.save(update_fields=["state", "check_job", "import_job"])


def url_of(found: RegisterImport) -> str:
    """The address of the import's page."""
    return reverse("ngos:import_detail", args=[found.pk])


# --- In the background ------------------------------------------------------------------------------------------


@jobs.handler(CHECK_JOB)
def _check_in_background(job: Job, progress: jobs.Progress, *, at: datetime) -> dict[str, Any]:
    found = RegisterImport.objects.select_related("attachment").get(pk=job.params["import"])
    outcome = {"url": url_of(found)}
    if found.state != ImportState.UPLOADED:
        return outcome
    sheet = _read(found, progress)
    report = check_register(sheet, on=found.checked_on, progress=progress)
    with transaction.atomic():
        locked = _locked(found)
        if locked.state == ImportState.UPLOADED:
            locked.state = ImportState.CHECKED
            locked.preview = _around(sheet) | {"report": report.as_json()}
            locked.save(update_fields=["state", "preview"])
    return outcome


@jobs.handler(IMPORT_JOB)
def _import_in_background(job: Job, progress: jobs.Progress, *, at: datetime) -> dict[str, Any]:
    found = RegisterImport.objects.select_related("attachment").get(pk=job.params["import"])
    outcome = {"url": url_of(found)}
    if found.state != ImportState.CONFIRMED:
        return outcome

    def keep(rows_before: int, state: dict[str, Any]) -> None:
        locked = _locked(found)
        if locked.state != ImportState.CONFIRMED or int(locked.report.get("rows", 0)) != rows_before:
            raise jobs.JobLost(f"import {found.pk} went on elsewhere")
        locked.report = state
        locked.save(update_fields=["report"])

    report = import_register(
        _read(found, progress),
        actor=job.owner,
        at=at,
        on=found.checked_on,
        progress=progress,
        kept=found.report,
        keep=keep,
    )
    authority = require(rules.IMPORT_NGOS, job.owner, None, at)
    with transaction.atomic():
        locked = _locked(found)
        if locked.state == ImportState.CONFIRMED:
            _finish(locked, report, actor=job.owner, at=at, authority=authority)
    return outcome


def _read(found: RegisterImport, progress: jobs.Progress) -> RegisterSheet:
    """The rows, or the import put aside with the sentence that says what is wrong with its file."""
    progress(0, 0, "خواندن فایل")
    try:
        return read_import(found)
    except RegisterFileError as error:
        RegisterImport.objects.filter(pk=found.pk).update(
            state=ImportState.FAILED, failure=error.sentence[:400]
        )
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


def _finish(
    found: RegisterImport, report: Report, *, actor: User, at: datetime, authority: Authority
) -> None:
    found.state, found.report = ImportState.DONE, report.as_json()
    found.save(update_fields=["state", "report"])
    counts = {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "duplicates": len(rows_named(report.duplicates)),
        "rejected": len(rows_named(report.rejected)),
        "warned": len(rows_named(report.warned)),
    }
    note = f"{counts['created']} سمن تازه، {counts['updated']} تغییریافته، {counts['rejected']} سطر نپذیرفته"
    audit.record(events.IMPORT_DONE, found, actor=actor, at=at, authority=authority, after=counts, note=note)
