"""Stopping a record and letting it go on: a hold bars every transition but cancelling."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef

from staff_portal.kernel import audit, events
from staff_portal.kernel.access import Authority
from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.operations.steps import one_step, require_text
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.workflow.writing import settle_later


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
    reason = require_text(reason, "سبب توقف را بنویسید.")
    with one_step():
        hold, is_new = Hold.objects.get_or_create(
            subject_type=audit.type_label(subject),
            subject_id=subject.pk,
            source=source,
            lifted_at=None,
            defaults={"reason": reason, "placed_by": actor, "placed_at": at},
        )
        if is_new:
            audit.record(
                events.HOLD_PLACED,
                subject,
                actor=actor,
                at=at,
                authority=authority,
                after={"hold": hold.pk, "source": source},
                note=reason,
                root=root,
            )
            settle_later(subject, actor=actor, at=at)
    return hold


def lift_hold(
    hold: Hold,
    *,
    subject: models.Model,
    actor: User | None,
    at: datetime,
    note: str = "",
    authority: Authority | None = None,
    root: models.Model | None = None,
) -> Hold:
    """Let ``subject`` go on. Raises :class:`Refusal` when the hold is lifted already."""
    if (hold.subject_type, hold.subject_id) != (audit.type_label(subject), subject.pk):
        raise ValueError("the hold is on another record")
    with one_step():
        locked = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk)
        if locked.lifted_at is not None:
            raise Refusal("این توقف پیش از این برداشته شده است.")
        locked.lifted_at = at
        locked.save(update_fields=["lifted_at"])
        audit.record(
            events.HOLD_LIFTED,
            subject,
            actor=actor,
            at=at,
            authority=authority,
            before={"hold": locked.pk, "source": locked.source},
            note=note,
            root=root,
        )
        settle_later(subject, actor=actor, at=at)
    return locked


def lift_holds_of(
    subject: models.Model,
    *,
    source: str,
    actor: User | None,
    at: datetime,
    note: str = "",
    authority: Authority | None = None,
    root: models.Model | None = None,
) -> int:
    """Lift the open holds that ``source`` placed on ``subject``; those of other sources stay. Their number."""
    held = Hold.objects.filter(
        subject_type=audit.type_label(subject), subject_id=subject.pk, source=source, lifted_at__isnull=True
    )
    rows = list(held)
    for hold in rows:
        lift_hold(hold, subject=subject, actor=actor, at=at, note=note, authority=authority, root=root)
    return len(rows)
