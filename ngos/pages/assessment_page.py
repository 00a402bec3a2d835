"""One assessment: where it stands, who has scored how far, moderation, the explained grade (N7, N8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from ngos import rules
from ngos.enums import AssessmentState
from ngos.models import Assessment, AssessorSeat, Grade
from ngos.pages.assessments import ASSESSMENTS, visible
from ngos.pages.frameworks import version_words
from ngos.pages.grading_display import (
    Sight,
    due_words,
    events_of,
    grade_picture,
    grade_sheet_letters,
    indicator_counts,
    progress_words,
    seat_title,
    seats_with_progress,
    sight_of,
    stepper,
)
from ngos.pages.moderation_board import Board, agreed_rows, board_of, moderated_rows
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.records import Look, Note, Part, RecordPage, own_badge
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.holds import open_reasons


@dataclass(frozen=True)
class _Known:
    """What the cards of one assessment share, as this person sees it."""

    seats: list[AssessorSeat]
    sight: Sight
    board: Board | None
    grade: Grade | None


def _known(assessment: Assessment, look: Look) -> _Known:
    def read() -> _Known:
        seats = seats_with_progress(assessment)
        sight = sight_of(look.me, assessment, seats, look.on)
        board = board_of(assessment, seats) if sight.scores else None
        return _Known(seats, sight, board, getattr(assessment, "grade", None))

    found: _Known = look.once("assessment", read)
    return found


def _with_holds(user: User, on: date) -> QuerySet[Assessment]:
    return visible(user, on).annotate(_open_holds=open_reasons(Assessment))


def crumbs_of(assessment: Assessment) -> list[dict[str, str]]:
    """The way to an assessment and to what lies below it."""
    own = {"label": assessment.ngo.name, "url": assessment.get_absolute_url()}
    return [{"label": ASSESSMENTS.title, "url": reverse("ngos:assessment_list")}, own]


def _badges(assessment: Assessment, look: Look) -> list[tuple[str, str]]:
    due = due_words(assessment, look.on)
    return [*own_badge(assessment, look), *([due] if due[0] else [])]


def _notes(assessment: Assessment, look: Look) -> Iterator[Note]:
    if assessment.state == AssessmentState.SCORING and assessment.reopened_indicators:
        many = to_persian_digits(len(assessment.reopened_indicators))
        words = f"{many} شاخص باز است؛ امتیاز شاخص‌های دیگر همان است که بود."
        yield Note("wait", [words], title="برای امتیازدهی دوباره بازگشته است")


def _facts(assessment: Assessment) -> list[dict[str, Any]]:
    framework = assessment.framework
    items = [
        {"label": "سمن", "value": assessment.ngo.name, "url": assessment.ngo.get_absolute_url()},
        {
            "label": "چارچوب",
            "value": version_words(framework),
            "url": reverse("ngos:framework_detail", args=[framework.pk]),
        },
        {"label": "برنامه‌ریزی", "value": format_jalali(assessment.planned_at, "medium")},
    ]
    if assessment.due_on:
        items.append({"label": "مهلت امتیازدهی", "value": format_jalali(assessment.due_on, "medium")})
    return items


def _actions(assessment: Assessment, look: Look) -> list[dict[str, Any]]:
    """The desks first, then the steps of the table."""
    pk, state, known = assessment.pk, assessment.state, _known(assessment, look)
    actions: list[dict[str, Any]] = []
    mine = next((seat for seat in known.seats if seat.assessor_id == look.me.pk), None)
    if state == AssessmentState.SCORING and mine is not None and mine.submitted_at is None:
        url = reverse("ngos:assessment_score", args=[pk])
        actions.append({"label": "میز امتیازدهی", "url": url, "main": True, "confirm": True, "icon": "gauge"})
    elif mine is not None and (mine.submitted_at is not None or mine.scored):  # type: ignore[attr-defined]
        url = reverse("ngos:assessment_score", args=[pk])
        actions.append({"label": "امتیازهای من", "url": url, "confirm": True})
    if state == AssessmentState.MODERATION and rules.MODERATE.authority(look.me, assessment, look.on):
        url = reverse("ngos:assessment_moderate", args=[pk])
        actions.append({"label": "هم‌سنجی", "url": url, "main": True, "confirm": True})
    steps = step_actions(ASSESSMENT, assessment, list(look.options))
    if actions and actions[0].get("main"):
        steps = [{**step, "main": False} for step in steps]
    return actions + steps


def _picture(assessment: Assessment, look: Look) -> dict[str, Any] | None:
    grade = _known(assessment, look).grade
    if grade is None:
        return None
    picture = grade_picture(grade.result, grade.level_label)
    return {"title": "سطح و نیم‌رخ ظرفیت", "picture": picture, "with_details": True}


def _seats(assessment: Assessment, look: Look) -> dict[str, Any]:
    known = _known(assessment, look)
    total = indicator_counts([assessment.framework_id]).get(assessment.framework_id, 0)
    rows = [_seat_row(seat, total, known.sight, look.me) for seat in known.seats]
    return {"seats": rows, "shows_names": known.sight.names}


def _seat_row(seat: AssessorSeat, total: int, sight: Sight, me: User) -> dict[str, Any]:
    words, tone = progress_words(seat, total)
    return {
        "title": seat_title(seat, sight),
        "role": f"ارزیاب {seat.get_position_display()}",
        "mine": seat.assessor_id == me.pk,
        "words": words,
        "tone": tone,
        "done": total if seat.submitted_at else seat.scored,  # type: ignore[attr-defined]
        "total": total,
        "submitted_at": seat.submitted_at,
    }


def _moderated(assessment: Assessment, look: Look) -> dict[str, Any] | None:
    board = _known(assessment, look).board
    return None if board is None else {"rows": moderated_rows(board)}


def _agreed(assessment: Assessment, look: Look) -> dict[str, Any] | None:
    board = _known(assessment, look).board
    parts = agreed_rows(board) if board is not None else []
    return {"parts": parts} if parts else None


def _events(assessment: Assessment, look: Look) -> list[dict[str, Any]]:
    known = _known(assessment, look)
    moderated = known.board.moderated_keys() if known.board else ()
    return events_of(assessment, known.seats, known.sight, moderated, look.me, look.on)


ASSESSMENT_PAGE = RecordPage(
    table=ASSESSMENT,
    name="ngos:assessment_detail",
    visible=_with_holds,
    crumbs=crumbs_of,
    facts=_facts,
    badges=_badges,
    meta=lambda row: [f"چارچوب {version_words(row.framework)}"],
    path_of=stepper,
    path_label="مسیر ظرفیت‌سنجی",
    notes=_notes,
    actions=_actions,
    main=(
        Part("", "ngos/grading/parts/picture.html", _picture, bare=True),
        Part(
            "ارزیابان",
            "ngos/grading/parts/seats.html",
            _seats,
            subtitle="تا هر دو ارسال نکنند، هیچ‌کس امتیاز دیگری را نمی‌بیند.",
        ),
        Part(
            "شاخص‌های مورد اختلاف",
            "ngos/grading/parts/moderated.html",
            _moderated,
            subtitle="دو مقدار، توصیف هر یک و آنچه هم‌سنجی شد",
        ),
        Part(
            "شاخص‌های هم‌نظر",
            "ngos/grading/parts/agreed.html",
            _agreed,
            subtitle="میانگین دو مقدار به حساب می‌آید",
        ),
    ),
    letters=lambda row: list(grade_sheet_letters(row.ngo)) if hasattr(row, "grade") else [],
    letters_title="کارنامه",
    events=_events,
    styles="css/grading.css",
)
