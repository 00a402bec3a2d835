"""Accounts: making and changing them, passwords, the second factor, signing in and out (K4, K6).

Every account is made by the administrator; what its person may do follows from roles alone.
"""

import secrets
from datetime import datetime
from typing import Any

from axes.utils import reset as reset_lockout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django_otp import verify_token as check_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff_portal.kernel import access, audit, events, people_events, rules
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import ROLE_SIDE, Role

EDITABLE = (
    "username",
    "honorific",
    "first_name",
    "last_name",
    "side",
    "post",
    "unit",
    "district",
    "email",
    "mobile",
)
LAST_ADMIN = "دست‌کم یک راهبر سامانه باید بماند؛ نخست نقش راهبر را به شخص دیگری بدهید."
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_SENTENCES = {
    "password_too_short": "گذرواژه باید دست‌کم ده نویسه داشته باشد.",
    "password_too_common": "این گذرواژه رایج است و زود حدس زده می‌شود؛ گذرواژه دیگری برگزینید.",
    "password_too_similar": "این گذرواژه به نام یا رایانامه شما نزدیک است؛ گذرواژه دیگری برگزینید.",
}


def one_time_password() -> str:
    """A random password to be shown once: three groups of five letters and digits that aren't mistaken."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        fallback = "این گذرواژه پذیرفته نیست؛ گذرواژه دیگری برگزینید."
        raise Refusal(*(_PASSWORD_SENTENCES.get(e.code or "", fallback) for e in error.error_list)) from error


def create_user(
    *,
    actor: User | None,
    at: datetime,
    username: str,
    first_name: str,
    last_name: str,
    side: str,
    password: str,
    is_demo: bool = False,
    **fields: Any,
) -> User:
    """Make an account (K4). ``fields``: honorific, post, unit, district, email, mobile.

    ``actor`` None is the command line. Raises :class:`Refusal` for a name that is taken or a weak password.
    """
    authority = require(rules.MANAGE_USERS, actor, None, at)
    user = User(
        username=username.strip().lower(),
        first_name=first_name,
        last_name=last_name,
        side=side,
        is_demo=is_demo,
        created_at=at,
        **fields,
    )
    _check_password(password, user)
    user.set_password(password)
    with one_step():
        user.save(force_insert=True)
        after = audit.snapshot(user)
        audit.record(events.USER_CREATED, user, actor=actor, at=at, authority=authority, after=after)
    return user


def edit_user(user: User, *, actor: User, at: datetime, **changes: Any) -> User:
    """Change an account's data. The side stays while the person holds a role of the old one."""
    authority = require(rules.MANAGE_USERS, actor, user, at)
    unknown = changes.keys() - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    with one_step():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before = audit.snapshot(locked, EDITABLE)
        _refuse_side_change(locked, changes.get("side", locked.side), at)
        for name, value in changes.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(changes))
        old, new = audit.difference(before, audit.snapshot(locked, EDITABLE))
        if new:
            audit.record(
                events.USER_CHANGED, locked, actor=actor, at=at, authority=authority, before=old, after=new
            )
    return locked


def _refuse_side_change(user: User, side: str, at: datetime) -> None:
    if side == user.side:
        return
    on = access.local_date(at)
    lasting = Q(period__endswith__gt=on) | Q(period__upper_inf=True)
    for row in RoleAssignment.objects.filter(lasting, user=user):
        if ROLE_SIDE[row.role] != side:
            raise Refusal(f"این شخص نقش «{row.get_role_display()}» دارد؛ نخست به آن نقش پایان دهید.")


def deactivate_user(user: User, *, actor: User, at: datetime, note: str) -> User:
    """Close an account: it can't sign in any more; roles and history stay."""
    authority = require(rules.MANAGE_USERS, actor, user, at)
    note = require_text(note, "سبب بستن حساب را بنویسید.")
    if user.pk == actor.pk:
        raise Refusal("حساب خود را نمی‌توانید ببندید؛ راهبر دیگری باید این کار را بکند.")
    with one_step():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.is_active:
            raise Refusal("این حساب پیش از این بسته شده است.")
        if access.holders(Role.ADMIN, access.local_date(at)) == [locked.pk]:
            raise Refusal(LAST_ADMIN)
        _set_active(locked, False)
        audit.record(
            people_events.USER_DEACTIVATED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before={"is_active": True},
            after={"is_active": False},
            note=note,
        )
    return locked


