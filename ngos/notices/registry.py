"""Who hears of a new representative; what the rows of membership and documents tell stands in them."""

from collections.abc import Iterable

from django.urls import reverse

from ngos import events
from ngos.models import Ngo, NgoAccount
from staff_portal.kernel import notices
from staff_portal.kernel.models import AuditEntry


def record_url(entry: AuditEntry) -> str:
    return reverse("ngos:ngo_detail", args=[entry.root_id])


def _linked_person(entry: AuditEntry) -> Iterable[int]:
    return NgoAccount.objects.filter(pk=entry.subject_id).values_list("user_id", flat=True)


def _linked_text(entry: AuditEntry) -> str:
    name = Ngo.objects.filter(pk=entry.root_id).values_list("name", flat=True).first() or ""
    return f"از این پس نماینده «{name}» در سامانه هستید و پرونده آن را می‌بینید."


notices.register(
    events.ACCOUNT_LINKED.code, audience=_linked_person, text=_linked_text, url=record_url, email=True
)
