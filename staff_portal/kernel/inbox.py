"""What the ground floor puts into the frame: its navigation, and the work that waits for a person."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel import access, panels, people_events, rules
from staff_portal.kernel.models import Case, Referral, RoleAssignment, User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.roles import DELEGABLE_ROLES, Role

ROLE_TASK, REFERRAL_TASK, CASE_TASK = "kernel.role", "kernel.referral", "kernel.case"
CODE = "kernel"
MOST_SHOWN = 100

__all__ = ["parts", "people_events", "register", "task"]


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Roles to confirm, files referred to the person, cases to settle."""
    on = access.local_date(at)
    if rules.CONFIRM_ROLES.authority(user, None, on) is not None:
        roles = RoleAssignment.objects.filter(rules.roles_to_confirm(user, on)).order_by("id")
        yield panels.work_part(
            CODE,
            "role",
            roles[:MOST_SHOWN],
            name="role",
            since="granted_at",
            first="user__first_name",
            last="user__last_name",
        )
    referred = Referral.objects.filter(to_user=user, done_at__isnull=True).order_by("id")
    yield panels.work_part(
        CODE,
        "referral",
        referred[:MOST_SHOWN],
        name="root_label",
        since="created_at",
        due="due_on",
        note="note",
        first="by_user__first_name",
        last="by_user__last_name",
    )
    if not access.has_role(user, on, Role.AUDITOR):
        cases = Case.objects.filter(rules.cases_visible_to(user, on), settled_at__isnull=True).order_by("id")
        yield panels.work_part(
            CODE,
            "case",
            cases[:MOST_SHOWN],
            name="title",
            since="opened_at",
            due="due_on",
            about="root_label",
        )


def task(row: panels.WorkRow, on: date) -> panels.Task:
    """One line of the inbox."""
    extra = row.extra
    due = date.fromisoformat(extra["due"]) if extra.get("due") else None
    person = f"{extra.get('first', '')} {extra.get('last', '')}".strip()
    if row.part == "role":
        return panels.Task(
            ROLE_TASK,
            f"تأیید نقش «{Role(row.name).label}» برای {person}",
            "پیشنهاد راهبر سامانه",
            reverse("role_decide", args=[row.pk]),
            since=row.since,
        )
    if row.part == "referral":
        return panels.Task(
            REFERRAL_TASK,
            f"ارجاع: {to_persian_digits(row.name)}",
            f"{person}: {extra['note']}",
            reverse("referral", args=[row.pk]),
            due_on=due,
            since=row.since,
            rank=40,
        )
    return panels.Task(
        CASE_TASK,
        to_persian_digits(row.name),
        to_persian_digits(extra["about"]),
        reverse("case", args=[row.pk]),
        due_on=due,
        since=row.since,
    )


def register() -> None:
    """Called once when the app is ready."""
    panels.add_work(CODE, parts, task)
    everyone_but_ngos = [role for role in Role if role not in {Role.NGO_USER, Role.NGO_MEMBER}]
    settings_readers = rules.VIEW_SETTINGS.roles
    panels.add_nav("", "اعلان‌ها", "inbox", Role, order=20)
    panels.add_nav("", "موضوع‌ها", "cases", set(Role) - {Role.ADMIN}, order=30, task_kind=CASE_TASK)
    manage = "راهبری سامانه"
    panels.add_nav(manage, "کاربران", "users", [Role.ADMIN, Role.AUDITOR], order=800)
    panels.add_nav(manage, "تأیید نقش‌ها", "roles", DELEGABLE_ROLES, order=810, task_kind=ROLE_TASK)
    panels.add_nav(manage, "تفویض اختیار", "delegations", [*DELEGABLE_ROLES, Role.AUDITOR], order=820)
    panels.add_nav(manage, "تنظیم‌ها", "settings", settings_readers, order=830)
    panels.add_nav(manage, "روزهای تعطیل", "holidays", everyone_but_ngos, order=840)
