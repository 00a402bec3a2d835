"""What PostgreSQL itself refuses, whoever asks and by whatever way (N6, N7, N9)."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, ProgrammingError

from ngos.models import Assessment, AssessorSeat, Grade, Score
from ngos.operations import frameworks
from ngos.workflow import ASSESSMENT, FRAMEWORK
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.signing import SigningKey
from tests.ngos.grading_flow.world import NOW, World, make_user

# pgtrigger's own switch, which must have no effect on our triggers
SWITCH_OFF = "SELECT set_config('pgtrigger.ignore', %s, false)"
EVERYTHING = (
    "{"
    + ",".join(
        f"ngos_{table}:{name}"
        for table in (
            "framework",
            "dimension",
            "indicator",
            "level",
            "floor",
            "score",
            "grade",
            "gradeend",
            "assessorseat",
        )
        for name in ("frozen", "kept", "no_truncate", "locked", "append_only", "closed", "no_delete")
    )
    + "}"
)

FRAMEWORK_CHANGES = [
    "UPDATE ngos_framework SET title = 'x'",
    "UPDATE ngos_framework SET threshold = 3",
    "UPDATE ngos_framework SET gate_minimum = 0",
    "UPDATE ngos_framework SET valid_years = 9",
    "UPDATE ngos_framework SET state = 'draft'",
    "UPDATE ngos_dimension SET weight = weight + 1",
    "UPDATE ngos_dimension SET title = 'x'",
    "UPDATE ngos_indicator SET anchors = ARRAY['a','b','c','d','e']",
    "UPDATE ngos_indicator SET is_gate = NOT is_gate",
    "UPDATE ngos_level SET lower_bound = 1",
    "UPDATE ngos_floor SET minimum = 0",
    "DELETE FROM ngos_floor",
    "DELETE FROM ngos_level",
    "DELETE FROM ngos_indicator",
    "DELETE FROM ngos_dimension",
    "DELETE FROM ngos_framework",
    """INSERT INTO ngos_dimension (framework_id, code, title, weight, position)
        SELECT id, 'new', 'new', 1, 9 FROM ngos_framework""",
    """INSERT INTO ngos_indicator (dimension_id, code, title, weight, is_gate, evidence, anchors, position)
        SELECT id, 'new', 'new', 1, false, '', ARRAY['a','b','c','d','e'], 9 FROM ngos_dimension""",
]
CONFIRMED_CHANGES = [
    "UPDATE ngos_grade SET level_rank = 1",
    "UPDATE ngos_grade SET total = 99",
    "UPDATE ngos_grade SET valid_until = valid_until + 900",
    "UPDATE ngos_grade SET result = '{}'",
    "DELETE FROM ngos_grade",
    "UPDATE ngos_assessment SET state = 'scoring'",
    "DELETE FROM ngos_assessment",
    "UPDATE ngos_assessorseat SET submitted_at = NULL",
    "DELETE FROM ngos_assessorseat",
    "UPDATE ngos_score SET value = 0",
    "DELETE FROM ngos_score",
]
TABLES = (
    "framework",
    "dimension",
    "indicator",
    "level",
    "floor",
    "score",
    "grade",
    "assessorseat",
    "moderatedvalue",
)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", FRAMEWORK_CHANGES)
def test_a_published_framework_never_changes(
    signing_key: SigningKey, raw_sql: Callable[..., Any], statement: str
) -> None:
    World("C")
    raw_sql(SWITCH_OFF, [EVERYTHING])
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement)
    assert caught.value.__cause__.diag.constraint_name == "n6_framework_frozen"


@pytest.mark.django_db
def test_nor_by_operation_nor_by_a_retired_state(world: World) -> None:
    indicator = world.framework.dimensions.first().indicators.first()
    refused: list[Callable[[], Any]] = [
        lambda: frameworks.change_weights(
            world.framework,
            actor=world.expert,
            at=NOW,
            dimension_weights={},
            indicator_weights={},
            level_bounds={},
        ),
        lambda: frameworks.change_indicator(
            indicator,
            actor=world.expert,
            at=NOW,
            title="x",
            evidence="",
            anchors=list("abcde"),
            is_gate=False,
        ),
    ]
    for attempt in refused:
        with pytest.raises(Refusal, match="چارچوب منتشرشده تغییر نمی‌کند"):
            attempt()
    FRAMEWORK.apply(world.framework, "retire", actor=world.manager, at=NOW)
    for attempt in refused:
        with pytest.raises(Refusal, match="چارچوب منتشرشده تغییر نمی‌کند"):
            attempt()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CONFIRMED_CHANGES)
def test_a_confirmed_assessment_and_its_grade_never_change(
    world: World, raw_sql: Callable[..., Any], statement: str
) -> None:
    world.confirmed()
    raw_sql(SWITCH_OFF, [EVERYTHING])
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement)
    assert caught.value.__cause__.diag.constraint_name.startswith(("n7_", "n9_"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ngos_score SET value = 0 WHERE seat_id = %s",
        "UPDATE ngos_score SET note = 'x' WHERE seat_id = %s",
        "DELETE FROM ngos_score WHERE seat_id = %s",
    ],
)
def test_submitted_scores_are_locked_and_others_are_not(
    world: World, raw_sql: Callable[..., Any], statement: str
) -> None:
    assessment = world.started()
    first, second = world.halves()
    world.submit(assessment, world.first, first)
    world.give(assessment, world.second, second)
    locked, open_ = assessment.seats.order_by("position").values_list("pk", flat=True)
    raw_sql(SWITCH_OFF, [EVERYTHING])
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement, [locked])
    assert caught.value.__cause__.diag.constraint_name == "n7_scores_submitted"
    raw_sql(statement, [open_])


@pytest.mark.django_db
def test_scores_cannot_be_moved_to_or_from_a_submitted_sheet(
    world: World, raw_sql: Callable[..., Any]
) -> None:
    assessment = world.started()
    first, second = world.halves()
    world.submit(assessment, world.first, first)
    world.give(assessment, world.second, dict(list(second.items())[:2]))
    locked, open_ = assessment.seats.order_by("position").values_list("pk", flat=True)
    for statement, values in (
        ("UPDATE ngos_score SET seat_id = %s WHERE seat_id = %s", [locked, open_]),
        ("UPDATE ngos_score SET seat_id = %s WHERE seat_id = %s", [open_, locked]),
        (
            """INSERT INTO ngos_score (seat_id, indicator_id, value, is_not_applicable, note, scored_at)
                SELECT %s, indicator_id, 1, false, '', now() FROM ngos_score WHERE seat_id = %s""",
            [locked, open_],
        ),
    ):
        with pytest.raises(IntegrityError):
            raw_sql(statement, values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "na"), [(5, False), (None, False), (3, True)], ids=["five", "nothing", "a value and N/A"]
)
def test_a_score_is_zero_to_four_or_na(
    world: World, raw_sql: Callable[..., Any], value: int | None, na: bool
) -> None:
    seat = AssessorSeat.objects.filter(assessment=world.started()).first()
    with pytest.raises(IntegrityError) as caught:
        raw_sql(
            "INSERT INTO ngos_score (seat_id, indicator_id, value, is_not_applicable, note, scored_at)"
            " VALUES (%s, %s, %s, %s, '', now())",
            [seat.pk, next(iter(world.keys().values())), value, na],
        )
    assert caught.value.__cause__.diag.constraint_name == "n7_score_value"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "na"),
    [(4.5, False), (None, False), (3, True)],
    ids=["above four", "nothing", "a value and N/A"],
)
def test_a_moderated_value_is_zero_to_four_or_na(
    world: World, raw_sql: Callable[..., Any], value: float | None, na: bool
) -> None:
    assessment = world.differing("g1", 1, 4)
    with pytest.raises(IntegrityError) as caught:
        raw_sql(
            "INSERT INTO ngos_moderatedvalue"
            " (assessment_id, indicator_id, value, is_not_applicable, reason, moderated_by_id, moderated_at)"
            " VALUES (%s, %s, %s, %s, 'x', %s, now())",
            [assessment.pk, world.keys()["g1"], value, na, world.expert.pk],
        )
    assert caught.value.__cause__.diag.constraint_name == "n7_moderated_value"


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_applications_role_cannot_truncate(world: World, raw_sql: Callable[..., Any], table: str) -> None:
    with pytest.raises((ProgrammingError, IntegrityError)):
        raw_sql(f"TRUNCATE ngos_{table} CASCADE")


# --- the tables' owner ----------------------------------------------------------------------------------


def test_the_owner_is_refused_as_well(committed_db: Any, signing_key: SigningKey, owner_cursor: Any) -> None:
    world = World("C")
    world.confirmed()
    owner_cursor.execute(SWITCH_OFF, [EVERYTHING])
    for statement in (*FRAMEWORK_CHANGES, *CONFIRMED_CHANGES):
        with pytest.raises(psycopg2.IntegrityError) as caught:
            owner_cursor.execute(statement)
        assert caught.value.diag.constraint_name.startswith(("n6_", "n7_", "n9_")), statement
    for table in TABLES:
        with pytest.raises(psycopg2.IntegrityError):
            owner_cursor.execute(f"TRUNCATE ngos_{table} CASCADE")
    assert (Grade.objects.count(), Score.objects.count()) == (1, 12)


def test_two_confirmations_at_once_give_one_grade(committed_db: Any, signing_key: SigningKey) -> None:
    world = World("A")
    assessment = world.scored()
    managers = [world.manager, *(make_user(f"manager{n}", "hq_manager") for n in range(3))]

    def confirm(manager: Any) -> Callable[[], Any]:
        return lambda: ASSESSMENT.apply(
            Assessment.objects.get(pk=assessment.pk), "confirm", actor=manager, at=NOW
        )

    results = committed_db.together([confirm(manager) for manager in managers])
    assert sum(isinstance(result, Assessment) for result in results) == 1
    assert all(isinstance(result, Assessment | Refusal) for result in results)
    assert Grade.objects.count() == 1


def test_two_submissions_at_once_end_in_one_place(committed_db: Any, signing_key: SigningKey) -> None:
    world = World("A")
    assessment = world.started()
    first, second = world.halves()
    world.give(assessment, world.first, first)
    world.give(assessment, world.second, second)

    def submit(user: Any) -> Callable[[], Any]:
        return lambda: ASSESSMENT.apply(
            Assessment.objects.get(pk=assessment.pk), "submit_scores", actor=user, at=NOW
        )

    results = committed_db.together([submit(world.first), submit(world.second)])
    assert all(isinstance(result, Assessment) for result in results)
    assessment.refresh_from_db()
    assert assessment.state == "awaiting_confirmation"


def test_a_publication_does_not_slip_between_a_change(committed_db: Any, signing_key: SigningKey) -> None:
    world = World("A")
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    with closing(psycopg2.connect(committed_db.url)) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE ngos_dimension SET weight = 7 WHERE framework_id = %s", [draft.pk])
        with committed_db.app_cursor() as other:
            other.execute("SET lock_timeout = '300ms'")
            with pytest.raises(psycopg2.errors.LockNotAvailable):
                other.execute("UPDATE ngos_framework SET state = 'retired' WHERE id = %s", [draft.pk])
        connection.rollback()
