"""State × transition × role, from the tables of resolutions, action items and minutes.

Every cell either succeeds, or is refused with a sentence and leaves the state untouched; a refusal is kept for the
auditor.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from committee.enums import MinutesState
from committee.workflow.outcomes import MINUTES
from committee.workflow.resolutions import ACTION, RESOLUTION
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Role
from tests.committee.outcomes.world import NOW, World
from tests.factories.people import make_user
from tests.support.cells import Trial, assert_as_written, cells, line, try_cell

HEADS = {Role.HQ_MANAGER, Role.DEPUTY_MANAGER}
MEMBERS = {Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER}
# who may, from the design's page on workflows
ROWS_OF_RESOLUTION = {
    "adopt": line([], [], {"awaiting"}, system=True, by_hand=False),
    "sign": line(HEADS, {"awaiting"}, {"awaiting"}),
    "announce": line(HEADS, {"awaiting"}, {"announced"}, by_hand=False),
}
#: the owner of this one is an expert of the deputy
OWNER = {Role.DEPUTY_EXPERT}
ROWS_OF_ACTION = {
    "add": line({Role.SECRETARY}, [], {"open"}),
    "extend": line({Role.SECRETARY}, {"open"}, {"open"}),
    "finish": line({Role.SECRETARY}, {"open"}, {"done"}, also=OWNER),
    "cancel": line({Role.SECRETARY}, {"open"}, {"cancelled"}),
    "chase": line([], {"open"}, {"open"}, system=True, by_hand=False),
}
WHO = {
    "circulate": {Role.SECRETARY},
    "start_signing": {Role.SECRETARY},
    "sign": MEMBERS,
    "seal": {Role.SECRETARY},
}
FROM = {"circulate": {"draft"}, "start_signing": {"circulated"}, "sign": {"signing"}, "seal": {"signing"}}
TARGETS = {"circulate": {"circulated"}, "start_signing": {"signing"}, "sign": {"signing"}, "seal": {"sealed"}}
#: after both clocks, so that they stand in nobody's way
LATE = NOW + timedelta(days=20)


def _people(world: World) -> dict[str, User]:
    """One person for each role: the committee's own, a new one for the rest."""
    people = world.committee
    own = {
        Role.HQ_MANAGER: people.hq_manager,
        Role.DEPUTY_MANAGER: people.deputy_manager,
        Role.SECRETARY: people.secretary,
        Role.HQ_MEMBER: people.hq1,
        Role.DEPUTY_MEMBER: people.deputy1,
        Role.NGO_MEMBER: people.ngo_member,
        Role.DEPUTY_EXPERT: people.deputy_expert,
        Role.AUDITOR: people.auditor,
    }
    return {role: own.get(Role(role)) or make_user(role) for role in Role.values}


# --- resolutions and action items ---------------------------------------------------------------------------


def _resolution(world: World, state: str) -> Any:
    return world.announced() if state == "announced" else world.resolution()


def _action(world: World, state: str) -> Any:
    action = world.action(world.resolution(), days=30)
    step = {"done": "finish", "cancelled": "cancel"}.get(state)
    return ACTION.apply(action, step, actor=world.committee.secretary, at=NOW, note="شد") if step else action


def test_the_tables_are_as_the_design_has_them() -> None:
    assert_as_written(RESOLUTION, ROWS_OF_RESOLUTION)
    assert_as_written(ACTION, ROWS_OF_ACTION)


@pytest.mark.parametrize(("state", "name"), cells(RESOLUTION, ROWS_OF_RESOLUTION))
def test_every_cell_of_a_resolution(world: World, state: str, name: str) -> None:
    trial = Trial(lambda wanted: _resolution(world, wanted), _people(world), lambda row: NOW)
    try_cell(RESOLUTION, ROWS_OF_RESOLUTION, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(ACTION, ROWS_OF_ACTION))
def test_every_cell_of_an_action_item(world: World, state: str, name: str) -> None:
    note = {"note": "دلیل روشن"}
    answers = {
        "extend": {**note, "due_on": NOW.date() + timedelta(days=60)},
        "finish": note,
        "cancel": note,
    }
    trial = Trial(lambda wanted: _action(world, wanted), _people(world), lambda row: NOW, answers)
    try_cell(ACTION, ROWS_OF_ACTION, state, name, trial)


def test_what_follows_is_not_taken_by_hand(world: World) -> None:
    made = world.resolution()
    for head in (world.committee.hq_manager, world.committee.deputy_manager, None):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            RESOLUTION.apply(made, "announce", actor=head, at=NOW)
    with pytest.raises(NotPermitted):
        ACTION.apply(world.action(made, days=1), "chase", actor=world.committee.secretary, at=LATE)


# --- minutes ------------------------------------------------------------------------------------------------


def _cells() -> Iterator[Any]:
    for name in MINUTES.transitions:
        for state in MinutesState.values:
            yield pytest.param(state, name, id=f"minutes-{state}-{name}")


@pytest.mark.parametrize(("state", "name"), _cells())
def test_every_cell_of_minutes(world: World, state: str, name: str) -> None:
    record = world.minutes(state)
    allowed = WHO[name] if state in FROM[name] else set()
    people, at = _people(world), LATE if name in {"start_signing", "seal"} else NOW
    refusals = AuditEntry.objects.filter(event="kernel.refused")
    before = refusals.count()
    for role in sorted(set(Role.values) - allowed):
        with pytest.raises(Refusal) as refused:
            MINUTES.apply(record, name, actor=people[role], at=at)
        assert refused.value.sentences and all(refused.value.sentences), role
        if role not in WHO[name]:
            assert isinstance(refused.value, NotPermitted), role
        record.refresh_from_db()
        assert record.state == state, role
    assert refusals.count() == before + len(Role.values) - len(allowed)
    for role in sorted(allowed):
        if record.state not in FROM[name]:
            break
        record = MINUTES.apply(record, name, actor=people[role], at=at)
        assert record.state in TARGETS[name]
        event = MINUTES.transitions[name].event.code
        entry = AuditEntry.objects.filter(event=event, subject_id=record.pk, actor=people[role]).latest("id")
        assert entry.role == role


def test_the_minutes_table_holds_these_transitions_and_no_others() -> None:
    assert set(MINUTES.transitions) == set(WHO) == set(FROM) == set(TARGETS)
    for name, row in MINUTES.transitions.items():
        assert set(row.sources) == FROM[name]
        assert set(row.permission.roles) == WHO[name]


@pytest.mark.parametrize("name", ["start_signing", "seal"])
def test_the_system_takes_only_what_the_clocks_bring(world: World, name: str) -> None:
    record = world.minutes("circulated" if name == "start_signing" else "signing")
    for other in set(MINUTES.transitions) - {"start_signing", "seal"}:
        with pytest.raises(NotPermitted):
            MINUTES.apply(record, other, actor=None, at=LATE)
    assert MINUTES.apply(record, name, actor=None, at=LATE).state in TARGETS[name]
