"""Rows of a sheet: the two seats of an assessment, and the scores that its assessor gives (N7).

All of them follow a row of the assessment and are silent: planning, saving, submitting and sending back are one sentence
each, whether one indicator was scored or forty-five.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ngos import rules
from ngos.models import AssessorSeat, Score
from ngos.operations import sheets
from ngos.operations.grading_waits import desk_page
from ngos.operations.sheets import ScoreData
from ngos.workflow.assessments import visible_assessments
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Removal
from staff_portal.kernel.workflow.table import Table


def visible_seats(user: User, on: date) -> QuerySet[AssessorSeat]:
    """The seats of the assessments that a person may see."""
    return AssessorSeat.objects.filter(assessment__in=visible_assessments(user, on).values("pk"))


def visible_scores(user: User, on: date) -> QuerySet[Score]:
    """Those of the seats that a person may see; which of them, the assessment's page asks (N7)."""
    return Score.objects.filter(seat__in=visible_seats(user, on).values("pk"))


SILENT: dict[str, Any] = {"follows": True, "silent": True, "under_hold": True}
SEAT = Table(
    AssessorSeat,
    code="seat",
    title="ارزیاب",
    rows=[
        Creation(
            "give",
            by=rules.PLAN_ASSESSMENT,
            label="تعیین ارزیاب",
            says="{subject} را تعیین کرد",
            stores=("assessment", "position", "assessor"),
            asks=(Ask.given("assessor", "ارزیاب", User), Ask.integer("position", "جای")),
            outcome=sheets.seated,
            **SILENT,
        ),
        Act(
            "submit",
            by=rules.SCORE,
            label="بستن برگه",
            says="برگه {subject} را بست",
            stores=("submitted_at",),
            outcome=sheets.submitted,
            **SILENT,
        ),
        Act(
            "reopen",
            by=rules.RETURN_SCORES,
            label="گشودن برگه",
            says="برگه {subject} را گشود",
            stores=("submitted_at",),
            outcome=sheets.reopened,
            **SILENT,
        ),
    ],
    visible=visible_seats,
    address=lambda seat: desk_page(seat.assessment),
    state="",
)
guard(SEAT, "n7_seat_kept")

GIVEN = ("value", "is_not_applicable", "note", "scored_at")
SCORE = Table(
    Score,
    code="score",
    title="امتیاز",
    rows=[
        Creation(
            "give",
            by=rules.SCORE,
            label="امتیاز تازه",
            says="به شاخصی امتیاز داد",
            stores=("seat", "indicator", *GIVEN),
            asks=(Ask.given("data", "امتیاز", ScoreData),),
            outcome=sheets.given,
            **SILENT,
        ),
        Act(
            "change",
            by=rules.SCORE,
            label="تغییر امتیاز",
            says="امتیاز شاخصی را تغییر داد",
            stores=GIVEN,
            asks=(Ask.given("data", "امتیاز", ScoreData),),
            outcome=sheets.changed,
            **SILENT,
        ),
        Removal(
            "empty",
            by=rules.SCORE,
            label="برداشتن امتیاز",
            says="امتیاز شاخصی را برداشت",
            **SILENT,
        ),
    ],
    visible=visible_scores,
    address=lambda score: desk_page(score.seat.assessment),
    state="",
)
guard(SCORE, "n7_score_kept")
