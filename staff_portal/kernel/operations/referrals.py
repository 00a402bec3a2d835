"""Referring a file to a person with a note and a date (K7)."""

from datetime import date, datetime

from django.db import models

from staff_portal.kernel import access, audit, events, referrable, roots, rules
from staff_portal.kernel.models import Referral, User
from staff_portal.kernel.operations.steps import file_of, one_step, require, require_text
from staff_portal.kernel.refusals import NotPermitted, Refusal


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
    authority = require(rules.REFER_FILES, actor, root, at)
    on = access.local_date(at)
    note = require_text(note, "بنویسید که چه کاری می‌خواهید.")
    if due_on is not None and due_on < on:
        raise Refusal("مهلت گذشته است؛ تاریخ امروز یا روزی پس از آن را بنویسید.")
    if not referrable.is_referrable(root):
        raise Refusal("این گونه پرونده را نمی‌توان ارجاع داد.")
    _check_recipient(root, to_user, actor, on)
    referral = Referral(
        root_type=audit.type_label(root),
        root_id=root.pk,
        root_label=str(root)[:300],
        url=roots.url_of(root),
        to_user=to_user,
        by_user=actor,
        note=note,
        due_on=due_on,
        created_at=at,
    )
    with one_step():
        # One referral of a file to a person at a time, also when the form is sent twice.
        User.objects.select_for_update(no_key=True).get(pk=to_user.pk)
        if _has_it(root, to_user):
            raise Refusal(f"این پرونده هم‌اکنون نزد {to_user} است.")
        referral.save(force_insert=True)
        audit.record(
            events.REFERRED,
            referral,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(referral, ["to_user", "due_on"]),
            note=note,
            root=root,
            label=to_user.full_name,
        )
    return referral


def _check_recipient(root: models.Model, to_user: User, actor: User, on: date) -> None:
    if to_user.pk == actor.pk:
        raise Refusal("پرونده را به شخص دیگری ارجاع دهید.")
    if not to_user.is_active:
        raise Refusal("حساب این شخص بسته است.")
    if roots.find(audit.type_label(root), root.pk, to_user, on) is None:
        raise Refusal("این شخص اجازه دیدن این پرونده را ندارد؛ شخص دیگری را برگزینید.")


def _has_it(root: models.Model, user: User) -> bool:
    return Referral.objects.filter(
        root_type=audit.type_label(root), root_id=root.pk, to_user=user, done_at__isnull=True
    ).exists()


def finish_referral(referral: Referral, *, note: str, actor: User, at: datetime) -> Referral:
    """Give the file back with what was done: by who has it, or by who referred it."""
    note = require_text(note, "نتیجه را بنویسید.")
    if actor.pk not in {referral.to_user_id, referral.by_user_id}:
        raise NotPermitted("تنها کسی که پرونده نزد اوست یا آن را ارجاع داده است می‌تواند ارجاع را پایان دهد.")
    with one_step():
        locked = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
        if locked.done_at is not None:
            raise Refusal("این ارجاع پیش از این به پایان رسیده است.")
        locked.done_at, locked.done_note = at, note
        locked.save(update_fields=["done_at", "done_note"])
        audit.record(
            events.REFERRAL_DONE,
            locked,
            actor=actor,
            at=at,
            after={"done_at": at.isoformat()},
            note=note,
            root=file_of(locked),
        )
    return locked
