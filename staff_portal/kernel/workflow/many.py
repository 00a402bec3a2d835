"""A row taken on many records at once: the same order of checks, stored together where no state changes.

The table's own steps are used throughout, so that one record or a thousand are refused in the same words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Value, When
from django.db.models.functions import Cast

from staff_portal.kernel.base.refusals import Refusal, TransitionRefused
from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow import refused
from staff_portal.kernel.workflow.locks import lock_table
from staff_portal.kernel.workflow.rows import Act, Creation, Removal, Row, Step

Taken = list[tuple[Any, Step]]


def take(
    table: Any,
    objs: Sequence[Any],
    row: Row,
    actor: User | None,
    at: datetime,
    note: str,
    within: Step | None,
    asked: Sequence[dict[str, Any]],
) -> Taken:
    """Take the row on each record, in the caller's transaction; returns what is stored, with the steps."""
    if row.locks is not None:
        for obj in objs:
            row.locks(obj)
    pairs = zip(_lock(table, objs, row), asked or [{} for _ in objs], strict=True)
    asking = ((obj, _asked(table, obj, row, actor, at, note, within, answer)) for obj, answer in pairs)
    if isinstance(row, Creation | Act | Removal):
        taken, drafts = _together(table, row, [_checked(table, row, obj, step) for obj, step in asking])
        for (_, step), draft in zip(taken, drafts, strict=True):
            draft.authority = step.authority
        kept = [place for place, draft in enumerate(drafts) if table._differs(row, draft)]
        drafts = [drafts[place] for place in kept]
        table._follow([taken[place] for place in kept], row, drafts)
    else:
        taken, drafts = [], []
        for obj, step in asking:
            stored, draft = table._store(*_checked(table, row, obj, step, between=row))
            table._follow([(stored, step)], row, [draft])
            taken.append((stored, step))
            draft.authority = step.authority
            drafts.append(draft)
    audit.record_many([] if row.silent else drafts, actor=actor, at=at)
    if row.then is not None:
        for stored, step in taken:
            row.then(stored, step)
            stored.refresh_from_db()
    return taken


def _asked(
    table: Any,
    obj: Any,
    row: Row,
    actor: User | None,
    at: datetime,
    note: str,
    within: Step | None,
    answer: dict[str, Any],
) -> Step:
    """The step on one of the records; a refusal says on which, for the entry that keeps it."""
    try:
        step: Step = table._step(obj, row, actor, at, note, within, dict(answer))
    except Refusal as refusal:
        refused.on(refusal, obj)
        raise
    return step


def _checked(table: Any, row: Row, obj: Any, step: Step, *, between: Row | None = None) -> tuple[Any, ...]:
    if found := table.reasons(obj, row, step):
        raise refused.on(TransitionRefused(*found), obj)
    return (obj, step) if between is None else (obj, between, step)


def _together(table: Any, row: Row, asked: list[tuple[Any, ...]]) -> tuple[Taken, list[audit.EntryDraft]]:
    """Store what no step of the same row depends on: new records, or columns of records, in one statement."""
    if isinstance(row, Creation):
        new = [(*table._new(parent, row, step), step) for parent, step in asked]
        table.model._default_manager.bulk_create([made for made, _, _ in new])
        drafts = [table._draft_of_new(made, row, step, columns) for made, columns, step in new]
        return [(made, step) for made, _, step in new], drafts
    if isinstance(row, Removal):
        gone = [table._draft_of_gone(obj, row, step) for obj, step in asked]
        table.model._default_manager.filter(pk__in=[obj.pk for obj, _ in asked]).delete()
        return [(obj, step) for obj, step in asked], gone
    changed = [(obj, step, *table._change(obj, row, step)) for obj, step in asked]
    names = sorted({name for _, _, changes, _ in changed for name in changes})
    moved = [obj for obj, _, changes, _ in changed if changes]
    if moved:
        _update(table.model, moved, names)
    return [(obj, step) for obj, step, _, _ in changed], [draft for *_, draft in changed]


def _update(model: Any, moved: list[Any], names: list[str]) -> None:
    """One statement for all of them; a column that is the same for all, as most are, is said once."""
    columns: dict[str, Any] = {}
    for name in names:
        field = model._meta.get_field(name)
        values = [getattr(obj, field.attname) for obj in moved]
        if all(value == values[0] for value in values):
            columns[name] = values[0]
        else:
            cases = zip(moved, values, strict=True)
            each = (When(pk=obj.pk, then=Value(value, output_field=field)) for obj, value in cases)
            columns[name] = Cast(Case(*each, output_field=field), output_field=field)
    model._default_manager.filter(pk__in=[obj.pk for obj in moved]).update(**columns)


def _lock(table: Any, objs: Sequence[Any], row: Row) -> list[Any]:
    """The files, then the records, each kind in the order of its keys; one that is gone refuses in a sentence."""
    try:
        if isinstance(row, Creation):
            # the parents of a silent or unlocked row were locked, or made, by the row it follows
            return list(objs) if row.silent or row.unlocked else _lock_parents(table, objs)
        if table.within and not callable(table.within):
            _lock_rows([table.root_of(obj) for obj in objs])
        locked = _lock_rows([table.model(pk=obj.pk) for obj in objs])
        if not row.under_hold:
            _read_holds(table, locked)
        return [locked[obj.pk] for obj in objs]
    except KeyError as error:
        raise TransitionRefused(table.gone) from error


def _lock_parents(table: Any, objs: Sequence[Any]) -> list[Any]:
    locked = _lock_rows([obj for obj in objs if obj is not None])
    if any(obj is None for obj in objs):
        lock_table(table.model)
    _read_holds(table, locked)
    return [locked[obj.pk] if obj is not None else None for obj in objs]


def _lock_rows(objs: list[Any]) -> dict[int, Any]:
    """Records of one kind as they are stored now, locked in the order of their keys in one statement."""
    if not objs:
        return {}
    rows = objs[0].__class__._default_manager.select_for_update(of=("self",), no_key=True)
    return {obj.pk: obj for obj in rows.filter(pk__in=[obj.pk for obj in objs]).order_by("pk")}


def _read_holds(table: Any, locked: dict[int, Any]) -> None:
    """What stops these records, read once for all of them."""
    for obj in locked.values():
        obj._open_holds = []
    if not locked:
        return
    kinds = {obj._meta.label_lower for obj in locked.values()}
    holds = Hold.objects.filter(subject_type__in=kinds, subject_id__in=locked, lifted_at__isnull=True)
    for key, reason in holds.values_list("subject_id", "reason"):
        locked[key]._open_holds.append(reason)
