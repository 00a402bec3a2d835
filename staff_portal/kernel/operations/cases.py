"""Opening and settling cases: something that a person must settle with a note."""

from datetime import date, datetime

from django.db import models

from staff_portal.kernel import audit, events, rules
from staff_portal.kernel.access import Authority
from staff_portal.kernel.models import Case, User
from staff_portal.kernel.operations.steps import file_of, one_step, require, require_text
from staff_portal.kernel.refusals import Refusal


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
    with one_step():
        case, is_new = Case.objects.get_or_create(
            root_type=audit.type_label(root),
            root_id=root.pk,
            title=title,
            role=role,
            scope_id=scope_id,
            assignee=assignee,
            settled_at=None,
            defaults={
                "detail": detail,
                "root_label": str(root)[:300],
                "url": url,
                "due_on": due_on,
                "opened_at": at,
            },
        )
        if is_new:
            audit.record(
                events.CASE_OPENED,
                case,
                actor=actor,
                at=at,
                authority=authority,
                after=audit.snapshot(case, ["role", "scope_id", "assignee", "due_on"]),
                note=detail,
                root=root,
            )
    return case


def settle_case(case: Case, *, note: str, actor: User, at: datetime) -> Case:
    """Settle a case with a note; by a holder of its role and scope, or by its assignee."""
    authority = require(rules.SETTLE_CASES, actor, case, at)
    note = require_text(note, "بنویسید که موضوع چگونه حل شد.")
    with one_step():
        locked = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        if locked.settled_at is not None:
            raise Refusal("این موضوع پیش از این حل شده است.")
        locked.settled_at, locked.settled_by, locked.settled_note = at, actor, note
        locked.save(update_fields=["settled_at", "settled_by", "settled_note"])
        audit.record(
            events.CASE_SETTLED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            after={"settled_at": at.isoformat()},
            note=note,
            root=file_of(locked),
        )
    return locked
