"""The cells of a workflow's table: every role in a state, refused and let through, each on a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.workflow import Workflow
from tests.factories.people import NOW


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Cell:
    """One step from one state: ``may`` are the roles the design lets take it, ``allowed`` those that may from here."""

    workflow: Workflow
    name: str
    state: str
    may: frozenset[str]
    allowed: frozenset[str]
    target: str
    asked: Mapping[str, Any] = field(default_factory=dict)

    def try_everybody(self, people: Mapping[str, Any], record: Any) -> None:
        """Whoever may not is refused, kept and changes nothing; each one who may does it from the same beginning."""
        for role, person in people.items():
            if role in self.allowed:
                with undone():
                    self._is_taken(role, record, person)
                record.refresh_from_db()
            else:
                self._is_refused(role, record, person)

    def _apply(self, record: Any, actor: Any) -> Any:
        return self.workflow.apply(record, self.name, actor=actor, at=NOW, **self.asked)

    def _is_refused(self, role: str, record: Any, actor: Any) -> None:
        refusals = AuditEntry.objects.filter(event="kernel.refused")
        kept, before = refusals.count(), columns(record)
        with pytest.raises(Refusal) as refused:
            self._apply(record, actor)
        assert refused.value.sentences and all(refused.value.sentences), role
        assert refused.value.sentence.endswith("."), role
        if role not in self.may:
            assert isinstance(refused.value, NotPermitted), role
        assert refusals.count() == kept + 1, role
        assert columns(record) == before, role
        assert before["state"] == self.state

    def _is_taken(self, role: str, record: Any, actor: Any) -> None:
        last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        done = self._apply(record, actor)
        assert done.state == columns(record)["state"] == self.target, role
        event = self.workflow.transitions[self.name].event.code
        entry = AuditEntry.objects.get(pk__gt=last, event=event, subject_id=record.pk)
        assert (entry.actor, entry.role) == (actor, role)
        assert entry.before.get("state", self.state) == self.state, role
        assert entry.after.get("state", self.target) == self.target, role


def columns(record: Any) -> dict[str, Any]:
    """The record as the database has it."""
    found: dict[str, Any] = type(record)._base_manager.filter(pk=record.pk).values().get()
    return found
