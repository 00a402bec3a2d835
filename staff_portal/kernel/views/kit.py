"""``/kit/``: every piece of the interface in every state, for developers, axe and the eye; invented data only.

Nothing is read from the database and no clock is read: what stands here is the same on every day.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from staff_portal.kernel.views import kit_samples as samples

PAGES = (
    "home",
    "list",
    "record",
    "form",
    "confirm",
    "letter",
    "print",
    "sign-in",
    "empty",
    "refused",
)


def _frame(current: str) -> dict[str, Any]:
    """What the context processor would give, in sample."""
    return {
        "nav": samples.navigation(current),
        "today": samples.TODAY,
        "user": samples.PERSON,
        "acting_role_label": "کارشناس ستاد سمن‌ها",
        "role_choices": samples.ROLES,
        "unread_count": 4,
    }


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All pieces on one page."""
    context = {
        **_frame("/kit/"),
        "page_title": "قطعه‌های رابط کاربری",
        "page_subtitle": "هر قطعه در همه حالت‌ها؛ داده‌ها ساختگی است.",
        "crumbs": [{"label": "راهبری", "url": "/"}, {"label": "قطعه‌های رابط کاربری"}],
        "parts": samples.PARTS,
        "pages": samples.PAGES,
        "icons": samples.icon_names(),
        "steps": samples.STEPS,
        "steps_off": samples.STEPS_OFF,
        "actions": samples.ACTIONS,
        "task_items": samples.TASKS,
        "kpi_items": samples.KPIS,
        "tab_items": samples.TABS,
        "events": samples.EVENTS,
        "fact_items": samples.FACTS,
        "chip_groups": samples.CHIPS,
        "columns": samples.COLUMNS,
        "rows": samples.ROWS,
        "page_obj": Paginator(range(214), 25).page(3),
        "jobs": samples.JOBS,
        "dimensions": samples.DIMENSIONS,
        "levels": samples.LEVELS,
        "counts_map": samples.counts_map(),
        "states_map": samples.states_map(),
        "letters": samples.LETTERS,
        "notices": samples.NOTICES,
        "hits": samples.HITS,
        "staged": samples.STAGED,
        "form": samples.broken_form(),
    }
    return render(request, "kit/index.html", context)


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the sample pages, laid out as the real ones are; 404 for a name that is none of them."""
    if name not in PAGES:
        raise Http404(name)
    if name == "sign-in":
        context = {
            "page_title": "ورود به سامانه",
            "form": samples.sign_in_form(),
            "next": "/",
            "user": None,
        }
        return render(request, "kernel/login.html", context)
    if name == "refused":
        refusal = {
            "page_title": "این کار انجام نشد",
            "sentences": samples.REASONS,
            "back_url": "/kit/",
            "user": None,
        }
        return render(request, "kernel/409.html", refusal)
    return render(
        request,
        f"kit/{name}.html",
        {**_frame(samples.CURRENT[name]), **samples.page_data(name)},
    )
