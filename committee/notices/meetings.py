"""Who hears of meetings: the chair of a call to sign, the members of call, change and cancelling, the secretary."""

from collections.abc import Iterable

from django.urls import reverse

from committee import events, queries
from committee.enums import MeetingState
from committee.models import Invitation, Meeting
from staff_portal.kernel import access, notices
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.roles import Role

MEETING = "committee.meeting"


def _secretaries(entry: AuditEntry) -> list[int]:
    return access.holders(Role.SECRETARY, local_date(entry.at))


def _chair(entry: AuditEntry) -> list[int]:
    chair = queries.chair_of(local_date(entry.at))
    return [] if chair is None else [chair.person_id]


def _invited(entry: AuditEntry) -> Iterable[int]:
    """Everybody invited to the meeting, with those who took a seat since."""
    if entry.root_type != MEETING:
        return []
    invited = Invitation.objects.filter(meeting=entry.root_id).values_list("seating__person_id", flat=True)
    return {*invited, *queries.member_ids(local_date(entry.at))}


def _invited_if_called(entry: AuditEntry) -> Iterable[int]:
    """The members, if they had been invited when it happened; a plan concerns nobody yet."""
    if entry.root_type != MEETING or entry.after.get("meeting_state") == MeetingState.PLANNED:
        return []
    return _invited(entry)


def _told_of_cancelling(entry: AuditEntry) -> Iterable[int]:
    """Members of a called meeting; the chair alone of a call that lay before the chair."""
    state = entry.before.get("state")
    if state == MeetingState.CALLED:
        return _invited(entry)
    return _chair(entry) if state == MeetingState.AWAITING_CHAIR else []


def _newcomer(entry: AuditEntry) -> Iterable[int]:
    return Invitation.objects.filter(pk=entry.subject_id).values_list("seating__person_id", flat=True)


def _page(entry: AuditEntry) -> str:
    return reverse("committee:meeting_detail", args=[entry.root_id])


def _call_text(entry: AuditEntry) -> str:
    meeting = Meeting.objects.filter(pk=entry.root_id).first()
    if meeting is None:
        return f"به {entry.subject_label} دعوت شدید."
    when = format_jalali(meeting.starts_at, "moment")
    return f"به {meeting} دعوت شدید: {when}، {meeting.place}. دستور جلسه و پیوست‌ها در صفحه جلسه است."


def _cancel_text(entry: AuditEntry) -> str:
    meeting = Meeting.objects.filter(pk=entry.root_id).first()
    when = f" که برای {format_jalali(meeting.starts_at, 'moment')} بود" if meeting else ""
    return f"{entry.subject_label}{when} لغو شد: {entry.note}"


notices.register(
    events.CALL_SUBMITTED.code,
    audience=_chair,
    text="دعوت {subject} در انتظار امضای شماست.",
    url=_page,
    email=True,
)
notices.register(
    events.CALL_RETURNED.code,
    audience=_secretaries,
    text="{actor} دعوت {subject} را بازگرداند: {note}",
    url=_page,
    email=True,
)
notices.register(
    events.MEETING_CALLED.code,
    audience=_secretaries,
    text="{actor} دعوت {subject} را امضا کرد و دعوت‌نامه برای اعضا فرستاده شد.",
    url=_page,
    email=True,
    sms=True,
)
notices.register(
    events.MEETING_CALLED.code, audience=_invited, text=_call_text, url=_page, email=True, sms=True
)
notices.register(
    events.MEMBER_INVITED.code, audience=_newcomer, text=_call_text, url=_page, email=True, sms=True
)
notices.register(
    events.AGENDA_CHANGED.code,
    audience=_invited_if_called,
    text="دستور {subject} تغییر کرد: {note}.",
    url=_page,
    email=True,
)
notices.register(
    events.PAPER_ADDED.code,
    audience=_invited_if_called,
    text="«{subject}» به پیوست‌های جلسه کمیته مشترک افزوده شد.",
    url=_page,
    email=True,
)
notices.register(
    events.MEETING_CANCELLED.code,
    audience=_told_of_cancelling,
    text=_cancel_text,
    url=_page,
    email=True,
    sms=True,
)
notices.register(
    events.ABSENCE_RECORDED.code,
    audience=_secretaries,
    text="{actor} غیبت {subject} را ثبت کرد: {note}",
    url=_page,
)
notices.register(
    events.MEETING_OPENED.code,
    audience=_invited,
    text="{subject} آغاز شد؛ ورود خود را ثبت کنید.",
    url=_page,
)
notices.register(
    events.MEETING_CLOSED.code,
    audience=_invited,
    text="{subject} پایان یافت؛ صورتجلسه آن برای ملاحظه و امضا فرستاده می‌شود.",
    url=_page,
)
