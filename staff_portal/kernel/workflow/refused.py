"""Refused attempts, kept for the auditor once each, also when an outer transaction is rolled back.

A refusal is written after its own transaction was undone. Where that happens inside somebody else's transaction, the
entry is remembered too, and written again at the end of the request, task or command if it did not survive.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, local_date
from staff_portal.kernel.trail import audit, events


@dataclass
class _Kept:
    """One refusal to be recorded, and the entry that may not have survived."""

    draft: audit.EntryDraft
    actor: User | None
    at: datetime
    row: Any
    entry: int | None


_pending: ContextVar[list[_Kept] | None] = ContextVar("pending_refusals", default=None)

_silent: ContextVar[bool] = ContextVar("silent_refusals", default=False)


@contextmanager
def passed_over() -> Iterator[None]:
    """Inside, what is refused was no attempt of anybody: the beat asks, and goes on."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def on(refusal: Refusal, obj: models.Model | None) -> Refusal:
    """The refusal, which says of which of many records it speaks."""
    refusal.on_record = obj  # type: ignore[attr-defined]
    return refusal


def of(refusal: Refusal, objs: Sequence[Any]) -> Any:
    """The record of which a refusal of many speaks: the one it names, else the first."""
    return getattr(refusal, "on_record", objs[0] if objs else None)


def keep(
    table: Any, obj: models.Model | None, row: Any, actor: User | None, at: datetime, refusal: Refusal
) -> None:
    """Record the attempt; one that a row inside this one already recorded is not recorded again."""
    if getattr(refusal, "is_kept", False) or _silent.get():
        return
    refusal.is_kept = True  # type: ignore[attr-defined]
    subject = obj if obj is not None else table.model()
    root = table.root_of(obj) if obj is not None and type(obj) is table.model else subject
    draft = audit.EntryDraft(
        events.REFUSED,
        subject,
        after={"transition": row.name, "reason": refusal.sentence},
        note=row.label,
        root=root,
        label=str(obj) if obj is not None else table.title,
    )
    kept = _Kept(draft, actor, at, row, None)
    kept.entry = _write(kept)
    pending = _pending.get()
    if pending is not None and (kept.entry is None or connection.in_atomic_block):
        pending.append(kept)


def _write(kept: _Kept) -> int | None:
    try:
        with transaction.atomic():
            role = _tried_as(kept.row, kept.actor, kept.at)
            (entry,) = audit.record_many([kept.draft], actor=kept.actor, at=kept.at, authority=role)
            return int(entry.pk)
    except DatabaseError:  # the caller's own transaction is already broken
        return None


def _tried_as(row: Any, actor: User | None, at: datetime) -> Authority | None:
    """The role in which somebody tried: one that has the row's power, else the first of the person's own."""
    held = access.authorities(actor, local_date(at))
    able = (one for one in held if one.role in row.by.roles and one.has_power(row.by.code))
    own = (one for one in held if one.on_behalf_of is None)
    return next(able, None) or next(own, None)


@contextmanager
def survive() -> Iterator[None]:
    """Around a request, a task or a command: what was refused inside a transaction that was undone is written now."""
    token = _pending.set([])
    try:
        yield
    finally:
        waiting = _pending.get() or []
        _pending.reset(token)
        for kept in waiting:
            if kept.entry is None or not AuditEntry.objects.filter(pk=kept.entry).exists():
                _write(kept)
