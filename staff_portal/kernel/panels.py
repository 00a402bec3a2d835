"""Registries through which an app puts something on a page that stands above or below it.

Navigation items, work waiting in the inbox, search results, figures, maps and first steps are given by the apps
that own them; the frame and the home page ask here and know none of the apps.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    F,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Now
from django.http import HttpRequest
from django.urls import reverse

from staff_portal.kernel import access, settings_store
from staff_portal.kernel.clocks import WorkCalendar
from staff_portal.kernel.districtmap import DistrictFigure
from staff_portal.kernel.models import DatedSetting, District, Holiday, Notification, User, WorkItem
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.settings_store import SettingKey
from staff_portal.kernel.workflow import work


@dataclass(frozen=True)
class NavItem:
    """One entry of the rail: shown to ``roles``; ``task_kind`` names the work whose count it carries.

    ``also`` are the beginnings of addresses that belong to the entry though they do not stand below its own.
    """

    section: str
    label: str
    url_name: str
    roles: frozenset[str]
    order: int = 100
    task_kind: str = ""
    also: tuple[str, ...] = ()


CALENDAR = "calendar"
CALENDAR_SPAN = timedelta(days=400)
SOON = timedelta(days=3)
"""A task due within this is urgent, wherever it is shown."""


@dataclass(frozen=True)
class Task:
    """Something that waits for a person: what, where, and until when."""

    kind: str
    title: str
    detail: str
    url: str
    due_on: date | None = None
    since: datetime | None = None
    rank: int = 50
    sender: str = ""


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


@dataclass(frozen=True)
class WorkRow:
    """One row of the inbox's statement: which part it is of, the record, its name, since when, what else the part
    gave, and the working calendar for its clock (K5)."""

    part: str
    pk: int
    name: str
    since: datetime
    extra: dict[str, Any]
    calendar: WorkCalendar

    def deadline(self, start: date | None, days: Any) -> date | None:
        """The last day of a clock of so many working days that began on ``start``; None when it has not begun."""
        return None if start is None or days is None else self.calendar.add(start, int(days))

    def day(self, name: str) -> date | None:
        """A day among what the part gave, None when there is none."""
        value = self.extra.get(name)
        return date.fromisoformat(value[:10]) if value else None


WorkParts = Callable[[User, datetime], Iterable[QuerySet[Any]]]
WorkTask = Callable[[WorkRow, date], Task | None]
InboxProvider = Callable[[User, datetime], Iterable[Task]]
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
    inbox: list[InboxProvider] = field(default_factory=list)
    work: dict[str, tuple[WorkParts, WorkTask]] = field(default_factory=dict)
    search: list[SearchProvider] = field(default_factory=list)
    figures: list[FigureProvider] = field(default_factory=list)
    maps: list[MapChoice] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    task_labels: dict[str, str] = field(default_factory=dict)


REGISTRY = _Registry()
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
) -> None:
    """Add one entry of the rail."""
    REGISTRY.nav.append(NavItem(section, label, url_name, frozenset(roles), order, task_kind, also))


def add_action(
    label: str,
    url_name: str,
    roles: Iterable[str],
    *,
    icon: str = "plus",
    hint: str = "",
    main: bool = False,
    order: int = 100,
) -> None:
    """Offer a first step on the home page to ``roles``; ``hint`` is a sentence for the empty inbox."""
    REGISTRY.actions.append(Action(label, url_name, frozenset(roles), icon, hint, main, order))


def add_map(
    code: str, label: str, provider: MapProvider, *, roles: Iterable[str] = (), order: int = 100
) -> None:
    """Offer a figure that may colour the home page's map (``?map=code``).

    The provider is asked only when its figure is chosen; it returns None when it has nothing for the person.
    """
    if any(choice.code == code for choice in REGISTRY.maps):
        raise ValueError(f"map figure given twice: {code}")
    REGISTRY.maps.append(MapChoice(code, label, provider, frozenset(roles), order))


def add_work(code: str, parts: WorkParts, task: WorkTask) -> None:
    """Put an app's waiting work into the inbox: every part of every app is read in one statement.

    ``parts(user, at)`` gives querysets made by :func:`work_part`, none for people whom the app does not concern;
    ``task(row, on)`` makes a row readable, or None when it does not count after all.
    """
    if code in REGISTRY.work or ":" in code:
        raise ValueError(f"work given twice or with a colon: {code}")
    REGISTRY.work[code] = (parts, task)


def work_part(
    code: str, part: str, rows: QuerySet[Any], *, pk: Any = "pk", name: Any, since: Any, **extra: Any
) -> QuerySet[Any]:
    """One part of the inbox's statement: ``rows`` with the columns that all parts share.

    ``name``, ``since`` and ``extra`` are names of columns or expressions; ``rows`` may be ordered and cut before.
    """
    return rows.values_list(
        Value(f"{code}:{part}", output_field=CharField()),
        Cast(_column(pk), BigIntegerField()),
        Cast(_column(name), CharField()),
        Cast(_column(since), DateTimeField()),
        JSONObject(**{key: _column(value) for key, value in extra.items()}),
    )


def setting_value(key: SettingKey, on: date | OuterRef) -> Any:
    """A setting in force on a day (or on that of a column) as an expression for a part of the inbox's statement."""
    found = DatedSetting.objects.filter(key=key.code, effective_on__lte=on).order_by("-effective_on", "-id")
    return Coalesce(Subquery(found.values("value")[:1]), Cast(Value(json.dumps(key.default)), JSONField()))


