"""Confirming a grade, and sending scores back instead (N8, N9)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ngos import grade_sheet
from ngos.enums import MembershipState
from ngos.grading import GradingError
from ngos.models import Assessment, Indicator, Ngo
from ngos.operations import grades
from ngos.queries import final_values, framework_spec
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step


def confirmation_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    if assessment.ngo.state != MembershipState.MEMBER:
        yield "این سمن اکنون عضو نیست؛ سطح تنها به عضو داده می‌شود."
    try:
        spec = framework_spec(assessment.framework)
        grade_sheet.compute(spec, final_values(assessment, spec))
    except GradingError as error:
        yield str(error)


def confirm_grade(assessment: Assessment, step: Step) -> dict[str, Any]:
    """The grade is computed, stored with its explanation, the older one superseded, the sheet issued (N8, N9)."""
    ngo = Ngo.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.ngo_id)
    spec = framework_spec(assessment.framework)
    values = final_values(assessment, spec)
    computed = grade_sheet.compute(spec, values)
    grade = grades.give_grade(assessment, computed, step)
    ngo.level_rank, ngo.grade_valid_until = grade.level_rank, grade.valid_until
    ngo.save(update_fields=["level_rank", "grade_valid_until"])
    letter = grade_sheet.issue_grade_sheet(
        grade, computed, actor=step.actor, at=step.at, authority=step.authority
    )
    return {"level": grade.level_rank, "total": grade.total, "grade_sheet": letter.number.text}


def indicator_choices(assessment: Assessment, on: date) -> list[tuple[int, str]]:
    """What the manager may send back."""
    rows = Indicator.objects.filter(dimension__framework_id=assessment.framework_id).order_by(
        "dimension__position", "position"
    )
    return [(row.pk, row.title) for row in rows]


def reopened(assessment: Assessment, step: Step) -> dict[str, Any]:
    """The indicators named are scored anew."""
    return {"reopened_indicators": sorted({int(pk) for pk in step.asked["indicators"]})}


def reopen_scoring(assessment: Assessment, step: Step) -> dict[str, Any]:
    """Back to both assessors; what moderation settled on the indicators named is taken back."""
    chosen = assessment.reopened_indicators
    settled = assessment.moderated_values.filter(indicator_id__in=chosen)
    settled = settled.select_related("assessment__ngo", "indicator").order_by("pk")
    for rows, name in ((settled, "take_back"), (assessment.seats.all(), "reopen")):
        if found := list(rows):
            table_for(found[0]).apply_many(found, name, actor=step.actor, at=step.at, within=step)
    return {"indicators": to_persian_digits(str(len(chosen))), "indicator_ids": chosen}
