"""Reading the office's register into rows (page 7, `import_ngos`; traps on page 9). No database, no clock.

The whole file is read before the first row is handed out, so that a fault on its last page is known before
anything has been written. What a cell means is judged by `ngos.register_rows`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO

from ngos.register_columns import HEADINGS, IGNORED, NAME, NATIONAL_ID, WANTED, column_of
from ngos.register_sources import RegisterFileError, Table, open_tables
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import search_fold

__all__ = ["MAX_ROWS", "RawRow", "RegisterFileError", "RegisterSheet", "read_register"]

MAX_ROWS = 50_000
STOP_AFTER_BLANK_ROWS = 500
_TITLE_ROWS = 50
_LONGEST_TOTAL = 60
_INVISIBLE = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u200e\u200f\u202f\ufeff"
_TOTAL = re.compile(
    r"(?:(?:جمع|مجموع|تعداد)(?: کل| نهایی| صفحه| ستون)?|کل|total|grand total|sum)"
    r"(?: (?:سمن|سازمان|تشکل|موسسه|ردیف|عضو)(?: ?ها)?| موسسات| اعضا)?"
    r"(?: [0-9 ]+)?(?: (?:سمن|سازمان|تشکل|موسسه|مورد|ردیف|عضو|نفر))?"
)


@dataclass(frozen=True)
class RawRow:
    """One row as it stands: its number in the sheet and its non-blank cells by column key."""

    number_in_sheet: int
    cells: dict[str, object]


@dataclass(frozen=True)
class RegisterSheet:
    """The rows of a register, with what was found around them.

    `headings`: heading as written, by column key. `unknown_headings`: columns nobody asked for.
    `passed_over`: numbers of rows below the headings that are totals, repeated headings or notes.
    """

    title: str
    heading_row: int
    headings: dict[str, str]
    rows: list[RawRow]
    unknown_headings: list[str] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)

    @property
    def notices(self) -> list[str]:
        """What the user should know though it is no error, in Persian sentences."""
        return [f"ستون «{heading}» شناخته نشد و خوانده نمی‌شود." for heading in self.unknown_headings]


@dataclass(frozen=True)
class _HeadingRow:
    number: int
    keys: tuple[str | None, ...]
    texts: tuple[str, ...]

    @property
    def known(self) -> set[str]:
        return {key for key in self.keys if key and key != IGNORED}

    @property
    def is_complete(self) -> bool:
        return self.known.issuperset(WANTED)


def read_register(
    source: str | Path | bytes | BinaryIO, filename: str | None = None, sheet: str | None = None
) -> RegisterSheet:
    """Rows of the first sheet that has the register's headings, or of the sheet named `sheet`.

    `filename` gives the extension (.xlsx, .csv); a path needs none. Raises `RegisterFileError` with one of the codes
    not_found, empty_file, too_large, extension, old_format, password, not_spreadsheet, damaged, unpacked_too_large,
    unsafe_xml, encoding, sheet, no_headings, missing_column, duplicate_heading, no_rows, too_many_rows.
    """
    if filename is None:
        filename = PurePath(source).name if isinstance(source, str | Path) else ""
    table, heading = _choose_table(open_tables(source, filename), sheet)
    _refuse_duplicates(heading)
    columns = {key: place for place, key in enumerate(heading.keys) if key and key != IGNORED}
    rows, passed_over = _data_rows(table, heading, columns)
    if not rows:
        raise RegisterFileError(
            "no_rows", "زیر سطر عنوان‌ها هیچ سطری نیست؛ داده‌ها را بنویسید و فایل را دوباره بفرستید."
        )
    return RegisterSheet(
        title=table.title,
        heading_row=heading.number,
        headings={key: heading.texts[place] for key, place in columns.items()},
        rows=rows,
        unknown_headings=[
            text for key, text in zip(heading.keys, heading.texts, strict=True) if key is None and text
        ],
        passed_over=passed_over,
    )


# --- Sheet and headings -----------------------------------------------------------------------------------------


def _choose_table(tables: list[Table], sheet: str | None) -> tuple[Table, _HeadingRow]:
    if sheet:
        tables = _tables_named(tables, sheet)
    # A hidden sheet is usually last year's copy: it is asked only when no visible one answers.
    tables = sorted(tables, key=lambda table: table.is_hidden)
    found = [(table, heading) for table in tables if (heading := _find_headings(table))]
    if not found:
        raise RegisterFileError(
            "no_headings",
            "سطر عنوان‌ها پیدا نشد؛ بالای ستون‌ها دست‌کم «نام سازمان» و «شناسه ملی» را بنویسید"
            " و فایل را دوباره بفرستید.",
        )
    complete = [(table, heading) for table, heading in found if heading.is_complete]
    if complete and complete[0][0].title:
        return complete[0]
    # CSV comes as one table per delimiter; the one that reads most headings is meant.
    table, heading = max(complete or found, key=lambda pair: len(pair[1].known))
    _refuse_missing(heading)
    return table, heading


def _tables_named(tables: list[Table], sheet: str) -> list[Table]:
    if all(not table.title for table in tables):
        return tables  # a CSV file has no sheets to choose from
    named = [table for table in tables if table.title == sheet] or [
        table for table in tables if search_fold(table.title) == search_fold(sheet)
    ]
    if not named:
        titles = "، ".join(f"«{table.title}»" for table in tables)
        raise RegisterFileError(
            "sheet", f"برگه «{sheet}» در فایل نیست؛ یکی از این برگه‌ها را نام ببرید: {titles}."
        )
    return named


def _find_headings(table: Table) -> _HeadingRow | None:
    """The complete heading row among the first rows of a sheet, else the one with most known headings."""
    best: _HeadingRow | None = None
    for number, values in islice(_filled_rows(table), _TITLE_ROWS):
        heading = _as_headings(number, values)
        if heading.is_complete:
            return heading
        if heading.known and (best is None or len(heading.known) > len(best.known)):
            best = heading
    return best


def _as_headings(number: int, values: Sequence[object]) -> _HeadingRow:
    return _HeadingRow(
        number=number,
        keys=tuple(column_of(value) for value in values),
        texts=tuple("" if value is None else clean_text(value)[:100] for value in values),
    )


def _refuse_missing(heading: _HeadingRow) -> None:
    missing = [HEADINGS[key] for key in WANTED if key not in heading.known]
    if missing:
        names = " و ".join(f"«{name}»" for name in missing)
        raise RegisterFileError(
            "missing_column",
            f"ستون {names} در فایل نیست؛ آن را با همین عنوان بیفزایید و فایل را دوباره بفرستید.",
        )


def _refuse_duplicates(heading: _HeadingRow) -> None:
    counts = Counter(key for key in heading.keys if key and key != IGNORED)
    twice = next((key for key, count in counts.items() if count > 1), None)
    if twice:
        written = [text for key, text in zip(heading.keys, heading.texts, strict=True) if key == twice]
        names = " و ".join(f"«{text}»" for text in written)
        raise RegisterFileError(
            "duplicate_heading",
            f"ستون «{HEADINGS[twice]}» بیش از یک بار آمده است ({names})؛ تنها یکی را نگه دارید و فایل را دوباره بفرستید.",
        )


# --- Rows -------------------------------------------------------------------------------------------------------


def _filled_rows(table: Table) -> Iterator[tuple[int, Sequence[object]]]:
    """Rows that are not blank, with their numbers in the sheet; ends after many blank rows in sequence."""
    blank = 0
    for number, values in enumerate(table.rows(), start=1):
        if any(value is not None and not _is_blank(value) for value in values):
            blank = 0
            yield number, values
            continue
        blank += 1
        if blank >= STOP_AFTER_BLANK_ROWS:
            return


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip(_INVISIBLE)


def _data_rows(table: Table, heading: _HeadingRow, columns: dict[str, int]) -> tuple[list[RawRow], list[int]]:
    rows: list[RawRow] = []
    passed_over: list[int] = []
    after_total = False
    for number, values in _filled_rows(table):
        if number <= heading.number:
            continue
        cells = {
            key: values[place]
            for key, place in columns.items()
            if place < len(values) and values[place] is not None and not _is_blank(values[place])
        }
        is_total = _is_total(values, cells)
        after_total = after_total or is_total
        is_note = after_total and sum(value is not None for value in values) <= 1
        if is_total or is_note or not cells or _is_repeated_heading(cells):
            passed_over.append(number)
            continue
        if len(rows) >= MAX_ROWS:
            limit = to_persian_digits(f"{MAX_ROWS:,}".replace(",", "٬"))
            raise RegisterFileError(
                "too_many_rows", f"فایل بیش از {limit} سطر دارد؛ آن را چند فایل کنید و جدا بفرستید."
            )
        rows.append(RawRow(number, cells))
    return rows, passed_over


def _is_total(values: Sequence[object], cells: dict[str, object]) -> bool:
    """Whether a row only sums up («جمع کل: ۶۴۰»). A row with something like a national id never does."""
    if len(re.sub(r"\D", "", str(cells.get(NATIONAL_ID, "")))) >= 8:
        return False
    filled = [value for value in values if value is not None and not _is_blank(value)]
    labels = [value for value in filled[:3] if isinstance(value, str) and len(value) <= _LONGEST_TOTAL]
    return any(_TOTAL.fullmatch(search_fold(label)) for label in labels)


def _is_repeated_heading(cells: dict[str, object]) -> bool:
    return column_of(cells.get(NAME)) == NAME and column_of(cells.get(NATIONAL_ID)) == NATIONAL_ID
