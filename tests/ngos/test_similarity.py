"""Similar names (N1): slips of the hand are found, the names of a real-looking register are not confused."""

import random
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngos.register_file import read_register
from ngos.register_rows import check_rows
from ngos.similarity import is_similar_name, name_core, slips
from tests.ngos.register_samples import REGISTER, TODAY, vocabulary

LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"


@cache
def accepted_names() -> tuple[str, ...]:
    checked = check_rows(read_register(REGISTER).rows, on=TODAY, vocab=vocabulary())
    return tuple(row.record.name for row in checked if row.record)


def test_no_two_of_the_register_are_similar():
    names = accepted_names()
    assert len(names) == 590
    assert [pair for pair in combinations(names, 2) if is_similar_name(*pair)] == []


def altered(name: str, chance: random.Random) -> dict[str, str]:
    letters = [place for place, letter in enumerate(name) if letter in LETTERS]
    pairs = [
        p for p in letters if name[p + 1 : p + 2] in LETTERS and name[p + 1 : p + 2] not in ("", name[p])
    ]
    at, swap = chance.choice(letters), chance.choice(pairs)
    blank = chance.choice([place for place, letter in enumerate(name) if letter == " "])
    words = name.split()
    return {
        "left out": name[:at] + name[at + 1 :],
        "doubled": name[: at + 1] + name[at:],
        "changed": name[:at]
        + chance.choice([letter for letter in LETTERS if letter != name[at]])
        + name[at + 1 :],
        "swapped": name[:swap] + name[swap + 1] + name[swap] + name[swap + 2 :],
        "blank lost": name[:blank] + name[blank + 1 :],
        "half-space": name[:blank] + "\u200c" + name[blank + 1 :],
        "without kind": " ".join(words[1:]),
        "reordered": " ".join(chance.sample(words, len(words))),
        "reordered after the kind": " ".join([words[0], *chance.sample(words[1:], len(words) - 1)]),
        "arabic letters": name.replace("ی", "ي").replace("ک", "ك"),
    }


def test_slips_in_the_names_of_the_register_are_found():
    chance = random.Random(1405)
    missed = [
        (kind, name, other)
        for name in accepted_names()
        for kind, other in altered(name, chance).items()
        if not is_similar_name(name, other)
    ]
    # A slip that turns one usual name into another («بهاران» → «باران») cannot be told from another NGO.
    assert [miss for miss in missed if not {"باران", "بهاران"} & set(miss[2].split())] == []
    assert len(missed) <= 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("مؤسسه خیریه مهر آفرین", "موسسه خيريه مهرآفرین"),
        ("مؤسسه خیریه مهرآفرین", "خیریه مهرآفرین"),
        ("سازمان مردم‌نهاد یاوران کودک", "انجمن یاوران کودک"),
        ("انجمن حامیان محیط زیست شهری پرتو", "انجمن حامیان محیط‌زیست شهری پرتوو"),
        ("انجمن حامیان محیط زیست شهری پرتو", "انجمن شهری حامیان محیط زیست پرتو"),
        ("مؤسه حمایتی نابینایان", "مؤسسه حمایتی نابینایان"),
        ("گروه کتاب و کتاب‌خوانی یاس", "گروه کتاب کتابخوانی یاس"),
        ("کانون مهرورزان سالمندان", "کانون مهروزران سالمندان"),
    ],
)
def test_similar(first, second):
    assert is_similar_name(first, second)
    assert is_similar_name(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("مجمع مهرورزان سالمندان سپیده", "جمعیت مهرورزان سالمندان سپیده"),
        ("انجمن حامیان زنان سرپرست خانوار بهاران", "انجمن حامیان زنان سرپرست خانوار باران"),
        ("مجمع همراهان ناشنوایان آیینه", "مجمع همراهان نابینایان آیینه"),
        ("گروه یاوران زنان سرو", "گروه حامیان زنان سرو"),
        ("خانه سلامت محله ۱", "خانه سلامت محله ۲"),
        ("خانه سلامت محله", "خانه سلامت محله ۲"),
        ("یاوران کودکان", "یاوران سالمندان"),
        ("یاوران توانمندسازی کارآفرینان", "یاوران توانمندسیزو کارآفرینین"),
        ("", ""),
        ("—", "—"),
        ("انجمن یاوران", ""),
    ],
)
def test_not_similar(first, second):
    assert not is_similar_name(first, second)
    assert not is_similar_name(second, first)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("مؤسسه خیریه مهرآفرین", "خیریه مهرافرین"),
        ("سازمان مردم‌نهاد خانه کودک", "کودک"),
        ("یاوران", "یاوران"),
        ("خانه", "خانه"),
        ("", ""),
    ],
)
def test_name_core(name, core):
    assert name_core(name) == core


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("", "", 0), ("الف", "الف", 0), ("ابج", "اب", 1), ("ابج", "باج", 1), ("ابج", "دبژ", 2)],
)
def test_slips(first, second, distance):
    assert slips(first, second, at_most=3) == distance


@given(st.text(alphabet=LETTERS + " ۱", max_size=25), st.text(alphabet=LETTERS + " ۱", max_size=25))
def test_similarity_is_symmetric_and_holds_for_itself(first, second):
    assert is_similar_name(first, second) == is_similar_name(second, first)
    assert is_similar_name(first, first) == bool(first.strip())


@given(st.text(alphabet="ابپت", max_size=7), st.text(alphabet="ابپت", max_size=7), st.integers(0, 4))
def test_a_bound_only_stops_early(first, second, at_most):
    exact = slips(first, second, at_most=20)
    assert slips(first, second, at_most=at_most) == exact or (
        exact > at_most < slips(first, second, at_most=at_most)
    )
