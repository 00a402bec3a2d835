"""Who hears that a register has come in: who uploaded it, and the managers who confirm existing members (N2)."""

from collections.abc import Iterable

from django.urls import reverse

from ngos import events
from ngos.models import RegisterImport
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def import_url(entry: AuditEntry) -> str:
    return reverse("ngos:import_detail", args=[entry.subject_id])


def concerned(entry: AuditEntry) -> Iterable[int]:
    """The uploader and HQ's managers; who confirmed the import hears of its end from the job itself."""
    uploaders = RegisterImport.objects.filter(pk=entry.subject_id).values_list("created_by_id", flat=True)
    return [*uploaders, *access.holders(Role.HQ_MANAGER, access.local_date(entry.at))]


notices.register(
    events.IMPORT_DONE.code,
    audience=concerned,
    text="ورود فهرست «{subject}» پایان یافت: {note}.",
    url=import_url,
)
