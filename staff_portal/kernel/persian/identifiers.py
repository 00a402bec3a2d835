"""Iranian identifiers: checked, brought to one written form, refused in a sentence.

Every `normalise_x` takes what a person typed or what a spreadsheet cell held (text in any digits, int,
float) and returns the stored form in ASCII digits, or raises `IdentifierError`. `is_valid_x` answers the
same question with yes or no. Codes are never padded with zeros: one that lost its leading zero is asked for
again.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.letters import TATWEEL

MINUS_SIGN = "\u2212"

_NATIONAL_ID_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
_IRAN_AS_DIGITS = "1827"
_STRICT_POSTAL_CODE = re.compile(r"(?!([0-9])\1{3})[13-9]{4}[1346-9][013-9]{5}")
_MOBILE = re.compile(r"(?:\+98|0098|98)?0?(9[0-9]{9})")
_COUNTRY_CODE = re.compile(r"^(?:(?:\+98|0098)0?|98(?=[0-9]{10}$))")
_LANDLINE = re.compile(r"0[1-8][0-9][1-9][0-9]{7}")
_TEHRAN = "021"
# Above this a spreadsheet's number no longer holds every digit.
_EXACT_FLOAT = 2**53
_EXPONENT = re.compile(r"([0-9]+)(?:\.([0-9]+))?[eE]\+?([0-9]+)")
_WHOLE_WITH_FRACTION = re.compile(r"([0-9]+)\.0+")


class IdentifierError(ValueError):
    """A refused identifier. `code` names the identifier, `problem` the fault, `sentence` says what to do."""

    def __init__(self, code: str, sentence: str, problem: str = "invalid") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.problem = problem


def _cell_text(raw: object, code: str, label: str) -> str:
    """Characters of a typed text or a spreadsheet number, digits in ASCII; none is lost or invented."""
    if raw is None or isinstance(raw, bool):
        return ""
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, (float, Decimal)):
        number = float(raw)
        if not (number.is_integer() and abs(number) < _EXACT_FLOAT):
            raise _lost_digits(code, label)
        return str(int(number))
    text = to_ascii_digits(raw).strip().lstrip("'’")
    if match := _EXPONENT.fullmatch(text):
        return _expand_exponent(match, code, label)
    if match := _WHOLE_WITH_FRACTION.fullmatch(text):
        return match.group(1)
    return text


def _expand_exponent(match: re.Match[str], code: str, label: str) -> str:
    # «1.0335648068E+10» in a CSV is whole; «1.03356E+10» was rounded by the spreadsheet: not to be trusted.
    whole, fraction, exponent = match.group(1), match.group(2) or "", int(match.group(3))
    if exponent > 40 or len(fraction) != exponent:
        raise _lost_digits(code, label)
    return whole + fraction


def _lost_digits(code: str, label: str) -> IdentifierError:
    sentence = (
        f"رقم‌های {label} در صفحه‌گسترده از دست رفته است؛ قالب ستون را «متن» کنید و عدد را دوباره بنویسید."
    )
    return IdentifierError(code, sentence, "lost_digits")


def _is_separator(character: str) -> bool:
    return character.isspace() or character == "_" or unicodedata.category(character) in {"Pd", "Cf", "Cc"}


def _squeeze(raw: object, code: str, label: str, also_dropped: str = "") -> str:
    """The text without blanks, dashes, half-spaces and direction marks."""
    text = _cell_text(raw, code, label)
    text = text.replace(MINUS_SIGN, "-").replace(TATWEEL, "")
    squeezed = "".join(c for c in text if not _is_separator(c) and c not in also_dropped)
    if not squeezed:
        raise IdentifierError(code, f"{label} را بنویسید.", "empty")
    return squeezed


def _digits_of_length(raw: object, length: int, code: str, label: str, hint: str = "") -> str:
    digits = _squeeze(raw, code, label)
    if not (digits.isascii() and digits.isdigit()):
        raise IdentifierError(code, f"{label} فقط رقم دارد؛ حرف‌ها و نشانه‌ها را بردارید.", "not_digits")
    if len(digits) != length:
        sentence = (
            f"{label} باید {to_persian_digits(length)} رقم باشد؛ "
            f"{to_persian_digits(len(digits))} رقم نوشته شده است.{hint if len(digits) < length else ''}"
        )
        raise IdentifierError(code, sentence, "length")
    return digits


def _refuse_repeated(digits: str, code: str, label: str) -> None:
    if len(set(digits)) == 1:
        raise IdentifierError(
            code, f"{label} نمی‌تواند تکرار یک رقم باشد؛ آن را از روی سند بنویسید.", "repeated"
        )


def _wrong_check_digit(code: str, label: str) -> IdentifierError:
    return IdentifierError(code, f"{label} درست نیست؛ رقم‌ها را با سند مقایسه کنید.", "check_digit")


def _answers(normalise: Callable[[object], str], raw: object) -> bool:
    try:
        normalise(raw)
    except IdentifierError:
        return False
    return True


# --- National id of legal persons (شناسه ملی) -----------------------------------------------------


def national_id_check_digit(first_ten: str) -> int:
    """Last digit belonging to the first ten: Σ(d_i + d_9 + 2)·w_i mod 11, 10 counts as 0."""
    added = int(first_ten[9]) + 2
    total = sum(
        (int(digit) + added) * weight for digit, weight in zip(first_ten, _NATIONAL_ID_WEIGHTS, strict=True)
    )
    return total % 11 % 10


def normalise_national_id(raw: object) -> str:
    """National id of a legal person: 11 digits with a right check digit, not all equal (N1)."""
    code, label = "national_id", "شناسه ملی"
    digits = _digits_of_length(raw, 11, code, label)
    _refuse_repeated(digits, code, label)
    if national_id_check_digit(digits[:10]) != int(digits[10]):
        raise _wrong_check_digit(code, label)
    return digits


def is_valid_national_id(raw: object) -> bool:
    """Whether `normalise_national_id` accepts it."""
    return _answers(normalise_national_id, raw)


# --- National code of persons (کد ملی) ------------------------------------------------------------


def national_code_check_digit(first_nine: str) -> int:
    """Last digit belonging to the first nine: r = Σ d_i·(10−i) mod 11; r if r < 2, else 11 − r."""
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(first_nine)) % 11
    return remainder if remainder < 2 else 11 - remainder


def normalise_national_code(raw: object) -> str:
    """National code of a person: 10 digits with a right check digit, not all equal, never left-padded."""
    code, label = "national_code", "کد ملی"
    hint = " اگر کد با صفر آغاز می‌شود، صفرها را هم بنویسید."
    digits = _digits_of_length(raw, 10, code, label, hint)
    _refuse_repeated(digits, code, label)
    if national_code_check_digit(digits[:9]) != int(digits[9]):
        raise _wrong_check_digit(code, label)
    return digits


def is_valid_national_code(raw: object) -> bool:
    """Whether `normalise_national_code` accepts it."""
    return _answers(normalise_national_code, raw)


# --- Telephones -----------------------------------------------------------------------------------


def normalise_mobile(raw: object) -> str:
    """Mobile number as 09XXXXXXXXX; +98, 0098, 98, 0 or nothing may stand before the 9."""
    code, label = "mobile", "شماره همراه"
    text = _squeeze(raw, code, label, also_dropped="().")
    match = _MOBILE.fullmatch(text)
    if not match:
        raise IdentifierError(
            code, "شماره همراه باید ۱۱ رقم باشد و با ۰۹ آغاز شود، مانند ۰۹۱۲۳۴۵۶۷۸۹.", "form"
        )
    return f"0{match.group(1)}"


def is_valid_mobile(raw: object) -> bool:
    """Whether `normalise_mobile` accepts it."""
    return _answers(normalise_mobile, raw)


def normalise_landline(raw: object) -> str:
    """Landline as city code and eight digits (021XXXXXXXX); eight digits alone are taken as Tehran."""
    code, label = "landline", "شماره تلفن"
    digits = _COUNTRY_CODE.sub("", _squeeze(raw, code, label, also_dropped="()./"), count=1)
    if len(digits) == 8 and not digits.startswith("0"):
        digits = _TEHRAN + digits
    elif len(digits) == 10 and not digits.startswith("0"):
        # A spreadsheet number or a number after the country code carries no leading zero.
        digits = f"0{digits}"
    if _MOBILE.fullmatch(digits):
        raise IdentifierError(
            code, "این شماره همراه است؛ آن را در خانه «همراه» بنویسید و این‌جا تلفن ثابت.", "mobile"
        )
    if not _LANDLINE.fullmatch(digits):
        sentence = (
            "شماره تلفن را با کد شهر و در ۱۱ رقم بنویسید، مانند ۰۲۱۲۳۸۳۹۴۲۴؛ فقط یک شماره و بدون داخلی."
        )
        raise IdentifierError(code, sentence, "form")
    return digits


def is_valid_landline(raw: object) -> bool:
    """Whether `normalise_landline` accepts it."""
    return _answers(normalise_landline, raw)


def format_mobile(stored: str) -> str:
    """Stored mobile in groups for reading: 0912 345 6789. Anything else comes back unchanged."""
    return f"{stored[:4]} {stored[4:7]} {stored[7:]}" if re.fullmatch("09[0-9]{9}", stored) else stored


def format_landline(stored: str) -> str:
    """Stored landline in groups for reading: 021 2383 9424. Anything else comes back unchanged."""
    return f"{stored[:3]} {stored[3:7]} {stored[7:]}" if _LANDLINE.fullmatch(stored) else stored


# --- Postal code ----------------------------------------------------------------------------------


def normalise_postal_code(raw: object) -> str:
    """Postal code: 10 digits, «12345-67890» accepted. The post's own pattern is `is_strict_postal_code`."""
    return _digits_of_length(raw, 10, "postal_code", "کد پستی")


