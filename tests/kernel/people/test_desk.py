"""Work items as people read them: true counts, who sent what, who has a file (D5, D6, N7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import District, User, WorkItem
from staff_portal.kernel.pages import desk
from tests.kernel.people.conftest import AT, ON, MakePerson

pytestmark = pytest.mark.django_db
FILE = "kernel.district"


def item(number: int = 1, **more: Any) -> WorkItem:
    values = {
        "subject_type": FILE,
        "subject_id": number,
        "subject_label": f"پرونده {number}",
        "root_type": FILE,
        "root_id": 6,
        "row": "finish",
        "kind": "kernel.sample",
        "title": f"کار {number}",
        "url": f"/{number}/",
        "since": AT - timedelta(days=1, minutes=number),
    }
    return WorkItem(**{**values, **more})


@pytest.fixture
def expert(make_person: MakePerson) -> User:
    return make_person(Role.HQ_EXPERT, last_name="احمدی")


@pytest.fixture
def manager(make_person: MakePerson) -> User:
    return make_person(Role.HQ_MANAGER, last_name="یوسفی")


def test_what_is_not_read_one_by_one_is_counted(expert: User, manager: User, rf: Any) -> None:
    """D6: 120 of one batch and 3 of another sender: 50 lines, one for the other 70, three more."""
    many = [item(n, person=expert, batch="پیش‌نویس") for n in range(1, 121)]
    few = [item(n, person=expert, batch="پیش‌نویس", sent_by=manager) for n in range(200, 203)]
    WorkItem.objects.bulk_create([*many, *few, item(300, role=Role.HQ_EXPERT, kind="kernel.other")])
    tasks = contributions.inbox(expert, AT)
    assert contributions.count_of(tasks) == 124
    rest = [task for task in tasks if task.many > 1]
    assert [(task.many, task.batch, task.sender) for task in rest] == [(70, "پیش‌نویس", "")]
    assert len(tasks) == desk.MOST_READ + 1 + 3 + 1
    frame = contributions.frame(expert, AT, rf.get("/"))
    assert (frame.waiting, frame.total, frame.unread) == ({"kernel.sample": 123, "kernel.other": 1}, 124, 0)


def test_the_frame_costs_the_same_however_much_waits(
    expert: User, rf: Any, django_assert_num_queries: Any
) -> None:
    contributions.frame(expert, AT, rf.get("/"))  # the roles are read
    for number in (1, 60):
        WorkItem.objects.bulk_create([item(number * 1000 + n, person=expert) for n in range(number)])
        with django_assert_num_queries(1):
            contributions.frame(expert, AT, rf.get("/"))


def test_what_i_sent_and_await_stands_with_whoever_has_it(expert: User, manager: User) -> None:
    """D5: what others do of mine; not what is mine to do, has not begun or is over by time."""
    days: list[tuple[date | None, date | None]] = [
        (None, None),
        (ON, ON),
        (ON + timedelta(days=1), None),
        (None, ON - timedelta(days=1)),
    ]
    WorkItem.objects.bulk_create(
        [
            *(
                item(n, person=manager, sent_by=expert, opens_on=opens, ends_on=ends)
                for n, (opens, ends) in enumerate(days)
            ),
            item(7, role=Role.SECRETARY, sent_by=expert, due_on=ON),
            item(8, role=Role.HQ_EXPERT, sent_by=expert),
            item(9, person=expert, sent_by=manager),
        ]
    )
    found, count = desk.sent_by(expert, ON, 2)
    assert count == 3
    assert [(row.title, row.holder) for row in found] == [
        ("کار ۷", "دبیر کمیته"),
        ("کار ۱", manager.full_name),
    ]
    assert desk.sent_by(manager, ON, None)[1] == 1


def test_who_has_a_file_is_named_inside_the_office_only(
    expert: User, manager: User, make_person: MakePerson
) -> None:
    """N7: to the NGO an assessor is its side, once, without what is being weighed; its own step it sees."""
    ngo = make_person(Role.NGO_USER)
    assessor = make_person(Role.HQ_ASSESSOR, last_name="ارزیاب‌زاده")
    WorkItem.objects.bulk_create(
        [
            item(1, person=expert),
            item(2, person=assessor, title="امتیازدهی"),
            item(3, role=Role.HQ_MANAGER, due_on=ON),
            item(4, person=ngo, title="تکمیل مدارک"),
            item(5, person=expert, is_held=True),
            item(6, person=expert, closed_at=AT),
            item(7, person=expert, root_id=7),
            item(8, person=expert, opens_on=ON + timedelta(days=1)),
        ]
    )
    file = District(pk=6)
    inside = {(holder.who, holder.what) for holder in desk.holders(file, manager, ON)}
    assert inside == {
        (expert.full_name, "کار ۱"),
        (assessor.full_name, "امتیازدهی"),
        ("رئیس ستاد سمن‌ها", "کار ۳"),
        (ngo.full_name, "تکمیل مدارک"),
    }
    outside = {(holder.who, holder.what, holder.url) for holder in desk.holders(file, ngo, ON)}
    assert outside == {
        ("ستاد سمن‌ها", "", ""),
        ("رئیس ستاد سمن‌ها", "", ""),
        (ngo.full_name, "تکمیل مدارک", "/4/"),
    }


def test_to_an_ngo_the_sender_is_the_office(make_person: MakePerson, expert: User) -> None:
    ngo = make_person(Role.NGO_USER)
    WorkItem.objects.bulk_create([item(1, person=ngo, sent_by=expert), item(2, person=expert, sent_by=ngo)])
    assert [task.sender for task in contributions.inbox(ngo, AT)] == ["ستاد سمن‌ها"]
    assert [task.sender for task in contributions.inbox(expert, AT)] == [ngo.full_name]


def test_nobody_is_the_sender_of_the_own_work(expert: User) -> None:
    WorkItem.objects.bulk_create([item(1, person=expert, sent_by=expert)])
    assert [task.sender for task in contributions.inbox(expert, AT)] == [""]
