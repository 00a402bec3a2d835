"""State × transition × role, from the tables of resolutions, action items and minutes.

Every cell either succeeds, or is refused with a sentence and leaves the state untouched; a refusal is kept for the
auditor.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from committee.enums import ActionState, MinutesState, ResolutionState
from committee.workflow.outcomes import ACTION, MINUTES, RESOLUTION
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Role
from staff_portal.kernel.workflow import Workflow
from tests.committee.outcomes.world import NOW, World
from tests.factories.people import make_user

# who may, from the design's page on workflows
HEADS = {Role.HQ_MANAGER, Role.DEPUTY_MANAGER}
MEMBERS = {Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER}
WHO: dict[tuple[str, str], set[str]] = {
    ("resolution", "sign"): HEADS,
    ("action", "finish"): {Role.DEPUTY_EXPERT, Role.SECRETARY},  # the owner of this one, and the secretary
    ("action", "cancel"): {Role.SECRETARY},
    ("minutes", "circulate"): {Role.SECRETARY},
    ("minutes", "start_signing"): {Role.SECRETARY},
    ("minutes", "sign"): MEMBERS,
    ("minutes", "seal"): {Role.SECRETARY},
}
FROM: dict[tuple[str, str], set[str]] = {
    ("resolution", "sign"): {"awaiting"},
    ("action", "finish"): {"open"},
    ("action", "cancel"): {"open"},
    ("minutes", "circulate"): {"draft"},
    ("minutes", "start_signing"): {"circulated"},
    ("minutes", "sign"): {"signing"},
    ("minutes", "seal"): {"signing"},
}
TARGETS = {
    ("resolution", "sign"): {"awaiting", "announced"},
    ("action", "finish"): {"done"},
    ("action", "cancel"): {"cancelled"},
    ("minutes", "circulate"): {"circulated"},
    ("minutes", "start_signing"): {"signing"},
    ("minutes", "sign"): {"signing"},
    ("minutes", "seal"): {"sealed"},
}
WORKFLOWS: dict[str, tuple[Workflow, type[Any]]] = {
    "resolution": (RESOLUTION, ResolutionState),
    "action": (ACTION, ActionState),
    "minutes": (MINUTES, MinutesState),
}
#: after both clocks, so that they stand in nobody's way
LATE = NOW + timedelta(days=20)


def _cells() -> Iterator[Any]:
    for kind, (workflow, states) in WORKFLOWS.items():
        for name in workflow.transitions:
            for state in states.values:
                yield pytest.param(kind, state, name, id=f"{kind}-{state}-{name}")


def _record(world: World, kind: str, state: str) -> Any:
    if kind == "minutes":
        return world.minutes(state)
    if kind == "resolution":
        return world.announced() if state == "announced" else world.resolution()
    action = world.action(world.resolution(), days=30)
    step = {"done": "finish", "cancelled": "cancel"}.get(state)
    return ACTION.apply(action, step, actor=world.committee.secretary, at=NOW, note="شد") if step else action


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


def _when(name: str) -> datetime:
    return LATE if name in {"start_signing", "seal"} else NOW


@pytest.mark.parametrize(("kind", "state", "name"), _cells())
def test_every_cell(world: World, kind: str, state: str, name: str) -> None:
    workflow = WORKFLOWS[kind][0]
    record = _record(world, kind, state)
    allowed = WHO[kind, name] if state in FROM[kind, name] else set()
    people, at = _people(world), _when(name)
    asked = {"note": "دلیل روشن"} if kind == "action" else {}
    refusals = AuditEntry.objects.filter(event="kernel.refused")
    before = refusals.count()
    for role in sorted(set(Role.values) - allowed):
        with pytest.raises(Refusal) as refused:
            workflow.apply(record, name, actor=people[role], at=at, **asked)
        assert refused.value.sentences and all(refused.value.sentences), role
        if role not in WHO[kind, name]:
            assert isinstance(refused.value, NotPermitted), role
        record.refresh_from_db()
        assert record.state == state, role
    assert refusals.count() == before + len(Role.values) - len(allowed)
    for role in sorted(allowed):
        if record.state not in FROM[kind, name]:
            break
        record = workflow.apply(record, name, actor=people[role], at=at, **asked)
        assert record.state in TARGETS[kind, name]
        event = workflow.transitions[name].event.code
        entry = AuditEntry.objects.filter(event=event, subject_id=record.pk, actor=people[role]).latest("id")
        assert entry.role == role


def test_the_tables_hold_these_transitions_and_no_others() -> None:
    names = {(kind, name) for kind, (workflow, _) in WORKFLOWS.items() for name in workflow.transitions}
    assert names == set(WHO) == set(FROM) == set(TARGETS)
    for kind, (workflow, _) in WORKFLOWS.items():
        for name, row in workflow.transitions.items():
            assert set(row.sources) == FROM[kind, name]
            if (kind, name) != ("action", "finish"):  # whoever it was given to
                assert set(row.permission.roles) == WHO[kind, name]


@pytest.mark.parametrize("name", ["start_signing", "seal"])
def test_the_system_takes_only_what_the_clocks_bring(world: World, name: str) -> None:
    record = world.minutes("circulated" if name == "start_signing" else "signing")
    for other in set(MINUTES.transitions) - {"start_signing", "seal"}:
        with pytest.raises(NotPermitted):
            MINUTES.apply(record, other, actor=None, at=LATE)
    assert MINUTES.apply(record, name, actor=None, at=LATE).state in TARGETS["minutes", name]
