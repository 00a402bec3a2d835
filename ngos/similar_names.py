"""Finding, among many names, those that `is_similar_name` calls similar, without asking every pair. Pure.

The names a register brings are compared with one another and with all that are stored: 10,000 against 100,000 are
a thousand million pairs. Two similar names differ by at most two slips, so their lengths differ by two at most and
the counts of their letters by four in all (a changed letter counts twice). With the letters in five groups, one
group at least has the same counts in both (pigeonhole principle): names are looked up by length and by each group,
and of those found only the ones whose letters differ by four at most are asked.
"""

from collections import Counter
from collections.abc import Hashable, Iterator

from ngos.similarity import MAX_SLIPS, is_similar_name, name_core, whole_name

_GROUPS = 2 * MAX_SLIPS + 1
_LETTERS_OF_GROUP = 8
_MOST_OF_A_LETTER = 12
_GROUP_BITS = _LETTERS_OF_GROUP * _MOST_OF_A_LETTER
_GROUP_MASK = (1 << _GROUP_BITS) - 1
# The commonest letters go to different groups, so that each group tells names apart.
_COMMON = "اینرمهودستشبگکزپفحقخجعطذچصثغضظژل0123456789"
_PLACE = {
    letter: ((at % _GROUPS) * _LETTERS_OF_GROUP + at // _GROUPS % _LETTERS_OF_GROUP) * _MOST_OF_A_LETTER
    for at, letter in enumerate(_COMMON)
}
# A name with a word for its kind is compared without it, and with it only to names that have none.
_CORE, _WHOLE, _BARE = "core", "whole", "bare"


class SimilarNames:
    """Names under keys; `find` gives those that may be the same organisation, in the order of adding."""

    def __init__(self) -> None:
        self._names: list[tuple[Hashable, str]] = []
        self._shelves: dict[int, list[tuple[int, int]]] = {}

    def add(self, key: Hashable, name: str) -> None:
        """Keep a name; the same key may be given several times."""
        number = len(self._names)
        self._names.append((key, name))
        core, whole = _spellings(name)
        self._put(_CORE, core, number)
        self._put(_BARE if whole == core else _WHOLE, whole, number)

    def find(self, name: str) -> list[tuple[Hashable, str]]:
        """Keys and names of the similar ones."""
        core, whole = _spellings(name)
        near = {*self._near(_CORE, core), *self._near(_WHOLE if whole == core else _BARE, whole)}
        return [
            self._names[number] for number in sorted(near) if is_similar_name(name, self._names[number][1])
        ]

    def _put(self, part: str, letters: str, number: int) -> None:
        counts = _counts(letters)
        for group in range(_GROUPS):
            self._shelves.setdefault(_shelf(part, len(letters), group, counts), []).append((number, counts))

    def _near(self, part: str, letters: str) -> Iterator[int]:
        counts = _counts(letters)
        for length in range(len(letters) - MAX_SLIPS, len(letters) + MAX_SLIPS + 1):
            for group in range(_GROUPS):
                for number, other in self._shelves.get(_shelf(part, length, group, counts), ()):
                    if (counts ^ other).bit_count() <= 2 * MAX_SLIPS:
                        yield number


def _shelf(part: str, length: int, group: int, counts: int) -> int:
    return hash((part, length, group, counts >> (group * _GROUP_BITS) & _GROUP_MASK))


def _spellings(name: str) -> tuple[str, str]:
    """The letters of the name without and with the word for its kind; «و» between two words is as good as none."""
    return _letters(name_core(name)), _letters(whole_name(name))


def _letters(text: str) -> str:
    return "".join(word for word in text.split() if word != "و")


def _counts(letters: str) -> int:
    """How often each letter occurs, as runs of ones: differing bits of two such numbers are differing letters."""
    counts = 0
    for letter, count in Counter(letters).items():
        place = _PLACE.get(letter, ord(letter) % (_GROUPS * _LETTERS_OF_GROUP) * _MOST_OF_A_LETTER)
        counts ^= ((1 << min(count, _MOST_OF_A_LETTER)) - 1) << place
    return counts
