"""Assessment frameworks: the versions, and one version with its checks and what it changes (N6)."""

from datetime import date

from django.db.models import Count, QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import FrameworkState
from ngos.models import Framework
from ngos.workflow.frameworks import visible_frameworks
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, New, labels_of
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.ordering import alphabetical

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
