"""Opening and settling cases: something that a person must settle with a note."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from staff_portal.kernel.models import Case, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

SETTLED = "این موضوع پیش از این حل شده است."


def open_case(
    root: models.Model,
    *,
    title: str,
    url: str,
    detail: str = "",
    role: str = "",
    scope_id: int = 0,
    assignee: User | None = None,
    due_on: date | None = None,
    actor: User | None,
    at: datetime,
    authority: Authority | None = None,
) -> Case:
    """Put a case about ``root`` before the holders of ``role`` (in ``scope_id``), or before one person.

    Who may is decided by the transition or operation that calls. An open case of the same title about the same
    file and before the same people is returned instead of a second one, so that nightly jobs may repeat.
    """
    if bool(role) == (assignee is not None):
        raise ValueError("a case is addressed to a role or to a person")
    with transaction.atomic():
        locked = type(root)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=root.pk)
        known = Case.objects.filter(
            root_type=audit.type_label(root),
            root_id=root.pk,
            title=title,
            role=role,
            scope_id=scope_id,
            assignee=assignee,
            settled_at=None,
        ).first()
        if known is not None:
            return known
        case: Case = table_for(Case).apply(
            locked,
            "open",
            actor=actor,
            at=at,
            note=detail,
            within=Step(actor, at, authority or access.SYSTEM),
            title=title,
            url=url,
            role=role,
            scope_id=scope_id,
            assignee=assignee,
            due_on=due_on,
        )
        return case


def opened(root: models.Model, step: Step) -> dict[str, Any]:
    """The columns of a new case."""
    return {
        **step.asked,
        "detail": step.note,
        "root_type": audit.type_label(root),
        "root_id": root.pk,
        "root_label": str(root)[:300],
        "opened_at": step.at,
    }


def settle_case(case: Case, *, note: str, actor: User, at: datetime) -> Case:
    """Settle a case with a note; by a holder of its role and scope, or by its assignee."""
    settled_case: Case = table_for(case).apply(case, "settle", actor=actor, at=at, note=note)
    return settled_case


def is_open(case: Case, step: Step) -> Iterable[str]:
    return [] if case.settled_at is None else [SETTLED]


def settled(case: Case, step: Step) -> dict[str, Any]:
    return {"settled_at": step.at, "settled_by": step.actor, "settled_note": step.note}
