"""A list, declared: page, chips, search, sort, pages, Excel and empty state of any kind of record.

One rule for the chips everywhere: a chip counts what the list would show if it were chosen, with the search and the
other groups as they are, in one statement for all groups.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from staff_portal.kernel.models import User
from staff_portal.kernel.operations.saved_views import LISTS, register_list, views_of
from staff_portal.kernel.pages.cells import ListColumn
from staff_portal.kernel.pages.requests import chip_group, page_of, person, today
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.people.access import Permission
from staff_portal.kernel.persian.digits import natural, to_persian_text
from staff_portal.kernel.persian.numbers import format_thousands

ONLY = "only"


@dataclass(frozen=True)
class Facet:
    """One group of chips: ``?name=value`` keeps the rows whose ``path`` equals the value.

    ``path`` is a column or an annotation; ``labels`` gives the values with their words in the order they are drawn
    (None: whatever occurs, as it is, the greatest first; ``parse`` then reads the address: numbers in any digits).
    """

    name: str
    label: str
    path: str
    labels: Callable[[], Iterable[tuple[Any, str]]] | None = None
    parse: Callable[[str], Any] = natural

    def value(self, text: str) -> Any:
        """The chosen value for what the address says, None when it says nothing that can be chosen."""
        if self.labels is None:
            return self.parse(text)
        return next((key for key, _ in self.labels() if str(key) == text), None)

    def options(self, counts: dict[Any, int], chosen: Any) -> list[tuple[str, str, int]]:
        """What is drawn: values that occur, and the chosen one."""
        if self.labels is not None:
            offered = list(self.labels())
        else:
            known = {key for key in counts if key is not None}
            offered = [(key, to_persian_text(str(key))) for key in sorted(known, reverse=True)]
        return [
            (str(key), label, counts.get(key, 0))
            for key, label in offered
            if counts.get(key) or key == chosen
        ]


@dataclass(frozen=True)
class Mark:
    """A chip of its own: the rows that fulfil a condition, which looks at who asks and on which day."""

    value: str
    label: str
    condition: Callable[[User, date], Q]


@dataclass(frozen=True)
class New:
    """The button that makes a record, for whoever may."""

    label: str
    url_name: str
    by: Permission


@dataclass(frozen=True)
class Empty:
    """What stands where no row does: the cause, and the next step; ``for_makers`` is said to who may make one."""

    title: str
    text: str
    filtered: str = "چیزی با این صافی‌ها نیست"
    icon: str = "file"
    for_makers: str = ""


@dataclass(frozen=True)
class ListPage:
    """The declaration of one list.

    ``visible(user, on)`` gives what the person may see and raises a refusal for whom the list is closed;
    ``search(rows, query)`` narrows it, ``facts(rows, on)`` adds what the columns count (after the filters, for the
    page's rows only); ``chips(rows, on)`` adds what facets look at. ``marks`` are chips «تنها» (``?only=``) of which a
    row may carry several.
    """

    title: str
    name: str
    visible: Callable[[User, date], QuerySet[Any]]
    columns: Sequence[ListColumn]
    order: tuple[str, ...]
    empty: Empty
    search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    placeholder: str = "جست‌وجو"
    facets: tuple[Facet, ...] = ()
    marks: tuple[Mark, ...] = ()
    chips: Callable[[QuerySet[Any], date], QuerySet[Any]] | None = None
    facts: Callable[[QuerySet[Any], date], QuerySet[Any]] | None = None
    new: tuple[New, ...] = ()
    filename: str = "list"
    crumbs: tuple[dict[str, str], ...] = ()
    more: Callable[[HttpRequest], dict[str, Any]] | None = field(default=None)
    template: str = "kernel/list.html"

    def path(self, route: str, view: Callable[[HttpRequest], HttpResponse] | None = None) -> URLPattern:
        """The address of the list, whose filters people may keep; ``view`` shows it where the page does more (an upload)."""
        register_list(self.name, self.name, self.visible)
        answer = require_http_methods(["GET"])(self.show) if view is None else view
        return path(route, answer, name=self.name.split(":")[-1])

    def show(
        self, request: HttpRequest, *, status: int = 200, extra: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page, or with ``?format=xlsx`` exactly what is filtered as Excel; ``extra`` is what a refused form shows."""
        me, on = person(request), today(request)
        query = request.GET.get("q", "")
        rows = self.visible(me, on)
        if self.search is not None and query.strip():
            rows = self.search(rows, query)
        if self.chips is not None:
            rows = self.chips(rows, on)
        groups, chosen = self._groups(request, rows)
        for facet in self.facets:
            if chosen[facet.name] is not None:
                rows = rows.filter(**{facet.path: chosen[facet.name]})
        for mark in self.marks:
            if mark.value == chosen[ONLY]:
                rows = rows.filter(mark.condition(me, on))
        sort = request.GET.get("sort", "")
        exported = [column.exported() for column in self.columns]
        rows = rows.order_by(*sort_fields(exported, sort, self.order))
        if self.facts is not None:
            rows = self.facts(rows, on)
        if request.GET.get("format") == "xlsx":
            return workbook_response(exported, rows[:EXPORT_LIMIT], self.title, self.filename)
        context = self._context(request, rows, groups, exported, sort) | (extra or {})
        return render(request, self.template, context, status=status)

    def _context(
        self, request: HttpRequest, rows: QuerySet[Any], groups: list[Any], exported: list[Any], sort: str
    ) -> dict[str, Any]:
        me, on = person(request), today(request)
        page = page_of(request, rows)
        names = ("q", *(facet.name for facet in self.facets), *((ONLY,) if self.marks else ()))
        is_filtered = any(request.GET.get(name) for name in names)
        return {
            "page_title": self.title,
            "page_subtitle": f"{format_thousands(page.paginator.count)} مورد" if is_filtered else "",
            "crumbs": [*self.crumbs, {"label": self.title}],
            "q": request.GET.get("q", ""),
            "searches": self.search is not None,
            "placeholder": self.placeholder,
            "page_obj": page,
            "columns": header(exported, request, sort),
            "rows": [[column.drawn(row, on) for column in self.columns] for row in page.object_list],
            "chip_groups": groups,
            "is_filtered": is_filtered,
            "list_name": self.name,
            "view_query": request.GET.urlencode(),
            "saved_views": shown_views(request, self.name, views_of(me, self.name)),
            "empty_page": self.empty,
            "new_actions": [
                {"label": new.label, "url": reverse(new.url_name)}
                for new in self.new
                if new.by.authority(me, None, on) is not None
            ],
            **(self.more(request) if self.more is not None else {}),
        }

    def _groups(
        self, request: HttpRequest, rows: QuerySet[Any]
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The chips with their counts, and what is chosen, from one statement."""
        if not self.facets and not self.marks:
            return [], {}
        me, on = person(request), today(request)
        paths: dict[str, Any] = {f"facet_{facet.name}": F(facet.path) for facet in self.facets}
        for mark in self.marks:
            paths[f"mark_{mark.value}"] = Case(
                When(mark.condition(me, on), then=True), default=False, output_field=BooleanField()
            )
        table = list(rows.order_by().annotate(**paths).values_list(*paths).annotate(Count("pk")))
        chosen = {facet.name: facet.value(request.GET.get(facet.name, "")) for facet in self.facets}
        if self.marks:
            chosen[ONLY] = request.GET.get(ONLY, "")
        wanted = [chosen[facet.name] for facet in self.facets]
        wanted += [mark.value == chosen[ONLY] or None for mark in self.marks]
        groups = []
        for place, facet in enumerate(self.facets):
            counts = _counts(table, wanted, {place})
            if options := facet.options(counts, chosen[facet.name]):
                groups.append(chip_group(request, facet.label, facet.name, options))
        of_marks = set(range(len(self.facets), len(paths)))
        if self.marks:
            marked = [_counts(table, wanted, of_marks, place).get(True, 0) for place in sorted(of_marks)]
            pairs = zip(self.marks, marked, strict=True)
            options = [(mark.value, mark.label, count) for mark, count in pairs]
            groups.append(chip_group(request, "تنها", ONLY, options))
        return groups, chosen


def _counts(table: list[Any], wanted: list[Any], free: set[int], place: int | None = None) -> dict[Any, int]:
    """For one group, whose own places are ``free``: how many rows each value would leave, within what the other groups
    have chosen; ``place`` is the one counted (default: the only free one)."""
    counted = min(free) if place is None else place
    found: dict[Any, int] = {}
    for row in table:
        if all(other in free or value is None or row[other] == value for other, value in enumerate(wanted)):
            found[row[counted]] = found.get(row[counted], 0) + row[-1]
    return found


def shown_views(request: HttpRequest, name: str, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A person's views of a list with their addresses; the one that is open is marked."""
    current, address = request.GET.urlencode(), reverse(LISTS[name].url_name)
    return [
        view | {"url": f"{address}?{view['query']}", "active": view["query"] == current} for view in views
    ]


def labels_of(choices: Any) -> Callable[[], Iterable[tuple[Any, str]]]:
    """The labels of an enumeration, in its order."""
    return lambda: [(item.value, str(item.label)) for item in choices]
