"""Who hears of terms and seats: both heads, the person concerned, the committee."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from committee import events
from committee.models import Seating
from committee.operations.terms import end_finished_terms
from committee.queries import member_ids
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.roles import Role


def _heads(entry: AuditEntry) -> list[int]:
    on = access.local_date(entry.at)
    return sorted({*access.holders(Role.HQ_MANAGER, on), *access.holders(Role.DEPUTY_MANAGER, on)})


def _committee(entry: AuditEntry) -> list[int]:
    on = access.local_date(entry.at)
    return sorted({*member_ids(on), *access.holders(Role.SECRETARY, on), *_heads(entry)})


def _person(entry: AuditEntry) -> Iterable[int]:
    return Seating.objects.filter(pk=entry.subject_id).values_list("person_id", flat=True)


def _experts(entry: AuditEntry) -> list[int]:
    on = access.local_date(entry.at)
    return sorted({*access.holders(Role.HQ_EXPERT, on), *_heads(entry), *access.holders(Role.SECRETARY, on)})


def _term(entry: AuditEntry) -> str:
    return reverse("committee:term_detail", args=[entry.root_id])


def _first_day(entry: AuditEntry) -> str:
    """The day from which a new person sits."""
    return format_jalali(date.fromisoformat(entry.after["period"][0]), "medium")


def _last_day(entry: AuditEntry) -> str:
    """«تا پایان …», or that it never begins."""
    until = entry.after["period"][1]
    if until is None:
        return "آغاز نمی‌شود"
    return f"تا پایان {format_jalali(date.fromisoformat(until) - timedelta(days=1), 'medium')} است"


def _home(entry: AuditEntry) -> str:
    return reverse("committee:home")


notices.register(
    events.TERM_PROPOSED.code,
    audience=_heads,
    text="{actor} دوره تازه‌ای برای کمیته مشترک پیشنهاد کرد؛ پذیرش آن با شماست.",
    url=_term,
    email=True,
)
notices.register(
    events.TERM_AGREED.code,
    audience=_heads,
    text="دوره تازه کمیته مشترک گشوده شد؛ نمایندگان خود را منصوب کنید.",
    url=_term,
    email=True,
)
notices.register(
    events.TERM_WITHDRAWN.code, audience=_heads, text="پیشنهاد دوره تازه پس گرفته شد: {note}", url=_term
)
notices.register(events.TERM_ENDED.code, audience=_committee, text="{subject} پایان یافت.", url=_term)
notices.register(
    events.CHAIR_PROPOSED.code,
    audience=_heads,
    text="{actor} رئیس دیگری برای کمیته پیشنهاد کرد: {note}",
    url=_term,
    email=True,
)
notices.register(
    events.CHAIR_CHANGED.code, audience=_committee, text="رئیس کمیته مشترک تغییر کرد.", url=_term
)
notices.register(
    events.APPOINTED.code,
    audience=_person,
    text=lambda entry: f"شما از {_first_day(entry)} عضو کمیته مشترک هستید؛ حکم خود را ببینید.",
    url=_term,
    email=True,
    sms=True,
)
notices.register(
    events.SEATING_ENDED.code,
    audience=_person,
    text=lambda entry: f"عضویت شما در کمیته مشترک {_last_day(entry)}: {entry.note}",
    url=_home,
    email=True,
)
notices.register(
    events.REPRESENTATIVE_REPLACED.code,
    audience=_committee,
    text=lambda entry: f"نماینده سمن‌ها در کمیته از {_first_day(entry)}: {entry.subject_label}.",
    url=_term,
)
notices.register(
    events.REPRESENTATIVE_REPLACED.code,
    audience=_person,
    text=lambda entry: f"شما از {_first_day(entry)} نماینده سمن‌ها در کمیته مشترک هستید.",
    url=_term,
    email=True,
    sms=True,
)
notices.register(
    events.SEAT_VACANT.code,
    audience=_experts,
    text="کرسی سمن‌ها خالی شد ({note})؛ دور تازه معرفی نامزد لازم است.",
    url=_home,
    email=True,
)
notices.register_due("committee.terms_over", end_finished_terms)
