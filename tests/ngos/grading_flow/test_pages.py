"""The pages of grading, without JavaScript: the whole way, the desk, moderation, what is kept on errors."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ngos.models import Assessment, Grade, Score
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories.people import add_role
from tests.ngos.grading_builder import EXAMPLES
from tests.ngos.grading_flow.world import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def _sheet(world: World, values: dict[str, Any], note: str = "") -> dict[str, str]:
    """What an assessor's browser sends for these values."""
    sent = {}
    for code, pk in world.keys().items():
        value = values.get(code, "")
        sent[f"v-{pk}"] = "na" if value is None else str(value)
        sent[f"n-{pk}"] = note
    return sent


def _plan(world: World, client: Client) -> Assessment:
    sent = {"ngo": world.ngo.pk, "assessors": [world.first.pk, world.second.pk], "due_on": "۱۴۰۵/۹/۳۰"}
    response = client.post("/ngos/assessments/new/", sent)
    assert response.status_code == 302, response.content.decode()
    return Assessment.objects.get()


@pytest.mark.parametrize("letter", "ABCD")
def test_the_whole_way_by_pages(letter: str, signing_key: object, signed_in: SignIn) -> None:
    world = World(letter)
    expert, manager = signed_in(world.expert), signed_in(world.manager)
    assessment = _plan(world, expert)
    url = f"/ngos/assessments/{assessment.pk}/"
    assert expert.post(f"{url}do/start/").status_code == 302
    first, second = world.halves()
    differing = next(code for code, value in first.items() if value is not None)
    second[differing] = 0
    for user, values in ((world.first, first), (world.second, second)):
        client = signed_in(user)
        assert client.post(f"{url}score/", _sheet(world, values)).status_code == 302
        assert client.post(f"{url}do/submit_scores/").status_code == 302
    assessment.refresh_from_db()
    assert assessment.state == "moderation"
    pk = world.keys()[differing]
    settled = format(world.values[differing] or Decimal(0), "f")
    assert expert.post(f"{url}moderate/", {f"v-{pk}": settled, f"r-{pk}": "مدرک دیده شد"}).status_code == 302
    assert expert.post(f"{url}do/moderate/").status_code == 302
    preview = manager.get(f"{url}do/confirm/")
    assert not Grade.objects.exists()
    assert manager.post(f"{url}do/confirm/").status_code == 302
    grade = Grade.objects.get()
    assert (grade.total, grade.level_rank) == (Decimal(EXAMPLES[letter][2]), EXAMPLES[letter][3])
    assert preview.context["picture"]["sentences"] == grade.result["explanation"]
    assert (
        preview.context["picture"]["level"]
        in signed_in(world.ngo_user).get(f"/ngos/{world.ngo.pk}/grading/").content.decode()
    )


# --- the desk -------------------------------------------------------------------------------------------


def test_the_desk_saves_what_changed_and_says_what_is_missing(world: World, signed_in: SignIn) -> None:
    assessment = world.started()
    client, url = signed_in(world.first), f"/ngos/assessments/{assessment.pk}/score/"
    sent = _sheet(world, {"g1": 4, "g2": 0, "f1": None})
    assert client.post(url, sent).status_code == 302
    stored = {row.indicator.code: row.value for row in Score.objects.select_related("indicator")}
    assert stored == {"g1": 4, "g2": 0, "f1": None}
    page = client.get(url)
    assert page.context["progress"]["words"] == "۳ شاخص از ۶"
    assert len(page.context["missing"]) == 3
    assert "شاخص g3" in page.content.decode()


def test_a_value_may_be_taken_back(world: World, signed_in: SignIn) -> None:
    assessment = world.started()
    client, url = signed_in(world.first), f"/ngos/assessments/{assessment.pk}/score/"
    client.post(url, _sheet(world, {"g1": 4}))
    client.post(url, _sheet(world, {}))
    assert not Score.objects.exists()


