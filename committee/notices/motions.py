"""Who hears of what about motions: members, the proposer, the secretary. No notice says how anybody voted (C5)."""

from collections.abc import Iterable

from django.urls import reverse

from committee import events
from committee.enums import VotingMode
from committee.models import Motion, Recusal
from committee.queries import member_ids
from committee.workflow.motions import close_due_votes
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def _members(entry: AuditEntry) -> Iterable[int]:
    return member_ids(access.local_date(entry.at))


def _proposer(entry: AuditEntry) -> Iterable[int | None]:
    return Motion.objects.filter(pk=entry.root_id).values_list("proposed_by_id", flat=True)


def _secretary(entry: AuditEntry) -> Iterable[int]:
    return access.holders(Role.SECRETARY, access.local_date(entry.at))


def _concerned(entry: AuditEntry) -> Iterable[int | None]:
    """Members, secretary and whoever wrote it."""
    return {*_members(entry), *_secretary(entry), *_proposer(entry)}


def _of_tabled(entry: AuditEntry) -> Iterable[int | None]:
    """A draft that is withdrawn concerns nobody; what stood on the agenda concerns all."""
    is_tabled = Motion.objects.filter(pk=entry.subject_id).exclude(text_hash="").exists()
    return _concerned(entry) if is_tabled else []


def _secretary_by_circulation(entry: AuditEntry) -> Iterable[int]:
    """In a meeting the secretary sees who has voted; by circulation it is worth a line."""
    motion = Motion.objects.filter(pk=entry.subject_id, mode=VotingMode.CIRCULATION)
    return _secretary(entry) if motion.exists() else []


def _recused(entry: AuditEntry) -> Iterable[int]:
    """The member whom the system set aside."""
    return Recusal.objects.filter(pk=entry.subject_id).values_list("seating__person_id", flat=True)


def _motion(entry: AuditEntry) -> str:
    return reverse("committee:motion_detail", args=[entry.root_id])


notices.register(
    events.MOTION_TABLED.code,
    audience=_concerned,
    text="پیشنهاد «{subject}» در دستور کمیته نهاده شد.",
    url=_motion,
)
notices.register(
    events.MOTION_AMENDED.code,
    audience=_concerned,
    text="متن اصلاح‌شده «{subject}» با موافقت همه حاضران به رأی گذاشته می‌شود.",
    url=_motion,
)
notices.register(
    events.MOTION_WITHDRAWN.code,
    audience=_of_tabled,
    text="{actor} پیشنهاد «{subject}» را پس گرفت: {note}",
    url=_motion,
)
notices.register(
    events.VOTE_OPENED.code,
    audience=_members,
    text="رأی‌گیری «{subject}» باز شد و در انتظار رأی شماست.",
    url=_motion,
    email=True,
    sms=True,
)
notices.register(
    events.BALLOT_CAST.code,
    audience=_secretary_by_circulation,
    text="{actor} به «{subject}» رأی داد.",
    url=_motion,
)
notices.register(
    events.RECUSED_SELF.code,
    audience=_secretary,
    text="{actor} از رأی به «{subject}» کناره گرفت: {note}",
    url=_motion,
)
notices.register(
    events.RECUSED.code,
    audience=_recused,
    text="سامانه شما را در یک رأی‌گیری ذی‌نفع شناخت و رأی شما گرفته نمی‌شود: {note}",
    url=_motion,
)
notices.register(
    events.MEETING_ASKED.code,
    audience=_concerned,
    text="{actor} خواست درباره «{subject}» به جای مکاتبه در جلسه رأی گرفته شود: {note}",
    url=_motion,
    email=True,
)
notices.register(
    events.MOTION_CARRIED.code,
    audience=_concerned,
    text="پیشنهاد «{subject}» تصویب شد.",
    url=_motion,
    email=True,
)
notices.register(
    events.MOTION_LOST.code, audience=_concerned, text="پیشنهاد «{subject}» رأی نیاورد.", url=_motion
)
notices.register(
    events.MOTION_LAPSED.code,
    audience=_concerned,
    text="رأی‌گیری «{subject}» منتفی شد: {note}",
    url=_motion,
)
notices.register(
    events.EFFECT_FAILED.code,
    audience=_secretary,
    text="پیامد «{subject}» اجرا نشد: {note}",
    url=_motion,
    email=True,
)
notices.register_due("committee.circulation_closing", close_due_votes)
