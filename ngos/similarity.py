"""Names so close that they may be one NGO (N1): a warning before saving, never a refusal. Pure.

Meant as the second filter behind a trigram query in PostgreSQL (similarity ≥ 0.6 on the folded name, page 9):
trigrams alone call «حامیان کودکان یاس» and «یاوران کودکان یاس» close, which are two NGOs.

Two names are similar when, after folding and without the word for the legal kind,
  · they are the same, whatever blanks and half-spaces stand in them, or hold the same words in another order; or
  · the words they do not share differ by at most one slip of the hand per five letters, two at most.
A slip is a letter added, left out, changed, or swapped with its neighbour (optimal string alignment distance,
Damerau 1964). They are not similar when both name a legal kind and the kinds differ (registers hold many such
pairs), when all they differ in are usual names («باران», «بهاران»), or when the numbers in them differ («شعبه ۱»).

Measured on the sample register of the tests: none of the 173,755 pairs of its 590 accepted names is similar,
although 16 pairs differ in the legal kind alone and one («… باران», «… بهاران») by one letter; the next nearest are
three letters apart, hence two slips at most. Of the same names with one letter left out, doubled, changed or
swapped, a blank lost, the kind left out or the words reordered, all are found but where the slip makes another
usual name. Trigrams see short names badly: ask them for the name and, better, for its `name_core`.
"""

import re
from collections import Counter

from staff_portal.kernel.persian.search import search_fold

MAX_SLIPS = 2
LETTERS_PER_SLIP = 5

# fmt: off
_KINDS = frozenset(map(search_fold, (
    "جمعیت", "انجمن", "کانون", "مرکز", "گروه", "مجمع", "خانه", "مؤسسه", "بنیاد",
)))
_GENERIC = frozenset(map(search_fold, ("سازمان", "سمن", "تشکل", "مردم", "نهاد", "مردمنهاد")))
# Names many an NGO bears that lie one or two letters from another such name: each is meant as it stands.
_USUAL_NAMES = frozenset(map(search_fold, (
    "باران", "بهاران", "بهار", "یاس", "یاسین", "نسیم", "تسنیم", "رویش", "پویش", "کوشش", "نور", "نوید",
    "امید", "آوا", "نوا", "سرو", "سرود", "پرتو", "پرواز", "پناه", "پگاه", "هما", "سما", "صبا", "صفا",
    "وفا", "شفا", "رها", "ماه", "ماهان", "گلستان", "بوستان", "دوستان", "آفاق", "افق", "شفق", "احسان",
    "ایثار", "مهر", "سپهر",
)))
# fmt: on
_AND = "و"


def name_core(name: str) -> str:
    """The folded name without a word for the legal kind at its beginning; the whole if nothing else is left."""
    return " ".join(_core(_words(name)))


def whole_name(name: str) -> str:
    """The folded name with the word for its kind, without «سازمان مردم‌نهاد» and the like before it."""
    return " ".join(_words(name))


def _words(name: str) -> list[str]:
    """Folded words without «سازمان مردم‌نهاد» and the like at the beginning, which say nothing of the kind."""
    words = search_fold(name).split()
    start = next((place for place, word in enumerate(words) if word not in _GENERIC), 0)
    return words[start:]


def _core(words: list[str]) -> list[str]:
    return words[1:] if _leading_kind(words) else words


def is_similar_name(first: str, second: str) -> bool:
    """Whether two names may belong to one NGO (N1). Symmetric; a name without any letter or digit is like none."""
    words, other_words = _words(first), _words(second)
    if not words or not other_words:
        return False
    if words == other_words:
        return True
    kind, other_kind = _leading_kind(words), _leading_kind(other_words)
    if kind and other_kind and kind != other_kind:
        return False
    if _is_close(_core(words), _core(other_words)):
        return True
    # One kind may be misspelt or stand elsewhere in the name; then it counts as a word like the others.
    return not (kind and other_kind) and _is_close(words, other_words)


def _leading_kind(words: list[str]) -> str:
    return words[0] if len(words) > 1 and words[0] in _KINDS else ""


def _is_close(words: list[str], other_words: list[str]) -> bool:
    if "".join(words) == "".join(other_words):
        return True
    if Counter(re.findall("[0-9]+", " ".join(words))) != Counter(re.findall("[0-9]+", " ".join(other_words))):
        return False
    rest, other_rest = _without_shared(words, other_words)
    if rest and other_rest and all(word in _USUAL_NAMES for word in rest + other_rest):
        return False
    mine, theirs = "".join(rest), "".join(other_rest)
    if not mine or not theirs:
        return len(mine + theirs) <= MAX_SLIPS
    allowed = min(MAX_SLIPS, max(1, max(len(mine), len(theirs)) // LETTERS_PER_SLIP))
    return slips(mine, theirs, at_most=allowed) <= allowed


def _without_shared(words: list[str], other_words: list[str]) -> tuple[list[str], list[str]]:
    """The words of each that the other does not have, in their order; «و» is no word of its own."""
    words = [word for word in words if word != _AND]
    other_words = [word for word in other_words if word != _AND]
    shared = Counter(words) & Counter(other_words)
    return _left_over(words, shared.copy()), _left_over(other_words, shared.copy())


def _left_over(words: list[str], shared: Counter[str]) -> list[str]:
    left = []
    for word in words:
        if shared[word]:
            shared[word] -= 1
        else:
            left.append(word)
    return left


def slips(first: str, second: str, *, at_most: int) -> int:
    """Optimal string alignment distance; any number above `at_most` stands for "more than that"."""
    if abs(len(first) - len(second)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        before, last, row = row, before, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most and min(before) > at_most:
            return at_most + 1
    return row[-1]
