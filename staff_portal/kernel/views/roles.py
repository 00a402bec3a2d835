"""Roles: the administrator grants and ends, the side's manager confirms or refuses (K6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff_portal.kernel.base.roles import CONFIRMING_ROLE, ROLE_SCOPE, ROLE_SIDE, Role, ScopeKind
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.pages.forms import NoteForm, RoleForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.people import rules
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.views.people_display import period_words, scope_labels, user_facts, user_url


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a role for a person."""
    guard(rules.MANAGE_USERS, request)
    user = one(User.objects.all(), pk)
    choices = [(role.value, str(role.label)) for role in Role if ROLE_SIDE[role] == user.side]
    form = RoleForm(request.POST or None, choices=choices, initial={"start_on": today(request)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form,
            lambda: roles.grant_role(
                user,
                data["role"],
                scope_id=_scope_id(data),
                start_on=data["start_on"],
                last_day=data["last_day"],
                actor=person(request),
                at=moment(request),
            ),
        ):
            manager = CONFIRMING_ROLE[data["role"]].label
            messages.success(request, f"نقش پیشنهاد شد و پس از تأیید {manager} به کار می‌افتد.")
            return redirect("user", pk=user.pk)
    context = {
        "page_title": "نقش تازه",
        "page_subtitle": f"برای {user.full_name}، {user.get_side_display()}",
        "crumbs": [
            {"label": "کاربران", "url": "/users/"},
            {"label": user.full_name, "url": user_url(user)},
            {"label": "نقش تازه"},
        ],
        "form": form,
        "submit_label": "پیشنهاد نقش",
        "cancel_url": user_url(user),
    }
    return render(request, "layouts/form.html", context)


def _scope_id(data: dict[str, Any]) -> int:
    """The district or unit that belongs to the role; what else was chosen is left alone."""
    kind = ROLE_SCOPE.get(data["role"])
    chosen = data["district"] if kind == ScopeKind.DISTRICT else data["unit"] if kind else None
    return chosen.pk if chosen else 0


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The grants that wait for this manager."""
    guard(rules.CONFIRM_ROLES, request)
    found = RoleAssignment.objects.filter(rules.roles_to_confirm(person(request), today(request)))
    rows = list(found.select_related("user", "granted_by").order_by("id"))
    names = scope_labels(rows)
    context = {
        "page_title": "تأیید نقش‌ها",
        "page_subtitle": "نقش‌هایی که راهبر سامانه پیشنهاد کرده است و با تأیید شما به کار می‌افتد.",
        "crumbs": [{"label": "تأیید نقش‌ها"}],
        "columns": [{"label": label} for label in ("شخص", "نقش", "دامنه", "دوره", "پیشنهاد")],
        "rows": [_row(row, names) for row in rows],
    }
    return render(request, "kernel/roles_waiting.html", context)


def _row(row: RoleAssignment, names: dict[tuple[str, int], str]) -> dict[str, Any]:
    proposer = row.granted_by.full_name if row.granted_by else "سامانه"
    return {
        "cells": [
            {"text": row.user.full_name, "url": reverse("role_decide", args=[row.pk]), "sub": row.user.post},
            row.get_role_display(),
            names.get((row.scope_kind, row.scope_id), ""),
            period_words(row.period),
            {"text": proposer, "sub": format_jalali(row.granted_at, "medium")},
        ]
    }


def _assignment(request: HttpRequest, pk: int) -> RoleAssignment:
    """The grant, for the manager whom it concerns; others get the sentence that says who decides."""
    row = one(RoleAssignment.objects.select_related("user__unit", "user__district", "granted_by"), pk)
    guard(rules.CONFIRM_ROLES, request, row)
    return row


@require_GET
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One grant before its manager: confirm, or refuse with a note."""
    return _decision_page(request, _assignment(request, pk), NoteForm(label="سبب نپذیرفتن"))


def _decision_page(request: HttpRequest, row: RoleAssignment, form: NoteForm) -> HttpResponse:
    names = scope_labels([row])
    facts = [
        {"label": "نقش", "value": row.get_role_display()},
        {"label": "دامنه", "value": names.get((row.scope_kind, row.scope_id), "—")},
        {"label": "دوره", "value": period_words(row.period)},
        {"label": "پیشنهاددهنده", "value": row.granted_by.full_name if row.granted_by else "سامانه"},
        {"label": "زمان پیشنهاد", "value": format_jalali(row.granted_at, "moment")},
    ]
    context = {
        "page_title": f"نقش {row.user.full_name}",
        "crumbs": [{"label": "تأیید نقش‌ها", "url": "/roles/"}, {"label": row.user.full_name}],
        "assignment": row,
        "is_waiting": row.confirmed_at is None and not row.period.isempty,
        "fact_items": facts,
        "person_facts": user_facts(row.user, with_contact=False),
        "form": form,
    }
    return render(request, "kernel/role_decide.html", context)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the grant."""
    row = _assignment(request, pk)
    roles.confirm_role(row, actor=person(request), at=moment(request))
    messages.success(request, "نقش تأیید شد.")
    return redirect("roles")


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn the grant down with a note."""
    row = _assignment(request, pk)
    form = NoteForm(request.POST, label="سبب نپذیرفتن")
    if form.is_valid():
        note = form.cleaned_data["note"]
        if attempt(
            form, lambda: roles.refuse_role(row, actor=person(request), at=moment(request), note=note)
        ):
            messages.success(request, "نقش پذیرفته نشد و راهبر سامانه آگاه می‌شود.")
            return redirect("roles")
    return _decision_page(request, row, form)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role today."""
    guard(rules.MANAGE_USERS, request)
    row = one(RoleAssignment.objects.select_related("user"), pk)
    if request.method == "POST":
        roles.end_role(row, actor=person(request), at=moment(request))
        messages.success(request, "نقش پایان یافت.")
        return redirect("user", pk=row.user_id)
    context = {
        "page_title": "پایان نقش",
        "crumbs": [
            {"label": "کاربران", "url": "/users/"},
            {"label": row.user.full_name, "url": user_url(row.user)},
            {"label": "پایان نقش"},
        ],
        "sentence": f"نقش «{row.get_role_display()}» {row.user.full_name} هم‌اکنون پایان می‌یابد.",
        "consequences": ["اختیارهایی که با این نقش سپرده شده است نیز از کار می‌افتد.", "سابقه نقش می‌ماند."],
        "submit_label": "پایان نقش",
        "danger": True,
        "cancel_url": user_url(row.user),
    }
    return render(request, "layouts/confirm.html", context)
