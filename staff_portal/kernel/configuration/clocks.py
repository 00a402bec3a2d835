"""Working days of the Iranian calendar and the deadlines counted in them (K5).

Day one is the working day after the event; a clock ends at the end of its last day, Tehran time. Deadlines
are computed from the event whenever they are read, so a day closed at short notice moves running clocks.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from staff_portal.kernel.base import request_cache
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import Holiday

FRIDAY = 4
THURSDAY = 3
_HORIZON_DAYS = 3660


class WorkCalendar:
    """Which days are working days: a pure value made of a set of holidays and the Thursday rule."""

    def __init__(self, holidays: Iterable[date], *, thursday_off: bool) -> None:
        self.holidays = frozenset(holidays)
        self.days_off = {FRIDAY, THURSDAY} if thursday_off else {FRIDAY}

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.days_off and day not in self.holidays

    def add(self, start: date, days: int) -> date:
        """The last day of a clock of ``days`` working days that started by an event on ``start``."""
        if days < 0:
            raise ValueError("a clock has no negative length")
        current, left = start, days
        for _ in range(_HORIZON_DAYS):
            if left == 0:
                return current
            current += timedelta(days=1)
            if self.is_working_day(current):
                left -= 1
        raise ValueError("no working day within ten years")

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative when it is past."""
        if end < start:
            return -self.between(end, start)
        days = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


def calendar(on: date) -> WorkCalendar:
    """The calendar as it is known now; ``on`` decides which Thursday rule is in force."""
    return WorkCalendar(
        request_cache.once("holidays", lambda: frozenset(Holiday.objects.values_list("day", flat=True))),
        thursday_off=bool(settings_store.value(settings_store.THURSDAY_OFF, on)),
    )


def end_of_day(day: date) -> datetime:
    """The last moment of a day in Tehran."""
    return timezone.make_aware(datetime.combine(day, time.max))


def working_deadline(event_on: date, days: int) -> date:
    """The last day of a clock of ``days`` working days (K5)."""
    return calendar(event_on).add(event_on, days)
