"""Periods of membership: opened with it, closed by suspension and end; the closed ones stay as they were (N3, N4)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ngos.enums import PeriodEnd
from ngos.models import MembershipPeriod, Ngo
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step


def open_period(ngo: Ngo, since: date, step: Step) -> None:
    """A new period opens; the old ones stay as they were (N4)."""
    table_for(MembershipPeriod).apply(ngo, "open", actor=step.actor, at=step.at, within=step, since=since)


def first_free_day(ngo: Ngo, on: date) -> date:
    """The day from which a new period may run: the day of the act belongs to the period that ended with it (X3)."""
    covered = MembershipPeriod.objects.filter(ngo=ngo, period__contains=on).exists()
    return on + timedelta(days=1) if covered else on


def ahead(ngo: Ngo, on: date) -> Iterator[str]:
    """A membership whose period begins tomorrow is not stopped before it has begun: nothing ends ahead of its day (X3)."""
    if MembershipPeriod.objects.filter(ngo=ngo, period__startswith__gt=on).exists():
        yield "دوره تازه عضویت از فردا آغاز می‌شود؛ این گام نیز از فردا شدنی است."


def close_period(ngo: Ngo, step: Step) -> None:
    """Close the running period: today is its last day (N4)."""
    running = MembershipPeriod.objects.filter(ngo=ngo, period__endswith__isnull=True).first()
    if running is not None:
        table_for(running).apply(running, "close", actor=step.actor, at=step.at, within=step)


def opened(ngo: Ngo, step: Step) -> dict[str, Any]:
    return {"ngo": ngo, "period": period(step.asked["since"]), "created_at": step.at}


def closed(running: MembershipPeriod, step: Step) -> dict[str, Any]:
    """A suspension names its kind, an end itself; one that began today lasts a day."""
    return {
        "period": period(running.period.lower, max(step.on, running.period.lower)),
        "ended_by": running.ngo.suspension_kind or PeriodEnd.ENDED,
        "ended_at": step.at,
    }
