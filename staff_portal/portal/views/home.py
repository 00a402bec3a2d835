"""The home page [کارتابل]: what waits for me, what I sent and await, then my figures and the map."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from staff_portal.kernel.frame import contributions
from staff_portal.kernel.pages import desk, waiting
from staff_portal.kernel.pages.requests import moment, person, today
from staff_portal.portal import queries

SENT_SHOWN = 6
FOLD_SHOWN = 12
SENDER_CHIPS = 4
FEW = 5


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits, most urgent first; ``?kind=``, ``?sender=`` and ``?urgency=`` narrow it, ``?sort=`` orders it,
    ``?show=all`` shows it whole, ``?sent=all`` all that was sent, ``?map=`` colours the map."""
    me, at, on = person(request), moment(request), today(request)
    tasks = contributions.inbox(me, at, request)
    asked = {name: request.GET.get(name, "") for name in ("kind", "sender", "urgency")}
    chosen = queries.narrowing(tasks, on, **asked)
    listed = [task for task in tasks if chosen.shows(task, on)]
    sort = request.GET.get("sort", "")
    sort = sort if sort in queries.SORTS else "due"
    groups = queries.grouped(listed, on, sort, fold=not chosen.kind)
    whole = request.GET.get("show") == "all"
    shown, hidden = (groups, 0) if whole else queries.cut(groups, queries.FIRST_SHOWN)
    most = None if request.GET.get("sent") == "all" else SENT_SHOWN
    sent, awaited = desk.sent_by(me, on, most)
    actions = contributions.actions(me, on)
    total = contributions.count_of(tasks)
    context = {
        "page_title": queries.greeting(me, total),
        "page_subtitle": queries.urgency(tasks, on),
        "actions": [_action(item) for item in actions],
        "groups": [
            {"title": group.title, "items": [_line(request, line) for line in group.lines]} for group in shown
        ],
        "hidden": hidden,
        "all_url": _with(request, show="all"),
        "waits": bool(tasks),
        "chip_groups": _kind_chips(request, tasks, chosen),
        "more_chips": _more_chips(request, tasks, chosen, sort) if total > FEW else [],
        "is_narrowed": bool(chosen.sender or chosen.urgency or sort != "due"),
        "sent": [waiting.sent(item, on) for item in sent],
        "awaited": awaited,
        "sent_hidden": awaited - len(sent),
        "sent_url": _with(request, sent="all") + "#sent",
        "kpi_items": [_figure(figure) for figure in contributions.figures(me, at)],
        "map": _map(request),
        "next_step": next(({"text": a.hint, **_action(a)} for a in reversed(actions) if a.hint), None),
    }
    return render(request, "portal/home.html", context)


def _with(request: HttpRequest, **changes: str) -> str:
    """This page's address with other parameters; an empty one is left out."""
    query = {**request.GET.dict(), **changes}
    return f"?{urlencode({key: value for key, value in query.items() if value})}"


def _line(request: HttpRequest, line: queries.Line) -> waiting.Waiting | waiting.Folded:
    """One task, or many that open, with a link to all of their kind."""
    on = today(request)
    if not line.is_folded:
        return waiting.waiting(line.tasks[0], on)
    all_url = _with(request, kind=line.tasks[0].kind, show="all")
    return waiting.folded(line.title, line.tasks, on, most=FOLD_SHOWN, all_url=all_url)


def _action(action: contributions.Action) -> dict[str, Any]:
    return {
        "label": action.label,
        "url": reverse(action.url_name),
        "icon_name": action.icon,
        "is_main": action.is_main,
    }


def _kind_chips(
    request: HttpRequest, tasks: list[contributions.Task], chosen: queries.Narrowing
) -> list[dict[str, Any]]:
    """The kinds of work, counted within the other filters; one kind alone needs none."""
    on = today(request)
    found = queries.by_kind(task for task in tasks if chosen.shows(task, on, but="kind"))
    active = next((item.value for item in found if item.label == chosen.kind), "")
    if len(found) < 2 and not active:
        return []
    return [_chips(request, "kind", "نمایش", found, active)]


def _more_chips(
    request: HttpRequest, tasks: list[contributions.Task], chosen: queries.Narrowing, sort: str
) -> list[dict[str, Any]]:
    """Filters by urgency and sender, and the order."""
    on = today(request)
    urgencies = queries.by_urgency((task for task in tasks if chosen.shows(task, on, but="urgency")), on)
    from_all = [task for task in tasks if chosen.shows(task, on, but="sender")]
    senders = queries.by_sender(from_all)
    groups = [
        {
            "label": "ترتیب",
            "options": [
                {"label": label, "url": _with(request, sort=code, show=""), "active": code == sort}
                for code, label in queries.SORTS.items()
            ],
        }
    ]
    if len(urgencies) > 1 or chosen.urgency:
        groups.append(_chips(request, "urgency", "فوریت", urgencies, chosen.urgency))
    if len(senders) > 1 or chosen.sender:
        groups.append(
            _chips(request, "sender", "فرستنده", senders, chosen.sender, contributions.count_of(from_all))
        )
    return groups


def _chips(
    request: HttpRequest,
    name: str,
    label: str,
    found: list[queries.Choice],
    active: str,
    total: int | None = None,
) -> dict[str, Any]:
    """One filter: everything, then its values with their counts; those beyond a few are folded in a menu.

    ``total`` counts everything where some of it has no value (work that nobody sent).
    """
    everything = {
        "label": "همه",
        "count": sum(item.count for item in found) if total is None else total,
        "url": _with(request, **{name: "", "show": ""}),
        "active": not active,
    }
    values = [
        {
            "label": item.label,
            "count": item.count,
            "url": _with(request, **{name: "" if item.value == active else item.value, "show": ""}),
            "active": item.value == active,
            "removable": item.value == active,
        }
        for item in found
    ]
    if name != "sender":
        return {"label": label, "options": [everything, *values]}
    values.sort(key=lambda item: not item["active"])
    return {"label": label, "options": [everything, *values[:SENDER_CHIPS]], "more": values[SENDER_CHIPS:]}


def _figure(figure: contributions.Figure) -> dict[str, Any]:
    return {"label": figure.label, "value": figure.value, "note": figure.detail, "url": figure.url}


def _map(request: HttpRequest) -> dict[str, Any] | None:
    """The map with links to the other figures it may be coloured by."""
    found = queries.chosen_map(person(request), moment(request), request.GET.get("map", ""))
    if found is None:
        return None
    links = [
        {
            "label": choice.label,
            "url": f"{_with(request, map=choice.code)}#map",
            "active": choice.code == found.code,
        }
        for choice in found.choices
    ]
    return {
        "figure": found.figure,
        "chip_groups": [{"label": "رنگ نقشه", "options": links}] if len(links) > 1 else [],
    }
