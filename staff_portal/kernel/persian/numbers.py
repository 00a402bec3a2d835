"""Numbers as people read and type them: «۱٬۲۳۴٬۵۶۷», «۸۱٫۲۵», «۲۵٪», «سوم». Inside: int and Decimal."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from persiantools import digits as persiantools_digits

from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits

THOUSANDS_MARK = "٬"
DECIMAL_MARK = "٫"
PERCENT_MARK = "٪"
MINUS = "\u2212"
# A minus keeps its place before the digits in a right-to-left line only with this mark in front of it.
_LEFT_TO_RIGHT_MARK = "\u200e"

_TYPED_GROUPS = re.compile(r"[0-9]{1,3}([٬,،'’ \u00a0\u202f][0-9]{3})+")
_SIGNED = re.compile(r"([-\u2212+]?)(.*)")
_LONGEST_NUMBER = 30


class NumberError(ValueError):
    """A refused number. `sentence` says in Persian what to write."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def format_thousands(value: int | Decimal) -> str:
    """Persian digits in groups of three: 1234567 → «۱٬۲۳۴٬۵۶۷»; a fraction is kept after «٫»."""
    return _localise(f"{_as_decimal(value):,f}")


def format_rial(value: int) -> str:
    """Amount in rials, whole: «۱٬۲۳۴ ریال»."""
    return f"{format_thousands(int(value))} ریال"


def format_decimal(value: Decimal | int | float | str, places: int | None = None) -> str:
    """Decimal in Persian digits: with `places`, that many, rounded half-up; without, no trailing zeros."""
    number = _as_decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{number:f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return _localise(text)


def format_percent(value: Decimal | int | float | str, places: int | None = None) -> str:
    """A number of per cent (not a fraction of one): 25 → «۲۵٪»."""
    return format_decimal(value, places) + PERCENT_MARK


def _as_decimal(value: object) -> Decimal:
    # A float goes through its shortest text, so that 0.1 stays 0.1.
    try:
        number = Decimal(to_ascii_digits(value))
    except InvalidOperation:
        raise ValueError(f"not a number: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def _localise(ascii_number: str) -> str:
    if ascii_number.startswith("-"):
        is_zero = not ascii_number.strip("-0.,")
        ascii_number = ascii_number[1:] if is_zero else _LEFT_TO_RIGHT_MARK + MINUS + ascii_number[1:]
    return to_persian_digits(ascii_number.replace(",", THOUSANDS_MARK).replace(".", DECIMAL_MARK))


def parse_integer(text: object) -> int:
    """Whole number of typed text in any digits, with or without thousands marks. Raises `NumberError`."""
    sign, body = _typed(text)
    if _TYPED_GROUPS.fullmatch(body):
        body = re.sub("[^0-9]", "", body)
    if not re.fullmatch("[0-9]+", body):
        raise NumberError("عدد صحیح بنویسید، مانند ۱۲۵۰.")
    return -int(body) if sign else int(body)


def parse_decimal(text: object) -> Decimal:
    """Decimal of typed text; the fraction after «٫», a point or a slash («۸۱/۲۵»). Raises `NumberError`."""
    sign, body = _typed(text)
    whole, *rest = re.split("[٫./]", body)
    if _TYPED_GROUPS.fullmatch(whole):
        whole = re.sub("[^0-9]", "", whole)
    fraction = rest[0] if rest else ""
    written = len(rest) <= 1 and re.fullmatch("[0-9]*", whole) and re.fullmatch("[0-9]*", fraction)
    if not written or not (whole or fraction):
        raise NumberError("عدد را مانند ۱۲۵۰ یا ۸۱٫۲۵ بنویسید.")
    number = Decimal(f"{whole or 0}.{fraction or 0}") if fraction else Decimal(whole)
    return -number if sign else number


def _typed(text: object) -> tuple[bool, str]:
    """Whether a minus was typed, and the rest without direction marks and edge blanks."""
    plain = re.sub("[\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", to_ascii_digits(text)).strip()
    if len(plain) > _LONGEST_NUMBER:
        raise NumberError("این عدد بیش از اندازه بلند است؛ آن را بازبینی کنید.")
    match = _SIGNED.fullmatch(plain)
    sign, body = match.groups() if match else ("", plain)
    return sign in {"-", MINUS}, body.strip()


def ordinal(number: int) -> str:
    """Ordinal in words: 1 → «اول», 3 → «سوم», 30 → «سی‌ام». For positive whole numbers."""
    if number < 1:
        raise ValueError("ordinals start at 1")
    if number == 1:
        return "اول"
    words = str(persiantools_digits.to_word(number))
    if words.endswith("سه"):
        return f"{words.removesuffix('سه')}سوم"
    if words.endswith("ی"):
        return f"{words}\u200cام"
    return f"{words}م"
