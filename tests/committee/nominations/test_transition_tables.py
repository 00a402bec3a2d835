"""State × transition × role, from the table of nomination rounds (design, «Nomination»).

Every cell either succeeds, or is refused with a sentence and leaves the round untouched; a refusal is kept.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from committee.enums import RoundState
from committee.models import NominationRound
from committee.workflow.nominations import ROUND
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Role
from tests.committee.nominations.world import World, cast, in_state
from tests.factories.people import NOW, make_user

WHO: dict[str, set[str]] = {
    "seal": {Role.HQ_MANAGER},
    "cast": {Role.HQ_MEMBER, Role.DEPUTY_MEMBER},
    "decide": {Role.DEPUTY_MANAGER},
    "decide_by_ballots": set(),
    "void": {Role.HQ_MANAGER, Role.DEPUTY_MANAGER},
}
FROM: dict[str, set[str]] = {
    "seal": {RoundState.PREPARING},
    "cast": {RoundState.OPEN},
    "decide": {RoundState.OPEN},
    "decide_by_ballots": {RoundState.OPEN},
    "void": {RoundState.PREPARING, RoundState.OPEN},
}
TARGET = {"seal": "open", "cast": "open", "decide": "decided", "void": "void"}


def _cells() -> Iterator[Any]:
    for name in ROUND.transitions:
        for state in RoundState.values:
            yield pytest.param(state, name, id=f"{state}-{name}")


def _person(world: World, role: str) -> User:
    """Somebody in that role; for the members' roles the one who sits, and has not voted."""
    five = world.five
    seated = {
        Role.HQ_MEMBER: five.hq1,
        Role.DEPUTY_MEMBER: five.deputy1,
        Role.NGO_MEMBER: five.ngo_member,
        Role.NGO_USER: world.people[0],
    }
    return seated.get(Role(role)) or make_user(role)


def _asked(world: World, name: str) -> dict[str, Any]:
    if name == "cast":
        return {"nominee": world.nominees[0]}
    if name == "decide":
        return {"nominee": world.nominees[0], "note": "دلیل روشن"}
    return {"note": "سبب روشن"} if name == "void" else {}


def _ready(world: World, state: str, name: str) -> NominationRound:
    nomination = in_state(world, state)
    if state == RoundState.OPEN and name == "decide":
        cast(world, world.five.deputy1, 0)
        nomination = cast(world, world.five.deputy2, 1)
    return nomination


@pytest.mark.parametrize(("state", "name"), _cells())
def test_every_cell(vacant: World, state: str, name: str) -> None:
    nomination = _ready(vacant, state, name)
    allowed = WHO[name] if state in FROM[name] else set()
    asked = _asked(vacant, name)
    people = {role: _person(vacant, role) for role in Role.values}
    before = AuditEntry.objects.filter(event="kernel.refused").count()
    for role in sorted(set(Role.values) - allowed):
        with pytest.raises(Refusal) as refused:
            ROUND.apply(nomination, name, actor=people[role], at=NOW, **asked)
        assert refused.value.sentences and all(refused.value.sentences), role
        if role not in WHO[name]:
            assert isinstance(refused.value, NotPermitted), role
        nomination.refresh_from_db()
        assert nomination.state == state, role
    expected = len(Role.values) - len(allowed)
    assert AuditEntry.objects.filter(event="kernel.refused").count() == before + expected
    for role in sorted(allowed)[:1] if name != "cast" else sorted(allowed):
        done = ROUND.apply(nomination, name, actor=people[role], at=NOW, **asked)
        assert done.state == TARGET[name]
        event = ROUND.transitions[name].event.code
        entry = AuditEntry.objects.filter(event=event, subject_id=nomination.pk, actor=people[role]).latest(
            "id"
        )
        assert entry.role == role


@pytest.mark.parametrize("role", [Role.HQ_MANAGER, Role.DEPUTY_MANAGER])
def test_either_head_voids(opened: World, role: str) -> None:
    done = ROUND.apply(opened.nomination, "void", actor=make_user(role), at=NOW, note="سبب")
    assert done.state == RoundState.VOID


def test_the_system_decides_only_what_the_ballots_agreed_on(opened: World) -> None:
    with pytest.raises(Refusal, match="یکسان نیست یا کامل نشده"):
        ROUND.apply(opened.nomination, "decide_by_ballots", actor=None, at=NOW)
    for name in ("seal", "cast", "decide"):
        with pytest.raises(NotPermitted, match="سامانه خودکار"):
            ROUND.apply(opened.nomination, name, actor=None, at=NOW)


def test_the_table_holds_these_transitions_and_no_others() -> None:
    assert set(ROUND.transitions) == set(WHO) == set(FROM)
    for name, row in ROUND.transitions.items():
        assert set(row.sources) == FROM[name]
        assert set(row.permission.roles) == WHO[name]
    assert ROUND.transitions["decide_by_ballots"].permission.system
    assert ROUND.transitions["void"].permission.system
    assert not ROUND.transitions["cast"].permission.delegable
