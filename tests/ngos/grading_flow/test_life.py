"""What becomes of a grade: renewal, the end of membership, its day, a return, a cancellation (N8, N9)."""

from datetime import date, timedelta

import pytest

from ngos.certificate import CERTIFICATE, GRADE_SHEET, letters_in_force
from ngos.enums import AssessmentState, GradeEndReason
from ngos.models import Grade, GradeEnd
from ngos.operations import assessing
from ngos.operations.grades import years_later
from ngos.queries import grade_on
from ngos.workflow import ASSESSMENT, MEMBERSHIP
from staff_portal.kernel.base.refusals import Refusal, TransitionRefused
from staff_portal.kernel.models import Letter, LetterEventKind
from tests.ngos.grading_flow.world import NOW, TODAY, World, make_user, publish

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=300)


def test_a_renewal_supersedes_the_older_grade_and_its_sheet(world: World) -> None:
    world.confirmed()
    world.values["f1"] = world.values["f2"] = world.values["f3"] = world.values["g1"]
    world.confirmed(LATER)
    newer, older = Grade.objects.order_by("-id")
    assert older.end.reason == GradeEndReason.SUPERSEDED
    assert older.end.ended_on == newer.valid_from == LATER.date()
    assert grade_on(world.ngo, TODAY) == older
    assert grade_on(world.ngo, LATER.date() - timedelta(days=1)) == older
    assert grade_on(world.ngo, LATER.date()) == newer
    first, second = Letter.objects.filter(kind=GRADE_SHEET.slug).order_by("id")
    assert first.events.get().kind == LetterEventKind.REPLACED
    assert first.events.get().replacement == second
    world.ngo.refresh_from_db()
    assert world.ngo.level_rank == newer.level_rank == 1


def test_the_old_grade_keeps_its_own_framework(world: World) -> None:
    world.confirmed()
    newer = publish(world.spec, expert=world.expert, manager=world.manager, at=LATER)
    world.framework.refresh_from_db()
    assert world.framework.state == "retired"
    assert Grade.objects.get().framework == world.framework
    assert newer.version == world.framework.version + 1
    assert world.plan(LATER).framework == newer


def test_a_grade_ends_by_date(world: World) -> None:
    world.confirmed()
    grade = Grade.objects.get()
    assert grade_on(world.ngo, grade.valid_until) == grade
    assert grade_on(world.ngo, grade.valid_until + timedelta(days=1)) is None
    assert grade_on(world.ngo, TODAY - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("start", "last_day"),
    [
        (date(2026, 11, 24), date(2028, 11, 22)),  # 1405/09/03 → 1407/09/02
        (date(2025, 3, 20), date(2027, 3, 19)),  # 1403/12/30, a leap day → 1405/12/28
    ],
)
def test_two_jalali_years_end_the_day_before(start: date, last_day: date) -> None:
    assert years_later(start, 2) == last_day


def test_the_end_of_membership_ends_the_grade_and_revokes_the_letters(world: World) -> None:
    world.confirmed()
    MEMBERSHIP.apply(world.ngo, "end", actor=world.manager, at=LATER, note="به درخواست سمن")
    assert GradeEnd.objects.get().reason == GradeEndReason.MEMBERSHIP_ENDED
    assert not letters_in_force(world.ngo).exists()
    sheet = Letter.objects.get(kind=GRADE_SHEET.slug)
    assert (sheet.events.get().kind, sheet.events.get().reason) == (
        LetterEventKind.REVOKED,
        "عضویت این سمن پایان یافته است.",
    )
    assert not Letter.objects.filter(kind=CERTIFICATE.slug, events__isnull=True).exists()
    assert grade_on(world.ngo, LATER.date()) is None
    assert grade_on(world.ngo, LATER.date() - timedelta(days=1)) == Grade.objects.get()
    world.ngo.refresh_from_db()
    assert (world.ngo.level_rank, world.ngo.grade_valid_until) == (None, None)


def test_one_that_is_no_member_any_more_gets_no_grade(world: World) -> None:
    assessment = world.scored()
    MEMBERSHIP.apply(world.ngo, "suspend", actor=world.manager, at=NOW, note="گزارش خلاف")
    with pytest.raises(TransitionRefused, match="اکنون عضو نیست"):
        ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)
    assert not Grade.objects.exists()


def test_a_cancelled_assessment_makes_room_for_another(world: World) -> None:
    cancelled = ASSESSMENT.apply(
        world.started(), "cancel", actor=world.manager, at=NOW, note="ارزیاب بیمار شد"
    )
    assert cancelled.state == AssessmentState.CANCELLED
    with pytest.raises(Refusal):
        world.give(cancelled, world.first, {"g1": 3})
    assert world.plan().state == AssessmentState.PLANNED


def test_a_cancelled_assessment_leaves_the_grade(world: World) -> None:
    world.confirmed()
    ASSESSMENT.apply(world.started(LATER), "cancel", actor=world.manager, at=LATER, note="زود بود")
    assert grade_on(world.ngo, LATER.date()) == Grade.objects.get()


def test_what_is_missing_is_said_one_by_one(world: World) -> None:
    assessment = world.started()
    world.give(assessment, world.first, {"g1": 4, "g2": 3})
    with pytest.raises(TransitionRefused) as refused:
        ASSESSMENT.apply(assessment, "submit_scores", actor=world.first, at=NOW)
    assert [line.split("»")[0] for line in refused.value.sentences] == [
        "شاخص «شاخص g3",
        "شاخص «شاخص f1",
        "شاخص «شاخص f2",
        "شاخص «شاخص f3",
    ]


def test_no_na_on_a_gate(signing_key: object) -> None:
    world = World("D", frozenset({"g3"}))
    with pytest.raises(Refusal, match="شرط لازم است و «موضوعیت ندارد» نمی‌پذیرد"):
        world.give(world.started(), world.first, {"g3": None})


def test_a_step_of_one_assessor_is_not_the_others(world: World) -> None:
    assessment = world.started()
    world.submit(assessment, world.first, world.halves()[0])
    assert assessment.seats.filter(submitted_at__isnull=True).get().assessor == world.second
    with pytest.raises(Refusal, match="پیش از این ارسال شده است"):
        world.give(assessment, world.first, {"g1": 0})


def test_planning_uses_the_working_day_setting(world: World) -> None:
    from staff_portal.kernel.configuration.clocks import working_deadline

    planned = assessing.plan_assessment(
        actor=world.expert, at=NOW, ngo=world.ngo, assessors=[world.first, make_user("y", "hq_assessor")]
    )
    assert planned.due_on == working_deadline(TODAY, 15)
