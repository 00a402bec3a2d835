"""The home page [کارتابل]: what waits for me, then my figures and the map."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from staff_portal import queries
from staff_portal.kernel import panels
from staff_portal.kernel.persian.jalali import relative_days
from staff_portal.kernel.views.asking import moment, person, today


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits, most urgent first; ``?kind=`` narrows it, ``?show=all`` shows it whole, ``?map=`` colours the map."""
    me, at, on = person(request), moment(request), today(request)
    tasks = panels.inbox(me, at, request)
    kinds = queries.by_kind(tasks)
    chosen = next((item for item in kinds if item.kind == request.GET.get("kind")), None)
    listed = [task for task in tasks if panels.task_label(task.kind) == chosen.label] if chosen else tasks
    shown = listed if request.GET.get("show") == "all" else listed[: queries.FIRST_SHOWN]
    actions = panels.actions(me, on)
    context = {
        "page_title": queries.greeting(me, len(tasks)),
        "page_subtitle": queries.urgency(tasks, on),
        "actions": [_action(item) for item in actions],
        "groups": [
            {"title": group.title, "items": [_task(task, on) for task in group.tasks]}
            for group in queries.by_urgency(shown, on)
        ],
        "hidden": len(listed) - len(shown),
        "all_url": _with(request, show="all"),
        "chip_groups": _kind_chips(request, kinds, len(tasks)) if len(kinds) > 1 else [],
        "kpi_items": [_figure(figure) for figure in panels.figures(me, at)],
        "map": _map(request),
        "next_step": next(({"text": a.hint, **_action(a)} for a in reversed(actions) if a.hint), None),
    }
    return render(request, "portal/home.html", context)


def _with(request: HttpRequest, **changes: str) -> str:
    """This page's address with other parameters; an empty one is left out."""
    query = {**request.GET.dict(), **changes}
    return f"?{urlencode({key: value for key, value in query.items() if value})}"


def _task(task: panels.Task, on: date) -> dict[str, Any]:
    due = relative_days(task.due_on, on) if task.due_on else ""
    if task.due_on is None:
        tone = "neutral"
    elif task.due_on < on:
        tone = "no"
    else:
        tone = "wait" if task.due_on <= on + queries.SOON else "go"
    return {"title": task.title, "url": task.url, "detail": task.detail, "due": due, "tone": tone}


def _action(action: panels.Action) -> dict[str, Any]:
    return {
        "label": action.label,
        "url": reverse(action.url_name),
        "icon_name": action.icon,
        "is_main": action.is_main,
    }


def _kind_chips(request: HttpRequest, kinds: list[queries.KindCount], total: int) -> list[dict[str, Any]]:
    wanted = request.GET.get("kind", "")
    options = [
        {"label": "همه", "count": total, "url": _with(request, kind="", show=""), "active": not wanted}
    ]
    for item in kinds:
        is_on = item.kind == wanted
        url = _with(request, kind="" if is_on else item.kind, show="")
        options.append(
            {"label": item.label, "count": item.count, "url": url, "active": is_on, "removable": is_on}
        )
    return [{"label": "نمایش", "options": options}]


def _figure(figure: panels.Figure) -> dict[str, Any]:
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
