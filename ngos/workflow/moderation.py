"""Rows of a moderated value: settled once, or settled anew while the moderation lasts (N7)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ngos import rules
from ngos.models import ModeratedValue
from ngos.operations import moderating
from ngos.operations.grading_waits import moderation_page
from ngos.workflow.assessments import MODERATE, visible_assessments
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Removal
from staff_portal.kernel.workflow.table import Table

DECIDED = ("value", "is_not_applicable", "reason", "moderated_by", "moderated_at")


def visible_values(user: User, on: date) -> QuerySet[ModeratedValue]:
    """The values of the assessments that a person may see; which of them, the assessment's page asks (N7)."""
    return ModeratedValue.objects.filter(assessment__in=visible_assessments(user, on).values("pk"))


SHARED: dict[str, Any] = {
    "by": rules.MODERATE,
    "event": MODERATE.event,
    "label": "هم‌سنجی شاخص",
    "asks": (Ask.given("decision", "مقدار و دلیل", moderating.Decision),),
    "blockers": moderating.decision_gaps,
    "effect": moderating.settle_assessment,
    "locks": moderating.lock_file,
    "named": lambda value: value.indicator.title,
    "says": MODERATE.says,
}
SETTLE = Creation(
    "settle", stores=("assessment", "indicator", *DECIDED), outcome=moderating.settled, **SHARED
)
CHANGE = Act("change", stores=DECIDED, outcome=moderating.decided, **SHARED)
TAKE_BACK = Removal(
    "take_back",
    by=rules.RETURN_SCORES,
    event="moderated.taken_back",
    label="پس‌گرفتن مقدار هم‌سنجی‌شده",
    follows=True,
    office=True,
    under_hold=True,
    locks=moderating.lock_file,
    named=lambda value: value.indicator.title,
    says="مقدار هم‌سنجی‌شده {subject} را برای امتیازدهی دوباره پس گرفت",
)
MODERATED = Table(
    ModeratedValue,
    code="moderated",
    title="مقدار هم‌سنجی‌شده",
    rows=[SETTLE, CHANGE, TAKE_BACK],
    visible=visible_values,
    address=lambda value: moderation_page(value.assessment),
    within="assessment.ngo",
    state="",
)
guard(MODERATED, "n9_assessment_closed")
