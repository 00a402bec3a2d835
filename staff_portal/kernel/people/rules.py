"""Who may do and see what of the ground floor: permissions, predicates and the matching Q for lists."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff_portal.kernel.base.roles import CONFIRMING_ROLE, DELEGABLE_ROLES, Role
from staff_portal.kernel.models import Case, Delegation, Referral, RoleAssignment, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, permission
from staff_portal.kernel.persian.search import sort_key

VOTER_ROLES = (Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER)
SECOND_FACTOR_ROLES = frozenset({Role.HQ_MANAGER, Role.DEPUTY_MANAGER, *VOTER_ROLES})
STAFF_ROLES = tuple(
    role for role in Role if role not in {Role.NGO_USER, Role.NGO_MEMBER, Role.AUDITOR, Role.ADMIN}
)

OWN_GRANT = "کسی نقش خود، یا نقشی را که خود پیشنهاد کرده است، تأیید نمی‌کند؛ شخص دیگری باید آن را بررسی کند."


def _may_confirm(user: User, assignment: RoleAssignment | None, authority: Authority) -> bool | str:
    if assignment is None:
        return True
    confirming = CONFIRMING_ROLE[assignment.role]
    if authority.role != confirming:
        return f"تأیید این نقش با {confirming.label} است."
    persons = access.persons_acting(user, authority)
    if assignment.user_id in persons or assignment.granted_by_id in persons:
        return OWN_GRANT
    return True


def _may_settle(user: User, case: Case | None, authority: Authority) -> bool | str:
    if case is None:
        return True
    if case.assignee_id is not None:
        return True if case.assignee_id == user.pk else f"این موضوع نزد {case.assignee} است."
    if authority.role == case.role and case.scope_id in {0, authority.scope_id}:
        return True
    return f"رسیدگی به این موضوع با {Role(case.role).label} است."


FOREIGN_REFERRAL = "تنها کسی که پرونده نزد اوست یا آن را ارجاع داده است می‌تواند ارجاع را پایان دهد."
FOREIGN_DELEGATION = "تنها کسی که اختیار را سپرده است می‌تواند به آن پایان دهد."


def _has_it(user: User, referral: Referral | None, authority: Authority) -> bool | str:
    return True if referral is None or referral.to_user_id == user.pk else FOREIGN_REFERRAL


def _sent_it(user: User, referral: Referral | None, authority: Authority) -> bool | str:
    return True if referral is None or referral.by_user_id == user.pk else FOREIGN_REFERRAL


def _gave_it(user: User, delegation: Delegation | None, authority: Authority) -> bool | str:
    return True if delegation is None or delegation.delegator_id == user.pk else FOREIGN_DELEGATION


def _is_own_account(user: User, account: User | None, authority: Authority) -> bool | str:
    return True if account is None or account.pk == user.pk else "این کار را تنها خود شخص انجام می‌دهد."


MANAGE_USERS = permission(
    "kernel.manage_users", "مدیریت کاربران و نقش‌ها", [Role.ADMIN], system=True, delegable=False
)
OWN_ACCOUNT = permission(
    "kernel.own_account", "گذرواژه و ورود دومرحله‌ای خود", [], _is_own_account, delegable=False, anyone=True
)
VIEW_USERS = permission(
    "kernel.view_users", "دیدن کاربران و نقش‌ها", [Role.ADMIN, Role.AUDITOR], delegable=False
)
CONFIRM_ROLES = permission("kernel.confirm_roles", "تأیید نقش‌های طرف خود", DELEGABLE_ROLES, _may_confirm)
DELEGATE_POWERS = permission("kernel.delegate", "تفویض اختیار", DELEGABLE_ROLES, delegable=False)
REFER_FILES = permission("kernel.refer", "ارجاع پرونده", STAFF_ROLES)
FINISH_REFERRALS = permission(
    "kernel.finish_referral", "پایان ارجاعی که نزد خود است", tuple(Role), _has_it, delegable=False
)
TAKE_BACK_REFERRALS = permission(
    "kernel.take_back_referral", "پس‌گرفتن ارجاع خود", tuple(Role), _sent_it, delegable=False
)
END_DELEGATIONS = permission(
    "kernel.end_delegation", "پایان تفویض خود", tuple(Role), _gave_it, delegable=False
)
OPEN_CASES = permission("kernel.open_case", "گشودن موضوع به دست سامانه", [], system=True, delegable=False)
PLACE_HOLDS = permission(
    "kernel.holds", "توقف پرونده و رفع آن در پی گامی دیگر", [], system=True, delegable=False
)
SETTLE_CASES = permission("kernel.settle_cases", "رسیدگی به موضوع‌ها", tuple(Role), _may_settle)
CHANGE_SETTINGS = permission("kernel.change_settings", "تغییر تنظیم‌ها", [Role.HQ_MANAGER, Role.ADMIN])
VIEW_SETTINGS = permission(
    "kernel.view_settings",
    "دیدن تنظیم‌ها",
    [
        Role.HQ_MANAGER,
        Role.ADMIN,
        Role.HQ_EXPERT,
        Role.SECRETARY,
        Role.DEPUTY_MANAGER,
        Role.DEPUTY_EXPERT,
        Role.AUDITOR,
    ],
)
CHANGE_HOLIDAYS = permission(
    "kernel.change_holidays", "تغییر روزهای تعطیل", [Role.ADMIN], system=True, delegable=False
)


# --- users and roles --------------------------------------------------------------------------------------


def can_view_users(user: User, obj: Any, on: date) -> bool:
    return VIEW_USERS.authority(user, obj, on) is not None


def users_visible_to(user: User, on: date) -> Q:
    """The administrator and the auditor see every account; others only their own, on their profile."""
    return Q() if can_view_users(user, None, on) else Q(pk=user.pk)


def roles_to_confirm(user: User, on: date) -> Q:
    """The grants that wait for this manager's confirmation (K6), own ones left out; refused ones are empty."""
    waiting = Q(pk__in=[])
    for authority in access.authorities(user, on):
        if authority.role not in CONFIRM_ROLES.roles or not authority.has_power(CONFIRM_ROLES.code):
            continue
        concerned = [role for role, manager in CONFIRMING_ROLE.items() if manager == authority.role]
        persons = access.persons_acting(user, authority)
        waiting |= (
            Q(role__in=concerned)
            & ~Q(user__in=persons)
            & (Q(granted_by__isnull=True) | ~Q(granted_by__in=persons))
        )
    return waiting & Q(confirmed_at__isnull=True, period__isempty=False)


