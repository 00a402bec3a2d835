"""Folding for search and comparison, and a sort key for databases without ICU.

`search_fold` is what is stored beside a name and searched in; `compact_fold` has no blanks at all and decides
whether two spellings are the same; `sort_key` orders by the Persian alphabet under plain byte order ("C").
"""

import re
import unicodedata

from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.letters import TATWEEL, ZWNJ, unify_letters

PERSIAN_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

_HAMZA_CARRIERS = {"أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ی", "ء": "", "ة": "ه", "ۀ": "ه", "ۃ": "ه"}
_FOLD_KEEPING_MADDA = str.maketrans(_HAMZA_CARRIERS)
_FOLD_MADDA = str.maketrans({"آ": "ا"})

_LETTER_CODES = dict(zip(PERSIAN_ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", strict=True))
_DIGIT_RUN = re.compile("[0-9]+")
_LONGEST_NUMBER = 99
_VANISHING_CATEGORIES = {"Mn", "Me", "Cc", "Cf", "Cs"}


def _fold(text: object, zwnj: str) -> str:
    """Common part: NFKC, one letter per sound, no marks, punctuation as blanks; keeps آ apart from ا."""
    if text is None:
        return ""
    folded = unicodedata.normalize("NFKC", str(text))
    folded = to_ascii_digits(unify_letters(folded)).replace(TATWEEL, "").casefold()
    # casefold may open new compositions (İ), hence the second pass: folding twice must change nothing.
    folded = unicodedata.normalize("NFKC", folded).translate(_FOLD_KEEPING_MADDA)
    return " ".join("".join(_fold_character(character, zwnj) for character in folded).split())


def _fold_character(character: str, zwnj: str) -> str:
    if character.isalnum():
        return character
    if character == ZWNJ:
        return zwnj
    # Marks (vowels, hamza above) and invisible characters vanish; blanks and punctuation part words.
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _VANISHING_CATEGORIES else " "


def search_fold(text: object) -> str:
    """Text as it is searched in: «می‌شود» = «می شود», «مؤسسة» = «موسسه», «۱۲» = «12», lower case.

    The half-space becomes a blank, punctuation becomes a blank, vowel marks and tatweel vanish. Folding twice
    changes nothing. For spellings without any blank («میشود») compare `compact_fold`.
    """
    return _fold(text, zwnj=" ").translate(_FOLD_MADDA)


def compact_fold(text: object) -> str:
    """`search_fold` without any blank: «کتاب‌خوان», «کتاب خوان» and «کتابخوان» are one. For comparing."""
    return search_fold(text).replace(" ", "")


def sort_key(text: object) -> str:
    """ASCII letters, digits and blanks that sort as the Persian alphabet (آ ا ب … ی) in byte order.

    Word by word (a blank comes before everything), numbers by value and before letters («منطقه ۲» before
    «منطقه ۱۰»), then Persian, then Latin, then other scripts. The half-space is ignored, so that «کتاب‌خوان»
    stands with «کتابخوان». Equal keys are possible: order by the key and then by the primary key.
    """
    folded = _DIGIT_RUN.sub(_number_code, _fold(text, zwnj=""))
    return "".join(_sort_code(character) for character in folded)


def _number_code(match: re.Match[str]) -> str:
    number = match.group().lstrip("0") or "0"
    return f"{min(len(number), _LONGEST_NUMBER):02d}{number}"


def _sort_code(character: str) -> str:
    if character == " " or character in "0123456789":
        return character
    if character in _LETTER_CODES:
        return _LETTER_CODES[character]
    if "a" <= character <= "z":
        return f"y{character}"
    return f"z{ord(character):06x}"
