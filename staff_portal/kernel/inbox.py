"""What the ground floor puts into the frame: its navigation; what waits comes from its records' rows."""

from staff_portal.kernel import panels, rules
from staff_portal.kernel.records.cases import CASE_TASK
from staff_portal.kernel.records.referrals import REFERRAL_TASK
from staff_portal.kernel.records.roles import ROLE_TASK
from staff_portal.kernel.roles import DELEGABLE_ROLES, Role


def register() -> None:
    """Called once when the app is ready."""
    panels.label_tasks(REFERRAL_TASK, "ارجاع‌ها")
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
