"""The assessor's desk and the moderator's page: blind scoring, then the differing indicators (N7)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ngos import rules
from ngos.enums import AssessmentState
from ngos.forms.grading import NA, ModerationForm, ScoresForm, stored_score
from ngos.grade_sheet import NOT_APPLICABLE
from ngos.models import Assessment, AssessorSeat, Indicator, Score
from ngos.operations import assessing
from ngos.operations.moderating import Decision, moderate_indicators
from ngos.operations.sheets import ScoreData
from ngos.pages.assessment_page import crumbs_of
from ngos.pages.assessments import visible
from ngos.pages.grading_display import due_words, seats_with_progress, sight_of
from ngos.pages.moderation_board import board_of, moderated_rows
from ngos.queries import scoring_sheet
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow.reading import Option


def _own_seat(request: HttpRequest, assessment: Assessment) -> AssessorSeat:
    """The seat of the person; the desk of another assessor is nobody's business (N7)."""
    seat = assessment.seats.filter(assessor=person(request)).select_related("assessment").first()
    if seat is None:
        raise NotPermitted("میز امتیازدهی تنها برای ارزیابان همین سمن باز است.")
    return seat


def _is_open(assessment: Assessment, seat: AssessorSeat) -> bool:
    return assessment.state == AssessmentState.SCORING and seat.submitted_at is None


def _open_indicators(assessment: Assessment) -> list[Indicator]:
    """What may be scored now: all, or after a return only those that were reopened."""
    rows = Indicator.objects.filter(dimension__framework_id=assessment.framework_id)
    if assessment.reopened_indicators:
        rows = rows.filter(pk__in=assessment.reopened_indicators)
    return list(rows.order_by("dimension__position", "position", "id"))


def _options(request: HttpRequest, assessment: Assessment, name: str) -> list[Option]:
    """The one step that this page leads to, allowed or greyed."""
    option = ASSESSMENT.option(assessment, name, person(request), moment(request))
    return [] if option is None else [option]


# --- the desk -------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessor's own sheet; each section is saved by its button, each change at once where htmx runs."""
    assessment = one(visible(person(request), today(request)), pk)
    seat = _own_seat(request, assessment)
    if request.method == "POST":
        return _save_sheet(request, assessment, seat)
    return _desk(request, assessment, seat, None)


def _save_sheet(request: HttpRequest, assessment: Assessment, seat: AssessorSeat) -> HttpResponse:
    scores = {row.indicator_id: row for row in seat.scores.all()}
    form = ScoresForm(request.POST, indicators=_open_indicators(assessment), scores=scores)
    form.is_valid()
    changed = _data(form)
    saved = _save(request, assessment, form, changed) if changed else None
    if form.errors:
        return _desk(request, assessment, seat, form)
    if saved is not None:
        messages.success(request, f"{to_persian_digits(len(changed))} شاخص ذخیره شد.")
    elif not changed:
        messages.info(request, "چیز تازه‌ای برای ذخیره نبود.")
    section = request.POST.get("section", "")
    place = f"#section-{section}" if section.isascii() and section.isdigit() else "#next"
    return redirect(f"{reverse('ngos:assessment_score', args=[assessment.pk])}{place}")


def _data(form: ScoresForm) -> list[ScoreData]:
    """What is to be stored; a row with an error waits and is shown as it was typed."""
    return [
        ScoreData(pk, int(value) if value not in ("", NA) else None, value == NA, note)
        for pk, value, note in form.changed()
        if f"v-{pk}" not in form.errors and f"n-{pk}" not in form.errors
    ]


def _save(request: HttpRequest, assessment: Assessment, form: ScoresForm, changed: list[ScoreData]) -> Any:
    return attempt(
        form,
        lambda: assessing.save_scores(assessment, actor=person(request), at=moment(request), scores=changed),
    )


@require_POST
def score_save(request: HttpRequest, pk: int) -> HttpResponse:
    """One changed indicator by htmx: what became of it, and the progress of the whole sheet."""
    assessment = one(visible(person(request), today(request)), pk)
    seat = _own_seat(request, assessment)
    if not _is_open(assessment, seat):
        raise Refusal("امتیازدهی این ظرفیت‌سنجی برای شما باز نیست؛ صفحه را تازه کنید.")
    sent = [item for item in _open_indicators(assessment) if f"n-{item.pk}" in request.POST]
    if len(sent) != 1:
        raise Refusal("شاخص این امتیاز پیدا نشد؛ صفحه را تازه کنید و دوباره امتیاز دهید.")
    scores = {row.indicator_id: row for row in seat.scores.filter(indicator=sent[0])}
    form = ScoresForm(request.POST, indicators=sent, scores=scores)
    changed = _data(form) if form.is_valid() else []
    if changed:
        _save(request, assessment, form, changed)
    sheet = _sections(scoring_sheet(seat), assessment, None)
    row = next(item for section in sheet for item in section["rows"] if item["pk"] == sent[0].pk)
    context = {
        "row": row,
        "errors": [str(error) for found in form.errors.values() for error in found],
        "sections": sheet,
        "progress": _progress(sheet),
    }
    return render(request, "ngos/grading/score_saved.html", context)


