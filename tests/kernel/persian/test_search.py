"""Folding for search and comparison, and the sort key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.persian.search import PERSIAN_ALPHABET, compact_fold, search_fold, sort_key
from tests.kernel.persian.test_digits_letters import PERSIANISH

ALPHABET = list("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می‌شود", "می شود"),
        ("مؤسسة", "موسسه"),
        ("موسسه", "مؤسسه"),
        ("خانۀ هنر", "خانه هنر"),
        ("خانهٔ هنر", "خانه هنر"),
        ("آموزش", "اموزش"),
        ("إحسان", "احسان"),
        ("أمين", "امین"),
        ("كودكي", "کودکی"),
        ("مُحَمَّد", "محمد"),
        ("ســلام", "سلام"),
        ("منطقه ١٢", "منطقه 12"),
        ("منطقه ۱۲", "منطقه 12"),
        ("NGO Tehran", "ngo tehran"),
        ("  نام سازمان* ", "نام سازمان"),
        ("«یاوران»، (تهران)", "یاوران تهران"),
        ("املاء", "املا"),
        ("ﻣﺮﻛﺰ", "مرکز"),
        ("نام\u00a0سمن\u200f", "نام سمن"),
    ],
)
def test_spellings_found_together(one: str, other: str) -> None:
    assert search_fold(one) == search_fold(other) != ""


def test_different_words_stay_different() -> None:
    assert search_fold("کتاب") != search_fold("کباب")
    assert search_fold("منطقه ۱") != search_fold("منطقه ۱۱")


def test_nothing_folds_to_nothing() -> None:
    assert search_fold(None) == search_fold(" \u200c ") == compact_fold("ـ") == sort_key("") == ""


def test_compact_fold_ignores_every_blank() -> None:
    assert compact_fold("کتاب‌خوان") == compact_fold("کتاب خوان") == compact_fold("کتابخوان") == "کتابخوان"


@given(PERSIANISH)
def test_folds_are_idempotent(text: str) -> None:
    folded = search_fold(text)
    assert search_fold(folded) == folded
    assert compact_fold(compact_fold(text)) == compact_fold(text)
    assert folded == folded.strip()
    assert "  " not in folded
    assert "\u200c" not in folded


def test_sort_key_orders_the_alphabet() -> None:
    assert list(PERSIAN_ALPHABET) == ALPHABET
    shuffled = ALPHABET[::-1]
    assert sorted(shuffled, key=sort_key) == ALPHABET
    assert len({sort_key(letter) for letter in ALPHABET}) == len(ALPHABET)


def _place(letters: str) -> list[int]:
    return [ALPHABET.index(letter) for letter in letters]


@given(st.text(alphabet="".join(ALPHABET), max_size=8), st.text(alphabet="".join(ALPHABET), max_size=8))
def test_words_compare_letter_by_letter_in_alphabet_order(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) == (_place(one) < _place(other))


def test_sort_key_of_real_names() -> None:
    in_order = [
        "۱۰۱ مهربانی",
        "آفتاب",
        "ابر",
        "پرتو",
        "پژواک",
        "چشمه",
        "ژرفا",
        "ژیان",
        "کتاب آبی",
        "کتابخانه",
        "کتاب‌خوان",
        "گل",
        "منطقه ۲",
        "منطقه ۱۰",
        "وفا",
        "هنر",
        "یاس",
        "Tehran",
    ]
    shuffled = in_order[::-1]
    assert sorted(shuffled, key=sort_key) == in_order


def test_spellings_stand_side_by_side() -> None:
    assert sort_key("کتاب‌خوان") == sort_key("كتابخوان")
    assert sort_key("مؤسسه") == sort_key("موسسه")
    assert sort_key("منطقه ۰۷") == sort_key("منطقه 7")


@given(PERSIANISH)
def test_sort_key_is_plain_ascii(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert all(character.isalnum() or character == " " for character in key)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_sort_by_value_and_before_letters(one: int, other: int) -> None:
    assert (sort_key(str(one)) < sort_key(str(other))) == (one < other)
    assert sort_key(str(one)) < sort_key("آ")
