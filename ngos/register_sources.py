"""Opening an uploaded spreadsheet without trusting it: size, kind, encryption, unpacked size, entities.

Tried and known (page 9): openpyxl believes `<dimension>`, and where that is missing reads the whole sheet just to
open it; a sheet may hold a million empty rows; a small file may unpack to gigabytes.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from staff_portal.kernel.persian.digits import to_persian_digits

MEGABYTE = 1024 * 1024
MAX_UPLOAD_BYTES = 20 * MEGABYTE
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_PARTS = 5000
MAX_COLUMNS = 200
_MAX_OTHER_PART = 64 * MEGABYTE
_MAX_PART_READ_WHOLE = 16 * MEGABYTE
_MAX_BYTES_WITHOUT_ROW = 8 * MEGABYTE
_CHUNK = MEGABYTE

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS = "xl/worksheets/"
_READ_WHOLE = (
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/theme/",
    "docProps/",
    "_rels/",
    "xl/_rels/",
)
_FORBIDDEN_MARKUP = (b"<!DOCTYPE", b"<!ENTITY")
_WIDE_TEXT_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_DELIMITERS = (",", ";", "\t", "|")
_SAVE_AS_XLSX = "آن را در اکسل باز کنید، با «ذخیره به نام» به قالب xlsx ذخیره کنید و دوباره بفرستید."


class RegisterFileError(ValueError):
    """A file that cannot be read as a register. `code` names the fault; `sentence` says in Persian what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Table:
    """One sheet as rows of values; calling `rows` starts again from the first row of the sheet."""

    title: str
    is_hidden: bool
    rows: Callable[[], Iterator[tuple[object, ...]]]


def open_tables(source: str | Path | bytes | BinaryIO, filename: str) -> list[Table]:
    """Sheets of an .xlsx file, or the one table of a .csv file in each delimiter it may have.

    Raises `RegisterFileError` for everything that is not such a file, before anything of it is parsed.
    """
    content = _content(source)
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise RegisterFileError(
            "empty_file", "فایل خالی است؛ فایلی بفرستید که سطر عنوان‌ها و دست‌کم یک سطر داده دارد."
        )
    extension = PurePath(filename).suffix.lower()
    if extension not in {".xlsx", ".csv"}:
        raise RegisterFileError("extension", f"تنها فایل xlsx یا csv پذیرفته می‌شود. {_SAVE_AS_XLSX}")
    _refuse_other_kinds(content)
    is_zip = content.startswith(b"PK")
    if extension == ".csv":
        if is_zip:
            raise RegisterFileError(
                "extension", "این فایل csv نیست؛ اگر فایل اکسل است، پسوند آن را xlsx کنید و دوباره بفرستید."
            )
        return _csv_tables(content)
    if not is_zip:
        raise RegisterFileError(
            "not_spreadsheet", f"این فایل، فایل اکسل نیست، هرچند پسوند xlsx دارد. {_SAVE_AS_XLSX}"
        )
    return _xlsx_tables(content)


def _content(source: str | Path | bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        content = bytes(source)
    elif isinstance(source, str | Path):
        try:
            with open(source, "rb") as stream:
                content = stream.read(MAX_UPLOAD_BYTES + 1)
        except OSError as error:
            raise RegisterFileError(
                "not_found", "فایل پیدا یا باز نشد؛ نام و نشانی آن را بررسی کنید."
            ) from error
    else:
        source.seek(0)
        content = source.read(MAX_UPLOAD_BYTES + 1)
    if len(content) > MAX_UPLOAD_BYTES:
        limit = to_persian_digits(MAX_UPLOAD_BYTES // MEGABYTE)
        raise RegisterFileError(
            "too_large", f"فایل از {limit} مگابایت بزرگ‌تر است؛ تصویرها را بردارید یا آن را چند فایل کنید."
        )
    return content


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(_OLE_SIGNATURE):
        # Excel keeps an encrypted workbook inside an OLE container, under this stream name.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _locked()
        raise RegisterFileError(
            "old_format", f"قالب قدیمی xls یا سند دیگری است و خوانده نمی‌شود. {_SAVE_AS_XLSX}"
        )
    if content.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
    ):
        raise RegisterFileError(
            "not_spreadsheet", "این فایل صفحه‌گسترده نیست (PDF، تصویر یا بایگانی)؛ فایل xlsx یا csv بفرستید."
        )
    if (
        content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<?xml", b"<table"))
    ):
        raise RegisterFileError(
            "not_spreadsheet", f"این فایل صفحه وب یا XML است، نه صفحه‌گسترده. {_SAVE_AS_XLSX}"
        )


def _locked() -> RegisterFileError:
    return RegisterFileError(
        "password",
        "فایل رمز دارد؛ در اکسل رمز را بردارید (فایل، اطلاعات، محافظت از کارپوشه) و دوباره بفرستید.",
    )


def _damaged() -> RegisterFileError:
    return RegisterFileError("damaged", f"فایل آسیب دیده و کامل خوانده نمی‌شود. {_SAVE_AS_XLSX}")


# --- xlsx -------------------------------------------------------------------------------------------------------


class _UnmeasuredSheet(ReadOnlyWorksheet):
    """A sheet read row by row to its end: what `<dimension>` claims is never looked at, as page 9 warns."""

    def _get_size(self) -> None:
        self._max_row = self._max_column = None


class _Reader(ExcelReader):
    """openpyxl's reader opening no sheet beforehand, and no chart, picture or link at all."""

    def read_worksheets(self) -> None:
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and relation.Type.endswith("/worksheet"):
                worksheet = _UnmeasuredSheet(self.wb, sheet.name, relation.target, self.shared_strings)
                worksheet.sheet_state = sheet.state
                self.wb._sheets.append(worksheet)


def _xlsx_tables(content: bytes) -> list[Table]:
    _inspect_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = _Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            reader.read()
    except Exception as error:  # openpyxl raises whatever it stumbles over in a broken file
        raise _damaged() from error
    return [
        Table(sheet.title, sheet.sheet_state != "visible", partial(_sheet_rows, sheet))
        for sheet in reader.wb._sheets
    ]


def _sheet_rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[object, ...]]:
    rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    while True:
        # Around one step only: a generator must not keep the filters changed while it waits.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                row = next(rows)
            except StopIteration:
                return
            except Exception as error:
                raise _damaged() from error
        yield row


