"""Granting, confirming, refusing and ending roles (K6).

The administrator grants, that side's manager confirms; nobody confirms an own grant or an own role, and the
administrator holds no other role.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from staff_portal.kernel.base.periods import last_day as last_day_of
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import (
    CONFIRMING_ROLE,
    ROLE_SCOPE,
    ROLE_SIDE,
    VOTING_ROLES,
    Role,
    ScopeKind,
    Side,
)
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations.users import LAST_ADMIN
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

ADMIN_ALONE = "راهبر سامانه نقش دیگری نمی‌گیرد، و کسی که نقش دیگری دارد راهبر نمی‌شود."
SECRETARY_HAS_NO_VOTE = "دبیر کمیته رأی ندارد: کسی که دبیر است عضو کمیته نمی‌شود و عضو کمیته دبیر نمی‌شود."


# --- what others call -----------------------------------------------------------------------------------------


def grant_role(
    user: User,
    role: str,
    *,
    scope_id: int = 0,
    start_on: date,
    last_day: date | None = None,
    actor: User | None,
    at: datetime,
) -> RoleAssignment:
    """Propose a role for a period of whole days, ``last_day`` included; it counts once confirmed (K6).

    ``scope_id`` is the district or unit of roles that have one. ``actor`` None is the command line.
    """
    made: RoleAssignment = table_for(RoleAssignment).apply(
        user, "grant", actor=actor, at=at, role=role, scope_id=scope_id, start_on=start_on, last_day=last_day
    )
    return made


def confirm_role(assignment: RoleAssignment, *, actor: User | None, at: datetime) -> RoleAssignment:
    """Confirm a proposed role as that side's manager (K6); persons count, not roles.

    ``actor`` None, the command line, may do so only while nobody holds the confirming role: that is how the
    first manager of a side comes in.
    """
    table = table_for(assignment)
    if actor is not None:
        confirmed: RoleAssignment = table.apply(assignment, "confirm", actor=actor, at=at)
        return confirmed
    confirming = CONFIRMING_ROLE[assignment.role]
    if access.holders(confirming, access.local_date(at)):
        raise NotPermitted(f"این نقش را {confirming.label} تأیید می‌کند.")
    first: RoleAssignment = table.apply(
        assignment, "confirm_first", actor=None, at=at, within=Step(None, at, access.SYSTEM)
    )
    return first


def refuse_role(assignment: RoleAssignment, *, actor: User, at: datetime, note: str) -> RoleAssignment:
    """Turn a proposed role down with a note; the row stays, with an empty period."""
    refused: RoleAssignment = table_for(assignment).apply(assignment, "refuse", actor=actor, at=at, note=note)
    return refused


def end_role(
    assignment: RoleAssignment, *, actor: User | None, at: datetime, last_day: date | None = None
) -> RoleAssignment:
    """End a role with ``last_day`` included, or at once when it is None: its rights stop at this moment, and today is
    the last day on which the person held it. One not begun never begins."""
    ended: RoleAssignment = table_for(assignment).apply(
        assignment, "end", actor=actor, at=at, last_day=last_day
    )
    return ended


def grant_seat_role(user: User, role: str, *, start_on: date, at: datetime) -> RoleAssignment:
    """The role that an appointment itself confers, from ``start_on`` on; call it in the appointment's transaction.

    Who appoints is that side's head, so nothing is left for the administrator to propose or a manager to confirm (K6).
    """
    made: RoleAssignment = table_for(RoleAssignment).apply(
        user,
        "confer",
        actor=None,
        at=at,
        within=Step(None, at, access.SYSTEM),
        role=role,
        start_on=start_on,
    )
    user.__dict__.pop("_authorities", None)
    return made


def end_seat_role(assignment: RoleAssignment, *, last_day: date, at: datetime) -> None:
    """End the role that came with an appointment, with the appointment; one ended earlier stays as it is."""
    fresh = RoleAssignment.objects.get(pk=assignment.pk)
    current = last_day_of(fresh.period)
    if fresh.period.isempty or (current is not None and current <= last_day):
        return
    table_for(assignment).apply(
        fresh,
        "end_with_seat",
        actor=None,
        at=at,
        within=Step(None, at, access.SYSTEM),
        last_day=last_day,
    )


# --- what stands against ----------------------------------------------------------------------------------------


def against_grant(user: User, step: Step) -> Iterable[str]:
    """The period is one to come, the role has its scope, the person may hold it."""
    asked = step.asked
    role, last_day = asked.get("role"), asked.get("last_day")
    if role is None:
        return []
    if last_day is not None and last_day < asked["start_on"]:
        return ["تاریخ پایان پیش از تاریخ آغاز است؛ آن دو را بازبینی کنید."]
    if last_day is not None and last_day < step.on:
        return ["این دوره گذشته است؛ تاریخ پایان را بازبینی کنید."]
    kind = ROLE_SCOPE.get(role, "")
    if kind and not asked["scope_id"]:
        return [f"برای نقش «{Role(role).label}» {ScopeKind(kind).label} را برگزینید."]
    return against_person(user, role, period(asked["start_on"], last_day))


def against_conferring(user: User, step: Step) -> Iterable[str]:
    return against_person(user, step.asked["role"], period(step.asked["start_on"]))


def against_person(user: User, role: str, during: Any, but: int = 0) -> list[str]:
    """The person is active and of the role's side; administrators hold no other role, secretaries no vote."""
    if not user.is_active:
        return ["این حساب بسته است؛ نخست آن را بگشایید."]
    side = ROLE_SIDE[role]
    if user.side != side:
        return [f"نقش «{Role(role).label}» از آن «{Side(side).label}» است و این شخص از آن طرف نیست."]
    others = RoleAssignment.objects.filter(user=user, period__overlap=during).exclude(pk=but)
    clashing = ~Q(role=Role.ADMIN) if role == Role.ADMIN else Q(role=Role.ADMIN)
    if others.filter(clashing).exists():
        return [ADMIN_ALONE]
    if role == Role.SECRETARY:
        voting = others.filter(role__in=VOTING_ROLES)
    else:
        voting = others.filter(role=Role.SECRETARY) if role in VOTING_ROLES else others.none()
    return [SECRETARY_HAS_NO_VOTE] if voting.exists() else []


