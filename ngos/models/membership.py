"""Periods of membership (N3, N4)."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F

from ngos.enums import PeriodEnd
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.base.periods import PeriodField

_PERIOD_FACTS = f"""
    SELECT * INTO file FROM ngos_ngo WHERE id = NEW.ngo_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        IF file.state <> 'member' OR NOT upper_inf(NEW.period) OR NEW.ended_by <> '' OR NEW.ended_at IS NOT NULL
           OR NEW.created_at < file.state_since THEN
            {hardtriggers.raise_sql("n3_period_of_member")}
        END IF;
        IF lower(NEW.period) - (NEW.created_at AT TIME ZONE 'Asia/Tehran')::date NOT IN (0, 1) AND (
            lower(NEW.period) IS DISTINCT FROM file.member_since
            OR EXISTS (SELECT 1 FROM ngos_membershipperiod WHERE ngo_id = NEW.ngo_id)) THEN
            {hardtriggers.raise_sql("n3_nothing_backdated")}
        END IF;
        RETURN NEW;
    END IF;
    IF OLD IS DISTINCT FROM NEW AND (
        NOT upper_inf(OLD.period) OR lower(NEW.period) <> lower(OLD.period) OR upper_inf(NEW.period)
        OR NEW.ended_by = '' OR NEW.ended_at IS NULL OR NEW.ended_at < OLD.created_at
        OR file.state = 'member' OR NEW.ended_at < file.state_since
        OR upper(NEW.period) <>
            greatest(lower(OLD.period), (NEW.ended_at AT TIME ZONE 'Asia/Tehran')::date) + 1) THEN
        {hardtriggers.raise_sql("n3_period_ends_once")}
    END IF;
    RETURN NEW;
"""


class MembershipPeriod(models.Model):
    """A period in which an NGO was a member; open while it is one. Never deleted, never overlapping.

    It begins on the day on which it is recorded (the register's day where that was before this system) and includes
    the day of the act that ends it, once: nothing is backdated (X3).
    """

    ngo = models.ForeignKey("ngos.Ngo", on_delete=models.PROTECT, related_name="membership_periods")
    period = PeriodField("دوره عضویت")
    ended_by = models.CharField("سبب پایان", max_length=14, choices=PeriodEnd.choices, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField("زمان پایان", null=True, blank=True)

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
        triggers = [
            *hardtriggers.no_delete("n3_periods_kept"),
            hardtriggers.HardTrigger(
                name="facts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("file", "ngos_ngo%ROWTYPE")],
                func=_PERIOD_FACTS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ngo}: {self.period}"
