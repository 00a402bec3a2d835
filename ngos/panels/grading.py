"""What grading puts into the frame: navigation, waiting work, search results, a figure, its files."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import AssessmentState
from ngos.models import Assessment, AssessorSeat, Framework, Ngo
from staff_portal.kernel import access, panels, roots
from staff_portal.kernel.models import User
from staff_portal.kernel.panels import Figure, SearchHit, Task, WorkRow
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.roles import Role

CODE = "grading"
TASK = "ngos.assessment"
MOST_SHOWN = 50
LIST_ROLES = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.HQ_ASSESSOR, Role.AUDITOR, Role.NGO_USER)


def visible_assessments(user: User, on: date) -> QuerySet[Assessment]:
    """The assessments a person may see, each once."""
    mine = Assessment.objects.filter(rules.assessments_visible_to(user, on))
    return Assessment.objects.filter(pk__in=mine.values("pk"))


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Scoring, planning, moderation and confirmation that wait for the person."""
    on = access.local_date(at)
    if access.has_role(user, on, Role.HQ_ASSESSOR):
        yield _scoring(user)
    if access.has_role(user, on, Role.HQ_EXPERT, Role.HQ_MANAGER):
        yield _steering(user, on)


def _scoring(user: User) -> QuerySet[Any]:
    seats = AssessorSeat.objects.filter(
        assessor=user, submitted_at__isnull=True, assessment__state=AssessmentState.SCORING
    )
    seats = seats.annotate(scored=Count("scores")).order_by("assessment__due_on", "id")
    return panels.work_part(
        CODE,
        "scoring",
        seats,
        most=MOST_SHOWN,
        rest=reverse("ngos:assessment_list"),
        pk="assessment_id",
        name="assessment__ngo__name",
        since="assessment__state_since",
        due="assessment__due_on",
        scored="scored",
        reopened="assessment__reopened_indicators",
    )


def _steering(user: User, on: date) -> QuerySet[Any]:
    """What the expert plans and moderates and the manager confirms."""
    wanted = Q()
    if access.has_role(user, on, Role.HQ_EXPERT):
        late = Q(state=AssessmentState.SCORING, due_on__lt=on)
        wanted |= Q(state=AssessmentState.MODERATION)
        wanted |= Q(planned_by=user) & (late | Q(state=AssessmentState.PLANNED))
    if access.has_role(user, on, Role.HQ_MANAGER):
        wanted |= Q(state=AssessmentState.AWAITING_CONFIRMATION)
    scored = AssessorSeat.objects.filter(assessor=user).values("assessment")
    rows = Assessment.objects.filter(wanted)
    rows = rows.exclude(
        Q(state__in=[AssessmentState.MODERATION, AssessmentState.AWAITING_CONFIRMATION]) & Q(pk__in=scored)
    )
    moderated = Assessment.objects.filter(moderated_values__moderated_by=user).values("pk")
    rows = rows.exclude(Q(state=AssessmentState.AWAITING_CONFIRMATION) & Q(pk__in=moderated))
    rows = rows.order_by("state_since", "id")
    return panels.work_part(
        CODE,
        "step",
        rows,
        most=MOST_SHOWN,
        rest=reverse("ngos:assessment_list"),
        name="ngo__name",
        since="state_since",
        due="due_on",
        state="state",
    )


def task(row: WorkRow, on: date) -> Task:
    """One line of the inbox."""
    due = date.fromisoformat(row.extra["due"]) if row.extra["due"] else None
    if row.part == "step":
        return _step_task(row, due)
    scored, reopened = row.extra["scored"], row.extra["reopened"]
    detail = f"{to_persian_digits(scored)} شاخص امتیاز دارد" if scored else "هنوز آغاز نشده"
    if reopened:
        detail = f"{to_persian_digits(len(reopened))} شاخص برای امتیازدهی دوباره باز شده است"
    return Task(
        TASK,
        f"امتیازدهی «{row.name}»",
        detail,
        reverse("ngos:assessment_score", args=[row.pk]),
        due_on=due,
        since=row.since,
        rank=30,
    )


def _step_task(row: WorkRow, due: date | None) -> Task:
    detail_url = reverse("ngos:assessment_detail", args=[row.pk])
    state = row.extra["state"]
    if state == AssessmentState.MODERATION:
        url = reverse("ngos:assessment_moderate", args=[row.pk])
        detail = "دو ارزیاب در چند شاخص اختلاف دارند"
        return Task(TASK, f"هم‌سنجی «{row.name}»", detail, url, since=row.since, rank=40)
    if state == AssessmentState.AWAITING_CONFIRMATION:
        url = reverse("ngos:assessment_do", args=[row.pk, "confirm"])
        return Task(TASK, f"تأیید سطح «{row.name}»", "امتیازها کامل است", url, since=row.since, rank=20)
    if state == AssessmentState.PLANNED:
        title = f"آغاز امتیازدهی «{row.name}»"
        return Task(TASK, title, "برنامه‌ریزی شده است", detail_url, since=row.since, rank=60)
    return Task(
        TASK,
        f"امتیازدهی ناتمام «{row.name}»",
        "مهلت آن گذشته است؛ با ارزیابان پیگیری کنید",
        detail_url,
        due_on=due,
        rank=50,
    )


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


def visible_frameworks(user: User, on: date) -> QuerySet[Framework]:
    return Framework.objects.filter(rules.frameworks_visible_to(user, on))


panels.add_nav("سمن‌ها", "ظرفیت‌سنجی", "ngos:assessment_list", LIST_ROLES, order=140, task_kind=TASK)
panels.add_nav(
    "سمن‌ها",
    "چارچوب‌های ارزیابی",
    "ngos:framework_list",
    (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.HQ_ASSESSOR, Role.AUDITOR),
    order=150,
)
panels.add_action(
    "برنامه‌ریزی ظرفیت‌سنجی",
    "ngos:assessment_new",
    [Role.HQ_EXPERT],
    icon="gauge",
    hint="می‌توانید ظرفیت‌سنجی سمن‌های بدون سطح معتبر را برنامه‌ریزی کنید.",
    order=30,
)
panels.add_action("ظرفیت‌سنجی‌ها", "ngos:assessment_list", [Role.HQ_MANAGER], icon="gauge", order=30)
panels.add_action(
    "ظرفیت‌سنجی‌های من",
    "ngos:assessment_list",
    [Role.HQ_ASSESSOR],
    icon="gauge",
    hint="می‌توانید ظرفیت‌سنجی‌های پیشین خود را ببینید.",
    order=30,
)
panels.add_work(CODE, parts, task)
panels.REGISTRY.search.append(found)
panels.REGISTRY.figures.append(figures)
roots.register(Assessment, visible=visible_assessments, url=lambda row: row.get_absolute_url())
roots.register(
    Framework, visible=visible_frameworks, url=lambda row: reverse("ngos:framework_detail", args=[row.pk])
)
