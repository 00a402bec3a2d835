"""How accounts, roles and delegations are shown: rows and facts for the kit's pieces."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.base.roles import Role, ScopeKind
from staff_portal.kernel.models import Delegation, RoleAssignment, Unit, User
from staff_portal.kernel.people import access, rules
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.identifiers import format_mobile
from staff_portal.kernel.persian.jalali import format_jalali


def period_words(value: Any) -> str:
    """«از ۱ مهر ۱۴۰۵ تا ۳۰ مهر ۱۴۰۵», open-ended «از ۱ مهر ۱۴۰۵»; a dash for one that never began."""
    if value.isempty:
        return "—"
    end = last_day(value)
    begin = f"از {format_jalali(value.lower, 'medium')}"
    return f"{begin} تا {format_jalali(end, 'medium')}" if end else begin


def role_state(assignment: RoleAssignment, on: date) -> tuple[str, str]:
    """Label and tone of an assignment on a day."""
    if assignment.period.isempty:
        if assignment.confirmed_at is not None:
            return "آغاز نشده پایان یافت", "neutral"
        return ("پس گرفته شد", "neutral") if assignment.ended_at is not None else ("پذیرفته نشد", "no")
    end = last_day(assignment.period)
    if assignment.ended_at_once or (end is not None and end < on):
        return "پایان‌یافته", "neutral"
    if assignment.confirmed_at is None:
        return "در انتظار تأیید", "wait"
    return ("هنوز آغاز نشده", "go") if assignment.period.lower > on else ("در جریان", "ok")


def scope_labels(assignments: Iterable[RoleAssignment]) -> dict[tuple[str, int], str]:
    """The names of the districts and units among scopes, in one query at most."""
    rows = list(assignments)
    units = {a.scope_id for a in rows if a.scope_kind == ScopeKind.UNIT}
    names: dict[tuple[str, int], str] = (
        {
            (ScopeKind.UNIT, pk): title
            for pk, title in Unit.objects.filter(pk__in=units).values_list("pk", "title")
        }
        if units
        else {}
    )
    for row in rows:
        if row.scope_kind == ScopeKind.DISTRICT:
            names[(row.scope_kind, row.scope_id)] = f"منطقه {to_persian_digits(row.scope_id)}"
    return names


def role_rows(
    assignments: Iterable[RoleAssignment], on: date, request: HttpRequest | None = None
) -> list[dict[str, Any]]:
    """Rows of a person's roles: role, scope, period, state, and whether it may still be ended."""
    rows = list(assignments)
    names = scope_labels(rows)
    drawn = []
    for row in rows:
        state, tone = role_state(row, on)
        drawn.append(
            {
                "pk": row.pk,
                "role": row.get_role_display(),
                "scope": names.get((row.scope_kind, row.scope_id), ""),
                "period": period_words(row.period),
                "state": state,
                "tone": tone,
                "endable": tone in {"wait", "ok", "go"},
            }
        )
    return drawn


def delegation_state(delegation: Delegation, on: date) -> tuple[str, str]:
    """Label and tone of a delegation on a day."""
    if delegation.ended_at is not None:
        return "پایان داده شد", "neutral"
    end = last_day(delegation.period)
    if end is not None and end < on:
        return "پایان‌یافته", "neutral"
    return ("هنوز آغاز نشده", "go") if delegation.period.lower > on else ("در جریان", "ok")


def power_labels(codes: Iterable[str]) -> list[str]:
    """The Persian names of powers; a power that is no longer declared keeps its code."""
    return [access.PERMISSIONS[c].label if c in access.PERMISSIONS else c for c in codes]


def delegation_rows(delegations: Iterable[Delegation], user: User, on: date) -> list[dict[str, Any]]:
    """Rows of delegations: from whom, to whom, what, period, state, and whether ``user`` may end it."""
    drawn = []
    for row in delegations:
        state, tone = delegation_state(row, on)
        drawn.append(
            {
                "pk": row.pk,
                "delegator": row.delegator.full_name,
                "delegate": row.delegate.full_name,
                "role": Role(row.role).label,
                "powers": power_labels(row.powers) or ["همه اختیارها"],
                "period": period_words(row.period),
                "reference": row.reference,
                "state": state,
                "tone": tone,
                "endable": tone in {"ok", "go"} and rules.can_end_delegation(user, row, on),
            }
        )
    return drawn


def user_facts(user: User, *, with_contact: bool) -> list[dict[str, Any]]:
    """The account's own data; the mobile only where it may be seen."""
    items: list[dict[str, Any]] = [
        {"label": "نام کاربری", "value": user.username},
        {"label": "طرف", "value": user.get_side_display()},
        {"label": "سمت", "value": user.post},
    ]
    if user.unit_id:
        items.append({"label": "واحد", "value": str(user.unit)})
    if user.district_id:
        items.append({"label": "منطقه", "value": str(user.district)})
    if with_contact:
        items.append({"label": "رایانامه", "value": user.email})
        items.append({"label": "تلفن همراه", "value": format_mobile(user.mobile), "code": True})
    return items


def user_url(user: User) -> str:
    return reverse("user", args=[user.pk])
