"""Rows of a suspension that is proposed and heard, and of a decision that is issued (X5, X6)."""

from django.urls import reverse

from ngos import rules
from ngos.enums import DecisionState as D
from ngos.operations import clocks, decisions
from ngos.operations.addresses import NGO
from ngos.operations.decision_facts import hearing_facts
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Creation, Transition, Waits

DECISION_TASK = "ngos.decision"
PAPER = Ask.text(
    "paper",
    "شماره نامه امضاشده سمن",
    required=False,
    length=60,
    of=(Role.HQ_EXPERT,),
    help="کارشناس تنها با نامه امضاشده سمن به جای آن می‌نویسد.",
)
DECIDED = ("decided_by", "decided_on", "grounds")


def to_ngo(text: str) -> To:
    """The NGO's representatives, by every way."""
    return To.at(NGO, "ngo_id", text, mail=True, sms=True)


PROPOSE = Creation(
    "propose",
    targets=(D.PROPOSED,),
    stores=("ngo", "kind", "grounds", "proposed_by"),
    by=rules.PROPOSE_SUSPENSION,
    label="پیشنهاد تعلیق",
    note="دلایل",
    outcome=decisions.proposed,
    words=decisions.words,
    says="تعلیق عضویت را پیشنهاد کرد: {note}",
    shade="wait",
    follows=True,
    under_hold=True,
    tell=(
        to_ngo(
            "تعلیق عضویت «{ngo_name}» پیشنهاد شده است: {note}. تا پایان {hearing_due} می‌توانید پاسخ دهید."
        ),
        To.role(Role.HQ_MANAGER, "{actor} تعلیق عضویت «{ngo_name}» را پیشنهاد کرد: {note}"),
    ),
)
ISSUE = Creation(
    "issue",
    targets=(D.ISSUED,),
    stores=("ngo", "kind", "is_urgent", *DECIDED),
    by=rules.DECIDE,
    label="صدور تصمیم",
    note="دلایل",
    asks=(Ask.given("kind", "موضوع", str),),
    outcome=decisions.issued,
    effect=decisions.write_letter,
    says="نامه تصمیم را صادر کرد: {note}",
    shade="no",
    follows=True,
    under_hold=True,
)
ANSWER = Transition(
    "answer",
    sources=(D.PROPOSED,),
    targets=(D.HEARD,),
    stores=("answer", "answered_by", "paper"),
    by=rules.ANSWER_PROPOSAL,
    label="پاسخ به پیشنهاد",
    note="پاسخ سمن",
    asks=(PAPER,),
    about_on=hearing_facts,
    blockers=decisions.answering_gaps,
    outcome=decisions.answered,
    words=decisions.words,
    says="به پیشنهاد تعلیق پاسخ داد: {note}",
    done="پاسخ شما ثبت شد؛ رئیس ستاد سمن‌ها تا پایان {proposal_due} تصمیم می‌گیرد.",
    tone="main",
    tell=(
        To.role(Role.HQ_MANAGER, "«{ngo_name}» به پیشنهاد تعلیق پاسخ داد: {note}"),
        To.field("proposed_by", "«{ngo_name}» به پیشنهاد تعلیق پاسخ داد: {note}"),
        to_ngo("پاسخ «{ngo_name}» به پیشنهاد تعلیق ثبت شد: {note}"),
    ),
    waits=(
        Waits(
            to=To.at(NGO, "ngo_id"),
            due=clocks.hearing_due,
            kind=DECISION_TASK,
            title="پاسخ به پیشنهاد {subject}",
            detail="دلایل را بخوانید و پاسخ دهید؛ پس از مهلت بی‌پاسخ تصمیم گرفته می‌شود",
            rank=20,
        ),
    ),
)
CLOSE_HEARING = Transition(
    "close_hearing",
    sources=(D.PROPOSED,),
    targets=(D.HEARD,),
    by=rules.DECISION_BY_CLOCK,
    label="پایان مهلت پاسخ",
    blockers=decisions.hearing_runs,
    sweep=decisions.unanswered,
    words=decisions.words,
    says="مهلت پاسخ را پایان‌یافته ثبت کرد؛ سمن پاسخی نداد",
    tell=(To.role(Role.HQ_MANAGER, "مهلت پاسخ «{ngo_name}» به پیشنهاد تعلیق بی‌پاسخ گذشت."),),
)
DROP = Transition(
    "drop",
    sources=(D.PROPOSED, D.HEARD),
    targets=(D.DROPPED,),
    by=rules.DROP_PROPOSAL,
    label="کنارگذاشتن پیشنهاد",
    note="سبب کنارگذاشتن",
    about_on=hearing_facts,
    words=decisions.words,
    says="پیشنهاد تعلیق را کنار گذاشت: {note}",
    done="پیشنهاد تعلیق «{ngo_name}» کنار گذاشته شد؛ عضویت برقرار است و سمن آگاه شد.",
    under_hold=True,
    tell=(
        to_ngo("پیشنهاد تعلیق عضویت «{ngo_name}» کنار گذاشته شد: {note}"),
        To.field("proposed_by", "پیشنهاد تعلیق «{ngo_name}» کنار گذاشته شد: {note}"),
    ),
    waits=(
        Waits(
            to=To.power(rules.SUSPEND),
            when=lambda row: row.state == D.HEARD,
            due=clocks.proposal_due,
            kind=DECISION_TASK,
            title="تصمیم درباره {subject}",
            detail="مهلت پاسخ سمن پایان یافته یا پاسخ آن رسیده است",
            page=lambda row: reverse("ngos:ngo_do", args=[row.ngo_id, "suspend"]),
            rank=30,
        ),
    ),
)
LAPSE = Transition(
    "lapse",
    sources=(D.HEARD,),
    targets=(D.DROPPED,),
    by=rules.DECISION_BY_CLOCK,
    label="بی‌اثرشدن پیشنهاد",
    blockers=decisions.proposal_runs,
    sweep=decisions.undecided,
    words=decisions.words,
    says="پیشنهاد تعلیق را بی‌اثر کرد؛ تا پایان مهلت درباره آن تصمیمی گرفته نشد",
    tell=(
        to_ngo("پیشنهاد تعلیق عضویت «{ngo_name}» بی‌اثر شد؛ عضویت برقرار است."),
        To.field("proposed_by", "پیشنهاد تعلیق «{ngo_name}» بی‌تصمیم ماند و بی‌اثر شد."),
        To.role(Role.HQ_MANAGER, "پیشنهاد تعلیق «{ngo_name}» بی‌تصمیم ماند و بی‌اثر شد."),
    ),
)
OVERTAKE = Transition(
    "overtake",
    sources=(D.PROPOSED, D.HEARD),
    targets=(D.DROPPED,),
    by=rules.DECIDE,
    label="پایان پیشنهاد با خاتمه عضویت",
    says="پیشنهاد تعلیق را با خاتمه عضویت بسته ثبت کرد",
    follows=True,
    under_hold=True,
)
DECIDE = Transition(
    "decide",
    sources=(D.HEARD,),
    targets=(D.ISSUED,),
    stores=DECIDED,
    by=rules.DECIDE,
    label="تعلیق پس از شنیدن سمن",
    note="دلایل",
    outcome=decisions.decided_on_grounds,
    effect=decisions.write_letter,
    says="نامه تعلیق را پس از شنیدن سمن صادر کرد: {note}",
    shade="no",
    follows=True,
    under_hold=True,
)
