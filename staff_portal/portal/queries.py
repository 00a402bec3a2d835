"""Reads of the roof: what the home page and the search show, gathered from the apps' registries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from persiantools import digits as persiantools_digits

from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.district_map import DistrictFigure
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.persian.search import sort_key

SOON = contributions.SOON
LARGEST_IN_WORDS = 20
FIRST_SHOWN = 12
MOST_APART = 4
"""As many of one kind stand one by one; more are one line that opens."""


def count_words(number: int) -> str:
    """A small number in words, «هفت»; a larger one in digits."""
    if number > LARGEST_IN_WORDS:
        return to_persian_digits(number)
    return str(persiantools_digits.to_word(number))


def greeting(user: User, waiting: int) -> str:
    """«سلام خانم احمدی؛ هفت کار منتظر شماست»."""
    if not waiting:
        return f"سلام {user.polite_name}؛ کاری منتظر شما نیست"
    return f"سلام {user.polite_name}؛ {count_words(waiting)} کار منتظر شماست"


def urgency(tasks: list[contributions.Task], on: date) -> str:
    """One sentence on the due days: what is overdue, else the nearest one."""
    due = [task.due_on for task in tasks if task.due_on is not None]
    overdue = contributions.count_of(task for task in tasks if urgency_of(task, on) == LATE)
    if overdue == 1:
        return "یکی از مهلت گذشته است؛ از همان آغاز کنید."
    if overdue:
        return f"{count_words(overdue)} کار از مهلت گذشته است؛ از همان‌ها آغاز کنید."
    if not due:
        return ""
    days = (min(due) - on).days
    if days == 0:
        return "نزدیک‌ترین مهلت امروز است."
    if days == 1:
        return "نزدیک‌ترین مهلت فرداست."
    return f"تا نزدیک‌ترین مهلت {count_words(days)} روز مانده است."


LATE, SHORTLY, LATER, FREE = "late", "soon", "later", "free"
URGENCIES = {
    LATE: "مهلت گذشته",
    SHORTLY: "تا سه روز دیگر",
    LATER: "مهلت‌های بعدی",
    FREE: "بدون مهلت",
}


def urgency_of(task: contributions.Task, on: date) -> str:
    """Overdue, due within three days, due later, or without a due day."""
    if task.due_on is None:
        return FREE
    if task.due_on < on:
        return LATE
    return SHORTLY if task.due_on <= on + SOON else LATER


@dataclass(frozen=True)
class Line:
    """One line of the inbox: a single task, or many of one kind that open; ``many`` counts all of them."""

    tasks: list[contributions.Task]
    title: str = ""

    @property
    def many(self) -> int:
        return contributions.count_of(self.tasks)

    @property
    def is_folded(self) -> bool:
        return bool(self.title)


@dataclass(frozen=True)
class TaskGroup:
    """Waiting work of one urgency, or from one sender."""

    title: str
    lines: list[Line]


SORTS = {"due": "مهلت", "since": "درازای انتظار", "sender": "فرستنده"}
NO_SENDER = "بدون فرستنده"


def grouped(
    tasks: Iterable[contributions.Task], on: date, sort: str = "due", *, fold: bool = True
) -> list[TaskGroup]:
    """The lines under headings: by urgency, by sender, or one list of what has waited longest; none is empty."""
    if sort == "since":
        ordered = sorted(tasks, key=lambda task: task.since.timestamp() if task.since else float("inf"))
        return [TaskGroup("", gathered(ordered, fold=fold))] if ordered else []
    groups: dict[str, list[contributions.Task]] = {}
    if sort == "sender":
        for task in sorted(tasks, key=lambda task: (not task.sender, sort_key(task.sender))):
            groups.setdefault(task.sender or NO_SENDER, []).append(task)
    else:
        groups = {title: [] for title in URGENCIES.values()}
        for task in tasks:
            groups[URGENCIES[urgency_of(task, on)]].append(task)
    return [TaskGroup(title, gathered(found, fold=fold)) for title, found in groups.items() if found]


def gathered(tasks: Iterable[contributions.Task], *, fold: bool = True) -> list[Line]:
    """Many of one kind and batch are one line where the first of them stood (D6); few stay apart."""
    batches: dict[tuple[str, str], list[contributions.Task]] = {}
    for task in tasks:
        batches.setdefault((task.kind, task.batch) if fold else (str(id(task)), ""), []).append(task)
    lines: list[Line] = []
    for found in batches.values():
        many = contributions.count_of(found)
        if fold and many > MOST_APART:
            name = found[0].batch or f"کار در «{contributions.task_label(found[0].kind)}»"
            lines.append(Line(found, f"{format_thousands(many)} {name}"))
        else:
            lines += [Line([task]) for task in found]
    return lines


def cut(groups: list[TaskGroup], most: int) -> tuple[list[TaskGroup], int]:
    """The first ``most`` lines with their headings, and how many records stand in the others."""
    shown: list[TaskGroup] = []
    hidden, left = 0, most
    for group in groups:
        if group.lines[:left]:
            shown.append(TaskGroup(group.title, group.lines[:left]))
        hidden += sum(line.many for line in group.lines[left:])
        left = max(0, left - len(group.lines))
    return shown, hidden


@dataclass(frozen=True)
class Choice:
    """One value of a filter with how much waits behind it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Narrowing:
    """What is shown of the inbox: a kind (by the name people read), a sender, an urgency; empty is everything."""

    kind: str = ""
    sender: str = ""
    urgency: str = ""

    def shows(self, task: contributions.Task, on: date, *, but: str = "") -> bool:
        """Whether the task is among them; ``but`` leaves one of the three out of account."""
        return (
            (but == "kind" or not self.kind or contributions.task_label(task.kind) == self.kind)
            and (but == "sender" or not self.sender or task.sender == self.sender)
            and (but == "urgency" or not self.urgency or urgency_of(task, on) == self.urgency)
        )


