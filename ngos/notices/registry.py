"""Who hears of what in the registry: registrar, reviewer, managers and the NGO's own representatives."""

from collections.abc import Iterable

from django.urls import reverse

from ngos import events
from ngos.models import Ngo, NgoAccount, NgoDocument
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def record_url(entry: AuditEntry) -> str:
    return reverse("ngos:ngo_detail", args=[entry.root_id])


def documents_url(entry: AuditEntry) -> str:
    return reverse("ngos:ngo_documents", args=[entry.root_id])


def representatives(entry: AuditEntry) -> Iterable[int]:
    """The people who act for the NGO on the day of the entry."""
    return NgoAccount.objects.filter(
        ngo_id=entry.root_id, period__contains=access.local_date(entry.at)
    ).values_list("user_id", flat=True)


def registrar(entry: AuditEntry) -> Iterable[int | None]:
    return Ngo.objects.filter(pk=entry.root_id).values_list("registered_by_id", flat=True)


def reviewer(entry: AuditEntry) -> Iterable[int | None]:
    return Ngo.objects.filter(pk=entry.root_id).values_list("reviewer_id", flat=True)


def managers(entry: AuditEntry) -> list[int]:
    return access.holders(Role.HQ_MANAGER, access.local_date(entry.at))


def other_experts(entry: AuditEntry) -> list[int]:
    """HQ's experts but the one who registered the file, for that one does not review it (N2)."""
    registered_by = set(registrar(entry))
    return [
        pk for pk in access.holders(Role.HQ_EXPERT, access.local_date(entry.at)) if pk not in registered_by
    ]


def own_side(entry: AuditEntry) -> list[int | None]:
    """Those who keep the file: its registrar and the NGO's representatives."""
    return [*registrar(entry), *representatives(entry)]


def staff_concerned(entry: AuditEntry) -> list[int | None]:
    return [*registrar(entry), *reviewer(entry), *managers(entry)]


def _uploader(entry: AuditEntry) -> list[int | None]:
    rows = NgoDocument.objects.filter(pk=entry.subject_id).values_list("uploaded_by_id", flat=True)
    return [*rows, *representatives(entry)]


def _linked_person(entry: AuditEntry) -> Iterable[int]:
    return NgoAccount.objects.filter(pk=entry.subject_id).values_list("user_id", flat=True)


def _linked_text(entry: AuditEntry) -> str:
    name = Ngo.objects.filter(pk=entry.root_id).values_list("name", flat=True).first() or ""
    return f"از این پس نماینده «{name}» در سامانه هستید و پرونده آن را می‌بینید."


def _returned_document_text(entry: AuditEntry) -> str:
    name = Ngo.objects.filter(pk=entry.root_id).values_list("name", flat=True).first() or ""
    return f"«{entry.subject_label}» از مدارک «{name}» برای اصلاح بازگشت: {entry.note}"


def _sent_back_text(entry: AuditEntry) -> str:
    missing = "، ".join(entry.after.get("missing_items") or [])
    lacking = f" کمبودها: {missing}." if missing else ""
    return f"درخواست عضویت «{entry.subject_label}» برای اصلاح بازگشت: {entry.note}.{lacking}".replace(
        "..", "."
    )


def _approved_text(entry: AuditEntry) -> str:
    number = entry.after.get("membership_number") or ""
    return f"عضویت «{entry.subject_label}» با شماره {number} تأیید شد و گواهی آن صادر شد."


def _existing_text(entry: AuditEntry) -> str:
    number = entry.after.get("membership_number") or ""
    return f"عضویت پیشین «{entry.subject_label}» با شماره {number} تأیید شد؛ مدارک را در مهلت تعیین‌شده کامل کنید."


notices.register(
    events.SUBMITTED.code,
    audience=other_experts,
    text="درخواست عضویت «{subject}» رسید و در انتظار بررسی است.",
    url=record_url,
)
notices.register(
    events.SUBMITTED.code,
    audience=representatives,
    text="درخواست عضویت «{subject}» برای بررسی ارسال شد.",
    url=record_url,
)
notices.register(
    events.TAKEN_UP.code,
    audience=own_side,
    text="{actor} بررسی درخواست عضویت «{subject}» را آغاز کرد.",
    url=record_url,
)
notices.register(
    events.SENT_BACK.code, audience=own_side, text=_sent_back_text, url=record_url, email=True, sms=True
)
notices.register(events.APPROVED.code, audience=reviewer, text=_approved_text, url=record_url)
notices.register(
    events.APPROVED.code, audience=own_side, text=_approved_text, url=record_url, email=True, sms=True
)
notices.register(
    events.REJECTED.code,
    audience=reviewer,
    text="{actor} درخواست عضویت «{subject}» را رد کرد: {note}",
    url=record_url,
)
notices.register(
    events.REJECTED.code,
    audience=own_side,
    text="درخواست عضویت «{subject}» پذیرفته نشد: {note}",
    url=record_url,
    email=True,
    sms=True,
)
# Confirmed in batches of hundreds: the registrar reads the outcome on the batch's own page.
notices.register(
    events.EXISTING_CONFIRMED.code,
    audience=representatives,
    text=_existing_text,
    url=documents_url,
    email=True,
)
for _event, _words in (
    (events.SUSPENDED, "عضویت «{subject}» تعلیق شد: {note}"),
    (events.ENDED, "عضویت «{subject}» خاتمه یافت: {note}"),
    (events.REINSTATED, "تعلیق عضویت «{subject}» برداشته شد و عضویت از امروز برقرار است."),
):
    notices.register(_event.code, audience=staff_concerned, text=_words, url=record_url)
    notices.register(_event.code, audience=representatives, text=_words, url=record_url, email=True, sms=True)
notices.register(
    events.DOCUMENT_RETURNED.code,
    audience=_uploader,
    text=_returned_document_text,
    url=documents_url,
    email=True,
)
notices.register(
    events.ACCOUNT_LINKED.code, audience=_linked_person, text=_linked_text, url=record_url, email=True
)
