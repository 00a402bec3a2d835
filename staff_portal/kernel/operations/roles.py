"""Granting, confirming, refusing and ending roles (K6).

The administrator grants, that side's manager confirms; nobody confirms an own grant or an own role, and the
administrator holds no other role.
"""

from datetime import date, datetime

from django.db.models import Q

from staff_portal.kernel import access, audit, events, people_events, rules
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.operations.users import LAST_ADMIN
from staff_portal.kernel.periods import last_day as last_day_of
from staff_portal.kernel.periods import period
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import (
    CONFIRMING_ROLE,
    ROLE_SCOPE,
    ROLE_SIDE,
    VOTING_ROLES,
    Role,
    ScopeKind,
    Side,
)

ADMIN_ALONE = "راهبر سامانه نقش دیگری نمی‌گیرد، و کسی که نقش دیگری دارد راهبر نمی‌شود."

SECRETARY_HAS_NO_VOTE = "دبیر کمیته رأی ندارد: کسی که دبیر است عضو کمیته نمی‌شود و عضو کمیته دبیر نمی‌شود."


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
    authority = require(rules.MANAGE_USERS, actor, user, at)
    if last_day is not None and last_day < start_on:
        raise Refusal("تاریخ پایان پیش از تاریخ آغاز است؛ آن دو را بازبینی کنید.")
    if last_day is not None and last_day < access.local_date(at):
        raise Refusal("این دوره گذشته است؛ تاریخ پایان را بازبینی کنید.")
    kind = ROLE_SCOPE.get(role, "")
    if kind and not scope_id:
        raise Refusal(f"برای نقش «{Role(role).label}» {ScopeKind(kind).label} را برگزینید.")
    assignment = RoleAssignment(
        user=user,
        role=role,
        scope_kind=kind,
        scope_id=scope_id if kind else 0,
        period=period(start_on, last_day),
        granted_by=actor,
        granted_at=at,
    )
    with one_step():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _check_person(locked, assignment)
        assignment.save(force_insert=True)
        audit.record(
            events.ROLE_GRANTED,
            assignment,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(assignment),
            root=locked,
        )
    return assignment


def _check_person(user: User, assignment: RoleAssignment) -> None:
    """The person is active and of the role's side; administrators hold no other role, secretaries no vote."""
    if not user.is_active:
        raise Refusal("این حساب بسته است؛ نخست آن را بگشایید.")
    side = ROLE_SIDE[assignment.role]
    if user.side != side:
        raise Refusal(
            f"نقش «{Role(assignment.role).label}» از آن «{Side(side).label}» است و این شخص از آن طرف نیست."
        )
    others = RoleAssignment.objects.filter(user=user, period__overlap=assignment.period).exclude(
        pk=assignment.pk
    )
    clashing = ~Q(role=Role.ADMIN) if assignment.role == Role.ADMIN else Q(role=Role.ADMIN)
    if others.filter(clashing).exists():
        raise Refusal(ADMIN_ALONE)
    if assignment.role == Role.SECRETARY:
        voting = others.filter(role__in=VOTING_ROLES)
    else:
        voting = others.filter(role=Role.SECRETARY) if assignment.role in VOTING_ROLES else others.none()
    if voting.exists():
        raise Refusal(SECRETARY_HAS_NO_VOTE)


def confirm_role(assignment: RoleAssignment, *, actor: User | None, at: datetime) -> RoleAssignment:
    """Confirm a proposed role as that side's manager (K6); persons count, not roles.

    ``actor`` None, the command line, may do so only while nobody holds the confirming role: that is how the
    first manager of a side comes in.
    """
    with one_step():
        locked = _lock(assignment)
        authority = _confirming_authority(locked, actor, at)
        _refuse_unless_waiting(locked)
        last = last_day_of(locked.period)
        if last is not None and last < access.local_date(at):
            raise Refusal("دوره این نقش گذشته است؛ راهبر باید دوره تازه‌ای پیشنهاد کند.")
        _check_person(User.objects.select_for_update(no_key=True).get(pk=locked.user_id), locked)
        locked.confirmed_by, locked.confirmed_at = actor, at
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record(
            events.ROLE_CONFIRMED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            after={"confirmed_at": at.isoformat()},
            root=locked.user,
        )
    return locked


