"""Whose turn it is in a vote: one item for each silent seat, the closing for the secretary, by rows and by the clock."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.models import Ballot, Motion
from committee.operations import seats
from committee.workflow.motions import MOTION, cast
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, OutboxMessage, User, WorkItem
from staff_portal.kernel.workflow import sweeps, work
from staff_portal.kernel.workflow.holds import place_hold
from tests.committee.motions.world import SEATS, World, votes
from tests.factories.people import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
#: what one ballot costs: lock, powers, seat, chain, entry, outbox and the items of the other seats
MOST_QUERIES = 25


def seats_waiting(motion: Motion) -> set[str]:
    """The seats for whose ballot an open item waits."""
    rows = WorkItem.objects.filter(subject_type="committee.motion", subject_id=motion.pk, row="cast")
    return set(rows.filter(closed_at=None, address_kind="seat").values_list("address_key", flat=True))


def closing(world: World, on: date) -> list[str]:
    items = work.open_items(world.secretary, on).filter(row="close_vote")
    return list(items.values_list("detail", flat=True))


def unchanged() -> bool:
    """Whether a rebuild from the records finds what the rows have stored."""
    return work.rebuild(at=NOW, mend=False).total == 0


def test_five_seats_wait_until_they_vote_stand_aside_or_the_vote_ends(world: World) -> None:
    motion = world.opened()
    assert seats_waiting(motion) == set(SEATS)
    world.vote(motion, hq1="for")
    world.recuse(motion, "ngo")
    assert seats_waiting(motion) == {"hq2", "deputy1", "deputy2"}
    assert unchanged()
    world.close(motion)
    assert seats_waiting(motion) == set()
    assert unchanged()


def test_whom_the_system_set_aside_is_asked_for_no_ballot(world: World) -> None:
    motion = world.circulated(concerns_ngo=world.committee.ngo)
    assert seats_waiting(motion) == set(SEATS) - {"ngo"}
    assert unchanged()


def test_asking_for_a_meeting_ends_every_item(world: World) -> None:
    motion = world.circulated()
    MOTION.apply(motion, "ask_meeting", actor=world.people["hq1"], at=NOW, note="گفت‌وگو لازم است.")
    (left,) = WorkItem.objects.filter(subject_type="committee.motion", closed_at=None)
    assert left.subject_id == motion.successors.get().pk, "its text waits for a meeting"
    assert unchanged()


def test_the_clock_ends_the_ballots_and_begins_the_closing(world: World) -> None:
    motion = world.circulated(days=2)
    last = TODAY + timedelta(days=4)
    member = world.people["ngo"]
    assert work.open_items(member, last).filter(row="cast").exists()
    assert not work.open_items(member, last + ONE_DAY).filter(row="cast").exists()
    assert (closing(world, last), closing(world, last + ONE_DAY)) == ([], ["مهلت آن گذشته است"])
    sweeps.run(NOW + timedelta(days=5), MOTION)
    assert closing(world, last + ONE_DAY) == []
    assert Motion.objects.get(pk=motion.pk).state == "lapsed"
    assert unchanged()


def test_a_seat_that_empties_is_awaited_until_its_last_day(world: World) -> None:
    motion = world.circulated()
    world.vote(motion, **votes("fffa-"))
    assert closing(world, TODAY) == []
    seating, head = world.committee.seatings["ngo"], world.committee.hq_manager
    seats.end_seating(
        seating, last_day=TODAY + ONE_DAY, cause=seats.SeatingEnd.RECALLED, note="پایان", actor=head, at=NOW
    )
    assert closing(world, TODAY + ONE_DAY) == []
    assert closing(world, TODAY + 2 * ONE_DAY) == ["همه رأی داده‌اند"]
    assert unchanged()


def test_a_ballot_waits_for_whoever_sits_and_for_nobody_twice(world: World) -> None:
    """The successor is asked; who has voted and takes another seat has no second ballot."""
    motion = world.circulated(days=20)
    c, tomorrow = world.committee, TODAY + ONE_DAY
    fresh = make_user(Role.HQ_MEMBER, side="hq")
    seat = c.seatings["hq2"].seat
    appointed = {"actor": c.hq_manager, "at": NOW, "starts_on": tomorrow, "reference": "۱۲"}
    seats.appoint(seat, person=fresh, **appointed)
    assert not work.open_items(fresh, TODAY).filter(row="cast").exists()
    assert work.open_items(fresh, tomorrow).filter(row="cast").exists()
    assert not work.open_items(c.hq2, tomorrow).filter(row="cast").exists()
    world.vote(motion, hq1="for")
    seats.end_seating(
        c.seatings["hq1"], last_day=TODAY, cause=seats.SeatingEnd.RECALLED, note="پایان", actor=None, at=NOW
    )
    (item,) = WorkItem.objects.filter(row="cast", address_key="hq2", closed_at=None)
    assert item.but == [c.hq1.pk]
    assert unchanged()


def test_a_hold_on_the_last_silent_seat_lets_the_secretary_close(world: World) -> None:
    motion = world.opened()
    world.vote(motion, **votes("fffa-"))
    assert closing(world, TODAY) == []
    place_hold(world.committee.seatings["ngo"], reason="تعلیق سمن", actor=None, at=NOW)
    assert closing(world, TODAY) == ["همه حاضران رأی داده‌اند"]
    assert unchanged()


def test_nothing_of_a_ballot_but_its_place_is_told(world: World) -> None:
    """Neither entry, outbox nor work item names the choice or the reason."""
    motion = world.circulated()
    cast(motion, actor=world.people["hq1"], at=NOW, choice="against", reason="گران است")
    entry = AuditEntry.objects.get(event="motion.cast")
    assert set(entry.after) == {"state", "seat", "sequence", "ballot_hash"}
    told = [entry.before, entry.after, entry.note, entry.subject_label]
    told += list(OutboxMessage.objects.values_list("told", flat=True))
    told += list(WorkItem.objects.values_list("title", "detail"))
    for word in ("against", "مخالف", "گران"):
        assert word not in str(told)


def test_the_ballot_has_one_page_and_no_other(world: World, signed_in: Any) -> None:
    """The general page of a row would keep a draft in the browser: it leads to the ballot's own."""
    motion = world.opened()
    client = signed_in(world.people["hq1"])
    general = reverse("committee:motion_do", args=[motion.pk, "cast"])
    own = reverse("committee:motion_cast", args=[motion.pk])
    for response in (client.get(general), client.post(general, {"choice": "for"})):
        assert response.headers["Location"] == own
    assert not Ballot.objects.exists()


def test_a_ballot_asks_few_queries(world: World) -> None:
    motion = world.opened()
    voter = User.objects.get(pk=world.people["hq2"].pk)
    with CaptureQueriesContext(connection) as asked:
        cast(motion, actor=voter, at=NOW, choice="for")
    assert len(asked) <= MOST_QUERIES
    seatings = [row for row in asked if row["sql"].startswith('SELECT "committee_seating"."id"')]
    assert len(seatings) <= 2
