"""One table of transitions for every state field.

A row says who may take the step, from where to where, what it needs and what follows. Buttons, permissions,
audit lines, notices, diagrams and tests all come from the same row; :meth:`Workflow.apply` is the only way
to change a state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import DatabaseError, IntegrityError, models, transaction

from staff_portal.kernel import audit, constraints, events
from staff_portal.kernel.access import Permission, local_date
from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.workflow.rows import Step


@dataclass(frozen=True)
class Ask:
    """Something a transition asks for besides the note; the form and the check are made from it."""

    name: str
    label: str
    kind: Literal["text", "date", "choice", "choices", "integer"] = "text"
    required: bool = True
    help: str = ""
    choices: Callable[[Any], Iterable[tuple[Any, str]]] | None = None


Blockers = Callable[[Any, Step], Iterable[str]]
Effect = Callable[[Any, Step], dict[str, Any] | None]
Changes = Callable[[Any, Step], dict[str, Any]]


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    ``target`` None keeps the state (an act within it, decided by the effect). ``changes`` gives the columns
    that are stored with the new state in one statement; ``effect`` is what follows in other records and
    returns what the audit entry keeps of it.
    """

    name: str
    sources: tuple[str, ...]
    target: str | None
    permission: Permission
    event: events.Event
    label: str
    needs_note: bool = False
    note_label: str = "توضیح"
    asks: tuple[Ask, ...] = ()
    blockers: Blockers | None = None
    changes: Changes | None = None
    effect: Effect | None = None
    tone: Literal["main", "plain", "danger"] = "plain"
    confirm: str = ""
    ignores_holds: bool = False
    system_only: bool = False


@dataclass(frozen=True)
class Option:
    """A transition as one person sees it on one record now; ``reasons`` explain a greyed button."""

    transition: Transition
    allowed: bool
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.transition.name

    @property
    def label(self) -> str:
        return self.transition.label

    @property
    def tone(self) -> str:
        return self.transition.tone


__all__ = ["WORKFLOWS", "Ask", "Option", "Step", "Transition", "Workflow", "workflow_for"]

WORKFLOWS: dict[tuple[str, str], "Workflow"] = {}


