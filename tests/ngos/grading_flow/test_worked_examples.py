"""The worked examples of the design, from the framework to the stored grade (N7, N8)."""

from decimal import Decimal

import pytest

from ngos.certificate import GRADE_SHEET
from ngos.enums import AssessmentState
from ngos.models import Grade
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.models import Letter
from tests.ngos.grading_builder import EXAMPLES
from tests.ngos.grading_flow.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("letter", "ABCD")
def test_the_grade_stored_is_the_grade_of_the_table(letter: str, signing_key: object) -> None:
    world = World(letter)
    assessment = world.scored()
    assert assessment.state == AssessmentState.AWAITING_CONFIRMATION
    ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)

    grade = Grade.objects.get(assessment=assessment)
    _, scores, total, level = EXAMPLES[letter]
    assert grade.total == Decimal(total)
    assert grade.level_rank == level
    assert [row["score"] for row in grade.result["dimensions"]] == scores
    assert grade.valid_from == TODAY
    assert (grade.valid_until.year, grade.is_introducible) == (2028, True)
    world.ngo.refresh_from_db()
    assert (world.ngo.level_rank, world.ngo.grade_valid_until) == (level, grade.valid_until)
    sheet = Letter.objects.get(root_id=world.ngo.pk, kind=GRADE_SHEET.slug)
    assert (
        sheet.content["total"].replace("٫", ".").translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")) in total
    )


def test_example_c_is_lowered_by_the_floor_of_finance(signing_key: object) -> None:
    world = World("C")
    world.confirmed()
    result = Grade.objects.get().result
    assert (result["level_by_total"], result["level"]) == (2, 3)
    assert [row["minimum"] for row in result["floors"]] == ["40.00"]


def test_example_d_with_a_gate_is_unfit_for_introduction(signing_key: object) -> None:
    world = World("D", frozenset({"g3"}))
    world.confirmed()
    grade = Grade.objects.get()
    assert (grade.level_rank, grade.is_introducible) == (3, False)
    assert grade.result["failed_gates"] == ["شاخص g3"]
    assert any("فاقد شرایط معرفی" in line for line in grade.result["explanation"])


def test_a_difference_goes_to_moderation_and_its_value_counts(signing_key: object) -> None:
    world = World("A")
    assessment = world.differing("g1", 1, 4)
    assert assessment.state == AssessmentState.MODERATION
    world.moderate(assessment, "g1", "4")
    ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)
    ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)
    assert Grade.objects.get().total == Decimal("71.25")


def test_one_na_against_a_value_goes_to_moderation_too(signing_key: object) -> None:
    world = World("A")
    assert world.differing("f2", None, 2).state == AssessmentState.MODERATION


def test_a_sheet_of_nothing_but_na_is_refused_in_a_sentence(signing_key: object) -> None:
    world = World("B")
    world.values = dict.fromkeys(world.values)
    assessment = world.scored()
    with pytest.raises(Exception, match="هیچ شاخصی امتیاز ندارد"):
        ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)
    assert not Grade.objects.exists()
