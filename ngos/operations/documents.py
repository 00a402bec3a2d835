"""Documents of NGOs: uploaded by one person, accepted or returned by another (N2)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from ngos import events, rules
from ngos.models import Ngo, NgoDocument
from staff_portal.kernel import audit
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.operations.attachments import attach
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.workflow import Step


@transaction.atomic
def upload_document(
    ngo: Ngo,
    *,
    actor: User,
    at: datetime,
    kind: str,
    attachment: Attachment,
    valid_until: date | None = None,
) -> NgoDocument:
    """Add a staged file to the NGO's documents; it waits for somebody else's decision."""
    authority, why_not = rules.UPLOAD_DOCUMENT.decide(actor, ngo, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if valid_until is not None and valid_until < local_date(at):
        raise Refusal("اعتبار این مدرک گذشته است؛ نسخه معتبر آن را بارگذاری کنید.")
    document = NgoDocument.objects.create(
        ngo=ngo,
        kind=kind,
        attachment=attach(attachment, root=ngo, actor=actor),
        valid_until=valid_until,
        uploaded_by=actor,
        uploaded_at=at,
    )
    audit.record(
        events.DOCUMENT_UPLOADED,
        document,
        actor=actor,
        at=at,
        authority=authority,
        after={"kind": kind, "file": attachment.name, "sha256": attachment.sha256},
        root=ngo,
    )
    return document


def decision(document: NgoDocument, step: Step) -> dict[str, Any]:
    """Who decided, when and why."""
    return {"decided_by": step.actor, "decided_at": step.at, "return_reason": step.note.strip()[:400]}
