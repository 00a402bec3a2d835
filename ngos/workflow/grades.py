"""Rows of what a decision gives or takes: the grade and its early end, periods of membership (N3, N4, N9).

They follow the confirmation, the approval, the suspension or the end and are silent: its sentence says them.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ngos import rules
from ngos.grade_sheet import ComputedGrade
from ngos.models import Grade, GradeEnd, MembershipPeriod
from ngos.operations import grades, periods
from ngos.operations.grading_waits import grading_page_of
from ngos.queries import visible_ngos
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table

SILENT: dict[str, Any] = {"follows": True, "silent": True, "under_hold": True}


def visible_grades(user: User, on: date) -> QuerySet[Grade]:
    """The grades of the NGOs that a person may see."""
    return Grade.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


def visible_ends(user: User, on: date) -> QuerySet[GradeEnd]:
    """The early ends of these grades."""
    return GradeEnd.objects.filter(grade__in=visible_grades(user, on).order_by().values("pk"))


def visible_periods(user: User, on: date) -> QuerySet[MembershipPeriod]:
    """The periods of the NGOs that a person may see."""
    return MembershipPeriod.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


GRADE = Table(
    Grade,
    code="grade",
    title="سطح سمن",
    rows=[
        Creation(
            "give",
            by=rules.CONFIRM_GRADE,
            label="ثبت سطح",
            says="«{subject}» را ثبت کرد",
            stores=grades.COLUMNS,
            asks=(Ask.given("computed", "محاسبه", ComputedGrade),),
            outcome=grades.given,
            **SILENT,
        )
    ],
    visible=visible_grades,
    address=lambda grade: grading_page_of(grade.ngo_id),
    state="",
)
guard(GRADE, "n9_grade_immutable")

END: dict[str, Any] = {
    "label": "پایان سطح",
    "says": "به «{subject}» پایان داد",
    "stores": ("grade", "ended_on", "reason", "recorded_at"),
    **SILENT,
}
GRADE_END = Table(
    GradeEnd,
    code="grade_end",
    title="پایان سطح",
    rows=[
        Creation("supersede", by=rules.CONFIRM_GRADE, outcome=grades.superseded, **END),
        Creation("end_with_membership", by=rules.END, outcome=grades.ended_with_membership, **END),
    ],
    visible=visible_ends,
    address=lambda end: grading_page_of(end.grade.ngo_id),
    state="",
)
guard(GRADE_END, "n9_grade_immutable")

PERIOD = Table(
    MembershipPeriod,
    code="period",
    title="دوره عضویت",
    rows=[
        Creation(
            "open",
            by=rules.APPROVE,
            label="آغاز دوره عضویت",
            says="دوره عضویت را گشود",
            stores=("ngo", "period", "created_at"),
            asks=(Ask.date("since", "آغاز"),),
            outcome=periods.opened,
            **SILENT,
        ),
        Act(
            "close",
            by=rules.END,
            label="پایان دوره عضویت",
            says="دوره عضویت را بست",
            stores=("period", "ended_by", "ended_at"),
            outcome=periods.closed,
            **SILENT,
        ),
    ],
    visible=visible_periods,
    address=lambda found: found.ngo.get_absolute_url(),
    state="",
)
guard(PERIOD, "n3_periods_kept", final="ended_by")