def narrowing(
    tasks: Iterable[contributions.Task], on: date, *, kind: str, sender: str, urgency: str
) -> Narrowing:
    """What was asked for, without what is not there."""
    known = list(tasks)
    labels = {task.kind: contributions.task_label(task.kind) for task in known}
    senders = {task.sender for task in known}
    return Narrowing(
        labels.get(kind, ""),
        sender if sender in senders else "",
        urgency if any(urgency_of(task, on) == urgency for task in known) else "",
    )


def by_kind(tasks: Iterable[contributions.Task]) -> list[Choice]:
    """The kinds of waiting work, the most frequent first; kinds of the same name are one."""
    return _counted(tasks, lambda task: (contributions.task_label(task.kind), task.kind))


def by_sender(tasks: Iterable[contributions.Task]) -> list[Choice]:
    """From whom work waits, the most frequent first."""
    return _counted((task for task in tasks if task.sender), lambda task: (task.sender, task.sender))


def by_urgency(tasks: Iterable[contributions.Task], on: date) -> list[Choice]:
    """How urgent the waiting work is, the most urgent first."""
    counts = dict.fromkeys(URGENCIES, 0)
    for task in tasks:
        counts[urgency_of(task, on)] += task.many
    return [Choice(code, URGENCIES[code], many) for code, many in counts.items() if many]


def _counted(
    tasks: Iterable[contributions.Task], named: Callable[[contributions.Task], tuple[str, str]]
) -> list[Choice]:
    values: dict[str, str] = {}
    counts: dict[str, int] = {}
    for task in tasks:
        label, value = named(task)
        values.setdefault(label, value)
        counts[label] = counts.get(label, 0) + task.many
    found = [Choice(values[label], label, many) for label, many in counts.items()]
    return sorted(found, key=lambda item: (-item.count, sort_key(item.label)))


@dataclass(frozen=True)
class ChosenMap:
    """The map of the home page with the figures that could colour it."""

    figure: DistrictFigure
    code: str
    choices: list[contributions.MapChoice]


def chosen_map(user: User, at: datetime, wanted: str) -> ChosenMap | None:
    """The map in the wanted figure, in the first one when there is no such; None when there is none at all.

    Only the shown figure is read.
    """
    choices = contributions.maps(user, access.local_date(at))
    choice = next((item for item in choices if item.code == wanted), choices[0] if choices else None)
    figure = choice.provider(user, at) if choice else None
    return ChosenMap(figure, choice.code, choices) if choice and figure else None


def found_by(user: User, at: datetime, query: str, limit: int) -> list[dict[str, Any]]:
    """Results of the search by group, in the apps' order, as the kit draws them; «20+» where there may be more."""
    groups: dict[str, list[contributions.SearchHit]] = {}
    for hit in contributions.search(user, at, query, limit):
        groups.setdefault(hit.group, []).append(hit)
    return [
        {"title": title, "count": _count(len(hits), limit), "hits": hits} for title, hits in groups.items()
    ]


def _count(number: int, limit: int) -> str:
    return f"{number}+" if number >= limit else str(number)
