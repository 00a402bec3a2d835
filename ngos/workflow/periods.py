"""Rows of a period of membership: it begins and ends with a step of the NGO's file, never by itself (N3, N4)."""

from datetime import date

from django.db.models import QuerySet

from ngos import rules
from ngos.models import MembershipPeriod
from ngos.operations import membership
from ngos.queries import visible_ngos
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table


def visible(user: User, on: date) -> QuerySet[MembershipPeriod]:
    """Those of the NGOs that a person may see."""
    return MembershipPeriod.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


BEGIN = Creation(
    "begin",
    stores=("ngo", "period", "created_at"),
    by=rules.APPROVE,
    label="آغاز دوره عضویت",
    asks=(Ask.date("starts_on", "آغاز"),),
    outcome=membership.period_begun,
    named=lambda row: row.ngo.name,
    follows=True,
    under_hold=True,
    says="دوره عضویت «{subject}» را آغاز کرد",
)
END = Act(
    "end",
    stores=("period", "ended_by", "ended_at"),
    untold=("ended_at",),
    by=rules.END,
    label="پایان دوره عضویت",
    outcome=membership.period_ended,
    named=lambda row: row.ngo.name,
    follows=True,
    under_hold=True,
    says="به دوره عضویت «{subject}» پایان داد",
)
PERIOD = Table(
    MembershipPeriod,
    code="membership_period",
    title="دوره عضویت",
    rows=[BEGIN, END],
    visible=visible,
    address=lambda row: row.ngo.get_absolute_url(),
    within="ngo",
    state="",
)
guard(PERIOD, "n3_periods_kept")
