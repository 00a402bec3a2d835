"""Columns of the list of meetings: the page and the Excel file are made from them."""

from collections.abc import Iterable
from typing import Any

from committee.models import Meeting
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import TEHRAN, format_jalali
from staff_portal.kernel.tables import Column

MEETING_COLUMNS = (
    Column("number", "جلسه", lambda row: str(row), sort=("term__number", "number", "id"), width=28),
    Column("title", "موضوع", lambda row: row.title, width=36),
    Column(
        "starts",
        "زمان",
        lambda row: format_jalali(row.starts_at, "moment"),
        sort=("starts_at", "id"),
        width=26,
    ),
    Column("place", "مکان", lambda row: row.place, sort=("place", "id"), width=32),
    Column("state", "وضعیت", lambda row: row.get_state_display(), sort=("state", "id")),
    Column("items", "دستورها", lambda row: row.item_count, sort=("item_count", "id"), numeric=True, width=10),
)


def meeting_rows(rows: Iterable[Meeting]) -> list[dict[str, Any]]:
    """One line for each meeting; ``item_count`` is annotated."""
    return [
        {
            "cells": [
                {"text": str(row), "url": row.get_absolute_url()},
                row.title,
                {"text": format_jalali(row.starts_at, "long"), "sub": _clock(row)},
                row.place,
                {"badge": row.get_state_display(), "tone": row.state_tone},
                row.item_count,  # type: ignore[attr-defined]
            ]
        }
        for row in rows
    ]


def _clock(row: Meeting) -> str:
    starts, ends = (moment.astimezone(TEHRAN).strftime("%H:%M") for moment in (row.starts_at, row.ends_at))
    return to_persian_digits(f"ساعت {starts} تا {ends}")
