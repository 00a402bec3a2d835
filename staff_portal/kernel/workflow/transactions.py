"""What the operations share: a transaction whose refusals are sentences, and asking for a permission."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import Case, Hold, Letter, Referral, User
from staff_portal.kernel.people.access import Authority, Permission, local_date


@contextmanager
def one_step() -> Iterator[None]:
    """A transaction; a constraint that PostgreSQL finds violated is raised as a :class:`Refusal`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refusal(constraints.sentence_for(error)) from error


def require(permission: Permission, actor: User | None, obj: Any, at: datetime) -> Authority:
    """The authority by which ``actor`` acts, or :class:`NotPermitted` with the sentence that says why not."""
    authority, reason = permission.decide(actor, obj, local_date(at))
    if authority is None:
        raise NotPermitted(reason)
    return authority


def require_text(text: str, sentence: str) -> str:
    """``text`` trimmed; an empty one is refused with ``sentence``."""
    trimmed = (text or "").strip()
    if not trimmed:
        raise Refusal(sentence)
    return trimmed


def file_of(row: Case | Referral | Hold | Letter) -> models.Model:
    """The file a case, referral, hold or letter is about, as the root of an entry: its kind and key, unread."""
    return apps.get_model(row.root_type)(pk=row.root_id)
