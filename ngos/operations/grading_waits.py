"""Whose turn it is in an assessment, and whom its steps concern: read from the record alone, without a clock."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import AssessmentState
from ngos.models import Assessment, AssessorSeat
from ngos.operations.clocks import clock
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.workflow.audience import PERSON, Address, To

NOT_BEGUN = "هنوز آغاز نشده"


def gathered(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The assessments with their seats, how far each is, and who has moderated."""
    seats = AssessorSeat.objects.annotate(scored=Count("scores")).order_by("position")
    return rows.prefetch_related(Prefetch("seats", queryset=seats), "moderated_values")


def assessors(assessment: Assessment) -> list[int]:
    """The two who score."""
    return [seat.assessor_id for seat in assessment.seats.all()]


def no_confirmers(assessment: Assessment) -> list[int]:
    """Who has scored or moderated does not confirm (N9)."""
    return [*assessors(assessment), *(row.moderated_by_id for row in assessment.moderated_values.all())]


def seat_at(position: int) -> To:
    """The assessor of one seat, while the sheet is not sent and the power is still theirs."""

    def find(assessment: Assessment) -> list[Address]:
        return [
            Address(PERSON, str(seat.assessor_id), power=rules.SCORE.code)
            for seat in assessment.seats.all()
            if seat.position == position and seat.submitted_at is None
        ]

    return To(find)


def progress_of(position: int) -> Callable[[Assessment], str]:
    """How far the assessor of that seat is, or how many indicators were opened again."""

    def words(assessment: Assessment) -> str:
        if assessment.reopened_indicators:
            return f"{len(assessment.reopened_indicators)} شاخص برای امتیازدهی دوباره باز شده است"
        scored = next((_scored(seat) for seat in assessment.seats.all() if seat.position == position), 0)
        return f"{scored} شاخص امتیاز دارد" if scored else NOT_BEGUN

    return words


def _scored(seat: AssessorSeat) -> int:
    return int(getattr(seat, "scored", 0))


def is_planned(assessment: Assessment) -> bool:
    return assessment.state == AssessmentState.PLANNED


def is_with_ngo(assessment: Assessment) -> bool:
    return assessment.state == AssessmentState.SELF_ASSESSMENT


def day_after(day: date | None) -> date | None:
    """From then on it is late."""
    return None if day is None else day + timedelta(days=1)


def detail_page(assessment: Assessment) -> str:
    return assessment.get_absolute_url()


def desk_page(assessment: Assessment) -> str:
    return reverse("ngos:assessment_score", args=[assessment.pk])


def moderation_page(assessment: Assessment) -> str:
    return reverse("ngos:assessment_moderate", args=[assessment.pk])


def confirmation_page(assessment: Assessment) -> str:
    return reverse("ngos:assessment_do", args=[assessment.pk, "confirm"])


def documents_page(assessment: Assessment) -> str:
    return reverse("ngos:ngo_documents", args=[assessment.ngo_id])


def grading_tab(assessment: Assessment) -> str:
    return grading_page_of(assessment.ngo_id)


def grading_page_of(ngo_id: int) -> str:
    return reverse("ngos:ngo_grading", args=[ngo_id])


# --- clocks -------------------------------------------------------------------------------------------------------


def moderation_due(assessment: Assessment) -> date:
    """Until when the differing indicators are moderated (X7)."""
    return clock(ngo_settings.MODERATION_DAYS, local_date(assessment.state_since))


def confirmation_due(assessment: Assessment) -> date:
    """Until when a complete assessment is confirmed or sent back (X7)."""
    return clock(ngo_settings.CONFIRMATION_DAYS, local_date(assessment.state_since))
