"""Stories told in the order of time, so that numbers and letters of the demo run like an office's own."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

Story = Iterator[datetime]


class Clock:
    """Moments before the demo's day: ``clock.at(days_ago, hour, minute)`` in Tehran time."""

    def __init__(self, on: date) -> None:
        self.on = on

    def at(self, days_ago: float, hour: int = 10, minute: int = 0) -> datetime:
        day = self.on - timedelta(days=int(days_ago))
        return timezone.make_aware(datetime.combine(day, time(hour % 24, minute % 60)))


def tell(stories: Iterable[Story], *, at_night: Callable[[datetime], None]) -> None:
    """Run all stories step by step; each yields the moment of its next step. ``at_night`` ends every day."""
    order = count()
    queue: list[tuple[datetime, int, Story]] = []
    for story in stories:
        _push(queue, story, next(order))
    today: datetime | None = None
    while queue:
        moment, _, story = heapq.heappop(queue)
        if today is not None and moment.date() != today.date():
            at_night(today)
        today = moment
        _push(queue, story, next(order))
    if today is not None:
        at_night(today)


def _push(queue: list[tuple[datetime, int, Story]], story: Story, place: int) -> None:
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(queue, (moment, place, story))
