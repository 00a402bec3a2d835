"""Rows of an assessment: planned, scored blind by two, moderated, confirmed by another (N7–N9)."""

from datetime import date

from django.db.models import QuerySet

from ngos import rules
from ngos.enums import AssessmentState as A
from ngos.models import Assessment
from ngos.operations import assessing, confirming, moderating
from ngos.operations import grading_waits as turns
from ngos.operations.addresses import NGO
from ngos.workflow.scoring import AWAIT_CONFIRMATION, OPEN_MODERATION, SAVE_SCORES, SUBMIT_SCORES, TASK
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

OPEN = (A.PLANNED, A.SELF_ASSESSMENT, A.SCORING, A.MODERATION, A.AWAITING_CONFIRMATION)
STARTED = "assessment.started"


def visible_assessments(user: User, on: date) -> QuerySet[Assessment]:
    """The assessments a person may see, each once."""
    mine = Assessment.objects.filter(rules.assessments_visible_to(user, on))
    return Assessment.objects.filter(pk__in=mine.values("pk"))


def _ngo(text: str, **more: object) -> To:
    return To.at(NGO, "ngo_id", text, **more)


def _assessors(text: str, **more: object) -> To:
    return To.people(turns.assessors, text, **more)


def _planner(text: str) -> To:
    return To.field("planned_by", text)


