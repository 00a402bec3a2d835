"""Rows of cases [موضوع]: opened by another step or by the system, settled with a note by whom they stand before."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.base.roles import ROLE_SCOPE
from staff_portal.kernel.models import Case, User
from staff_portal.kernel.operations import cases
from staff_portal.kernel.people import rules
from staff_portal.kernel.workflow.audience import PERSON, ROLE, Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Waits
from staff_portal.kernel.workflow.table import Table
from staff_portal.kernel.workflow.transactions import file_of

CASE_TASK = "kernel.case"


def visible(user: User, on: date) -> QuerySet[Case]:
    """The cases a person may see."""
    return Case.objects.filter(rules.cases_visible_to(user, on))


def _page(case: Case) -> str:
    return reverse("case", args=[case.pk])


def _holders(case: Case) -> Iterable[Address]:
    """The assignee, or whoever holds the case's role, within its scope if it has one."""
    if case.assignee_id is not None:
        return [Address(PERSON, str(case.assignee_id))]
    kind = str(ROLE_SCOPE.get(case.role, "")) if case.scope_id else ""
    scope = (kind, case.scope_id) if kind else ("", 0)
    return [Address(ROLE, case.role, *scope, power=rules.SETTLE_CASES.code)]


OPEN = Creation(
    "open",
    stores=(
        "title",
        "detail",
        "root_type",
        "root_id",
        "root_label",
        "url",
        "role",
        "scope_id",
        "assignee",
        "due_on",
        "opened_at",
    ),
    by=rules.OPEN_CASES,
    event="case.opened",
    label="گشودن موضوع",
    asks=(
        Ask.text("title", "موضوع"),
        Ask.text("url", "نشانی"),
        Ask.text("role", "نقش", required=False),
        Ask.integer("scope_id", "شناسه دامنه", required=False),
        Ask("assignee", "شخص", "person", required=False),
        Ask.date("due_on", "مهلت", required=False),
    ),
    outcome=cases.opened,
    follows=True,
    under_hold=True,
    says="موضوع «{subject}» را گشود",
    tell=(To(_holders, "موضوع «{subject}» در انتظار رسیدگی شماست.", mail=True),),
)
SETTLE = Act(
    "settle",
    stores=("settled_at", "settled_by", "settled_note"),
    by=rules.SETTLE_CASES,
    event="case.settled",
    label="حل موضوع",
    note="موضوع چگونه حل شد",
    page="case",
    blockers=cases.is_open,
    outcome=cases.settled,
    says="موضوع «{subject}» را حل کرد: {note}",
    done="موضوع حل شد.",
    tell=(To(_holders, "{actor} موضوع «{subject}» را حل کرد."),),
    waits=(
        Waits(
            to=To(_holders),
            when=lambda case: case.settled_at is None,
            kind=CASE_TASK,
            title="{subject}",
            detail=lambda case: case.root_label,
            due="due_on",
        ),
    ),
)
CASE = Table(
    Case,
    code="case",
    title="موضوع",
    rows=[OPEN, SETTLE],
    visible=visible,
    address=_page,
    within=file_of,
    state="",
)
guard(CASE, "case_kept", final="settled_at")
