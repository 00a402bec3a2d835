"""Columns of the lists of grading: the page and the Excel file are made from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from ngos.enums import AssessmentState
from ngos.models import Assessment, AssessorSeat, Framework
from staff_portal.kernel.pages.tables import Column
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days

WAITING = (AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT, AssessmentState.SCORING)

FRAMEWORK_COLUMNS = (
    Column("version", "نسخه", lambda row: row.version, width=10),
    Column("title", "عنوان", lambda row: row.title, width=44),
    Column("state", "وضعیت", lambda row: row.get_state_display()),
    Column("dimensions", "بُعدها", lambda row: row.dimension_count, numeric=True, width=10),
    Column("indicators", "شاخص‌ها", lambda row: row.indicator_count, numeric=True, width=10),
    Column("assessments", "ظرفیت‌سنجی‌ها", lambda row: row.assessment_count, numeric=True, width=12),
    Column("published", "انتشار", lambda row: row.published_at),
)


def framework_rows(rows: Iterable[Framework]) -> list[dict[str, Any]]:
    """One line for each version."""
    return [
        {
            "cells": [
                {
                    "text": f"نسخه {to_persian_digits(row.version)}",
                    "url": reverse("ngos:framework_detail", args=[row.pk]),
                },
                row.title,
                {"badge": row.get_state_display(), "tone": row.state_tone},
                row.dimension_count,  # type: ignore[attr-defined]
                row.indicator_count,  # type: ignore[attr-defined]
                row.assessment_count,  # type: ignore[attr-defined]
                format_jalali(row.published_at, "medium") if row.published_at else "",
            ]
        }
        for row in rows
    ]


def _assessors(row: Assessment) -> str:
    return "، ".join(_seat_name(seat, row) for seat in row.seats.all())


def _seat_name(seat: AssessorSeat, row: Assessment) -> str:
    names = getattr(row, "shows_names", True)
    return seat.assessor.full_name if names else f"ارزیاب {seat.get_position_display()}"


def _progress(row: Assessment) -> str:
    total = to_persian_digits(row.indicator_total)  # type: ignore[attr-defined]
    seats = list(row.seats.all())
    if seats and all(seat.submitted_at for seat in seats):
        return "هر دو ارسال شد"
    parts = []
    for seat in seats:
        count = to_persian_digits(seat.scored)  # type: ignore[attr-defined]
        done = "ارسال شد" if seat.submitted_at else f"{count} از {total}"
        parts.append(f"{seat.get_position_display()}: {done}")
    return "، ".join(parts)


ASSESSMENT_COLUMNS = (
    Column("ngo", "سمن", lambda row: row.ngo.name, sort=("ngo__sort_key", "id"), width=44),
    Column("state", "وضعیت", lambda row: row.get_state_display(), sort=("state", "id")),
    Column("assessors", "ارزیابان", _assessors, width=34),
    Column("progress", "پیشرفت", _progress, width=24),
    Column("due", "مهلت امتیازدهی", lambda row: row.due_on, sort=("due_on", "id")),
    Column("framework", "چارچوب", lambda row: row.framework.version, width=10),
    Column("planned", "برنامه‌ریزی", lambda row: row.planned_at, sort=("planned_at", "id")),
)


def assessment_rows(rows: Iterable[Assessment], on: date) -> list[dict[str, Any]]:
    """One line for each assessment; no score stands in it (N7)."""
    return [
        {
            "cells": [
                {"text": row.ngo.name, "url": reverse("ngos:assessment_detail", args=[row.pk])},
                {"badge": row.get_state_display(), "tone": row.state_tone},
                _assessors(row),
                _progress(row),
                _due(row, on),
                f"نسخه {to_persian_digits(row.framework.version)}",
                format_jalali(row.planned_at, "medium"),
            ]
        }
        for row in rows
    ]


def _due(row: Assessment, on: date) -> Any:
    if row.due_on is None:
        return ""
    text = format_jalali(row.due_on, "medium")
    if row.state not in WAITING:
        return text
    left = relative_days(row.due_on, on)
    if row.due_on < on:
        return {"badge": left, "tone": "no", "sub": text}
    return {"text": text, "sub": left}
