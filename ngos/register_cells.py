"""Cells of a register that can be judged without the day and without any list (page 7). Pure.

Every function takes the cell as read and returns what is stored, or raises `CellRefused` with a Persian reason.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.letters import clean_text

MAX_LENGTHS = {
    "name": 200,
    "licence_number": 50,
    "neighbourhood": 100,
    "address": 500,
    "ceo": 150,
    "membership_number": 30,
}
LONGEST_CELL = 2000
MAX_VOLUNTEERS = 1_000_000
EXCEL_ERRORS = {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!"}

_NOTHING = {"", "ندارد", "نامشخص", "فاقد"}
_FILLING = "-–—−ـ_.*/ \t\r\n\u00a0\u200b\u200c\u200d\u200e\u200f\u202f\ufeff"
_LETTER = re.compile(r"[^\W\d_]")
_check_email = EmailValidator()


class CellRefused(ValueError):
    """A cell that cannot be taken; its text is the Persian reason."""


def shown(value: object) -> str:
    """A cell as the user knows it from the sheet, cut to 200 characters; dates as Jalali."""
    if isinstance(value, date):
        try:
            return format_jalali(value.date() if isinstance(value, datetime) else value)
        except ValueError:
            return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean_text(value)[:200]


def is_nothing(raw: object) -> bool:
    """Empty, or a dash, or a word for «nothing», as offices fill empty cells."""
    return raw is None or (isinstance(raw, str) and raw.strip(_FILLING) in _NOTHING)


def limited_text(key: str, label: str) -> Callable[[object], str]:
    limit = MAX_LENGTHS[key]

    def convert(raw: object) -> str:
        text = shown(raw) if isinstance(raw, float) else clean_text(raw)
        if len(text) > limit:
            raise CellRefused(f"{label} از {to_persian_digits(limit)} نویسه بلندتر است؛ آن را کوتاه کنید.")
        return text

    return convert


def numbered_text(key: str, label: str) -> Callable[[object], str]:
    """A number that may hold letters and slashes; digits are stored as ASCII."""

    def convert(raw: object) -> str:
        text = to_ascii_digits(limited_text(key, label)(raw))
        if isinstance(raw, bool | date) or not re.search("[0-9]", text):
            raise CellRefused(
                f"{label} باید رقم داشته باشد؛ آن را از روی سند بنویسید و قالب خانه را «متن» کنید."
            )
        return text

    return convert


def organisation_name(raw: object) -> str:
    name = limited_text("name", "نام سازمان")(raw)
    if len(_LETTER.findall(name)) < 2:
        raise CellRefused("نام سازمان باید واژه باشد، نه عدد یا نشانه؛ نام کامل را بنویسید.")
    return name


def person_name(raw: object) -> str:
    name = limited_text("ceo", "نام مدیرعامل")(raw)
    if re.search(r"\d", name) or len(_LETTER.findall(name)) < 2:
        raise CellRefused("نام مدیرعامل باید نام و نام خانوادگی باشد، بدون رقم.")
    return name


def email(raw: object) -> str:
    text = to_ascii_digits(clean_text(raw)).removeprefix("mailto:").strip(" <>")
    try:
        _check_email(text)
    except ValidationError:
        raise CellRefused("رایانامه درست نیست؛ تنها یک نشانی بنویسید، مانند name@ngo.example.") from None
    user, _, domain = text.rpartition("@")
    return f"{user}@{domain.lower()}"


def whole_count(raw: object) -> int:
    """A whole number of people, 0 to `MAX_VOLUNTEERS`; thousands separators and «نفر» may be written."""
    text = to_ascii_digits(shown(raw)).removesuffix("نفر").strip()
    if not isinstance(raw, bool) and re.fullmatch(r"[0-9]+|[0-9]{1,3}([,٬،][0-9]{3})+", text):
        number = int(re.sub(r"[^0-9]", "", text)[:12])
        if number <= MAX_VOLUNTEERS:
            return number
    raise CellRefused("تعداد داوطلبان باید عددی درست و بدون منفی باشد، مانند ۱۲۰.")
