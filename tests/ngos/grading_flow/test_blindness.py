"""Neither assessor, nor anybody else, sees a score before both have submitted (N7)."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from ngos import rules
from ngos.models import Assessment, Score
from ngos.operations import assessing
from ngos.operations.sheets import ScoreData
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import AuditEntry, User
from tests.ngos.grading_flow.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
SECRET = "یادداشت پنهان ارزیاب نخست"


def _half(world: World) -> Assessment:
    """The first assessor has submitted, with a note; the second has not begun."""
    assessment = world.started()
    keys = world.keys()
    rows = [ScoreData(pk, 4, note=SECRET) for pk in keys.values()]
    assessing.save_scores(assessment, actor=world.first, at=NOW, scores=rows)
    return ASSESSMENT.apply(assessment, "submit_scores", actor=world.first, at=NOW)


def _everybody(world: World) -> list[User]:
    return [world.second, world.expert, world.expert2, world.manager, world.auditor, world.ngo_user]


def test_no_page_shows_a_score_before_both_are_in(world: World, signed_in: Callable[[User], Client]) -> None:
    assessment = _half(world)
    for user in _everybody(world):
        client = signed_in(user)
        for path in ("", "score/", "moderate/", "do/confirm/", "do/moderate/"):
            response = client.get(f"/ngos/assessments/{assessment.pk}/{path}")
            assert SECRET not in response.content.decode(), (user.username, path)
        for path in (
            f"/ngos/{world.ngo.pk}/grading/",
            "/ngos/assessments/",
            f"/ngos/{world.ngo.pk}/history/",
        ):
            assert SECRET not in client.get(path).content.decode(), (user.username, path)


def test_the_excel_list_holds_no_score(world: World, signed_in: Callable[[User], Client]) -> None:
    _half(world)
    for user in _everybody(world):
        content = signed_in(user).get("/ngos/assessments/?format=xlsx").content
        cells = [
            cell for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True) for cell in row
        ]
        assert world.ngo.name in cells
        assert SECRET not in cells and 4 not in cells


def test_the_audit_trail_keeps_no_single_score(world: World) -> None:
    assessment = _half(world)
    entries = AuditEntry.objects.filter(event__in=["assessment.scores_saved", "assessment.scores_submitted"])
    assert entries.count() == 2
    for entry in entries:
        assert set(entry.after) <= {"scored", "changed", "submitted", "state"}
    assert rules.can_view_scores(world.first, assessment, assessment.seats.get(assessor=world.first), TODAY)


def test_the_rule_says_no_to_everybody_else(world: World) -> None:
    assessment = _half(world)
    seat = assessment.seats.get(assessor=world.first)
    assert not any(rules.can_view_scores(user, assessment, seat, TODAY) for user in _everybody(world))


def test_once_both_are_in_headquarters_and_the_two_see_them_and_the_ngo_does_not(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    assessment = _half(world)
    world.submit(assessment, world.second, dict.fromkeys(world.values, 1))
    url = f"/ngos/assessments/{assessment.pk}/"
    for user in (world.first, world.second, world.expert, world.manager, world.auditor):
        assert SECRET in signed_in(user).get(url).content.decode(), user.username
    page = signed_in(world.ngo_user).get(url).content.decode()
    assert SECRET not in page and world.first.full_name not in page


def test_a_stranger_finds_no_assessment(world: World, signed_in: Callable[[User], Client]) -> None:
    assessment = _half(world)
    for path in ("", "score/", "moderate/", "do/confirm/"):
        assert signed_in(world.third).get(f"/ngos/assessments/{assessment.pk}/{path}").status_code == 404


def test_another_persons_desk_is_refused(world: World, signed_in: Callable[[User], Client]) -> None:
    assessment = world.started()
    for user in (world.expert, world.manager, world.auditor, world.ngo_user):
        client = signed_in(user)
        assert client.get(f"/ngos/assessments/{assessment.pk}/score/").status_code == 403
        pk = next(iter(world.keys().values()))
        sent = client.post(f"/ngos/assessments/{assessment.pk}/score/save/", {f"v-{pk}": "3", f"n-{pk}": ""})
        assert sent.status_code == 403
    assert not Score.objects.exists()


def test_scores_of_others_cannot_be_written_by_operation(world: World) -> None:
    assessment = world.started()
    row = [ScoreData(next(iter(world.keys().values())), 3)]
    for user in (world.third, world.expert, world.manager):
        with pytest.raises(NotPermitted):
            assessing.save_scores(assessment, actor=user, at=NOW, scores=row)


def test_a_returned_assessment_is_blind_again(world: World, signed_in: Callable[[User], Client]) -> None:
    assessment = _half(world)
    world.submit(assessment, world.second, dict.fromkeys(world.values, 4))
    keys = world.keys()
    ASSESSMENT.apply(
        assessment,
        "send_back",
        actor=world.manager,
        at=NOW,
        note="مدرک تازه رسید",
        indicators=[str(keys["g1"])],
    )
    assert SECRET not in signed_in(world.second).get(f"/ngos/assessments/{assessment.pk}/").content.decode()


def test_only_reopened_indicators_take_scores(world: World) -> None:
    assessment = world.scored()
    keys = world.keys()
    ASSESSMENT.apply(
        assessment, "send_back", actor=world.manager, at=NOW, note="بازبینی شود", indicators=[str(keys["g1"])]
    )
    with pytest.raises(Refusal, match="برای امتیازدهی دوباره باز نشده است"):
        world.give(assessment, world.first, {"g2": 1})
    world.submit(assessment, world.first, {"g1": 2})
    final = world.submit(assessment, world.second, {"g1": 2})
    assert final.state == "awaiting_confirmation"
    assert final.reopened_indicators == []


def test_what_moderation_settled_elsewhere_survives_a_return(world: World) -> None:
    assessment = world.differing("g1", 1, 4)
    world.moderate(assessment, "g1", "3.5")
    ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)
    ASSESSMENT.apply(
        assessment,
        "send_back",
        actor=world.manager,
        at=NOW,
        note="بازبینی",
        indicators=[str(world.keys()["f1"])],
    )
    world.submit(assessment, world.first, {"f1": 2})
    final = world.submit(assessment, world.second, {"f1": 2})
    assert final.state == "awaiting_confirmation"
    assert final.moderated_values.get().value == Decimal("3.5")
