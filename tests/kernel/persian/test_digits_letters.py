"""Digits in three scripts, and texts as they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.letters import ZWNJ, clean_text, unify_letters

PERSIANISH = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "اآبپكکيىیةۀهؤئءأـ\u200c\u200c \t\n\u00a0\u200f\u064b\u0651\u0654\ufeed\ufefb١۲3.،-()"
        ),
        st.characters(),
    ),
    max_size=40,
)


def test_digits_of_three_scripts_become_ascii() -> None:
    assert to_ascii_digits("۰۱۲۳۴۵۶۷۸۹") == "0123456789"
    assert to_ascii_digits("٠١٢٣٤٥٦٧٨٩") == "0123456789"
    assert to_ascii_digits("０１２３４５６７８９") == "0123456789"
    assert to_ascii_digits("منطقه ۱٢3") == "منطقه 123"


def test_digits_are_shown_in_persian() -> None:
    assert to_persian_digits("0123456789") == "۰۱۲۳۴۵۶۷۸۹"
    assert to_persian_digits("٠١٢٣٤٥٦٧٨٩") == "۰۱۲۳۴۵۶۷۸۹"
    assert to_persian_digits(1405) == "۱۴۰۵"


@given(st.text(alphabet="0123456789ابپ /-,", max_size=30))
def test_digits_round_trip(text: str) -> None:
    assert to_ascii_digits(to_persian_digits(text)) == text


@pytest.mark.parametrize(
    ("written", "unified"),
    [
        ("كتابخواني", "کتابخوانی"),
        ("موسى", "موسی"),
        ("ﻛﺘﺎﺏ", "کتاب"),
        ("ﻼ", "لا"),
        ("دایرة", "دایرة"),
        ("خانۀ ما", "خانۀ ما"),
        ("مؤسسه مسئول", "مؤسسه مسئول"),
        ("ڪودڪ", "کودک"),
        ("ہمراہ", "همراه"),
    ],
)
def test_letters_are_unified_and_display_forms_kept(written: str, unified: str) -> None:
    assert unify_letters(written) == unified


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (None, ""),
        ("   ", ""),
        ("  مرکز  پویش\tارغوان ", "مرکز پویش ارغوان"),
        ("كتاب‌‌‌خواني", "کتاب‌خوانی"),
        ("‌سمن‌ها‌", "سمن‌ها"),
        ("می‌ شود", "می شود"),
        ("می ‌شود", "می شود"),
        ("سمن‌ها‌،", "سمن‌ها،"),
        ("علاقهٔ‌مند", "علاقهٔ‌مند"),
        ("ســــلام", "سلام"),
        ("\u200fستاد\u202a سمن\u202c‌ها\u200e\ufeff", "ستاد سمن‌ها"),
        ("نام\x00\x07", "نام"),
        ("خط یک\r\nخط دو", "خط یک خط دو"),
        ("نام\u00a0\u2003سمن", "نام سمن"),
        ("پلاک ۱۲٣4", "پلاک ۱۲٣4"),
        ("مُحَمَّد", "مُحَمَّد"),
    ],
)
def test_clean_text(typed: str | None, stored: str) -> None:
    assert clean_text(typed) == stored


def test_clean_text_keeps_lines_only_when_asked() -> None:
    assert clean_text(" یک \r\n دو\n\n\n\nسه ", multiline=True) == "یک\nدو\n\nسه"


@given(PERSIANISH)
def test_clean_text_is_idempotent_and_tidy(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not set(cleaned) & set("يىكـ\u200f\u200e\x00\n")
    for word in cleaned.split(" "):
        assert not word.startswith(ZWNJ)
        assert not word.endswith(ZWNJ)
        assert ZWNJ * 2 not in word


@given(PERSIANISH)
def test_clean_text_of_lines_is_idempotent(text: str) -> None:
    cleaned = clean_text(text, multiline=True)
    assert clean_text(cleaned, multiline=True) == cleaned
