"""The home page [کارتابل]: what waits first, figures, map, first steps, for every role."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff_portal import queries
from staff_portal.kernel import panels
from staff_portal.kernel.districtmap import figure_of_counts
from staff_portal.kernel.models import Referral, User
from staff_portal.kernel.roles import Role
from tests.kernel.papers.support import NOW, TODAY, client_of, make_user

HOME = "/"


def task(title: str, days: int | None = None, kind: str = "a") -> panels.Task:
    due_on = None if days is None else TODAY + timedelta(days=days)
    return panels.Task(kind, title, f"شرح {title}", f"/go/{title}/", due_on=due_on, since=NOW)


def give(registry: Any, *tasks: panels.Task) -> None:
    registry.inbox.append(lambda user, at: list(tasks))


@pytest.fixture
def expert(db: None) -> User:
    return make_user("hq.ahmadi", Role.HQ_EXPERT)


def look(user: User, **query: str) -> str:
    response = client_of(user).get(HOME, query)
    assert response.status_code == 200
    return response.content.decode()


# --- sentences ---


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (0, "سلام خانم احمدی؛ کاری منتظر شما نیست"),
        (1, "سلام خانم احمدی؛ یک کار منتظر شماست"),
        (7, "سلام خانم احمدی؛ هفت کار منتظر شماست"),
        (20, "سلام خانم احمدی؛ بیست کار منتظر شماست"),
        (21, "سلام خانم احمدی؛ ۲۱ کار منتظر شماست"),
    ],
)
def test_the_greeting_says_how_much_waits(waiting: int, words: str) -> None:
    user = User(first_name="مریم", last_name="احمدی", honorific="خانم")
    assert queries.greeting(user, waiting) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([-1, 3], "یکی از مهلت گذشته است؛ از همان آغاز کنید."),
        ([-1, -9, 3], "دو کار از مهلت گذشته است؛ از همان‌ها آغاز کنید."),
        ([0, 1], "نزدیک‌ترین مهلت امروز است."),
        ([1, None], "نزدیک‌ترین مهلت فرداست."),
        ([5, 9], "تا نزدیک‌ترین مهلت پنج روز مانده است."),
        ([None], ""),
        ([], ""),
    ],
)
def test_one_sentence_on_the_due_days(days: list[int | None], words: str) -> None:
    assert queries.urgency([task("کار", day) for day in days], TODAY) == words


def test_work_is_grouped_by_urgency_on_the_right_days() -> None:
    days = [None, 4, 3, 0, -1]
    groups = queries.by_urgency([task(str(day), day) for day in days], TODAY)
    assert [(group.title, [item.title for item in group.tasks]) for group in groups] == [
        ("مهلت گذشته", ["-1"]),
        ("تا سه روز دیگر", ["3", "0"]),
        ("مهلت‌های بعدی", ["4"]),
        ("بدون مهلت", ["None"]),
    ]


# --- the page ---


def test_what_waits_stands_first_with_its_due_day(bare_registry: Any, expert: User) -> None:
    give(bare_registry, task("دیرتر", 8), task("گذشته", -1), task("بی‌مهلت"))
    text = look(expert)
    assert "سلام خانم احمدی؛ سه کار منتظر شماست" in text
    assert "یکی از مهلت گذشته است" in text
    body = text.split('id="page"', 1)[1]
    assert body.index("گذشته/") < body.index("دیرتر/") < body.index("بی‌مهلت/")
    assert "دیروز گذشت" in body
    assert "۸ روز مانده" in body


def test_the_rail_counts_the_same_work(bare_registry: Any, expert: User) -> None:
    give(bare_registry, task("یک"), task("دو"))
    nav = client_of(expert).get(HOME).context["nav"]
    home = next(item for section in nav for item in section["items"] if item["url"] == HOME)
    assert (home["label"], home["count"], home["current"]) == ("کارتابل", 2, True)


def test_kinds_narrow_the_list(bare_registry: Any, expert: User) -> None:
    panels.label_tasks("a", "ارجاع‌ها")
    panels.label_tasks("b", "تأییدها")
    give(bare_registry, task("نخست"), task("دوم"), task("سوم", kind="b"))
    text = look(expert)
    assert "ارجاع‌ها" in text
    assert "تأییدها" in text
    narrowed = look(expert, kind="b")
    assert "/go/سوم/" in narrowed
    assert "/go/نخست/" not in narrowed
    assert "سه کار منتظر شماست" in narrowed
    assert "/go/نخست/" in look(expert, kind="nonsense")


def test_a_long_list_is_cut_and_shown_whole_on_demand(bare_registry: Any, expert: User) -> None:
    give(bare_registry, *(task(f"کار-{place}", place) for place in range(1, 31)))
    text = look(expert)
    assert text.count("/go/") == queries.FIRST_SHOWN
    assert "نمایش ۱۸ کار دیگر" in text
    assert look(expert, show="all").count("/go/") == 30


def test_an_empty_inbox_says_so_and_suggests_the_role_s_next_step(bare_registry: Any, expert: User) -> None:
    panels.add_action(
        "ثبت سمن تازه", "search", [Role.HQ_EXPERT], hint="می‌توانید سمن تازه‌ای ثبت کنید.", main=True
    )
    panels.add_action("کاربران", "users", [Role.ADMIN], hint="حساب‌ها را ببینید.")
    text = look(expert)
    assert "کاری منتظر شما نیست" in text
    assert "می‌توانید سمن تازه‌ای ثبت کنید." in text
    assert "حساب‌ها را ببینید." not in text
    other = look(make_user("unit", Role.UNIT_EXPERT))
    assert "جست‌وجو در سامانه" in other
    assert "سمن تازه" not in other


def test_first_steps_follow_the_role_with_the_main_one_at_the_end(bare_registry: Any, expert: User) -> None:
    panels.add_action("ثبت", "search", [Role.HQ_EXPERT], main=True, order=1)
    panels.add_action("ورود", "search", [Role.HQ_EXPERT], order=2)
    panels.add_action("دیگر", "search", [Role.ADMIN])
    labels = [item["label"] for item in client_of(expert).get(HOME).context["actions"]]
    assert labels == ["ورود", "ثبت"]


@pytest.fixture
def asked(bare_registry: Any) -> Iterator[list[str]]:
    """Two figures for the map and one that is not the expert's; the list says which was read."""
    read: list[str] = []

    def provider(code: str, count: int) -> panels.MapProvider:
        def draw(user: User, at: datetime) -> Any:
            read.append(code)
            return figure_of_counts(
                f"نقشه {code}", "ستون", {7: count}, unit="سمن", url_for=lambda n: f"/d/{n}/"
            )

        return draw

    panels.add_map("members", "سمن‌های عضو", provider("members", 12), order=1)
    panels.add_map("applications", "درخواست‌ها", provider("applications", 3), roles=[Role.HQ_EXPERT], order=2)
    panels.add_map("secret", "پوشیده", provider("secret", 99), roles=[Role.ADMIN], order=3)
    return read


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("", "members"), ("applications", "applications"), ("secret", "members"), ("nonsense", "members")],
)
def test_one_chooses_what_colours_the_map(asked: list[str], expert: User, wanted: str, shown: str) -> None:
    text = look(expert, map=wanted)
    assert asked == [shown]
    assert f"نقشه {shown}" in text
    assert "منطقه ۷: " in text
    assert 'href="/d/7/"' in text
    assert "پوشیده" not in text


