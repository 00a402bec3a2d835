"""Cases: what a person must settle with a note."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from staff_portal.kernel.models import Case
from staff_portal.kernel.operations import cases
from staff_portal.kernel.pages.forms import NoteForm
from staff_portal.kernel.pages.requests import attempt, export_url, moment, one, page_of, person, today
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.people import rules
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.views.people_tables import CASE_COLUMNS, CASE_EXPORT, case_holder


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases that are mine to settle, open ones first by their date; settled ones by the filter."""
    on = today(request)
    visible = Case.objects.filter(rules.cases_visible_to(person(request), on))
    is_settled = request.GET.get("state") == "settled"
    counts = {state: visible.filter(settled_at__isnull=not state).count() for state in (False, True)}
    rows = visible.filter(settled_at__isnull=not is_settled).select_related("assignee", "settled_by")
    sort = request.GET.get("sort", "")
    rows = rows.order_by(
        *sort_fields(CASE_COLUMNS, sort, ("-settled_at", "-id") if is_settled else ("due_on", "id"))
    )
    if request.GET.get("format") == "xlsx":
        return workbook_response(CASE_EXPORT, rows[:EXPORT_LIMIT], "موضوع‌ها", "cases")
    page = page_of(request, rows)
    columns = header(CASE_COLUMNS, request, sort)
    if is_settled:
        columns[-1] = {"label": "نتیجه"}
    context = {
        "page_title": "موضوع‌ها",
        "page_subtitle": "آنچه باید به آن رسیدگی و با توضیح بسته شود.",
        "crumbs": [{"label": "موضوع‌ها"}],
        "state_tabs": [
            {"label": "باز", "url": "?", "current": not is_settled, "count": counts[False]},
            {"label": "حل‌شده", "url": "?state=settled", "current": is_settled, "count": counts[True]},
        ],
        "is_settled": is_settled,
        "page_obj": page,
        "columns": columns,
        "export_url": export_url(request),
        "rows": [_row(case, on) for case in page.object_list],
    }
    return render(request, "kernel/case_list.html", context)


def _row(case: Case, on: Any) -> dict[str, Any]:
    if case.settled_at is not None:
        last = {"text": to_persian_digits(case.settled_note), "sub": format_jalali(case.settled_at, "medium")}
    elif case.due_on is None:
        last = {"text": ""}
    else:
        late = case.due_on < on
        last = {
            "badge": f"{format_jalali(case.due_on, 'medium')}، {relative_days(case.due_on, on)}",
            "tone": "no" if late else "wait",
        }
    return {
        "cells": [
            {"text": to_persian_digits(case.title), "url": reverse("case", args=[case.pk])},
            {"text": to_persian_digits(case.root_label)},
            case_holder(case),
            last,
        ]
    }


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with the form that settles it."""
    on, me = today(request), person(request)
    visible = Case.objects.filter(rules.cases_visible_to(me, on))
    case = one(visible.select_related("assignee", "settled_by"), pk)
    form = NoteForm(request.POST or None, label="چگونه حل شد؟")
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        if attempt(form, lambda: cases.settle_case(case, note=note, actor=me, at=moment(request))):
            messages.success(request, "موضوع حل شد.")
            return redirect("cases")
    due = format_jalali(case.due_on, "medium") if case.due_on else "بدون مهلت"
    facts = [
        {"label": "پرونده", "value": to_persian_digits(case.root_label), "url": case.url},
        {"label": "نزد", "value": case_holder(case)},
        {"label": "گشوده شده", "value": format_jalali(case.opened_at, "moment")},
        {"label": "مهلت", "value": due},
    ]
    if case.settled_at is not None:
        by = case.settled_by.full_name if case.settled_by else "سامانه"
        facts += [
            {"label": "حل شده", "value": format_jalali(case.settled_at, "moment")},
            {"label": "به دست", "value": by},
        ]
    context = {
        "page_title": to_persian_digits(case.title),
        "crumbs": [{"label": "موضوع‌ها", "url": "/cases/"}, {"label": to_persian_digits(case.title)}],
        "case": case,
        "fact_items": facts,
        "form": form,
        "can_settle": rules.can_settle_case(me, case, on),
        "overdue": case.settled_at is None and case.due_on is not None and case.due_on < on,
    }
    return render(request, "kernel/case.html", context)
