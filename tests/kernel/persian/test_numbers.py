"""Numbers as shown and as typed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.persian import numbers


def test_shown() -> None:
    assert numbers.format_thousands(1234567) == "۱٬۲۳۴٬۵۶۷"
    assert numbers.format_thousands(999) == "۹۹۹"
    assert numbers.format_rial(1234) == "۱٬۲۳۴ ریال"
    assert numbers.format_decimal(Decimal("81.25"), 2) == "۸۱٫۲۵"
    assert numbers.format_decimal(Decimal("81.5"), 2) == "۸۱٫۵۰"
    assert numbers.format_decimal(Decimal("81.50")) == "۸۱٫۵"
    assert numbers.format_decimal(Decimal("100")) == "۱۰۰"
    assert numbers.format_decimal(Decimal("1E+2")) == "۱۰۰"
    assert numbers.format_decimal(0.1) == "۰٫۱"
    assert numbers.format_percent(25) == "۲۵٪"
    assert numbers.format_percent(Decimal("33.333"), 1) == "۳۳٫۳٪"


def test_rounding_is_half_up() -> None:
    assert numbers.format_decimal(Decimal("0.125"), 2) == "۰٫۱۳"
    assert numbers.format_decimal(Decimal("2.5"), 0) == "۳"
    assert numbers.format_decimal(Decimal("-0.001"), 2) == "۰٫۰۰"


def test_minus_stays_before_its_digits() -> None:
    assert numbers.format_thousands(-1234) == "\u200e\u2212۱٬۲۳۴"


@pytest.mark.parametrize("value", ["x", "", None, float("nan"), float("inf")])
def test_what_is_no_number_fails_loudly(value: object) -> None:
    with pytest.raises(ValueError, match="number"):
        numbers.format_decimal(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("۱۲۵۰", 1250),
        ("١٢٥٠", 1250),
        ("1,250", 1250),
        ("۱٬۲۵۰٬۰۰۰", 1250000),
        ("۱۲ ۵۰۰", 12500),
        ("-5", -5),
        ("−۵", -5),
        (" ۷\u200f ", 7),
        ("007", 7),
    ],
)
def test_integers_typed(typed: str, value: int) -> None:
    assert numbers.parse_integer(typed) == value


@pytest.mark.parametrize("typed", ["", "12a", "1,25", "۱٫۵", "5-", "--5", "1 2", "9" * 40])
def test_integers_refused(typed: str) -> None:
    with pytest.raises(numbers.NumberError):
        numbers.parse_integer(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("۸۱٫۲۵", "81.25"),
        ("81.25", "81.25"),
        ("۸۱/۲۵", "81.25"),
        ("۱٬۲۳۴٫۵", "1234.5"),
        ("-0.5", "-0.5"),
        ("٫۵", "0.5"),
        ("100", "100"),
    ],
)
def test_decimals_typed(typed: str, value: str) -> None:
    assert numbers.parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", ".", "1.2.3", "1,25", "NaN", "1e5", "۸۱٫x"])
def test_decimals_refused(typed: str) -> None:
    with pytest.raises(numbers.NumberError):
        numbers.parse_decimal(typed)


@given(st.integers(-(10**18), 10**18))
def test_integers_round_trip(value: int) -> None:
    assert numbers.parse_integer(numbers.format_thousands(value)) == value


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_round_trip(value: Decimal) -> None:
    assert numbers.parse_decimal(numbers.format_decimal(value)) == value


def test_ordinals() -> None:
    words = [numbers.ordinal(number) for number in (1, 2, 3, 4, 10, 13, 21, 23, 30, 40)]
    assert words == [
        "اول",
        "دوم",
        "سوم",
        "چهارم",
        "دهم",
        "سیزدهم",
        "بیست و یکم",
        "بیست و سوم",
        "سی‌ام",
        "چهلم",
    ]
    with pytest.raises(ValueError, match="start at 1"):
        numbers.ordinal(0)
