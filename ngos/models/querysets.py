"""Chainable conditions on NGOs; no logic beyond what a WHERE clause says."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from ngos.enums import MembershipState
from staff_portal.kernel.persian.search import search_fold

if TYPE_CHECKING:
    from ngos.models.registry import Ngo  # noqa: F401

SHORT = 2


class ShortPieces(Func):
    """Every letter and every pair of neighbouring letters in the words of a text, for an index of short words."""

    function = "ngos_short_pieces"
    arity = 1
    output_field = ArrayField(models.TextField())


class NgoQuerySet(models.QuerySet["Ngo"]):
    """Sets of NGOs."""

    def members(self) -> "NgoQuerySet":
        """Members in force."""
        return self.filter(state=MembershipState.MEMBER)

    def members_on(self, on: date) -> "NgoQuerySet":
        """NGOs that were members on a day (N4: every period is kept)."""
        return self.filter(membership_periods__period__contains=on)

    def with_level(self, *ranks: int, on: date) -> "NgoQuerySet":
        """NGOs whose valid grade on a day has one of the ranks (N8)."""
        return self.filter(level_rank__in=ranks, grade_valid_until__gte=on)

    def without_level(self, on: date) -> "NgoQuerySet":
        return self.filter(Q(level_rank__isnull=True) | Q(grade_valid_until__lt=on))

    def matching(self, query: str, *, by_pieces: bool = False) -> "NgoQuerySet":
        """Every word of ``query`` occurs in the record's search text, whatever letters or digits were typed.

        A word of three letters or more is looked up in the index of trigrams, to which shorter ones are of no
        use. With ``by_pieces`` one or two letters, when nothing longer was typed, are looked up in an index of
        their own, which finds the same: best where few are found. Without it the records are read until enough
        are found, which is best where many are.
        """
        words = search_fold(query).split()
        if by_pieces and is_short(words):
            pieces = self.alias(short_pieces=ShortPieces(F("search_text")))
            return pieces.filter(short_pieces__contains=words)  # type: ignore[misc]  # an array of them
        found = self
        for word in words:
            found = found.filter(search_text__contains=word)
        return found


def is_short(words: list[str]) -> bool:
    """Whether no word is long enough for the index of trigrams."""
    return bool(words) and max(map(len, words)) <= SHORT
