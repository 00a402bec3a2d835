"""The shared kit of a table's test: state × row × role against a table written by hand from the design.

Each cell is tried on a savepoint of one record in that state: every role that may is shown the step ready to be taken, before
anything is answered, really takes it, and the entry names that role; every other is refused with a sentence, the
attempt is kept once and no column has changed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail import events
from staff_portal.kernel.workflow.rows import Creation
from staff_portal.kernel.workflow.table import Table


@dataclass(frozen=True)
class Line:
    """One row as the design has it: who, from where, to where; ``also`` are roles that may by their check on this
    record only (its owner), ``system`` whether the beat takes it."""

    who: frozenset[str]
    sources: frozenset[str]
    targets: frozenset[str]
    also: frozenset[str] = frozenset()
    system: bool = False
    by_hand: bool = True


def line(
    who: Any, sources: Any, targets: Any, *, also: Any = (), system: bool = False, by_hand: bool = True
) -> Line:
    """A line from any collections."""
    return Line(frozenset(who), frozenset(sources), frozenset(targets), frozenset(also), system, by_hand)


@dataclass
class Trial:
    """What a cell needs: records by state, one person for each role, answers and the moment of each row."""

    record: Callable[[str], Any]
    people: dict[str, User]
    at: Callable[[str], datetime]
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


def assert_as_written(table: Table, written: dict[str, Line]) -> None:
    """The table holds these rows and no others, with these states and roles."""
    assert set(table.rows) == set(written)
    for name, row in table.rows.items():
        wanted = written[name]
        assert set(row.sources) == wanted.sources, name
        targets = {target for found in table.targets_of(row).values() for target in found} or set(row.targets)
        assert targets == wanted.targets, name
        if not wanted.also:
            assert set(row.by.roles) == wanted.who, name
        assert row.by.system == wanted.system, name
        assert row.is_by_hand == wanted.by_hand, name


Names = str | tuple[str, ...]
"""One row, or several that are tried on the same record, each on a savepoint of its own."""


def cells(table: Table, written: dict[str, Line], *, alone: Iterable[str] = ()) -> Iterator[Any]:
    """One parameter for each state (of a record without one: just one) with the rows that people take: all on one
    record, but those ``alone`` that need a record of their own."""
    states = [state for state, _ in table.states()] if table.state_field else [""]
    rows = [
        name for name, row in table.rows.items() if written[name].by_hand and not isinstance(row, Creation)
    ]
    together = tuple(name for name in rows if name not in set(alone))
    groups: list[Names] = [name for name in rows if name not in together]
    if together:
        groups.insert(0, together[0] if len(together) == 1 else together)
    for state in states:
        for group in groups:
            label = group if isinstance(group, str) else "all" if len(groups) == 1 else "others"
            yield pytest.param(state, group, id=f"{table.code}-{state}-{label}")


def try_cell(table: Table, written: dict[str, Line], state: str, names: Names, trial: Trial) -> None:
    """Every role on one record in one state, row by row."""
    record = trial.record(state)
    assert table.state_of(record) == state
    for name in (names,) if isinstance(names, str) else names:
        wanted, at, answers = written[name], trial.at(name), trial.answers.get(name, {})
        is_source = state in wanted.sources or not table.state_field
        allowed = (wanted.who | wanted.also) if is_source else frozenset()
        for role in Role.values:
            taken = role in allowed
            where = f"{name} as {role}"
            _try_role(table, record, name, trial.people[role], role, at, answers, wanted, where, taken=taken)


def _try_role(
    table: Table,
    record: Any,
    name: str,
    person: User,
    role: str,
    at: datetime,
    answers: dict[str, Any],
    wanted: Line,
    where: str,
    *,
    taken: bool,
) -> None:
    before = model_to_dict(record)
    refusals = AuditEntry.objects.filter(event=events.REFUSED.code)
    count = refusals.count()
    save = transaction.savepoint()
    if table.offers(table.rows[name]):
        shown = table.option(record, name, person, at)
        assert not taken or (shown is not None and shown.allowed), (where, shown)
    if taken:
        made = table.apply(record, name, actor=person, at=at, **answers)
        assert table.state_of(made) in (wanted.targets or {""}), where
        event = table.event_of(name).code
        entry = AuditEntry.objects.filter(event=event, subject_id=made.pk, actor=person).latest("id")
        assert entry.role == role, where
    else:
        with pytest.raises(Refusal) as refused:
            table.apply(record, name, actor=person, at=at, **answers)
        assert refused.value.sentences and all(refused.value.sentences), where
        if role not in wanted.who | wanted.also:
            assert isinstance(refused.value, NotPermitted), where
        assert refusals.count() == count + 1, where
        record.refresh_from_db()
        assert model_to_dict(record) == before, where
    transaction.savepoint_rollback(save)
    record.refresh_from_db()
