"""State × transition × role, from the tables of frameworks and assessments.

Every cell either succeeds, or is refused with a sentence and leaves state and record untouched; a refusal is
kept for the auditor.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from ngos.enums import AssessmentState, FrameworkState
from ngos.models import Framework
from ngos.operations import frameworks
from ngos.workflow import ASSESSMENT, FRAMEWORK
from staff_portal.kernel.models import User
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.roles import Role
from staff_portal.kernel.workflow import Workflow
from tests.ngos.grading_flow.world import NOW, World, assessment_in, make_user
from tests.support.workflow_cells import Cell

pytestmark = pytest.mark.django_db

# who may, from the design's page on workflows
WHO: dict[tuple[str, str], set[str]] = {
    ("framework", "publish"): {Role.HQ_MANAGER},
    ("framework", "retire"): {Role.HQ_MANAGER},
    ("assessment", "start"): {Role.HQ_EXPERT},
    ("assessment", "submit_scores"): {Role.HQ_ASSESSOR},
    ("assessment", "moderate"): {Role.HQ_EXPERT},
    ("assessment", "confirm"): {Role.HQ_MANAGER},
    ("assessment", "send_back"): {Role.HQ_MANAGER},
    ("assessment", "cancel"): {Role.HQ_MANAGER},
}
FROM: dict[tuple[str, str], set[str]] = {
    ("framework", "publish"): {"draft"},
    ("framework", "retire"): {"published"},
    ("assessment", "start"): {"planned", "self_assessment"},
    ("assessment", "submit_scores"): {"scoring"},
    ("assessment", "moderate"): {"moderation"},
    ("assessment", "confirm"): {"awaiting_confirmation"},
    ("assessment", "send_back"): {"awaiting_confirmation"},
    ("assessment", "cancel"): {
        "planned",
        "self_assessment",
        "scoring",
        "moderation",
        "awaiting_confirmation",
    },
}
WORKFLOWS: dict[str, tuple[Workflow, type[Any]]] = {
    "framework": (FRAMEWORK, FrameworkState),
    "assessment": (ASSESSMENT, AssessmentState),
}


def _cells() -> Iterator[Any]:
    for kind, (workflow, states) in WORKFLOWS.items():
        for name in workflow.transitions:
            for state in states.values:
                yield pytest.param(kind, state, name, id=f"{kind}-{state}-{name}")


def _framework_in(world: World, state: str) -> Framework:
    if state == "published":
        return world.framework
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    if state == "retired":
        FRAMEWORK.apply(draft, "publish", actor=world.manager, at=NOW)
        return FRAMEWORK.apply(draft, "retire", actor=world.manager, at=NOW)
    return draft


def _record(world: World, kind: str, state: str) -> Any:
    return {"framework": _framework_in, "assessment": assessment_in}[kind](world, state)


def _person(world: World, kind: str, name: str, role: str) -> User:
    """Somebody in that role: for the scoring the seat's own person, for the NGO's role its representative."""
    if role == Role.HQ_ASSESSOR:
        return world.first
    if role == Role.NGO_USER:
        return world.ngo_user
    return make_user(f"{kind}-{name}-{role}", role)


def _asked(world: World, name: str) -> dict[str, Any]:
    asked: dict[str, Any] = {"note": "دلیل روشن"} if name in {"send_back", "cancel"} else {}
    if name == "send_back":
        asked["indicators"] = [str(world.keys()["g1"])]
    return asked


@pytest.mark.parametrize(("kind", "state", "name"), _cells())
def test_every_cell(world: World, kind: str, state: str, name: str) -> None:
    workflow = WORKFLOWS[kind][0]
    target = workflow.transitions[name].target
    cell = Cell(
        workflow,
        name,
        state,
        may=frozenset(WHO[kind, name]),
        allowed=frozenset(WHO[kind, name] if state in FROM[kind, name] else ()),
        target=target or {"publish": "published", "submit_scores": "scoring"}[name],
        asked=_asked(world, name),
    )
    people = {role: _person(world, kind, name, role) for role in Role.values}
    cell.try_everybody(people, _record(world, kind, state))


def test_the_tables_hold_these_transitions_and_no_others() -> None:
    names = {(kind, name) for kind, (workflow, _) in WORKFLOWS.items() for name in workflow.transitions}
    assert names == set(WHO) == set(FROM)
    for kind, (workflow, _) in WORKFLOWS.items():
        for name, row in workflow.transitions.items():
            assert set(row.sources) == FROM[kind, name]
            assert set(row.permission.roles) == WHO[kind, name]


@pytest.mark.parametrize("name", ["send_back", "cancel"])
def test_a_note_is_wanted(world: World, name: str) -> None:
    record = _record(world, "assessment", "awaiting_confirmation")
    asked = _asked(world, name) | {"note": "  "}
    with pytest.raises(Refusal, match="را بنویسید"):
        ASSESSMENT.apply(record, name, actor=world.manager, at=NOW, **asked)


def test_an_unsound_framework_is_not_published(world: World) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    level = draft.levels.order_by("rank").first()
    frameworks.change_weights(
        draft,
        actor=world.expert,
        at=NOW,
        dimension_weights={},
        indicator_weights={},
        level_bounds={level.pk: 10},
    )
    with pytest.raises(Refusal, match="باید بیشتر از مرز پایین"):
        FRAMEWORK.apply(draft, "publish", actor=world.manager, at=NOW)
