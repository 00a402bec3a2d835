"""The home page [کارتابل]: what waits first, figures, map, first steps, for every role."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.district_map import figure_of_counts
from staff_portal.kernel.models import Referral, User, WorkItem
from staff_portal.kernel.workflow import work
from staff_portal.portal import queries
from tests.kernel.papers.support import NOW, TODAY, client_of, make_user

HOME = "/"


def task(title: str, days: int | None = None, kind: str = "a") -> contributions.Task:
    due_on = None if days is None else TODAY + timedelta(days=days)
    return contributions.Task(kind, title, f"شرح {title}", f"/go/{title}/", due_on=due_on, since=NOW)


def give(user: User, *tasks: contributions.Task) -> None:
    """Work items of the person's own, as a step of some record would have left them."""
    senders = {name: _sender(name) for name in {item.sender for item in tasks} if name}
    first = WorkItem.objects.count()
    WorkItem.objects.bulk_create(
        WorkItem(
            subject_type="tests.thing",
            subject_id=first + place,
            subject_label=item.title,
            root_type="tests.thing",
            root_id=first + place,
            row="do",
            person=user,
            kind=item.kind,
            title=item.title,
            detail=item.detail,
            url=item.url,
            due_on=item.due_on,
            since=item.since,
            sent_by=senders.get(item.sender),
        )
        for place, item in enumerate(tasks)
    )


def _sender(name: str) -> User:
    found = User.objects.filter(last_name=name).first()
    return found or User.objects.create(
        username=f"sender-{User.objects.count()}", last_name=name, created_at=NOW
    )


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
    groups = queries.grouped([task(str(day), day) for day in days], TODAY)
    assert [(group.title, [line.tasks[0].title for line in group.lines]) for group in groups] == [
        ("مهلت گذشته", ["-1"]),
        ("تا سه روز دیگر", ["3", "0"]),
        ("مهلت‌های بعدی", ["4"]),
        ("بدون مهلت", ["None"]),
    ]


def test_many_of_one_kind_are_one_line_with_their_number() -> None:
    """D6: five of a batch are one line where the first stood; four stay apart, and a cut rest is counted."""
    drafts = [replace(task(str(n)), batch="پیش‌نویس از فهرست «register_b»") for n in range(5)]
    few = [task(f"کم {n}", kind="b") for n in range(4)]
    lines = queries.gathered([few[0], *drafts, *few[1:]])
    assert [(line.title, line.many) for line in lines] == [
        *[("", 1)] * 4,
        ("۵ پیش‌نویس از فهرست «register_b»", 5),
    ]
    (line,) = queries.gathered([*drafts, replace(drafts[0], many=298)])
    assert line.title == "۳۰۳ پیش‌نویس از فهرست «register_b»"
    assert len(queries.gathered(drafts, fold=False)) == 5


# --- the page ---


def test_what_waits_stands_first_with_its_due_day(bare_registry: Any, expert: User) -> None:
    give(expert, task("دیرتر", 8), task("گذشته", -1), task("بی‌مهلت"))
    text = look(expert)
    assert "سلام خانم احمدی؛ سه کار منتظر شماست" in text
    assert "یکی از مهلت گذشته است" in text
    body = text.split('id="page"', 1)[1]
    assert body.index("گذشته/") < body.index("دیرتر/") < body.index("بی‌مهلت/")
    assert "دیروز گذشت" in body
    assert "۸ روز مانده" in body


def test_the_rail_counts_the_same_work(bare_registry: Any, expert: User) -> None:
    give(expert, task("یک"), task("دو"))
    nav = client_of(expert).get(HOME).context["nav"]
    home = next(entry for section in nav for entry in section.entries if entry.url == HOME)
    assert (home.label, home.count, home.current) == ("کارتابل", 2, True)