def test_no_map_without_a_figure(bare_registry: Any, expert: User) -> None:
    panels.add_map("members", "سمن‌های عضو", lambda user, at: None)
    assert "district-map" not in look(expert)


def test_a_figure_given_twice_is_a_mistake(asked: list[str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        panels.add_map("members", "دوباره", lambda user, at: None)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home_within_twenty_queries(db: None, role: str) -> None:
    client = client_of(make_user("someone", role))
    client.get(HOME)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(HOME)
    assert response.status_code == 200
    assert len(captured) <= 20
    text = response.content.decode()
    assert "کاری منتظر شما نیست" in text
    assert "<title>کارتابل" in text


def test_home_has_a_number(expert: User, django_assert_num_queries: Any, no_n_plus_one: Any) -> None:
    other, client = make_user("other", Role.HQ_EXPERT), client_of(expert)

    def refer() -> None:
        Referral.objects.create(
            root_type="kernel.unit",
            root_id=1,
            root_label="پرونده",
            url="/",
            to_user=expert,
            by_user=other,
            note="ببینید",
            created_at=NOW,
        )

    refer()
    client.get(HOME)
    with CaptureQueriesContext(connection) as one:
        client.get(HOME)
    for _ in range(49):
        refer()
    with django_assert_num_queries(len(one)), no_n_plus_one():
        assert "۵۰ کار منتظر شماست" in client.get(HOME, {"show": "all"}).content.decode()


def test_a_stranger_is_asked_to_sign_in(client: Any, db: None) -> None:
    assert client.get(HOME)["Location"].startswith(reverse("login"))
