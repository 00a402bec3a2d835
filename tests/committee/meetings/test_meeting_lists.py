"""The list of meetings, the inbox, the search: who sees what, in how many queries."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from committee.enums import MeetingState
from committee.frame.meetings import found
from committee.models import AgendaItem, Meeting
from committee.operations import seats
from committee.workflow.meetings import TASK
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import User
from tests.committee.meetings.conftest import Browse
from tests.committee.meetings.world import SEATS, World
from tests.factories.people import NOW, TODAY, make_user

LIST = "/committee/meetings/"


def names(client: Any, query: str = "") -> list[str]:
    return [row[0].text for row in client.get(f"{LIST}{query}").context["rows"]]


def many(world: World, number: int) -> None:
    last = Meeting.objects.count()
    made = Meeting.objects.bulk_create(
        Meeting(
            term=world.committee.term,
            number=last + place + 1,
            starts_at=NOW + timedelta(days=place + 1),
            ends_at=NOW + timedelta(days=place + 1, hours=1),
            place="سالن",
            state_since=NOW,
        )
        for place in range(number)
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=row, position=1, kind="follow_up", title="پیگیری") for row in made
    )


def test_what_comes_stands_first_then_the_latest_past(world: World, browse: Browse) -> None:
    far = world.plan(call_in=timedelta(days=40))
    near = world.plan(call_in=timedelta(days=20))
    off = world.apply(world.plan(call_in=timedelta(days=5)), "cancel", note="نشد")
    done = world.closed(call_in=timedelta(days=8))
    client = browse(world.committee.auditor, NOW + timedelta(days=15))
    assert names(client) == [str(near), str(far), str(done), str(off)]
    assert names(client, "?state=cancelled") == [str(off)]
    assert names(client, "?sort=-number") == [str(row) for row in (done, off, near, far)]
    chips = client.get(LIST).context["chip_groups"][0]["options"]
    assert {option["label"]: option["count"] for option in chips} == {
        "برنامه‌ریزی‌شده": 2,
        "پایان‌یافته": 1,
        "لغوشده": 1,
    }


def test_the_search_and_the_empty_lists(world: World, browse: Browse) -> None:
    client = browse(world.secretary)
    assert "هنوز جلسه‌ای برنامه‌ریزی نشده است" in client.get(LIST).content.decode()
    meeting = world.plan(title="بررسي دستورالعمل", place="سالن كوثر")
    assert names(client, "?q=سالن") == [str(meeting)]
    other = world.plan(title="گزارش")
    assert names(client, "?q=جلسه ۲") == names(client, "?q=2") == [str(other)]
    assert names(client, "?q=نیست") == names(client, "?q=999999999999") == []
    assert "صافی‌ها را بردارید" in client.get(f"{LIST}?q=نیست").content.decode()


def test_the_excel_file_is_what_is_filtered(world: World, browse: Browse) -> None:
    world.plan(title="=پنهان")
    world.apply(world.plan(), "cancel", note="نشد")
    content = browse(world.committee.auditor).get(f"{LIST}?format=xlsx&state=planned").content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=False))
    assert len(rows) == 2 and rows[1][1].value == "=پنهان" and rows[1][1].data_type == "s"
    assert rows[1][5].value == 1


@pytest.mark.parametrize("who", ["secretary", "chair", "auditor"])
def test_the_list_asks_the_same_number_for_one_and_fifty(
    world: World, browse: Browse, no_n_plus_one: Any, who: str
) -> None:
    user = world.committee.auditor if who == "auditor" else getattr(world, who)
    counts = []
    for number in (1, 49):
        many(world, number)
        client = browse(user)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries, no_n_plus_one():
            assert client.get(f"{LIST}?size=100").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


@pytest.mark.parametrize("state", MeetingState.values)
def test_one_meeting_stays_within_its_bound_in_every_state(
    world: World, browse: Browse, no_n_plus_one: Any, django_assert_max_num_queries: Any, state: str
) -> None:
    meeting = world.in_state(state)
    at = meeting.closed_at or (meeting.starts_at if state == MeetingState.IN_SESSION else NOW)
    for user in (world.secretary, world.chair, world.people["ngo"], world.committee.auditor):
        client = browse(user, at)
        client.get(f"{LIST}{meeting.pk}/")
        with django_assert_max_num_queries(48), no_n_plus_one():
            assert client.get(f"{LIST}{meeting.pk}/").status_code == 200


def test_the_part_that_refreshes_is_cheap(
    world: World, browse: Browse, django_assert_max_num_queries: Any, no_n_plus_one: Any
) -> None:
    meeting = world.opened(*SEATS)
    client = browse(world.chair, meeting.starts_at)
    client.get(f"{LIST}{meeting.pk}/live/?state=in_session")
    with django_assert_max_num_queries(22), no_n_plus_one():
        client.get(f"{LIST}{meeting.pk}/live/?state=in_session")


# --- the inbox ---------------------------------------------------------------------------------------------------


def waiting(user: User, at: Any = NOW) -> list[Any]:
    return [task for task in contributions.inbox(user, at) if task.kind == TASK]


def tasks(user: User, at: Any = NOW) -> list[str]:
    return [task.title for task in waiting(User.objects.get(pk=user.pk), at)]


def test_the_chair_signs_and_nobody_else(world: World) -> None:
    meeting = world.submitted()
    assert tasks(world.chair) == [f"امضای دعوت {meeting}"]
    assert tasks(world.people["hq2"]) == tasks(world.people["deputy1"]) == []


def test_members_come_to_the_meeting_and_record_themselves(world: World) -> None:
    meeting = world.called()
    task = next(iter(waiting(world.people["ngo"], NOW)))
    assert task.title == str(meeting) and task.due_on == TODAY + timedelta(days=10)
    assert tasks(world.people["ngo"], NOW - timedelta(days=5)) == []
    meeting = world.apply(meeting, "open", at=meeting.starts_at)
    assert tasks(world.people["ngo"], meeting.starts_at) == ["ثبت حضور در جلسه"]
    world.arrive(meeting, "ngo")
    assert tasks(world.people["ngo"], meeting.starts_at) == []
    world.leave(meeting, "ngo")
    assert tasks(world.people["ngo"], meeting.starts_at) == ["ثبت حضور در جلسه"]


def test_the_secretary_is_reminded_of_the_notice_period(world: World) -> None:
    far = world.plan(call_in=timedelta(days=30))
    assert tasks(world.secretary) == []
    near = world.plan(call_in=timedelta(days=10))
    assert tasks(world.secretary) == [f"ارسال دعوت {near}"]
    late = world.submitted(call_in=timedelta(days=2))
    details = {task.title: task.detail for task in waiting(world.secretary, NOW)}
    assert "دیگر رعایت نمی‌شود" in details[f"پیگیری امضای دعوت {late}"]
    world.apply(late, "cancel", note="نشد")
    world.apply(near, "cancel", note="نشد")
    assert tasks(world.secretary, far.starts_at + timedelta(days=2)) == [f"{far} دعوت نشده است"]


def test_the_secretary_opens_todays_meeting_and_settles_a_missed_one(world: World) -> None:
    meeting = world.called()
    assert tasks(world.secretary) == []
    assert tasks(world.secretary, meeting.starts_at) == [f"آغاز {meeting}"]
    assert tasks(world.secretary, meeting.starts_at + timedelta(days=1)) == [f"{meeting} برگزار نشده است"]


def test_the_inbox_costs_the_same_with_one_meeting_and_with_many(world: World) -> None:
    people = [world.chair, world.secretary, world.committee.hq_expert]
    world.called()
    costs = [_cost(user) for user in people]
    for days in (11, 12, 13):
        world.called(call_in=timedelta(days=days))
    assert [_cost(user) for user in people] == costs
    assert tasks(world.committee.hq_expert) == []


def _cost(user: User) -> int:
    person = User.objects.get(pk=user.pk)
    waiting(person, NOW - timedelta(days=900))  # reads the roles
    with CaptureQueriesContext(connection) as queries:
        waiting(person, NOW)
    return len(queries)


def test_a_recalled_member_has_no_work(world: World) -> None:
    world.called()
    seats.recall(
        world.seat("deputy2"),
        actor=world.committee.deputy_manager,
        at=NOW,
        last_day=TODAY,
        note="پایان حکم",
    )
    assert tasks(world.people["deputy2"], NOW + timedelta(days=2)) == []


def test_meetings_are_found_by_number_subject_and_place(world: World) -> None:
    meeting = world.plan(title="بررسی دستورالعمل", place="سالن كوثر")
    reader = world.committee.auditor
    for query in ("جلسه ۱", "دستورالعمل", "کوثر", "جلسه 1 دستورالعمل"):
        assert [hit.url for hit in found(reader, NOW, query, 8)] == [meeting.get_absolute_url()], query
    assert list(found(reader, NOW, "نیست", 8)) == []
    assert list(found(make_user(Role.UNIT_EXPERT), NOW, "دستورالعمل", 8)) == []
    assert contributions.task_label("committee.meeting") == "جلسه‌های کمیته"
