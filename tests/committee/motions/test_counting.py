"""Counting: the worked examples through the pure function and through the operations, properties of the tally (C4, C5)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.enums import SEAT_SIDE, Choice, MotionState, SeatCode, VotingMode
from committee.models import Motion, Resolution
from committee.tally import base_of, has_quorum, needed, tally
from committee.workflow.motions import MOTION
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.workflow import sweeps
from tests.committee.motions.world import SEATS, World, votes
from tests.factories.people import NOW

ALL = frozenset(SEATS)

# votes in the order of the seats, who is present, who recused, outcome, base
EXAMPLES = [
    pytest.param("fffaa", ALL, (), "carried", 5, id="five present, 3 for 2 against"),
    pytest.param("ffaa-", ALL - {"ngo"}, (), "lost", 5, id="four present, a tie is lost"),
    pytest.param("ffaf-", ALL, ("ngo",), "carried", 4, id="one recused, 3 for 1 against"),
    pytest.param("ffaa-", ALL, ("ngo",), "lost", 4, id="one recused, 2 for 2 against"),
    pytest.param("ffa--", ALL, ("deputy2", "ngo"), "carried", 3, id="two recused, 2 for 1 against"),
    pytest.param("ffnnn", ALL, (), "lost", 5, id="abstaining does not help"),
    pytest.param("fff--", ALL, (), "carried", 5, id="three of five with two silent"),
    pytest.param("-----", ALL, (), "lost", 5, id="nobody votes"),
]


@pytest.mark.parametrize(("signs", "present", "recused", "state", "base"), EXAMPLES)
def test_the_worked_examples_by_the_pure_function(signs, present, recused, state, base):
    result = tally(votes(signs), recused=recused, mode=VotingMode.MEETING, present=present)
    assert (result.state, result.base, result.reason) == (state, base, "")


@pytest.mark.django_db
@pytest.mark.parametrize(("signs", "present", "recused", "state", "base"), EXAMPLES)
def test_the_worked_examples_by_the_operations(world: World, signs, present, recused, state, base):
    motion = world.opened(*sorted(present))
    world.recuse(motion, *recused)
    world.vote(motion, **votes(signs))
    closed = world.close(motion)
    assert (closed.state, closed.base, closed.recused_count) == (state, base, len(recused))
    cast = votes(signs)
    assert closed.ballot_count == len(cast)
    assert closed.votes_for == sum(choice == "for" for choice in cast.values())
    assert set(closed.opened_presence) == set(closed.closed_presence) == set(present)
    assert Resolution.objects.filter(motion=closed).exists() == (state == "carried")


def test_hq_hq_and_ngo_are_no_quorum():
    assert not has_quorum({"hq1", "hq2", "ngo"})
    assert not has_quorum({"hq1", "deputy1"})
    assert has_quorum({"hq1", "deputy1", "ngo"})


@pytest.mark.django_db
def test_without_quorum_nothing_is_put_to_the_vote(world: World):
    motion = world.on_agenda(world.tabled())
    world.arrive("hq1", "hq2", "ngo")
    with pytest.raises(Refusal, match="رسمیت"):
        MOTION.apply(motion, "open_vote", actor=world.secretary, at=NOW)
    assert Motion.objects.get().state == MotionState.TABLED


@pytest.mark.django_db
def test_one_of_three_leaves_before_closing(world: World):
    motion = world.opened("hq1", "deputy1", "ngo")
    world.vote(motion, hq1="for", deputy1="for", ngo="for")
    world.leave("ngo")
    closed = world.close(motion)
    assert (closed.state, closed.outcome_reason) == ("lapsed", "هنگام پایان رأی‌گیری جلسه رسمیت نداشت.")
    assert (closed.votes_for, closed.ballot_count) == (3, 3)
    assert (closed.opened_presence, closed.closed_presence) == (
        ["hq1", "deputy1", "ngo"],
        ["hq1", "deputy1"],
    )


@pytest.mark.django_db
def test_who_recused_is_present_for_the_quorum(world: World):
    motion = world.opened("hq1", "deputy1", "ngo")
    world.recuse(motion, "ngo")
    world.vote(motion, hq1="for", deputy1="for")
    closed = world.close(motion)
    assert (closed.state, closed.base, closed.votes_for) == ("lost", 4, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("signs", "state", "reason"),
    [
        ("fffaa", "carried", ""),
        ("fff--", "carried", ""),
        ("ff---", "lapsed", "کمتر از سه رأی"),
        ("ff--f", "lapsed", "از یک طرف هیچ رأیی"),
        ("--ffn", "lapsed", "از یک طرف هیچ رأیی"),
        ("f-f-n", "lost", ""),
    ],
)
def test_by_circulation_both_sides_and_three_ballots_are_needed(world: World, signs, state, reason):
    motion = world.circulated(days=3)
    world.vote(motion, **votes(signs))
    assert sweeps.run(NOW, MOTION) == 0
    assert sweeps.run(NOW + timedelta(days=10), MOTION) == 1
    motion.refresh_from_db()
    assert motion.state == state
    assert reason in motion.outcome_reason
    assert sweeps.run(NOW + timedelta(days=11), MOTION) == 0


# --- properties -----------------------------------------------------------------------------------------

seat = st.sampled_from(SeatCode.values)


@st.composite
def situations(draw):
    recused = draw(st.sets(seat, max_size=4))
    voters = [code for code in SeatCode.values if code not in recused]
    ballots = {code: draw(st.sampled_from(["", *Choice.values])) for code in voters}
    return (
        {code: choice for code, choice in ballots.items() if choice},
        recused,
        draw(st.sampled_from(VotingMode.values)),
        draw(st.sets(seat)),
    )


def run(situation):
    ballots, recused, mode, present = situation
    return tally(ballots, recused=recused, mode=mode, present=present)


@given(situations())
def test_carried_means_more_than_half_of_the_base(situation):
    result = run(situation)
    assert result.base == 5 - len(situation[1]) == base_of(situation[1])
    if result.state == "carried":
        assert result.votes_for * 2 > result.base
        assert result.votes_for >= needed(result.base)
    if result.state == "lost":
        assert result.votes_for * 2 <= result.base
    assert result.ballots == len(situation[0])
    assert bool(result.reason) == (result.state == "lapsed")


@given(situations(), seat)
def test_an_abstention_never_helps(situation, code):
    ballots, recused, mode, present = situation
    if code in recused:
        return
    without = {key: value for key, value in ballots.items() if key != code}
    before = tally(without, recused=recused, mode=mode, present=present)
    after = tally({**without, code: "abstain"}, recused=recused, mode=mode, present=present)
    assert after.votes_for == before.votes_for
    if mode == VotingMode.MEETING:
        assert after.state == before.state
    else:  # by circulation it may only make the vote count at all
        assert not (before.state == "lost" and after.state == "carried")


@given(situations(), seat)
def test_one_more_vote_for_never_turns_carried_into_something_else(situation, code):
    ballots, recused, mode, present = situation
    if code in recused:
        return
    if run(situation).state == "carried":
        more = tally({**ballots, code: "for"}, recused=recused, mode=mode, present=present)
        assert more.state == "carried"


@given(situations())
def test_a_recused_seat_is_never_counted(situation):
    ballots, recused, mode, present = situation
    for code in recused:
        with pytest.raises(ValueError, match="recused"):
            tally({**ballots, code: "for"}, recused=recused, mode=mode, present=present)


@given(situations())
def test_a_meetings_vote_lapses_exactly_without_quorum(situation):
    ballots, recused, _, present = situation
    result = tally(ballots, recused=recused, mode=VotingMode.MEETING, present=present)
    assert (result.state == "lapsed") == (not has_quorum(present))


@given(situations())
def test_a_circulation_lapses_exactly_when_too_few_or_one_side_is_silent(situation):
    ballots, recused, _, present = situation
    sides = {SEAT_SIDE[code] for code in ballots}
    result = tally(ballots, recused=recused, mode=VotingMode.CIRCULATION, present=present)
    assert (result.state == "lapsed") == (len(ballots) < 3 or not {Side.HQ, Side.DEPUTY} <= sides)


@given(st.sets(seat))
def test_quorum_grows_with_the_room(present):
    if has_quorum(present):
        assert all(has_quorum({*present, code}) for code in SeatCode.values)
