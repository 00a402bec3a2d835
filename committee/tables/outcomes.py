"""Columns of the list of policy documents: the page and the Excel file are made from them."""

from collections.abc import Iterable
from typing import Any

from committee.models import PolicyDocument
from staff_portal.kernel.operations.letters import isolated
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.tables import Column

POLICY_COLUMNS = (
    Column("title", "عنوان", lambda row: row.title, sort=(alphabetical("title"), "id"), width=60),
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
