"""Rows of a membership once it is there, and the table of the whole: who, from where to where, who hears (N2–N4, X5)."""

from ngos import rules
from ngos.enums import MembershipState as M
from ngos.enums import SuspensionKind
from ngos.models import Ngo
from ngos.operations import decisions, membership, waiting
from ngos.operations import membership_facts as facts
from ngos.operations.addresses import NGO
from ngos.operations.clocks import day_words, hearing_due
from ngos.queries import visible_ngos
from ngos.workflow.applications import (
    APPROVE,
    CONFIRM_EXISTING,
    LAPSE,
    REJECT,
    REOPEN,
    SEND_BACK,
    SUBMIT,
    TAKE_UP,
    WITHDRAW,
)
from ngos.workflow.document_waits import OF_DOCUMENTS
from ngos.workflow.registering import CHANGE, CHANGE_BY_REGISTER, IMPORT, REGISTER
from staff_portal.kernel.base.periods import last_day as last_day_of
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Step, Transition
from staff_portal.kernel.workflow.table import Table


def _everybody(text: str) -> tuple[To, ...]:
    """Registrar, reviewer and managers; the NGO's representatives by every way."""
    return (
        To.field("registered_by", text),
        To.field("reviewer", text),
        To.role(Role.HQ_MANAGER, text),
        To.at(NGO, "pk", text, mail=True, sms=True),
    )


def last_day(ngo: Ngo, step: Step) -> dict[str, str]:
    """M3: the last day on which it was a member, the day of the act included."""
    period = ngo.membership_periods.order_by("-period").first()
    return {"last_day": day_words(last_day_of(period.period)) if period is not None else ""}


def first_day(ngo: Ngo, step: Step) -> dict[str, str]:
    """From when it is a member again."""
    period = ngo.membership_periods.order_by("-period").first()
    return {"first_day": day_words(period.period.lower) if period is not None else ""}


def hearing_day(ngo: Ngo, step: Step) -> dict[str, str]:
    """Until when the NGO may answer a proposal."""
    found = decisions.open_proposal(ngo)
    return {"hearing_due": day_words(hearing_due(found)) if found is not None else ""}