PLAN = Creation(
    "plan",
    targets=(A.PLANNED,),
    stores=("ngo", "framework", "due_on", "planned_by", "planned_at"),
    by=rules.PLAN_ASSESSMENT,
    event="assessment.planned",
    event_label="برنامه‌ریزی ظرفیت‌سنجی",
    label="برنامه‌ریزی",
    asks=(
        Ask.given("assessors", "دو ارزیاب", list, required=False),
        Ask.date("due_on", "مهلت امتیازدهی", required=False),
    ),
    blockers=assessing.planning_gaps,
    outcome=assessing.planned,
    effect=assessing.seat_assessors,
    says="ظرفیت‌سنجی را برنامه‌ریزی کرد",
    done="ظرفیت‌سنجی برنامه‌ریزی شد؛ با «آغاز امتیازدهی» به ارزیابان سپرده می‌شود.",
    tell=(
        _ngo("ظرفیت‌سنجی سمن شما برنامه‌ریزی شد؛ مدارک خود را به‌روز کنید.", mail=True),
        _assessors("شما ارزیاب «{subject}» شدید؛ آغاز امتیازدهی اعلام می‌شود."),
    ),
)
ASK_SELF = Transition(
    "ask_self",
    sources=(A.PLANNED,),
    targets=(A.SELF_ASSESSMENT,),
    by=rules.ASK_SELF,
    event="assessment.self_asked",
    event_label="درخواست خوداظهاری",
    label="درخواست خوداظهاری",
    blockers=assessing.member_gaps,
    confirm="سمن در مهلت خود مدارک و شواهد را به‌روز می‌کند؛ پس از آن امتیازدهی خودبه‌خود آغاز می‌شود.",
    says="از سمن خواست مدارک و شواهد خود را برای ظرفیت‌سنجی به‌روز کند",
    done="سمن آگاه شد و مهلت خوداظهاری آغاز شد.",
    shade="wait",
    tell=(
        _ngo(
            "پیش از امتیازدهی، مدارک و شواهد سمن خود را به‌روز کنید؛ مهلت آن در کارتابل شماست.",
            mail=True,
            page=turns.documents_page,
        ),
    ),
)
TOLD_STARTED = (
    _assessors("امتیازدهی «{subject}» آغاز شد و در انتظار شماست.", mail=True, page=turns.desk_page),
)
START = Transition(
    "start",
    sources=(A.PLANNED, A.SELF_ASSESSMENT),
    targets=(A.SCORING,),
    by=rules.START_SCORING,
    event=STARTED,
    label="آغاز امتیازدهی",
    blockers=assessing.start_gaps,
    says="امتیازدهی را آغاز کرد",
    shade="wait",
    tone="main",
    tell=TOLD_STARTED,
    waits=(
        Waits(
            key="planned",
            to=To.field("planned_by", power=rules.START_SCORING),
            when=turns.is_planned,
            kind=TASK,
            title="آغاز امتیازدهی «{file}»",
            detail="برنامه‌ریزی شده است",
            due="due_on",
            rank=60,
        ),
        Waits(
            key="self",
            to=To.at(NGO, "ngo_id"),
            when=turns.is_with_ngo,
            kind=TASK,
            title="خوداظهاری «{file}»",
            detail="مدارک و شواهد خود را به‌روز کنید",
            due=assessing.self_assessment_due,
            ends=assessing.self_assessment_due,
            page=turns.documents_page,
            rank=40,
        ),
        Waits(
            key="late_self",
            to=To.field("planned_by", power=rules.START_SCORING),
            when=turns.is_with_ngo,
            kind=TASK,
            title="آغاز امتیازدهی «{file}»",
            detail="مهلت خوداظهاری سمن گذشته است",
            opens=lambda assessment: turns.day_after(assessing.self_assessment_due(assessment)),
            rank=50,
        ),
    ),
)
START_BY_CLOCK = Transition(
    "start_by_clock",
    sources=(A.SELF_ASSESSMENT,),
    targets=(A.SCORING,),
    by=rules.START_BY_CLOCK,
    event=STARTED,
    label="آغاز امتیازدهی",
    blockers=assessing.clock_runs,
    sweep=assessing.overdue_self_assessments,
    says="امتیازدهی را آغاز کرد",
    shade="wait",
    tell=TOLD_STARTED,
)
MODERATE = Transition(
    "moderate",
    sources=(A.MODERATION,),
    targets=(A.AWAITING_CONFIRMATION,),
    by=rules.MODERATE,
    event="assessment.moderated",
    event_label="هم‌سنجی",
    office=True,
    label="پایان هم‌سنجی",
    blockers=moderating.moderation_gaps,
    says="اختلاف دو ارزیاب را هم‌سنجی کرد",
    shade="go",
    tone="main",
    tell=(
        To.role(
            Role.HQ_MANAGER,
            "{actor} هم‌سنجی «{subject}» را به پایان رساند؛ تأیید سطح در انتظار شماست.",
            mail=True,
            page=turns.confirmation_page,
            but=turns.assessors,
        ),
    ),
    waits=(
        Waits(
            to=To.power(rules.MODERATE),
            but=turns.assessors,
            kind=TASK,
            title="هم‌سنجی «{file}»",
            detail="دو ارزیاب در چند شاخص اختلاف دارند",
            due=turns.moderation_due,
            page=turns.moderation_page,
            rank=40,
        ),
        Waits(
            key="late",
            to=To.role(Role.HQ_MANAGER),
            opens=lambda assessment: turns.day_after(turns.moderation_due(assessment)),
            kind=TASK,
            title="هم‌سنجی «{file}» در مهلت انجام نشده است",
            page=turns.detail_page,
            rank=50,
        ),
    ),
)
CONFIRM = Transition(
    "confirm",
    sources=(A.AWAITING_CONFIRMATION,),
    targets=(A.CONFIRMED,),
    by=rules.CONFIRM_GRADE,
    event="assessment.confirmed",
    label="تأیید سطح",
    confirm="سطح تأییدشده تغییر نمی‌کند و کارنامه آن صادر می‌شود.",
    blockers=confirming.confirmation_gaps,
    effect=confirming.confirm_grade,
    says="سطح سمن را تأیید کرد",
    done="سطح تأیید و کارنامه صادر شد.",
    shade="ok",
    tone="main",
    tell=(
        _assessors("سطح «{subject}» تأیید شد."),
        _planner("{actor} سطح «{subject}» را تأیید کرد و کارنامه صادر شد."),
        _ngo(
            "سطح سمن شما تأیید شد؛ کارنامه و آنچه تا سطح بعد مانده است را ببینید.",
            mail=True,
            sms=True,
            page=turns.grading_tab,
        ),
    ),
    waits=(
        Waits(
            to=To.power(rules.CONFIRM_GRADE),
            but=turns.no_confirmers,
            kind=TASK,
            title="تأیید سطح «{file}»",
            detail="امتیازها کامل است",
            due=turns.confirmation_due,
            rank=20,
        ),
    ),
)
SEND_BACK = Transition(
    "send_back",
    sources=(A.AWAITING_CONFIRMATION,),
    targets=(A.SCORING,),
    stores=("reopened_indicators",),
    by=rules.RETURN_SCORES,
    event="assessment.sent_back",
    event_label="بازگشت به امتیازدهی",
    office=True,
    label="بازگرداندن به امتیازدهی",
    note="دلیل بازگشت",
    asks=(
        Ask.several(
            "indicators",
            "شاخص‌هایی که دوباره امتیاز می‌گیرند",
            confirming.indicator_choices,
            wrong="شاخصی در این چارچوب نیست؛ صفحه را تازه کنید.",
        ),
    ),
    outcome=confirming.reopened,
    effect=confirming.reopen_scoring,
    says="ظرفیت‌سنجی را به امتیازدهی بازگرداند: {note}",
    shade="wait",
    tell=(
        _assessors(
            "{actor} «{subject}» را برای امتیازدهی دوباره چند شاخص بازگرداند: {note}",
            mail=True,
            page=turns.desk_page,
        ),
    ),
)
CANCEL = Transition(
    "cancel",
    sources=OPEN,
    targets=(A.CANCELLED,),
    by=rules.CANCEL_ASSESSMENT,
    event="assessment.cancelled",
    label="لغو ظرفیت‌سنجی",
    note="دلیل لغو",
    says="ظرفیت‌سنجی را لغو کرد: {note}",
    shade="no",
    tone="danger",
    under_hold=True,
    tell=(
        _planner("{actor} «{subject}» را لغو کرد: {note}"),
        _assessors("«{subject}» لغو شد و دیگر امتیازی نمی‌خواهد."),
        _ngo("ظرفیت‌سنجی سمن شما لغو شد؛ سطح کنونی شما پابرجاست."),
    ),
)
ASSESSMENT = Table(
    Assessment,
    code="assessment",
    title="ظرفیت‌سنجی",
    rows=[
        PLAN,
        ASK_SELF,
        START,
        START_BY_CLOCK,
        SAVE_SCORES,
        SUBMIT_SCORES,
        OPEN_MODERATION,
        AWAIT_CONFIRMATION,
        MODERATE,
        CONFIRM,
        SEND_BACK,
        CANCEL,
    ],
    visible=visible_assessments,
    address=Assessment.get_absolute_url,
    do="ngos:assessment_do",
    within="ngo",
    reads=("ngo",),
    gathers=turns.gathered,
)
guard(ASSESSMENT, "n9_assessment_closed")
