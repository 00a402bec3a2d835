"""How entries of the audit trail are shown: what changed, in the names and values people know."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

HIDDEN = "پوشیده"
_MARK = re.compile(r"#[0-9a-f]{16}")
# Keys that operations write beside the record's own fields.
_WORDS = {
    "transition": "گام",
    "reason": "سبب",
    "number": "شماره",
    "kind": "نوع",
    "hash": "درهم‌سازی متن",
    "office_number": "شماره اتوماسیون",
    "office_dated_on": "تاریخ اتوماسیون",
    "state": "وضعیت",
}


def changes_of(entry: AuditEntry) -> list[dict[str, str]]:
    """Each thing that changed as label, before and after; a dash where there was nothing."""
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    return [
        {
            "label": label_of(entry.subject_type, name),
            "before": value_words(entry.subject_type, name, entry.before.get(name)),
            "after": value_words(entry.subject_type, name, entry.after.get(name)),
        }
        for name in names
        if entry.before.get(name) != entry.after.get(name)
    ]


def changes_text(entry: AuditEntry) -> str:
    """The same in one line for a cell: «وضعیت: ارسال‌شده ← در حال بررسی؛ …»."""
    return "؛ ".join(f"{item['label']}: {item['before']} ← {item['after']}" for item in changes_of(entry))


def subject_kind(label: str) -> str:
    """What a kind of record is called; its code when no app has it any more."""
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


def label_of(subject_type: str, name: str) -> str:
    """The field's own label."""
    field = _field(subject_type, name)
    return str(field.verbose_name) if field is not None else _WORDS.get(name, name)


def value_words(subject_type: str, name: str, value: Any) -> str:
    """A stored value as people read it: labels of choices, Jalali dates, marks for what is kept hidden."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return "بله" if value else "نه"
    if isinstance(value, list):
        return "، ".join(value_words(subject_type, name, item) for item in value)
    if isinstance(value, dict):
        return "؛ ".join(f"{key}: {value_words('', '', item)}" for key, item in value.items())
    text = str(value)
    if _MARK.fullmatch(text):
        return HIDDEN
    field = _field(subject_type, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, to_persian_digits(text)))
    if field is not None and field.is_relation:
        return f"شناسه {to_persian_digits(text)}"
    return _date_words(text) or to_persian_digits(text)


def _date_words(text: str) -> str:
    """Jalali words for an ISO date or moment, nothing for any other text."""
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return ""
    try:
        if len(text) == 10:
            return format_jalali(date.fromisoformat(text), "medium")
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return format_jalali(at, "moment") if at.tzinfo else ""


@lru_cache(maxsize=512)
def _field(subject_type: str, name: str) -> models.Field | None:
    model = _model(subject_type)
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


@lru_cache(maxsize=128)
def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None
