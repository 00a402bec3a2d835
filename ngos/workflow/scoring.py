"""Rows of the scoring: two sheets filled in blind, and what follows when both are in (N7)."""

from ngos import rules
from ngos.enums import AssessmentState as A
from ngos.operations import assessing
from ngos.operations import grading_waits as turns
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Transition, Waits

TASK = "ngos.assessment"

SAVE_SCORES = Act(
    "save_scores",
    sources=(A.SCORING,),
    by=rules.SCORE,
    event="assessment.scores_saved",
    event_label="ثبت امتیاز",
    office=True,
    label="ذخیره امتیازها",
    asks=(Ask.given("scores", "امتیازها", list),),
    blockers=assessing.wrong_scores,
    effect=assessing.keep_scores,
    named=lambda assessment: "امتیازها",
    says="امتیازهای خود را ذخیره کرد",
)


def _sheet(position: int) -> Waits:
    """The sheet of one seat: two assessors, two items."""
    return Waits(
        key=f"seat{position}",
        to=turns.seat_at(position),
        kind=TASK,
        title="امتیازدهی «{file}»",
        detail=turns.progress_of(position),
        due="due_on",
        page=turns.desk_page,
        rank=30,
    )


SUBMIT_SCORES = Act(
    "submit_scores",
    sources=(A.SCORING,),
    by=rules.SCORE,
    event="assessment.scores_submitted",
    label="ارسال امتیازها",
    office=True,
    confirm="پس از ارسال، امتیازها دیگر تغییر نمی‌کند.",
    blockers=assessing.score_gaps,
    effect=assessing.close_seat,
    then=assessing.go_on,
    says="امتیازهای خود را ارسال کرد",
    shade="go",
    tone="main",
    tell=(To.field("planned_by", "{actor} امتیازهای «{subject}» را ارسال کرد."),),
    waits=(
        _sheet(1),
        _sheet(2),
        Waits(
            key="late",
            to=To.field("planned_by", power=rules.PLAN_ASSESSMENT),
            when=lambda assessment: assessment.due_on is not None,
            kind=TASK,
            title="امتیازدهی ناتمام «{file}»",
            detail="مهلت آن گذشته است؛ با ارزیابان پیگیری کنید",
            due="due_on",
            opens=lambda assessment: turns.day_after(assessment.due_on),
            page=turns.detail_page,
            rank=50,
        ),
    ),
)
OPEN_MODERATION = Transition(
    "open_moderation",
    sources=(A.SCORING,),
    targets=(A.MODERATION,),
    stores=("reopened_indicators",),
    by=rules.SCORE,
    follows=True,
    event="assessment.moderation_opened",
    event_label="آغاز هم‌سنجی",
    office=True,
    label="سپردن به هم‌سنجی",
    outcome=assessing.nothing_reopened,
    effect=assessing.differing,
    says="اختلاف دو ارزیاب را به هم‌سنجی سپرد",
    tell=(
        To.role(
            Role.HQ_EXPERT,
            "دو ارزیاب «{subject}» در چند شاخص اختلاف دارند؛ هم‌سنجی در انتظار کارشناسان است.",
            mail=True,
            page=turns.moderation_page,
            but=turns.assessors,
        ),
    ),
)
AWAIT_CONFIRMATION = Transition(
    "await_confirmation",
    sources=(A.SCORING,),
    targets=(A.AWAITING_CONFIRMATION,),
    stores=("reopened_indicators",),
    by=rules.SCORE,
    follows=True,
    event="assessment.confirmation_awaited",
    event_label="در انتظار تأیید",
    office=True,
    label="آماده‌کردن برای تأیید",
    outcome=assessing.nothing_reopened,
    says="ظرفیت‌سنجی را آماده تأیید کرد",
    shade="go",
    tell=(
        To.role(
            Role.HQ_MANAGER,
            "«{subject}» بدون نیاز به هم‌سنجی آماده تأیید سطح است.",
            mail=True,
            page=turns.confirmation_page,
            but=turns.assessors,
        ),
    ),
)