SUSPEND = Transition(
    "suspend",
    sources=(M.MEMBER,),
    targets=(M.SUSPENDED,),
    stores=("suspension_kind",),
    by=rules.SUSPEND,
    event="membership.suspended",
    label="تعلیق عضویت",
    note="دلیل تعلیق",
    about_on=facts.standing_facts,
    brings=facts.suspending_brings,
    blockers=decisions.hearing_gaps,
    outcome=membership.suspension(SuspensionKind.DISCIPLINARY),
    effect=membership.suspend_membership,
    words=last_day,
    confirm="عضویت تعلیق می‌شود و نامه آن با دلایل برای سمن صادر می‌شود.",
    done="عضویت «{subject}» تعلیق شد؛ {last_day} آخرین روز عضویت است. نامه تعلیق صادر شد و سمن آگاه شد.",
    leads=facts.decision_link,
    says="عضویت را تعلیق کرد: {note}",
    shade="no",
    tone="danger",
    tell=_everybody("عضویت «{subject}» تعلیق شد؛ {last_day} آخرین روز عضویت است: {note}"),
)
REINSTATE = Transition(
    "reinstate",
    sources=(M.SUSPENDED,),
    targets=(M.MEMBER,),
    stores=("suspension_kind",),
    by=rules.REINSTATE,
    event="membership.reinstated",
    label="رفع تعلیق",
    about_on=facts.standing_facts,
    brings=facts.reinstating_brings,
    confirm="تعلیق برداشته می‌شود و دوره تازه‌ای از عضویت آغاز می‌شود.",
    blockers=membership.reinstatement_gaps,
    outcome=membership.no_suspension,
    effect=membership.reinstate_membership,
    words=first_day,
    done="تعلیق «{subject}» برداشته شد؛ دوره تازه عضویت از {first_day} است. سمن آگاه شد.",
    says="تعلیق عضویت را برداشت",
    shade="ok",
    tone="main",
    tell=_everybody("تعلیق عضویت «{subject}» برداشته شد؛ دوره تازه عضویت از {first_day} است."),
)
END = Transition(
    "end",
    sources=(M.MEMBER, M.SUSPENDED),
    targets=(M.ENDED,),
    stores=("suspension_kind", "level_rank", "grade_valid_until"),
    by=rules.END,
    event="membership.ended",
    label="خاتمه عضویت",
    note="دلیل خاتمه",
    asks=(
        Ask.yes_no(
            "requested",
            "به درخواست خود سمن",
            help="تنها با نامه امضاشده سمن؛ در این صورت اعتراضی در کار نیست و کار ناتمام نباید بماند.",
        ),
    ),
    about_on=facts.standing_facts,
    brings=facts.ending_brings,
    blockers=membership.withdrawal_gaps,
    outcome=membership.nothing_left,
    effect=membership.end_membership,
    confirm="عضویت و سطح سمن پایان می‌یابد و گواهی عضویت باطل می‌شود؛ شماره عضویت در پرونده می‌ماند.",
    words=last_day,
    done="عضویت «{subject}» خاتمه یافت؛ {last_day} آخرین روز عضویت است. گواهی‌ها باطل شد و سمن آگاه شد.",
    leads=facts.decision_link,
    says="به عضویت خاتمه داد: {note}",
    shade="no",
    tone="danger",
    under_hold=True,
    tell=_everybody("عضویت «{subject}» خاتمه یافت: {note}"),
)
PROPOSE_SUSPENSION = Act(
    "propose_suspension",
    sources=(M.MEMBER,),
    by=rules.PROPOSE_SUSPENSION,
    event="membership.suspension_proposed",
    label="پیشنهاد تعلیق",
    note="دلایل",
    about_on=facts.standing_facts,
    brings=facts.proposing_brings,
    blockers=decisions.proposal_gaps,
    effect=decisions.propose,
    words=hearing_day,
    confirm="دلایل به سمن گفته می‌شود و پیش از هر تصمیمی پاسخ آن شنیده می‌شود.",
    says="تعلیق عضویت را پیشنهاد کرد: {note}",
    shade="wait",
    done="پیشنهاد تعلیق «{subject}» ثبت شد؛ اکنون نزد سمن است و تا پایان {hearing_due} می‌تواند پاسخ دهد.",
    leads=facts.decision_link,
)
RESTORE = Transition(
    "restore",
    sources=(M.REJECTED, M.SUSPENDED, M.ENDED),
    targets=(M.UNDER_REVIEW, M.MEMBER, M.SUSPENDED),
    stores=("suspension_kind",),
    by=rules.RULE_ON_OBJECTION,
    event="membership.restored",
    label="بازگشت با وارددانستن اعتراض",
    note="دلایل",
    outcome=membership.restored,
    effect=membership.restore_membership,
    says="پرونده را با وارددانستن اعتراض بازگرداند: {note}",
    shade="ok",
    follows=True,
    under_hold=True,
    tell=_everybody("با وارددانستن اعتراض، پرونده «{subject}» به وضعیت پیش از تصمیم بازگشت."),
)
MEMBERSHIP = Table(
    Ngo,
    code="membership",
    title="عضویت سمن",
    rows=[
        REGISTER,
        IMPORT,
        CHANGE,
        CHANGE_BY_REGISTER,
        SUBMIT,
        WITHDRAW,
        TAKE_UP,
        SEND_BACK,
        LAPSE,
        APPROVE,
        REJECT,
        CONFIRM_EXISTING,
        PROPOSE_SUSPENSION,
        SUSPEND,
        REINSTATE,
        END,
        REOPEN,
        RESTORE,
    ],
    visible=visible_ngos,
    address=Ngo.get_absolute_url,
    do="ngos:ngo_do",
    reads=("registered_by", "reviewer", "primary_field"),
    gathers=waiting.gathered,
    waits=OF_DOCUMENTS,
    rests=(M.MEMBER, M.SUSPENDED, M.REJECTED, M.ENDED),
    counts_versions=True,
)
guard(MEMBERSHIP, "n3_ngo_moves", derived=("search_text", "level_rank", "grade_valid_until"))
