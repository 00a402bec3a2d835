"""How grades, seats and scores are shown: rows and pictures for the kit's pieces (N7, N8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects

from ngos import rules
from ngos.certificate import GRADE_SHEET
from ngos.default_framework import SCALE_LABELS
from ngos.enums import AssessmentState
from ngos.grade_sheet import NOT_APPLICABLE, number
from ngos.grading import UNFIT_LABEL
from ngos.models import Assessment, AssessorSeat, Grade, Indicator, Ngo
from staff_portal.kernel.models import AuditEntry, Letter, User
from staff_portal.kernel.pages.letter_card import letter_card
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail.timeline import readable, timeline_items

STEPS = (
    AssessmentState.PLANNED,
    AssessmentState.SCORING,
    AssessmentState.MODERATION,
    AssessmentState.AWAITING_CONFIRMATION,
    AssessmentState.CONFIRMED,
)
NGO_EVENTS = (
    "assessment.planned",
    "assessment.self_asked",
    "assessment.started",
    "assessment.confirmation_awaited",
    "assessment.confirmed",
    "assessment.cancelled",
)


def level_words(rank: int, label: str) -> str:
    """«سطح ۲ – توسعه‌یافته»."""
    return f"سطح {to_persian_digits(rank)} – {label}"


def value_words(value: Decimal | int | None) -> str:
    """A value as people read it: «۲٫۵» or «موضوعیت ندارد»."""
    return NOT_APPLICABLE if value is None else number(value)


def step_words(value: str) -> str:
    """«۱ – آغاز شده و ناقص»; a value between two anchors is the figure alone."""
    figure = Decimal(value)
    whole = int(figure)
    return f"{number(figure)} – {SCALE_LABELS[whole]}" if figure == whole else number(figure)


# --- the grade ------------------------------------------------------------------------------------------


def grade_picture(result: dict[str, Any], level_label: str) -> dict[str, Any]:
    """Everything that explains a grade, from what is stored (or would be stored) with it (N8)."""
    low = {row["dimension"] for row in result["floors"]}
    coming = result["next_level"]
    line = Decimal(coming["bound"]) if coming else None
    note = f"امتیاز کل {number(Decimal(result['total']))}."
    if coming:
        note = f"خط: کف سطح {to_persian_digits(coming['rank'])} ({number(line)}). {note}"
    return {
        "level": level_words(result["level"], level_label),
        "total": number(Decimal(result["total"])),
        "is_fit": not result["failed_gates"],
        "unfit_label": UNFIT_LABEL,
        "failed_gates": result["failed_gates"],
        "bars": [_bar(row, row["title"] in low) for row in result["dimensions"]],
        "line": line,
        "line_label": note,
        "next_level": f"سطح {to_persian_digits(coming['rank'])}" if coming else "",
        "sentences": result["explanation"],
        "gaps": [
            {
                "indicator": row["indicator"],
                "now": step_words(row["now"]),
                "asked": step_words(row["asked"]),
                "effect": f"+{number(Decimal(row['effect']))}",
            }
            for row in result["gaps"]
        ],
    }


def _bar(row: dict[str, Any], low: bool) -> dict[str, Any]:
    score = None if row["score"] is None else Decimal(row["score"])
    note = f"سهم در امتیاز کل {number(Decimal(row['contribution']))}"
    if score is None:
        note = "بی‌شاخص برای این سمن؛ وزن آن کنار گذاشته شد"
    elif low:
        note = f"زیر کف؛ {note}"
    return {
        "label": row["title"],
        "score": score,
        "weight": number(Decimal(row["weight"])),
        "low": low,
        "note": note,
    }


def grade_state(grade: Grade, on: date) -> tuple[str, str]:
    """Whether a grade holds on a day, with its tone; read it with ``select_related("end")``."""
    end = getattr(grade, "end", None)
    if end is not None and end.ended_on <= on:
        return f"پایان‌یافته: {end.get_reason_display()}", "neutral"
    if grade.valid_until < on:
        return "مدت آن گذشته است", "neutral"
    return ("معتبر", "ok") if grade.valid_from <= on else ("هنوز آغاز نشده", "go")


def grade_sheet_letters(ngo: Ngo) -> QuerySet[Letter]:
    """The sheets of an NGO, the newest first."""
    rows = Letter.objects.filter(kind=GRADE_SHEET.slug, root_type=audit.type_label(ngo), root_id=ngo.pk)
    return rows.order_by("-id").select_related("number").prefetch_related("events")


def grade_sheets(ngo: Ngo, on: date) -> list[dict[str, Any]]:
    """The sheets as cards."""
    return [letter_card(letter, on) for letter in grade_sheet_letters(ngo)]


# --- an assessment --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sight:
    """How much of an assessment one person sees (N7)."""

    is_reader: bool
    is_assessor: bool
    scores: bool

    @property
    def names(self) -> bool:
        """The NGO learns of results, not of who gave which score."""
        return self.is_reader or self.is_assessor


def sight_of(user: User, assessment: Assessment, seats: Iterable[AssessorSeat], on: date) -> Sight:
    """What ``user`` sees: both assessors' scores only when every one of them may be seen (N7)."""
    seats = list(seats)
    is_assessor = any(seat.assessor_id == user.pk for seat in seats)
    complete = bool(seats) and all(seat.submitted_at is not None for seat in seats)
    return Sight(
        is_reader=access.has_role(user, on, *rules.ASSESSMENT_READERS),
        is_assessor=is_assessor,
        scores=complete and all(rules.can_view_scores(user, assessment, seat, on) for seat in seats),
    )


