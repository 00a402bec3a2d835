"""Digits at the edges: people write Persian, Arabic or Latin digits; inside there are only ASCII."""

import re

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_ASCII = "0123456789"
_FULLWIDTH = "０１２３４５６７８９"

_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC + _FULLWIDTH, _ASCII * 3)
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC + _FULLWIDTH, _PERSIAN * 3)

# What a person copies and a machine reads: e-mail and web addresses, file names, digests.
_AS_IS = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*://[^\s<>«»]+"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"
    r"|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[A-Za-z]{2,}"
    r"|(?=[0-9]*[a-f])[0-9a-f]{12,})"
)


def to_ascii_digits(text: object) -> str:
    """Text with every Persian, Arabic and full-width digit as ASCII; everything else is left as it is."""
    return str(text).translate(_TO_ASCII)


def to_persian_digits(text: object) -> str:
    """Text with every digit in its Persian form, for display only; never for storage or comparison."""
    return str(text).translate(_TO_PERSIAN)


def to_persian_text(text: object) -> str:
    """Persian digits for display, but an address, a file name or a digest keeps the characters it is known by."""
    parts = _AS_IS.split(str(text))
    return "".join(part if place % 2 else to_persian_digits(part) for place, part in enumerate(parts))


def latin_isolated(text: str) -> str:
    """A name that begins in Latin letters, such as a file's, in Unicode isolates, so that the quotes and the words
    around it keep their places in a Persian sentence; any other text unchanged."""
    return f"\u2068{text}\u2069" if text[:1].isascii() and text[:1].isalnum() else text


def natural(text: object) -> int | None:
    """A natural number of at most 18 ASCII digits as an address or a form carries it; None for anything else.

    «²» is a digit to Python and five thousand nines are a number, but neither is a key of ours.
    """
    found = str(text if text is not None else "")
    return int(found) if found.isascii() and found.isdecimal() and len(found) <= 18 else None