def is_valid_postal_code(raw: object) -> bool:
    """Whether `normalise_postal_code` accepts it."""
    return _answers(normalise_postal_code, raw)


def is_strict_postal_code(stored: str) -> bool:
    """Whether a normalised code fits the post's strict pattern; if not, warn, never refuse."""
    return bool(_STRICT_POSTAL_CODE.fullmatch(stored))


# --- Sheba (IBAN of Iran) -------------------------------------------------------------------------


def normalise_sheba(raw: object) -> str:
    """Sheba as IR and 24 digits; digits 5–26, «1827», check digits ≡ 1 mod 97 (ISO 13616)."""
    code, label = "sheba", "شماره شبا"
    digits = _squeeze(raw, code, label).upper().removeprefix("IR")
    if not re.fullmatch("[0-9]{24}", digits):
        raise IdentifierError(code, "شماره شبا باید IR و پس از آن ۲۴ رقم باشد.", "form")
    if int(digits[2:] + _IRAN_AS_DIGITS + digits[:2]) % 97 != 1:
        raise _wrong_check_digit(code, label)
    return f"IR{digits}"


def is_valid_sheba(raw: object) -> bool:
    """Whether `normalise_sheba` accepts it."""
    return _answers(normalise_sheba, raw)


def format_sheba(stored: str) -> str:
    """Stored Sheba in groups of four for reading: IR82 0540 1026 …. Anything else comes back unchanged."""
    if not re.fullmatch("IR[0-9]{24}", stored):
        return stored
    return " ".join(stored[start : start + 4] for start in range(0, len(stored), 4))


# --- Registration number --------------------------------------------------------------------------


def normalise_registration_number(raw: object) -> str:
    """Registration number: 1–7 digits without leading zeros; unique only within its registration office."""
    code, label = "registration_number", "شماره ثبت"
    digits = _squeeze(raw, code, label)
    if not (digits.isascii() and digits.isdigit()):
        raise IdentifierError(code, "شماره ثبت فقط رقم دارد؛ حرف‌ها و نشانه‌ها را بردارید.", "not_digits")
    digits = digits.lstrip("0")
    if not 1 <= len(digits) <= 7:
        raise IdentifierError(code, "شماره ثبت باید ۱ تا ۷ رقم باشد و صفر نباشد.", "length")
    return digits


def is_valid_registration_number(raw: object) -> bool:
    """Whether `normalise_registration_number` accepts it."""
    return _answers(normalise_registration_number, raw)
