"""Whom the next term appoints again while a meeting is called stays invited (C4)."""

from datetime import timedelta

import pytest

from committee.operations import meetings, seats
from committee.operations.presence import notices
from tests.committee.meetings.world import World
from tests.factories.committee import open_term
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


def test_the_same_person_in_the_next_term_is_still_invited() -> None:
    world = World()
    five = world.committee
    meeting = world.called()
    later = NOW + timedelta(days=2)
    term = open_term(five.hq_manager, five.deputy_manager, at=later)
    for code, head in (("hq2", five.hq_manager), ("deputy1", five.deputy_manager)):
        seats.appoint(
            term.seats.get(code=code),
            actor=head,
            at=later,
            person=five.seatings[code].person,
            starts_on=later.date() + timedelta(days=1),
            reference="۲",
        )
    assert meetings.uninvited(meeting, meeting.starts_at.date()) == []
    assert all(row.is_enough for row in notices(meeting, meeting.starts_at))
