"""Accounts, for the administrator; the auditor reads."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations import users
from staff_portal.kernel.pages.forms import NoteForm, UserForm
from staff_portal.kernel.pages.requests import (
    attempt,
    chip_group,
    export_url,
    guard,
    moment,
    one,
    page_of,
    person,
    today,
)
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.people import access, rules
from staff_portal.kernel.people.people_order import with_name_order
from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.views.people_display import role_rows, user_facts, user_url
from staff_portal.kernel.views.people_tables import USER_COLUMNS, USER_EXPORT

LIST_CRUMB = {"label": "کاربران", "url": "/users/"}


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """All accounts, found by name, side, role and state."""
    guard(rules.VIEW_USERS, request)
    me, on = person(request), today(request)
    sort = request.GET.get("sort", "name")
    rows = _filtered(User.objects.filter(rules.users_visible_to(me, on)), request, on)
    rows = with_name_order(rows).order_by(*sort_fields(USER_COLUMNS, sort, USER_COLUMNS[0].sort))
    if request.GET.get("format") == "xlsx":
        listed = _with_roles(list(rows[:EXPORT_LIMIT]), on)
        return workbook_response(USER_EXPORT, listed, "کاربران", "users")
    page = page_of(request, rows)
    context = {
        "page_title": "کاربران",
        "crumbs": [{"label": "کاربران"}],
        "q": request.GET.get("q", ""),
        "chip_groups": _chip_groups(request, on),
        "filtered": any(request.GET.get(name) for name in ("q", "side", "role", "state")),
        "page_obj": page,
        "columns": header(USER_COLUMNS, request, sort),
        "rows": [_row(user) for user in _with_roles(list(page.object_list), on)],
        "export_url": export_url(request),
        "can_manage": rules.MANAGE_USERS.authority(me, None, on) is not None,
    }
    return render(request, "kernel/user_list.html", context)


def _in_force(on: Any) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(access.role_in_force(on))


def _filtered(rows: QuerySet[User], request: HttpRequest, on: Any) -> QuerySet[User]:
    for word in to_ascii_digits(clean_text(request.GET.get("q", "")) or "").split():
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(post__icontains=word)
        )
    side, role, state = (request.GET.get(name, "") for name in ("side", "role", "state"))
    if side in Side.values:
        rows = rows.filter(side=side)
    if role in Role.values:
        rows = rows.filter(Exists(_in_force(on).filter(user=OuterRef("pk"), role=role)))
    if state in {"active", "closed"}:
        rows = rows.filter(is_active=state == "active")
    return rows


def _chip_groups(request: HttpRequest, on: Any) -> list[dict[str, Any]]:
    sides = dict(User.objects.values_list("side").annotate(Count("id")).order_by())
    roles = dict(_in_force(on).values_list("role").annotate(Count("user", distinct=True)).order_by())
    states = dict(User.objects.values_list("is_active").annotate(Count("id")).order_by())
    role_group = chip_group(request, "نقش", "role", [(r, r.label, roles[r]) for r in Role if r in roles])
    folded = [option for option in role_group["options"] if not option["active"]]
    role_group = {
        "label": "نقش",
        "options": [option for option in role_group["options"] if option["active"]],
        "more": folded,
        "more_label": "برگزیدن نقش",
    }
    return [
        chip_group(request, "طرف", "side", [(s, s.label, sides[s]) for s in Side if s in sides]),
        role_group,
        chip_group(
            request,
            "وضعیت",
            "state",
            [("active", "باز", states.get(True, 0)), ("closed", "بسته", states.get(False, 0))],
        ),
    ]


def _with_roles(people: list[User], on: Any) -> list[User]:
    """The same people with ``role_labels``, their roles in force, read in one query."""
    labels: dict[int, list[str]] = {}
    for user_id, role in _in_force(on).filter(user__in=people).order_by("id").values_list("user_id", "role"):
        labels.setdefault(user_id, []).append(str(Role(role).label))
    for user in people:
        user.role_labels = list(dict.fromkeys(labels.get(user.pk, [])))  # type: ignore[attr-defined]
    return people


def _row(user: Any) -> dict[str, Any]:
    return {
        "cells": [
            {"text": user.full_name, "url": user_url(user)},
            user.username,
            {"text": user.get_side_display(), "sub": user.post},
            "، ".join(user.role_labels),
            {"badge": "باز", "tone": "ok"} if user.is_active else {"badge": "بسته", "tone": "no"},
        ]
    }


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: data, roles, timeline."""
    guard(rules.VIEW_USERS, request)
    me, on = person(request), today(request)
    user = one(User.objects.filter(rules.users_visible_to(me, on)).select_related("unit", "district"), pk)
    can_manage = rules.MANAGE_USERS.authority(me, user, on) is not None
    context = {
        "page_title": user.full_name,
        "crumbs": [LIST_CRUMB, {"label": user.full_name}],
        "account": user,
        "fact_items": user_facts(user, with_contact=can_manage),
        "roles": role_rows(RoleAssignment.objects.filter(user=user).order_by("-id"), on),
        "events": trail(user, me, on),
        "can_manage": can_manage,
        "is_me": user.pk == me.pk,
        "has_device": rules.confirmed_device(user) is not None,
    }
    return render(request, "kernel/user.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once."""
    guard(rules.MANAGE_USERS, request)
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = users.one_time_password()
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: users.create_user(actor=person(request), at=moment(request), password=password, **data),
        )
        if made:
            return _show_password(request, made, password, "حساب ساخته شد")
    context = {
        "page_title": "کاربر تازه",
        "crumbs": [LIST_CRUMB, {"label": "کاربر تازه"}],
        "form": form,
        "submit_label": "ساختن حساب",
        "cancel_url": "/users/",
        "draft_key": "user-new",
    }
    return render(request, "layouts/form.html", context)


