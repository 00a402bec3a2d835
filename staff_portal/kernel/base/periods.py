"""Periods of whole days: people give inclusive ends, PostgreSQL keeps ``[start, end)``."""

from datetime import date, timedelta

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Q
from psycopg2.extras import DateRange


def period(start: date, last_day: date | None = None) -> DateRange:
    """From ``start`` to ``last_day`` inclusive; open-ended when that is None."""
    return DateRange(start, None if last_day is None else last_day + timedelta(days=1), "[)")


def last_day(value: DateRange) -> date | None:
    """The last day inside a period, None when it is open."""
    return None if value.upper is None else value.upper - timedelta(days=1)


def covers(value: DateRange, on: date) -> bool:
    """Whether ``on`` lies within the period."""
    if value.isempty:
        return False
    return (value.lower is None or value.lower <= on) and (value.upper is None or on < value.upper)


def in_force(on: date, field: str = "period") -> Q:
    """The condition for periods that contain ``on``."""
    return Q(**{f"{field}__contains": on})


class PeriodField(DateRangeField):
    """A date range; PostgreSQL keeps it with inclusive start and exclusive end (its canonical form)."""
