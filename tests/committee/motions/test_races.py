"""Ballots against one another and against the closing, on real commits: none twice, none lost, none too late (C5)."""

from datetime import timedelta
from itertools import count

from committee.enums import PresenceKind
from committee.models import AgendaItem, Ballot, Motion, Recusal
from committee.operations.ballot_ledger import verify_ballots
from committee.workflow.motions import MOTION, cast
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import User, WorkItem
from staff_portal.kernel.workflow import sweeps
from tests.committee import acts
from tests.committee.motions.world import SEATS, World, votes
from tests.factories.people import NOW

ROUNDS = 12
_PLACES = count(2)


def fresh(user):
    return User.objects.get(pk=user.pk)


def opened(world: World) -> Motion:
    """One more motion in the same meeting; everybody is there already."""
    motion = world.tabled()
    AgendaItem.objects.create(
        meeting=world.meeting, position=next(_PLACES), kind="motion", title=motion.title, motion=motion
    )
    return MOTION.apply(motion, "open_vote", actor=world.secretary, at=NOW)


def ballot(world: World, motion: Motion, code: str, choice: str):
    return lambda: cast(motion, actor=fresh(world.people[code]), at=NOW, choice=choice)


def close(world: World, motion: Motion):
    return lambda: MOTION.apply(motion, "close_vote", actor=fresh(world.secretary), at=NOW)


def test_ballots_against_the_closing(committed_db, committed_world: World):
    world = committed_world
    world.arrive(*SEATS)
    for number in range(ROUNDS):
        motion = opened(world)
        calls = [ballot(world, motion, code, choice) for code, choice in votes("fffaa").items()]
        calls.insert(number % 6, close(world, motion))
        results = committed_db.together(calls)
        closing = results.pop(number % 6)
        accepted = [row for row in results if isinstance(row, Ballot)]
        refused = [row for row in results if not isinstance(row, Ballot)]
        assert not isinstance(closing, Exception)
        assert all(isinstance(row, Refusal) for row in refused)
        motion.refresh_from_db()
        stored = list(motion.ballots.order_by("sequence"))
        assert {row.pk for row in accepted} == {row.pk for row in stored}
        assert motion.ballot_count == len(stored)
        assert motion.last_hash == (stored[-1].hash if stored else motion.text_hash)
        assert motion.votes_for == sum(row.choice == "for" for row in stored)
        assert motion.state == ("carried" if motion.votes_for >= 3 else "lost")
    assert verify_ballots().ok


def test_one_member_with_many_hands_has_one_ballot(committed_db, committed_world: World):
    world = committed_world
    world.arrive(*SEATS)
    for _ in range(4):
        motion = opened(world)
        results = committed_db.together(
            [ballot(world, motion, "ngo", choice) for choice in ("for", "against", "abstain") * 2]
        )
        assert sum(isinstance(row, Ballot) for row in results) == 1
        assert all(isinstance(row, Ballot | Refusal) for row in results)
        assert motion.ballots.count() == 1


def test_voting_and_recusing_at_once_leaves_one_of_them(committed_db, committed_world: World):
    world = committed_world
    world.arrive(*SEATS)
    for _ in range(4):
        motion = opened(world)

        def recuse(motion: Motion = motion):
            return MOTION.apply(motion, "recuse", actor=fresh(world.people["ngo"]), at=NOW, note="ذی‌نفعم")

        committed_db.together([ballot(world, motion, "ngo", "for"), recuse] * 2)
        assert motion.ballots.count() + Recusal.objects.filter(motion=motion).count() == 1


def test_closings_collide_and_one_wins(committed_db, committed_world: World):
    world = committed_world
    world.arrive(*SEATS)
    motion = opened(world)
    world.vote(motion, **votes("fff--"))
    results = committed_db.together([close(world, motion)] * 4)
    assert sum(not isinstance(row, Exception) for row in results) == 1
    assert Motion.objects.get().resolution.number.text == "1405/م/1"


def test_a_departure_against_the_closing_is_counted_or_comes_after_it(committed_db, committed_world: World):
    world = committed_world
    world.arrive("hq1", "deputy1", at=NOW - timedelta(minutes=20))
    outcomes = set()
    for number in range(8):
        world.arrive("ngo", at=NOW + timedelta(minutes=2 * number))
        motion = opened(world)
        world.vote(motion, hq1="for", deputy1="for", ngo="for")
        gone = NOW + timedelta(minutes=2 * number + 1)
        calls = [lambda gone=gone: world.leave("ngo", at=gone), close(world, motion)]
        results = committed_db.together(calls[:: 1 if number % 2 else -1])
        assert not [row for row in results if isinstance(row, Exception)]
        motion.refresh_from_db()
        expected = {True: "carried", False: "lapsed"}["ngo" in motion.closed_presence]
        assert motion.state == expected
        outcomes.add(motion.state)
    assert outcomes <= {"carried", "lapsed"}


def test_the_last_ballot_and_a_departure_do_not_miss_each_other(committed_db, committed_world: World):
    """Whichever comes first, nobody in the room is awaited then, and the secretary's item says so."""
    world = committed_world
    world.arrive("hq1", "deputy1", "ngo", at=NOW - timedelta(minutes=20))
    for number in range(6):
        minute = timedelta(minutes=2 * number)
        world.arrive("hq2", at=NOW + minute)
        motion = opened(world)
        world.vote(motion, hq1="for", deputy1="for")
        gone = NOW + minute + timedelta(minutes=1)
        seating = world.committee.seatings["hq2"]

        def leave(at=gone, seating=seating):
            return acts.record_presence(
                world.meeting, seating, kind=PresenceKind.LEFT, actor=fresh(world.secretary), at=at
            )

        calls = [leave, ballot(world, motion, "ngo", "for")]
        results = committed_db.together(calls[:: 1 if number % 2 else -1])
        assert not [row for row in results if isinstance(row, Exception)]
        items = WorkItem.objects.filter(subject_id=motion.pk, row="close_vote", closed_at=None)
        assert [item.detail for item in items] == ["همه حاضران رأی داده‌اند"]
        world.close(motion, at=gone)


def test_the_deadline_is_closed_once_however_many_ask(committed_db, committed_world: World):
    motion = committed_world.circulated(days=2)
    committed_world.vote(motion, **votes("fff--"))
    late = NOW + timedelta(days=10)
    results = committed_db.together([lambda: sweeps.run(late, MOTION)] * 4)
    assert sum(results) == 1
    motion.refresh_from_db()
    assert motion.state == "carried"


def test_colliding_drafts_get_different_numbers_without_gap(committed_db, committed_world: World):
    world = committed_world
    results = committed_db.together([lambda: world.draft(fresh(world.committee.hq_expert)).number] * 8)
    assert sorted(results) == list(range(1, 9))
