"""State × transition × role of frameworks, assessments and moderated values, against the design's own list."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ngos.grading import FrameworkSpec
from ngos.models import Assessment, Framework
from ngos.operations import frameworks
from ngos.operations.frameworks import IndicatorWords, Weights
from ngos.operations.moderating import Decision
from ngos.operations.sheets import ScoreData
from ngos.workflow import ASSESSMENT, FRAMEWORK, MODERATED
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.workflow import sweeps, work
from staff_portal.kernel.workflow.rows import Creation
from tests.ngos.grading_flow.world import NOW, TODAY, World, assessment_in, make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

pytestmark = pytest.mark.django_db
HQ = {Role.HQ_EXPERT, Role.HQ_MANAGER}
OPEN = {"planned", "self_assessment", "scoring", "moderation", "awaiting_confirmation"}

# the design's page on workflows: who, from, to
FRAMEWORKS = {
    "create": line(HQ, (), {"draft"}),
    "change_weights": line(HQ, {"draft"}, {"draft"}),
    "change_indicator": line(HQ, {"draft"}, {"draft"}),
    "publish": line({Role.HQ_MANAGER}, {"draft"}, {"published"}),
    "retire": line({Role.HQ_MANAGER}, {"published"}, {"retired"}),
    "give_way": line({Role.HQ_MANAGER}, {"published"}, {"retired"}, by_hand=False),
}
ASSESSMENTS = {
    "plan": line({Role.HQ_EXPERT}, (), {"planned"}),
    "ask_self": line({Role.HQ_EXPERT}, {"planned"}, {"self_assessment"}),
    "start": line({Role.HQ_EXPERT}, {"planned", "self_assessment"}, {"scoring"}),
    "start_by_clock": line((), {"self_assessment"}, {"scoring"}, system=True, by_hand=False),
    "save_scores": line({Role.HQ_ASSESSOR}, {"scoring"}, {"scoring"}),
    "submit_scores": line({Role.HQ_ASSESSOR}, {"scoring"}, {"scoring"}),
    "open_moderation": line({Role.HQ_ASSESSOR}, {"scoring"}, {"moderation"}, by_hand=False),
    "await_confirmation": line({Role.HQ_ASSESSOR}, {"scoring"}, {"awaiting_confirmation"}, by_hand=False),
    "moderate": line({Role.HQ_EXPERT}, {"moderation"}, {"awaiting_confirmation"}),
    "confirm": line({Role.HQ_MANAGER}, {"awaiting_confirmation"}, {"confirmed"}),
    "send_back": line({Role.HQ_MANAGER}, {"awaiting_confirmation"}, {"scoring"}),
    "cancel": line({Role.HQ_MANAGER}, OPEN, {"cancelled"}),
}
VALUES = {
    "settle": line({Role.HQ_EXPERT}, (), ()),
    "change": line({Role.HQ_EXPERT}, (), ()),
    "take_back": line({Role.HQ_MANAGER}, (), (), by_hand=False),
}


def _framework_in(world: World, state: str) -> Framework:
    if state == "published":
        return world.framework
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    if state == "retired":
        FRAMEWORK.apply(draft, "publish", actor=world.manager, at=NOW)
        return FRAMEWORK.apply(draft, "retire", actor=world.manager, at=NOW)
    return draft


def _people(world: World) -> dict[str, User]:
    """Somebody in each role: for the scoring the seat's own person, for the NGO's role its representative."""
    own = {Role.HQ_ASSESSOR: world.first, Role.NGO_USER: world.ngo_user}
    return {role: own.get(Role(role)) or make_user(f"cell-{role}", role) for role in Role.values}


def test_the_tables_are_the_design() -> None:
    assert_as_written(FRAMEWORK, FRAMEWORKS)
    assert_as_written(ASSESSMENT, ASSESSMENTS)
    assert_as_written(MODERATED, VALUES)
    assert FrameworkSpec in {ask.shape for ask in FRAMEWORK.rows["create"].asks}
    assert isinstance(ASSESSMENT.rows["plan"], Creation)


@pytest.mark.parametrize(("state", "name"), cells(FRAMEWORK, FRAMEWORKS))
def test_every_cell_of_a_framework(world: World, state: str, name: Names) -> None:
    record = _framework_in(world, state)
    indicator = record.dimensions.first().indicators.first()
    words = IndicatorWords(indicator.pk, "عنوان", "", list("abcde"), is_gate=False)
    weights = Weights({indicator.dimension_id: Decimal(3)}, {}, {})
    answers = {"change_weights": {"weights": weights}, "change_indicator": {"words": words}}
    trial = Trial(lambda wanted: record, _people(world), lambda row: NOW, answers)
    try_cell(FRAMEWORK, FRAMEWORKS, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(ASSESSMENT, ASSESSMENTS))
def test_every_cell_of_an_assessment(world: World, state: str, name: Names) -> None:
    key = world.keys()["g1"]
    answers: dict[str, dict[str, Any]] = {
        "save_scores": {"scores": [ScoreData(key, 2)]},
        "send_back": {"note": "دلیل روشن", "indicators": [str(key)]},
        "cancel": {"note": "دلیل روشن"},
    }
    trial = Trial(lambda wanted: assessment_in(world, wanted), _people(world), lambda row: NOW, answers)
    try_cell(ASSESSMENT, ASSESSMENTS, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(MODERATED, VALUES, alone=VALUES))
def test_every_cell_of_a_moderated_value(world: World, state: str, name: Names) -> None:
    assessment = assessment_in(world, "moderation")
    decision = Decision(world.keys()["g1"], Decimal(2), "سند تازه")
    trial = Trial(
        lambda wanted: assessment.moderated_values.get(),
        _people(world),
        lambda row: NOW,
        {name: {"decision": decision}},
    )
    try_cell(MODERATED, VALUES, state, name, trial)


@pytest.mark.parametrize("name", ["send_back", "cancel"])
def test_a_note_is_wanted(world: World, name: str) -> None:
    record = assessment_in(world, "awaiting_confirmation")
    asked = {"indicators": [str(world.keys()["g1"])]} if name == "send_back" else {}
    with pytest.raises(Refusal, match="را بنویسید"):
        ASSESSMENT.apply(record, name, actor=world.manager, at=NOW, note="  ", **asked)


def test_an_unsound_framework_is_not_published(world: World) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    level = draft.levels.order_by("rank").first()
    frameworks.change_weights(
        draft,
        actor=world.expert,
        at=NOW,
        dimension_weights={},
        indicator_weights={},
        level_bounds={level.pk: Decimal(10)},
    )
    with pytest.raises(Refusal, match="باید بیشتر از مرز پایین"):
        FRAMEWORK.apply(draft, "publish", actor=world.manager, at=NOW)


def test_the_entry_of_a_change_holds_both_sides(world: World) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    dimension = draft.dimensions.first()
    frameworks.change_weights(
        draft,
        actor=world.expert,
        at=NOW,
        dimension_weights={dimension.pk: Decimal(77)},
        indicator_weights={},
        level_bounds={},
    )
    entry = AuditEntry.objects.get(event="framework.changed")
    before, after = (
        {row["code"]: row["weight"] for row in side["dimensions"]} for side in (entry.before, entry.after)
    )
    assert Decimal(after[dimension.code]) == 77 != Decimal(before[dimension.code])


def test_a_published_framework_that_gives_way_is_named(world: World) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    FRAMEWORK.apply(draft, "publish", actor=world.manager, at=NOW)
    entry = AuditEntry.objects.filter(event="framework.published").latest("id")
    assert entry.after["replaces"] == world.framework.version
    assert AuditEntry.objects.get(event="framework.retired").subject_id == world.framework.pk


# --- the self-assessment's clock ------------------------------------------------------------------------------


def test_the_scoring_begins_by_itself_when_the_ngos_time_is_over(world: World) -> None:
    assessment = assessment_in(world, "self_assessment")
    item = work.open_items(world.ngo_user, TODAY).get(kind="ngos.assessment")
    assert item.due_on is not None and item.url == f"/ngos/{world.ngo.pk}/documents/"
    last = NOW + timedelta(days=(item.due_on - TODAY).days)
    sweeps.run(last)
    assessment.refresh_from_db()
    assert assessment.state == "self_assessment"
    sweeps.run(last + timedelta(days=1))
    assessment.refresh_from_db()
    assert assessment.state == "scoring"
    assert AuditEntry.objects.filter(event="assessment.started").get().actor is None
    assert not work.open_items(world.ngo_user, TODAY).filter(kind="ngos.assessment").exists()
    assert {row.person for row in work.of_file(world.ngo).filter(row="submit_scores", rank=30)} == {
        world.first,
        world.second,
    }


# --- work items and the database ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(OPEN | {"confirmed", "cancelled"}))
def test_a_rebuild_finds_nothing_to_mend(world: World, state: str) -> None:
    assessment_in(world, state)
    assert work.rebuild(at=NOW, mend=False).total == 0


@pytest.mark.parametrize(
    "changes",
    [
        "state = 'appealed', state_since = now()",
        "state = 'confirmed', state_since = now()",
        "due_on = due_on + 9",
        "planned_by_id = NULL",
        "reopened_indicators = ARRAY[1]",
    ],
)
def test_the_database_knows_no_other_way(world: World, raw_sql: Any, changes: str) -> None:
    from django.db import IntegrityError

    assessment_in(world, "moderation")
    with pytest.raises(IntegrityError) as caught:
        raw_sql(f"UPDATE ngos_assessment SET {changes}")
    assert constraints.constraint_name(caught.value) == "n9_assessment_closed"
    assert Assessment.objects.get().state == "moderation"
