"""Periods of membership (N3, N4)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F

from ngos.enums import PeriodEnd
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.base.periods import PeriodField


class MembershipPeriod(models.Model):
    """A period in which an NGO was a member; open while it is one. Never deleted, never overlapping."""

    ngo = models.ForeignKey("ngos.Ngo", on_delete=models.PROTECT, related_name="membership_periods")
    period = PeriodField("دوره عضویت")
    ended_by = models.CharField("سبب پایان", max_length=14, choices=PeriodEnd.choices, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "دوره عضویت"
        verbose_name_plural = "دوره‌های عضویت"
        ordering = ["ngo", "period"]
        constraints = [
            ExclusionConstraint(
                name="n3_periods_disjoint",
                expressions=[(F("ngo"), RangeOperators.EQUAL), (F("period"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="n3_period_not_empty", condition=models.Q(period__isempty=False)),
        ]
        triggers = [*hardtriggers.no_delete("n3_periods_kept")]

    def __str__(self) -> str:
        return f"{self.ngo}: {self.period}"
