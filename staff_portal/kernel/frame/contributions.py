"""Registries through which an app puts something on a page that stands above or below it.

Navigation items, search results, figures, maps and first steps are given by the apps
that own them; the frame and the home page ask here and know none of the apps.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse

from staff_portal.kernel.frame.district_map import DistrictFigure
from staff_portal.kernel.models import Notification, User
from staff_portal.kernel.pages.desk import SOON, Task, count_of, tasks_for
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.audience import Reach, reach_of

__all__ = ["SOON", "Task", "count_of"]


@dataclass(frozen=True)
class NavItem:
    """One entry of the rail: shown to ``roles``; ``task_kind`` names the work whose count it carries.

    ``also`` are the beginnings of addresses that belong to the entry though they do not stand below its own. Where a
    role alone does not open the page, ``when`` says for whom it is open that day.
    """

    section: str
    label: str
    url_name: str
    roles: frozenset[str]
    order: int = 100
    task_kind: str = ""
    also: tuple[str, ...] = ()
    when: "When | None" = None


@dataclass(frozen=True)
class NavEntry:
    """One line of a person's rail; ``current`` marks the page that is open."""

    label: str
    url: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True)
class NavSection:
    """A titled part of a person's rail."""

    title: str
    entries: tuple[NavEntry, ...]


@dataclass(frozen=True)
class SearchHit:
    """One result of the search over everything a person may see."""

    group: str
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Figure:
    """One number on the home page, with where it leads."""

    label: str
    value: int
    detail: str = ""
    url: str = ""
    order: int = 100


@dataclass(frozen=True)
class Action:
    """Something a person often begins from the home page; ``hint`` suggests it when nothing waits."""

    label: str
    url_name: str
    roles: frozenset[str]
    icon: str = "plus"
    hint: str = ""
    is_main: bool = False
    order: int = 100
    when: "When | None" = None


When = Callable[[User, date], bool]
SearchProvider = Callable[[User, datetime, str, int], Iterable[SearchHit]]
FigureProvider = Callable[[User, datetime], Iterable[Figure]]
MapProvider = Callable[[User, datetime], DistrictFigure | None]


@dataclass(frozen=True)
class MapChoice:
    """One way to colour the map of the 22 districts: ``roles`` may choose it, an empty set means everybody."""

    code: str
    label: str
    provider: MapProvider
    roles: frozenset[str]
    order: int = 100


@dataclass
class _Registry:
    nav: list[NavItem] = field(default_factory=list)
    search: list[SearchProvider] = field(default_factory=list)
    figures: list[FigureProvider] = field(default_factory=list)
    maps: list[MapChoice] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    task_labels: dict[str, str] = field(default_factory=dict)


REGISTRY = _Registry()
UNREAD = ""
"""Stands for the notices among the kinds of work in the frame's one statement."""
SECTIONS = ("", "سمن‌ها", "کمیته مشترک", "تسهیلات رفاهی", "مناطق", "نظارت و گزارش", "راهبری سامانه")


def add_nav(
    section: str,
    label: str,
    url_name: str,
    roles: Iterable[str],
    *,
    order: int = 100,
    task_kind: str = "",
    also: tuple[str, ...] = (),
    when: When | None = None,
) -> None:
    """Add one entry of the rail."""
    REGISTRY.nav.append(NavItem(section, label, url_name, frozenset(roles), order, task_kind, also, when))


def add_action(
    label: str,
    url_name: str,
    roles: Iterable[str],
    *,
    icon: str = "plus",
    hint: str = "",
    main: bool = False,
    order: int = 100,
    when: When | None = None,
) -> None:
    """Offer a first step on the home page to ``roles``; ``hint`` is a sentence for the empty inbox."""
    REGISTRY.actions.append(Action(label, url_name, frozenset(roles), icon, hint, main, order, when))


def add_map(
    code: str, label: str, provider: MapProvider, *, roles: Iterable[str] = (), order: int = 100
) -> None:
    """Offer a figure that may colour the home page's map (``?map=code``).

    The provider is asked only when its figure is chosen; it returns None when it has nothing for the person.
    """
    if any(choice.code == code for choice in REGISTRY.maps):
        raise ValueError(f"map figure given twice: {code}")
    REGISTRY.maps.append(MapChoice(code, label, provider, frozenset(roles), order))


def label_tasks(kind: str, label: str) -> None:
    """Name a kind of waiting work for the home page's chips; without a name the rail's entry is used."""
    REGISTRY.task_labels[kind] = label


def task_label(kind: str) -> str:
    """What a kind of work is called: its own name, else that of its entry in the rail."""
    rail = (item.label for item in REGISTRY.nav if item.task_kind == kind)
    return REGISTRY.task_labels.get(kind) or next(rail, "کارهای دیگر")