def _show_password(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    context = {
        "page_title": title,
        "crumbs": [LIST_CRUMB, {"label": user.full_name, "url": user_url(user)}, {"label": "گذرواژه"}],
        "account": user,
        "password": password,
    }
    return render(request, "kernel/user_password.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account's data."""
    guard(rules.MANAGE_USERS, request)
    user = one(User.objects.all(), pk)
    initial = {name: getattr(user, name) for name in users.EDITABLE}
    form = UserForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: users.edit_user(user, actor=person(request), at=moment(request), **data)):
            messages.success(request, "مشخصات کاربر ذخیره شد.")
            return redirect("user", pk=user.pk)
    context = {
        "page_title": f"ویرایش {user.full_name}",
        "crumbs": [LIST_CRUMB, {"label": user.full_name, "url": user_url(user)}, {"label": "ویرایش"}],
        "form": form,
        "cancel_url": user_url(user),
        "draft_key": f"user-{user.pk}",
    }
    return render(request, "layouts/form.html", context)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, with the reason."""
    guard(rules.MANAGE_USERS, request)
    user = one(User.objects.all(), pk)
    form = NoteForm(request.POST or None, label="سبب بستن حساب")
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        if attempt(
            form, lambda: users.deactivate_user(user, actor=person(request), at=moment(request), note=note)
        ):
            messages.success(request, "حساب بسته شد.")
            return redirect("user", pk=user.pk)
    context = {
        "page_title": "بستن حساب",
        "crumbs": [LIST_CRUMB, {"label": user.full_name, "url": user_url(user)}, {"label": "بستن حساب"}],
        "sentence": f"حساب {user.full_name} بسته می‌شود.",
        "consequences": [
            "این شخص دیگر نمی‌تواند وارد شود.",
            "نقش‌ها و سابقه‌اش می‌ماند و حساب را می‌توان دوباره گشود.",
        ],
        "form": form,
        "submit_label": "بستن حساب",
        "danger": True,
        "cancel_url": user_url(user),
    }
    return render(request, "layouts/confirm.html", context)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    guard(rules.MANAGE_USERS, request)
    user = one(User.objects.all(), pk)
    users.activate_user(user, actor=person(request), at=moment(request))
    messages.success(request, "حساب دوباره باز شد.")
    return redirect("user", pk=user.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a one-time password, shown once."""
    guard(rules.MANAGE_USERS, request)
    user = one(User.objects.all(), pk)
    if request.method == "POST":
        made = users.reset_password(user, actor=person(request), at=moment(request))
        return _show_password(request, user, made, "گذرواژه تازه")
    context = {
        "page_title": "گذرواژه تازه",
        "crumbs": [LIST_CRUMB, {"label": user.full_name, "url": user_url(user)}, {"label": "گذرواژه تازه"}],
        "sentence": f"برای {user.full_name} گذرواژه تازه‌ای ساخته می‌شود.",
        "consequences": [
            "گذرواژه کنونی از کار می‌افتد و نشست‌های باز این شخص پایان می‌یابد.",
            "گذرواژه تازه تنها یک بار نشان داده می‌شود؛ آن را به خود شخص برسانید.",
        ],
        "submit_label": "ساختن گذرواژه",
        "danger": True,
        "cancel_url": user_url(user),
    }
    return render(request, "layouts/confirm.html", context)


@require_POST
def remove_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second factor of a person whose phone was lost."""
    guard(rules.MANAGE_USERS, request)
    user = one(User.objects.all(), pk)
    users.remove_device(user, actor=person(request), at=moment(request))
    messages.success(request, "ورود دومرحله‌ای این شخص برداشته شد.")
    return redirect(reverse("user", args=[user.pk]))
