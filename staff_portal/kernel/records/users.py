"""Rows of accounts (K4, K6): made, changed, closed and opened by the administrator; password and
second factor are the person's own."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.models import User
from staff_portal.kernel.operations import users
from staff_portal.kernel.people import rules
from staff_portal.kernel.workflow.guards import guard_removal
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table


def visible(user: User, on: date) -> QuerySet[User]:
    """The accounts a person may see."""
    return User.objects.filter(rules.users_visible_to(user, on))


def _data(*, required: bool) -> tuple[Ask, ...]:
    """What an account says of its person."""
    return (
        Ask.text("username", "نام کاربری", length=60, required=required),
        Ask.text("honorific", "خطاب", length=20, required=False),
        Ask.text("first_name", "نام", length=80, required=required),
        Ask.text("last_name", "نام خانوادگی", length=80, required=required),
        Ask.text("side", "طرف", required=required),
        Ask.text("post", "سمت", length=160, required=False),
        Ask("unit", "واحد", "record", required=False),
        Ask("district", "منطقه", "record", required=False),
        Ask.text("email", "رایانامه", required=False),
        Ask.text("mobile", "تلفن همراه", required=False),
    )


CREATE = Creation(
    "create",
    stores=(*users.EDITABLE, "password", "is_demo", "created_at"),
    by=rules.MANAGE_USERS,
    event="user.created",
    label="کاربر تازه",
    asks=(
        *_data(required=True),
        Ask.secret("password", "گذرواژه"),
        Ask.yes_no("is_demo", "کاربر نمایشی"),
    ),
    blockers=users.against_creating,
    outcome=users.created,
    says="کاربر {subject} را ساخت",
    done="حساب ساخته شد.",
)
CHANGE = Act(
    "change",
    stores=users.EDITABLE,
    by=rules.MANAGE_USERS,
    event="user.changed",
    label="ویرایش کاربر",
    asks=(
        *_data(required=False),
        Ask.several("given", "آنچه تغییر می‌کند", lambda user, on: [(name, name) for name in users.EDITABLE]),
    ),
    blockers=users.side_is_held,
    outcome=users.changed,
    edits=True,
    says="مشخصات {subject} را تغییر داد",
    done="مشخصات کاربر ذخیره شد.",
)
CLOSE = Act(
    "close",
    stores=("is_active",),
    by=rules.MANAGE_USERS,
    event="user.deactivated",
    event_label="بستن حساب",
    label="بستن حساب",
    note="سبب بستن حساب",
    blockers=users.against_closing,
    outcome=lambda user, step: {"is_active": False},
    says="حساب {subject} را بست: {note}",
    shade="no",
    done="حساب بسته شد.",
    tone="danger",
)
REOPEN = Act(
    "reopen",
    stores=("is_active",),
    by=rules.MANAGE_USERS,
    event="user.activated",
    event_label="گشودن حساب",
    label="گشودن حساب",
    blockers=users.is_open,
    outcome=lambda user, step: {"is_active": True},
    says="حساب {subject} را دوباره گشود",
    shade="ok",
    done="حساب دوباره باز شد.",
)
RESET_PASSWORD = Act(
    "reset_password",
    stores=("password",),
    by=rules.MANAGE_USERS,
    event="user.password_reset",
    event_label="گذرواژه تازه",
    label="گذرواژه تازه",
    asks=(Ask.secret("password", "گذرواژه"),),
    blockers=users.is_own,
    outcome=users.with_password,
    then=users.lift_lock_out,
    says="برای {subject} گذرواژه یک‌بارمصرف ساخت",
    tone="danger",
)
CHANGE_PASSWORD = Act(
    "change_password",
    stores=("password",),
    by=rules.OWN_ACCOUNT,
    event="user.password_changed",
    label="تغییر گذرواژه",
    asks=(Ask.secret("old", "گذرواژه کنونی"), Ask.secret("password", "گذرواژه تازه")),
    blockers=users.against_new_password,
    outcome=users.with_password,
    says="گذرواژه خود را تغییر داد",
    done="گذرواژه شما تغییر کرد.",
)
ENROL_DEVICE = Act(
    "enrol_device",
    by=rules.OWN_ACCOUNT,
    event="user.device_enrolled",
    event_label="رمز یک‌بارمصرف",
    label="برقراری ورود دومرحله‌ای",
    asks=(Ask("device", "دستگاه", "record"),),
    effect=users.enrolled,
    says="ورود دومرحله‌ای خود را برقرار کرد",
    shade="ok",
)
REMOVE_DEVICE = Act(
    "remove_device",
    by=rules.MANAGE_USERS,
    event="user.device_removed",
    event_label="برداشتن رمز یک‌بارمصرف",
    label="برداشتن ورود دومرحله‌ای",
    blockers=users.has_no_device,
    effect=users.without_device,
    says="ورود دومرحله‌ای {subject} را برداشت",
    shade="wait",
)
REMOVE_OWN_DEVICE = Act(
    "remove_own_device",
    by=rules.OWN_ACCOUNT,
    event="user.device_removed",
    label="برداشتن ورود دومرحله‌ای خود",
    blockers=users.against_removing_own,
    effect=users.without_device,
    says="ورود دومرحله‌ای {subject} را برداشت",
)
SIGN_IN = Act(
    "sign_in",
    by=rules.OWN_ACCOUNT,
    event="session.signed_in",
    label="ورود",
    follows=True,
    says="وارد سامانه شد",
)
SIGN_OUT = Act(
    "sign_out",
    by=rules.OWN_ACCOUNT,
    event="session.signed_out",
    label="خروج",
    follows=True,
    says="از سامانه خارج شد",
)
USER = Table(
    User,
    code="user",
    title="کاربر",
    rows=[
        CREATE,
        CHANGE,
        CLOSE,
        REOPEN,
        RESET_PASSWORD,
        CHANGE_PASSWORD,
        ENROL_DEVICE,
        REMOVE_DEVICE,
        REMOVE_OWN_DEVICE,
        SIGN_IN,
        SIGN_OUT,
    ],
    visible=visible,
    address=lambda user: reverse("user", args=[user.pk]),
    state="",
)
guard_removal(USER, "user_kept")