def activate_user(user: User, *, actor: User, at: datetime) -> User:
    """Open a closed account again."""
    authority = require(rules.MANAGE_USERS, actor, user, at)
    with one_step():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if locked.is_active:
            raise Refusal("این حساب باز است.")
        _set_active(locked, True)
        audit.record(
            people_events.USER_ACTIVATED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before={"is_active": False},
            after={"is_active": True},
        )
    return locked


def _set_active(user: User, value: bool) -> None:
    user.is_active = value
    user.save(update_fields=["is_active"])


# --- passwords --------------------------------------------------------------------------------------------


def reset_password(user: User, *, actor: User, at: datetime) -> str:
    """Give another person a one-time password, returned once and kept nowhere; lifts a lock-out."""
    authority = require(rules.MANAGE_USERS, actor, user, at)
    if user.pk == actor.pk:
        raise Refusal("گذرواژه خود را از صفحه نمایه تغییر دهید.")
    password = one_time_password()
    with one_step():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        locked.set_password(password)
        locked.save(update_fields=["password"])
        audit.record(people_events.PASSWORD_RESET, locked, actor=actor, at=at, authority=authority)
    reset_lockout(username=locked.username)
    return password


def change_password(user: User, *, old: str, new: str, at: datetime) -> User:
    """Change one's own password. Raises :class:`Refusal` when the old one is wrong or the new one weak."""
    with one_step():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.check_password(old):
            raise Refusal("گذرواژه کنونی درست نیست.")
        if old == new:
            raise Refusal("گذرواژه تازه همان گذرواژه کنونی است؛ گذرواژه دیگری برگزینید.")
        _check_password(new, locked)
        locked.set_password(new)
        locked.save(update_fields=["password"])
        audit.record(people_events.PASSWORD_CHANGED, locked, actor=locked, at=at)
    return locked


# --- second factor ----------------------------------------------------------------------------------------


def begin_device(user: User) -> TOTPDevice:
    """The device that the person is about to enrol; a half-finished earlier one is taken up again.

    Nothing counts before :func:`confirm_device`, so this leaves no audit entry.
    """
    if rules.confirmed_device(user) is not None:
        raise Refusal("ورود دومرحله‌ای شما برقرار است؛ برای تعویض دستگاه نخست آن را بردارید.")
    device, _ = TOTPDevice.objects.get_or_create(user_id=user.pk, confirmed=False, defaults={"name": "تلفن"})
    return device


def verify_token(device: TOTPDevice, token: str) -> bool:
    """Whether the token is the device's of now; each is taken once, and guesses are slowed down."""
    return check_token(device.user, device.persistent_id, token) is not None


def confirm_device(device: TOTPDevice, *, token: str, at: datetime) -> TOTPDevice:
    """Finish the enrolment with the first token of the device."""
    if not device.verify_token(token):
        raise Refusal("این رمز درست نیست یا زمان آن گذشته است. رمز تازه دستگاه را بنویسید.")
    with one_step():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        audit.record(people_events.DEVICE_ENROLLED, device.user, actor=device.user, at=at)
    return device


def remove_device(user: User, *, actor: User, at: datetime) -> None:
    """Take the second factor away: one's own, or by the administrator when a phone was lost.

    Who must have one (managers and voters in production) enrols anew at the next sign-in.
    """
    authority = None if user.pk == actor.pk else require(rules.MANAGE_USERS, actor, user, at)
    if authority is None and rules.needs_second_factor(user, access.local_date(at)):
        raise NotPermitted("برای نقش شما ورود دومرحله‌ای لازم است؛ برای تعویض دستگاه به راهبر سامانه بگویید.")
    with one_step():
        deleted, _ = TOTPDevice.objects.filter(user_id=user.pk).delete()
        if not deleted:
            raise Refusal("ورود دومرحله‌ای برقرار نیست.")
        audit.record(people_events.DEVICE_REMOVED, user, actor=actor, at=at, authority=authority)


# --- sessions ---------------------------------------------------------------------------------------------


def record_sign_in(user: Any, *, at: datetime) -> None:
    """Leave the entry of a sign-in (K4)."""
    with one_step():
        audit.record(events.SIGNED_IN, user, actor=user, at=at)


def record_sign_out(user: Any, *, at: datetime, note: str = "") -> None:
    """Leave the entry of a sign-out, ``note`` when the portal ended the session."""
    with one_step():
        audit.record(events.SIGNED_OUT, user, actor=user, at=at, note=note)
