"""Jalali dates at the edges; inside there are only Gregorian dates and aware datetimes.

Leap years are persiantools' (the official calendar of Iran from 1178 on).
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.search import compact_fold

TEHRAN = ZoneInfo("Asia/Tehran")

FIRST_YEAR, LAST_YEAR = 1200, 1499
FIRST_GREGORIAN_YEAR, LAST_GREGORIAN_YEAR = 1900, 2120
# Two-digit years: 00–49 are 1400–1449, 50–99 are 1350–1399. Licences reach a few years ahead, foundings
# written in two digits fifty years back.
TWO_DIGIT_PIVOT = 50

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
# In the order of date.weekday(), Monday first.
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")

_MONTH_BY_FOLD = {compact_fold(name): number for number, name in enumerate(MONTHS, start=1)}
_MONTH_BY_FOLD[compact_fold("امرداد")] = 5
_WEEKDAY_FOLDS = {compact_fold(name) for name in WEEKDAYS}

_HOW_TO_WRITE = "تاریخ را مانند ۱۴۰۵/۹/۳ بنویسید."
_LONGEST_DATE = 60
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CLOCK = re.compile(
    r"(?:،? *ساعت)?[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_NUMERIC = re.compile(r"([0-9]+)[^0-9A-Za-z\u0621-\u06ff]+([0-9]+)[^0-9A-Za-z\u0621-\u06ff]+([0-9]+)")
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


class JalaliError(ValueError):
    """A refused date. `sentence` says in Persian what is wrong and what to write."""

    def __init__(self, sentence: str, problem: str = "form") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problem = problem


def parse_jalali(text: object) -> date:
    """Gregorian date of a typed Jalali one, in any digits.

    Takes «۱۴۰۵/۹/۳», «1405-09-03», «1405.9.3», «1405 9 3», «14050903», «۳/۹/۱۴۰۵», «۹۹/۱/۲» (see
    `TWO_DIGIT_PIVOT`), «۳ آذر ۱۴۰۵», «سه‌شنبه ۳ آذر ۱۴۰۵», and Gregorian year-first dates such as 2026-11-24,
    known by a year of 1900 or more. A time of day after the date is ignored. Raises `JalaliError`.
    """
    cleaned = _DIRECTION_MARKS.sub("", to_ascii_digits(text)).strip()
    if len(cleaned) > _LONGEST_DATE:
        raise JalaliError(f"تاریخ خوانده نشد. {_HOW_TO_WRITE}")
    cleaned = _CLOCK.sub("", cleaned).strip(" \t\n\u00a0'،.")
    if not cleaned:
        raise JalaliError(_HOW_TO_WRITE, "empty")
    if match := _EIGHT_DIGITS.fullmatch(cleaned) or _NUMERIC.fullmatch(cleaned):
        return _from_numbers(*match.groups())
    return _from_words(cleaned)


def _from_numbers(first: str, second: str, third: str) -> date:
    if len(first) <= 2 and len(third) == 4 and int(third) < FIRST_GREGORIAN_YEAR:
        first, third = third, first
    if len(first) not in {2, 4} or len(second) > 2 or len(third) > 2:
        raise JalaliError(f"تاریخ خوانده نشد. {_HOW_TO_WRITE}")
    return _build(_full_year(first), int(second), int(third))


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        year += 1400 if year < TWO_DIGIT_PIVOT else 1300
    return year


def _from_words(text: str) -> date:
    parts = _PARTS.findall(text)
    numbers = [part for part in parts if part.isdecimal()]  # «²» is a digit to Python, but no number
    month = _month_named(compact_fold("".join(part for part in parts if not part.isdecimal())))
    if month is None or len(numbers) != 2:
        raise JalaliError(f"تاریخ خوانده نشد. {_HOW_TO_WRITE}")
    day, year = numbers if len(numbers[0]) <= 2 else numbers[::-1]
    if len(year) not in {2, 4} or len(day) > 2:
        raise JalaliError(f"تاریخ خوانده نشد. {_HOW_TO_WRITE}")
    return _build(_full_year(year), month, int(day), is_jalali=True)


def _month_named(words: str) -> int | None:
    """Number of the month in folded words that may also hold a weekday, «ماه» and «سال»."""
    without_weekday = [words, *(words.removeprefix(weekday) for weekday in _WEEKDAY_FOLDS)]
    for candidate in without_weekday:
        month = _MONTH_BY_FOLD.get(candidate.removesuffix("سال").removesuffix("ماه"))
        if month:
            return month
    return None


def _build(year: int, month: int, day: int, *, is_jalali: bool = False) -> date:
    if year >= FIRST_GREGORIAN_YEAR and not is_jalali:
        return _build_gregorian(year, month, day)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise JalaliError(
            f"سال {to_persian_digits(year)} پذیرفته نیست؛ سال باید میان {to_persian_digits(FIRST_YEAR)} "
            f"و {to_persian_digits(LAST_YEAR)} باشد.",
            "year",
        )
    if not 1 <= month <= 12:
        raise JalaliError(
            f"ماه {to_persian_digits(month)} وجود ندارد؛ ماه باید میان ۱ و ۱۲ باشد. {_HOW_TO_WRITE}", "month"
        )
    last_day = days_in_month(year, month)
    if day == 30 and month == 12 and last_day == 29:
        raise JalaliError(f"سال {to_persian_digits(year)} کبیسه نیست؛ اسفند آن ۲۹ روز دارد.", "leap")
    if not 1 <= day <= last_day:
        raise JalaliError(
            f"روز {to_persian_digits(day)} پذیرفته نیست؛ {MONTHS[month - 1]} {to_persian_digits(year)} "
            f"{to_persian_digits(last_day)} روز دارد.",
            "day",
        )
    return _to_gregorian(year, month, day)


def _to_gregorian(year: int, month: int, day: int) -> date:
    gregorian: date = JalaliDate(year, month, day).to_gregorian()
    return gregorian


def _build_gregorian(year: int, month: int, day: int) -> date:
    if year > LAST_GREGORIAN_YEAR:
        raise JalaliError(f"سال {to_persian_digits(year)} پذیرفته نیست. {_HOW_TO_WRITE}", "year")
    try:
        return date(year, month, day)
    except ValueError:
        raise JalaliError(f"این تاریخ میلادی وجود ندارد. {_HOW_TO_WRITE}", "day") from None


def date_from_cell(value: object) -> date:
    """Gregorian date of a spreadsheet cell: a date, or text or an eight-digit number as in `parse_jalali`.

    A date cell whose year is 1200–1499 was typed as Jalali in a program that stores such years; it is read as
    Jalali. A bare serial number is refused, since nothing says it is a date.
    """
    if isinstance(value, datetime):
        value = value.astimezone(TEHRAN).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        if FIRST_YEAR <= value.year <= LAST_YEAR:
            return _build(value.year, value.month, value.day)
        if not FIRST_GREGORIAN_YEAR <= value.year <= LAST_GREGORIAN_YEAR:
            raise JalaliError(f"سال این تاریخ پذیرفته نیست. {_HOW_TO_WRITE}", "year")
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and not _EIGHT_DIGITS.fullmatch(str(value)):
        raise JalaliError(f"این خانه عدد است، نه تاریخ. {_HOW_TO_WRITE}", "number")
    return parse_jalali("" if value is None else str(value))


def _local_date(value: date) -> date:
    """Day in Tehran: of an aware datetime by its zone, of a date itself."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("a naive datetime has no day in Tehran; pass an aware one")
    return value.astimezone(TEHRAN).date()