def test_kinds_narrow_the_list(bare_registry: Any, expert: User) -> None:
    contributions.label_tasks("a", "ارجاع‌ها")
    contributions.label_tasks("b", "تأییدها")
    give(expert, task("نخست"), task("دوم"), task("سوم", kind="b"))
    text = look(expert)
    assert "ارجاع‌ها" in text
    assert "تأییدها" in text
    narrowed = look(expert, kind="b")
    assert "/go/سوم/" in narrowed
    assert "/go/نخست/" not in narrowed
    assert "سه کار منتظر شماست" in narrowed
    assert "/go/نخست/" in look(expert, kind="nonsense")


def test_a_long_list_is_cut_and_shown_whole_on_demand(bare_registry: Any, expert: User) -> None:
    give(expert, *(task(f"کار-{place}", place) for place in range(1, 31)))
    text = look(expert, kind="a")
    assert text.count("/go/") == queries.FIRST_SHOWN
    assert "نمایش ۱۸ کار دیگر" in text
    assert look(expert, kind="a", show="all").count("/go/") == 30


def test_many_of_one_kind_open_and_lead_to_all_of_them(bare_registry: Any, expert: User) -> None:
    """D6: the line says how many, opens to the first of them and leads to the rest."""
    contributions.label_tasks("a", "پیش‌نویس‌ها")
    give(expert, task("جدا", -1, kind="b"), *(task(f"کار-{place}") for place in range(30)))
    body = look(expert).split('id="page"', 1)[1]
    assert "۳۰ کار در «پیش‌نویس‌ها»" in body
    assert body.count("/go/کار-") == 12
    assert "?kind=a&amp;show=all" in body
    assert look(expert, kind="a", show="all").count("/go/کار-") == 30
    assert "۳۱ کار منتظر شماست" in body


def test_each_line_says_from_whom_since_when_and_until_when(bare_registry: Any, expert: User) -> None:
    """D5: sender, the day since which it waits with its length, the due day and how near it is."""
    given = replace(task("بازبینی", 8), sender="هومن یوسفیار", since=NOW - timedelta(days=5))
    give(expert, given)
    body = look(expert).split('id="page"', 1)[1]
    for words in ("فرستنده: هومن یوسفیار", "از ۲۸ آبان ۱۴۰۵، ۵ روز", "مهلت ۱۱ آذر ۱۴۰۵", "۸ روز مانده"):
        assert words in body


def from_three_senders() -> list[contributions.Task]:
    rows = [("الف", 8, "یاس", 1), ("ب", -1, "آرش", 9), ("پ", None, "", 4), ("ت", 2, "آرش", 2)]
    return [
        replace(task(title, days, kind=title), sender=sender, since=NOW - timedelta(days=waited))
        for title, days, sender, waited in rows
    ]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["ب", "ت", "الف", "پ"]),
        ("due", ["ب", "ت", "الف", "پ"]),
        ("since", ["ب", "پ", "ت", "الف"]),
        ("sender", ["ب", "ت", "الف", "پ"]),
        ("nonsense", ["ب", "ت", "الف", "پ"]),
    ],
)
def test_the_list_is_sorted_by_due_day_wait_and_sender(
    bare_registry: Any, expert: User, sort: str, order: list[str]
) -> None:
    give(expert, *from_three_senders())
    groups = client_of(expert).get(HOME, {"sort": sort}).context["groups"]
    assert [item.title for group in groups for item in group["items"]] == order
    if sort == "sender":
        assert [group["title"] for group in groups] == ["آرش", "یاس", "بدون فرستنده"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"sender": "آرش"}, {"ب", "ت"}),
        ({"urgency": "late"}, {"ب"}),
        ({"urgency": "free"}, {"پ"}),
        ({"sender": "آرش", "urgency": "soon"}, {"ت"}),
        ({"sender": "کسی دیگر", "urgency": "nonsense"}, {"الف", "ب", "پ", "ت"}),
        ({"sender": "یاس", "urgency": "late"}, set()),
    ],
)
def test_sender_and_urgency_narrow_the_list(
    bare_registry: Any, expert: User, query: dict[str, str], shown: set[str]
) -> None:
    give(expert, *from_three_senders())
    response = client_of(expert).get(HOME, query)
    found = {item.title for group in response.context["groups"] for item in group["items"]}
    assert found == shown
    assert ("با این صافی‌ها کاری نیست" in response.content.decode()) == (not shown)