def _confirming_authority(assignment: RoleAssignment, actor: User | None, at: datetime) -> access.Authority:
    if actor is not None:
        return require(rules.CONFIRM_ROLES, actor, assignment, at)
    confirming = CONFIRMING_ROLE[assignment.role]
    if access.holders(confirming, access.local_date(at)):
        raise NotPermitted(f"این نقش را {confirming.label} تأیید می‌کند.")
    return access.SYSTEM


def refuse_role(assignment: RoleAssignment, *, actor: User, at: datetime, note: str) -> RoleAssignment:
    """Turn a proposed role down with a note; the row stays, with an empty period."""
    note = require_text(note, "سبب نپذیرفتن نقش را بنویسید.")
    with one_step():
        locked = _lock(assignment)
        authority = require(rules.CONFIRM_ROLES, actor, locked, at)
        _refuse_unless_waiting(locked)
        before = audit.snapshot(locked, ["period"])
        _set_period(locked, None, None)
        audit.record(
            people_events.ROLE_REFUSED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            note=note,
            root=locked.user,
        )
    return locked


def end_role(
    assignment: RoleAssignment, *, actor: User | None, at: datetime, last_day: date | None = None
) -> RoleAssignment:
    """End a role with ``last_day`` included, or at once when it is None; one not begun never begins."""
    authority = require(rules.MANAGE_USERS, actor, assignment, at)
    on = access.local_date(at)
    if last_day is not None and last_day < on:
        raise Refusal("پایان نقش نمی‌تواند پیش از امروز باشد.")
    with one_step():
        locked = _lock(assignment)
        old_last = last_day_of(locked.period)
        if locked.period.isempty or (old_last is not None and old_last < on):
            raise Refusal("این نقش پیش از این پایان یافته است.")
        if old_last is not None and last_day is not None and last_day > old_last:
            raise Refusal("پایان نقش را نمی‌توان عقب‌تر برد؛ راهبر باید نقش تازه‌ای پیشنهاد کند.")
        if locked.role == Role.ADMIN and access.holders(Role.ADMIN, on) == [locked.user_id]:
            raise Refusal(LAST_ADMIN)
        before = audit.snapshot(locked, ["period"])
        _set_period(locked, locked.period.lower, last_day or date.fromordinal(on.toordinal() - 1))
        audit.record(
            events.ROLE_ENDED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=before,
            after=audit.snapshot(locked, ["period"]),
            root=locked.user,
        )
    return locked


def grant_seat_role(user: User, role: str, *, start_on: date, at: datetime) -> RoleAssignment:
    """The role that an appointment itself confers, from ``start_on`` on; call it in the appointment's transaction.

    Who appoints is that side's head, so nothing is left for the administrator to propose or a manager to confirm (K6).
    """
    assignment = RoleAssignment(user=user, role=role, period=period(start_on), granted_at=at, confirmed_at=at)
    _check_person(user, assignment)
    assignment.save(force_insert=True)
    audit.record(
        events.ROLE_CONFIRMED, assignment, actor=None, at=at, after=audit.snapshot(assignment), root=user
    )
    user.__dict__.pop("_authorities", None)
    return assignment


def end_seat_role(assignment: RoleAssignment, *, last_day: date, at: datetime) -> None:
    """End the role that came with an appointment, with the appointment; one ended earlier stays as it is."""
    locked = _lock(assignment)
    current = last_day_of(locked.period)
    if locked.period.isempty or (current is not None and current <= last_day):
        return
    before = audit.snapshot(locked, ["period"])
    _set_period(locked, locked.period.lower, last_day)
    audit.record(
        events.ROLE_ENDED,
        locked,
        actor=None,
        at=at,
        before=before,
        after=audit.snapshot(locked, ["period"]),
        root=locked.user,
    )


def _set_period(assignment: RoleAssignment, start: date | None, end: date | None) -> None:
    empty = start is None or (end is not None and end < start)
    assignment.period = type(assignment.period)(empty=True) if empty else period(start, end)  # type: ignore[arg-type]
    assignment.save(update_fields=["period"])


def _lock(assignment: RoleAssignment) -> RoleAssignment:
    return (
        RoleAssignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .get(pk=assignment.pk)
    )


def _refuse_unless_waiting(assignment: RoleAssignment) -> None:
    if assignment.confirmed_at is not None:
        raise Refusal("این نقش پیش از این تأیید شده است.")
    if assignment.period.isempty:
        raise Refusal("این نقش پیش از این رد شده یا پایان یافته است.")
