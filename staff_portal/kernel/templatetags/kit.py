"""The interface kit as template tags; each draws one template of ``templates/components`` which documents its data.

The tags hold no rule and read nothing: they take what the view prepared. Widths of bars are SVG attributes, since the
content security policy forbids inline style.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from staff_portal.kernel.frame.contributions import NavSection
from staff_portal.kernel.frame.icons import ICONS, navigation_icon

register = template.Library()

TONES = ("ok", "wait", "no", "go", "neutral")
TONE_ICONS = {
    "ok": "tick",
    "wait": "clock",
    "no": "stop",
    "go": "info",
    "neutral": "info",
}


def _tone(tone: str) -> str:
    return tone if tone in TONES else "neutral"


def _share(part: float | Decimal, whole: float | Decimal) -> str:
    """A width in per cent with ASCII digits, for an SVG attribute."""
    share = 0.0 if not whole else min(max(float(part) / float(whole), 0.0), 1.0)
    return f"{share * 100:.2f}"


# --- small things -------------------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """One line icon; hidden from screen readers unless it is given a label, for no icon stands without a word."""
    spoken = format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24"{}><path d="{}"/></svg>',
        spoken,
        ICONS[name],
    )


@register.simple_tag
@lru_cache(maxsize=512)
def navigation(nav: tuple[NavSection, ...]) -> SafeString:
    """The rail: drawn once for what stands in it, for it stands twice on every page (beside it and in the drawer)."""
    return render_to_string("components/navigation.html", {"nav": nav})


@register.filter
@lru_cache(maxsize=128)
def nav_icon(url: str) -> str:
    """Name of the icon that belongs to an address of the navigation."""
    return navigation_icon(str(url))


@register.filter
def tone_icon(tone: str) -> str:
    """Name of the icon of a tone (ok, wait, no, go, neutral)."""
    return TONE_ICONS[_tone(str(tone))]


@register.filter
def unlocalised(value: Any) -> str:
    """A number for an attribute: ASCII digits and a point, whatever the language."""
    return str(value)


@register.filter
def message_tone(level: str) -> str:
    """Tone of one of Django's message levels."""
    return {"success": "ok", "warning": "wait", "error": "no"}.get(str(level), "go")


@register.simple_tag
def badge(label: Any, tone: str = "neutral") -> SafeString:
    """A state as a word with a shape and a colour; tones ok, wait, no, go, neutral. Nothing for an empty label."""
    if label in (None, ""):
        return SafeString("")
    return format_html('<span class="badge {}">{}</span>', _tone(tone), label)


@register.simple_tag
def person(name: str, role: str = "", url: str = "") -> str:
    """A person as initial, name and role (``components/person.html``)."""
    return render_to_string("components/person.html", {"name": name, "role": role, "url": url})


@register.simple_tag
def greyed(label: str, reasons: Iterable[str] | str, icon: str = "") -> str:
    """A button that may not be pressed now and says why, on hover, focus and touch (``components/greyed.html``)."""
    listed = [reasons] if isinstance(reasons, str) else list(reasons)
    return render_to_string("components/greyed.html", {"label": label, "reasons": listed, "icon_name": icon})


# --- pieces with content between two tags ---------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    subtitle: Any = "",
    link_url: str = "",
    link_label: str = "",
    id: str = "",
    tone: str = "",
    flush: bool = False,
) -> str:
    """A card with a heading; ``flush`` lets a table reach its edges (``components/card.html``)."""
    data = {
        "content": content,
        "title": title,
        "subtitle": subtitle,
        "link_url": link_url,
        "link_label": link_label,
    }
    return render_to_string("components/card.html", {**data, "id": id, "tone": tone, "flush": flush})


@register.simple_block_tag
def alert(content: str, tone: str = "go", title: str = "") -> str:
    """A sentence that must not be missed, with the icon of its tone (``components/alert.html``)."""
    return render_to_string(
        "components/alert.html",
        {"content": content, "tone": _tone(tone), "title": title},
    )


