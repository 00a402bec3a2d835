"""The tab «ظرفیت‌سنجی» of an NGO's record: its grade, what is missing to the next level, its history."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from ngos import rules
from ngos.grade_sheet import number
from ngos.models import Grade, Ngo
from ngos.pages.grading_display import grade_picture, grade_sheets, grade_state, level_words, may_see_details
from ngos.pages.ngo_record import tab_of
from ngos.pages.record_display import LoadedNgo
from staff_portal.kernel.pages.fields import JalaliDateField
from staff_portal.kernel.pages.records import Look
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali


def _draw(ngo: LoadedNgo, look: Look) -> dict[str, Any]:
    """Level, profile with the next level's line, gaps, grades so far, «در تاریخ … چه سطحی داشت؟»."""
    me, on = look.me, look.on
    details = may_see_details(me, ngo, on)
    grades = list(ngo.grades.select_related("end", "framework", "assessment").order_by("-valid_from", "-id"))
    current = _valid_on(grades, on)
    running = ngo.assessments.filter(state__in=rules.OPEN_ASSESSMENT).first() if details else None
    asked_on, answer = _answer(look.request, grades)
    return {
        "details": details,
        "grade": current,
        "picture": grade_picture(current.result, current.level_label) if current else None,
        "history": [_history_row(grade, on) for grade in grades],
        "history_columns": [
            {"label": label} for label in ("سطح", "امتیاز کل", "از", "تا", "چارچوب", "وضعیت")
        ],
        "running": running if running and rules.can_view_assessment(me, running, on) else None,
        "letters": grade_sheets(ngo, on) if details else [],
        "asked_on": asked_on,
        "answer": answer,
        "plan_url": _plan_url(ngo, look) if running is None else "",
    }


GRADING = tab_of(
    "grading", "ngos:ngo_grading", "ngos/grading/ngo_grading.html", _draw, styles="css/grading.css"
)


def _plan_url(ngo: Ngo, look: Look) -> str:
    allowed = rules.PLAN_ASSESSMENT.authority(look.me, ngo, look.on) is not None
    return f"{reverse('ngos:assessment_new')}?ngo={ngo.pk}" if allowed and ngo.state == "member" else ""


def _valid_on(grades: list[Grade], on: date) -> Grade | None:
    """Which of these held on that day: the newest, as :func:`ngos.queries.grade_on` answers."""
    for grade in grades:
        end = getattr(grade, "end", None)
        if grade.valid_from <= on <= grade.valid_until and (end is None or end.ended_on > on):
            return grade
    return None


def _answer(request: HttpRequest, grades: list[Grade]) -> tuple[str, str]:
    """The typed day and the sentence about it; a wrong date is answered by a sentence too."""
    typed = request.GET.get("on", "").strip()
    if not typed:
        return "", ""
    try:
        day = JalaliDateField().clean(typed)
    except ValidationError as error:
        return typed, " ".join(error.messages)
    grade = _valid_on(grades, day)
    when = format_jalali(day, "medium")
    if grade is None:
        return typed, f"در {when} سطح معتبری نداشت."
    return typed, f"در {when} «{level_words(grade.level_rank, grade.level_label)}» داشت."


def _history_row(grade: Grade, on: date) -> dict[str, Any]:
    words, tone = grade_state(grade, on)
    end = getattr(grade, "end", None)
    until = (
        grade.valid_until
        if end is None
        else min(grade.valid_until, date.fromordinal(end.ended_on.toordinal() - 1))
    )
    return {
        "cells": [
            level_words(grade.level_rank, grade.level_label),
            {"text": number(grade.total), "code": True},
            format_jalali(grade.valid_from, "medium"),
            format_jalali(max(until, grade.valid_from), "medium"),
            f"نسخه {to_persian_digits(grade.framework.version)}",
            {"badge": words, "tone": tone},
        ]
    }