def format_jalali(value: date, style: str = "short") -> str:
    """Jalali text in Persian digits; a datetime must be aware and is shown as of Tehran.

    Styles: short «۱۴۰۵/۰۹/۰۳» · medium «۳ آذر ۱۴۰۵» · long «سه‌شنبه ۳ آذر ۱۴۰۵» · moment
    «۳ آذر ۱۴۰۵، ساعت ۱۰:۴۲» (datetime only). Raises ValueError for an unknown style or a naive datetime.
    """
    on = _local_date(value)
    jalali = JalaliDate(on)
    medium = f"{jalali.day} {MONTHS[jalali.month - 1]} {jalali.year}"
    if style == "short":
        text = f"{jalali.year:04d}/{jalali.month:02d}/{jalali.day:02d}"
    elif style == "medium":
        text = medium
    elif style == "long":
        text = f"{WEEKDAYS[on.weekday()]} {medium}"
    elif style == "moment":
        if not isinstance(value, datetime):
            raise ValueError("style «moment» needs a datetime")
        text = f"{medium}، ساعت {value.astimezone(TEHRAN):%H:%M}"
    else:
        raise ValueError(f"unknown style {style!r}")
    return to_persian_digits(text)


def jalali_year(value: date) -> int:
    """Jalali year of a date, or of an aware datetime as of Tehran: the year of numbers and reports."""
    return JalaliDate(_local_date(value)).year


def days_in_month(year: int, month: int) -> int:
    """Days of a Jalali month: 31 in the first six, then 30, and 29 or 30 in اسفند."""
    return JalaliDate.days_in_month(month, year)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """First and last Gregorian day of a Jalali month, both inclusive."""
    first = _to_gregorian(year, month, 1)
    return first, first + timedelta(days=days_in_month(year, month) - 1)


def year_bounds(year: int) -> tuple[date, date]:
    """First and last Gregorian day of a Jalali year, both inclusive."""
    return month_bounds(year, 1)[0], month_bounds(year, 12)[1]


def relative_days(on: date, today: date) -> str:
    """How far a due day is, in words: «امروز», «فردا», «۲ روز مانده», «دیروز گذشت», «۳ روز گذشته»."""
    days = (on - today).days
    if days == 0:
        return "امروز"
    if days == 1:
        return "فردا"
    if days == -1:
        return "دیروز گذشت"
    return f"{to_persian_digits(abs(days))} روز {'مانده' if days > 0 else 'گذشته'}"
