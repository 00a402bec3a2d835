"""State × row × role, from the tables of nomination rounds and nominees (design, «Nomination»)."""

from typing import Any

import pytest

from committee.enums import RoundState
from committee.workflow.nominations import ROUND
from committee.workflow.nominees import NOMINEE
from committee.workflow.parts import CHECK
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import work
from tests.committee.nominations.world import World, cast, in_state, put_forward, seal
from tests.factories.people import NOW, make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

HEADS = {Role.HQ_MANAGER, Role.DEPUTY_MANAGER}
ROWS_OF_ROUND = {
    "prepare": line({Role.HQ_EXPERT}, [], {"preparing"}),
    "seal": line({Role.HQ_MANAGER}, {"preparing"}, {"open"}),
    "cast": line({Role.HQ_MEMBER, Role.DEPUTY_MEMBER}, {"open"}, {"open"}),
    "decide": line({Role.DEPUTY_MANAGER}, {"open"}, {"decided"}),
    "decide_by_ballots": line([], {"open"}, {"decided"}, system=True, by_hand=False),
    "hand_over": line([], {"open"}, {"open"}, system=True, by_hand=False),
    "hand_back": line([], {"open"}, {"open"}, system=True, by_hand=False),
    "void": line(HEADS, {"preparing", "open"}, {"void"}, system=True),
}
OFFICE_OR_NGO = {Role.HQ_EXPERT, Role.NGO_USER}
ROWS_OF_NOMINEE = {
    "add": line({Role.HQ_EXPERT}, [], []),
    "remove": line({Role.HQ_EXPERT}, [], []),
    "consent": line(OFFICE_OR_NGO, [], []),
    "leave": line(OFFICE_OR_NGO, [], []),
    "withdraw": line(OFFICE_OR_NGO, [], []),
}


def _people(world: World) -> dict[str, User]:
    """One person for each role; for the members' roles the one who sits, and has not voted."""
    five = world.five
    own = {
        Role.HQ_MEMBER: five.hq1,
        Role.DEPUTY_MEMBER: five.deputy1,
        Role.NGO_MEMBER: five.ngo_member,
        Role.NGO_USER: world.people[0],
    }
    return {role: own.get(Role(role)) or make_user(role) for role in Role.values}


def _ready(world: World, state: str, name: Names) -> Any:
    """A round in that state; the head decides after two unequal ballots."""
    in_state(world, state)
    if state == RoundState.OPEN and name == "decide":
        cast(world, world.five.deputy1, 0)
        cast(world, world.five.deputy2, 1)
    return world.nomination


def test_the_tables_are_as_the_design_has_them() -> None:
    assert_as_written(ROUND, ROWS_OF_ROUND)
    assert_as_written(NOMINEE, ROWS_OF_NOMINEE)
    assert_as_written(CHECK, {"keep": line({Role.HQ_MANAGER}, [], [], by_hand=False)})
    assert not ROUND.rows["cast"].by.delegable


@pytest.mark.parametrize(("state", "name"), cells(ROUND, ROWS_OF_ROUND, alone=("decide",)))
def test_every_cell_of_a_round(vacant: World, state: str, name: Names) -> None:
    nomination, first = _ready(vacant, state, name), vacant.nominees[0]
    answers = {
        "cast": {"nominee": first},
        "decide": {"nominee": first, "note": "دلیل روشن"},
        "void": {"note": "سبب روشن"},
    }
    trial = Trial(lambda wanted: nomination, _people(vacant), lambda row: NOW, answers)
    try_cell(ROUND, ROWS_OF_ROUND, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(NOMINEE, ROWS_OF_NOMINEE, alone=("withdraw",)))
def test_every_cell_of_a_nominee(prepared: World, state: str, name: Names) -> None:
    if name == "withdraw":
        seal(prepared)
    first, note = prepared.nominees[0], {"note": "سبب روشن"}
    by_letter = {**note, "reference": "۱۲/۴"}
    answers = {
        "consent": {"representative": prepared.people[0], "reference": "۱۲/۴"},
        "remove": note,
        "leave": by_letter,
        "withdraw": by_letter,
    }
    trial = Trial(lambda wanted: first, _people(prepared), lambda row: NOW, answers)
    try_cell(NOMINEE, ROWS_OF_NOMINEE, state, name, trial)


@pytest.mark.parametrize("state", RoundState.values)
def test_the_rebuilt_items_are_those_that_the_steps_left(vacant: World, state: str) -> None:
    in_state(vacant, state)
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_the_rebuilt_items_of_half_a_round(vacant: World) -> None:
    """One has not consented; then two have voted, for different NGOs."""
    world = put_forward(vacant, 3, consents=(0, 2))
    assert work.rebuild(at=NOW, mend=False).total == 0
    last = world.nominees[1]
    NOMINEE.apply(last, "consent", actor=world.people[1], at=NOW, representative=world.people[1])
    seal(world)
    cast(world, world.five.hq1, 0)
    cast(world, world.five.deputy1, 1)
    assert work.rebuild(at=NOW, mend=False).total == 0
    cast(world, world.five.deputy2, 2)
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_the_system_decides_only_what_the_ballots_agreed_on(opened: World) -> None:
    with pytest.raises(Refusal, match="یکسان نیست یا کامل نشده"):
        ROUND.apply(opened.nomination, "decide_by_ballots", actor=None, at=NOW)
    for name in ("seal", "cast", "decide"):
        with pytest.raises(NotPermitted, match="سامانه خودکار"):
            ROUND.apply(opened.nomination, name, actor=None, at=NOW)
    for name in ("decide_by_ballots", "hand_over", "hand_back"):
        for head in (opened.five.hq_manager, opened.five.deputy_manager):
            with pytest.raises(NotPermitted):
                ROUND.apply(opened.nomination, name, actor=head, at=NOW)
