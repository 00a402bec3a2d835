"""What the ground floor puts into the frame: its navigation, and the work that waits for a person."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from staff_portal.kernel import access, panels, people_events, rules
from staff_portal.kernel.models import Case, Referral, RoleAssignment, User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.roles import DELEGABLE_ROLES, Role

ROLE_TASK, REFERRAL_TASK, CASE_TASK = "kernel.role", "kernel.referral", "kernel.case"
MOST_SHOWN = 100

__all__ = ["people_events", "register", "work_of"]


def work_of(user: User, at: datetime) -> Iterable[panels.Task]:
    """Roles to confirm, files referred to the person, cases to settle: at most three queries."""
    on = access.local_date(at)
    if rules.CONFIRM_ROLES.authority(user, None, on) is not None:
        waiting = RoleAssignment.objects.filter(rules.roles_to_confirm(user, on)).select_related("user")
        for assignment in waiting.order_by("id")[:MOST_SHOWN]:
            yield panels.Task(
                ROLE_TASK,
                f"تأیید نقش «{assignment.get_role_display()}» برای {assignment.user}",
                "پیشنهاد راهبر سامانه",
                reverse("role_decide", args=[assignment.pk]),
                since=assignment.granted_at,
            )
    referred = Referral.objects.filter(to_user=user, done_at__isnull=True).select_related("by_user")
    for referral in referred.order_by("id")[:MOST_SHOWN]:
        yield panels.Task(
            REFERRAL_TASK,
            f"ارجاع: {to_persian_digits(referral.root_label)}",
            f"{referral.by_user}: {referral.note}",
            reverse("referral", args=[referral.pk]),
            due_on=referral.due_on,
            since=referral.created_at,
            rank=40,
        )
    yield from _cases(user, at)


def _cases(user: User, at: datetime) -> Iterable[panels.Task]:
    on = access.local_date(at)
    if access.has_role(user, on, Role.AUDITOR):
        return
    cases = Case.objects.filter(rules.cases_visible_to(user, on), settled_at__isnull=True)
    for case in cases.order_by("id")[:MOST_SHOWN]:
        yield panels.Task(
            CASE_TASK,
            to_persian_digits(case.title),
            to_persian_digits(case.root_label),
            reverse("case", args=[case.pk]),
            due_on=case.due_on,
            since=case.opened_at,
        )


def register() -> None:
    """Called once when the app is ready."""
    panels.REGISTRY.inbox.append(work_of)
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