def test_filters_count_within_the_others(bare_registry: Any, expert: User) -> None:
    extra = [replace(task(str(n), kind="الف"), sender=name) for n, name in enumerate(["یاس", "یاس", "آرش"])]
    give(expert, *from_three_senders(), *extra)
    chips = client_of(expert).get(HOME, {"urgency": "free"}).context["more_chips"]
    (senders,) = [group for group in chips if group["label"] == "فرستنده"]
    assert [(item["label"], item["count"]) for item in senders["options"]] == [
        ("همه", 4),  # one of them from nobody
        ("یاس", 2),
        ("آرش", 1),
    ]


def test_everything_counts_what_nobody_sent_too(bare_registry: Any, expert: User) -> None:
    """The chip of everything leads to all of it: what the person's own step opened stands there without a sender."""
    give(expert, *from_three_senders(), task("بی‌فرستنده", kind="الف"))
    own = replace(task("خودم", kind="الف"), sender=expert.last_name)
    give(expert, own)
    page = client_of(expert).get(HOME)
    (senders,) = [group for group in page.context["more_chips"] if group["label"] == "فرستنده"]
    counts = {item["label"]: item["count"] for item in senders["options"]}
    assert counts["همه"] == len(from_three_senders()) + 2
    assert expert.full_name not in counts
    assert f"فرستنده: {expert.full_name}" not in page.content.decode()


def test_an_empty_inbox_says_so_and_suggests_the_role_s_next_step(bare_registry: Any, expert: User) -> None:
    contributions.add_action(
        "ثبت سمن تازه", "search", [Role.HQ_EXPERT], hint="می‌توانید سمن تازه‌ای ثبت کنید.", main=True
    )
    contributions.add_action("کاربران", "users", [Role.ADMIN], hint="حساب‌ها را ببینید.")
    text = look(expert)
    assert "کاری منتظر شما نیست" in text
    assert "می‌توانید سمن تازه‌ای ثبت کنید." in text
    assert "حساب‌ها را ببینید." not in text
    other = look(make_user("unit", Role.UNIT_EXPERT))
    assert "جست‌وجو در سامانه" in other
    assert "سمن تازه" not in other


def test_first_steps_follow_the_role_with_the_main_one_at_the_end(bare_registry: Any, expert: User) -> None:
    contributions.add_action("ثبت", "search", [Role.HQ_EXPERT], main=True, order=1)
    contributions.add_action("ورود", "search", [Role.HQ_EXPERT], order=2)
    contributions.add_action("دیگر", "search", [Role.ADMIN])
    labels = [item["label"] for item in client_of(expert).get(HOME).context["actions"]]
    assert labels == ["ورود", "ثبت"]


@pytest.fixture
def asked(bare_registry: Any) -> Iterator[list[str]]:
    """Two figures for the map and one that is not the expert's; the list says which was read."""
    read: list[str] = []

    def provider(code: str, count: int) -> contributions.MapProvider:
        def draw(user: User, at: datetime) -> Any:
            read.append(code)
            return figure_of_counts(
                f"نقشه {code}", "ستون", {7: count}, unit="سمن", url_for=lambda n: f"/d/{n}/"
            )

        return draw

    contributions.add_map("members", "سمن‌های عضو", provider("members", 12), order=1)
    contributions.add_map(
        "applications", "درخواست‌ها", provider("applications", 3), roles=[Role.HQ_EXPERT], order=2
    )
    contributions.add_map("secret", "پوشیده", provider("secret", 99), roles=[Role.ADMIN], order=3)
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
    contributions.add_map("members", "سمن‌های عضو", lambda user, at: None)
    assert "district-map" not in look(expert)


def test_a_figure_given_twice_is_a_mistake(asked: list[str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        contributions.add_map("members", "دوباره", lambda user, at: None)


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
        row = Referral.objects.create(
            root_type="kernel.unit",
            root_id=1,
            root_label="پرونده",
            url="/",
            to_user=expert,
            by_user=other,
            note="ببینید",
            created_at=NOW,
        )
        work.settle([row], actor=other, at=NOW)

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
