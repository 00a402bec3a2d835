"""Documents of NGOs: uploaded by one person, accepted or returned by another (N2)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from ngos.models import Ngo, NgoDocument
from staff_portal.kernel.letters.attachments import attach
from staff_portal.kernel.workflow.rows import Step

LAPSED = "اعتبار این مدرک گذشته است؛ نسخه معتبر آن را بارگذاری کنید."


def page_of(document: NgoDocument) -> str:
    """The page of the NGO's documents, where each of them stands."""
    return reverse("ngos:ngo_documents", args=[document.ngo_id])


def lapsed_already(ngo: Ngo, step: Step) -> Iterable[str]:
    """A document that is no longer valid is not taken in."""
    until = step.asked.get("valid_until")
    if until is not None and until < step.on:
        yield LAPSED


def uploaded(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The columns of a new document; it waits for somebody else's decision."""
    return {**step.asked, "ngo": ngo, "uploaded_by": step.actor, "uploaded_at": step.at}


def attach_to_file(document: NgoDocument, step: Step) -> dict[str, Any]:
    """The staged file becomes the NGO's, and the entry names it."""
    assert step.actor is not None  # noqa: S101 - people upload, the system does not
    file = attach(document.attachment, root=document.ngo, actor=step.actor)
    settle_file(document, step)
    return {"file": file.name, "sha256": file.sha256}


def settle_file(document: NgoDocument, step: Step) -> None:
    """What waits in the NGO's file follows its documents."""
    step.touch(document.ngo)


def decision(document: NgoDocument, step: Step) -> dict[str, Any]:
    """Who decided, when and why."""
    return {"decided_by": step.actor, "decided_at": step.at, "return_reason": step.note[:400]}
