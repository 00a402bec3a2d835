"""Rows of a register on its way in: uploaded, checked, confirmed once, imported (page 7)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ngos import rules
from ngos.enums import ImportState as I
from ngos.models import RegisterImport
from ngos.operations import import_jobs
from ngos.operations.importing import Report
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import latin_isolated
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

TASK = "ngos.import"
DONE_TEXT = "ورود فهرست «{subject}» پایان یافت: {note}."


def visible_imports(user: User, on: date) -> QuerySet[RegisterImport]:
    """HQ and the auditor see all imports, nobody else any."""
    rows = RegisterImport.objects.all()
    return rows if access.has_role(user, on, *rules.REGISTRY_READERS) else rows.none()


def _name(found: RegisterImport) -> str:
    return latin_isolated(found.attachment.name)


NEW = ("attachment", "sheet", "checked_on", "created_by", "created_at")
ASKED = (
    Ask.given("attachment", "فایل", Attachment),
    Ask.text("sheet", "برگه", required=False),
    Ask.date("on", "تاریخ مبنا"),
)
OF_DONE: dict[str, Any] = {
    "by": rules.IMPORT_NGOS,
    "event": "import.done",
    "event_label": "پایان ورود",
    "label": "پایان ورود",
    "says": "ورود فهرست «{subject}» را به پایان رساند",
    "shade": "ok",
    "tell": (To.field("created_by", DONE_TEXT), To.role(Role.HQ_MANAGER, DONE_TEXT)),
}
OF_CONFIRM: dict[str, Any] = {
    "by": rules.IMPORT_NGOS,
    "stores": ("import_job",),
    "event": "import.confirmed",
    "event_label": "تأیید ورود",
    "outcome": import_jobs.import_begun,
    "says": "ورود فهرست «{subject}» را تأیید کرد",
}
UPLOAD = Creation(
    "upload",
    targets=(I.UPLOADED,),
    stores=NEW,
    by=rules.IMPORT_NGOS,
    event="import.uploaded",
    event_label="بارگذاری فهرست",
    label="بارگذاری",
    asks=ASKED,
    outcome=import_jobs.uploaded,
    effect=import_jobs.own_file,
    then=import_jobs.begin_check,
    says="فهرست «{subject}» را بارگذاری کرد",
)
RECORD = Creation(
    "record",
    targets=(I.DONE,),
    stores=(*NEW, "preview", "report"),
    asks=(*ASKED, Ask.given("preview", "پیش‌نمایش", dict), Ask.given("report", "گزارش", Report)),
    outcome=import_jobs.recorded,
    effect=import_jobs.keep_file,
    **OF_DONE,
)
BEGIN_CHECK = Act(
    "begin_check",
    sources=(I.UPLOADED,),
    stores=("check_job",),
    by=rules.IMPORT_NGOS,
    follows=True,
    silent=True,
    label="آغاز بررسی",
    outcome=import_jobs.check_begun,
    says="بررسی فهرست «{subject}» را آغاز کرد",
)
CHECK_AGAIN = Transition(
    "check_again",
    sources=(I.UPLOADED, I.CHECKED),
    targets=(I.UPLOADED,),
    stores=("check_job",),
    by=rules.IMPORT_NGOS,
    event="import.check_again",
    event_label="بررسی دوباره فهرست",
    label="بررسی دوباره",
    outcome=import_jobs.check_begun,
    says="بررسی دوباره فهرست «{subject}» را خواست",
)
CHECKED = Transition(
    "checked",
    sources=(I.UPLOADED,),
    targets=(I.CHECKED,),
    stores=("preview",),
    by=rules.IMPORT_BY_SYSTEM,
    event="import.checked",
    event_label="پایان بررسی فهرست",
    label="پایان بررسی",
    asks=(Ask.given("preview", "پیش‌نمایش", dict),),
    outcome=lambda found, step: {"preview": step.asked["preview"]},
    says="بررسی فهرست «{subject}» را به پایان رساند",
)
CONFIRM = Transition(
    "confirm",
    sources=(I.CHECKED,),
    targets=(I.CONFIRMED,),
    label="تأیید و ورود",
    waits=(
        Waits(
            to=To.field("created_by", power=rules.IMPORT_NGOS),
            kind=TASK,
            title="فهرست «{subject}» بررسی شده است",
            named=_name,
            detail="آن را تأیید کنید یا کنار بگذارید",
            page=import_jobs.url_of,
        ),
    ),
    **OF_CONFIRM,
)
RESUME = Act(
    "resume",
    sources=(I.CONFIRMED,),
    label="ادامه ورود",
    blockers=import_jobs.is_under_way,
    **OF_CONFIRM,
)
FINISH = Transition(
    "finish",
    sources=(I.CONFIRMED,),
    targets=(I.DONE,),
    stores=("report",),
    asks=(Ask.given("report", "گزارش", Report),),
    outcome=import_jobs.finished,
    effect=import_jobs.counts,
    **OF_DONE,
)
FAIL = Transition(
    "fail",
    sources=(I.UPLOADED, I.CONFIRMED),
    targets=(I.FAILED,),
    stores=("failure",),
    by=rules.IMPORT_BY_SYSTEM,
    event="import.failed",
    event_label="فهرست ناخوانا",
    label="کنارگذاشتن فهرست ناخوانا",
    note="سبب",
    outcome=lambda found, step: {"failure": step.note[:400]},
    says="فهرست «{subject}» را کنار گذاشت: {note}",
    shade="no",
)
DISCARD = Transition(
    "discard",
    sources=(I.UPLOADED, I.CHECKED),
    targets=(I.FAILED,),
    stores=("failure",),
    by=rules.IMPORT_NGOS,
    event="import.discarded",
    event_label="کنارگذاشتن فهرست",
    label="کنارگذاشتن",
    outcome=lambda found, step: {"failure": import_jobs.DISCARDED},
    says="فهرست «{subject}» را کنار گذاشت",
    tone="danger",
)
IMPORT = Table(
    RegisterImport,
    code="import",
    title="ورود فهرست",
    rows=[UPLOAD, RECORD, BEGIN_CHECK, CHECK_AGAIN, CHECKED, CONFIRM, RESUME, FINISH, FAIL, DISCARD],
    visible=visible_imports,
    address=import_jobs.url_of,
    reads=("attachment",),
    rests=(I.UPLOADED, I.CONFIRMED),
)
# how far an import has come is kept with each of its chunks
guard(IMPORT, "import_moves", derived=("report",))
