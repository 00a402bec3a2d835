"""One adverse decision: grounds, answer, letter, delivery, objection, and what is to be done until when (X5)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from ngos.decision_letter import letters_of
from ngos.enums import DecisionKind
from ngos.models import MembershipDecision
from ngos.operations.decision_facts import objection_facts
from ngos.workflow.decisions import DECISION, visible_decisions
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.records import Look, Part, RecordPage
from staff_portal.kernel.pages.steps import step_path


def visible(user: User, on: date) -> QuerySet[MembershipDecision]:
    """The decisions the person may see, with everybody whom the page names."""
    people = ("proposed_by", "decided_by", "ruled_by")
    return visible_decisions(user, on).select_related("ngo", *people)


def crumbs_of(decision: MembershipDecision) -> list[dict[str, str]]:
    """The way to a decision: through the NGO's file."""
    return [
        {"label": "سمن‌ها", "url": reverse("ngos:ngo_list")},
        {"label": decision.ngo.name, "url": decision.ngo.get_absolute_url()},
        {"label": str(DecisionKind(decision.kind).label), "url": decision.get_absolute_url()},
    ]


def _case(decision: MembershipDecision, look: Look) -> dict[str, object]:
    return {"fact_items": objection_facts(decision, look.on)}


DECISION_PAGE = RecordPage(
    table=DECISION,
    name="ngos:decision_detail",
    visible=visible,
    crumbs=crumbs_of,
    facts=lambda row: [{"label": "سمن", "value": row.ngo.name, "url": row.ngo.get_absolute_url()}],
    meta=lambda row: ["فوری"] if row.is_urgent else [],
    main=(Part("دلایل و مهلت‌ها", "ngos/registry/case.html", _case),),
    letters=letters_of,
)
PATHS = (
    DECISION_PAGE.path("decisions/<int:pk>/"),
    step_path("decisions/<int:pk>/do/<slug:transition>/", DECISION, name="decision_do", crumbs=crumbs_of),
)
