"""Rows of delegations [تفویض اختیار]: a manager hands powers over for a time and takes them back (K6)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.models import Delegation, User
from staff_portal.kernel.operations import delegations
from staff_portal.kernel.people import rules
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table


def visible(user: User, on: date) -> QuerySet[Delegation]:
    """The delegations a person may see."""
    return Delegation.objects.filter(rules.delegations_visible_to(user, on))


def _page(delegation: Delegation) -> str:
    return reverse("delegations")


def _to_delegate(text: str, *, sms: bool = False) -> tuple[To, ...]:
    return (To.field("delegate", text, mail=True, sms=sms, page=lambda row: reverse("profile")),)


GIVE = Creation(
    "give",
    stores=("delegator", "delegate", "role", "powers", "period", "reference", "created_at"),
    by=rules.DELEGATE_POWERS,
    event="delegation.given",
    label="تفویض اختیار",
    asks=(
        Ask("delegate", "شخص", "person"),
        Ask.text("role", "نقش"),
        Ask.date("start_on", "آغاز"),
        Ask.date("last_day", "پایان"),
        Ask("powers", "اختیارها", "choices", required=False),
        Ask.text("reference", "شماره نامه", required=False),
    ),
    blockers=delegations.against_giving,
    outcome=delegations.given,
    named=lambda row: row.delegate.full_name,
    under_hold=True,
    says="اختیار خود را به {delegate} سپرد",
    tell=_to_delegate("{actor} اختیار خود را برای مدتی به شما سپرد.", sms=True),
)
END = Act(
    "end",
    stores=("ended_at",),
    by=rules.END_DELEGATIONS,
    event="delegation.ended",
    label="پایان تفویض",
    blockers=delegations.against_ending,
    outcome=delegations.ended,
    named=lambda row: row.delegate.full_name,
    says="به تفویض اختیار {delegate} پایان داد",
    done="تفویض اختیار پایان یافت.",
    tone="danger",
    tell=_to_delegate("تفویض اختیاری که به شما شده بود پایان یافت."),
)
DELEGATION = Table(
    Delegation,
    code="delegation",
    title="تفویض اختیار",
    rows=[GIVE, END],
    visible=visible,
    address=_page,
    within="delegator",
    state="",
    reads=("delegate", "delegator"),
)
guard(DELEGATION, "k6_delegation_kept", final="ended_at")
