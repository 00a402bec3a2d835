"""Planning an assessment and keeping the frameworks, by pages (N6, N9)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ngos.models import Framework
from ngos.operations import frameworks
from ngos.workflow import FRAMEWORK
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories.people import add_role
from tests.ngos.grading_flow.world import NOW, World, make_ngo

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_the_picker_finds_members_by_any_spelling(world: World, signed_in: SignIn) -> None:
    make_ngo("کانون یاری‌گران کیمیا")
    make_ngo("کانون کیمیای پیش‌نویس", "draft")
    client = signed_in(world.expert)
    for query in ("كيميا", "یاری گران", "کیمیا کانون"):
        page = client.get("/ngos/assessments/new/", {"q": query})
        assert [ngo.name for ngo in page.context["ngos"]] == ["کانون یاری‌گران کیمیا"], query
    part = client.get("/ngos/assessments/new/", {"q": "كيميا"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "یاری‌گران" in part.content.decode()


def test_planning_errors_keep_the_choice(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.expert)
    sent = {"ngo": world.ngo.pk, "assessors": [world.first.pk], "due_on": "۳۰ اسفند"}
    response = client.post("/ngos/assessments/new/", sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "درست دو ارزیاب برگزینید" in page
    assert "۳۰ اسفند" in page
    chosen = [row["user"] for row in response.context["people"] if row["chosen"]]
    assert chosen == [world.first]


def test_those_in_conflict_are_greyed_with_the_reason(world: World, signed_in: SignIn) -> None:
    add_role(world.ngo_user, Role.HQ_ASSESSOR)
    page = signed_in(world.expert).get("/ngos/assessments/new/", {"ngo": world.ngo.pk})
    conflicts = {row["user"]: row["conflict"] for row in page.context["people"]}
    assert "نماینده این سمن است" in conflicts[world.ngo_user]
    assert conflicts[world.first] == ""


# --- frameworks -----------------------------------------------------------------------------------------


def _weights(page: Any) -> dict[str, str]:
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if name != "seen"} | {
        "seen": str(page.context["seen"])
    }


def test_a_framework_from_copy_to_publication(world: World, signed_in: SignIn) -> None:
    expert, manager = signed_in(world.expert), signed_in(world.manager)
    assert expert.post(f"/ngos/frameworks/{world.framework.pk}/copy/").status_code == 302
    draft = Framework.objects.get(state="draft")
    url = f"/ngos/frameworks/{draft.pk}/"
    sent = _weights(expert.get(f"{url}edit/"))
    dimension = draft.dimensions.first()
    sent[f"dimension-{dimension.pk}"] = "۷۰٫۵"
    assert expert.post(f"{url}edit/", sent).status_code == 302
    dimension.refresh_from_db()
    assert dimension.weight == Decimal("70.5")
    page = expert.get(url)
    shown = next(card.data for card in page.context["main_cards"] if "differences" in card.data)
    assert [(row.what, row.before, row.after) for row in shown["differences"]] == [("وزن بُعد", "۶۰", "۷۰٫۵")]
    assert [note.tone for note in page.context["notes"]] == ["ok"]
    assert expert.post(f"{url}do/publish/").status_code == 403
    assert manager.post(f"{url}do/publish/").status_code == 302
    world.framework.refresh_from_db()
    assert world.framework.state == "retired"
    assert expert.get(f"{url}edit/").status_code == 409


def test_a_framework_with_a_hole_says_so_before_publication(world: World, signed_in: SignIn) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    client, url = signed_in(world.manager), f"/ngos/frameworks/{draft.pk}/"
    sent = _weights(client.get(f"{url}edit/"))
    level = draft.levels.get(rank=4)
    assert client.post(f"{url}edit/", sent | {f"level-{level.pk}": "20"}).status_code == 302
    (note,) = client.get(url).context["notes"]
    assert any("باید صفر باشد" in line for line in note.lines)
    assert "باید صفر باشد" in client.get(f"{url}do/publish/").content.decode()
    assert client.post(f"{url}do/publish/").status_code == 409
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize("typed", ["0", "-3", "abc", "", "101"])
def test_a_wrong_figure_is_shown_as_typed_with_a_sentence(
    world: World, signed_in: SignIn, typed: str
) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    client, url = signed_in(world.expert), f"/ngos/frameworks/{draft.pk}/edit/"
    name = (
        f"level-{draft.levels.get(rank=1).pk}"
        if typed == "101"
        else f"dimension-{draft.dimensions.first().pk}"
    )
    response = client.post(url, _weights(client.get(url)) | {name: typed})
    assert response.status_code == 422
    assert response.context["form"][name].errors
    assert response.context["form"][name].value() == typed


def test_two_people_on_one_draft_see_each_other(world: World, signed_in: SignIn) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    indicator = draft.dimensions.first().indicators.first()
    url = f"/ngos/frameworks/{draft.pk}/indicators/{indicator.pk}/edit/"
    one, two = signed_in(world.expert), signed_in(world.expert2)
    words = {"title": "عنوان یک", "evidence": "", **{f"anchor-{n}": f"شرح {n}" for n in range(5)}}
    seen = one.get(url).context["form"]["seen"].value()
    assert two.post(url, words | {"title": "عنوان دو", "seen": seen}).status_code == 302
    refused = one.post(url, words | {"seen": seen})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert world.expert2.full_name in page and "عنوان دو" in page and "عنوان یک" in page
    again = refused.context["form"]["seen"].value()
    assert one.post(url, words | {"seen": again}).status_code == 302
    indicator.refresh_from_db()
    assert indicator.title == "عنوان یک"


def test_drafts_are_for_headquarters(world: World, signed_in: SignIn) -> None:
    draft = frameworks.copy_framework(world.framework, actor=world.expert, at=NOW)
    for user, status in (
        (world.expert, 200),
        (world.auditor, 200),
        (world.first, 404),
        (world.ngo_user, 404),
    ):
        assert signed_in(user).get(f"/ngos/frameworks/{draft.pk}/").status_code == status
        assert signed_in(user).get(f"/ngos/frameworks/{world.framework.pk}/").status_code == 200
    assert signed_in(world.auditor).get(f"/ngos/frameworks/{draft.pk}/edit/").status_code == 403
    assert signed_in(world.first).get("/ngos/frameworks/new/").status_code == 403


def test_a_new_framework_from_the_default(world: World, signed_in: SignIn) -> None:
    sent = {"title": "چارچوب ۱۴۰۶", "source": "default"}
    assert signed_in(world.expert).post("/ngos/frameworks/new/", sent).status_code == 302
    made = Framework.objects.get(state="draft")
    assert (made.dimensions.count(), made.version) == (8, 2)
    assert FRAMEWORK.apply(made, "publish", actor=world.manager, at=NOW).state == "published"
