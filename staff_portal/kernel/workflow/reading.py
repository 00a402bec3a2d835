"""What a table knows of its records: who may take which row now, and what stands against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse

from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.people.access import authorities, local_date
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail.events import Event
from staff_portal.kernel.workflow.rows import Act, Creation, Row, Step, Waits

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Option:
    """A row as one person sees it on one record now; ``reasons`` explain a greyed button."""

    row: Row
    allowed: bool
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def label(self) -> str:
        return self.row.label


class Reading(Generic[M]):
    """What a table knows of a record without writing: states, files, options, reasons."""

    model: type[M]
    code: str
    title: str
    rows: dict[str, Row]
    events: dict[str, Event]
    visible: Callable[[User, date], QuerySet[M]]
    address: Callable[[Any], str]
    do: str
    url_args: Callable[[Any], list[Any]]
    within: str | Callable[[Any], models.Model]
    state_field: str
    reads: tuple[str, ...]
    gathers: "Callable[[QuerySet[M]], QuerySet[M]] | None"
    waits: tuple[Waits, ...]
    counts_versions: bool
    gone: str
    has_waits: bool

    def states(self) -> list[tuple[Any, str]]:
        """The states with their labels, in the order of the model."""
        column: Any = self.model._meta.get_field(self.state_field)
        return list(column.flatchoices)

    def state_label(self, state: str) -> str:
        return str(dict(self.states()).get(state, state))

    def state_of(self, obj: Any) -> str:
        return str(getattr(obj, self.state_field)) if self.state_field else ""

    def stands_in(self, obj: Any, row: Row) -> bool:
        """Whether the record's state is one the row may be taken in."""
        return not isinstance(row, Creation) and (not row.sources or self.state_of(obj) in row.sources)

    def targets_of(self, row: Row) -> dict[str, tuple[str, ...]]:
        """For each source state of a row the states it may leave: an act leaves what it found."""
        if isinstance(row, Act):
            return {source: (source,) for source in row.sources}
        return dict.fromkeys(row.sources, row.targets)

    def root_of(self, obj: Any) -> models.Model:
        """The file in whose timeline the record's entries stand."""
        if callable(self.within):
            return self.within(obj)
        return _follow(obj, self.within) if self.within else obj

    def fresh(self, keys: Iterable[int]) -> QuerySet[M]:
        """The records as they are stored now, with what their work items name."""
        rows = self.model._default_manager.filter(pk__in=list(keys)).select_related(*self.reads)
        return self.gathers(rows) if self.gathers is not None else rows

    def waiting_keys(self) -> QuerySet[Any]:
        """The keys of records in a state in which some row waits; of all where the record itself may wait."""
        states = {state for row in self.rows.values() if row.waits for state in row.sources}
        rows = self.model._default_manager.all()
        if self.state_field and states and not self.waits:
            rows = rows.filter(**{f"{self.state_field}__in": states})
        return rows.order_by().values_list("pk", flat=True)

    def address_to(self, obj: Any, row: Row) -> str:
        """Where somebody goes to take the row: its own page, the page that asks, or the record."""
        if row.page:
            return reverse(row.page, args=self.url_args(obj))
        return self.step_url(obj, row.name) if row.asks_first and self.do else self.address(obj)

    def step_url(self, obj: Any, name: str) -> str:
        """The address at which the row is taken."""
        return reverse(self.do, args=[*self.url_args(obj), name])

    def event_of(self, name: str) -> Event:
        return self.events[name]

    def reasons(self, obj: Any, row: Row, step: Step, *, ask: bool = True) -> list[str]:
        """Every sentence that stands between the record (for a creation: the parent) and the row."""
        if not isinstance(row, Creation) and not self.stands_in(obj, row):
            return [row.elsewhere or _wrong_state(self.state_label(self.state_of(obj)))]
        found = [] if row.under_hold or obj is None else _holds(obj)
        if ask:
            found += self._unanswered(obj, row, step)
        if row.blockers is not None and not (ask and found):
            found += [str(sentence) for sentence in row.blockers(obj, step)]
        return found

    @staticmethod
    def _unanswered(obj: Any, row: Row, step: Step) -> list[str]:
        found = [
            ask.refusal(step.asked.get(ask.name), obj, step.on)
            for ask in row.asks
            if ask.concerns(step.authority.role)
        ]
        if row.note and not step.note.strip():
            found.append(f"«{row.note}» را بنویسید.")
        return [sentence for sentence in found if sentence]

    def options(self, obj: Any, actor: User, at: datetime) -> list[Option]:
        """The rows of the record's state that concern this person: allowed, or greyed with every reason.

        A row of other roles is not shown; one of the person's own role that something stands against is.
        """
        found = []
        for row in self.rows.values():
            if self.offers(row) and self.stands_in(obj, row):
                option = self.option(obj, row.name, actor, at)
                if option is not None:
                    found.append(option)
        return found

    @staticmethod
    def offers(row: Row) -> bool:
        """Whether the record's page offers it: what is given on a page of its own is offered by that page's address."""
        return row.is_by_hand and not isinstance(row, Creation) and bool(row.page or not row.has_own_page)

    def option(self, obj: Any, name: str, actor: User, at: datetime) -> Option | None:
        """One row as the person sees it, None when it is of other roles altogether."""
        row, on = self.rows[name], local_date(at)
        authority, reason = row.by.decide(actor, obj, on)
        if authority is not None:
            try:
                found = self.reasons(obj, row, Step(actor, at, authority), ask=False)
            except NotPermitted as refusal:  # another person's: a member takes only the own steps
                found = list(refusal.sentences)
            return Option(row, not found, tuple(found))
        if any(held.role in row.by.roles for held in authorities(actor, on)):
            return Option(row, False, (reason,))
        return None


def _holds(obj: Any) -> list[str]:
    held = getattr(obj, "_open_holds", None)
    if held is None:
        rows = Hold.objects.filter(
            Q(subject_type=audit.type_label(obj), subject_id=obj.pk, lifted_at__isnull=True)
        )
        held = list(rows.values_list("reason", flat=True))
    return [f"این پرونده متوقف است: {reason}" for reason in held]


def _wrong_state(label: str) -> str:
    return f"وضعیت کنونی «{label}» است و این کار در آن انجام نمی‌شود."


def _follow(obj: Any, path: str) -> Any:
    for name in path.split("."):
        obj = getattr(obj, name)
    return obj
