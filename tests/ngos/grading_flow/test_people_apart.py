"""Who may not assess, moderate or confirm (N7, N9, K6: persons are counted, not roles)."""

from datetime import date
from typing import Any

import pytest

from ngos.models import Assessment, Grade, Ngo, Officer
from ngos.operations import assessing
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.search import search_fold
from tests.factories.people import add_role, delegate
from tests.ngos.grading_flow.world import NOW, World, make_ngo, make_user, represent

pytestmark = pytest.mark.django_db


def _officer(ngo: Ngo, name: str, code: str = "", last_day: date | None = None) -> Officer:
    return Officer.objects.create(
        ngo=ngo,
        post="board",
        full_name=name,
        name_folded=search_fold(name),
        national_code=code,
        term=period(date(2025, 1, 1), last_day),
        recorded_at=NOW,
    )


def _plan(world: World, *assessors: User) -> Assessment:
    return assessing.plan_assessment(actor=world.expert, at=NOW, ngo=world.ngo, assessors=list(assessors))


@pytest.mark.parametrize(
    ("user_name", "user_code", "officer_name", "officer_code", "may"),
    [
        (("علی", "کاظمی"), "0013542419", "علی كاظمی", "0013542419", False),
        (("علی", "کاظمی"), "0013542419", "نامی دیگر", "0013542419", False),
        (("علی", "کاظمی"), "0013542419", "علی کاظمی", "0084575948", True),
        (("علی", "کاظمی"), "", "علي كاظمي", "0084575948", False),
        (("علی", "کاظمی"), "0013542419", "علی کاظمی", "", False),
        (("علی", "کاظمی"), "", "علی کاظمیان", "", True),
    ],
    ids=["same code", "same code, other name", "other code", "name, Arabic letters", "name", "another name"],
)
def test_an_officer_does_not_assess(
    world: World, user_name: tuple[str, str], user_code: str, officer_name: str, officer_code: str, may: bool
) -> None:
    first, last = user_name
    assessor = make_user("x", Role.HQ_ASSESSOR, first_name=first, last_name=last, national_code=user_code)
    _officer(world.ngo, officer_name, officer_code)
    if may:
        assert _plan(world, assessor, world.second).seats.count() == 2
    else:
        with pytest.raises(Refusal, match="از مسئولان این سمن است"):
            _plan(world, assessor, world.second)
        assert not Assessment.objects.exists()


def test_a_representative_does_not_assess(world: World) -> None:
    add_role(world.ngo_user, Role.HQ_ASSESSOR)
    with pytest.raises(Refusal, match="نماینده این سمن است"):
        _plan(world, world.ngo_user, world.second)


def test_a_conflict_that_arose_since_stops_the_start(world: World) -> None:
    planned = _plan(world, world.first, world.second)
    _officer(world.ngo, world.second.full_name)
    with pytest.raises(TransitionRefused, match="از مسئولان این سمن است"):
        ASSESSMENT.apply(planned, "start", actor=world.expert, at=NOW)


@pytest.mark.parametrize("many", [0, 1, 3])
def test_it_takes_exactly_two(world: World, many: int) -> None:
    with pytest.raises(Refusal, match="دو ارزیاب جداگانه"):
        _plan(world, *[world.first, world.second, world.third][:many])


def test_the_same_person_twice_is_not_two(world: World) -> None:
    with pytest.raises(Refusal, match="دو ارزیاب جداگانه"):
        _plan(world, world.first, world.first)


def test_assessors_hold_the_role(world: World) -> None:
    with pytest.raises(Refusal, match="نقش ارزیاب ندارد"):
        _plan(world, world.first, world.expert2)


def test_only_members_are_assessed(world: World) -> None:
    draft = make_ngo("انجمن در راه", "draft")
    with pytest.raises(Refusal, match="ویژه اعضاست"):
        assessing.plan_assessment(
            actor=world.expert, at=NOW, ngo=draft, assessors=[world.first, world.second]
        )


