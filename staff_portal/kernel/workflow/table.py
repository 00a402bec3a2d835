"""The table of one kind of record: its rows, and what every one of them needs to know of the model."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import QuerySet

from staff_portal.kernel.models import User
from staff_portal.kernel.trail.events import Event
from staff_portal.kernel.workflow.registry import MOVERS, TABLES
from staff_portal.kernel.workflow.rows import Row, Waits, event_of
from staff_portal.kernel.workflow.writing import Writing

M = TypeVar("M", bound=models.Model)


class Table(Writing[M], Generic[M]):
    """The rows of one model.

    ``within`` is the path to the file a part hangs on (locked first; its timeline shows the part's entries), or a
    function that names a file of any kind by its key: such a file is not locked, the rows read nothing of it.
    ``visible(user, on)`` the records a person may see, ``address`` the page of a record, ``do`` the name of the
    address at which its rows are taken, ``url_args`` what both are reversed with (default: the key). ``code`` heads
    the events of the rows, ``gone`` refuses a row on a record that was taken away meanwhile. ``reads`` are the
    relations a fresh read brings along, ``gathers`` adds to it what the waits ask of its parts. ``waits`` are for
    what is done within the record rather than with it (its parts made or decided): no row of its own ends them.
    ``moved_by`` names models of other kinds on which the waits depend (who is in the room), each with the function
    that finds this table's records from one of theirs: whatever row or hold moves such a record settles them too.
    ``rests`` are the states that may last though they can be left: nobody's turn (X7). A model without a state has
    ``state=""``: its rows are acts, creations and removals.
    """

    def __init__(
        self,
        model: type[M],
        *,
        code: str,
        title: str,
        rows: Iterable[Row],
        visible: Callable[[User, date], QuerySet[M]],
        address: Callable[[M], str],
        do: str = "",
        url_args: Callable[[M], list[Any]] | None = None,
        within: str | Callable[[M], models.Model] = "",
        state: str = "state",
        reads: Sequence[str] = (),
        gathers: Callable[[QuerySet[M]], QuerySet[M]] | None = None,
        waits: Iterable[Waits] = (),
        moved_by: Mapping[type[models.Model], Callable[[Any], Iterable[M]]] | None = None,
        rests: Iterable[str] = (),
        counts_versions: bool = False,
        gone: str = "این مورد دیگر در سامانه نیست؛ صفحه را تازه کنید.",
    ) -> None:
        self.model, self.code, self.title = model, code, title
        self.visible, self.address, self.do = visible, address, do
        self.url_args = url_args or (lambda obj: [obj.pk])
        self.within, self.state_field, self.reads = within, state, tuple(reads)
        self.gathers, self.waits = gathers, tuple(waits)
        self.rests = frozenset(str(item) for item in rests)
        self.counts_versions, self.gone = counts_versions, gone
        self.rows: dict[str, Row] = {}
        self.events: dict[str, Event] = {}
        for row in rows:
            self._add(row)
        self.has_waits = bool(self.waits) or any(row.waits for row in self.rows.values())
        if model._meta.label_lower in TABLES:
            raise ValueError(f"two tables for {model._meta.label_lower}")
        TABLES[model._meta.label_lower] = self
        for mover, find in (moved_by or {}).items():
            MOVERS.setdefault(mover._meta.label_lower, []).append(find)

    def _add(self, row: Row) -> None:
        if row.name in self.rows:
            raise ValueError(f"row given twice: {self.code}.{row.name}")
        columns = {column.name for column in self.model._meta.concrete_fields}
        unknown = [name for name in row.stores if name not in columns]
        if self.state_field:
            states = {value for value, _ in self.states()}
            unknown += [str(state) for state in (*row.sources, *row.targets) if state not in states]
        if unknown:
            raise ValueError(f"row {self.code}.{row.name} names what the model has not: {unknown}")
        self.rows[row.name] = row
        self.events[row.name] = event_of(row, self.code)