@register.simple_block_tag
def disclosure(content: str, label: str = "همین داده‌ها در جدول", open: bool = False) -> str:
    """Something folded away, such as the table behind a picture (``components/disclosure.html``)."""
    return render_to_string("components/disclosure.html", {"content": content, "label": label, "open": open})


@register.simple_block_tag
def form_section(content: str, title: str, help: str = "", id: str = "") -> str:
    """One section of a form: heading and explanation at the side, fields beside them (``components/form_section.html``)."""
    return render_to_string(
        "components/form_section.html",
        {"content": content, "title": title, "help": help, "id": id},
    )


# --- lists and records ----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Mapping], label: str = "بخش‌های پرونده") -> dict:
    """Links to the parts of a record: label, url, current, count."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/facts.html")
def facts(items: Iterable[Mapping]) -> dict:
    """Pairs of a record: label, value, and optionally code, url, badge, tone."""
    return {"items": items}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Mapping], empty: str = "هنوز رویدادی ثبت نشده است.") -> dict:
    """Sentences of the audit trail, newest first: actor, text, at, and optionally note, tone, role."""
    return {"items": items, "empty": empty}


@register.inclusion_tag("components/tasks.html")
def tasks(items: Iterable[Mapping]) -> dict:
    """What waits: title, url, detail, who, since, until, due, tone; a line with ``lines`` opens."""
    return {"items": items}


@register.inclusion_tag("components/kpis.html")
def kpis(items: Iterable[Mapping]) -> dict:
    """Figures: label, value, and optionally note, trend (up, down), good, url."""
    return {"items": items}


@register.inclusion_tag("components/chips.html")
def chips(groups: Iterable[Mapping], clear_url: str = "") -> dict:
    """Filters as chips with counts: groups of label and options (label, count, url, active)."""
    return {"groups": groups, "clear_url": clear_url}


@register.inclusion_tag("components/data_table.html", takes_context=True)
def data_table(
    context: Context,
    columns: Iterable[Mapping],
    rows: Iterable[Mapping],
    caption: str = "",
) -> dict:
    """One line per row on a wide screen, a card per row on a phone."""
    named = [dict(column) for column in columns]
    drawn = []
    for row in rows:
        cells = [_cell(column, cell) for column, cell in zip(named, row["cells"], strict=True)]
        drawn.append({**row, "cells": cells})
    return {
        "columns": named,
        "rows": drawn,
        "caption": caption,
        "request": context.get("request"),
    }


@register.inclusion_tag("components/cells_table.html")
def cells_table(columns: Iterable[Mapping], rows: Iterable[Any], caption: str = "") -> dict:
    """The table of a declared list: rows of typed cells; a card per row on a phone."""
    return {"columns": list(columns), "rows": list(rows), "caption": caption}


def _cell(column: dict, cell: Any) -> dict:
    drawn = dict(cell) if isinstance(cell, Mapping) else {"text": cell}
    return {**drawn, "label": column["label"], "numeric": column.get("numeric", False)}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Any, sizes: Iterable[int] = (25, 50, 100)) -> dict:
    """Pages of a list with its size; keeps the other parameters of the address (``page``, ``size``)."""
    around = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    size = page_obj.paginator.per_page
    return {
        "page": page_obj,
        "around": list(around),
        "sizes": sizes,
        "size": size,
        "request": context.get("request"),
    }


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox") -> dict:
    """An empty list that names the next step."""
    return {"title": title, "text": text, "url": url, "label": label, "icon_name": icon}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Mapping], label: str = "مسیر کار") -> dict:
    """The path of a workflow: label, state (done, current, todo, off), note."""
    return {"steps": list(steps), "label": label}


@register.inclusion_tag("components/transition_bar.html", takes_context=True)
def transition_bar(context: Context, actions: Iterable[Mapping]) -> dict:
    """The one main action, the others, and greyed ones with their reasons, in the order given."""
    return {
        "actions": list(actions),
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.inclusion_tag("components/letter_card.html")
def letter_card(letter: Mapping | Any) -> dict:
    """A letter as a sheet: number, date, subject, addressee, url, pdf_url, status, tone, pages."""
    return {"letter": letter}


@register.inclusion_tag("components/notification_list.html")
def notification_list(items: Iterable[Mapping]) -> dict:
    """Notices: text, url, at, unread, tone."""
    return {"items": items}


@register.inclusion_tag("components/search_results.html")
def search_results(groups: Iterable[Mapping], query: str = "") -> dict:
    """Hits by kind: groups of title, count, more_url, hits (title, url, detail, badge, tone)."""
    return {"groups": groups, "query": query}


# --- forms ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict:
    """All errors of one or several forms in one place, each a link that jumps to its field."""
    errors, general = [], []
    for form in forms:
        if not form or not form.is_bound:
            continue
        general += list(form.non_field_errors())
        for name in form.errors:
            if name in form.fields:
                bound = form[name]
                target = bound.id_for_label or bound.auto_id
                errors += [
                    {"target": target, "label": bound.label, "message": message} for message in bound.errors
                ]
    return {"errors": errors, "general": general}


@register.inclusion_tag("components/upload.html")
def upload(
    name: str,
    label: str,
    help: str = "",
    accept: str = "",
    multiple: bool = False,
    staged: Iterable[Mapping] = (),
    error: str = "",
    required: bool = False,
) -> dict:
    """A file field with the files already staged, for a file field itself can't be refilled after an error."""
    data = {
        "name": name,
        "label": label,
        "help": help,
        "accept": accept,
        "multiple": multiple,
    }
    return {
        **data,
        "staged": list(staged),
        "error": error,
        "required": required,
        "field_id": f"id_{name}",
    }


