"""Accounts: making and changing them, passwords, the second factor, signing in and out (K4, K6).

Every account is made by the administrator; what its person may do follows from roles alone.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from axes.utils import reset as reset_lockout
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django_otp import verify_token as check_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import ROLE_SIDE, Role
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.people import access, rules
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

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
BY_ACCOUNT = Authority(role="")
"""Who signs in or out does so by the account, whatever the roles."""
PLACES = ("unit", "district")
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


def weaknesses(password: str, user: User) -> list[str]:
    """The sentences that stand against a password for that person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        fallback = "این گذرواژه پذیرفته نیست؛ گذرواژه دیگری برگزینید."
        return [_PASSWORD_SENTENCES.get(found.code or "", fallback) for found in error.error_list]
    return []


def create_user(*, actor: User | None, at: datetime, **asked: Any) -> User:
    """Make an account (K4): names, ``side``, ``username`` and ``password``, and what else of it is known.

    ``actor`` None is the command line. Raises :class:`Refusal` for a name that is taken or a weak password.
    """
    made: User = table_for(User).apply(None, "create", actor=actor, at=at, **asked)
    return made


def edit_user(user: User, *, actor: User, at: datetime, **changes: Any) -> User:
    """Change an account's data. The side stays while the person holds a role of the old one."""
    edited: User = table_for(User).apply(user, "change", actor=actor, at=at, given=sorted(changes), **changes)
    return edited


def deactivate_user(user: User, *, actor: User, at: datetime, note: str) -> User:
    """Close an account: it can't sign in any more; roles and history stay."""
    closed: User = table_for(User).apply(user, "close", actor=actor, at=at, note=note)
    return closed


def activate_user(user: User, *, actor: User, at: datetime) -> User:
    """Open a closed account again."""
    opened: User = table_for(User).apply(user, "reopen", actor=actor, at=at)
    return opened


def reset_password(user: User, *, actor: User, at: datetime) -> str:
    """Give another person a one-time password, returned once and kept nowhere; lifts a lock-out."""
    password = one_time_password()
    table_for(User).apply(user, "reset_password", actor=actor, at=at, password=password)
    return password


# --- what the rows of an account ask -----------------------------------------------------------------------


def against_creating(parent: None, step: Step) -> Iterable[str]:
    """The password is not weak for that person."""
    if "password" in step.asked:
        data = {name: step.asked[name] or "" for name in ("username", "first_name", "last_name", "email")}
        yield from weaknesses(step.asked["password"], User(**data))


def created(parent: None, step: Step) -> dict[str, Any]:
    """The columns of an account."""
    asked = step.asked
    return {
        **{name: asked[name] or "" for name in EDITABLE if name not in PLACES},
        **{name: asked[name] for name in PLACES},
        "username": asked["username"].lower(),
        "password": make_password(asked["password"]),
        "is_demo": bool(asked["is_demo"]),
        "created_at": step.at,
    }


def side_is_held(user: User, step: Step) -> Iterable[str]:
    """The side stays while the person holds a role of the old one."""
    side = step.asked.get("side") or user.side
    if side == user.side:
        return
    lasting = Q(period__endswith__gt=step.on) | Q(period__upper_inf=True)
    for row in RoleAssignment.objects.filter(lasting, user=user, ended_at_once=False):
        if ROLE_SIDE[row.role] != side:
            yield f"این شخص نقش «{row.get_role_display()}» دارد؛ نخست به آن نقش پایان دهید."
            return


def changed(user: User, step: Step) -> dict[str, Any]:
    """Only what was given; what was emptied is stored empty."""
    return {
        name: step.asked[name] if name in PLACES else step.asked[name] or "" for name in step.asked["given"]
    }


def against_closing(user: User, step: Step) -> Iterable[str]:
    """Not the own one, not twice, not the last administrator's."""
    if step.actor is not None and user.pk == step.actor.pk:
        yield "حساب خود را نمی‌توانید ببندید؛ راهبر دیگری باید این کار را بکند."
    elif not user.is_active:
        yield "این حساب پیش از این بسته شده است."
    elif access.holders(Role.ADMIN, step.on) == [user.pk]:
        yield LAST_ADMIN


def is_open(user: User, step: Step) -> Iterable[str]:
    if user.is_active:
        yield "این حساب باز است."


def is_own(user: User, step: Step) -> Iterable[str]:
    if step.actor is not None and user.pk == step.actor.pk:
        yield "گذرواژه خود را از صفحه نمایه تغییر دهید."


def with_password(user: User, step: Step) -> dict[str, Any]:
    return {"password": make_password(step.asked["password"])}


def lift_lock_out(user: User, step: Step) -> None:
    """Whoever gets a new password may try again at once."""
    reset_lockout(username=user.username)


# --- the own password --------------------------------------------------------------------------------------


def change_password(user: User, *, old: str, new: str, at: datetime) -> User:
    """Change one's own password. Raises :class:`Refusal` when the old one is wrong or the new one weak."""
    changed: User = table_for(User).apply(user, "change_password", actor=user, at=at, old=old, password=new)
    return changed


def against_new_password(user: User, step: Step) -> Iterable[str]:
    """Who knows the old one gives another, which is not weak."""
    asked = step.asked
    if "old" not in asked:
        return
    if not user.check_password(asked["old"]):
        yield "گذرواژه کنونی درست نیست."
    elif asked["old"] == asked["password"]:
        yield "گذرواژه تازه همان گذرواژه کنونی است؛ گذرواژه دیگری برگزینید."
    else:
        yield from weaknesses(asked["password"], user)


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
    table_for(User).apply(device.user, "enrol_device", actor=device.user, at=at, device=device)
    device.refresh_from_db()
    return device


def remove_device(user: User, *, actor: User, at: datetime) -> None:
    """Take the second factor away: one's own, or by the administrator when a phone was lost.

    Who must have one (managers and voters in production) enrols anew at the next sign-in.
    """
    row = "remove_own_device" if user.pk == actor.pk else "remove_device"
    table_for(User).apply(user, row, actor=actor, at=at)


def enrolled(user: User, step: Step) -> None:
    """The device whose first token was right counts from now on."""
    device = step.asked["device"]
    device.confirmed = True
    device.save(update_fields=["confirmed"])


def has_no_device(user: User, step: Step) -> Iterable[str]:
    if not TOTPDevice.objects.filter(user_id=user.pk).exists():
        yield "ورود دومرحله‌ای برقرار نیست."


def against_removing_own(user: User, step: Step) -> Iterable[str]:
    """Who needs a second factor keeps it."""
    if rules.needs_second_factor(user, step.on):
        raise NotPermitted("برای نقش شما ورود دومرحله‌ای لازم است؛ برای تعویض دستگاه به راهبر سامانه بگویید.")
    return has_no_device(user, step)


def without_device(user: User, step: Step) -> None:
    TOTPDevice.objects.filter(user_id=user.pk).delete()


# --- sessions ---------------------------------------------------------------------------------------------


def record_sign_in(user: Any, *, at: datetime) -> None:
    """Leave the entry of a sign-in (K4)."""
    table_for(User).apply(user, "sign_in", actor=user, at=at, within=Step(user, at, BY_ACCOUNT))


def record_sign_out(user: Any, *, at: datetime, note: str = "") -> None:
    """Leave the entry of a sign-out, ``note`` when the portal ended the session."""
    table_for(User).apply(user, "sign_out", actor=user, at=at, note=note, within=Step(user, at, BY_ACCOUNT))
