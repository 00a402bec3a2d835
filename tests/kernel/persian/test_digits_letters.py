"""Digits in three scripts, and texts as they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.persian.digits import (
    latin_isolated,
    to_ascii_digits,
    to_persian_digits,
    to_persian_text,
)
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


@pytest.mark.parametrize(
    "kept",
    [
        "info@ngo0104.example",
        "https://ngo12.example/a/3",
        "ngo12.example",
        "register-1405-final.xlsx",
        "521b31e274575fd0",
    ],
)
def test_what_a_machine_reads_keeps_its_digits(kept: str) -> None:
    assert to_persian_text(f"در سال 1405، {kept} 12 بار") == f"در سال ۱۴۰۵، {kept} ۱۲ بار"


@pytest.mark.parametrize("number", ["14990001046", "02179826620", "1405/ک/12", "123456789012", "74.55"])
def test_plain_numbers_are_still_persian(number: str) -> None:
    assert to_persian_text(number) == to_persian_digits(number)


def test_only_a_name_in_latin_letters_is_isolated() -> None:
    assert latin_isolated("a1.xlsx") == "\u2068a1.xlsx\u2069"
    assert latin_isolated("فهرست.xlsx") == "فهرست.xlsx"
    assert latin_isolated("") == ""
