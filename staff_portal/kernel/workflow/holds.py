"""Stopping a record and letting it go on: a hold bars every transition but cancelling."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef

from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.locks import lock_row
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step
from staff_portal.kernel.workflow.transactions import one_step

NO_REASON = "سبب توقف را بنویسید."
LIFTED = "این توقف پیش از این برداشته شده است."


def open_reasons(model: type[models.Model]) -> ArraySubquery:
    """The reasons of a record's open holds, for ``annotate(_open_holds=…)``: its workflow then asks no more."""
    held = Hold.objects.filter(
        subject_type=audit.type_label(model), subject_id=OuterRef("pk"), lifted_at__isnull=True
    )
    return ArraySubquery(held.values("reason"))


def place_hold(
    subject: models.Model,
    *,
    reason: str,
    source: str = "",
    actor: User | None,
    at: datetime,
    authority: Authority | None = None,
    root: models.Model | None = None,
) -> Hold:
    """Stop ``subject`` for ``reason``. One open hold for each source: an existing one is returned unchanged.

    Who may is decided by the transition or operation that calls; ``root`` is the file whose timeline shows it.
    """
    file = root if root is not None else subject
    with one_step():
        lock_row(subject)
        open_hold = _open_of(subject, source).first()
        if open_hold is not None:
            return open_hold
        made: Hold = table_for(Hold).apply(
            subject,
            "place",
            actor=actor,
            at=at,
            note=reason,
            within=Step(actor, at, authority or access.SYSTEM),
            source=source,
            root_type=audit.type_label(file),
            root_id=file.pk,
        )
    return made


def lift_hold(
    hold: Hold,
    *,
    subject: models.Model,
    actor: User | None,
    at: datetime,
    note: str = "",
    authority: Authority | None = None,
) -> Hold:
    """Let ``subject`` go on. Raises :class:`Refusal` when the hold is lifted already."""
    if (hold.subject_type, hold.subject_id) != (audit.type_label(subject), subject.pk):
        raise ValueError("the hold is on another record")
    within = Step(actor, at, authority or access.SYSTEM)
    lifted: Hold = table_for(hold).apply(hold, "lift", actor=actor, at=at, note=note, within=within)
    return lifted


def lift_holds_of(
    subject: models.Model,
    *,
    source: str,
    actor: User | None,
    at: datetime,
    note: str = "",
    authority: Authority | None = None,
) -> int:
    """Lift the open holds that ``source`` placed on ``subject``; those of other sources stay. Their number."""
    rows = list(_open_of(subject, source))
    for hold in rows:
        lift_hold(hold, subject=subject, actor=actor, at=at, note=note, authority=authority)
    return len(rows)


def _open_of(subject: models.Model, source: str) -> models.QuerySet[Hold]:
    return Hold.objects.filter(
        subject_type=audit.type_label(subject), subject_id=subject.pk, source=source, lifted_at__isnull=True
    )


# --- what the rows ask -------------------------------------------------------------------------------------


def without_reason(subject: models.Model, step: Step) -> Iterable[str]:
    if not step.note:
        yield NO_REASON


def placed(subject: models.Model, step: Step) -> dict[str, Any]:
    """The columns of a hold; the record's work items stand still with it."""
    step.touch(subject)
    return {
        "subject_type": audit.type_label(subject),
        "subject_id": subject.pk,
        "root_type": step.asked["root_type"],
        "root_id": step.asked["root_id"],
        "reason": step.note,
        "source": step.asked["source"] or "",
        "placed_by": step.actor,
        "placed_at": step.at,
    }


def is_lifted(hold: Hold, step: Step) -> Iterable[str]:
    if hold.lifted_at is not None:
        yield LIFTED


def lifted(hold: Hold, step: Step) -> dict[str, Any]:
    """The record goes on, and its work items with it."""
    step.touch(apps.get_model(hold.subject_type)(pk=hold.subject_id))
    return {"lifted_at": step.at}