def can_confirm_role(user: User, assignment: RoleAssignment, on: date) -> bool:
    return CONFIRM_ROLES.authority(user, assignment, on) is not None


# --- delegations ------------------------------------------------------------------------------------------


def own_delegable_roles(user: User, on: date) -> list[str]:
    """The roles whose powers the person may hand over: held by oneself, not by delegation (K6)."""
    return [
        a.role for a in access.authorities(user, on) if a.role in DELEGABLE_ROLES and a.on_behalf_of is None
    ]


def can_end_delegation(user: User, delegation: Delegation, on: date) -> bool:
    return delegation.delegator_id == user.pk


def delegations_visible_to(user: User, on: date) -> Q:
    """Those given and received; the administrator and the auditor see all."""
    return Q() if can_view_users(user, None, on) else Q(delegator=user) | Q(delegate=user)


def delegable_permissions(role: str) -> list[access.Permission]:
    """The powers of a role that may be handed over one by one, in the alphabet's order of their labels."""
    found = [p for p in access.PERMISSIONS.values() if role in p.roles and p.delegable]
    return sorted(found, key=lambda p: sort_key(p.label))


# --- referrals and cases ----------------------------------------------------------------------------------


def can_refer(user: User, on: date) -> bool:
    return REFER_FILES.authority(user, None, on) is not None


def can_finish_referral(user: User, referral: Referral, on: date) -> bool:
    """The person who has the file, or the one who referred it and takes it back."""
    return referral.done_at is None and user.pk in {referral.to_user_id, referral.by_user_id}


def referrals_visible_to(user: User, on: date) -> Q:
    return Q() if access.has_role(user, on, Role.AUDITOR) else Q(to_user=user) | Q(by_user=user)


def can_settle_case(user: User, case: Case, on: date) -> bool:
    return case.settled_at is None and SETTLE_CASES.authority(user, case, on) is not None


def cases_visible_to(user: User, on: date) -> Q:
    """Cases addressed to the person or to a role and scope the person holds; the auditor reads all."""
    if access.has_role(user, on, Role.AUDITOR):
        return Q()
    mine = Q(assignee=user)
    for authority in access.authorities(user, on):
        if authority.has_power(SETTLE_CASES.code):
            mine |= Q(assignee__isnull=True, role=authority.role, scope_id__in=[0, authority.scope_id])
    return mine


# --- settings and holidays --------------------------------------------------------------------------------


def can_view_settings(user: User, obj: Any, on: date) -> bool:
    return VIEW_SETTINGS.authority(user, obj, on) is not None


def can_change_settings(user: User, obj: Any, on: date) -> bool:
    return CHANGE_SETTINGS.authority(user, obj, on) is not None


def can_change_holidays(user: User, obj: Any, on: date) -> bool:
    return CHANGE_HOLIDAYS.authority(user, obj, on) is not None


# --- second factor ----------------------------------------------------------------------------------------


def confirmed_device(user: Any) -> TOTPDevice | None:
    """The person's own one-time-password device, if one was enrolled."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).first()


def needs_second_factor(user: User, on: date) -> bool:
    """In production managers and voters, delegates of managers included, sign in with a second factor."""
    return settings.PRODUCTION and bool(SECOND_FACTOR_ROLES & access.roles_of(user, on))


def second_factor_step(user: User, at: datetime) -> str:
    """The name of the address that stands between the password and the portal, or an empty string."""
    if confirmed_device(user) is not None:
        return "totp_verify"
    return "totp_enrol" if needs_second_factor(user, access.local_date(at)) else ""
