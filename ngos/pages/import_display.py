"""How an import is shown: its path, figures, findings and columns, for the kit's pieces."""

from collections.abc import Callable
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ngos.enums import ImportState
from ngos.models import RegisterImport
from ngos.operations.import_jobs import PROBLEM_COLUMN, has_broken_off
from ngos.operations.importing import Report, rows_named
from ngos.register_cells import shown
from ngos.register_columns import HEADINGS
from ngos.register_file import RawRow, RegisterSheet
from staff_portal.kernel.pages.tables import Column
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.numbers import format_thousands

PATH = (
    ("بارگذاری", {ImportState.UPLOADED}),
    ("پیش‌نمایش و تأیید", {ImportState.CHECKED}),
    ("ورود", {ImportState.CONFIRMED}),
    ("گزارش", {ImportState.DONE}),
)
LISTS = (("rejected", "نپذیرفته"), ("duplicates", "تکراری"), ("warned", "هشدار"))
HIDDEN_VALUE = "پوشیده"
ROW_HEADING = "ردیف"


def shown_report(found: RegisterImport, *, with_mobiles: bool) -> dict[str, Any]:
    """The report, or before the import what it would be; without mobiles for those who may not read them."""
    kept = found.report if found.state == ImportState.DONE else found.preview.get("report", {})
    if not kept:
        return {}
    report = Report.from_json(kept).as_json()
    if with_mobiles:
        return report
    return {name: _covered(value) if isinstance(value, list) else value for name, value in report.items()}


def _covered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        line | {"value": HIDDEN_VALUE} if line["column"] == HEADINGS["mobile"] else line for line in lines
    ]


def path_of(found: RegisterImport) -> list[dict[str, Any]]:
    """The four steps of an import."""
    steps = []
    state = "done"
    for label, states in PATH:
        if found.state in states:
            steps.append({"label": label, "state": "done" if found.state == ImportState.DONE else "current"})
            state = "todo"
        else:
            steps.append({"label": label, "state": state})
    if found.state == ImportState.FAILED:
        return [steps[0] | {"state": "off"}, *(step | {"state": "todo"} for step in steps[1:])]
    return steps


def figures_of(report: dict[str, Any], *, is_done: bool) -> list[dict[str, Any]]:
    """Counts of the report; of findings the rows are counted, for a row may have several."""
    counts = [
        ("ثبت شد" if is_done else "ثبت می‌شود", report.get("created", 0), "سمن تازه، پیش‌نویس"),
        ("به‌روز شد" if is_done else "به‌روز می‌شود", report.get("updated", 0), "سمن ثبت‌شده با داده تازه"),
        ("بی‌تغییر", report.get("unchanged", 0), "سمن ثبت‌شده با همین داده"),
        ("نپذیرفته", count_of(report, "rejected"), "سطر با ایراد"),
        ("تکراری", count_of(report, "duplicates"), "شناسه ملی در سطر پیشین"),
        ("هشدار", count_of(report, "warned"), "سطر پذیرفته که باید دیده شود"),
    ]
    return [{"label": label, "value": format_thousands(count), "note": note} for label, count, note in counts]


def count_of(report: dict[str, Any], name: str) -> int:
    return len(rows_named(report.get(name, ())))


def tabs_of(report: dict[str, Any], current: str) -> list[dict[str, Any]]:
    """The three lists of the report."""
    return [
        {
            "label": label,
            "url": f"?show={name}#findings",
            "current": name == current,
            "count": count_of(report, name),
        }
        for name, label in LISTS
    ]


def finding_rows(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of the report for the data table."""
    return [
        {
            "cells": [
                {"text": f"سطر\u00a0{to_persian_digits(line['row'])}"},
                (line["column"] or "همه سطر").replace(" ", "\u00a0"),
                {"text": to_persian_digits(line["value"]) or "خالی", "code": bool(line["value"])},
                to_persian_digits(line["reason"]),
            ]
        }
        for line in lines
    ]


def facts_of(found: RegisterImport, *, can_open: bool, file_url: str) -> list[dict[str, Any]]:
    """What is known of the file."""
    preview = found.preview
    facts: list[dict[str, Any]] = [
        {
            "label": "فایل",
            **({"value": "دریافت فایل", "url": file_url} if can_open else {"value": found.attachment.name}),
        },
        {"label": "برگه", "value": preview.get("sheet") or found.sheet or "بدون برگه (csv)"},
        {"label": "تاریخ مبنا", "value": format_jalali(found.checked_on)},
        {
            "label": "بارگذاری",
            "value": f"{found.created_by.full_name}، {format_jalali(found.created_at, 'moment')}",
        },
    ]
    if "rows" in preview:
        facts.append({"label": "سطرهای خوانده‌شده", "value": format_thousands(preview["rows"])})
    if preview.get("passed_over"):
        numbers = "، ".join(to_persian_digits(number) for number in preview["passed_over"][:20])
        facts.append({"label": "سطرهای کنارگذاشته (جمع و یادداشت)", "value": numbers})
    return facts


def columns_of(found: RegisterImport) -> list[dict[str, Any]]:
    """Which column of the file was taken for which; missing ones are said too."""
    written = found.preview.get("headings", {})
    return [
        {
            "cells": [
                heading,
                written.get(key) or {"text": "در فایل نیست", "tone": "neutral", "badge": "ندارد"},
            ]
        }
        for key, heading in HEADINGS.items()
    ]


def problem_of(found: RegisterImport) -> str:
    """Why it stands still, if it does."""
    if found.state == ImportState.FAILED:
        return found.failure or "این فهرست وارد نشد."
    job = {ImportState.UPLOADED: found.check_job, ImportState.CONFIRMED: found.import_job}.get(
        ImportState(found.state)
    )
    return (job.message or "کار ناتمام ماند.") if job is not None and has_broken_off(job) else ""


# --- The rows to be corrected, as Excel ---------------------------------------------------------------------------


def rejected_columns(sheet: RegisterSheet, report: dict[str, Any]) -> list[Column]:
    """The file's own columns with its own headings, and what is wrong, for correcting and uploading again."""
    reasons: dict[int, list[str]] = {}
    for line in [*report.get("rejected", ()), *report.get("duplicates", ())]:
        reason = to_persian_digits(line["reason"])
        reasons.setdefault(int(line["row"]), []).append(
            f"{line['column']}: {reason}" if line["column"] else reason
        )
    return [
        Column("row", ROW_HEADING, lambda row: row.number_in_sheet, width=8),
        *(Column(key, heading, _cell_of(key), width=22) for key, heading in sheet.headings.items()),
        Column(
            "problem", PROBLEM_COLUMN, lambda row: " ".join(reasons.get(row.number_in_sheet, ())), width=70
        ),
    ]


def rejected_rows(sheet: RegisterSheet, report: dict[str, Any]) -> list[RawRow]:
    """Rows that were not taken, as they stand in the file."""
    wanted = rows_named([*report.get("rejected", ()), *report.get("duplicates", ())])
    return [row for row in sheet.rows if row.number_in_sheet in wanted]


def _cell_of(key: str) -> Callable[[RawRow], object]:
    return lambda row: _original(row.cells.get(key))


def _original(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)
    return shown(value)
