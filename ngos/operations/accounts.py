"""Representatives of an NGO, and reading its people's personal data (K4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ngos import rules
from ngos.models import Ngo, NgoAccount, Officer
from staff_portal.kernel.base.periods import last_day, period
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail import events as kernel_events
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step


@dataclass(frozen=True)
class AccountData:
    """Who acts for an NGO, by which letter and how long."""

    user: User
    letter_reference: str
    starts_on: date
    ends_on: date | None = None


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
    data = AccountData(user, clean_text(letter_reference), starts_on, ends_on)
    made: NgoAccount = table_for(NgoAccount).apply(ngo, "link", actor=actor, at=at, data=data)
    return made


def end_account(account: NgoAccount, *, actor: User, at: datetime, ends_on: date) -> NgoAccount:
    """End a representative's time; the record stays."""
    done: NgoAccount = table_for(account).apply(account, "end", actor=actor, at=at, ends_on=ends_on)
    return done


def link_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """A letter, dates in order, an open account of an NGO's side, nobody twice at the same time."""
    data: AccountData = step.asked["data"]
    if not data.letter_reference:
        yield "شماره معرفی‌نامه را بنویسید."
    elif data.ends_on is not None and data.ends_on < data.starts_on:
        yield "پایان دوره پیش از آغاز آن است؛ تاریخ‌ها را درست کنید."
    elif data.user.side != Side.NGO or not data.user.is_active:
        yield "نماینده سمن باید حساب بازی در طرف «سمن‌ها» داشته باشد؛ نخست راهبر سامانه آن را بسازد."
    elif NgoAccount.objects.filter(
        ngo=ngo, user=data.user, period__overlap=period(data.starts_on, data.ends_on)
    ).exists():
        yield f"{data.user.full_name} در این دوره نماینده همین سمن است."


def linked(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The columns of a representative."""
    data: AccountData = step.asked["data"]
    return {
        "ngo": ngo,
        "user": data.user,
        "period": period(data.starts_on, data.ends_on),
        "letter_reference": data.letter_reference,
        "created_by": step.actor,
        "created_at": step.at,
    }


def end_gaps(account: NgoAccount, step: Step) -> Iterator[str]:
    """A day of the running period; one that is over stays as it is."""
    ends_on, planned = step.asked.get("ends_on"), last_day(account.period)
    if ends_on is not None and ends_on < account.period.lower:
        yield "پایان دوره پیش از آغاز آن است؛ تاریخ را درست کنید."
    elif planned is not None and planned < step.on:
        yield "این دوره پیش از این پایان یافته است."


def ended(account: NgoAccount, step: Step) -> dict[str, Any]:
    return {"period": period(account.period.lower, step.asked["ends_on"])}


def settle_file(account: NgoAccount, step: Step) -> None:
    """What waits for the NGO follows its representatives."""
    step.touch(account.ngo)


@transaction.atomic
def read_people(ngo: Ngo, *, actor: User, at: datetime) -> list[Officer]:
    """The NGO's people with codes and mobiles, for those who may see them; the reading is recorded (K4)."""
    if not rules.can_view_people(actor, ngo, local_date(at)):
        raise NotPermitted("کد ملی و تلفن همراه اشخاص را تنها کارشناسان ستاد سمن‌ها و خود سمن می‌بینند.")
    people = list(Officer.objects.filter(ngo=ngo).order_by("id"))
    audit.record(kernel_events.SENSITIVE_READ, ngo, actor=actor, at=at, after={"people": len(people)})
    return people
