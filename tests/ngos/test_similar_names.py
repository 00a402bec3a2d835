"""The index finds exactly what asking every pair finds."""

import random

import pytest

from ngos.register_file import read_register
from ngos.similar_names import SimilarNames
from ngos.similarity import is_similar_name
from staff_portal.kernel.persian.letters import clean_text
from tests.ngos.register_samples import REGISTER

LETTERS = "ابتجدرسشمنوهیک"


def slip(name: str, chance: random.Random) -> str:
    """One slip of the hand."""
    place = chance.randrange(len(name) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + chance.choice(LETTERS) + name[place:]
    if kind == 2:
        return name[:place] + chance.choice(LETTERS) + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def other_spelling(name: str, chance: random.Random) -> str:
    words = name.split()
    kind = chance.randrange(6)
    if kind == 0:
        chance.shuffle(words)
    elif kind == 1:
        words = words[1:]
    elif kind == 2:
        words = ["سازمان", "مردم‌نهاد", *words]
    elif kind == 3:
        words.insert(len(words) // 2, "و")
    elif kind == 4:
        words = ["".join(words[:2]), *words[2:]]
    text = " ".join(words) or name
    for _ in range(chance.randrange(4)):
        text = slip(text, chance) if len(text) > 3 else text
    return text


@pytest.fixture(scope="module")
def names() -> list[str]:
    rows = read_register(REGISTER).rows
    return [clean_text(row.cells["name"]) for row in rows if row.cells.get("name")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_finds_what_every_pair_would(names, seed):
    chance = random.Random(seed)
    some = chance.sample(names, 80)
    every = [*some, *(other_spelling(chance.choice(some), chance) for _ in range(130))]
    index = SimilarNames()
    for number, name in enumerate(every):
        index.add(number, name)
    pairs = 0
    for name in every:
        found = [number for number, _ in index.find(name)]
        wanted = [number for number, other in enumerate(every) if is_similar_name(name, other)]
        assert found == wanted, name
        pairs += len(wanted)
    assert pairs > 350


def test_nothing_is_found_for_a_name_of_signs_or_in_an_empty_index():
    index = SimilarNames()
    assert index.find("انجمن یاس") == []
    index.add(1, "؟")
    assert index.find("؟") == index.find("") == []


def test_one_key_may_have_several_names():
    index = SimilarNames()
    index.add("a", "انجمن دوستداران زنبق")
    index.add("a", "انجمن پژوهشگران شقایق")
    assert index.find("دوستداران زنبق") == [("a", "انجمن دوستداران زنبق")]
    assert index.find("پژوهشگران شقایقی") == [("a", "انجمن پژوهشگران شقایق")]
