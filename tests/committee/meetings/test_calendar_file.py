"""The calendar file read back by another reader: times, sequence, folding, line ends, cancelling (C4)."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from committee.calendar_file import calendar_bytes
from committee.enums import ItemKind
from committee.models import Meeting
from committee.operations import agenda
from staff_portal.kernel.models import User
from tests.committee.meetings.conftest import Browse
from tests.committee.meetings.world import World
from tests.factories.people import NOW, make_user


def event_of(content: bytes) -> tuple[Any, Any]:
    """The calendar and its one event."""
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def add(world: World, meeting: Meeting, title: str) -> None:
    agenda.add_item(meeting, actor=world.secretary, at=NOW, kind=ItemKind.REPORT, title=title)


def test_it_says_when_where_and_what_and_can_be_read_back(world: World) -> None:
    meeting = world.called()
    add(world, meeting, "گزارش دبیرخانه‌های بیست‌ودوگانه و برنامه فصل آینده سازمان‌های مردم‌نهاد")
    meeting.refresh_from_db()
    reader = world.people["ngo"]
    User.objects.filter(pk=reader.pk).update(email="leila@example.ir")
    reader.refresh_from_db()
    calendar, event = event_of(calendar_bytes(meeting, reader=reader, at=NOW))
    assert calendar["METHOD"] == "REQUEST" and calendar["VERSION"] == "2.0"
    assert event.decoded("dtstart") == meeting.starts_at.astimezone(UTC)
    assert event.decoded("dtend") == meeting.ends_at.astimezone(UTC)
    assert event["SUMMARY"] == "جلسه ۱ کمیته مشترک: برنامه فصل"
    assert event["LOCATION"] == "سالن جلسات، طبقه ۲"
    assert "۲. گزارش دبیرخانه‌های بیست‌ودوگانه" in event["DESCRIPTION"] and "\n" in event["DESCRIPTION"]
    assert event["STATUS"] == "CONFIRMED" and event["SEQUENCE"] == 1
    assert event["ATTENDEE"] == "mailto:leila@example.ir" and event["ORGANIZER"].startswith("mailto:")
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2) and alarm["ACTION"] == "DISPLAY"


def test_lines_are_folded_at_75_octets_and_end_in_crlf(world: World) -> None:
    meeting = world.called()
    for number in range(6):
        add(world, meeting, f"دستور شماره {number} با عنوانی بلند که در یک سطر از پرونده تقویم جا نمی‌گیرد")
    content = calendar_bytes(meeting, reader=world.secretary, at=NOW)
    lines = content.split(b"\r\n")
    assert lines[-1] == b"" and not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no letter is cut in two
    assert any(line.startswith(b" ") for line in lines)


def test_the_entry_keeps_its_name_and_counts_its_changes(world: World) -> None:
    meeting = world.called()
    first = event_of(calendar_bytes(meeting, reader=world.chair, at=NOW))[1]
    add(world, meeting, "دستور تازه")
    meeting.refresh_from_db()
    second = event_of(calendar_bytes(meeting, reader=world.chair, at=NOW))[1]
    cancelled = world.apply(meeting, "cancel", note="تعطیلی ناگهانی")
    calendar, third = event_of(calendar_bytes(cancelled, reader=world.chair, at=NOW))
    assert first["UID"] == second["UID"] == third["UID"]
    assert [first["SEQUENCE"], second["SEQUENCE"], third["SEQUENCE"]] == [0, 1, 2]
    assert calendar["METHOD"] == "CANCEL" and third["STATUS"] == "CANCELLED"
    assert third["SUMMARY"] == f"لغو شد: {first['SUMMARY']}"
    assert "تعطیلی ناگهانی" in third["DESCRIPTION"] and not third.walk("VALARM")
    other = event_of(calendar_bytes(world.called(), reader=world.chair, at=NOW))[1]
    assert other["UID"] != first["UID"]


def test_members_and_secretary_fetch_it_once_the_meeting_is_called(world: World, browse: Browse) -> None:
    meeting = world.called()
    address = f"/committee/meetings/{meeting.pk}/calendar.ics"
    for user in (*world.people.values(), world.secretary):
        response = browse(user).get(address)
        assert response.status_code == 200 and response["Content-Type"].startswith("text/calendar")
        assert event_of(response.content)[1]["SEQUENCE"] == 0
    for user in (world.committee.auditor, world.committee.hq_expert, world.committee.hq_manager):
        assert browse(user).get(address).status_code == 403
    assert browse(world.chair).get(f"/committee/meetings/{world.plan().pk}/calendar.ics").status_code == 409
    assert browse(make_user("ngo_user")).get(address).status_code == 403


@pytest.mark.parametrize("email", ["", "a@example.ir"])
def test_no_member_learns_anothers_address(world: World, email: str) -> None:
    User.objects.filter(pk=world.chair.pk).update(email="chair@example.ir")
    reader = world.people["ngo"]
    reader.email = email
    content = calendar_bytes(world.called(), reader=reader, at=NOW)
    assert b"chair@example.ir" not in content and (b"ATTENDEE" in content) == bool(email)
