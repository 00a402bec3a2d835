"""The register as an Excel file made in the background: what the list's view does, for more rows than wait."""

from typing import Any

from django.urls import reverse

from ngos.filters.registry import RegistryFilter
from ngos.operations.batches import record_export
from ngos.queries import visible_ngos
from ngos.tables.registry import COLUMNS, MORE_COLUMNS, Row, order_of, read_rows
from staff_portal.kernel.jobs import handlers
from staff_portal.kernel.letters.attachments import keep_content
from staff_portal.kernel.models import Job
from staff_portal.kernel.pages.tables import workbook_bytes
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.jalali import format_jalali

REGISTER_JOB = "ngos.export_register"
CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@handlers.handler(REGISTER_JOB)
def export_register(job: Job, progress: handlers.Progress, *, at: Any) -> dict[str, Any]:
    """All rows that the owner may see now and that fulfil the job's filters; the file is the owner's alone."""
    on = local_date(at)
    wanted = RegistryFilter.from_params(job.params["filters"])
    found = wanted.apply(visible_ngos(job.owner, on), on)
    order = order_of(job.params.get("sort", ""))
    total = found.count()
    rows: list[Row] = []
    for start in range(0, total, CHUNK):
        rows += read_rows(found, order, start, start + CHUNK, on)
        progress(len(rows), total, "خواندن پرونده‌ها")
    content = workbook_bytes((*COLUMNS, *MORE_COLUMNS), rows, "سمن‌ها")
    name = f"ngos-{to_ascii_digits(format_jalali(on)).replace('/', '-')}.xlsx"
    kept = keep_content(content, name=name, content_type=XLSX, actor=job.owner, at=at)
    record_export(actor=job.owner, at=at, rows=len(rows), filters=wanted.as_params())
    return {"url": reverse("attachment", args=[kept.pk]), "rows": len(rows)}
