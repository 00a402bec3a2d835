"""The Persian alphabet as an order for queries: PostgreSQL's plain byte order would put «پ» and «گ» after «و».

Lists that grow without bound sort by a stored key (:func:`staff_portal.kernel.persian.search.sort_key`); what is few
enough is mapped on the way.
"""

from typing import Any

from django.db.models import F, Func, TextField, Value

from staff_portal.kernel.persian.letters import ZWNJ
from staff_portal.kernel.persian.search import PERSIAN_ALPHABET

_VARIANTS = {"أ": "ا", "إ": "ا", "ؤ": "و", "ئ": "ی", "ة": "ه", "ۀ": "ه"}
_CODES = {letter: chr(0x100 + place) for place, letter in enumerate(PERSIAN_ALPHABET)}
_DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
# What has no counterpart in the second text is dropped by TRANSLATE: the half-space.
_FROM = PERSIAN_ALPHABET + "".join(_VARIANTS) + _DIGITS + ZWNJ
_TO = "".join(_CODES.values()) + "".join(_CODES[letter] for letter in _VARIANTS.values()) + "0123456789" * 2


def alphabetical(field: str) -> Func:
    """A column of text as something to order by: آ ا ب … ی, numbers by value and before letters, no half-spaces."""
    mapped: Any = Func(F(field), Value(_FROM), Value(_TO), function="TRANSLATE", output_field=TextField())
    return _replaced(_replaced(mapped, r"([0-9]+)", r"00000000000\1"), r"[0-9]*([0-9]{12})(?![0-9])", r"\1")


def _replaced(text: Func, pattern: str, by: str) -> Func:
    return Func(
        text, Value(pattern), Value(by), Value("g"), function="REGEXP_REPLACE", output_field=TextField()
    )
