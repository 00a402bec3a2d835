"""Users, the roles they hold and the powers they hand over for a time (K6)."""

from typing import Any

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.base.periods import PeriodField
from staff_portal.kernel.base.roles import Role, ScopeKind, Side


class UserManager(BaseUserManager["User"]):
    """Creates users with hashed passwords."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. What the person may do follows from role assignments alone."""

    username = models.CharField("نام کاربری", max_length=60, unique=True)
    first_name = models.CharField("نام", max_length=80)
    last_name = models.CharField("نام خانوادگی", max_length=80)
    honorific = models.CharField("خطاب", max_length=20, blank=True)
    side = models.CharField("طرف", max_length=12, choices=Side.choices)
    post = models.CharField("سمت", max_length=160, blank=True)
    email = models.EmailField("رایانامه", blank=True)
    mobile = models.CharField("تلفن همراه", max_length=11, blank=True)
    national_code = models.CharField("کد ملی", max_length=10, blank=True)
    unit = models.ForeignKey(
        "kernel.Unit",
        verbose_name="واحد",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )
    district = models.ForeignKey(
        "kernel.District",
        verbose_name="منطقه",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )
    is_active = models.BooleanField("فعال", default=True)
    is_demo = models.BooleanField("کاربر نمایشی", default=False)
    created_at = models.DateTimeField("زمان ساخت")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "کاربر"
        verbose_name_plural = "کاربران"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="kernel_user_username_ci"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def polite_name(self) -> str:
        """How the portal greets the person: «خانم احمدی»."""
        return f"{self.honorific} {self.last_name}".strip()


_ROLE_FACTS = f"""
    IF NEW.confirmed_at < NEW.granted_at THEN {hardtriggers.raise_sql("k6_role_confirmed_once")} END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL OR NEW.ended_at_once THEN {hardtriggers.raise_sql("k6_role_only_shortened")} END IF;
        RETURN NEW;
    END IF;
    IF OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_at, OLD.confirmed_by_id)
        IS DISTINCT FROM (NEW.confirmed_at, NEW.confirmed_by_id) THEN
        {hardtriggers.raise_sql("k6_role_confirmed_once")}
    END IF;
    recorded_on = (NEW.ended_at AT TIME ZONE 'Asia/Tehran')::date;
    IF (OLD.period, OLD.ended_at, OLD.ended_at_once)
        IS DISTINCT FROM (NEW.period, NEW.ended_at, NEW.ended_at_once) AND (
        OLD.ended_at_once OR isempty(OLD.period) OR NOT NEW.period <@ OLD.period
        OR NEW.ended_at < greatest(OLD.ended_at, OLD.granted_at)
        OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL)
        OR (NEW.ended_at IS NULL AND OLD.confirmed_at IS NOT NULL)
        OR (isempty(NEW.period) AND OLD.confirmed_at IS NOT NULL AND lower(OLD.period) <= recorded_on)
        OR (NOT isempty(NEW.period) AND (
            lower(NEW.period) <> lower(OLD.period) OR NEW.ended_at IS NULL OR upper(NEW.period) IS NULL
            OR upper(NEW.period) <= recorded_on
            OR (NEW.ended_at_once AND upper(NEW.period) <> recorded_on + 1)))) THEN
        {hardtriggers.raise_sql("k6_role_only_shortened")}
    END IF;
    RETURN NEW;
"""


class RoleAssignment(models.Model):
    """One role of one person for a time, granted by the administrator, confirmed by that side's manager (K6).

    The period is the days on which the person held it, the last one too; ``ended_at`` is when its end was recorded.
    A role ``ended_at_once`` gives no right from that moment on: its last day still was one on which it was held.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="role_assignments", verbose_name="شخص"
    )
    role = models.CharField("نقش", max_length=20, choices=Role.choices)
    scope_kind = models.CharField(
        "نوع دامنه", max_length=12, choices=ScopeKind.choices, blank=True, default=""
    )
    scope_id = models.BigIntegerField("شناسه دامنه", default=0)
    period = PeriodField("دوره")
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_at_once = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = "نقش شخص"
        verbose_name_plural = "نقش‌های اشخاص"
        constraints = [
            ExclusionConstraint(
                name="k6_role_period_overlap",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("scope_kind"), RangeOperators.EQUAL),
                    (F("scope_id"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="k6_confirmed_by_other",
                condition=Q(confirmed_by__isnull=True)
                | Q(granted_by__isnull=True)
                | ~Q(confirmed_by=F("granted_by")),
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("k6_role_history"),
            hardtriggers.HardTrigger(
                name="facts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("recorded_on", "date")],
                func=_ROLE_FACTS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}، {self.user}"


class Delegation(models.Model):
    """A manager's powers handed to another person for a time (K6).

    ``powers`` lists permission codes; empty means every power of the role.
    """

    delegator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_received")
    role = models.CharField("نقش", max_length=20, choices=Role.choices)
    powers = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name="اختیارها")
    period = PeriodField("دوره")
    reference = models.CharField("شماره نامه", max_length=60, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "تفویض اختیار"
        verbose_name_plural = "تفویض‌های اختیار"
        constraints = [
            models.CheckConstraint(name="k6_delegate_is_other", condition=~Q(delegator=F("delegate"))),
        ]
        triggers = [*hardtriggers.no_delete("k6_delegation_history")]

    def __str__(self) -> str:
        return f"{self.delegator} به {self.delegate}"