def _around_part(user: User, on: date) -> QuerySet[Any]:
    """The working calendar around a day and the unread notices as one more row of the statement."""
    near = Holiday.objects.filter(day__gte=on - CALENDAR_SPAN, day__lte=on + CALENDAR_SPAN)
    one = District.objects.filter(pk=1)  # a row that is always there
    unread = (
        Notification.objects.filter(recipient=user, read_at__isnull=True)
        .order_by()
        .values("recipient")
        .annotate(many=Count("id"))
    )
    return work_part(
        CALENDAR,
        "",
        one,
        name=Value(""),
        since=Now(),
        thursday_off=setting_value(settings_store.THURSDAY_OFF, on),
        holidays=ArraySubquery(near.values("day")),
        unread=Subquery(unread.values("many")),
    )


def _column(value: Any) -> Any:
    return F(value) if isinstance(value, str) else value


def waiting(user: User, at: datetime, *codes: str, facts: dict[str, Any] | None = None) -> Iterable[Task]:
    """The waiting work of every app, or of those named, in one statement.

    ``facts`` takes what else the statement tells for the frame: ``unread``, the number of unread notices.
    """
    wanted = codes or tuple(REGISTRY.work)
    found = [part for code in wanted for part in REGISTRY.work[code][0](user, at)]
    if not found:
        return
    on = access.local_date(at)
    rows = list(_around_part(user, on).union(*found, all=True))
    around = next(extra for label, _, _, _, extra in rows if label == f"{CALENDAR}:")
    if facts is not None:
        facts["unread"] = around["unread"]
    calendar = WorkCalendar(
        [date.fromisoformat(day) for day in around["holidays"]], thursday_off=bool(around["thursday_off"])
    )
    for label, pk, name, since, extra in rows:
        code, part = label.split(":", 1)
        if code == CALENDAR:
            continue
        task = REGISTRY.work[code][1](WorkRow(part, pk, name, since, extra, calendar), on)
        if task is not None:
            yield task


def task_of(item: WorkItem) -> Task:
    """A stored work item as a line of the inbox."""
    return Task(
        item.kind,
        to_persian_text(item.title),
        to_persian_text(item.detail),
        item.url,
        due_on=item.due_on,
        since=item.since,
        rank=item.rank,
        sender=item.sent_by.full_name if item.sent_by else "",
    )


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
    mine = [action for action in REGISTRY.actions if not action.roles or action.roles & roles]
    return sorted(mine, key=lambda action: (action.is_main, action.order))


def maps(user: User, on: date) -> list[MapChoice]:
    """The figures that may colour the map for the person, the first one being the default."""
    roles = access.roles_of(user, on)
    mine = [choice for choice in REGISTRY.maps if not choice.roles or choice.roles & roles]
    return sorted(mine, key=lambda choice: choice.order)


def inbox(user: User, at: datetime, request: HttpRequest | None = None) -> list[Task]:
    """All work that waits for the person, most urgent first. Read once for a request."""
    if request is not None and hasattr(request, "_inbox"):
        return list(request._inbox)
    facts: dict[str, Any] = {}
    tasks = [
        *(task_of(item) for item in work.open_items(user, access.local_date(at)).select_related("sent_by")),
        *waiting(user, at, facts=facts),
        *(task for provider in REGISTRY.inbox for task in provider(user, at)),
    ]
    tasks.sort(key=lambda task: (task.due_on or date.max, task.rank, task.since or at))
    if request is not None:
        request._inbox = tasks  # type: ignore[attr-defined]
        if "unread" not in facts:
            facts["unread"] = Notification.objects.filter(recipient=user, read_at__isnull=True).count()
        request._unread = facts["unread"] or 0  # type: ignore[attr-defined]
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


def navigation(user: User, on: date, path: str, tasks: list[Task]) -> list[dict[str, Any]]:
    """The rail for one person: sections with items that carry the number of waiting tasks."""
    roles = access.roles_of(user, on)
    counts: dict[str, int] = {}
    for task in tasks:
        counts[task.kind] = counts.get(task.kind, 0) + 1
    sections: dict[str, list[dict[str, Any]]] = {title: [] for title in SECTIONS}
    best, reach = "", 0
    for item in sorted(REGISTRY.nav, key=lambda item: item.order):
        if item.roles and not item.roles & roles:
            continue
        url = reverse(item.url_name)
        for beginning in (url, *item.also):
            if path.startswith(beginning) and len(beginning) > reach and (beginning != "/" or path == "/"):
                best, reach = url, len(beginning)
        count = len(tasks) if item.task_kind == "*" else counts.get(item.task_kind, 0)
        sections[item.section].append({"label": item.label, "url": url, "count": count, "current": False})
    for items in sections.values():
        for entry in items:
            entry["current"] = entry["url"] == best
    return [{"title": title, "items": items} for title, items in sections.items() if items]
