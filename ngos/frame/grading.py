"""What grading puts into the frame: navigation, search results, a figure, its files."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from ngos import rules
from ngos.models import Assessment, Framework, Ngo
from ngos.workflow.assessments import TASK, visible_assessments
from ngos.workflow.frameworks import visible_frameworks
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.contributions import Figure, SearchHit
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import file_kinds

LIST_ROLES = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.HQ_ASSESSOR, Role.AUDITOR, Role.NGO_USER)


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Assessments by the NGO's name, number or id. One query."""
    on = access.local_date(at)
    words = search_fold(query).split()
    if not words or not access.has_role(user, on, *LIST_ROLES):
        return
    rows = visible_assessments(user, on).select_related("ngo")
    for word in words:
        rows = rows.filter(ngo__search_text__contains=word)
    for row in rows.order_by("-id")[:limit]:
        yield SearchHit("ظرفیت‌سنجی‌ها", str(row), str(row.get_state_display()), row.get_absolute_url())


def figures(user: User, at: datetime) -> Iterable[Figure]:
    """Members without a valid level, for those who plan and confirm. One query."""
    on = access.local_date(at)
    if access.has_role(user, on, *rules.ASSESSMENT_READERS):
        count = Ngo.objects.members().without_level(on).count()
        address = f"{reverse('ngos:ngo_list')}?state=member&level=0"
        yield Figure("عضو بدون سطح معتبر", count, "در انتظار ظرفیت‌سنجی", address, order=25)


contributions.add_nav("سمن‌ها", "ظرفیت‌سنجی", "ngos:assessment_list", LIST_ROLES, order=140, task_kind=TASK)
contributions.add_nav(
    "سمن‌ها",
    "چارچوب‌های ارزیابی",
    "ngos:framework_list",
    (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.HQ_ASSESSOR, Role.AUDITOR),
    order=150,
)
contributions.add_action(
    "برنامه‌ریزی ظرفیت‌سنجی",
    "ngos:assessment_new",
    [Role.HQ_EXPERT],
    icon="gauge",
    hint="می‌توانید ظرفیت‌سنجی سمن‌های بدون سطح معتبر را برنامه‌ریزی کنید.",
    order=30,
)
contributions.add_action("ظرفیت‌سنجی‌ها", "ngos:assessment_list", [Role.HQ_MANAGER], icon="gauge", order=30)
contributions.add_action(
    "ظرفیت‌سنجی‌های من",
    "ngos:assessment_list",
    [Role.HQ_ASSESSOR],
    icon="gauge",
    hint="می‌توانید ظرفیت‌سنجی‌های پیشین خود را ببینید.",
    order=30,
)
contributions.REGISTRY.search.append(found)
contributions.REGISTRY.figures.append(figures)
file_kinds.register(Assessment, visible=visible_assessments, url=lambda row: row.get_absolute_url())
file_kinds.register(
    Framework, visible=visible_frameworks, url=lambda row: reverse("ngos:framework_detail", args=[row.pk])
)
