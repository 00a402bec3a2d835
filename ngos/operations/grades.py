"""A grade and its early end: what they store, and the ways in which a grade ends before its time (N8, N9)."""

from datetime import date
from typing import Any

from persiantools.jdatetime import JalaliDate

from ngos.enums import GradeEndReason
from ngos.grade_sheet import ComputedGrade
from ngos.models import Assessment, Grade, GradeEnd, Ngo
from staff_portal.kernel.persian.jalali import jalali_year
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

COLUMNS = (
    *("assessment", "ngo", "framework", "level_rank", "level_label", "total", "is_introducible", "result"),
    *("valid_from", "valid_until", "confirmed_by", "confirmed_at"),
)


def give_grade(assessment: Assessment, computed: ComputedGrade, step: Step) -> Grade:
    """The grade of a confirmed assessment; those before it give way to it (N9)."""
    older = list(_running(assessment.ngo, step.on))
    grade: Grade = table_for(Grade).apply(
        assessment, "give", actor=step.actor, at=step.at, within=step, computed=computed
    )
    _end(older, "supersede", step)
    return grade


def end_grades(ngo: Ngo, step: Step) -> None:
    """With the membership its grade ends (N9)."""
    _end(list(_running(ngo, step.on)), "end_with_membership", step)


def _running(ngo: Ngo, on: date) -> Any:
    return ngo.grades.filter(end__isnull=True, valid_until__gte=on)


def _end(grades: list[Grade], name: str, step: Step) -> None:
    for grade in grades:
        table_for(GradeEnd).apply(grade, name, actor=step.actor, at=step.at, within=step)


def given(assessment: Assessment, step: Step) -> dict[str, Any]:
    """The columns of a grade, with the whole calculation (N8)."""
    computed: ComputedGrade = step.asked["computed"]
    return {
        "assessment": assessment,
        "ngo": assessment.ngo,
        "framework": assessment.framework,
        "level_rank": computed.result.level.rank,
        "level_label": computed.result.level.label,
        "total": computed.result.total_rounded,
        "is_introducible": computed.result.fit_for_introduction,
        "result": computed.as_json(),
        "valid_from": step.on,
        "valid_until": years_later(step.on, assessment.framework.valid_years),
        "confirmed_by": step.actor,
        "confirmed_at": step.at,
    }


def superseded(grade: Grade, step: Step) -> dict[str, Any]:
    return _ended(grade, GradeEndReason.SUPERSEDED, step)


def ended_with_membership(grade: Grade, step: Step) -> dict[str, Any]:
    return _ended(grade, GradeEndReason.MEMBERSHIP_ENDED, step)


def _ended(grade: Grade, reason: GradeEndReason, step: Step) -> dict[str, Any]:
    return {"grade": grade, "ended_on": step.on, "reason": reason, "recorded_at": step.at}


def years_later(on: date, years: int) -> date:
    """The day before the same Jalali day ``years`` later: two years from ۱۴۰۵/۰۹/۰۳ end on ۱۴۰۷/۰۹/۰۲."""
    start = JalaliDate(on)
    target_year = jalali_year(on) + years
    day = min(start.day, JalaliDate.days_in_month(start.month, target_year))
    end = JalaliDate(target_year, start.month, day).to_gregorian()
    return date.fromordinal(end.toordinal() - 1)