def seats_with_progress(assessment: Assessment) -> list[AssessorSeat]:
    """The two seats with ``scored``: how many indicators have a score.

    One query; the assessment keeps them, so that the rules that look at its seats need no other.
    """
    seats = (
        AssessorSeat.objects.select_related("assessor").annotate(scored=Count("scores")).order_by("position")
    )
    prefetch_related_objects([assessment], Prefetch("seats", queryset=seats))
    return list(assessment.seats.all())


def indicator_counts(framework_ids: Iterable[int]) -> dict[int, int]:
    """How many indicators each framework has. One query."""
    rows = Indicator.objects.filter(dimension__framework_id__in=set(framework_ids)).values_list(
        "dimension__framework_id"
    )
    return dict(rows.annotate(Count("id")).order_by())


def progress_words(seat: AssessorSeat, total: int) -> tuple[str, str]:
    """«۳۱ شاخص از ۴۵» or «ارسال شد», with the tone."""
    if seat.submitted_at is not None:
        return "ارسال شد", "ok"
    words = f"{to_persian_digits(seat.scored)} شاخص از {to_persian_digits(total)}"  # type: ignore[attr-defined]
    return words, "wait" if seat.scored else "neutral"  # type: ignore[attr-defined]


def seat_title(seat: AssessorSeat, sight: Sight) -> str:
    return seat.assessor.full_name if sight.names else f"ارزیاب {seat.get_position_display()}"


def due_words(assessment: Assessment, on: date) -> tuple[str, str]:
    """The deadline of the scoring with its tone; nothing once the scoring is over."""
    waiting = assessment.state in (
        AssessmentState.PLANNED,
        AssessmentState.SELF_ASSESSMENT,
        AssessmentState.SCORING,
    )
    if assessment.due_on is None or not waiting:
        return "", "neutral"
    days = (assessment.due_on - on).days
    return relative_days(assessment.due_on, on), "no" if days < 0 else "wait" if days <= 3 else "neutral"


def stepper(assessment: Assessment) -> list[dict[str, Any]]:
    """The path of an assessment; a cancelled one stands still."""
    state = assessment.state
    if state == AssessmentState.CANCELLED:
        label = AssessmentState(state).label
        return [{"label": "برنامه‌ریزی‌شده", "state": "done"}, {"label": label, "state": "off"}]
    if state == AssessmentState.SELF_ASSESSMENT:
        state = AssessmentState.PLANNED
    place = STEPS.index(state) if state in STEPS else len(STEPS)
    drawn = []
    for number_, step in enumerate(STEPS):
        how = "done" if number_ < place or state == AssessmentState.CONFIRMED else "todo"
        note = ""
        if number_ == place and how == "todo":
            how, note = "current", f"از {format_jalali(assessment.state_since, 'medium')}"
        drawn.append({"label": AssessmentState(step).label, "state": how, "note": note})
    return drawn


def events_of(
    assessment: Assessment,
    seats: Iterable[AssessorSeat],
    sight: Sight,
    moderated: Iterable[int],
    reader: User,
    on: date,
) -> list[dict[str, Any]]:
    """The assessment's own timeline; the NGO reads its main steps only, without notes (N7). One query.

    ``moderated`` are the keys of the moderated values that the person may see.
    """
    mine = Q(subject_type="ngos.assessment", subject_id=assessment.pk)
    mine |= Q(subject_type="ngos.assessorseat", subject_id__in=[seat.pk for seat in seats])
    mine |= Q(subject_type="ngos.moderatedvalue", subject_id__in=list(moderated))
    rows = AuditEntry.objects.filter(mine, root_type="ngos.ngo", root_id=assessment.ngo_id)
    rows = readable(rows.exclude(event="assessment.scores_saved"), reader, on)
    if not sight.names:
        rows = rows.filter(event__in=NGO_EVENTS)
    entries = list(rows[:40])
    if not sight.names:
        for entry in entries:
            entry.note = ""
    return timeline_items(entries)


def may_see_details(user: User, ngo: Ngo, on: date) -> bool:
    """Explanation, gaps and running assessments: HQ, auditor, its assessors and the NGO itself."""
    return rules.can_view_documents(user, ngo, on)
