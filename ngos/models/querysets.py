"""Chainable conditions on NGOs; no logic beyond what a WHERE clause says."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from ngos.enums import MembershipState
from staff_portal.kernel.persian.search import search_fold

if TYPE_CHECKING:
    from ngos.models.registry import Ngo  # noqa: F401


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

    def matching(self, query: str) -> "NgoQuerySet":
        """Every word of ``query`` occurs in the record's search text, whatever letters or digits were typed."""
        found = self
        for word in search_fold(query).split():
            found = found.filter(search_text__contains=word)
        return found
