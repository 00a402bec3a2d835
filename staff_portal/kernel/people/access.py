"""Who may do what: roles in force, delegated powers (K6), and permissions that name them.

A permission answers with an :class:`Authority`, the role (and delegation) by which the person acts, so that
the audit entry can record it. ``None`` means no.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Delegation, RoleAssignment, User

SYSTEM_ROLE = "system"
SYSTEM_LABEL = "سامانه"


@dataclass(frozen=True)
class Authority:
    """One role that a person holds on the day ``on``, own or by delegation (``on_behalf_of`` the delegator)."""

    role: str
    scope_kind: str = ""
    scope_id: int = 0
    on_behalf_of: User | None = None
    powers: tuple[str, ...] = ()
    on: date = date.min

    def has_power(self, code: str) -> bool:
        return not self.powers or code in self.powers

    def covers(self, kind: str, scope_id: int | None) -> bool:
        return self.scope_kind == kind and self.scope_id == scope_id


SYSTEM = Authority(role=SYSTEM_ROLE)


def persons_acting(user: User | None, authority: Authority) -> set[int]:
    """Who counts as acting: the person, and the one on whose behalf; four eyes are persons, not roles (K6)."""
    persons = {user, authority.on_behalf_of}
    return {person.pk for person in persons if person is not None}


def local_date(at: datetime) -> date:
    """The day in Tehran on which ``at`` lies."""
    return timezone.localtime(at).date()


def role_in_force(on: date, path: str = "") -> Q:
    """The condition for roles that give their rights on that day: confirmed, within the period, and not ended at once
    on that very day, though the person held it then. ``path`` leads to the role assignments, with its underscores."""
    lasting = Q(**{f"{path}ended_at_once": False}) | Q(
        **{f"{path}period__endswith__gt": on + timedelta(days=1)}
    )
    return lasting & Q(**{f"{path}period__contains": on, f"{path}confirmed_at__isnull": False})


def authorities(user: Any, on: date) -> tuple[Authority, ...]:
    """Every role ``user`` holds on that day, own ones first. Read once for a user object and day."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ()
    cache: dict[date, tuple[Authority, ...]] = user.__dict__.setdefault("_authorities", {})
    if on not in cache:
        cache[on] = tuple(_held(user.pk, on))
    return cache[on]


# Asked on every page: written out, since the two querysets of it cost more than their answer.
_HELD = """
    SELECT 0, role.id, role.role, role.scope_kind, role.scope_id, NULL::bigint, NULL::text[]
    FROM kernel_roleassignment role
    WHERE role.user_id = %(user)s AND role.period @> %(on)s AND role.confirmed_at IS NOT NULL
      AND (NOT role.ended_at_once OR upper(role.period) > %(on)s + 1)
    UNION ALL
    SELECT 1, handed.id, handed.role, '', 0, handed.delegator_id, handed.powers::text[]
    FROM kernel_delegation handed JOIN kernel_user delegator ON delegator.id = handed.delegator_id
    WHERE handed.delegate_id = %(user)s AND handed.period @> %(on)s AND handed.ended_at IS NULL
      AND delegator.is_active AND EXISTS (
        SELECT FROM kernel_roleassignment role
        WHERE role.user_id = handed.delegator_id AND role.role = handed.role AND role.period @> %(on)s
          AND role.confirmed_at IS NOT NULL AND (NOT role.ended_at_once OR upper(role.period) > %(on)s + 1))
    ORDER BY 1, 2
"""


