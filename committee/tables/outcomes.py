"""Columns of the lists of resolutions and policy documents: the page and the Excel file are made from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from committee.models import PolicyDocument, Resolution
from staff_portal.kernel.operations.letters import isolated
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.tables import Column


def work_words(row: Resolution) -> str:
    """«۲ در دست پیگیری، ۱ انجام‌شده» from the counts of the list."""
    open_count, done_count = row.open_actions, row.done_actions  # type: ignore[attr-defined]
    parts = []
    if open_count:
        parts.append(f"{to_persian_digits(open_count)} در دست پیگیری")
    if done_count:
        parts.append(f"{to_persian_digits(done_count)} انجام‌شده")
    return "، ".join(parts)


RESOLUTION_COLUMNS = (
    Column(
        "number",
        "شماره",
        lambda row: to_persian_digits(row.number.text),
        sort=("number__series__jalali_year", "number__serial", "id"),
        width=16,
    ),
    Column("title", "عنوان", lambda row: row.title, sort=("title", "id"), width=60),
    Column("kind", "نوع", lambda row: row.motion.get_kind_display(), sort=("motion__kind", "id")),
    Column("adopted", "تصویب", lambda row: row.adopted_on, sort=("adopted_on", "id")),
    Column("state", "وضعیت", lambda row: row.get_state_display(), sort=("state", "id")),
    Column("works", "پیگیری", work_words, width=24),
)


def resolution_rows(rows: Iterable[Resolution], on: date) -> list[dict[str, Any]]:
    """One line for each resolution."""
    return [
        {
            "cells": [
                isolated(row.number.text),
                {"text": row.title, "url": row.get_absolute_url()},
                str(row.motion.get_kind_display()),
                format_jalali(row.adopted_on, "medium"),
                {"badge": row.get_state_display(), "tone": row.state_tone},
                _works(row),
            ]
        }
        for row in rows
    ]


def _works(row: Resolution) -> Any:
    late = row.late_actions  # type: ignore[attr-defined]
    if late:
        return {"badge": f"{to_persian_digits(late)} از مهلت گذشته", "tone": "no", "sub": work_words(row)}
    return work_words(row)


POLICY_COLUMNS = (
    Column("title", "عنوان", lambda row: row.title, sort=("title", "id"), width=60),
    Column("kind", "نوع", lambda row: row.get_kind_display(), sort=("kind", "id"), width=26),
    Column("number", "شماره", lambda row: to_persian_digits(row.number), sort=("number", "id")),
    Column("dated", "تاریخ", lambda row: row.dated_on, sort=("dated_on", "id")),
    Column("articles", "مواد", lambda row: row.article_count, numeric=True, width=10),
    Column("done", "انجام‌شده", lambda row: row.done_count, numeric=True, width=12),
)


def policy_rows(rows: Iterable[PolicyDocument]) -> list[dict[str, Any]]:
    """One line for each document."""
    return [
        {
            "cells": [
                {"text": row.title, "url": row.get_absolute_url()},
                str(row.get_kind_display()),
                isolated(row.number) if row.number else "",
                format_jalali(row.dated_on, "medium") if row.dated_on else "",
                row.article_count,  # type: ignore[attr-defined]
                row.done_count,  # type: ignore[attr-defined]
            ]
        }
        for row in rows
    ]
