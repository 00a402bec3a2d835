"""The registry's list: filters as chips, Persian search, saved views, Excel of exactly what is filtered."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from ngos import rules
from ngos.exports import REGISTER_JOB
from ngos.filters.registry import Facets, RegistryFilter, chip_groups, facets
from ngos.models.querysets import NgoQuerySet
from ngos.operations.batches import record_export
from ngos.queries import visible_ngos
from ngos.tables.registry import COLUMNS, DEFAULT_ORDER, MORE_COLUMNS, Row, order_of, page_rows, read_rows
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.jobs.running import start_job
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.saved_views import register_list
from staff_portal.kernel.pages.lists import shown_views
from staff_portal.kernel.pages.requests import PAGE_SIZES, moment, person, today
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, header, workbook_response
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import natural, to_ascii_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.numbers import format_thousands

LIST_NAME = "ngos"
LIST_ROLES = (
    *rules.REGISTRY_READERS,
    *rules.APPROVED_READERS,
    *rules.DISTRICT_ROLES,
    Role.HQ_ASSESSOR,
)
# with so many found, reading in the order of names fills a page sooner than looking all of them up
MANY = 5_000
NOT_FOR_YOU = "فهرست سمن‌ها برای نقش شما باز نیست."


class Lines:
    """The ordered list as a paginator takes it: the count is known, a page is read in one query."""

    def __init__(self, rows: NgoQuerySet, order: tuple[Any, ...], count: int, on: date) -> None:
        self.rows, self.order, self.known_count, self.on = rows, order, count, on

    def count(self) -> int:
        return self.known_count

    def __len__(self) -> int:
        return self.known_count

    def __getitem__(self, part: slice) -> list[Row]:
        return read_rows(self.rows, self.order, part.start or 0, part.stop, self.on)


def _check(user: User, on: date) -> None:
    """Whether the person has the list at all."""
    if not access.has_role(user, on, *LIST_ROLES, Role.NGO_USER):
        raise NotPermitted(NOT_FOR_YOU)


register_list(LIST_NAME, "ngos:ngo_list", _check)


@require_GET
def ngo_list(request: HttpRequest) -> HttpResponse:
    """All NGOs the person may see; somebody who acts for one NGO only is led to its file."""
    me, on = person(request), today(request)
    if not access.has_role(me, on, *LIST_ROLES):
        if not access.has_role(me, on, Role.NGO_USER):
            raise NotPermitted(NOT_FOR_YOU)
        own = list(visible_ngos(me, on).values_list("pk", flat=True)[:2])
        if len(own) == 1:
            return redirect("ngos:ngo_detail", pk=own[0])
    return _list(request, RegistryFilter.read(request.GET))


def _list(request: HttpRequest, wanted: RegistryFilter) -> HttpResponse:
    me, on = person(request), today(request)
    seen = visible_ngos(me, on)
    counts = facets(seen, wanted, on, owner_id=me.pk, list_name=LIST_NAME)
    sort = request.GET.get("sort", "")
    is_soon_full = counts.found > MANY and order_of(sort) == DEFAULT_ORDER
    rows = wanted.apply(seen, on, by_pieces=not is_soon_full)
    if request.GET.get("format") == "xlsx":
        return _export(request, rows, wanted, counts, sort)
    lines: Any = Lines(rows, order_of(sort), counts.found, on)
    paginator: Paginator[Row] = Paginator(lines, _size(request))
    page = paginator.get_page(to_ascii_digits(request.GET.get("page", "1")))
    return render(
        request,
        "ngos/registry/list.html",
        {
            "page_title": "سمن‌ها",
            "page_subtitle": _subtitle(wanted, counts),
            "crumbs": [{"label": "سمن‌ها"}],
            "q": wanted.q,
            "chip_groups": chip_groups(request.GET, wanted, counts),
            "is_filtered": bool(request.GET.keys() - {"page", "size", "sort"}),
            "columns": header(COLUMNS, request, sort or "name"),
            "rows": page_rows(page.object_list, on),
            "page_obj": page,
            "xlsx_url": _with(request, format="xlsx"),
            "saved_views": shown_views(request, LIST_NAME, counts.views),
            "list_name": LIST_NAME,
            "view_query": request.GET.urlencode(),
            "can_register": rules.REGISTER_NGO.authority(me, None, on) is not None,
            "can_import": rules.IMPORT_NGOS.authority(me, None, on) is not None,
            "is_empty": counts.total == 0 and not wanted.q,
        },
    )


def _size(request: HttpRequest) -> int:
    size = to_ascii_digits(request.GET.get("size", ""))
    asked = natural(size)
    return asked if asked in PAGE_SIZES else PAGE_SIZES[0]


def _subtitle(wanted: RegistryFilter, counts: Facets) -> str:
    if counts.found == counts.total:
        return f"{format_thousands(counts.total)} پرونده"
    return f"{format_thousands(counts.found)} از {format_thousands(counts.total)} پرونده"


def _with(request: HttpRequest, **values: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _export(
    request: HttpRequest, rows: NgoQuerySet, wanted: RegistryFilter, counts: Facets, sort: str
) -> HttpResponse:
    """Up to 5,000 rows at once; more in the background, with the file in the person's jobs."""
    me, at, on = person(request), moment(request), today(request)
    params = {"filters": wanted.as_params(), "sort": sort}
    if counts.found > EXPORT_LIMIT:
        many = format_thousands(counts.found)
        job = start_job(
            REGISTER_JOB, title=f"اکسل فهرست سمن‌ها، {many} پرونده", owner=me, params=params, at=at
        )
        messages.info(request, "فهرست بلند است؛ فایل اکسل در پس‌زمینه ساخته می‌شود و خبرش به شما می‌رسد.")
        return redirect("job", pk=job.pk)
    found = read_rows(rows, order_of(sort), 0, EXPORT_LIMIT, on)
    record_export(actor=me, at=at, rows=len(found), filters=wanted.as_params())
    name = f"ngos-{to_ascii_digits(format_jalali(on)).replace('/', '-')}"
    return workbook_response((*COLUMNS, *MORE_COLUMNS), found, "سمن‌ها", name)
