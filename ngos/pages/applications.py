"""Applications for membership as a queue: since when, with whom, how far the documents are, until when (N2, K5).

The newest waiting stands first; «بعدی» leads from one that waits for the person to the next.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from ngos import rules
from ngos.enums import REQUIRED_DOCUMENTS, DocumentState
from ngos.enums import MembershipState as M
from ngos.models import Ngo, NgoDocument
from ngos.queries import visible_ngos
from ngos.workflow.applications import REQUEST_TASK
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import ActivityField, District, User, WorkItem
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, Mark
from staff_portal.kernel.pages.requests import person, today
from staff_portal.kernel.pages.waiting import since_words, tone_of
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow import work

OPEN_STATES = (M.SUBMITTED, M.UNDER_REVIEW, M.RETURNED)
NOT_FOR_YOU = "درخواست‌های عضویت برای نقش شما باز نیست."
NOTHING_MORE = "درخواست دیگری منتظر شما نیست."


def visible(user: User, on: date) -> QuerySet[Ngo]:
    """The open applications, each with what the queue says of it."""
    if not access.has_role(user, on, *rules.REGISTRY_READERS):
        raise NotPermitted(NOT_FOR_YOU)
    return (
        visible_ngos(user, on)
        .filter(state__in=OPEN_STATES)
        .select_related("reviewer", "district", "primary_field")
        .annotate(accepted=Coalesce(Subquery(_accepted(on)), 0), due_on=Subquery(_due_days()))
    )


def _accepted(on: date) -> QuerySet[Any]:
    """How many of the required kinds are accepted and valid."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    rows = NgoDocument.objects.filter(
        valid, ngo=OuterRef("pk"), state=DocumentState.ACCEPTED, kind__in=REQUIRED_DOCUMENTS
    )
    return rows.order_by().values("ngo").annotate(many=Count("kind", distinct=True)).values("many")


def _due_days() -> QuerySet[Any]:
    """Until when, as the work item has it."""
    rows = WorkItem.objects.filter(
        subject_type=audit.type_label(Ngo), subject_id=OuterRef("pk"), closed_at__isnull=True
    )
    return rows.filter(kind=REQUEST_TASK, due_on__isnull=False).order_by("due_on").values("due_on")[:1]


def _holder(row: Ngo) -> str:
    if row.state == M.RETURNED:
        return "سمن"
    return row.reviewer.full_name if row.reviewer else ""


def _with_whom(row: Ngo, on: date) -> Cell:
    if row.state == M.RETURNED:
        return Cell("نزد سمن برای اصلاح", sub=f"بررس: {row.reviewer.full_name}" if row.reviewer else "")
    return Cell(_holder(row)) if row.reviewer else Cell(badge="بی‌بررس", tone="wait")


def _since(row: Ngo, on: date) -> Cell:
    day, _, days = since_words(row.state_since, on).partition("، ")
    return Cell(days or day, sub=day if days else "")


def _due(row: Any, on: date) -> Cell | str:
    if row.due_on is None:
        return ""
    left = relative_days(row.due_on, on)
    return Cell(badge=left, tone=tone_of(row.due_on, on), sub=format_jalali(row.due_on, "medium"))


def documents_words(accepted: int) -> str:
    """«۲ از ۶»."""
    return f"{to_persian_digits(accepted)} از {to_persian_digits(len(REQUIRED_DOCUMENTS))}"


APPLICATIONS = ListPage(
    title="درخواست‌های عضویت",
    name="ngos:memberships",
    visible=visible,
    search=lambda rows, query: rows.matching(query),  # type: ignore[attr-defined]
    placeholder="نام، شناسه ملی، شماره ثبت، مدیرعامل یا تلفن",
    order=("-state_since", "-id"),
    columns=(
        ListColumn(
            "name",
            "نام",
            lambda row: row.name,
            lambda row, on: Cell(row.name, url=row.get_absolute_url()),
            sort=("sort_key", "id"),
            width=42,
        ),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "-state_since", "id"),
        ),
        ListColumn(
            "since",
            "منتظر",
            lambda row: row.state_since,
            _since,
            sort=("state_since", "id"),
            width=26,
        ),
        ListColumn(
            "reviewer",
            "نزد",
            _holder,
            _with_whom,
            sort=(alphabetical("reviewer__last_name"), alphabetical("reviewer__first_name"), "id"),
            width=28,
        ),
        ListColumn(
            "documents",
            "مدارک پذیرفته",
            lambda row: documents_words(row.accepted),
            sort=("accepted", "-state_since", "id"),
            width=14,
        ),
        ListColumn("due", "مهلت", lambda row: row.due_on, _due, sort=("due_on", "id")),
        ListColumn(
            "field",
            "حوزه اصلی",
            lambda row: row.primary_field.title if row.primary_field else "",
            sort=("primary_field__position", "sort_key", "id"),
            width=26,
        ),
        ListColumn(
            "district",
            "منطقه",
            lambda row: row.district_id,
            lambda row, on: to_persian_digits(row.district_id) if row.district_id else "",
            sort=("district", "sort_key", "id"),
            numeric=True,
            width=9,
        ),
    ),
    facets=(
        Facet("state", "وضعیت", "state", lambda: [(state, str(state.label)) for state in OPEN_STATES]),
        Facet("field", "حوزه", "primary_field_id", lambda: _labels(ActivityField, "position")),
        Facet("district", "منطقه", "district_id", lambda: _labels(District, "pk")),
    ),
    marks=(
        Mark("mine", "بررسی با من", lambda user, on: Q(reviewer=user)),
        Mark("free", "بی‌بررس", lambda user, on: Q(state=M.SUBMITTED)),
        Mark("overdue", "مهلت گذشته", lambda user, on: Q(due_on__lt=on)),
    ),
    filename="applications",
    crumbs=({"label": "سمن‌ها", "url": "/ngos/"},),
    more=lambda request: {"next_url": reverse("ngos:membership_next")},
    template="ngos/registry/applications.html",
    empty=Empty(
        "درخواست بازی نیست",
        "همین که سمنی درخواست عضویت خود را بفرستد، این‌جا و در کارتابل کارشناسان دیده می‌شود.",
        filtered="درخواستی با این صافی‌ها نیست",
        icon="seal",
    ),
)


def _labels(model: Any, order: str) -> list[tuple[Any, str]]:
    return [(row.pk, str(row)) for row in model.objects.order_by(order)]


# --- the next one -------------------------------------------------------------------------------------------


def waiting_for(user: User, on: date) -> QuerySet[Ngo]:
    """The applications that wait for the person, in the order of the queue."""
    items = work.open_items(user, on).filter(kind=REQUEST_TASK, subject_type=audit.type_label(Ngo))
    return visible(user, on).filter(pk__in=items.values("subject_id")).order_by(*APPLICATIONS.order)


@require_GET
def next_application(request: HttpRequest) -> HttpResponse:
    """The next one that waits for the person, after the one they come from; behind the last again the first."""
    after = natural(request.GET.get("after", ""))
    keys = list(waiting_for(person(request), today(request)).values_list("pk", flat=True))
    place = keys.index(after) + 1 if after in keys else 0
    others = [key for key in [*keys[place:], *keys[:place]] if key != after]
    if not others:
        messages.info(request, NOTHING_MORE)
        return redirect(APPLICATIONS.name)
    return redirect("ngos:ngo_detail", pk=others[0])


PATHS = (
    APPLICATIONS.path("memberships/"),
    path("memberships/next/", next_application, name="membership_next"),
)
