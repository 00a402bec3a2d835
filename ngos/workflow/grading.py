"""Transitions of membership, documents, frameworks and assessments: one table for each state field.

Who, from where to where, what it needs and what follows, as on the design's page on workflows.
"""

from ngos import events, rules
from ngos.enums import (
    AssessmentState as A,
)
from ngos.enums import (
    DocumentKind,
    DocumentState,
    FrameworkState,
    SuspensionKind,
)
from ngos.enums import (
    MembershipState as M,
)
from ngos.models import Assessment, Framework, Ngo, NgoDocument
from ngos.operations import assessing, documents, frameworks, membership
from staff_portal.kernel.workflow import Ask, Transition, Workflow


def _missing_choices(ngo: Ngo) -> list[tuple[str, str]]:
    return [(str(kind.label), str(kind.label)) for kind in DocumentKind] + [
        (text, text)
        for text in ("نشانی و راه تماس", "حوزه فعالیت", "هیئت‌مدیره", "پروانه معتبر", "مشخصات ثبت")
    ]


MEMBERSHIP = Workflow(
    Ngo,
    title="عضویت سمن",
    counts_versions=True,
    transitions=[
        Transition(
            name="submit",
            sources=(M.DRAFT, M.RETURNED),
            target=M.SUBMITTED,
            permission=rules.SUBMIT,
            event=events.SUBMITTED,
            label="ارسال درخواست عضویت",
            blockers=membership.submission_gaps,
            changes=membership.clear_missing,
            tone="main",
        ),
        Transition(
            name="take_up",
            sources=(M.SUBMITTED,),
            target=M.UNDER_REVIEW,
            permission=rules.TAKE_UP,
            event=events.TAKEN_UP,
            label="آغاز بررسی",
            changes=membership.assign_reviewer,
            tone="main",
        ),
        Transition(
            name="send_back",
            sources=(M.UNDER_REVIEW,),
            target=M.RETURNED,
            permission=rules.SEND_BACK,
            event=events.SENT_BACK,
            label="بازگرداندن برای اصلاح",
            needs_note=True,
            note_label="چه چیز باید اصلاح شود",
            asks=(
                Ask(
                    "missing",
                    "کمبودها",
                    kind="choices",
                    choices=_missing_choices,
                    help="هر چه کم است را برگزینید.",
                ),
            ),
            changes=membership.note_missing,
            confirm="درخواست به سمن بازمی‌گردد و مهلت اصلاح آغاز می‌شود.",
        ),
        Transition(
            name="approve",
            sources=(M.UNDER_REVIEW,),
            target=M.MEMBER,
            permission=rules.APPROVE,
            event=events.APPROVED,
            label="تأیید عضویت",
            blockers=membership.approval_gaps,
            changes=membership.number_and_date,
            effect=membership.open_membership,
            tone="main",
            confirm="شماره عضویت داده می‌شود و گواهی عضویت صادر می‌شود؛ این کار بازگشت‌پذیر نیست.",
        ),
        Transition(
            name="reject",
            sources=(M.UNDER_REVIEW,),
            target=M.REJECTED,
            permission=rules.REJECT,
            event=events.REJECTED,
            label="رد درخواست",
            needs_note=True,
            note_label="دلیل رد",
            tone="danger",
            confirm="سمن از رد درخواست و دلیل آن آگاه می‌شود و می‌تواند دوباره درخواست دهد.",
        ),
        Transition(
            name="confirm_existing",
            sources=(M.DRAFT,),
            target=M.MEMBER,
            permission=rules.CONFIRM_EXISTING,
            event=events.EXISTING_CONFIRMED,
            label="تأیید عضو پیشین",
            blockers=membership.existing_gaps,
            changes=membership.number_and_date_of_register,
            effect=membership.open_membership,
            confirm="عضویت از تاریخی که در دفتر آمده ثبت می‌شود و مهلت تکمیل مدارک آغاز می‌شود.",
        ),
        Transition(
            name="suspend",
            sources=(M.MEMBER,),
            target=M.SUSPENDED,
            permission=rules.SUSPEND,
            event=events.SUSPENDED,
            label="تعلیق عضویت",
            needs_note=True,
            note_label="دلیل تعلیق",
            changes=membership.suspension(SuspensionKind.DISCIPLINARY),
            effect=membership.suspend_membership,
            tone="danger",
            confirm="دوره عضویت از امروز بسته می‌شود.",
        ),
        Transition(
            name="reinstate",
            sources=(M.SUSPENDED,),
            target=M.MEMBER,
            permission=rules.REINSTATE,
            event=events.REINSTATED,
            label="رفع تعلیق",
            blockers=membership.reinstatement_gaps,
            changes=membership.no_suspension,
            effect=membership.reinstate_membership,
            tone="main",
        ),
        Transition(
            name="end",
            sources=(M.MEMBER, M.SUSPENDED),
            target=M.ENDED,
            permission=rules.END,
            event=events.ENDED,
            label="خاتمه عضویت",
            needs_note=True,
            note_label="دلیل خاتمه",
            changes=membership.nothing_left,
            effect=membership.end_membership,
            tone="danger",
            confirm="عضویت و سطح سمن پایان می‌یابد و گواهی عضویت باطل می‌شود؛ شماره عضویت در پرونده می‌ماند.",
            ignores_holds=True,
        ),
        Transition(
            name="reopen",
            sources=(M.REJECTED, M.ENDED),
            target=M.DRAFT,
            permission=rules.REOPEN,
            event=events.REOPENED,
            label="درخواست دوباره",
            changes=membership.start_again,
        ),
    ],
)

DOCUMENT = Workflow(
    NgoDocument,
    title="مدرک سمن",
    root=lambda document: document.ngo,
    locks_root=True,
    transitions=[
        Transition(
            name="accept",
            sources=(DocumentState.PENDING,),
            target=DocumentState.ACCEPTED,
            permission=rules.DECIDE_DOCUMENT,
            event=events.DOCUMENT_ACCEPTED,
            label="پذیرش",
            changes=documents.decision,
            tone="main",
        ),
        Transition(
            name="return",
            sources=(DocumentState.PENDING,),
            target=DocumentState.RETURNED,
            permission=rules.DECIDE_DOCUMENT,
            event=events.DOCUMENT_RETURNED,
            label="بازگرداندن",
            needs_note=True,
            note_label="دلیل بازگشت",
            changes=documents.decision,
        ),
    ],
)

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
