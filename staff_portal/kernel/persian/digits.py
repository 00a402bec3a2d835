"""Digits at the edges: people write Persian, Arabic or Latin digits; inside there are only ASCII."""

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_ASCII = "0123456789"
_FULLWIDTH = "０１２３４５６７８９"

_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC + _FULLWIDTH, _ASCII * 3)
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC + _FULLWIDTH, _PERSIAN * 3)


def to_ascii_digits(text: object) -> str:
    """Text with every Persian, Arabic and full-width digit as ASCII; everything else is left as it is."""
    return str(text).translate(_TO_ASCII)


def to_persian_digits(text: object) -> str:
    """Text with every digit in its Persian form, for display only; never for storage or comparison."""
    return str(text).translate(_TO_PERSIAN)


def natural(text: object) -> int | None:
    """A natural number of at most 18 ASCII digits as an address or a form carries it; None for anything else.

    «²» is a digit to Python and five thousand nines are a number, but neither is a key of ours.
    """
    found = str(text if text is not None else "")
    return int(found) if found.isascii() and found.isdecimal() and len(found) <= 18 else None