def test_one_open_assessment_at_a_time(world: World) -> None:
    _plan(world, world.first, world.second)
    with pytest.raises(Refusal, match="ظرفیت‌سنجی بازی دارد"):
        _plan(world, world.first, world.third)


def test_a_deadline_in_the_past_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="گذشته است"):
        assessing.plan_assessment(
            actor=world.expert,
            at=NOW,
            ngo=world.ngo,
            assessors=[world.first, world.second],
            due_on=date(2026, 11, 23),
        )


# --- moderation and confirmation ------------------------------------------------------------------------


def test_who_scored_does_not_moderate(world: World) -> None:
    add_role(world.first, Role.HQ_EXPERT)
    assessment = world.differing("g1", 1, 4)
    with pytest.raises(NotPermitted, match="امتیاز داده‌اید"):
        world.moderate(assessment, "g1", "3", by=world.first)
    world.moderate(assessment, "g1", "3")
    with pytest.raises(NotPermitted, match="امتیاز داده‌اید"):
        ASSESSMENT.apply(assessment, "moderate", actor=world.first, at=NOW)


def test_every_difference_wants_a_value(world: World) -> None:
    assessment = world.differing("g1", 1, 4)
    with pytest.raises(TransitionRefused, match="هنوز هم‌سنجی نشده است"):
        ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [("g2", "3", "اختلافی ندارند"), ("g1", "2.3", "گام نیم"), ("g1", "4.5", "گام نیم")],
)
def test_moderation_takes_differing_indicators_and_halves_only(
    world: World, code: str, value: str, sentence: str
) -> None:
    assessment = world.differing("g1", 1, 4)
    with pytest.raises(Refusal, match=sentence):
        world.moderate(assessment, code, value)
    assert not assessment.moderated_values.exists()


def test_who_scored_does_not_confirm(world: World) -> None:
    add_role(world.second, Role.HQ_MANAGER)
    assessment = world.scored()
    with pytest.raises(NotPermitted, match="امتیاز داده‌اید"):
        ASSESSMENT.apply(assessment, "confirm", actor=world.second, at=NOW)
    assert not Grade.objects.exists()


def test_who_moderated_does_not_confirm(world: World) -> None:
    add_role(world.manager, Role.HQ_EXPERT)
    assessment = world.differing("g1", 1, 4)
    world.moderate(assessment, "g1", "3", by=world.manager)
    ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)
    with pytest.raises(NotPermitted, match="هم‌سنجی کرده‌اید"):
        ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)


def test_a_delegate_who_scored_does_not_confirm_for_the_manager(world: World) -> None:
    delegate(world.manager, world.first, Role.HQ_MANAGER)
    delegate(world.manager, world.expert, Role.HQ_MANAGER)
    assessment = world.scored()
    with pytest.raises(NotPermitted, match="امتیاز داده‌اید"):
        ASSESSMENT.apply(assessment, "confirm", actor=world.first, at=NOW)
    ASSESSMENT.apply(assessment, "confirm", actor=world.expert, at=NOW)
    assert Grade.objects.get().confirmed_by == world.expert


def test_the_attempt_is_kept_for_the_auditor(world: World) -> None:
    from staff_portal.kernel.models import AuditEntry

    add_role(world.second, Role.HQ_MANAGER)
    assessment: Any = world.scored()
    with pytest.raises(NotPermitted):
        ASSESSMENT.apply(assessment, "confirm", actor=world.second, at=NOW)
    kept = AuditEntry.objects.get(event="kernel.refused", actor=world.second)
    assert kept.after["transition"] == "confirm"


def test_a_representative_of_another_ngo_may_assess(world: World) -> None:
    add_role(world.ngo_user, Role.HQ_ASSESSOR)
    other = make_ngo("انجمن دیگر")
    represent(world.third, other)
    assert _plan(world, world.third, world.second).seats.count() == 2
