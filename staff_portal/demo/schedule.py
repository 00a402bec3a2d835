"""Stories told in the order of time, so that numbers and letters of the demo run like an office's own."""

import heapq
from collections.abc import Iterable, Iterator
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


def tell(stories: Iterable[Story]) -> None:
    """Run all stories step by step; each yields the moment of its next step."""
    order = count()
    queue: list[tuple[datetime, int, Story]] = []
    for story in stories:
        _push(queue, story, next(order))
    while queue:
        _, _, story = heapq.heappop(queue)
        _push(queue, story, next(order))


def _push(queue: list[tuple[datetime, int, Story]], story: Story, place: int) -> None:
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(queue, (moment, place, story))
