"""A meeting as a calendar file (RFC 5545): what a member's phone or mail program takes into its calendar (C4).

The entry keeps one UID for its whole life and a sequence that grows with every change, so that a changed agenda
replaces the entry and a cancelled meeting removes it. Times are in UTC.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from committee.enums import MeetingState
from committee.invitation import clock, papers_of
from committee.models import Meeting
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali

PRODUCT = "-//setad-samanha//committee//FA"
ORGANISER = "دبیرخانه کمیته مشترک"
ALARM_BEFORE = timedelta(hours=2)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def uid_of(meeting: Meeting) -> str:
    """The entry's name for ever: the invitation letter's public id, which no other installation has."""
    letter = meeting.invitation_letter
    return f"{letter.public_id if letter else meeting.pk}@committee-meeting"


def calendar_bytes(meeting: Meeting, *, reader: User, at: datetime) -> bytes:
    """The file for one reader: a request while the meeting stands, a cancellation once it is cancelled."""
    is_cancelled = meeting.state == MeetingState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST")
    calendar.add_component(_event(meeting, reader, at, is_cancelled))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, reader: User, at: datetime, is_cancelled: bool) -> Event:
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", _summary(meeting, is_cancelled))
    event.add("location", to_persian_text(meeting.place))
    event.add("description", _description(meeting, is_cancelled))
    event.add("url", f"{settings.SITE_URL}{meeting.get_absolute_url()}")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event["organizer"] = _address(settings.DEFAULT_FROM_EMAIL, ORGANISER)
    if reader.email:
        attendee = _address(reader.email, reader.full_name)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        event.add("attendee", attendee, encode=False)
    if not is_cancelled:
        event.add_component(_alarm(meeting))
    return event


def _summary(meeting: Meeting, is_cancelled: bool) -> str:
    """The entry's title; a program that only marks a cancelled entry shows the word as well."""
    name = f"{meeting}: {to_persian_text(meeting.title)}" if meeting.title else str(meeting)
    return f"لغو شد: {name}" if is_cancelled else name


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email.split('<')[-1].rstrip('>').strip()}")
    address.params["CN"] = vText(name)
    return address


def _description(meeting: Meeting, is_cancelled: bool) -> str:
    if is_cancelled:
        return f"این جلسه لغو شد: {to_persian_text(meeting.cancel_reason)}"
    lines = [format_jalali(meeting.starts_at, "moment"), "", "دستور جلسه:"]
    items = meeting.items.order_by("position")
    lines += [
        f"{to_persian_digits(place)}. {to_persian_text(item.title)}"
        for place, item in enumerate(items, start=1)
    ]
    count = len(papers_of(meeting))
    if count:
        lines += ["", f"{to_persian_digits(count)} پیوست در سامانه"]
    lines += ["", f"{settings.SITE_URL}{meeting.get_absolute_url()}"]
    return "\n".join(lines)


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{meeting}، ساعت {clock(meeting.starts_at)}، {to_persian_text(meeting.place)}")
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
