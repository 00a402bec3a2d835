"""State × transition × role, from the table of motions: what may happen happens, the rest is refused and kept."""

from typing import Any

import pytest

from committee.enums import EffectState, MotionState
from committee.models import Ballot, Motion, Recusal
from committee.workflow.motions import MOTION
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from tests.committee.motions.world import SEATS, World, votes
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db

MEMBERS = set(SEATS)
SECRETARY = {"secretary"}
# who may, from the design's page on workflows; the proposer is HQ's expert
WHO: dict[str, set[str]] = {
    "table": SECRETARY,
    "carry_over": set(),
    "open_vote": SECRETARY,
    "circulate": SECRETARY,
    "cast": MEMBERS,
    "recuse": MEMBERS,
    "close_vote": SECRETARY,
    "ask_meeting": MEMBERS,
    "amend": SECRETARY,
    "withdraw": {"hq_expert"},
    "retry_effect": SECRETARY,
}
FROM: dict[str, set[str]] = {
    "table": {"draft"},
    "carry_over": {"draft"},
    "open_vote": {"tabled"},
    "circulate": {"tabled"},
    "cast": {"open"},
    "recuse": {"open"},
    "close_vote": {"open"},
    "ask_meeting": {"open"},
    "amend": {"tabled"},
    "withdraw": {"draft", "tabled"},
    "retry_effect": {"carried", "lost", "lapsed"},
}
TO: dict[str, set[str]] = {
    "table": {"tabled"},
    "open_vote": {"open"},
    "circulate": {"open"},
    "cast": {"open"},
    "recuse": {"open"},
    "close_vote": {"carried", "lost", "lapsed"},
    "ask_meeting": {"lapsed"},
    "amend": {"withdrawn"},
    "withdraw": {"withdrawn"},
}
ASKED: dict[str, dict[str, Any]] = {
    "cast": {"choice": "for"},
    "recuse": {"note": "در این پرونده ذی‌نفعم."},
    "ask_meeting": {"note": "گفت‌وگو لازم است."},
    "withdraw": {"note": "کامل نیست."},
    "amend": {"title": "عنوان", "text": "متن دیگر", "agreed": True},
    "circulate": {"days": 3},
}


def motion_in(world: World, state: str, name: str) -> Motion:
    """A motion in that state, in the surroundings in which the step could be taken."""
    in_meeting = name in ("open_vote", "amend")
    if state == "draft":
        return world.draft()
    if state == "tabled":
        motion = world.tabled()
        if in_meeting:
            world.on_agenda(motion)
            world.arrive(*SEATS)
        return motion
    if state == "withdrawn":
        actor = world.committee.hq_expert
        return MOTION.apply(world.draft(), "withdraw", actor=actor, at=NOW, note="کامل نیست.")
    motion = world.circulated() if name == "ask_meeting" else world.opened()
    if state == "open":
        return motion
    if state == "lapsed":
        if name == "ask_meeting":
            return MOTION.apply(motion, "ask_meeting", actor=world.people["hq1"], at=NOW, note="x")
        world.leave(*SEATS)
        return world.close(motion)
    world.vote(motion, **votes("fffff" if state == "carried" else "aaaaa"))
    return world.close(motion)


@pytest.mark.parametrize("state", MotionState.values)
@pytest.mark.parametrize("name", list(MOTION.transitions))
def test_every_cell(world: World, state: str, name: str):
    motion = motion_in(world, state, name)
    people = world.everybody() | {"nobody": None}
    before = Motion.objects.filter(pk=motion.pk).values().get()
    ballots, recusals = Ballot.objects.count(), Recusal.objects.count()
    refused = 0
    for who, user in people.items():
        if who in WHO[name] and state in FROM[name]:
            continue
        if who == "nobody" and MOTION.transitions[name].permission.system and state in FROM[name]:
            continue
        with pytest.raises((NotPermitted, Refusal)):
            MOTION.apply(motion, name, actor=user, at=NOW, **ASKED.get(name, {}))
        refused += 1
    assert Motion.objects.filter(pk=motion.pk).values().get() == before
    assert (Ballot.objects.count(), Recusal.objects.count()) == (ballots, recusals)
    assert AuditEntry.objects.filter(event="kernel.refused").count() == refused
    if state in FROM[name] and WHO[name]:
        _succeeds(world, motion, name)


def _succeeds(world: World, motion: Motion, name: str) -> None:
    who = next(iter(sorted(WHO[name])))
    if name == "retry_effect":  # nothing has failed: refused, but with that sentence
        with pytest.raises(Refusal, match="نیست"):
            MOTION.apply(motion, name, actor=world.everybody()[who], at=NOW)
        assert motion.effect_state == EffectState.NONE
        return
    done = MOTION.apply(motion, name, actor=world.everybody()[who], at=NOW, **ASKED.get(name, {}))
    assert done.state in TO[name]


def test_the_table_is_the_designs():
    assert set(MOTION.transitions) == set(WHO)
    for name, row in MOTION.transitions.items():
        assert set(row.sources) == FROM[name]


@pytest.mark.parametrize("state", MotionState.values)
def test_the_buttons_are_those_of_the_table(world: World, state: str):
    motion = motion_in(world, state, "open_vote")
    for who, user in world.everybody().items():
        fresh = User.objects.get(pk=user.pk)
        offered = {option.name for option in MOTION.options(motion, fresh, NOW) if option.allowed}
        may = {name for name in WHO if who in WHO[name] and state in FROM[name]}
        assert offered <= may, who
