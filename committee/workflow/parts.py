"""Rows of what comes with another record and stays as it is: clauses of a memorandum, seats of a term, checks of a nominee."""

from typing import Any

from django.urls import reverse

from committee import rules
from committee.default_clauses import ClauseData
from committee.models import EligibilityCheck, MemorandumClause, Seat
from committee.operations import nominees, terms
from committee.workflow.nominees import page_of, visible_nominees
from committee.workflow.terms import term_page, visible_memoranda, visible_terms
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Creation
from staff_portal.kernel.workflow.table import Table

FOLLOWS: dict[str, Any] = {"follows": True, "quiet": True}

CLAUSE = Table(
    MemorandumClause,
    code="clause",
    title="بند تفاهم‌نامه",
    rows=[
        Creation(
            "set_out",
            stores=("memorandum", "code", "position", "party", "text"),
            by=rules.RECORD_MEMORANDUM,
            label="بند تفاهم‌نامه",
            asks=(Ask("clause", "بند", "given", shape=ClauseData),),
            outcome=terms.clause_of,
            says="بند {subject} را نوشت",
            **FOLLOWS,
        )
    ],
    visible=lambda user, on: MemorandumClause.objects.filter(
        memorandum__in=visible_memoranda(user, on).values("pk")
    ),
    address=lambda row: reverse("committee:memorandum"),
    within="memorandum",
    state="",
)
guard(CLAUSE, "memorandum_kept")
SEAT = Table(
    Seat,
    code="seat",
    title="کرسی",
    rows=[
        Creation(
            "set_out",
            stores=("term", "code"),
            by=rules.PROPOSE_TERM,
            label="کرسی دوره",
            asks=(Ask.text("code", "کرسی"),),
            outcome=lambda term, step: {"term": term, "code": step.asked["code"]},
            says="کرسی {subject} را نهاد",
            **FOLLOWS,
        )
    ],
    visible=lambda user, on: Seat.objects.filter(term__in=visible_terms(user, on).values("pk")),
    address=lambda row: term_page(row.term),
    within="term",
    state="",
)
guard(SEAT, "c1_five_seats")
CHECK = Table(
    EligibilityCheck,
    code="check",
    title="بررسی شرایط نامزد",
    rows=[
        Creation(
            "keep",
            stores=("nominee", "moment", "is_eligible", "findings", "checked_at"),
            untold=("findings",),
            by=rules.SEAL,
            label="بررسی شرایط نامزد",
            asks=(Ask.text("moment", "هنگام"), Ask("findings", "یافته‌ها", "given", shape=tuple)),
            outcome=nominees.check_of,
            says="شرایط {subject} را بررسی کرد",
            **FOLLOWS,
        )
    ],
    visible=lambda user, on: EligibilityCheck.objects.filter(
        nominee__in=visible_nominees(user, on).values("pk")
    ),
    address=lambda row: page_of(row.nominee),
    within="nominee.round",
    state="",
)
guard(CHECK, "c2_check_kept")