def _desk(
    request: HttpRequest, assessment: Assessment, seat: AssessorSeat, form: ScoresForm | None
) -> HttpResponse:
    is_open = _is_open(assessment, seat)
    sheet = _sections(scoring_sheet(seat), assessment, form)
    steps = _options(request, assessment, "submit_scores") if is_open else []
    due, tone = due_words(assessment, today(request))
    context = {
        "page_title": f"میز امتیازدهی: {assessment.ngo}",
        "crumbs": [*crumbs_of(assessment), {"label": "میز امتیازدهی"}],
        "assessment": assessment,
        "seat": seat,
        "form": form,
        "is_open": is_open,
        "reopened": len(assessment.reopened_indicators) if is_open else 0,
        "sections": sheet,
        "progress": _progress(sheet),
        "due": due,
        "due_tone": tone,
        "missing": [reason for option in steps for reason in option.reasons],
        "actions": step_actions(ASSESSMENT, assessment, steps),
        "draft_key": f"score-{assessment.pk}" if is_open else "",
    }
    return render(request, "ngos/grading/score.html", context, status=422 if form and form.errors else 200)


def _sections(
    sheet: list[dict[str, Any]], assessment: Assessment, form: ScoresForm | None
) -> list[dict[str, Any]]:
    """The sheet for the page: rows with value, note, options; what is still missing."""
    reopened = set(assessment.reopened_indicators)
    drawn, first_missing = [], True
    for part in sheet:
        rows = [_row(entry["indicator"], entry["score"], reopened, form) for entry in part["rows"]]
        for row in rows:
            row["is_next"] = first_missing and not row["is_scored"] and not row["locked"]
            first_missing = first_missing and not row["is_next"]
        drawn.append(
            {
                "pk": part["dimension"].pk,
                "title": part["dimension"].title,
                "rows": rows,
                "done": sum(row["is_scored"] for row in rows),
                "open": any(not row["locked"] for row in rows),
            }
        )
    return drawn


def _row(
    indicator: Indicator, score: Score | None, reopened: set[int], form: ScoresForm | None
) -> dict[str, Any]:
    value, note = stored_score(score)
    errors: list[str] = []
    if form is not None and f"v-{indicator.pk}" in form.fields:
        value, note = form[f"v-{indicator.pk}"].value() or "", form[f"n-{indicator.pk}"].value() or ""
        errors = [*form[f"v-{indicator.pk}"].errors, *form[f"n-{indicator.pk}"].errors]
    options = [
        {
            "value": str(place),
            "label": to_persian_digits(place),
            "anchor": anchor,
            "checked": value == str(place),
        }
        for place, anchor in enumerate(indicator.anchors)
    ]
    if not indicator.is_gate:
        options.append({"value": NA, "label": NOT_APPLICABLE, "anchor": "", "checked": value == NA})
    return {
        "pk": indicator.pk,
        "title": indicator.title,
        "evidence": indicator.evidence,
        "is_gate": indicator.is_gate,
        "locked": bool(reopened) and indicator.pk not in reopened,
        "reopened": indicator.pk in reopened,
        "is_scored": score is not None,
        "options": options,
        "chosen": next((option for option in options if option["checked"]), None),
        "note": note,
        "errors": errors,
    }


def _progress(sections: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rows = [row for section in sections for row in section["rows"]]
    done = sum(row["is_scored"] for row in rows)
    words = f"{to_persian_digits(done)} شاخص از {to_persian_digits(len(rows))}"
    return {"done": done, "total": len(rows), "words": words, "complete": done == len(rows)}


# --- moderation -----------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """The differing indicators with both values; a value and a reason for each (N7)."""
    assessment = one(visible(person(request), today(request)), pk)
    guard(rules.MODERATE, request, assessment)
    if request.method == "GET" and assessment.state != AssessmentState.MODERATION:
        return redirect(assessment)  # an older notice leads here
    seats = seats_with_progress(assessment)
    if (
        assessment.state != AssessmentState.MODERATION
        or not sight_of(person(request), assessment, seats, today(request)).scores
    ):
        raise Refusal("این ظرفیت‌سنجی در مرحله هم‌سنجی نیست.")
    rows = moderated_rows(board_of(assessment, seats))
    form = ModerationForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        decisions = [Decision(pk_, value, reason) for pk_, value, reason in form.decided()]
        kept = attempt(form, lambda: _moderate(request, assessment, decisions))
        if kept is not None:
            messages.success(
                request, f"{to_persian_digits(len(kept))} شاخص هم‌سنجی شد." if kept else "چیز تازه‌ای نبود."
            )
            return redirect("ngos:assessment_moderate", pk)
    left = [row["title"] for row in rows if row["settled"] is None]
    options = _options(request, assessment, "moderate")
    context = {
        "page_title": f"هم‌سنجی: {assessment.ngo}",
        "crumbs": [*crumbs_of(assessment), {"label": "هم‌سنجی"}],
        "assessment": assessment,
        "form": form,
        "rows": [{**row, "v": form[f"v-{row['id']}"], "r": form[f"r-{row['id']}"]} for row in rows],
        "left": left,
        "done": len(rows) - len(left),
        "total": len(rows),
        "actions": step_actions(ASSESSMENT, assessment, options),
        "draft_key": f"moderate-{pk}",
        "cancel_url": reverse("ngos:assessment_detail", args=[pk]),
    }
    return render(request, "ngos/grading/moderate.html", context, status=422 if form.errors else 200)


def _moderate(request: HttpRequest, assessment: Assessment, decisions: list[Decision]) -> Any:
    return moderate_indicators(assessment, actor=person(request), at=moment(request), decisions=decisions)
