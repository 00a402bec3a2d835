"""Writing the audit trail (K4): one entry for every write, in the transaction of the write."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields.ranges import DateRangeField
from django.db import models

from staff_portal.kernel.base import background
from staff_portal.kernel.models import AuditEntry, OutboxMessage, User
from staff_portal.kernel.people.access import SYSTEM_LABEL, Authority
from staff_portal.kernel.trail import events

SENSITIVE_FIELDS = frozenset({"national_code", "mobile", "home_address", "sheba", "password"})
_UNTRACKED = frozenset({"name_folded", "name_core", "sort_key", "search_text", "last_login", "password"})


def mark(value: object) -> str:
    """A keyed mark that stands for a sensitive value: equal values have equal marks, nothing leads back."""
    if value in (None, ""):
        return ""
    key = f"audit-mark:{settings.SECRET_KEY}".encode()
    return "#" + hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A JSON value for what a model field holds."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return [plain(value.lower), plain(value.upper)]
    return str(value)


def snapshot(obj: models.Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """The record's own columns as JSON values; sensitive ones as marks, derived ones left out."""
    wanted = set(fields) if fields is not None else None
    result: dict[str, Any] = {}
    for column in obj._meta.concrete_fields:
        if column.name in _UNTRACKED or (wanted is not None and column.name not in wanted):
            continue
        value = column.value_from_object(obj)
        if isinstance(column, models.FileField):
            value = value.name
        elif isinstance(column, DateRangeField) and value is not None:
            value = [value.lower, value.upper]
        result[column.name] = mark(value) if column.name in SENSITIVE_FIELDS else plain(value)
    return result


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what changed, on both sides."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return ({key: before.get(key) for key in changed}, {key: after.get(key) for key in changed})


def type_label(obj: models.Model | type[models.Model]) -> str:
    return obj._meta.label_lower


@dataclass
class EntryDraft:
    """One audit entry to be written; ``root`` is the file in whose timeline it stands (default: subject), ``told``
    who hears of it as the row fixed it (addresses, sentence, page, ways), ``authority`` by what it was done, where
    that is not one for all entries written together."""

    event: events.Event
    subject: models.Model
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    root: models.Model | None = None
    label: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    authority: Authority | None = None


def record_many(
    drafts: list[EntryDraft], *, actor: User | None, at: datetime, authority: Authority | None = None
) -> list[AuditEntry]:
    """Write entries and the outbox rows of those that people hear of, in two statements (K4)."""
    by_whom = {"at": at, "actor": actor, "actor_label": actor.full_name if actor else SYSTEM_LABEL}
    entries = AuditEntry.objects.bulk_create(
        AuditEntry(
            **by_whom,
            **_by_what(draft.authority or authority),
            event=draft.event.code,
            subject_type=type_label(draft.subject),
            subject_id=draft.subject.pk or 0,
            subject_label=(draft.label or str(draft.subject))[:300],
            root_type=type_label(draft.root or draft.subject),
            root_id=(draft.root or draft.subject).pk or 0,
            before=draft.before,
            after=draft.after,
            note=draft.note,
        )
        for draft in drafts
    )
    told = [
        OutboxMessage(entry=entry, told=draft.told, created_at=at)
        for entry, draft in zip(entries, drafts, strict=True)
        if draft.told or draft.event.notify
    ]
    if told:
        OutboxMessage.objects.bulk_create(told)
        background.after_commit(background.nudge)
    return entries


def _by_what(authority: Authority | None) -> dict[str, Any]:
    """The role in which it was done, and whose powers were used."""
    if authority is None:
        return {"role": "", "on_behalf_of": None}
    return {"role": authority.role, "on_behalf_of": authority.on_behalf_of}


def record(
    event: events.Event,
    subject: models.Model,
    *,
    actor: User | None,
    at: datetime,
    authority: Authority | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    root: models.Model | None = None,
    label: str = "",
) -> AuditEntry:
    """Write one entry (K4). Call it inside the transaction of the change."""
    draft = EntryDraft(event, subject, before or {}, after or {}, note, root, label)
    return record_many([draft], actor=actor, at=at, authority=authority)[0]
