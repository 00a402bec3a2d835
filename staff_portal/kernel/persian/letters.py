"""One ی and one ک in everything stored, and half-spaces where they belong."""

import re
import unicodedata

ZWNJ = "\u200c"
TATWEEL = "\u0640"

# ة and ۀ are kept: they are right in names («دایرة‌المعارف») and are folded for search only.
_UNIFIED = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ے": "ی",
        "ې": "ی",
        "ك": "ک",
        "ڪ": "ک",
        "ﻙ": "ک",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ۂ": "ۀ",
    }
)

# Joined shapes (U+FB50…, U+FE70…) come from PDF copies and old programs; each stands for ordinary letters.
_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_LINE_BREAKS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_ZWNJ_RUNS = re.compile(f"{ZWNJ}+")
_KEPT_FORMAT_CHARACTERS = {ZWNJ}
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs"}


def unify_letters(text: str) -> str:
    """Arabic and Urdu twins of ی, ک and ه, and joined letter shapes, as the one Persian letter."""
    text = _PRESENTATION_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return unicodedata.normalize("NFC", text.translate(_UNIFIED)).translate(_UNIFIED)


def _drop_invisible(text: str) -> str:
    """Without control, direction and other invisible marks; the half-space and line breaks stay."""
    return "".join(
        character
        for character in text
        if character == "\n"
        or character in _KEPT_FORMAT_CHARACTERS
        or unicodedata.category(character) not in _DROPPED_CATEGORIES
    )


def _tidy_zwnj(text: str) -> str:
    # A half-space means something only inside a word; a vowel mark may stand before it («علاقهٔ‌مند»).
    text = _ZWNJ_RUNS.sub(ZWNJ, text)
    kept = []
    for position, character in enumerate(text):
        if character == ZWNJ:
            before = text[position - 1] if position else ""
            after = text[position + 1] if position + 1 < len(text) else ""
            if not (_is_word_part(before) and _is_word_part(after)):
                continue
        kept.append(character)
    return "".join(kept)


def _is_word_part(character: str) -> bool:
    return bool(character) and (character.isalnum() or unicodedata.category(character) == "Mn")


def clean_text(text: object, *, multiline: bool = False) -> str:
    """Text as it is stored: one ی and ک, single blanks, trimmed, half-spaces only inside words.

    Control and direction marks and tatweel go; vowel marks, ة, ۀ and digits stay as written.
    None gives "". With `multiline` line breaks are kept as "\\n", otherwise they count as blanks.
    """
    if text is None:
        return ""
    cleaned = _LINE_BREAKS.sub("\n" if multiline else " ", str(text)).replace("\t", " ")
    # Joined shapes may open into tatweel and marks: letters are unified before and after dropping these.
    cleaned = unify_letters(_drop_invisible(unify_letters(cleaned)).replace(TATWEEL, ""))
    cleaned = _BLANKS.sub(" ", cleaned)
    cleaned = "\n".join(_tidy_zwnj(line).strip() for line in cleaned.split("\n"))
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", cleaned).strip())
