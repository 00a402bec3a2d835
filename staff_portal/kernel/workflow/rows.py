"""The rows of a table: every write of the system, said once in the words people read.

A :class:`Transition` changes the state, an :class:`Act` does not, a :class:`Creation` makes a record, a
:class:`Removal` takes one away. Button, greyed button with its reasons, form, confirm page, permission, lock, stored
columns, audit entry, notices, work items, diagram and the database's own guard come from the row.
"""

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db import models

from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import Authority, Permission, local_date
from staff_portal.kernel.trail import events
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.questions import Ask

Tone = Literal["main", "plain", "danger"]
Blockers = Callable[[Any, "Step"], Iterable[str]]
Outcome = Callable[[Any, "Step"], dict[str, Any]]
Effect = Callable[[Any, "Step"], dict[str, Any] | None]
Effects = Callable[[list[tuple[Any, "Step"]]], None]


@dataclass
class Step:
    """Who takes which step, when, by what authority and with which answers.

    Blockers, outcome and effect are given it; ``touched`` are the records besides the row's own whose work items the
    step moves, ``known`` what the blockers have read under the lock and what follows uses again, ``before`` what the
    entry keeps besides: parts as they were, what was in force where the record made takes its place.
    """

    actor: User | None
    at: datetime
    authority: Authority
    note: str = ""
    asked: dict[str, Any] = field(default_factory=dict)
    touched: list[models.Model] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return local_date(self.at)

    def touch(self, *records: models.Model) -> None:
        """Settle the work items of these records too, when the step is done."""
        self.touched.extend(records)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One of several items that a wait has on one record: ``key`` tells it apart, the rest is said of it alone."""

    key: str
    detail: str = ""
    but: tuple[int, ...] = ()
    opens: date | None = None
    ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Whose turn it is while a record stands in one of the row's source states: the row that ends the wait says so.

    ``key`` tells several waits of one row apart (two signatures); ``when`` says whether this record waits at all;
    ``due``, ``opens`` and ``ends`` are a column's name or a function of the record that gives a day: a wait reads
    no clock. ``but`` are the ids of those who must not (who registered it, who has scored it). ``turns`` gives the
    items one by one where there are as many as the record has parts, or stretches of time.
    ``title`` may name the record («{subject}», or what ``named`` calls it) and its file («{file}»). ``batch`` names many of the same in the inbox after their number: «پیش‌نویس از فهرست «سمن‌های منطقه»».
    """

    to: To
    kind: str
    title: str
    detail: str | Callable[[Any], str] = ""
    batch: str | Callable[[Any], str] = ""
    key: str = ""
    when: Callable[[Any], bool] | None = None
    due: str | Callable[[Any], date | None] = ""
    opens: str | Callable[[Any], date | None] = ""
    ends: str | Callable[[Any], date | None] = ""
    but: Callable[[Any], Iterable[int | None]] | None = None
    named: Callable[[Any], str] | None = None
    page: Callable[[Any], str] | None = None
    turns: Callable[[Any], Iterable[Turn]] | None = None
    rank: int = 50


