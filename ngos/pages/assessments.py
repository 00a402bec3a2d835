"""Assessments: the list, and what every page of one needs of it (N7)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value

from ngos import rules
from ngos.enums import AssessmentState
from ngos.models import Assessment, AssessorSeat, Indicator
from ngos.workflow.assessments import visible_assessments
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, Mark, New, labels_of
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.persian.search import search_fold

NOT_FOR_YOU = "فهرست ظرفیت‌سنجی‌ها برای نقش شما باز نیست."
WAITING = (AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT, AssessmentState.SCORING)


def visible(user: User, on: date) -> QuerySet[Assessment]:
    """The assessments the person may see, each once, with what every page names."""
    return visible_assessments(user, on).select_related("ngo", "framework", "grade")


def _listed(user: User, on: date) -> QuerySet[Assessment]:
    """With ``shows_names``: the NGO learns of results, not of who gives which score (N7)."""
    if not access.has_role(user, on, *rules.ASSESSMENT_LIST_ROLES):
        raise NotPermitted(NOT_FOR_YOU)
    is_reader = access.has_role(user, on, *rules.ASSESSMENT_READERS)
    names = Value(True, output_field=BooleanField()) if is_reader else Exists(_own_seat(user))
    return visible(user, on).annotate(shows_names=names)


def _own_seat(user: User) -> QuerySet[AssessorSeat]:
    return AssessorSeat.objects.filter(assessment=OuterRef("pk"), assessor=user)


def _searched(rows: QuerySet[Assessment], query: str) -> QuerySet[Assessment]:
    for word in search_fold(query).split():
        rows = rows.filter(ngo__search_text__contains=word)
    return rows


def _with_progress(rows: QuerySet[Assessment], on: date) -> QuerySet[Assessment]:
    """With the size of the framework and how far the two are."""
    every = Indicator.objects.filter(dimension__framework=OuterRef("framework")).order_by()
    counted = every.values("dimension__framework").annotate(many=Count("pk")).values("many")
    seats = AssessorSeat.objects.select_related("assessor").annotate(scored=Count("scores"))
    return rows.annotate(indicator_total=Subquery(counted)).prefetch_related(
        Prefetch("seats", queryset=seats.order_by("position"))
    )


def _assessors(row: Any) -> str:
    return "، ".join(
        seat.assessor.full_name if row.shows_names else f"ارزیاب {seat.get_position_display()}"
        for seat in row.seats.all()
    )


def _progress(row: Any) -> str:
    seats: Iterable[Any] = row.seats.all()
    if seats and all(seat.submitted_at for seat in seats):
        return "هر دو ارسال شد"
    total = to_persian_digits(row.indicator_total or 0)
    done = (
        "ارسال شد" if seat.submitted_at else f"{to_persian_digits(seat.scored)} از {total}" for seat in seats
    )
    return "، ".join(f"{seat.get_position_display()}: {how}" for seat, how in zip(seats, done, strict=True))


def _due(row: Assessment, on: date) -> Cell | str:
    if row.due_on is None:
        return ""
    text = format_jalali(row.due_on, "medium")
    if row.state not in WAITING:
        return text
    left = relative_days(row.due_on, on)
    return Cell(badge=left, tone="no", sub=text) if row.due_on < on else Cell(text, sub=left)


ASSESSMENTS = ListPage(
    title="ظرفیت‌سنجی",
    name="ngos:assessment_list",
    visible=_listed,
    search=_searched,
    placeholder="نام سمن، شناسه ملی یا شماره عضویت",
    order=("-id",),
    columns=(
        ListColumn(
            "ngo",
            "سمن",
            lambda row: row.ngo.name,
            lambda row, on: Cell(row.ngo.name, url=row.get_absolute_url()),
            sort=("ngo__sort_key", "id"),
            width=44,
        ),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "id"),
        ),
        ListColumn("assessors", "ارزیابان", _assessors, width=34),
        ListColumn("progress", "پیشرفت", _progress, width=24),
        ListColumn("due", "مهلت امتیازدهی", lambda row: row.due_on, _due, sort=("due_on", "id")),
        ListColumn(
            "framework",
            "چارچوب",
            lambda row: row.framework.version,
            lambda row, on: f"نسخه {to_persian_digits(row.framework.version)}",
            sort=("framework__version", "id"),
            width=10,
        ),
        ListColumn("planned", "برنامه‌ریزی", lambda row: row.planned_at, sort=("planned_at", "id")),
    ),
    facets=(Facet("state", "وضعیت", "state", labels_of(AssessmentState)),),
    marks=(
        Mark("mine", "مربوط به من", lambda user, on: Q(planned_by=user) | Q(Exists(_own_seat(user)))),
        Mark("overdue", "مهلت گذشته", lambda user, on: Q(state__in=WAITING, due_on__lt=on)),
    ),
    facts=_with_progress,
    new=(New("برنامه‌ریزی ظرفیت‌سنجی", "ngos:assessment_new", rules.PLAN_ASSESSMENT),),
    filename="assessments",
    empty=Empty(
        "هنوز ظرفیت‌سنجی‌ای نیست",
        "همین که کارشناس ستاد سمن‌ها ظرفیت‌سنجی‌ای را برنامه‌ریزی کند، این‌جا و در کارتابل شما دیده می‌شود.",
        filtered="ظرفیت‌سنجی‌ای با این صافی‌ها نیست",
        icon="gauge",
        for_makers="یکی از سمن‌های عضو را برگزینید و دو ارزیاب برای آن تعیین کنید.",
    ),
)