def _inspect_archive(content: bytes) -> None:
    """Refuse locks, bombs and entities by the archive's list first, then by unpacking each part once in pieces."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise _locked()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise _too_large_unpacked()
            _refuse_other_packages(archive)
            room = MAX_UNPACKED_BYTES
            for part in parts:
                room -= _inspect_part(archive, part, room)
    except RegisterFileError:
        raise
    except Exception as error:
        raise _damaged() from error


def _refuse_other_packages(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise RegisterFileError(
            "old_format", f"این فایل با قالب دیگری (xlsb یا ods) ذخیره شده است. {_SAVE_AS_XLSX}"
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise RegisterFileError(
            "not_spreadsheet", f"این فایل، فایل اکسل نیست، هرچند پسوند xlsx دارد. {_SAVE_AS_XLSX}"
        )


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """Unpacked size of one part; raises when it is larger than allowed, than `room`, or holds forbidden markup."""
    is_sheet = part.filename.startswith(_SHEETS)
    is_markup = is_sheet or part.filename.endswith((".xml", ".rels", ".vml"))
    limit = min(room, _part_limit(part.filename))
    size = without_row = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if is_markup:
                if not size and chunk.startswith(_WIDE_TEXT_STARTS):
                    raise _unsafe()
                seen = tail + chunk
                if any(mark in seen for mark in _FORBIDDEN_MARKUP):
                    raise _unsafe()
                tail = chunk[-16:]
            size += len(chunk)
            # One endless row would be held in memory as a whole, however the rest is streamed.
            without_row = 0 if b"row" in chunk else without_row + len(chunk)
            if size > limit or (is_sheet and without_row > _MAX_BYTES_WITHOUT_ROW):
                raise _too_large_unpacked()
    return size


def _part_limit(name: str) -> int:
    if name.startswith(_SHEETS) and not name.startswith(f"{_SHEETS}_rels/"):
        return MAX_UNPACKED_BYTES
    return _MAX_PART_READ_WHOLE if name.startswith(_READ_WHOLE) or name.endswith(".rels") else _MAX_OTHER_PART


def _too_large_unpacked() -> RegisterFileError:
    return RegisterFileError(
        "unpacked_too_large",
        "فایل پس از باز شدن بیش از اندازه بزرگ می‌شود؛ تنها سطرهای فهرست را در فایلی تازه رونوشت کنید و آن را بفرستید.",
    )


def _unsafe() -> RegisterFileError:
    return RegisterFileError(
        "unsafe_xml", f"درون فایل دستورهایی است که اکسل نمی‌نویسد و پذیرفته نمی‌شود. {_SAVE_AS_XLSX}"
    )


# --- CSV --------------------------------------------------------------------------------------------------------


def _csv_tables(content: bytes) -> list[Table]:
    text = _decode(content)
    delimiters = [mark for mark in _DELIMITERS if mark in text] or [","]
    return [Table("", False, partial(_csv_rows, text, mark)) for mark in delimiters]


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[object, ...]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise RegisterFileError(
                "damaged",
                "نشانه نقل‌قول در فایل csv بسته نشده یا خانه‌ای بیش از اندازه بلند است؛ از اکسل دوباره csv بگیرید.",
            ) from error
        yield tuple(cell if cell.strip() else None for cell in row[:MAX_COLUMNS])


def _decode(content: bytes) -> str:
    """Text by its byte-order mark, else UTF-8, else UTF-16 if it is full of zero bytes, else Windows-1256."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decode_as(content, encoding)
    beginning = content[:4000]
    if beginning.count(0) * 10 >= len(beginning):
        # ASCII digits and delimiters have their zero byte second in little-endian text and first in big-endian.
        return _decode_as(
            content, "utf-16-le" if beginning[1::2].count(0) >= beginning[0::2].count(0) else "utf-16-be"
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("windows-1256", errors="replace")
    return _refuse_binary(text)


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return _refuse_binary(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise RegisterFileError(
            "encoding",
            "نویسه‌های فایل csv خوانده نمی‌شود؛ آن را در اکسل با «CSV UTF-8» ذخیره کنید و دوباره بفرستید.",
        ) from error


def _refuse_binary(text: str) -> str:
    if any(ord(character) < 32 and character not in "\t\r\n\v\f" for character in text[:20000]):
        raise RegisterFileError("not_spreadsheet", "این فایل متن csv نیست؛ فایل xlsx یا csv بفرستید.")
    return text
