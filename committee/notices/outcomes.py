"""Who hears of resolutions, their work and the minutes (C8, C9)."""

from collections.abc import Iterable

from django.urls import reverse

from committee import events
from committee.minutes_facts import present_seatings
from committee.models import AmendmentRequest, Meeting
from committee.operations.minutes import advance_minutes
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def _holders(entry: AuditEntry, *roles: str) -> list[int]:
    on = access.local_date(entry.at)
    return sorted({user_id for role in roles for user_id in access.holders(role, on)})


# --- minutes -----------------------------------------------------------------------------------------------


def _members(entry: AuditEntry) -> list[int]:
    """Whoever was invited to that meeting or was there."""
    meeting = Meeting.objects.filter(pk=entry.root_id).first()
    if meeting is None:
        return []
    people = set(meeting.invitations.values_list("seating__person_id", flat=True))
    people.update(meeting.presences.values_list("seating__person_id", flat=True))
    return sorted(people)


def _present(entry: AuditEntry) -> list[int]:
    meeting = Meeting.objects.filter(pk=entry.root_id).first()
    return [] if meeting is None else [row.person_id for row in present_seatings(meeting)]


def _secretaries(entry: AuditEntry) -> list[int]:
    return _holders(entry, Role.SECRETARY)


def _asker(entry: AuditEntry) -> Iterable[int]:
    return AmendmentRequest.objects.filter(pk=entry.subject_id).values_list("seating__person_id", flat=True)


def _members_and_heads(entry: AuditEntry) -> list[int]:
    heads = _holders(entry, Role.SECRETARY, Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
    return sorted({*_members(entry), *heads})


def _minutes(entry: AuditEntry) -> str:
    return reverse("committee:minutes_detail", args=[entry.root_id])


notices.register(
    events.MINUTES_CIRCULATED.code,
    audience=_members,
    text="{actor} {subject} را برای ملاحظه شما فرستاد؛ اگر اصلاحی دارید تا پایان مهلت بخواهید.",
    url=_minutes,
    email=True,
)
notices.register(
    events.AMENDMENT_ASKED.code,
    audience=_secretaries,
    text="{actor} در صورتجلسه اصلاحی خواست: {note}",
    url=_minutes,
    email=True,
)
notices.register(
    events.AMENDMENT_ANSWERED.code,
    audience=_asker,
    text="{actor} به درخواست اصلاح شما در صورتجلسه پاسخ داد: {note}",
    url=_minutes,
    email=True,
)
notices.register(
    events.SIGNING_STARTED.code,
    audience=_present,
    text="{subject} آماده امضای شماست.",
    url=lambda entry: reverse("committee:minutes_sign", args=[entry.root_id]),
    email=True,
    sms=True,
)
notices.register(
    events.MINUTES_SEALED.code,
    audience=_members_and_heads,
    text="{subject} نهایی شد.",
    url=_minutes,
    email=True,
)

notices.register_due("committee.minutes", advance_minutes)