def waits(assignment: RoleAssignment) -> bool:
    """Whether a manager still has to confirm or refuse it."""
    return assignment.confirmed_at is None and not assignment.period.isempty


def against_confirming(assignment: RoleAssignment, step: Step) -> Iterable[str]:
    if found := against_deciding(assignment, step):
        return found
    last = last_day_of(assignment.period)
    if last is not None and last < step.on:
        return ["دوره این نقش گذشته است؛ راهبر باید دوره تازه‌ای پیشنهاد کند."]
    return against_person(assignment.user, assignment.role, assignment.period, assignment.pk)


def against_deciding(assignment: RoleAssignment, step: Step) -> list[str]:
    if assignment.confirmed_at is not None:
        return ["این نقش پیش از این تأیید شده است."]
    if assignment.period.isempty:
        return ["این نقش پیش از این رد شده یا پایان یافته است."]
    return []


def against_ending(assignment: RoleAssignment, step: Step) -> Iterable[str]:
    """Roles end today at the earliest and are never prolonged; one administrator stays."""
    last_day, on = step.asked.get("last_day"), step.on
    if last_day is not None and last_day < on:
        return ["پایان نقش نمی‌تواند پیش از امروز باشد."]
    old_last = last_day_of(assignment.period)
    is_over = assignment.period.isempty or assignment.ended_at_once
    if is_over or (old_last is not None and old_last < on):
        return ["این نقش پیش از این پایان یافته است."]
    if old_last is not None and last_day is not None and last_day > old_last:
        return ["پایان نقش را نمی‌توان عقب‌تر برد؛ راهبر باید نقش تازه‌ای پیشنهاد کند."]
    if assignment.role == Role.ADMIN and access.holders(Role.ADMIN, on) == [assignment.user_id]:
        return [LAST_ADMIN]
    return []


# --- what is stored -----------------------------------------------------------------------------------------------


def granted(user: User, step: Step) -> dict[str, Any]:
    """The columns of a proposed role."""
    asked = step.asked
    kind = ROLE_SCOPE.get(asked["role"], "")
    return {
        "user": user,
        "role": asked["role"],
        "scope_kind": kind,
        "scope_id": asked["scope_id"] if kind else 0,
        "period": period(asked["start_on"], asked["last_day"]),
        "granted_by": step.actor,
        "granted_at": step.at,
    }


def conferred(user: User, step: Step) -> dict[str, Any]:
    """The columns of a role that an appointment itself confers."""
    return {
        "user": user,
        "role": step.asked["role"],
        "period": period(step.asked["start_on"]),
        "granted_at": step.at,
        "confirmed_at": step.at,
    }


def confirmed(assignment: RoleAssignment, step: Step) -> dict[str, Any]:
    return {"confirmed_by": step.actor, "confirmed_at": step.at}


def refused(assignment: RoleAssignment, step: Step) -> dict[str, Any]:
    return {"period": _nothing(assignment)}


def ended(assignment: RoleAssignment, step: Step) -> dict[str, Any]:
    """The period cut to its last day, today when the role ends at once; one that was never held becomes empty: not
    begun, or not confirmed by the end."""
    asked, start = step.asked["last_day"], assignment.period.lower
    last_day = asked or step.on
    if last_day < start or (asked is None and assignment.confirmed_at is None):
        return {"period": _nothing(assignment), "ended_at": step.at}
    return {"period": period(start, last_day), "ended_at": step.at, "ended_at_once": asked is None}


def _nothing(assignment: RoleAssignment) -> Any:
    return type(assignment.period)(empty=True)
