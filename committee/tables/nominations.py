"""Columns of the list of nomination rounds: the page and the Excel file are made from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from committee.enums import RoundState
from committee.models import NominationRound
from committee.operations.nominations import deadline_of
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.tables import Column


def _chosen(row: NominationRound) -> str:
    return row.chosen.ngo.name if row.chosen else ""


def _nominees(row: NominationRound) -> str:
    return "، ".join(nominee.ngo.name for nominee in row.nominees.all())


ROUND_COLUMNS = (
    Column("number", "دور", lambda row: row.number, sort=("number", "id"), width=10),
    Column("state", "وضعیت", lambda row: row.get_state_display(), sort=("state", "id")),
    Column(
        "term", "دوره کمیته", lambda row: row.seat.term.number, sort=("seat__term__number", "id"), width=12
    ),
    Column("nominees", "نامزدها", _nominees, width=60),
    Column("chosen", "برگزیده", _chosen, width=40),
    Column("sealed", "نهایی‌شدن", lambda row: row.sealed_on, sort=("sealed_on", "id")),
    Column("decided", "پایان", lambda row: row.decided_on, sort=("decided_on", "id")),
)


def round_rows(rows: Iterable[NominationRound], on: date) -> list[dict[str, Any]]:
    """One line for each round; the clock stands beside the open one."""
    return [
        {
            "cells": [
                {"text": f"دور\u00a0{to_persian_digits(row.number)}", "url": row.get_absolute_url()},
                {"badge": row.get_state_display(), "tone": row.state_tone},
                f"دوره {to_persian_digits(row.seat.term.number)}",
                _nominees(row) or "هنوز نامزدی نیست",
                _chosen(row),
                _sealed(row, on),
                _day(row.decided_on) if row.decided_on else "",
            ]
        }
        for row in rows
    ]


def _sealed(row: NominationRound, on: date) -> Any:
    if row.sealed_on is None:
        return ""
    due = deadline_of(row) if row.state == RoundState.OPEN else None
    return {"text": _day(row.sealed_on), "sub": f"رأی تا {_day(due)}" if due else ""}


def _day(day: date) -> str:
    """A date that stays in one piece beside the long names."""
    return format_jalali(day, "medium").replace(" ", "\u00a0")
