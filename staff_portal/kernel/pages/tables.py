"""Columns of a list, declared once: the page's header and sort links, and the Excel file come from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from staff_portal.kernel.persian.jalali import format_jalali

EXPORT_LIMIT = 5000


@dataclass(frozen=True)
class Column:
    """One column: ``value`` gives the exported text or number, ``sort`` the ORM fields behind ``?sort=key``, texts by
    :func:`alphabetical`."""

    key: str
    label: str
    value: Callable[[Any], Any]
    sort: tuple[Any, ...] = ()
    numeric: bool = False
    width: int = 18


def sort_fields(columns: Iterable[Column], wanted: str, default: tuple[Any, ...]) -> tuple[Any, ...]:
    """The ORM ordering for ``?sort=key`` or ``?sort=-key``; an unknown key gives the default."""
    descending, key = wanted.startswith("-"), wanted.lstrip("-")
    for column in columns:
        if column.key == key and column.sort:
            return tuple(_flip(name) if descending else name for name in column.sort)
    return default


def _flip(field: Any) -> Any:
    if not isinstance(field, str):
        return field.desc()
    return field[1:] if field.startswith("-") else f"-{field}"


def header(columns: Iterable[Column], request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """What ``{% data_table %}`` takes: labels with sort links that keep the filters."""
    result = []
    for column in columns:
        entry: dict[str, Any] = {"key": column.key, "label": column.label, "numeric": column.numeric}
        if column.sort:
            query = request.GET.copy()
            query.pop("page", None)
            query["sort"] = f"-{column.key}" if current == column.key else column.key
            entry["sort_url"] = f"?{query.urlencode()}"
            if current.lstrip("-") == column.key:
                entry["sorted"] = "desc" if current.startswith("-") else "asc"
        result.append(entry)
    return result


def cell_value(value: Any) -> Any:
    """A value as it stands in a cell: dates in Jalali, numbers as numbers, the rest as text."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return format_jalali(value)
    if isinstance(value, bool | int | float):
        return value
    return str(value)


def workbook_bytes(columns: Iterable[Column], rows: Iterable[Any], title: str) -> bytes:
    """An .xlsx file, right to left, with bold headings; texts that look like formulas stay texts."""
    wanted = list(columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "A2"
    for place, column in enumerate(wanted, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    headings = []
    for column in wanted:
        cell = WriteOnlyCell(sheet, value=column.label)
        cell.font = Font(bold=True)
        headings.append(cell)
    sheet.append(headings)
    for row in rows:
        sheet.append([_text_cell(sheet, cell_value(column.value(row))) for column in wanted])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _text_cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"  # a text that starts with = + - @ stays a text
    return cell


def workbook_response(
    columns: Iterable[Column], rows: Iterable[Any], title: str, filename: str
) -> HttpResponse:
    """The file as a download."""
    response = HttpResponse(
        workbook_bytes(columns, rows, title),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = f'attachment; filename="{filename}.xlsx"'
    return response
