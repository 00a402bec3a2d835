"""Settings with their dates, and the holidays that clocks in working days pass over (K5)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import DatedSetting, Holiday
from staff_portal.kernel.operations import configuration
from staff_portal.kernel.pages.forms import HolidayForm, SettingForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.pages.tables import workbook_response
from staff_portal.kernel.people import rules
from staff_portal.kernel.persian.digits import natural, to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, jalali_year, year_bounds
from staff_portal.kernel.persian.numbers import format_decimal, format_thousands
from staff_portal.kernel.persian.search import sort_key
from staff_portal.kernel.views.people_tables import HOLIDAY_EXPORT


def value_words(key: settings_store.SettingKey, value: Any) -> str:
    """A setting's value as people read it: «۲۰ روز کاری», «بله»."""
    if key.kind == "boolean":
        return "بله" if value else "نه"
    if key.kind == "integer":
        text = format_thousands(value)
    elif key.kind == "decimal":
        text = format_decimal(value)
    else:
        text = to_persian_digits(value)
    return f"{text} {key.unit}".strip()


@require_GET
def setting_list(request: HttpRequest) -> HttpResponse:
    """Every number of a rule: what is in force, since when, and what comes."""
    guard(rules.VIEW_SETTINGS, request)
    on = today(request)
    history: dict[str, list[DatedSetting]] = {}
    for row in DatedSetting.objects.order_by("effective_on", "id"):
        history.setdefault(row.key, []).append(row)
    keys = sorted(settings_store.KEYS.values(), key=lambda key: sort_key(key.label))
    context = {
        "page_title": "تنظیم‌ها",
        "page_subtitle": "عددهایی که قاعده‌ها با آن کار می‌کنند؛ هر تغییر از روزی معین به کار می‌رود و گذشته را تغییر نمی‌دهد.",
        "crumbs": [{"label": "تنظیم‌ها"}],
        "columns": [{"label": label} for label in ("تنظیم", "مقدار کنونی", "از تاریخ", "مقدار آینده")],
        "rows": [_setting_row(key, history.get(key.code, []), on) for key in keys],
    }
    return render(request, "kernel/setting_list.html", context)


def _setting_row(key: settings_store.SettingKey, rows: list[DatedSetting], on: date) -> dict[str, Any]:
    past = [row for row in rows if row.effective_on <= on]
    coming = [row for row in rows if row.effective_on > on]
    now = value_words(key, past[-1].value if past else key.default)
    since = format_jalali(past[-1].effective_on, "medium") if past else "پیش‌فرض"
    future: Any = ""
    if coming:
        latest = [row for row in coming if row.effective_on == coming[0].effective_on][-1]
        future = {
            "text": value_words(key, latest.value),
            "sub": f"از {format_jalali(latest.effective_on, 'medium')}",
        }
    return {"cells": [{"text": key.label, "url": reverse("setting", args=[key.code])}, now, since, future]}


@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, code: str) -> HttpResponse:
    """One setting: its history, and a new value from a day on."""
    guard(rules.VIEW_SETTINGS, request)
    key = settings_store.KEYS.get(code)
    if key is None:
        raise Http404
    me, on = person(request), today(request)
    if request.method == "POST":
        guard(rules.CHANGE_SETTINGS, request)
    form = SettingForm(request.POST or None, key=key, initial={"effective_on": on})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: configuration.set_setting(key, actor=me, at=moment(request), **data)):
            messages.success(request, "مقدار تازه ثبت شد.")
            return redirect("setting", code=code)
    rows = list(
        DatedSetting.objects.filter(key=code).select_related("set_by").order_by("-effective_on", "-id")
    )
    context = {
        "page_title": key.label,
        "crumbs": [{"label": "تنظیم‌ها", "url": "/settings/"}, {"label": key.label}],
        "now_words": value_words(key, settings_store.value(key, on)),
        "default_words": value_words(key, key.default),
        "columns": [{"label": label} for label in ("مقدار", "از تاریخ", "سبب", "ثبت‌کننده")],
        "rows": _history(key, rows, on),
        "form": form,
        "can_change": rules.can_change_settings(me, None, on),
    }
    return render(request, "kernel/setting.html", context)


def _history(key: settings_store.SettingKey, rows: list[DatedSetting], on: date) -> list[dict[str, Any]]:
    drawn, seen, is_current_found = [], set(), False
    for row in rows:
        replaced = row.effective_on in seen
        seen.add(row.effective_on)
        sub = ""
        if replaced:
            sub = "جایگزین شده"
        elif row.effective_on > on:
            sub = "در آینده"
        elif not is_current_found:
            sub, is_current_found = "اکنون", True
        drawn.append(
            {
                "cells": [
                    {"text": value_words(key, row.value), "sub": sub},
                    format_jalali(row.effective_on, "medium"),
                    to_persian_digits(row.note),
                    {
                        "text": row.set_by.full_name if row.set_by else "سامانه",
                        "sub": format_jalali(row.set_at, "medium"),
                    },
                ]
            }
        )
    return drawn


@require_http_methods(["GET", "POST"])
def holiday_list(request: HttpRequest) -> HttpResponse:
    """The holidays of one Jalali year; the administrator adds to them."""
    me, on = person(request), today(request)
    can_change = rules.can_change_holidays(me, None, on)
    if request.method == "POST":
        guard(rules.CHANGE_HOLIDAYS, request)
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: configuration.add_holiday(actor=me, at=moment(request), **data)):
            messages.success(request, f"{format_jalali(data['day'], 'medium')} در تقویم تعطیلات ثبت شد.")
            return redirect(f"{reverse('holidays')}?year={jalali_year(data['day'])}")
    this_year = jalali_year(on)
    year = _wanted_year(request, this_year)
    first, last = year_bounds(year)
    days = Holiday.objects.filter(day__range=(first, last)).order_by("day")
    if request.GET.get("format") == "xlsx":
        return workbook_response(HOLIDAY_EXPORT, days, "روزهای تعطیل", f"holidays-{year}")
    context = {
        "page_title": "روزهای تعطیل",
        "page_subtitle": "مهلت‌های روز کاری از جمعه‌ها، از این روزها و بنا به تنظیم از پنجشنبه‌ها می‌گذرند.",
        "crumbs": [{"label": "روزهای تعطیل"}],
        "year": year,
        "year_links": [
            {"label": to_persian_digits(y), "url": f"?year={y}", "current": y == year}
            for y in sorted({year, *range(this_year - 1, this_year + 3)})
        ],
        "days": [{"row": day, "is_removable": can_change and day.day > on} for day in days],
        "form": form,
        "can_change": can_change,
        "export_url": f"?year={year}&format=xlsx",
    }
    return render(request, "kernel/holiday_list.html", context)


def _wanted_year(request: HttpRequest, this_year: int) -> int:
    text = to_ascii_digits(request.GET.get("year", ""))
    year = natural(text)
    return year if year is not None and 1300 <= year <= 1499 else this_year


@require_POST
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a coming day out of the table."""
    guard(rules.CHANGE_HOLIDAYS, request)
    day = one(Holiday.objects.all(), pk)
    configuration.remove_holiday(day, actor=person(request), at=moment(request))
    messages.success(request, f"{format_jalali(day.day, 'medium')} از تقویم تعطیلات برداشته شد.")
    return redirect(f"{reverse('holidays')}?year={jalali_year(day.day)}")
