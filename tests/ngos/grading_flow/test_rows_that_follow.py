"""Seats, scores, grades, their ends and periods of membership: rows of their own that follow, and what SQL is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from ngos.enums import MembershipState
from ngos.models import AssessorSeat, Grade, GradeEnd, MembershipPeriod, Score
from ngos.operations import assessing
from ngos.operations.sheets import ScoreData
from ngos.workflow import ASSESSMENT, GRADE, GRADE_END, MEMBERSHIP, PERIOD, SCORE, SEAT
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.table import Table
from tests.ngos.grading_flow.world import NOW, World
from tests.support.cells import assert_as_written, line

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
ASSESSOR = line({Role.HQ_ASSESSOR}, (), (), by_hand=False)
MANAGER = line({Role.HQ_MANAGER}, (), (), by_hand=False)
TABLES: list[tuple[Table, dict[str, Any]]] = [
    (SEAT, {"give": line({Role.HQ_EXPERT}, (), (), by_hand=False), "submit": ASSESSOR, "reopen": MANAGER}),
    (SCORE, {"give": ASSESSOR, "change": ASSESSOR, "empty": ASSESSOR}),
    (GRADE, {"give": MANAGER}),
    (GRADE_END, {"supersede": MANAGER, "end_with_membership": MANAGER}),
    (PERIOD, {"open": MANAGER, "close": MANAGER}),
]


@pytest.mark.parametrize(("table", "written"), TABLES, ids=lambda part: getattr(part, "code", ""))
def test_the_tables_are_the_design(table: Table, written: dict[str, Any]) -> None:
    assert_as_written(table, written)


def test_nobody_takes_them_by_hand(world: World) -> None:
    assessment = world.confirmed()
    seat, grade = assessment.seats.first(), assessment.grade
    parents: dict[str, Any] = {"seat": assessment, "score": seat, "grade": assessment, "grade_end": grade}
    before = [table.model.objects.count() for table, _ in TABLES]
    for table, written in TABLES:
        for name in written:
            of_kind = table.model.objects.first()
            obj = parents.get(table.code, world.ngo) if "open" in name or of_kind is None else of_kind
            for person in (world.manager, world.expert, world.first, None):
                with pytest.raises(NotPermitted):
                    table.apply(obj, name, actor=person, at=NOW)
    assert [table.model.objects.count() for table, _ in TABLES] == before


# --- one sentence for one act ------------------------------------------------------------------------------


def test_an_act_is_one_entry_however_much_it_stores(world: World) -> None:
    assessment = world.started()
    count = AuditEntry.objects.count()
    world.give(assessment, world.first, world.halves()[0])
    assert AuditEntry.objects.count() == count + 1
    ASSESSMENT.apply(assessment, "submit_scores", actor=world.first, at=NOW)
    assert AuditEntry.objects.count() == count + 2
    subjects = set(AuditEntry.objects.values_list("subject_type", flat=True))
    assert not subjects & {"ngos.score", "ngos.assessorseat", "ngos.membershipperiod"}


def test_a_confirmation_is_its_own_sentence_and_its_letter(world: World) -> None:
    world.confirmed()
    again = world.scored(LATER)
    count = AuditEntry.objects.count()
    ASSESSMENT.apply(again, "confirm", actor=world.manager, at=LATER)
    events = AuditEntry.objects.order_by("id").values_list("event", flat=True)[count:]
    assert sorted(events) == ["assessment.confirmed", "letter.replaced", "letter.signed"]
    old, new = Grade.objects.order_by("id")
    assert (old.end.reason, old.end.ended_on) == ("superseded", new.valid_from)
    assert work.rebuild(at=LATER, mend=False).total == 0


def test_a_sheet_stores_what_differs_and_takes_out_what_is_emptied(world: World) -> None:
    assessment = world.started()
    one, two, three = list(world.keys().values())[:3]

    def save(*rows: ScoreData, at: Any = NOW) -> None:
        assessing.save_scores(assessment, actor=world.first, at=at, scores=list(rows))

    save(ScoreData(one, 3), ScoreData(two, 2), ScoreData(three, None))
    save(ScoreData(one, 3), ScoreData(two, None, True, "نیست"), ScoreData(three, 4), at=LATER)
    kept = {row.indicator_id: (row.value, row.note, row.scored_at) for row in Score.objects.all()}
    assert kept == {one: (3, "", NOW), two: (None, "نیست", LATER), three: (4, "", LATER)}
    save(ScoreData(one, None), ScoreData(two, None), at=LATER)
    assert list(Score.objects.values_list("indicator_id", flat=True)) == [three]


def test_scores_sent_back_open_both_sheets_and_take_the_settled_value_back(world: World) -> None:
    assessment = world.differing("g1", 1, 4)
    world.moderate(assessment, "g1", "3")
    ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)
    back = {"indicators": [str(world.keys()["g1"])], "note": "دوباره"}
    count = AuditEntry.objects.count()
    ASSESSMENT.apply(assessment, "send_back", actor=world.manager, at=LATER, **back)
    assert AuditEntry.objects.count() == count + 2, "the step, and the settled value that it takes back"
    assert not assessment.moderated_values.exists()
    assert not AssessorSeat.objects.filter(submitted_at__isnull=False).exists()
    assert work.rebuild(at=LATER, mend=False).total == 0


# --- past the rows ------------------------------------------------------------------------------------------


def _refused(raw_sql: Callable[..., Any], statement: str, values: Any = ()) -> str:
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement, list(values))
    return str(constraints.constraint_name(caught.value))


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE ngos_assessorseat SET assessor_id = %s WHERE position = 1", "n7_seat_kept"),
        ("UPDATE ngos_assessorseat SET position = 2 WHERE assessor_id <> %s AND position = 1", "n7_seat_kept"),
        ("DELETE FROM ngos_assessorseat WHERE assessor_id <> %s AND position = 2", "n7_seat_kept"),
        (("UPDATE ngos_score SET indicator_id = indicator_id + %s WHERE seat_id IN"
         " (SELECT id FROM ngos_assessorseat WHERE submitted_at IS NULL)"), "n7_score_kept"),
        ("UPDATE ngos_assessorseat SET submitted_at = NULL WHERE assessor_id <> %s AND position = 1",
         "n7_scores_submitted"),
        ("UPDATE ngos_assessorseat SET submitted_at = now() WHERE assessor_id <> %s AND position = 1",
         "n7_scores_submitted"),
    ],
)  # fmt: skip
def test_sql_moves_no_seat_and_opens_no_sheet(
    world: World, raw_sql: Callable[..., Any], statement: str, name: str
) -> None:
    assessment = world.started()
    first, second = world.halves()
    world.submit(assessment, world.first, first)
    world.give(assessment, world.second, second)
    before = list(AssessorSeat.objects.order_by("pk").values())
    assert _refused(raw_sql, statement, [world.third.pk]) == name
    assert list(AssessorSeat.objects.order_by("pk").values()) == before


def test_sql_submits_no_sheet_before_the_scoring(world: World, raw_sql: Callable[..., Any]) -> None:
    world.plan()
    assert _refused(raw_sql, "UPDATE ngos_assessorseat SET submitted_at = now()") == "n7_scores_submitted"


GRADE_OF = """INSERT INTO ngos_grade (assessment_id, ngo_id, framework_id, level_rank, level_label, total,
    is_introducible, result, valid_from, valid_until, confirmed_by_id, confirmed_at)
    SELECT id, ngo_id, framework_id, 1, 'x', 99, true, '{}', now(), now(), planned_by_id, now()
    FROM ngos_assessment WHERE id = %s"""
END_OF = "INSERT INTO ngos_gradeend (grade_id, ended_on, reason, recorded_at) VALUES (%s, now(), %s, now())"


def test_sql_gives_no_grade_without_its_confirmation(world: World, raw_sql: Callable[..., Any]) -> None:
    assessment = world.scored()
    assert _refused(raw_sql, GRADE_OF, [assessment.pk]) == "n9_grade_by_confirmation"
    assert not Grade.objects.exists()


@pytest.mark.parametrize("reason", ["superseded", "membership_ended", "other"])
def test_sql_ends_no_grade_without_a_cause(world: World, raw_sql: Callable[..., Any], reason: str) -> None:
    grade = world.confirmed().grade
    assert _refused(raw_sql, END_OF, [grade.pk, reason]) == "n9_grade_ends_for_cause"
    assert not GradeEnd.objects.exists()


@pytest.mark.parametrize("change", ["ended_on = ended_on + 9", "reason = 'membership_ended'"])
def test_sql_changes_no_end_of_a_grade(world: World, raw_sql: Callable[..., Any], change: str) -> None:
    world.confirmed()
    ASSESSMENT.apply(world.scored(LATER), "confirm", actor=world.manager, at=LATER)
    assert _refused(raw_sql, f"UPDATE ngos_gradeend SET {change}") == "n9_grade_immutable"
    assert _refused(raw_sql, "DELETE FROM ngos_gradeend") == "n9_grade_immutable"


KEPT = {"n3_periods_kept", "n3_period_ends_once"}


def test_a_closed_period_stays_as_it_was(world: World, raw_sql: Callable[..., Any]) -> None:
    moved = "UPDATE ngos_membershipperiod SET ngo_id = ngo_id + 1"
    assert _refused(raw_sql, moved) in KEPT
    MEMBERSHIP.apply(world.ngo, "end", actor=world.manager, at=NOW, note="انحلال")
    assert world.ngo.__class__.objects.get(pk=world.ngo.pk).state == MembershipState.ENDED
    before = MembershipPeriod.objects.values().get()
    assert before["ended_by"] == "ended"
    for change in ("ended_by = ''", "ended_by = 'licence'", "period = daterange(lower(period), NULL)"):
        assert _refused(raw_sql, f"UPDATE ngos_membershipperiod SET {change}") in KEPT
    assert MembershipPeriod.objects.values().get() == before


def test_a_refused_step_loses_nothing(world: World) -> None:
    """A second submission is refused in a sentence, and the sheet is as it was."""
    assessment = world.started()
    world.submit(assessment, world.first, world.halves()[0])
    seats = list(AssessorSeat.objects.order_by("pk").values())
    with pytest.raises(Refusal) as refused:
        ASSESSMENT.apply(assessment, "submit_scores", actor=world.first, at=LATER)
    assert refused.value.sentences
    assert list(AssessorSeat.objects.order_by("pk").values()) == seats
