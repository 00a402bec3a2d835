"""Columns of the list of motions: the page and the Excel file are made from them. No choice stands in them (C5)."""

from collections.abc import Iterable
from typing import Any

from committee import secrecy
from committee.models import Motion
from committee.rules import CLOSED_MOTIONS
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.tables import Column


def result_words(row: Motion) -> str:
    """The stored counts of a closed vote as words; nothing before closing, of sealed ballots only how many."""
    if secrecy.are_sealed(row) and row.ballot_count:
        return f"{to_persian_digits(row.ballot_count)} رأی، پنهان"
    if row.state not in CLOSED_MOTIONS or row.ballot_count is None:
        return ""
    numbers = [(row.votes_for, "موافق"), (row.votes_against, "مخالف"), (row.votes_abstain, "ممتنع")]
    said = [f"{to_persian_digits(number)} {word}" for number, word in numbers if number]
    return "، ".join(said) if said else "بدون رأی"


MOTION_COLUMNS = (
    Column("number", "شماره", lambda row: row.number, sort=("number",), numeric=True, width=10),
    Column("title", "عنوان", lambda row: row.title, sort=(alphabetical("title"), "id"), width=60),
    Column("kind", "نوع", lambda row: row.get_kind_display(), sort=("kind", "id")),
    Column("state", "وضعیت", lambda row: row.get_state_display(), sort=("state", "id")),
    Column("result", "رأی‌ها", result_words, width=30),
    Column("proposer", "پیشنهاددهنده", lambda row: str(row.proposed_by or ""), width=26),
    Column("since", "از تاریخ", lambda row: row.state_since, sort=("state_since", "id")),
)


def motion_rows(rows: Iterable[Motion]) -> list[dict[str, Any]]:
    """One line for each motion."""
    return [
        {
            "cells": [
                row.number,
                {"text": row.title, "url": row.get_absolute_url(), "sub": _about(row)},
                str(row.get_kind_display()),
                {"badge": row.get_state_display(), "tone": row.state_tone},
                result_words(row),
                str(row.proposed_by or ""),
                format_jalali(row.state_since, "medium"),
            ]
        }
        for row in rows
    ]


def _about(row: Motion) -> str:
    return f"درباره {row.concerns_ngo.name}" if row.concerns_ngo else ""
