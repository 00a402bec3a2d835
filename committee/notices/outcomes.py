"""Who hears of resolutions, their work and the minutes (C8, C9)."""

from collections.abc import Iterable

from django.urls import reverse

from committee import events, queries
from committee.enums import ResolutionState
from committee.minutes_facts import present_seatings
from committee.models import ActionItem, AmendmentRequest, Meeting, Resolution
from committee.operations.actions import chase_overdue
from committee.operations.minutes import advance_minutes
from ngos.models import NgoAccount
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def _holders(entry: AuditEntry, *roles: str) -> list[int]:
    on = access.local_date(entry.at)
    return sorted({user_id for role in roles for user_id in access.holders(role, on)})


# --- resolutions -------------------------------------------------------------------------------------------


def _to_sign(entry: AuditEntry) -> list[int]:
    """The heads of the side that has not signed yet; nobody once it is announced."""
    row = Resolution.objects.filter(pk=entry.subject_id, state=ResolutionState.AWAITING).first()
    if row is None:
        return []
    roles = []
    if row.hq_signed_by_id is None:
        roles.append(Role.HQ_MANAGER)
    if row.deputy_signed_by_id is None:
        roles.append(Role.DEPUTY_MANAGER)
    return _holders(entry, *roles)


def _concerned(entry: AuditEntry) -> list[int]:
    """Members, secretary, heads and their experts, who proposed it, whose work it is, and the NGO it is about."""
    row = Resolution.objects.select_related("motion").filter(pk=entry.subject_id).first()
    if row is None:
        return []
    on = access.local_date(entry.at)
    people = {*queries.member_ids(on), row.motion.proposed_by_id}
    people.update(row.actions.values_list("owner_id", flat=True))
    people.update(
        _holders(
            entry,
            Role.SECRETARY,
            Role.HQ_MANAGER,
            Role.DEPUTY_MANAGER,
            Role.HQ_EXPERT,
            Role.DEPUTY_EXPERT,
        )
    )
    if row.motion.concerns_ngo_id:
        accounts = NgoAccount.objects.filter(
            ngo=row.motion.concerns_ngo_id, period__contains=on, user__is_active=True
        )
        people.update(accounts.values_list("user_id", flat=True))
    return sorted(user_id for user_id in people if user_id)


def _resolution(entry: AuditEntry) -> str:
    return reverse("committee:resolution_detail", args=[entry.root_id])


notices.register(
    events.RESOLUTION_ADOPTED.code,
    audience=_to_sign,
    text="مصوبه «{subject}» تصویب شد و ابلاغ آن در انتظار امضای شماست.",
    url=_resolution,
    email=True,
)
notices.register(
    events.RESOLUTION_SIGNED.code,
    audience=_to_sign,
    text="{actor} ابلاغ «{subject}» را امضا کرد؛ امضای طرف شما مانده است.",
    url=_resolution,
    email=True,
)
notices.register(
    events.RESOLUTION_ANNOUNCED.code,
    audience=_concerned,
    text="مصوبه «{subject}» ابلاغ شد.",
    url=_resolution,
    email=True,
)


# --- action items ------------------------------------------------------------------------------------------


def _owner(entry: AuditEntry) -> Iterable[int]:
    return ActionItem.objects.filter(pk=entry.subject_id).values_list("owner_id", flat=True)


def _secretaries(entry: AuditEntry) -> list[int]:
    return _holders(entry, Role.SECRETARY)


notices.register(
    events.ACTION_ADDED.code,
    audience=_owner,
    text="{actor} پیگیری «{subject}» را به شما سپرد.",
    url=_resolution,
    email=True,
)
notices.register(
    events.ACTION_CHASED.code,
    audience=_secretaries,
    text="مهلت «{subject}» گذشته و انجام آن ثبت نشده است.",
    url=_resolution,
)
notices.register(
    events.ACTION_CHASED.code,
    audience=_owner,
    text="مهلت «{subject}» گذشته است؛ نتیجه را ثبت کنید.",
    url=_resolution,
    email=True,
    sms=True,
)
notices.register(
    events.ACTION_DONE.code,
    audience=_secretaries,
    text="{actor} «{subject}» را انجام‌شده ثبت کرد: {note}",
    url=_resolution,
)
notices.register(
    events.ACTION_DONE.code,
    audience=_owner,
    text="{actor} «{subject}» را انجام‌شده ثبت کرد: {note}",
    url=_resolution,
)
notices.register(
    events.ACTION_CANCELLED.code,
    audience=_owner,
    text="{actor} «{subject}» را منتفی دانست: {note}",
    url=_resolution,
)


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

notices.register_due("committee.actions", chase_overdue)
notices.register_due("committee.minutes", advance_minutes)
