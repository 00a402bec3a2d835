"""Referring a file to a person with a note and a date (K7)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models

from staff_portal.kernel.models import Referral, User
from staff_portal.kernel.operations import referrable
from staff_portal.kernel.trail import audit, file_kinds
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

DONE = "این ارجاع پیش از این به پایان رسیده است."


def refer_file(
    root: models.Model,
    *,
    to_user: User,
    note: str,
    due_on: date | None,
    actor: User,
    at: datetime,
) -> Referral:
    """Put a file into a person's inbox (K7). The person must be able to see the file."""
    made: Referral = table_for(Referral).apply(
        root, "refer", actor=actor, at=at, note=note, to_user=to_user, due_on=due_on
    )
    return made


def finish_referral(referral: Referral, *, note: str, actor: User, at: datetime) -> Referral:
    """Give the file back with what was done: by who has it; whoever referred it takes it back."""
    takes_back = actor.pk == referral.by_user_id and actor.pk != referral.to_user_id
    name = "take_back" if takes_back else "finish"
    finished: Referral = table_for(referral).apply(referral, name, actor=actor, at=at, note=note)
    return finished


def stands_against(root: models.Model, step: Step) -> Iterable[str]:
    """What stands against referring the file to that person; one referral to a person at a time."""
    to_user, due_on = step.asked.get("to_user"), step.asked.get("due_on")
    if due_on is not None and due_on < step.on:
        return ["مهلت گذشته است؛ تاریخ امروز یا روزی پس از آن را بنویسید."]
    if not referrable.is_referrable(root):
        return ["این گونه پرونده را نمی‌توان ارجاع داد."]
    return _against_recipient(root, to_user, step) if to_user is not None else []


def _against_recipient(root: models.Model, to_user: User, step: Step) -> list[str]:
    if step.actor is not None and to_user.pk == step.actor.pk:
        return ["پرونده را به شخص دیگری ارجاع دهید."]
    if not to_user.is_active:
        return ["حساب این شخص بسته است."]
    if file_kinds.find(audit.type_label(root), root.pk, to_user, step.on) is None:
        return ["این شخص اجازه دیدن این پرونده را ندارد؛ شخص دیگری را برگزینید."]
    has_it = Referral.objects.filter(
        root_type=audit.type_label(root), root_id=root.pk, to_user=to_user, done_at__isnull=True
    )
    return [f"این پرونده هم‌اکنون نزد {to_user} است."] if has_it.exists() else []


def referred(root: models.Model, step: Step) -> dict[str, Any]:
    """The columns of a new referral."""
    return {
        **step.asked,
        "root_type": audit.type_label(root),
        "root_id": root.pk,
        "root_label": str(root)[:300],
        "url": file_kinds.url_of(root),
        "by_user": step.actor,
        "note": step.note,
        "created_at": step.at,
    }


def is_open(referral: Referral, step: Step) -> Iterable[str]:
    return [] if referral.done_at is None else [DONE]


def finished(referral: Referral, step: Step) -> dict[str, Any]:
    return {"done_at": step.at, "done_note": step.note}
