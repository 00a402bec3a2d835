"""What resolutions, minutes and policy documents put into the frame: navigation, search, files."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from committee import rules
from committee.models import PolicyDocument, Resolution
from committee.queries import matching_resolutions
from committee.workflow.minutes import TASK as MINUTES_TASK
from committee.workflow.resolutions import ACTION_TASK, RESOLUTION_TASK
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.contributions import SearchHit
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import file_kinds

SECTION = "کمیته مشترک"


# --- search and files --------------------------------------------------------------------------------------


def visible_resolutions(user: User, on: date) -> QuerySet[Resolution]:
    """The resolutions a person may see."""
    return Resolution.objects.filter(rules.resolutions_visible_to(user, on))


def visible_policies(user: User, on: date) -> QuerySet[PolicyDocument]:
    """Policy documents: the committee's readers see all."""
    return PolicyDocument.objects.filter(rules.policies_visible_to(user, on))


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Resolutions by number, title and text. One query."""
    on = access.local_date(at)
    if not search_fold(query) or not access.has_role(user, on, *rules.RESOLUTION_READERS):
        return
    rows = matching_resolutions(visible_resolutions(user, on).select_related("number"), query)
    for row in rows.order_by("-adopted_on", "-id")[:limit]:
        yield SearchHit(
            "مصوبه‌ها",
            row.title,
            f"مصوبه {to_persian_digits(row.number.text)}، {row.get_state_display()}",
            row.get_absolute_url(),
        )


contributions.add_nav(
    SECTION,
    "مصوبه‌ها",
    "committee:resolution_list",
    rules.RESOLUTION_READERS,
    order=250,
    task_kind=RESOLUTION_TASK,
    also=("/committee/actions/",),
)
contributions.add_nav(
    SECTION,
    "اسناد بالادستی",
    "committee:policy_list",
    rules.COMMITTEE_READERS,
    order=260,
    when=rules.reads_committee,
)
contributions.label_tasks(RESOLUTION_TASK, "امضای ابلاغ")
contributions.label_tasks(ACTION_TASK, "پیگیری مصوبه‌ها")
contributions.label_tasks(MINUTES_TASK, "صورتجلسه‌ها")
contributions.REGISTRY.search.append(found)
file_kinds.register(Resolution, visible=visible_resolutions, url=lambda row: row.get_absolute_url())
file_kinds.register(PolicyDocument, visible=visible_policies, url=lambda row: row.get_absolute_url())