def _held(pk: int, on: date) -> Iterator[Authority]:
    """The roles in force, then those handed on by somebody who holds them (K6); one statement without the latter."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"user": pk, "on": on})
        rows = cursor.fetchall()
    delegators = {row[5] for row in rows if row[5] is not None}
    people = User.objects.in_bulk(delegators) if delegators else {}
    for _, _, role, scope_kind, scope_id, delegator, powers in rows:
        if delegator is None:
            yield Authority(role, scope_kind, scope_id, on=on)
        else:
            yield Authority(role, on_behalf_of=people[delegator], powers=tuple(powers), on=on)


def roles_of(user: Any, on: date) -> set[str]:
    """The codes of all roles in force, delegated ones included."""
    return {authority.role for authority in authorities(user, on)}


def has_role(user: Any, on: date, *roles: str) -> bool:
    """Whether the person holds one of ``roles`` on that day, own or delegated.

    For seeing; what a delegate may do is asked of a :class:`Permission`, which looks at the single powers.
    """
    return any(authority.role in roles for authority in authorities(user, on))


def scope_ids(user: Any, on: date, role: str) -> list[int]:
    """The ids of the districts or units for which the person holds ``role``."""
    return [a.scope_id for a in authorities(user, on) if a.role == role]


def holders(role: str, on: date, *, scope_id: int | None = None) -> list[int]:
    """Ids of the active people who hold ``role`` on that day (for notices), delegates in full included."""
    rows = RoleAssignment.objects.filter(role_in_force(on), role=role, user__is_active=True)
    if scope_id is not None:
        rows = rows.filter(scope_id=scope_id)
    own = set(rows.values_list("user_id", flat=True))
    handed = Delegation.objects.filter(
        role=role,
        period__contains=on,
        ended_at__isnull=True,
        delegator__in=own,
        delegate__is_active=True,
        powers=[],
    ).values_list("delegate_id", flat=True)
    return sorted(own | set(handed))


@dataclass(frozen=True)
class Permission:
    """A named power: which roles have it, and what must hold between the person and the object.

    ``check(user, obj, authority)`` returns True, or the Persian sentence that says why not.
    ``system`` allows the application itself (actor ``None``), ``anyone`` whoever has an open account, by no role.
    ``stands`` is what must hold of the person that day besides the role, so that something waits for them: a seat, say.
    """

    code: str
    label: str
    roles: tuple[str, ...]
    check: Callable[[Any, Any, Authority], bool | str] | None = None
    system: bool = False
    delegable: bool = field(default=True)
    anyone: bool = field(default=False)
    stands: Callable[[User, date], bool] | None = field(default=None)

    def authority(self, user: User | None, obj: Any, on: date) -> Authority | None:
        """The authority by which ``user`` may act on ``obj`` on that day, or None."""
        return self.decide(user, obj, on)[0]

    def decide(self, user: User | None, obj: Any, on: date) -> tuple[Authority | None, str]:
        """The authority, or None and the sentence that says why not."""
        if user is None:
            return (SYSTEM, "") if self.system else (None, "این کار را سامانه خودکار انجام نمی‌دهد.")
        reason = ""
        for authority in self._held_by(user, on):
            if authority.on_behalf_of is not None and not self.delegable:
                reason = reason or "این اختیار را نمی‌توان به دیگری سپرد."
                continue
            answer = True if self.check is None else self.check(user, obj, authority)
            if answer is True:
                return authority, ""
            reason = reason or (answer if isinstance(answer, str) else "")
        return None, reason or f"این کار با {self.people()} است."

    def is_among(self, held: Iterable[Authority]) -> bool:
        """Whether one of these authorities gives the power, whatever the single file."""
        return any(
            authority.role in self.roles
            and authority.has_power(self.code)
            and (self.delegable or authority.on_behalf_of is None)
            for authority in held
        )

    def _held_by(self, user: User, on: date) -> list[Authority]:
        """By what the person has the power on that day: the account itself, or roles, own ones first."""
        if self.anyone:
            return [Authority(role="", on=on)] if user.is_active else []
        held = authorities(user, on)
        return [row for row in held if row.role in self.roles and row.has_power(self.code)]

    def people(self) -> str:
        """«رئیس ستاد سمن‌ها یا کارشناس ستاد سمن‌ها»."""
        return " یا ".join(str(Role(role).label) for role in self.roles) or SYSTEM_LABEL


def holds_power(user: Any, power: Permission, on: date) -> bool:
    """Whether the person has the power at all, own or delegated (K6), whatever the single file."""
    return power.is_among(authorities(user, on)) and (power.stands is None or power.stands(user, on))


PERMISSIONS: dict[str, Permission] = {}


def permission(
    code: str,
    label: str,
    roles: Iterable[str],
    check: Callable[[Any, Any, Authority], bool | str] | None = None,
    *,
    system: bool = False,
    delegable: bool = True,
    anyone: bool = False,
    stands: Callable[[User, date], bool] | None = None,
) -> Permission:
    """Declare a permission once; managers choose among these when they delegate."""
    if code in PERMISSIONS:
        raise ValueError(f"permission declared twice: {code}")
    PERMISSIONS[code] = Permission(code, label, tuple(roles), check, system, delegable, anyone, stands)
    return PERMISSIONS[code]
