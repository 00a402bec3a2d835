"""What the ground floor puts into the frame: its navigation; what waits comes from its records' rows."""

from staff_portal.kernel.base.roles import DELEGABLE_ROLES, Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.people import rules
from staff_portal.kernel.records.cases import CASE_TASK
from staff_portal.kernel.records.referrals import REFERRAL_TASK
from staff_portal.kernel.records.roles import ROLE_TASK


def register() -> None:
    """Called once when the app is ready."""
    contributions.label_tasks(REFERRAL_TASK, "ارجاع‌ها")
    everyone_but_ngos = [role for role in Role if role not in {Role.NGO_USER, Role.NGO_MEMBER}]
    settings_readers = rules.VIEW_SETTINGS.roles
    contributions.add_nav("", "اعلان‌ها", "inbox", Role, order=20)
    contributions.add_nav("", "موضوع‌ها", "cases", set(Role) - {Role.ADMIN}, order=30, task_kind=CASE_TASK)
    manage = "راهبری سامانه"
    contributions.add_nav(manage, "کاربران", "users", [Role.ADMIN, Role.AUDITOR], order=800)
    contributions.add_nav(manage, "تأیید نقش‌ها", "roles", DELEGABLE_ROLES, order=810, task_kind=ROLE_TASK)
    contributions.add_nav(manage, "تفویض اختیار", "delegations", [*DELEGABLE_ROLES, Role.AUDITOR], order=820)
    contributions.add_nav(manage, "تنظیم‌ها", "settings", settings_readers, order=830)
    contributions.add_nav(manage, "روزهای تعطیل", "holidays", everyone_but_ngos, order=840)