def actions(user: User, on: date) -> list[Action]:
    """The first steps open to the person, the main one last as the buttons are drawn."""
    roles = access.roles_of(user, on)
    mine = [action for action in REGISTRY.actions if _is_open(action, roles, user, on)]
    return sorted(mine, key=lambda action: (action.is_main, action.order))


def _is_open(entry: NavItem | Action, roles: set[str], user: User, on: date) -> bool:
    if entry.roles and not entry.roles & roles:
        return False
    return entry.when is None or entry.when(user, on)


def maps(user: User, on: date) -> list[MapChoice]:
    """The figures that may colour the map for the person, the first one being the default."""
    roles = access.roles_of(user, on)
    mine = [choice for choice in REGISTRY.maps if not choice.roles or choice.roles & roles]
    return sorted(mine, key=lambda choice: choice.order)


@dataclass
class Frame:
    """What every page's frame counts: how much of each kind waits, and the unread notices."""

    waiting: dict[str, int]
    unread: int

    @property
    def total(self) -> int:
        return sum(self.waiting.values())


def frame(user: User, at: datetime, request: HttpRequest) -> Frame:
    """The numbers of the frame; from the inbox itself on a page that reads it anyway."""
    if hasattr(request, "_inbox"):
        counts: dict[str, int] = {}
        for task in request._inbox:
            counts[task.kind] = counts.get(task.kind, 0) + task.many
        return Frame(counts, unread(request))
    with connection.cursor() as cursor:
        cursor.execute(*_counting(reach_of(user, access.local_date(at))))
        counts = dict(cursor.fetchall())
    unread_many = counts.pop(UNREAD, 0)
    return Frame(counts, unread_many)


@lru_cache(maxsize=1024)
def _counting(reach: Reach) -> tuple[str, tuple[Any, ...]]:
    """The frame's one statement, put together once for a person and day: every page asks it."""
    kinds = work.open_to(reach).order_by().values_list("kind").annotate(Count("pk"))
    news = Notification.objects.filter(recipient=reach.user_id, read_at__isnull=True).order_by()
    named = news.values_list(Value(UNREAD, output_field=CharField())).annotate(Count("pk"))
    sql, params = kinds.union(named, all=True).query.sql_with_params()
    return sql, params


def unread_of(user: User) -> QuerySet[Notification]:
    """The notices the person has not read."""
    return Notification.objects.filter(recipient=user, read_at__isnull=True)


def inbox(user: User, at: datetime, request: HttpRequest | None = None) -> list[Task]:
    """All work that waits for the person, most urgent first. Read once for a request."""
    if request is not None and hasattr(request, "_inbox"):
        return list(request._inbox)
    tasks = tasks_for(user, access.local_date(at))
    tasks.sort(key=lambda task: (task.due_on or date.max, task.rank, task.since or at))
    if request is not None:
        request._inbox = tasks  # type: ignore[attr-defined]
        request._unread = unread_of(user).count()  # type: ignore[attr-defined]
    return tasks


def unread(request: HttpRequest) -> int:
    """How many notices the person has not read; known once the inbox of the request was read."""
    return int(getattr(request, "_unread", 0))


def search(user: User, at: datetime, query: str, limit: int = 8) -> list[SearchHit]:
    """What the person may see and ``query`` finds, in the apps' order."""
    if not search_fold(query):  # signs alone would find everything
        return []
    return [hit for provider in REGISTRY.search for hit in provider(user, at, query, limit)]


def figures(user: User, at: datetime) -> list[Figure]:
    """The figures of the person's home page."""
    found = [figure for provider in REGISTRY.figures for figure in provider(user, at)]
    return sorted(found, key=lambda figure: figure.order)


def navigation(user: User, on: date, path: str, counts: dict[str, int]) -> tuple[NavSection, ...]:
    """The rail for one person: sections with items that carry the number of waiting tasks."""
    roles = access.roles_of(user, on)
    items = [item for item in _in_order(tuple(REGISTRY.nav)) if _is_open(item, roles, user, on)]
    best, reach = "", 0
    for item in items:
        url = reverse(item.url_name)
        for beginning in (url, *item.also):
            if path.startswith(beginning) and len(beginning) > reach and (beginning != "/" or path == "/"):
                best, reach = url, len(beginning)
    sections: dict[str, list[NavEntry]] = {title: [] for title in SECTIONS}
    for item in items:
        url = reverse(item.url_name)
        count = sum(counts.values()) if item.task_kind == "*" else counts.get(item.task_kind, 0)
        sections[item.section].append(NavEntry(item.label, url, count, url == best))
    return tuple(NavSection(title, tuple(entries)) for title, entries in sections.items() if entries)


@lru_cache(maxsize=8)
def _in_order(items: tuple[NavItem, ...]) -> tuple[NavItem, ...]:
    return tuple(sorted(items, key=lambda item: item.order))
