"""Jalali at the edges: what is typed, what a cell holds, what is shown."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.persian import jalali
from staff_portal.kernel.persian.jalali import (
    JalaliError,
    date_from_cell,
    format_jalali,
    jalali_year,
    month_bounds,
    parse_jalali,
    relative_days,
    year_bounds,
)

THIRD_AZAR = date(2026, 11, 24)
# Leap years 1300–1450, written out rather than computed.
LEAP_YEARS = {
    1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362,
    1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428,
    1432, 1436, 1441, 1445, 1449,
}  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "۱۴۰۵/۹/۳",
        "۱۴۰۵/۰۹/۰۳",
        "١٤٠٥-٠٩-٠٣",
        "1405-09-03",
        "1405.9.3",
        "1405 9 3",
        " 1405 / 9 / 3 ",
        "1405–9–3",
        "14050903",
        "۳/۹/۱۴۰۵",
        "05/9/3",
        "۳ آذر ۱۴۰۵",
        "3 آذر 1405",
        "۳ آذر ۰۵",
        "۳ آذرماه ۱۴۰۵",
        "۳ آذر ماه سال ۱۴۰۵",
        "1405 آذر 3",
        "۳آذر۱۴۰۵",
        "سه‌شنبه ۳ آذر ۱۴۰۵",
        "سه شنبه، ۳ آذر ۱۴۰۵",
        "\u200f۱۴۰۵/۹/۳\u200e",
        "2026-11-24",
        "2026/11/24",
        "20261124",
        "2026-11-24 00:00:00",
        "2026-11-24T10:42:00Z",
        "۳ آذر ۱۴۰۵، ساعت ۱۰:۴۲",
    ],
)
def test_accepted_spellings(typed: str) -> None:
    assert parse_jalali(typed) == THIRD_AZAR


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("۶ خرداد ۱۴۰۷", date(2028, 5, 26)),
        ("۲۶ اردي‌بهشت ۱۳۹۱", date(2012, 5, 15)),
        ("۹۹/۱/۲", date(2020, 3, 21)),
        ("50/1/1", date(1971, 3, 21)),
        ("49/1/1", date(2070, 3, 20)),
        ("1403/12/30", date(2025, 3, 20)),
        ("1405/1/1", date(2026, 3, 21)),
    ],
)
def test_dates(typed: str, expected: date) -> None:
    assert parse_jalali(typed) == expected


@pytest.mark.parametrize(
    ("typed", "problem", "words"),
    [
        ("۱۴۰۴/۱۲/۳۰", "leap", "سال ۱۴۰۴ کبیسه نیست؛ اسفند آن ۲۹ روز دارد."),
        ("۳۰ اسفند ۱۴۰۴", "leap", "سال ۱۴۰۴ کبیسه نیست؛ اسفند آن ۲۹ روز دارد."),
        ("1403/12/31", "day", "اسفند ۱۴۰۳ ۳۰ روز دارد"),
        ("1405/7/31", "day", "مهر ۱۴۰۵ ۳۰ روز دارد"),
        ("1405/1/0", "day", "روز ۰"),
        ("۱۳۹۹/۱۳/۴۰", "month", "ماه ۱۳ وجود ندارد"),
        ("1405/0/1", "month", "ماه ۰"),
        ("1600/1/1", "year", "میان ۱۲۰۰ و ۱۴۹۹"),
        ("3 آذر 2026", "year", "میان ۱۲۰۰ و ۱۴۹۹"),
        ("2500/1/1", "year", "۲۵۰۰"),
        ("2026-02-30", "day", "میلادی"),
        ("24/11/2026", "form", "مانند ۱۴۰۵/۹/۳"),
        ("1405/9", "form", "مانند ۱۴۰۵/۹/۳"),
        ("آذر ۱۴۰۵", "form", "مانند ۱۴۰۵/۹/۳"),
        ("405/9/3", "form", "مانند ۱۴۰۵/۹/۳"),
        ("۳ آبانبار ۱۴۰۵", "form", "مانند ۱۴۰۵/۹/۳"),
        ("نامعلوم", "form", "مانند ۱۴۰۵/۹/۳"),
        ("-1405/9/3", "form", "مانند ۱۴۰۵/۹/۳"),
        ("9" * 5000, "form", "مانند ۱۴۰۵/۹/۳"),
        ("", "empty", "مانند ۱۴۰۵/۹/۳"),
        ("  ", "empty", "مانند ۱۴۰۵/۹/۳"),
    ],
)
def test_refusals(typed: str, problem: str, words: str) -> None:
    with pytest.raises(JalaliError) as caught:
        parse_jalali(typed)
    assert caught.value.problem == problem
    assert words in caught.value.sentence


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused_in_a_sentence(text: str) -> None:
    sentence = ""
    try:
        day = parse_jalali(text)
    except JalaliError as error:
        sentence = error.sentence
    assert sentence.endswith(".") or isinstance(day, date)


def test_every_day_of_a_century_and_a_half_round_trips() -> None:
    day, last = year_bounds(1300)[0], year_bounds(1450)[1]
    assert (day, last) == (date(1921, 3, 21), date(2072, 3, 19))
    before = ""
    while day <= last:
        shown = format_jalali(day)
        assert parse_jalali(shown) == day
        assert shown > before
        before = shown
        day += timedelta(days=1)


@given(st.dates(year_bounds(1300)[0], year_bounds(1450)[1]))
def test_every_style_is_read_back(day: date) -> None:
    for style in ("short", "medium", "long"):
        assert parse_jalali(format_jalali(day, style)) == day


def test_leap_years() -> None:
    leap = {year for year in range(1300, 1451) if jalali.days_in_month(year, 12) == 30}
    assert leap == LEAP_YEARS


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (datetime(2026, 11, 24, 0, 0), THIRD_AZAR),
        (datetime(2026, 11, 23, 21, 0, tzinfo=UTC), THIRD_AZAR),
        (THIRD_AZAR, THIRD_AZAR),
        (datetime(1405, 9, 3), THIRD_AZAR),
        (date(1405, 2, 28), date(2026, 5, 18)),
        ("۱۴۰۵/۹/۳ ", THIRD_AZAR),
        (14050903, THIRD_AZAR),
        (14050903.0, THIRD_AZAR),
    ],
)
def test_cells(cell: object, expected: date) -> None:
    assert date_from_cell(cell) == expected


@pytest.mark.parametrize("cell", [None, "", 46350, 46350.5, True, date(1800, 1, 1), date(1404, 12, 30)])
def test_cells_refused(cell: object) -> None:
    with pytest.raises(JalaliError):
        date_from_cell(cell)


def test_styles() -> None:
    moment = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)
    assert format_jalali(THIRD_AZAR) == "۱۴۰۵/۰۹/۰۳"
    assert format_jalali(THIRD_AZAR, "medium") == "۳ آذر ۱۴۰۵"
    assert format_jalali(THIRD_AZAR, "long") == "سه‌شنبه ۳ آذر ۱۴۰۵"
    assert format_jalali(moment, "moment") == "۳ آذر ۱۴۰۵، ساعت ۱۰:۴۲"


def test_a_moment_belongs_to_the_day_in_tehran() -> None:
    late = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    assert format_jalali(late, "short") == "۱۴۰۵/۰۹/۰۴"
    assert format_jalali(late, "moment") == "۴ آذر ۱۴۰۵، ساعت ۰۰:۰۰"
    assert jalali_year(datetime(2026, 3, 20, 20, 30, tzinfo=UTC)) == 1405
    assert jalali_year(datetime(2026, 3, 20, 20, 29, tzinfo=UTC)) == 1404


@pytest.mark.parametrize(
    ("value", "style"), [(THIRD_AZAR, "moment"), (THIRD_AZAR, "iso"), (datetime(2026, 11, 24), "short")]
)
def test_misuse_fails_loudly(value: date, style: str) -> None:
    with pytest.raises(ValueError, match=r"style|naive"):
        format_jalali(value, style)


def test_bounds() -> None:
    assert year_bounds(1405) == (date(2026, 3, 21), date(2027, 3, 20))
    assert year_bounds(1403) == (date(2024, 3, 20), date(2025, 3, 20))
    assert month_bounds(1405, 9) == (date(2026, 11, 22), date(2026, 12, 21))
    assert month_bounds(1404, 12)[1] - month_bounds(1404, 12)[0] == timedelta(days=28)


@given(st.integers(1300, 1450))
def test_years_follow_each_other_without_gap(year: int) -> None:
    assert year_bounds(year)[1] + timedelta(days=1) == year_bounds(year + 1)[0]
    assert jalali_year(year_bounds(year)[0]) == jalali_year(year_bounds(year)[1]) == year
    months = [month_bounds(year, month) for month in range(1, 13)]
    assert all(one[1] + timedelta(days=1) == two[0] for one, two in pairwise(months))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "امروز"),
        (1, "فردا"),
        (2, "۲ روز مانده"),
        (17, "۱۷ روز مانده"),
        (-1, "دیروز گذشت"),
        (-3, "۳ روز گذشته"),
    ],
)
def test_relative_days(days: int, words: str) -> None:
    assert relative_days(THIRD_AZAR + timedelta(days=days), THIRD_AZAR) == words
