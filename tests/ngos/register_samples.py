"""The sample register, the words it may use, and small files made for one test."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from ngos.register_file import RawRow
from ngos.register_rows import Vocabulary

DATA = Path(__file__).resolve().parent.parent / "data"
REGISTER = DATA / "ngo_register.xlsx"
SHEET_PART = "xl/worksheets/sheet1.xml"
TODAY = date(2026, 11, 24)

NATIONAL_IDS = ("10380284790", "10100387143", "10260014510", "10460108920", "10101598487", "14013316857")

FIELDS = [
    "کودکان",
    "زنان و خانواده",
    "جوانان",
    "سالمندان",
    "معلولان و توان\u200cبخشی",
    "سلامت و بیماری\u200cهای خاص",
    "پیشگیری از اعتیاد و آسیب\u200cها",
    "محیط زیست و حیوانات",
    "آموزش و پژوهش",
    "فرهنگ و هنر",
    "قرآنی و دینی",
    "نیکوکاری و معیشت",
    "کارآفرینی و اشتغال",
    "مدیریت بحران و امداد",
    "گردشگری و میراث فرهنگی",
    "صنایع دستی",
    "ورزش",
    "حقوق شهروندی و مشارکت محله\u200cای",
]
LEGAL_KINDS = ["جمعیت", "انجمن", "کانون", "مرکز", "گروه", "مجمع", "خانه", "مؤسسه", "بنیاد"]
LICENSORS = [
    "وزارت کشور",
    "استانداری",
    "فرمانداری",
    "وزارت ورزش و جوانان",
    "سازمان بهزیستی",
    "فرماندهی انتظامی (فراجا)",
    "سازمان اوقاف و امور خیریه",
    "وزارت بهداشت",
    "وزارت فرهنگ و ارشاد اسلامی",
    "سازمان تبلیغات اسلامی",
    "سازمان حفاظت محیط زیست",
    "کمیته امداد",
]


def expected() -> dict[str, Any]:
    return json.loads((DATA / "ngo_register.xlsx.expected.json").read_text(encoding="utf-8"))


@cache
def vocabulary() -> Vocabulary:
    neighbourhoods: dict[int, dict[str, str]] = {}
    with open(DATA / "neighbourhoods.csv", encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            neighbourhoods.setdefault(int(row["district"]), {})[row["name"]] = row["name"]
    return Vocabulary(
        fields={name: name for name in FIELDS},
        legal_kinds={name: name for name in LEGAL_KINDS},
        licensors={name: name for name in LICENSORS},
        districts={number: number for number in range(1, 23)},
        neighbourhoods=neighbourhoods,
    )


def workbook(
    *rows: tuple[object, ...], title: str = "فهرست", others: dict[str, list[tuple]] | None = None
) -> bytes:
    """An .xlsx with these rows in its first sheet, and further sheets by title."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for other, other_rows in (others or {}).items():
        sheet = book.create_sheet(other)
        for row in other_rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(content: bytes, edit: Callable[[bytes], bytes], part: str = SHEET_PART) -> bytes:
    """The same archive with one part changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, edit(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


def without_dimension(content: bytes) -> bytes:
    return re.sub(rb"<dimension[^>]*/>", b"", content)


def raw(**cells: object) -> RawRow:
    """A row that would be taken, with some cells changed; None takes a cell away."""
    full = {"name": "انجمن یاوران کودکان یاس", "national_id": NATIONAL_IDS[0], **cells}
    return RawRow(7, {key: value for key, value in full.items() if value is not None})
