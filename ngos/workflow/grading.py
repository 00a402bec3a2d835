"""Transitions of frameworks and assessments: one table for each state field.

Who, from where to where, what it needs and what follows, as on the design's page on workflows.
"""

from ngos import events, rules
from ngos.enums import AssessmentState as A
from ngos.enums import FrameworkState
from ngos.models import Assessment, Framework
from ngos.operations import assessing, frameworks
from staff_portal.kernel.workflow import Ask, Transition, Workflow

FRAMEWORK = Workflow(
    Framework,
    title="چارچوب ارزیابی",
    transitions=[
        Transition(
            name="publish",
            sources=(FrameworkState.DRAFT,),
            target=None,
            permission=rules.PUBLISH_FRAMEWORK,
            event=events.FRAMEWORK_PUBLISHED,
            label="انتشار",
            blockers=frameworks.publication_gaps,
            effect=frameworks.publish,
            tone="main",
            confirm="چارچوب منتشرشده دیگر تغییر نمی‌کند و جای چارچوب کنونی را می‌گیرد؛ سطح‌های پیشین پابرجا می‌مانند.",
        ),
        Transition(
            name="retire",
            sources=(FrameworkState.PUBLISHED,),
            target=FrameworkState.RETIRED,
            permission=rules.PUBLISH_FRAMEWORK,
            event=events.FRAMEWORK_RETIRED,
            label="کنارگذاشتن",
            tone="danger",
            confirm="تا انتشار چارچوب تازه، ظرفیت‌سنجی تازه‌ای برنامه‌ریزی نمی‌شود.",
        ),
    ],
)

ASSESSMENT = Workflow(
    Assessment,
    title="ظرفیت‌سنجی",
    root=lambda assessment: assessment.ngo,
    locks_root=True,
    transitions=[
        Transition(
            name="start",
            sources=(A.PLANNED, A.SELF_ASSESSMENT),
            target=A.SCORING,
            permission=rules.START_SCORING,
            event=events.SCORING_STARTED,
            label="آغاز امتیازدهی",
            blockers=assessing.start_gaps,
            tone="main",
        ),
        Transition(
            name="submit_scores",
            sources=(A.SCORING,),
            target=None,
            permission=rules.SCORE,
            event=events.SCORES_SUBMITTED,
            label="ارسال امتیازها",
            blockers=assessing.score_gaps,
            effect=assessing.close_seat,
            tone="main",
            confirm="پس از ارسال، امتیازها دیگر تغییر نمی‌کند.",
        ),
        Transition(
            name="moderate",
            sources=(A.MODERATION,),
            target=A.AWAITING_CONFIRMATION,
            permission=rules.MODERATE,
            event=events.MODERATED,
            label="پایان هم‌سنجی",
            blockers=assessing.moderation_gaps,
            tone="main",
        ),
        Transition(
            name="confirm",
            sources=(A.AWAITING_CONFIRMATION,),
            target=A.CONFIRMED,
            permission=rules.CONFIRM_GRADE,
            event=events.GRADE_CONFIRMED,
            label="تأیید سطح",
            blockers=assessing.confirmation_gaps,
            effect=assessing.confirm_grade,
            tone="main",
            confirm="سطح تأییدشده تغییر نمی‌کند و کارنامه آن صادر می‌شود.",
        ),
        Transition(
            name="send_back",
            sources=(A.AWAITING_CONFIRMATION,),
            target=A.SCORING,
            permission=rules.RETURN_SCORES,
            event=events.SCORES_SENT_BACK,
            label="بازگرداندن به امتیازدهی",
            needs_note=True,
            note_label="دلیل بازگشت",
            asks=(
                Ask(
                    "indicators",
                    "شاخص‌هایی که دوباره امتیاز می‌گیرند",
                    kind="choices",
                    choices=assessing.indicator_choices,
                ),
            ),
            effect=assessing.reopen_scoring,
        ),
        Transition(
            name="cancel",
            sources=(A.PLANNED, A.SELF_ASSESSMENT, A.SCORING, A.MODERATION, A.AWAITING_CONFIRMATION),
            target=A.CANCELLED,
            permission=rules.CANCEL_ASSESSMENT,
            event=events.ASSESSMENT_CANCELLED,
            label="لغو ظرفیت‌سنجی",
            needs_note=True,
            note_label="دلیل لغو",
            tone="danger",
            ignores_holds=True,
        ),
    ],
)
