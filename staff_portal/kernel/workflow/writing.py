"""The one door for writes: what happens when a row is taken.

:meth:`Writing.apply` locks the file and then the record, asks permission, state, holds, questions and blockers, stores
the columns in one statement, writes the audit entry with its notices, runs the effect and settles the work items, all
in one transaction. A refusal says each thing missing and is kept for the auditor.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction

from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import SYSTEM_LABEL, Authority, local_date
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail.words import column_words, fill, word
from staff_portal.kernel.workflow import many, refused, work
from staff_portal.kernel.workflow.locks import lock_row, lock_table
from staff_portal.kernel.workflow.reading import Reading
from staff_portal.kernel.workflow.rows import Creation, Removal, Row, Step

M = TypeVar("M", bound=models.Model)
SYSTEM_ONLY = "این کار را تنها سامانه انجام می‌دهد."
ONLY_FOLLOWS = "این گام به خودی خود برداشته نمی‌شود؛ تنها در پی گامی دیگر است."
UNTOLD = frozenset({"state_since", "version"})


@dataclass
class _Unsettled:
    """Records whose work items wait for the outermost end of the step."""

    records: list[models.Model] = field(default_factory=list)


_unsettled: ContextVar[_Unsettled | None] = ContextVar("unsettled", default=None)


class Writing(Reading[M], Generic[M]):
    """How a table's rows are taken."""

    def apply(
        self,
        obj: Any,
        name: str,
        *,
        actor: User | None,
        at: datetime,
        note: str = "",
        within: Step | None = None,
        **asked: Any,
    ) -> M:
        """Take the row, or raise a :class:`Refusal` whose sentences say what stands against it.

        ``obj`` is the record, for a creation its parent (None where there is none); ``within`` is the step that
        this one follows, by whose authority it is taken. Returns the record as it is stored now.
        """
        row = self.rows[name]
        try:
            with whole(actor, at):
                return self._apply(obj, row, actor, at, note, within, asked)
        except IntegrityError as error:
            sentence = constraints.sentence_for(error)
            refusal = TransitionRefused(sentence)
            refused.keep(self, obj, row, actor, at, refusal)
            raise refusal from error
        except Refusal as refusal:
            refused.keep(self, obj, row, actor, at, refusal)
            raise

    def _apply(
        self,
        obj: Any,
        row: Row,
        actor: User | None,
        at: datetime,
        note: str,
        within: Step | None,
        asked: dict[str, Any],
    ) -> M:
        if row.locks is not None:
            row.locks(obj)
        locked = self._lock(obj, row)
        step = self._step(locked, row, actor, at, note, within, asked)
        found = self.reasons(locked, row, step)
        if found:
            raise TransitionRefused(*found)
        stored, draft = self._store(locked, row, step)
        if not self._differs(row, draft):
            return stored
        self._follow([(stored, step)], row, [draft])
        audit.record_many([] if row.silent else [draft], actor=actor, at=at, authority=step.authority)
        if row.then is not None:
            row.then(stored, step)
            stored.refresh_from_db()
        _remember(stored, *step.touched)
        return stored

    def _differs(self, row: Row, draft: audit.EntryDraft) -> bool:
        """Whether the row leaves an entry: an edit keeps what differs, and none where nothing does."""
        if row.edits:
            draft.before, draft.after = audit.difference(draft.before, draft.after)
        return bool(draft.after) or not row.edits

    def _follow(self, taken: list[tuple[M, Step]], row: Row, drafts: list[audit.EntryDraft]) -> None:
        """What follows elsewhere, for each or for all together, and who is told, in the entries."""
        if row.effects is not None:
            row.effects(taken)
        for (stored, step), draft in zip(taken, drafts, strict=True):
            if row.effect is not None:
                draft.after |= audit.plain(row.effect(stored, step) or {})
            draft.before |= audit.plain(step.before)
            if row.words is not None:
                said = row.words(stored, step)
                draft.label, draft.note = said.get("subject", draft.label), said.get("note", draft.note)
            draft.told = self._told(stored, row, step)

    def apply_many(
        self,
        objs: Sequence[Any],
        name: str,
        *,
        actor: User | None,
        at: datetime,
        note: str = "",
        within: Step | None = None,
        asked: Sequence[dict[str, Any]] = (),
    ) -> list[M]:
        """Take the row on many records in one transaction and in the same order, all of them or none.

        ``asked`` has the answers for each. Creations and acts are stored together, entries, notices and work items
        of every row are written together, so that an import of thousands keeps to the one door and stays quick. Each
        entry names the authority over its own record; a refusal is kept for the record it was said of, else the first.
        """
        row = self.rows[name]
        try:
            with whole(actor, at, savepoint=not row.silent):
                return self._apply_many(objs, row, actor, at, note, within, asked)
        except IntegrityError as error:
            refusal = TransitionRefused(constraints.sentence_for(error))
            refused.keep(self, objs[0], row, actor, at, refusal)
            raise refusal from error
        except Refusal as refusal:
            refused.keep(self, refused.of(refusal, objs), row, actor, at, refusal)
            raise

    def _apply_many(
        self,
        objs: Sequence[Any],
        row: Row,
        actor: User | None,
        at: datetime,
        note: str,
        within: Step | None,
        asked: Sequence[dict[str, Any]],
    ) -> list[M]:
        taken = many.take(self, objs, row, actor, at, note, within, asked)
        for stored, step in taken:
            _remember(stored, *step.touched)
        return [stored for stored, _ in taken]

    def _lock(self, obj: Any, row: Row) -> Any:
        """Lock the file and then the record: every step locks downwards, in one order."""
        if isinstance(row, Creation):
            if row.unlocked:
                return obj
            if obj is None:
                lock_table(self.model)
                return None
            return lock_row(obj)
        if not self.within or callable(self.within):
            return self._lock_record(obj)
        root = self._lock_root(obj, self.within)
        locked = self._lock_record(obj)
        if root is not None and getattr(locked, f"{self.within}_id") == root.pk:
            setattr(locked, self.within, root)
        return locked

    def _lock_record(self, obj: Any) -> Any:
        """Lock the record; one that was taken away meanwhile refuses in a sentence."""
        try:
            return lock_row(obj)
        except ObjectDoesNotExist as error:
            raise TransitionRefused(self.gone) from error

    def _lock_root(self, obj: Any, within: str) -> Any:
        """Lock the file by its key; one further away than one column is read first. Returns a near one."""
        if "." in within:
            lock_row(self.root_of(obj))
            return None
        column: Any = self.model._meta.get_field(within)
        rows = column.related_model._default_manager.select_for_update(of=("self",), no_key=True)
        return rows.get(pk=getattr(obj, column.attname))

    def _step(
        self,
        locked: Any,
        row: Row,
        actor: User | None,
        at: datetime,
        note: str,
        within: Step | None,
        asked: dict[str, Any],
    ) -> Step:
        if row.follows and within is None:
            raise NotPermitted(ONLY_FOLLOWS)
        if within is not None and row.follows:
            authority: Authority | None = within.authority
        else:
            authority, why_not = row.by.decide(actor, locked, local_date(at))
            if authority is None:
                raise NotPermitted(why_not or SYSTEM_ONLY)
        answers = {ask.name: ask.clean(asked.pop(ask.name, None)) for ask in row.asks}
        if asked:
            raise TypeError(f"{self.code}.{row.name} does not ask for {sorted(asked)}")
        assert authority is not None  # noqa: S101 - decided above
        answers |= {ask.name: None for ask in row.asks if not ask.concerns(authority.role)}
        return Step(actor, at, authority, note.strip(), answers)

    def _store(self, obj: Any, row: Row, step: Step) -> tuple[M, audit.EntryDraft]:
        if isinstance(row, Creation):
            return self._create(obj, row, step)
        if isinstance(row, Removal):
            return self._remove(obj, row, step)
        changes, draft = self._change(obj, row, step)
        if changes:
            obj.save(update_fields=list(changes))
        return obj, draft

    def _change(self, obj: Any, row: Row, step: Step) -> tuple[dict[str, Any], audit.EntryDraft]:
        """Set the columns on the record; whoever calls stores them."""
        changes = self._changes(obj, row, step)
        told = [name for name in changes if name not in UNTOLD and name not in row.untold]
        before = audit.snapshot(obj, told)
        for name, value in changes.items():
            setattr(obj, name, value)
        if self.state_field:
            told = [self.state_field, *told]
            before = {self.state_field: before.get(self.state_field, self.state_of(obj)), **before}
        draft = audit.EntryDraft(
            self.events[row.name],
            obj,
            before,
            audit.snapshot(obj, told),
            step.note,
            self.root_of(obj),
            row.named(obj) if row.named is not None else "",
        )
        return changes, draft

    def _create(self, parent: Any, row: Row, step: Step) -> tuple[M, audit.EntryDraft]:
        made, columns = self._new(parent, row, step)
        made.save(force_insert=True)
        return made, self._draft_of_new(made, row, step, columns)

    def _new(self, parent: Any, row: Row, step: Step) -> tuple[M, set[str]]:
        """The record that is made, with the columns that were given; whoever calls stores it."""
        assert row.outcome is not None  # noqa: S101 - a creation has one
        columns = row.outcome(parent, step)
        self._check_columns(row, columns)
        if row.targets and self.state_field:
            columns = {self.state_field: row.targets[0], **columns}
        names = {column.name for column in self.model._meta.concrete_fields}
        if "state_since" in names:
            columns.setdefault("state_since", step.at)
        return self.model(**columns), set(columns) - UNTOLD - {*row.untold}

    def _draft_of_new(self, made: M, row: Row, step: Step, columns: set[str]) -> audit.EntryDraft:
        return audit.EntryDraft(
            self.events[row.name],
            made,
            {},
            audit.snapshot(made, columns),
            step.note,
            self.root_of(made),
            row.named(made) if row.named is not None else "",
        )

    def _remove(self, obj: Any, row: Row, step: Step) -> tuple[M, audit.EntryDraft]:
        draft = self._draft_of_gone(obj, row, step)
        type(obj)._default_manager.filter(pk=obj.pk).delete()
        return obj, draft

    def _draft_of_gone(self, obj: Any, row: Row, step: Step) -> audit.EntryDraft:
        """What the entry keeps of a record that is taken away; what waits on its file follows."""
        name = row.named(obj) if row.named is not None else str(obj)
        step.touch(self.root_of(obj))
        return audit.EntryDraft(
            self.events[row.name], obj, audit.snapshot(obj), {}, step.note, self.root_of(obj), name
        )

    def _changes(self, obj: Any, row: Row, step: Step) -> dict[str, Any]:
        """The columns stored with the step: the state and since when, a counted version, the row's own."""
        changes = dict(row.outcome(obj, step)) if row.outcome is not None else {}
        self._check_columns(row, changes)
        old = self.state_of(obj)
        allowed = self.targets_of(row).get(old, (old,))
        usual = allowed[0] if len(allowed) == 1 else old
        new = str(changes.get(self.state_field, usual)) if old else ""
        if old and new not in allowed:
            raise ValueError(f"{self.code}.{row.name} leaves {new!r}, declared are {allowed}")
        names = {column.name for column in self.model._meta.concrete_fields}
        if new != old:
            changes[self.state_field] = new
            if "state_since" in names:
                changes["state_since"] = step.at
        if changes and "version" in names and self.counts_versions:
            changes["version"] = obj.version + 1
        return changes

    def _check_columns(self, row: Row, changes: dict[str, Any]) -> None:
        extra = set(changes) - {*row.stores, self.state_field, "state_since"}
        if extra:
            raise ValueError(f"{self.code}.{row.name} stores {sorted(extra)}, which it does not declare")

    def _told(self, obj: Any, row: Row, step: Step) -> list[dict[str, Any]]:
        """Who is told what, fixed now: a record that is gone when it is relayed still has its words."""
        if not row.tell:
            return []
        words = self.words(obj, row, step)
        told = []
        for to in row.tell:
            addresses = [address.as_json() for address in to.find(obj)]
            if addresses:
                barred = sorted({int(pk) for pk in to.but(obj) if pk}) if to.but else []
                told.append(
                    {
                        **({"but": barred} if barred else {}),
                        "to": addresses,
                        "text": fill(to.text or row.says, words),
                        "url": to.page(obj) if to.page else self.address(obj),
                        "mail": to.mail,
                        "sms": to.sms,
                    }
                )
        return told

    def words(self, obj: Any, row: Row, step: Step) -> dict[str, str]:
        """The row's words filled in: actor, subject, its file, note, the answers and the stored columns, of a period
        its first and last day."""
        actor = step.actor.full_name if step.actor else SYSTEM_LABEL
        if step.authority.on_behalf_of is not None:
            actor = f"{actor} از طرف {step.authority.on_behalf_of.full_name}"
        stored = column_words(obj, row.stores)
        asked = [ask.name for ask in row.asks if ask.kind != "secret" and ask.name in step.asked]
        answers = {name: word(step.asked[name]) for name in asked}
        own = {"actor": actor, "subject": str(obj), "note": step.note}
        said = row.words(obj, step) if row.words is not None else {}
        return {"file": str(self.root_of(obj)), **stored, **answers, **own, **said}

    def done(self, obj: Any, name: str, step: Step) -> str:
        """What the person reads after the step."""
        row = self.rows[name]
        return fill(row.done, self.words(obj, row, step)) if row.done else f"«{row.label}» انجام شد."


# --- the outermost end ----------------------------------------------------------------------------------------


@contextmanager
def whole(actor: User | None, at: datetime, *, savepoint: bool = True) -> Any:
    """Around a row, or around several that belong together: the outermost one's transaction ends with one settling of
    everything the rows inside touched. Without a ``savepoint`` what fails inside fails the row around it."""
    if _unsettled.get() is not None:
        with transaction.atomic(savepoint=savepoint):
            yield
        return
    token = _unsettled.set(_Unsettled())
    try:
        with transaction.atomic():
            yield
            waiting = _unsettled.get()
            if waiting is not None and waiting.records:
                work.settle(waiting.records, actor=actor, at=at)
    finally:
        _unsettled.reset(token)


def _remember(*records: models.Model) -> None:
    waiting = _unsettled.get()
    if waiting is not None:
        waiting.records.extend(records)


def settle_later(*records: models.Model, actor: User | None, at: datetime) -> None:
    """Settle the items of records that a write beside the rows has moved (a hold, a new holder of a part)."""
    if _unsettled.get() is not None:
        _remember(*records)
    else:
        work.settle(records, actor=actor, at=at)