def test_a_note_without_a_value_is_not_lost(world: World, signed_in: SignIn) -> None:
    assessment = world.started()
    client, url = signed_in(world.first), f"/ngos/assessments/{assessment.pk}/score/"
    keys = world.keys()
    sent = {f"v-{keys['g1']}": "3", f"n-{keys['g1']}": "سند ديدم", f"n-{keys['g2']}": "بعداً می‌پرسم"}
    response = client.post(url, sent)
    assert response.status_code == 422
    assert "بعداً می‌پرسم" in response.content.decode()
    assert Score.objects.get().note == "سند دیدم"


def test_one_change_by_htmx_brings_status_and_progress(world: World, signed_in: SignIn) -> None:
    assessment = world.started()
    client, url = signed_in(world.first), f"/ngos/assessments/{assessment.pk}/score/save/"
    pk = world.keys()["g2"]
    response = client.post(url, {f"v-{pk}": "2", f"n-{pk}": ""}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "ذخیره شد" in page and 'hx-swap-oob="true"' in page and "۱ شاخص از ۶" in page
    assert Score.objects.get().value == 2


@pytest.mark.parametrize("value", ["5", "-1", "x", "2.5"])
def test_a_wrong_value_is_a_sentence(world: World, signed_in: SignIn, value: str) -> None:
    assessment = world.started()
    pk = world.keys()["g2"]
    response = signed_in(world.first).post(
        f"/ngos/assessments/{assessment.pk}/score/", {f"v-{pk}": value, f"n-{pk}": ""}
    )
    assert response.status_code == 422
    assert "یکی از مقدارهای همین شاخص را برگزینید" in response.content.decode()
    assert not Score.objects.exists()


def test_a_submitted_sheet_is_read_only(world: World, signed_in: SignIn) -> None:
    assessment = world.started()
    world.submit(assessment, world.first, world.halves()[0])
    client, url = signed_in(world.first), f"/ngos/assessments/{assessment.pk}/score/"
    assert 'type="radio"' not in client.get(url).content.decode()
    pk = world.keys()["g1"]
    sent = {f"v-{pk}": "0", f"n-{pk}": ""}
    assert client.post(url, sent).status_code == 403
    assert client.post(f"{url}save/", sent).status_code == 409
    assert Score.objects.get(indicator=pk).value == 4


def test_a_gate_offers_no_na(signing_key: object, signed_in: SignIn) -> None:
    world = World("D", frozenset({"g3"}))
    assessment = world.started()
    page = signed_in(world.first).get(f"/ngos/assessments/{assessment.pk}/score/")
    rows = {row["title"]: row for section in page.context["sections"] for row in section["rows"]}
    assert [option["value"] for option in rows["شاخص g3"]["options"]] == ["0", "1", "2", "3", "4"]
    assert [option["value"] for option in rows["شاخص g2"]["options"]][-1] == "na"


# --- moderation -----------------------------------------------------------------------------------------


def test_moderation_keeps_what_was_typed_beside_an_error(world: World, signed_in: SignIn) -> None:
    assessment = world.differing("g1", 1, 4)
    client, url = signed_in(world.expert), f"/ngos/assessments/{assessment.pk}/moderate/"
    pk = world.keys()["g1"]
    response = client.post(url, {f"v-{pk}": "2.5", f"r-{pk}": ""})
    assert response.status_code == 422
    page = response.content.decode()
    assert "دلیل این مقدار را بنویسید" in page
    assert '<option value="2.5" selected>' in page
    client.post(url, {f"v-{pk}": "2.5", f"r-{pk}": "دفتر دیده شد"})
    assert assessment.moderated_values.get().value == Decimal("2.5")
    assert '<option value="2.5" selected>' in client.get(url).content.decode()


def test_a_scorer_is_told_why_moderation_is_not_for_them(world: World, signed_in: SignIn) -> None:
    add_role(world.first, Role.HQ_EXPERT)
    assessment = world.differing("g1", 1, 4)
    response = signed_in(world.first).get(f"/ngos/assessments/{assessment.pk}/moderate/")
    assert response.status_code == 403
    assert "امتیاز داده‌اید" in response.content.decode()
