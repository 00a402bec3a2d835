"""Lists, the tab of the record, the inbox, search: who sees what, in how many queries."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from ngos import rules
from ngos.enums import AssessmentState
from ngos.models import Assessment, Ngo
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import User
from tests.ngos.grading_flow.world import NOW, TODAY, World, assessment_in, make_ngo, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_list_and_object_permission_agree(world: World, signed_in: SignIn) -> None:
    other = make_ngo("انجمن دیگر")
    mine, others = world.scored(), world.plan(ngo=other)
    people = [world.expert, world.manager, world.auditor, world.first, world.third, world.ngo_user]
    people += [make_user(f"role-{role}", role) for role in Role.values]
    for user in people:
        listed = {row.pk for row in Assessment.objects.filter(rules.assessments_visible_to(user, TODAY))}
        assert listed == {row.pk for row in (mine, others) if rules.can_view_assessment(user, row, TODAY)}
        client = signed_in(user)
        for row in (mine, others):
            seen = client.get(f"/ngos/assessments/{row.pk}/").status_code == 200
            assert seen == (row.pk in listed), (user.username, row.pk)


def test_filters_count_and_narrow(world: World, signed_in: SignIn) -> None:
    world.scored()
    other = make_ngo("کانون دیگر")
    world.started(NOW - timedelta(days=60), other)
    client = signed_in(world.expert)

    def names(query: str) -> list[str]:
        return [row[0].text for row in client.get(f"/ngos/assessments/{query}").context["rows"]]

    assert names("") == [other.name, world.ngo.name]
    assert names("?state=scoring") == names("?only=overdue") == names("?q=كانون") == [other.name]
    assert names("?sort=ngo") == [world.ngo.name, other.name]
    assert names("?only=mine&state=confirmed") == []
    chips = client.get("/ngos/assessments/?state=scoring").context["chip_groups"]
    assert [(o["label"], o["count"]) for o in chips[1]["options"]] == [("مربوط به من", 1), ("مهلت گذشته", 1)]
    assert "صافی‌ها را بردارید" in client.get("/ngos/assessments/?q=نیست").content.decode()


def test_the_excel_file_is_what_is_filtered(world: World, signed_in: SignIn) -> None:
    world.scored()
    world.plan(ngo=make_ngo("=کانون دیگر"))
    content = signed_in(world.expert).get("/ngos/assessments/?format=xlsx&state=planned").content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows())
    assert [row[0].value for row in rows[1:]] == ["=کانون دیگر"]
    assert rows[1][0].data_type == "s"
    content = signed_in(world.expert).get("/ngos/frameworks/?format=xlsx").content
    assert load_workbook(BytesIO(content)).active.max_row == 2


def _many(world: World, number: int) -> None:
    for place in range(number):
        world.plan(ngo=make_ngo(f"سمن شماره {place}"))


@pytest.mark.parametrize("who", ["expert", "first", "auditor"])
def test_the_list_asks_the_same_number_for_one_and_fifty(
    world: World, signed_in: SignIn, no_n_plus_one: Any, who: str
) -> None:
    client = signed_in(getattr(world, who))
    counts = []
    for number in (1, 49):
        _many(world, number)
        client.get("/ngos/assessments/")
        with CaptureQueriesContext(connection) as queries, no_n_plus_one():
            assert client.get("/ngos/assessments/?size=100").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("state", AssessmentState.values)
def test_an_assessments_page_stays_within_its_bound_in_every_state(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Any, no_n_plus_one: Any, state: str
) -> None:
    url = f"/ngos/assessments/{assessment_in(world, state).pk}/"
    for user in (world.expert, world.manager, world.first, world.auditor, world.ngo_user):
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(20), no_n_plus_one():
            assert client.get(url).status_code == 200


def test_the_other_pages_stay_within_their_bounds(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Any, no_n_plus_one: Any
) -> None:
    world.confirmed()
    running = world.started(ngo=make_ngo("دیگر"))
    complete = world.scored(ngo=make_ngo("سومی"))
    pages = [
        (world.first, f"/ngos/assessments/{running.pk}/score/", 18),
        (world.manager, f"/ngos/assessments/{complete.pk}/do/confirm/", 22),
        (world.expert, f"/ngos/frameworks/{world.framework.pk}/", 18),
        (world.expert, "/ngos/frameworks/", 14),
        (world.expert, f"/ngos/assessments/new/?ngo={world.ngo.pk}", 22),
        (world.expert, f"/ngos/{world.ngo.pk}/grading/", 20),
        (world.ngo_user, f"/ngos/{world.ngo.pk}/grading/", 20),
    ]
    for user, url, bound in pages:
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(bound), no_n_plus_one():
            assert client.get(url).status_code == 200


def test_the_tab_answers_for_any_day(world: World, signed_in: SignIn) -> None:
    world.confirmed()
    client = signed_in(world.ngo_user)
    url = f"/ngos/{world.ngo.pk}/grading/"
    assert "«سطح ۲ – توسعه‌یافته» داشت" in client.get(url, {"on": "۱۴۰۶/۱/۱"}).content.decode()
    assert "سطح معتبری نداشت" in client.get(url, {"on": "1404/1/1"}).content.decode()
    assert client.get(url, {"on": "۱۴۰۴/۱۲/۳۰"}).context["answer"] != ""
    page = client.get(url)
    assert page.context["picture"]["gaps"]
    assert page.context["letters"][0]["status"] == "معتبر"


def test_the_deputys_people_see_the_level_and_not_how_to_mend_it(world: World, signed_in: SignIn) -> None:
    world.confirmed()
    page = signed_in(make_user("deputy", Role.DEPUTY_EXPERT)).get(f"/ngos/{world.ngo.pk}/grading/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "سطح ۲" in text
    assert "چه مانده است" not in text and "این سطح چگونه" not in text


def test_the_inbox_follows_the_work(world: World) -> None:
    def titles(user: User) -> list[str]:
        user = User.objects.get(pk=user.pk)
        return [task.title for task in contributions.inbox(user, NOW) if task.kind == "ngos.assessment"]

    name = f"«{world.ngo.name}»"
    assessment = world.plan()
    assert titles(world.expert) == [f"آغاز امتیازدهی {name}"]
    assert titles(world.expert2) == titles(world.first) == []
    ASSESSMENT.apply(assessment, "start", actor=world.expert, at=NOW)
    assert titles(world.first) == titles(world.second) == [f"امتیازدهی {name}"]
    assert titles(world.expert) == titles(world.third) == []
    first, second = world.halves()
    world.submit(assessment, world.first, {**first, "g1": 1})
    assert titles(world.first) == []
    world.submit(assessment, world.second, second)
    assert titles(world.expert) == titles(world.expert2) == [f"هم‌سنجی {name}"]
    assert titles(world.manager) == []
    world.moderate(assessment, "g1", "4")
    ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)
    assert titles(world.manager) == [f"تأیید سطح {name}"]
    ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)
    assert [titles(user) for user in (world.expert, world.manager, world.first, world.second)] == [[]] * 4


def test_an_overdue_scoring_comes_back_to_its_planner(world: World) -> None:
    assessment = world.started()
    assert assessment.due_on is not None

    def tasks(days: int) -> list[tuple[str, str]]:
        at = NOW + timedelta(days=(assessment.due_on - TODAY).days + days)
        planner = User.objects.get(pk=world.expert.pk)
        found = [task for task in contributions.inbox(planner, at) if task.kind == "ngos.assessment"]
        return [(task.title, str(task.due_on)) for task in found]

    assert tasks(0) == []
    assert tasks(1) == [(f"امتیازدهی ناتمام «{world.ngo.name}»", str(assessment.due_on))]


def test_search_finds_only_what_may_be_seen(world: World) -> None:
    world.plan()
    for user, found in ((world.expert, 1), (world.first, 1), (world.ngo_user, 1), (world.third, 0)):
        hits = [hit for hit in contributions.search(user, NOW, "طلوع") if hit.group == "ظرفیت‌سنجی‌ها"]
        assert len(hits) == found, user.username


def test_members_without_a_level_are_counted(world: World) -> None:
    make_ngo("بی سطح")
    world.confirmed()
    figures = {figure.label: figure.value for figure in contributions.figures(world.expert, NOW)}
    assert figures["عضو بدون سطح معتبر"] == Ngo.objects.members().count() - 1 == 1
