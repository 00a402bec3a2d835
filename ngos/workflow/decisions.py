"""Rows of a decision that was issued: delivered, objected to, ruled on; and the table of the whole (X5, X7)."""

from datetime import date

from django.db.models import QuerySet

from ngos import rules
from ngos.enums import DecisionState as D
from ngos.models import MembershipDecision
from ngos.operations import clocks, decisions
from ngos.operations.addresses import NGO
from ngos.operations.decision_facts import case_facts, objection_facts
from ngos.workflow.hearings import (
    ANSWER,
    CLOSE_HEARING,
    DECIDE,
    DECISION_TASK,
    DROP,
    ISSUE,
    LAPSE,
    OVERTAKE,
    PAPER,
    PROPOSE,
    to_ngo,
)
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Transition, Waits
from staff_portal.kernel.workflow.table import Table

STANDS = (D.ISSUED, D.DELIVERED, D.OBJECTED)


def visible_decisions(user: User, on: date) -> QuerySet[MembershipDecision]:
    """The decisions that a person may see."""
    return MembershipDecision.objects.filter(rules.decisions_visible_to(user, on))


REVIEW = Act(
    "review",
    sources=STANDS,
    stores=("review", "reviewed_by"),
    by=rules.REVIEW_SUSPENSION,
    label="بازبینی تعلیق فوری",
    note="نتیجه بازبینی",
    about_on=case_facts,
    blockers=decisions.review_gaps,
    outcome=decisions.reviewed,
    words=decisions.words,
    confirm="نتیجه بازبینی نوشته می‌شود؛ اگر تعلیق نباید بماند، آن را در پرونده سمن بردارید.",
    says="تعلیق فوری را بازبینی کرد: {note}",
    done="بازبینی تعلیق «{ngo_name}» ثبت شد و سمن آگاه شد.",
    tell=(to_ngo("تعلیق فوری «{ngo_name}» بازبینی شد: {note}"),),
    waits=(
        Waits(
            to=To.power(rules.REVIEW_SUSPENSION),
            when=decisions.needs_review,
            due=clocks.review_due,
            kind=DECISION_TASK,
            title="بازبینی تعلیق فوری «{subject}»",
            named=lambda row: row.ngo.name,
            rank=25,
        ),
        Waits(
            key="late",
            to=To.role(Role.AUDITOR),
            when=decisions.needs_review,
            opens=clocks.after_review,
            kind=DECISION_TASK,
            title="تعلیق فوری «{subject}» در مهلت بازبینی نشده است",
            named=lambda row: row.ngo.name,
            page=MembershipDecision.get_absolute_url,
            rank=25,
        ),
    ),
)
HAND_OVER = Transition(
    "hand_over",
    sources=(D.ISSUED,),
    targets=(D.DELIVERED,),
    stores=("delivered_on", "delivery"),
    by=rules.HAND_OVER,
    label="ثبت ابلاغ نامه",
    asks=(
        Ask.date("delivered_on", "تاریخ ابلاغ"),
        Ask.text("delivery", "شیوه ابلاغ", length=200, help="مانند «پست سفارشی» یا «تحویل دستی به نماینده»"),
    ),
    about_on=case_facts,
    blockers=decisions.delivery_gaps,
    outcome=decisions.handed_over,
    words=decisions.words,
    says="نامه را در {delivered_on} ابلاغ‌شده ثبت کرد ({delivery})",
    done="ابلاغ ثبت شد؛ «{ngo_name}» تا پایان {objection_due} می‌تواند اعتراض کند.",
    tell=(to_ngo("نامه {kind_words} «{ngo_name}» ابلاغ شد؛ تا پایان {objection_due} می‌توانید اعتراض کنید."),),
    waits=(
        Waits(
            to=To.power(rules.HAND_OVER),
            due=clocks.delivery_due,
            kind=DECISION_TASK,
            title="ابلاغ نامه {subject}",
            detail="اگر نماینده سمن آن را در سامانه نبیند، تحویل دستی یا پستی را ثبت کنید",
            rank=40,
        ),
        Waits(
            key="late",
            to=To.role(Role.HQ_MANAGER),
            opens=clocks.after_delivery,
            kind=DECISION_TASK,
            title="نامه {subject} در مهلت ابلاغ نشده است",
            detail="مهلت اعتراض تا ابلاغ نامه آغاز نمی‌شود",
            page=MembershipDecision.get_absolute_url,
            rank=40,
        ),
    ),
)
ACKNOWLEDGE = Transition(
    "acknowledge",
    sources=(D.ISSUED,),
    targets=(D.DELIVERED,),
    stores=("delivered_on", "delivery"),
    by=rules.ACKNOWLEDGE,
    label="نامه را دیدم",
    about_on=case_facts,
    outcome=decisions.seen,
    words=decisions.words,
    confirm="دیدن نامه ثبت می‌شود و مهلت اعتراض از امروز آغاز می‌شود.",
    says="نامه را دید",
    done="دیدن نامه ثبت شد؛ تا پایان {objection_due} می‌توانید اعتراض کنید.",
    tone="main",
    waits=(
        Waits(
            to=To.at(NGO, "ngo_id"),
            due=clocks.delivery_due,
            kind=DECISION_TASK,
            title="خواندن نامه {subject}",
            detail="دلایل تصمیم و راه اعتراض در آن آمده است",
            page=MembershipDecision.get_absolute_url,
            rank=20,
        ),
    ),
)
OBJECT = Transition(
    "object",
    sources=(D.ISSUED, D.DELIVERED),
    targets=(D.OBJECTED,),
    stores=("objection", "objected_by", "objected_on", "paper", "delivered_on", "delivery"),
    by=rules.OBJECT,
    label="اعتراض",
    note="متن اعتراض",
    asks=(PAPER,),
    about_on=case_facts,
    blockers=decisions.objection_gaps,
    outcome=decisions.objected,
    words=decisions.words,
    confirm="شخصی که در این تصمیم دستی نداشته است به اعتراض رسیدگی می‌کند.",
    says="به تصمیم اعتراض کرد: {note}",
    done="اعتراض ثبت شد؛ تا پایان {ruling_due} به آن رسیدگی می‌شود.",
    under_hold=True,
    tell=(
        To.role(Role.HQ_MANAGER, "«{ngo_name}» به {kind_words} اعتراض کرد: {note}"),
        To.field("decided_by", "«{ngo_name}» به {kind_words} اعتراض کرد: {note}"),
        to_ngo("اعتراض «{ngo_name}» به {kind_words} ثبت شد: {note}"),
    ),
    waits=(
        Waits(
            to=To.at(NGO, "ngo_id"),
            when=lambda row: row.state == D.DELIVERED,
            due=clocks.objection_due,
            ends=clocks.objection_due,
            kind=DECISION_TASK,
            title="مهلت اعتراض به {subject}",
            detail="اگر اعتراضی دارید در این مهلت بنویسید",
            rank=60,
        ),
    ),
)
SETTLE = Transition(
    "settle",
    sources=(D.DELIVERED,),
    targets=(D.FINAL,),
    by=rules.DECISION_BY_CLOCK,
    label="قطعی‌شدن",
    blockers=decisions.objection_runs,
    sweep=decisions.unobjected,
    words=decisions.words,
    says="تصمیم را قطعی کرد؛ در مهلت اعتراضی نرسید",
    tell=(to_ngo("مهلت اعتراض به {kind_words} «{ngo_name}» گذشت و تصمیم قطعی شد."),),
)
UPHOLD = Transition(
    "uphold",
    sources=(D.OBJECTED,),
    targets=(D.UPHELD,),
    stores=("ruling", "ruled_by"),
    by=rules.RULE_ON_OBJECTION,
    label="وارددانستن اعتراض",
    note="دلایل",
    about_on=objection_facts,
    brings=lambda row, on: decisions.what_upholding_brings(row),
    locks=decisions.lock_file,
    outcome=decisions.ruled,
    effect=decisions.uphold,
    words=decisions.words,
    says="اعتراض را وارد دانست: {note}",
    shade="ok",
    done="اعتراض «{ngo_name}» وارد دانسته شد و نامه نتیجه صادر شد.",
    leads=lambda row: (row.ngo.get_absolute_url(), "پرونده سمن"),
    tell=(
        to_ngo("اعتراض «{ngo_name}» به {kind_words} وارد دانسته شد: {note}"),
        To.field("decided_by", "اعتراض «{ngo_name}» به {kind_words} وارد دانسته شد: {note}"),
    ),
    waits=(
        Waits(
            to=To.power(rules.RULE_ON_OBJECTION),
            but=lambda row: [row.proposed_by_id, row.decided_by_id, row.reviewed_by_id, row.objected_by_id],
            due=clocks.ruling_due,
            kind=DECISION_TASK,
            title="رسیدگی به اعتراض: {subject}",
            detail="در این تصمیم دستی نداشته‌اید",
            page=MembershipDecision.get_absolute_url,
            rank=25,
        ),
        Waits(
            key="hand_on",
            to=To.field("decided_by"),
            due=clocks.ruling_due,
            kind=DECISION_TASK,
            title="رسیدگی‌کننده به اعتراض: {subject}",
            detail="خود در این تصمیم دست داشته‌اید؛ اگر رئیس دیگری نیست، اختیار رسیدگی را به شخصی بی‌طرف بسپارید",
            page=MembershipDecision.get_absolute_url,
            rank=26,
        ),
        Waits(
            key="late",
            to=To.role(Role.AUDITOR),
            opens=clocks.after_ruling,
            kind=DECISION_TASK,
            title="اعتراض در مهلت رسیدگی نشده است: {subject}",
            page=MembershipDecision.get_absolute_url,
            rank=25,
        ),
    ),
)
DISMISS = Transition(
    "dismiss",
    sources=(D.OBJECTED,),
    targets=(D.DISMISSED,),
    stores=("ruling", "ruled_by"),
    by=rules.RULE_ON_OBJECTION,
    label="واردندانستن اعتراض",
    note="دلایل",
    about_on=objection_facts,
    outcome=decisions.ruled,
    effect=decisions.dismiss,
    words=decisions.words,
    confirm="تصمیم می‌ماند؛ سمن نامه نتیجه را با دلایل می‌گیرد. مرجع نهایی، کمیته مشترک است.",
    says="اعتراض را وارد ندانست: {note}",
    shade="no",
    done="نتیجه رسیدگی ثبت شد و نامه آن برای «{ngo_name}» صادر شد.",
    tone="danger",
    tell=(
        to_ngo("اعتراض «{ngo_name}» به {kind_words} وارد دانسته نشد: {note}. مرجع نهایی، کمیته مشترک است."),
    ),
)
DECISION = Table(
    MembershipDecision,
    code="decision",
    title="تصمیم درباره عضویت",
    rows=[
        PROPOSE,
        ISSUE,
        ANSWER,
        CLOSE_HEARING,
        DROP,
        LAPSE,
        OVERTAKE,
        DECIDE,
        REVIEW,
        HAND_OVER,
        ACKNOWLEDGE,
        OBJECT,
        SETTLE,
        UPHOLD,
        DISMISS,
    ],
    visible=visible_decisions,
    address=MembershipDecision.get_absolute_url,
    do="ngos:decision_do",
    reads=("ngo",),
)
guard(DECISION, "x5_decision_moves")
