"""Assessment frameworks: the versions, and one version with its checks and what it changes (N6)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import FrameworkState
from ngos.grade_sheet import number
from ngos.grading import FrameworkSpec, check_framework
from ngos.grading.difference import framework_difference
from ngos.models import Framework, Indicator
from ngos.queries import framework_spec
from ngos.workflow import FRAMEWORK
from ngos.workflow.frameworks import visible_frameworks
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, New, labels_of
from staff_portal.kernel.pages.records import Look, Note, Part, RecordPage, glance
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical

COMPLETE = (
    "این پیش‌نویس کامل است: وزن‌ها بالای صفر، پنج توصیف برای هر شاخص، سطح‌ها بی‌فاصله. "
    "انتشار با رئیس ستاد سمن‌هاست."
)
NOT_FOR_YOU = "چارچوب‌های ارزیابی برای نقش شما باز نیست."


def visible(user: User, on: date) -> QuerySet[Framework]:
    """The versions a person may see; for whom frameworks are closed is told so."""
    if not access.has_role(user, on, *rules.FRAMEWORK_READERS):
        raise NotPermitted(NOT_FOR_YOU)
    return visible_frameworks(user, on)


def version_words(framework: Framework) -> str:
    return f"نسخه {to_persian_digits(framework.version)}"


def _with_sizes(rows: QuerySet[Framework], on: date) -> QuerySet[Framework]:
    return rows.annotate(
        dimension_count=Count("dimensions", distinct=True),
        indicator_count=Count("dimensions__indicators", distinct=True),
        assessment_count=Count("assessments", distinct=True),
    )


FRAMEWORKS = ListPage(
    title="چارچوب‌های ارزیابی",
    name="ngos:framework_list",
    visible=visible,
    order=("-version",),
    columns=(
        ListColumn(
            "version",
            "نسخه",
            lambda row: row.version,
            lambda row, on: Cell(version_words(row), url=reverse("ngos:framework_detail", args=[row.pk])),
            sort=("version",),
            width=10,
        ),
        ListColumn(
            "title", "عنوان", lambda row: row.title, sort=(alphabetical("title"), "version"), width=44
        ),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "version"),
        ),
        ListColumn("dimensions", "بُعدها", lambda row: row.dimension_count, numeric=True, width=10),
        ListColumn("indicators", "شاخص‌ها", lambda row: row.indicator_count, numeric=True, width=10),
        ListColumn("assessments", "ظرفیت‌سنجی‌ها", lambda row: row.assessment_count, numeric=True, width=12),
        ListColumn("published", "انتشار", lambda row: row.published_at, sort=("published_at", "version")),
    ),
    facets=(Facet("state", "وضعیت", "state", labels_of(FrameworkState)),),
    facts=_with_sizes,
    new=(New("چارچوب تازه", "ngos:framework_new", rules.EDIT_FRAMEWORK),),
    filename="frameworks",
    more=lambda request: {"page_subtitle": "شاخص‌ها، وزن‌ها و سطح‌ها؛ نسخه منتشرشده دیگر تغییر نمی‌کند."},
    empty=Empty(
        "هنوز چارچوبی منتشر نشده است",
        "کارشناس ستاد سمن‌ها آن را آماده می‌کند.",
        filtered="چارچوبی با این وضعیت نیست",
        icon="scroll",
        for_makers="از چارچوب پیش‌فرض آغاز کنید، وزن‌ها را بازبینی کنید و برای انتشار به رئیس ستاد سمن‌ها بسپارید.",
    ),
)


# --- one version --------------------------------------------------------------------------------------------


def list_crumbs() -> list[dict[str, str]]:
    return [{"label": FRAMEWORKS.title, "url": reverse("ngos:framework_list")}]


def crumbs_of(framework: Framework) -> list[dict[str, str]]:
    """The way to one version, for the pages of its steps."""
    own = {"label": version_words(framework), "url": reverse("ngos:framework_detail", args=[framework.pk])}
    return [*list_crumbs(), own]


def _spec(framework: Framework, look: Look) -> FrameworkSpec:
    found: FrameworkSpec = look.once("spec", lambda: framework_spec(framework))
    return found


def _can_edit(framework: Framework, look: Look) -> bool:
    may = look.once("edit", lambda: rules.EDIT_FRAMEWORK.authority(look.me, framework, look.on))
    return may is not None


def _is_draft(framework: Framework) -> bool:
    return framework.state == FrameworkState.DRAFT


def _notes(framework: Framework, look: Look) -> Iterator[Note]:
    """Of a draft what stands against its publication, or that nothing does."""
    if not _is_draft(framework):
        return
    if checks := check_framework(_spec(framework, look)):
        yield Note("wait", checks, title="پیش از انتشار باید درست شود")
    else:
        yield Note("ok", [COMPLETE])


def _actions(framework: Framework, look: Look) -> list[dict[str, Any]]:
    """Editing and copying first, then the steps of the table."""
    steps = step_actions(FRAMEWORK, framework, list(look.options))
    if not _can_edit(framework, look):
        return steps
    copy = {"label": "نسخه تازه از روی این", "url": reverse("ngos:framework_copy", args=[framework.pk])}
    edit = {"label": "وزن‌ها و کف‌ها", "url": reverse("ngos:framework_edit", args=[framework.pk])}
    first = [{**edit, "icon": "edit", "confirm": True}] if _is_draft(framework) else []
    return [*first, {**copy, "icon": "plus"}, *steps]


def _draw_dimensions(framework: Framework, look: Look) -> dict[str, Any]:
    keys = dict(Indicator.objects.filter(dimension__framework=framework).values_list("code", "pk"))
    return {
        "framework": framework,
        "dimensions": _dimensions(_spec(framework, look), keys),
        "is_editable": _is_draft(framework) and _can_edit(framework, look),
    }


def _difference(framework: Framework, look: Look) -> dict[str, Any] | None:
    earlier = visible(look.me, look.on).filter(version__lt=framework.version)
    previous = earlier.order_by("-version").first()
    if previous is None:
        return None
    return {
        "previous": previous,
        "differences": framework_difference(framework_spec(previous), _spec(framework, look)),
    }


def _dimensions(spec: FrameworkSpec, keys: dict[str, int]) -> list[dict[str, Any]]:
    whole = sum((row.weight for row in spec.dimensions), Decimal(0))
    drawn = []
    for dimension in spec.dimensions:
        part = sum((item.weight for item in dimension.indicators), Decimal(0))
        drawn.append(
            {
                "code": dimension.code,
                "title": dimension.title,
                "weight": number(dimension.weight),
                "share": _share(dimension.weight, whole),
                "indicators": [
                    {
                        "pk": keys[item.code],
                        "title": item.title,
                        "weight": number(item.weight),
                        "share": _share(item.weight, part),
                        "is_gate": item.is_gate,
                        "evidence": item.evidence,
                        "anchors": list(enumerate(item.anchors)),
                    }
                    for item in dimension.indicators
                ],
            }
        )
    return drawn


def _share(weight: Decimal, whole: Decimal) -> Decimal:
    return (100 * weight / whole).quantize(Decimal("0.1")) if whole else Decimal(0)


def _levels(spec: FrameworkSpec) -> list[dict[str, Any]]:
    titles = {row.code: row.title for row in spec.dimensions}
    levels, drawn, above = spec.levels_best_first(), [], None
    for level in levels:
        bound = f"از {number(level.lower_bound)}"
        drawn.append(
            {
                "rank": level.rank,
                "label": level.label,
                "band": f"{bound} تا ۱۰۰" if above is None else f"{bound} تا کمتر از {number(above)}",
                "floors": [
                    f"«{titles.get(code, code)}» دست‌کم {number(least)}"
                    for code, least in level.floors.items()
                ],
            }
        )
        above = level.lower_bound
    return drawn


def _facts(framework: Framework, look: Look) -> list[dict[str, Any]]:
    spec = _spec(framework, look)
    gates = [item for _, item in spec.indicators() if item.is_gate]
    items = [
        {"label": "بُعدها", "value": to_persian_digits(len(spec.dimensions))},
        {"label": "شاخص‌ها", "value": to_persian_digits(sum(1 for _ in spec.indicators()))},
        {"label": "شرط‌های لازم", "value": to_persian_digits(len(gates))},
        {"label": "کمینه شرط لازم", "value": number(spec.gate_minimum)},
        {"label": "هم‌سنجی", "value": f"اختلاف بیش از {number(spec.threshold)}"},
        {"label": "اعتبار سطح", "value": f"{to_persian_digits(framework.valid_years)} سال"},
    ]
    if framework.published_at:
        items.append({"label": "انتشار", "value": format_jalali(framework.published_at, "medium")})
    return items


FRAMEWORK_PAGE = RecordPage(
    table=FRAMEWORK,
    name="ngos:framework_detail",
    visible=visible,
    crumbs=crumbs_of,
    notes=_notes,
    actions=_actions,
    main=(
        Part(
            "سطح‌ها",
            "ngos/grading/parts/levels.html",
            lambda row, look: {"levels": _levels(_spec(row, look))},
            subtitle="هر سطح از کف خود تا کمتر از کف سطح بالاتر",
            flush=True,
        ),
        Part("", "ngos/grading/parts/dimensions.html", _draw_dimensions, bare=True),
        Part("", "ngos/grading/parts/difference.html", _difference, bare=True),
    ),
    side=(glance(_facts),),
    styles="css/grading.css",
)