@register.inclusion_tag("components/job_progress.html", takes_context=True)
def job_progress(context: Context, job: Mapping | Any, number: int | str = 1) -> dict:
    """Progress of a background job, polled by htmx until it has ended; ``number`` tells several on a page apart."""
    return {"job": job, "number": number, "request": context.get("request")}


# --- pictures, each with the table behind it ------------------------------------------------------------------------


@register.inclusion_tag("components/profile_bars.html")
def profile_bars(
    dimensions: Iterable[Mapping],
    line: float | Decimal | None = None,
    line_label: str = "",
) -> dict:
    """Capacity per dimension (0–100) with the next level's line; label, score, and optionally weight, low, note, url."""
    rows = []
    for dimension in dimensions:
        score = dimension.get("score")
        rows.append({**dimension, "width": _share(score or 0, 100), "known": score is not None})
    mark = None if line is None else _share(line, 100)
    return {"rows": rows, "line": line, "mark": mark, "line_label": line_label}


@register.inclusion_tag("components/level_distribution.html")
def level_distribution(levels: Iterable[Mapping], label: str = "توزیع سطح‌ها") -> dict:
    """Shares of the levels in one bar: label, count, rank (1–4, 0 without a level), url."""
    listed = [dict(level) for level in levels]
    total = sum(level["count"] for level in listed)
    start = 0
    for level in listed:
        level["width"], level["start"] = (
            _share(level["count"], total),
            _share(start, total),
        )
        level["percent"] = round(100 * level["count"] / total) if total else 0
        start += level["count"]
    return {"levels": listed, "total": total, "label": label}


@register.inclusion_tag("components/district_map.html")
def district_map(figure: Any, id: str = "district-map", table: bool = True) -> dict:
    """The map of the 22 districts from a ``districtmap.DistrictFigure``; each district is a link."""
    return {"figure": figure, "id": id, "table": table}


@register.inclusion_tag("components/seat_circle.html")
def seat_circle(
    seats: Iterable[Mapping], label: str = "کرسی‌های کمیته", centre: str = "", centre_note: str = ""
) -> dict:
    """Five seats as a half circle with their table: name, side, mark, tone (done, wait, vacant, aside, absent), you,
    note; in the order of the seats, HQ's on the right, the deputy's on the left, the NGO's in the middle."""
    return {"seats": list(seats), "label": label, "centre": centre, "centre_note": centre_note}
