"""Documents of NGOs: uploaded by one person, accepted or returned by another (N2)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from ngos.models import Grade, Ngo, NgoDocument
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.attachments import attach
from staff_portal.kernel.operations.cases import open_case
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import format_jalali
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


# --- an acceptance that proves false (X13) --------------------------------------------------------------------


def grades_in_force(ngo: Ngo, on: date) -> QuerySet[Grade]:
    """The grades that rest on the file's documents on that day."""
    return ngo.grades.filter(end__isnull=True, valid_until__gte=on).order_by("id")


def facts_of(document: NgoDocument, on: date) -> list[dict[str, Any]]:
    """The document and who accepted it."""
    decided = format_jalali(local_date(document.decided_at), "medium") if document.decided_at else ""
    who = document.decided_by.full_name if document.decided_by else "سامانه"
    return [
        {"label": "سمن", "value": document.ngo.name, "url": document.ngo.get_absolute_url()},
        {"label": "مدرک", "value": document.attachment.name},
        {"label": "پذیرنده", "value": f"{who}، {decided}"},
    ]


def revoking_brings(document: NgoDocument, on: date) -> Iterable[str]:
    """What rests on it: nothing is undone, each is looked at again."""
    for grade in grades_in_force(document.ngo, on):
        yield f"سطح {grade.level_rank} این سمن بازبینی می‌خواهد؛ موضوعی نزد کارشناسان ستاد سمن‌ها گشوده می‌شود."
    yield "نسخه درست مدرک باید دوباره بارگذاری و پذیرفته شود."


def acceptance_revoked(document: NgoDocument, step: Step) -> dict[str, Any]:
    return {"return_reason": step.note[:400]}


def open_cases(document: NgoDocument, step: Step) -> dict[str, Any]:
    """Effects forward only: a case on every grade that rested on it (X13)."""
    settle_file(document, step)
    grades = list(grades_in_force(document.ngo, step.on))
    for grade in grades:
        open_case(
            document.ngo,
            title=f"سطح {grade.level_rank} بر مدرکی استوار است که پذیرش آن باطل شد",
            detail=f"{document}: {step.note}",
            url=reverse("ngos:ngo_grading", args=[document.ngo_id]),
            role=Role.HQ_EXPERT,
            actor=step.actor,
            at=step.at,
            authority=step.authority,
        )
    return {"heard": step.asked["heard"], "cases": len(grades)}