@dataclass(frozen=True)
class Row:
    """One row; its kinds stand below. Everything a person reads of it stands here.

    ``sources`` are the states it may be taken in, ``targets`` those it may leave; ``stores`` the columns it may
    write besides the state. ``by`` is the permission, ``asks`` the questions, ``note`` the label of the note it
    wants (empty: none). ``blockers`` give a sentence for each thing that stands against it, ``outcome`` the columns
    to store, checked against ``targets`` and ``stores``; ``effect`` is what follows elsewhere and returns what the
    entry keeps besides, ``effects`` the same for all records that are taken together, ``then`` takes the rows that
    follow, after the entry. ``says`` completes «{actor} …» in the timeline, ``done`` is what the person reads after it:
    both, and the notices of ``tell``, may use ``{subject}``, ``{note}``, ``{actor}`` and answers and stored columns
    by name. ``follows`` rows are taken inside another row only, by its authority; a ``silent`` one of them leaves no entry of
    its own, for the sentence of the row it follows says it too; ``sweep`` gives the records that
    the beat takes the row on by itself. ``locks`` takes locks that come before the file's in the one written order.
    ``elsewhere`` is what a record in another state is told, where a sentence of its own says more.
    ``under_hold`` lets it pass while the record is stopped (X8); of one that ``edits`` the entry keeps only what
    differs, and none is left where nothing does; ``named`` is what the entry calls its subject, where
    that is not the record's own name. ``words`` are words of the row's own for its sentences, computed once the columns
    are stored; its «subject» and «note» stand in the entry too. ``untold`` columns are stored but not shown by the
    entry (a whole text whose fingerprint it keeps). ``about`` gives the facts that the step's page shows, ``about_on``
    those that depend on the day, ``brings`` a sentence for each thing that will come of it; ``leads`` is the address
    and the words of what came, beside the sentence of ``done``. The entry of a ``quiet`` row stands in the trail and in
    no timeline: the row it follows says it already. An ``unlocked`` creation reads nothing of its parent: the step that
    it follows holds the locks, and none comes behind them.
    """

    name: str
    _: KW_ONLY
    by: Permission
    label: str
    says: str
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    event: str = ""
    event_label: str = ""
    shade: str = "neutral"
    office: bool = False
    done: str = ""
    asks: tuple[Ask, ...] = ()
    note: str = ""
    blockers: Blockers | None = None
    outcome: Outcome | None = None
    effect: Effect | None = None
    effects: Effects | None = None
    then: Callable[[Any, "Step"], None] | None = None
    tell: tuple[To, ...] = ()
    waits: tuple[Waits, ...] = ()
    about: Callable[[Any], list[dict[str, Any]]] | None = None
    about_on: Callable[[Any, date], list[dict[str, Any]]] | None = None
    brings: Callable[[Any, date], Iterable[str]] | None = None
    leads: Callable[[Any], tuple[str, str] | None] | None = None
    confirm: str = ""
    tone: Tone = "plain"
    under_hold: bool = False
    elsewhere: str = ""
    edits: bool = False
    follows: bool = False
    silent: bool = False
    unlocked: bool = False
    page: str = ""
    sweep: Callable[[datetime], Iterable[Any]] | None = None
    locks: Callable[[Any], None] | None = None
    named: Callable[[Any], str] | None = None
    words: Callable[[Any, "Step"], dict[str, str]] | None = None
    untold: tuple[str, ...] = ()
    quiet: bool = False

    def __post_init__(self) -> None:
        for problem in self.problems():
            raise ValueError(f"row {self.name}: {problem}")

    def problems(self) -> Iterable[str]:
        """What is wrong with the row as it was written: found when the table is loaded, not when it is taken."""
        if not self.label.strip() or not self.says.strip():
            yield "a label and a sentence are wanted"
        names = [ask.name for ask in self.asks]
        if len(names) != len(set(names)) or {"note", "actor", "at"} & set(names):
            yield "questions need names of their own"
        if self.sweep is not None and not self.by.system:
            yield "a sweep needs a permission that the system has"
        if self.silent and (not self.follows or self.tell or self.event):
            yield "a silent row follows another one, whose entry says it and tells of it"
        if self.unlocked and not self.follows:
            yield "only what follows another row locks nothing itself"
        if len(self.targets) > 1 and self.outcome is None:
            yield "several targets need an outcome that chooses"
        if self.quiet and (self.tell or not self.follows):
            yield "only a row that follows another is quiet, and it tells nobody"

    @property
    def asks_first(self) -> bool:
        """Whether the step has a page before it is taken."""
        return bool(self.note or self.asks or self.confirm)

    @property
    def is_by_hand(self) -> bool:
        """Whether people take it: not one that only follows another, nor the system's own."""
        return not self.follows and bool(self.by.roles)

    @property
    def has_own_page(self) -> bool:
        """Whether its answers come from a page or a file of another kind than the form of its questions."""
        return any(ask.kind == "given" for ask in self.asks)


@dataclass(frozen=True)
class Transition(Row):
    """The state changes: from one of ``sources`` to one of ``targets``, which are declared."""

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        if not self.sources or not self.targets:
            yield "a transition names its sources and its targets"


@dataclass(frozen=True)
class Act(Row):
    """No state changes: each source is its own target."""

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        if self.targets and set(self.targets) != set(self.sources):
            yield "an act leaves the state as it is"


@dataclass(frozen=True)
class Creation(Row):
    """Makes a record: it is applied to the parent (None where there is none), ``targets`` is the first state.

    ``outcome`` gives the columns of the new record, ``effect`` is given the record made.
    """

    def problems(self) -> Iterable[str]:
        yield from super().problems()
        if self.sources or len(self.targets) > 1 or self.outcome is None:
            yield "a creation has an outcome, at most one target and no sources"


@dataclass(frozen=True)
class Removal(Row):
    """Takes a record away; the audit entry keeps all its columns."""


def event_of(row: Row, table_code: str) -> events.Event:
    """The event of a row, declared once under its code: rows of one table may share one; of a silent row none is."""
    code = row.event or f"{table_code}.{row.name}"
    if row.silent:
        return events.Event(code, row.label, row.says)
    known = events.EVENTS.get(code)
    if known is not None:
        return known
    return events.declare(
        code,
        row.event_label or row.label,
        row.says,
        tone=row.shade,
        notify=bool(row.tell),
        office=row.office,
        quiet=row.quiet,
    )
