"""Representatives of an NGO, and reading its people's personal data (K4)."""

from datetime import date, datetime

from django.db import transaction

from ngos import events, rules
from ngos.models import Ngo, NgoAccount, Officer
from staff_portal.kernel import audit
from staff_portal.kernel import events as kernel_events
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.steps import require
from staff_portal.kernel.periods import last_day, period
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Side
from staff_portal.kernel.workflow.writing import settle_later


@transaction.atomic
def link_account(
    ngo: Ngo,
    *,
    actor: User,
    at: datetime,
    user: User,
    letter_reference: str,
    starts_on: date,
    ends_on: date | None = None,
) -> NgoAccount:
    """Make a user the NGO's representative, by its letter, for a time.

    The role «نماینده سمن» is granted apart, by the administrator (K6); without this link it opens nothing.
    """
    authority = require(rules.LINK_ACCOUNT, actor, ngo, at)
    reference = clean_text(letter_reference)
    if not reference:
        raise Refusal("شماره معرفی‌نامه را بنویسید.")
    if ends_on is not None and ends_on < starts_on:
        raise Refusal("پایان دوره پیش از آغاز آن است؛ تاریخ‌ها را درست کنید.")
    if user.side != Side.NGO or not user.is_active:
        raise Refusal("نماینده سمن باید حساب بازی در طرف «سمن‌ها» داشته باشد؛ نخست راهبر سامانه آن را بسازد.")
    Ngo.objects.select_for_update(of=("self",), no_key=True).get(pk=ngo.pk)
    wanted = period(starts_on, ends_on)
    if NgoAccount.objects.filter(ngo=ngo, user=user, period__overlap=wanted).exists():
        raise Refusal(f"{user.full_name} در این دوره نماینده همین سمن است.")
    account = NgoAccount.objects.create(
        ngo=ngo, user=user, period=wanted, letter_reference=reference, created_by=actor, created_at=at
    )
    audit.record(
        events.ACCOUNT_LINKED,
        account,
        actor=actor,
        at=at,
        authority=authority,
        after=audit.snapshot(account),
        root=ngo,
    )
    settle_later(ngo, actor=actor, at=at)
    return account


@transaction.atomic
def end_account(account: NgoAccount, *, actor: User, at: datetime, ends_on: date) -> NgoAccount:
    """End a representative's time; the record stays."""
    authority = require(rules.LINK_ACCOUNT, actor, account.ngo, at)
    locked = (
        NgoAccount.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ngo", "user")
        .get(pk=account.pk)
    )
    if ends_on < locked.period.lower:
        raise Refusal("پایان دوره پیش از آغاز آن است؛ تاریخ را درست کنید.")
    planned = last_day(locked.period)
    if planned is not None and planned < local_date(at):
        raise Refusal("این دوره پیش از این پایان یافته است.")
    before = audit.snapshot(locked, ["period"])
    locked.period = period(locked.period.lower, ends_on)
    locked.save(update_fields=["period"])
    audit.record(
        events.ACCOUNT_ENDED,
        locked,
        actor=actor,
        at=at,
        authority=authority,
        before=before,
        after=audit.snapshot(locked, ["period"]),
        root=locked.ngo,
    )
    return locked


@transaction.atomic
def read_people(ngo: Ngo, *, actor: User, at: datetime) -> list[Officer]:
    """The NGO's people with codes and mobiles, for those who may see them; the reading is recorded (K4)."""
    if not rules.can_view_people(actor, ngo, local_date(at)):
        raise NotPermitted("کد ملی و تلفن همراه اشخاص را تنها کارشناسان ستاد سمن‌ها و خود سمن می‌بینند.")
    people = list(Officer.objects.filter(ngo=ngo).order_by("id"))
    audit.record(kernel_events.SENSITIVE_READ, ngo, actor=actor, at=at, after={"people": len(people)})
    return people
