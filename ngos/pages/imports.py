"""Registers on their way in: the list of imports below the upload (page 7)."""

from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import ImportState
from ngos.models import RegisterImport
from ngos.operations import import_jobs
from ngos.workflow.imports import visible_imports
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, labels_of
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.persian.ordering import alphabetical

NOT_FOR_YOU = "ورود فهرست برای نقش شما باز نیست."


def visible(user: User, on: date) -> QuerySet[RegisterImport]:
    """The imports; for whom they are closed is told so."""
    if not access.has_role(user, on, *rules.REGISTRY_READERS):
        raise NotPermitted(NOT_FOR_YOU)
    return visible_imports(user, on).select_related("attachment", "created_by")


def _with_counts(rows: QuerySet[RegisterImport], on: date) -> QuerySet[RegisterImport]:
    counted = rows.annotate(created_count=F("report__created"), updated_count=F("report__updated"))
    return counted.defer("preview", "report")


def _named(rows: QuerySet[RegisterImport], query: str) -> QuerySet[RegisterImport]:
    return rows.filter(attachment__name__icontains=clean_text(query)[:120])


def _count(name: str) -> Any:
    """A figure of the report, of an import that is done."""
    return lambda row, on: format_thousands(getattr(row, name) or 0) if row.state == ImportState.DONE else "–"


IMPORTS = ListPage(
    title="ورود فهرست سمن‌ها",
    name="ngos:imports",
    visible=visible,
    search=_named,
    placeholder="نام فایل",
    order=("-id",),
    columns=(
        ListColumn(
            "file",
            "فایل",
            lambda row: row.attachment.name,
            lambda row, on: Cell(row.attachment.name, url=import_jobs.url_of(row)),
            sort=("attachment__name", "-id"),
            width=40,
        ),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "-id"),
        ),
        ListColumn(
            "created", "ثبت‌شده", lambda row: row.created_count or 0, _count("created_count"), numeric=True
        ),
        ListColumn(
            "updated", "به‌روزشده", lambda row: row.updated_count or 0, _count("updated_count"), numeric=True
        ),
        ListColumn(
            "by",
            "بارگذاری",
            lambda row: row.created_by.full_name,
            sort=(alphabetical("created_by__last_name"), alphabetical("created_by__first_name"), "-id"),
        ),
        ListColumn(
            "at",
            "زمان",
            lambda row: row.created_at,
            lambda row, on: format_jalali(row.created_at, "moment"),
            sort=("created_at", "id"),
        ),
    ),
    facets=(Facet("state", "وضعیت", "state", labels_of(ImportState)),),
    facts=_with_counts,
    filename="imports",
    crumbs=({"label": "سمن‌ها", "url": "/ngos/"},),
    more=lambda request: {"page_subtitle": "فهرست اکسل دفتر بررسی می‌شود و پس از تأیید شما ثبت می‌شود."},
    template="ngos/imports/upload.html",
    empty=Empty(
        "هنوز فهرستی وارد نشده است",
        "کارشناس ستاد سمن‌ها فایل اکسل دفتر را بارگذاری می‌کند و گزارش آن این‌جا دیده می‌شود.",
        filtered="ورودی با این نام نیست",
        icon="upload",
    ),
)


def list_crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way to what lies below the list."""
    own = {"label": IMPORTS.title, "url": reverse(IMPORTS.name)}
    return [{"label": "سمن‌ها", "url": reverse("ngos:ngo_list")}, own, *more]
