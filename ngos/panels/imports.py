"""What imports of registers put into the frame: navigation, a preview that waits, and whose files they are."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import ImportState
from ngos.models import RegisterImport
from staff_portal.kernel import access, attachments_access, audit, panels, roots
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.panels import Task, WorkRow
from staff_portal.kernel.persian.digits import latin_isolated, to_persian_text
from staff_portal.kernel.roles import Role

CODE = "imports"
IMPORT_TASK = "ngos.import"


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Registers that the person uploaded and has neither confirmed nor put aside."""
    if access.has_role(user, access.local_date(at), Role.HQ_EXPERT):
        rows = RegisterImport.objects.filter(created_by=user, state=ImportState.CHECKED).order_by("-id")
        yield panels.work_part(CODE, "checked", rows, name="attachment__name", since="created_at")


def task(row: WorkRow, on: date) -> Task:
    """One line of the inbox."""
    return Task(
        kind=IMPORT_TASK,
        title=f"فهرست «{latin_isolated(to_persian_text(row.name))}» بررسی شده است",
        detail="آن را تأیید کنید یا کنار بگذارید",
        url=reverse("ngos:import_detail", args=[row.pk]),
        since=row.since,
    )


def visible_imports(user: User, on: date) -> QuerySet[RegisterImport]:
    """HQ and the auditor see all imports, nobody else any."""
    rows = RegisterImport.objects.all()
    return rows if access.has_role(user, on, *rules.REGISTRY_READERS) else rows.none()


def can_read_file(user: User, attachment: Attachment, on: date) -> bool:
    """A register holds mobiles: HQ alone opens it, the auditor sees its report."""
    return rules.reads_people(user, on)


panels.add_nav(
    "سمن‌ها", "ورود فهرست", "ngos:imports", rules.REGISTRY_READERS, order=130, task_kind=IMPORT_TASK
)
panels.add_action(
    "ورود فهرست",
    "ngos:imports",
    [Role.HQ_EXPERT],
    icon="upload",
    hint="می‌توانید فهرست اکسل دفتر را وارد کنید.",
    order=15,
)
panels.add_work(CODE, parts, task)
roots.register(
    RegisterImport, visible=visible_imports, url=lambda found: reverse("ngos:import_detail", args=[found.pk])
)
attachments_access.register(audit.type_label(RegisterImport), can_read_file)