class Workflow:
    """The transitions of one state field of one model."""

    def __init__(
        self,
        model: type[models.Model],
        *,
        title: str,
        transitions: Iterable[Transition],
        state_field: str = "state",
        root: Callable[[Any], models.Model] | None = None,
        counts_versions: bool = False,
        locks_root: bool = False,
    ) -> None:
        self.model = model
        self.counts_versions = counts_versions
        self.locks_root = locks_root
        self.title = title
        self.state_field = state_field
        self.root = root or (lambda obj: obj)
        self.transitions = {row.name: row for row in transitions}
        WORKFLOWS[(model._meta.label_lower, state_field)] = self

    def state_label(self, state: str) -> str:
        field: Any = self.model._meta.get_field(self.state_field)
        return str(dict(field.flatchoices).get(state, state))

    # --- reading -------------------------------------------------------------------------------------

    def reasons(self, obj: Any, row: Transition, step: Step, *, ask: bool = True) -> list[str]:
        """Every sentence that stands between ``obj`` and the step, permission aside."""
        state = getattr(obj, self.state_field)
        if state not in row.sources:
            return [f"وضعیت کنونی «{self.state_label(state)}» است و این کار در آن انجام نمی‌شود."]
        found = [] if row.ignores_holds else self._holds(obj)
        if row.blockers is not None:
            found += [str(sentence) for sentence in row.blockers(obj, step)]
        if ask and row.needs_note and not step.note.strip():
            found.append(f"«{row.note_label}» را بنویسید.")
        if ask:
            found += [f"«{item.label}» را وارد کنید." for item in row.asks if _is_missing(item, step.asked)]
        return found

    def _holds(self, obj: Any) -> list[str]:
        held = getattr(obj, "_open_holds", None)
        if held is None:
            held = list(
                Hold.objects.filter(
                    subject_type=audit.type_label(obj), subject_id=obj.pk, lifted_at__isnull=True
                ).values_list("reason", flat=True)
            )
        return [f"این پرونده متوقف است: {reason}" for reason in held]

    def options(self, obj: Any, actor: User, at: datetime) -> list[Option]:
        """The steps from the record's state that concern this person: allowed, or greyed with reasons.

        A step of other roles is not shown at all; a step of the person's own role that something stands
        against is shown with every sentence.
        """
        on = local_date(at)
        state = getattr(obj, self.state_field)
        result = []
        for row in self.transitions.values():
            if row.system_only or state not in row.sources:
                continue
            authority, reason = row.permission.decide(actor, obj, on)
            if authority is not None:
                found = self.reasons(obj, row, Step(actor, at, authority), ask=False)
                result.append(Option(row, not found, tuple(found)))
            elif self._is_own_role(row, actor, on):
                result.append(Option(row, False, (reason,)))
        return result

    @staticmethod
    def _is_own_role(row: Transition, actor: User, on: Any) -> bool:
        from staff_portal.kernel.access import authorities

        return any(a.role in row.permission.roles for a in authorities(actor, on))

    # --- writing -------------------------------------------------------------------------------------

    def apply(
        self, obj: Any, name: str, *, actor: User | None, at: datetime, note: str = "", **asked: Any
    ) -> Any:
        """Take the step, or raise a :class:`Refusal` whose sentences say what stands against it.

        Locks the row, then checks permission, state, holds, blockers and note, saves, runs the effect and
        writes the audit entry, all in one transaction; a refusal is recorded after it was rolled back.
        """
        row = self.transitions[name]
        try:
            with transaction.atomic():
                return self._apply(obj, row, actor, at, note, asked)
        except Refusal as refusal:
            self._record_refusal(obj, row, actor, at, refusal.sentence)
            raise
        except IntegrityError as error:
            sentence = constraints.sentence_for(error)
            self._record_refusal(obj, row, actor, at, sentence)
            raise TransitionRefused(sentence) from error

    def _apply(
        self, obj: Any, row: Transition, actor: User | None, at: datetime, note: str, asked: dict[str, Any]
    ) -> Any:
        locked = self._lock(obj)
        authority, why_not = row.permission.decide(actor, locked, local_date(at))
        if authority is None or (row.system_only and actor is not None):
            raise NotPermitted(why_not or "این کار را تنها سامانه انجام می‌دهد.")
        step = Step(actor, at, authority, note, asked)
        found = self.reasons(locked, row, step)
        if found:
            raise TransitionRefused(*found)
        changes = self._changes(locked, row, step)
        told = [name for name in changes if name not in {"state_since", "version"}]
        before = audit.snapshot(locked, [self.state_field, *told])
        if changes:
            for name, value in changes.items():
                setattr(locked, name, value)
            locked.save(update_fields=list(changes))
        extra = row.effect(locked, step) if row.effect is not None else None
        after = {**audit.snapshot(locked, [self.state_field, *told]), **audit.plain(extra or {})}
        audit.record(
            row.event,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            after=after,
            note=note,
            root=self.root(locked),
        )
        return locked

    def _lock(self, obj: Any) -> Any:
        """Lock the row; where the workflow says so its file first: every step locks downwards, in one order."""
        if self.locks_root:
            root = self.root(obj)
            type(root)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=root.pk)
        return self.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)

    def _changes(self, obj: Any, row: Transition, step: Step) -> dict[str, Any]:
        """The columns to store with the step: the state and since when, a counted version, the row's own."""
        changes = row.changes(obj, step) if row.changes is not None else {}
        if row.target is not None:
            changes = {self.state_field: row.target, **changes}
            if hasattr(obj, "state_since"):
                changes["state_since"] = step.at
            if hasattr(obj, "version") and self.counts_versions:
                changes["version"] = obj.version + 1
        return changes

    def _record_refusal(
        self, obj: Any, row: Transition, actor: User | None, at: datetime, sentence: str
    ) -> None:
        """Keep the refused attempt for the auditor, in a transaction of its own."""
        try:
            with transaction.atomic():
                audit.record(
                    events.REFUSED,
                    obj,
                    actor=actor,
                    at=at,
                    after={"transition": row.name, "reason": sentence},
                    note=row.label,
                    root=self.root(obj),
                )
        except DatabaseError:  # the caller's own transaction is already broken: the refusal itself counts
            return


def _is_missing(item: Ask, asked: dict[str, Any]) -> bool:
    return item.required and asked.get(item.name) in (None, "", [], ())


def workflow_for(obj: models.Model, state_field: str = "state") -> Workflow:
    """The registered workflow of a record."""
    return WORKFLOWS[(obj._meta.label_lower, state_field)]
