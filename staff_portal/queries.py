"""Reads of the roof: what the home page and the search show, gathered from the apps' registries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from persiantools import digits as persiantools_digits

from staff_portal.kernel import access, panels
from staff_portal.kernel.districtmap import DistrictFigure
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits

SOON = panels.SOON
LARGEST_IN_WORDS = 20
FIRST_SHOWN = 12


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


def urgency(tasks: list[panels.Task], on: date) -> str:
    """One sentence on the due days: what is overdue, else the nearest one."""
    due = [task.due_on for task in tasks if task.due_on is not None]
    overdue = sum(1 for day in due if day < on)
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


@dataclass(frozen=True)
class TaskGroup:
    """Waiting work of one urgency."""

    title: str
    tasks: list[panels.Task]


def by_urgency(tasks: Iterable[panels.Task], on: date) -> list[TaskGroup]:
    """Overdue, due within three days, due later, without a due day; empty groups are left out."""
    groups: dict[str, list[panels.Task]] = {
        "مهلت گذشته": [],
        "تا سه روز دیگر": [],
        "مهلت‌های بعدی": [],
        "بدون مهلت": [],
    }
    late, soon, later, free = groups.values()
    for task in tasks:
        if task.due_on is None:
            free.append(task)
        elif task.due_on < on:
            late.append(task)
        else:
            (soon if task.due_on <= on + SOON else later).append(task)
    return [TaskGroup(title, found) for title, found in groups.items() if found]


@dataclass(frozen=True)
class KindCount:
    """How many of one kind of work wait."""

    kind: str
    label: str
    count: int


def by_kind(tasks: Iterable[panels.Task]) -> list[KindCount]:
    """The kinds of waiting work, the most frequent first; kinds of the same name are one."""
    counts: dict[str, list[str]] = {}
    for task in tasks:
        counts.setdefault(panels.task_label(task.kind), []).append(task.kind)
    found = [KindCount(kinds[0], label, len(kinds)) for label, kinds in counts.items()]
    return sorted(found, key=lambda item: -item.count)


@dataclass(frozen=True)
class ChosenMap:
    """The map of the home page with the figures that could colour it."""

    figure: DistrictFigure
    code: str
    choices: list[panels.MapChoice]


def chosen_map(user: User, at: datetime, wanted: str) -> ChosenMap | None:
    """The map in the wanted figure, in the first one when there is no such; None when there is none at all.

    Only the shown figure is read.
    """
    choices = panels.maps(user, access.local_date(at))
    choice = next((item for item in choices if item.code == wanted), choices[0] if choices else None)
    figure = choice.provider(user, at) if choice else None
    return ChosenMap(figure, choice.code, choices) if choice and figure else None


def found_by(user: User, at: datetime, query: str, limit: int) -> list[dict[str, Any]]:
    """Results of the search by group, in the apps' order, as the kit draws them; «20+» where there may be more."""
    groups: dict[str, list[panels.SearchHit]] = {}
    for hit in panels.search(user, at, query, limit):
        groups.setdefault(hit.group, []).append(hit)
    return [
        {"title": title, "count": _count(len(hits), limit), "hits": hits} for title, hits in groups.items()
    ]


def _count(number: int, limit: int) -> str:
    return f"{number}+" if number >= limit else str(number)
