"""How entries of the audit trail are shown: what changed, in the names and values people know."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from staff_portal.kernel.letters.issuing import LETTER_KINDS
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
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
    "value": "مقدار",
    "effective_on": "اجرا از",
    "rows": "شمار سطرها",
    "filters": "صافی‌ها",
    "file": "نام فایل",
    "sha256": "اثر انگشت فایل",
    "papers": "پیوست‌ها",
    "paper_removed": "پیوست برداشته‌شده",
    "sheet": "برگه",
    "people": "شمار اشخاص",
    "assessors": "ارزیابان",
    "scored": "شاخص‌های دارای امتیاز",
    "changed": "شاخص‌های تغییریافته",
    "submitted": "ارسال ارزیاب",
    "differing": "شاخص‌های مورد اختلاف",
    "missing": "کمبودها",
    "missing_items": "کمبودها",
    "reopened_indicators": "شاخص‌های بازشده",
    "template": "قالب",
    "content_hash": "درهم‌سازی متن",
    "certificate": "شماره گواهی",
    "source": "منشأ",
    "hold": "توقف",
    "user": "شخص",
    "owner": "صاحب",
    "assignee": "مسئول",
    "delegator": "تفویض‌کننده",
    "delegate": "جانشین",
    "reviewer": "بررس",
    "to_user": "گیرنده",
    "by_user": "فرستنده",
    "on_behalf_of": "از طرف",
    "signed_by": "امضاکننده",
    "set_by": "تنظیم‌کننده",
    "set_at": "زمان تنظیم",
    "planned_by": "برنامه‌ریز",
    "planned_at": "زمان برنامه‌ریزی",
    "moderated_by": "هم‌سنج",
    "moderated_at": "زمان هم‌سنجی",
    "granted_by": "پیشنهاددهنده",
    "granted_at": "زمان پیشنهاد",
    "confirmed_by": "تأییدکننده",
    "confirmed_at": "زمان تأیید",
    "decided_by": "بررسی‌کننده",
    "decided_at": "زمان بررسی",
    "registered_by": "ثبت‌کننده",
    "recorded_by": "ثبت‌کننده",
    "recorded_at": "زمان ثبت",
    "created_by": "ثبت‌کننده",
    "created_at": "زمان ثبت",
    "uploaded_by": "بارگذار",
    "uploaded_at": "زمان بارگذاری",
    "published_at": "زمان انتشار",
    "done_at": "زمان پایان",
    "ended_at": "زمان پایان",
    "placed_by": "متوقف‌کننده",
    "placed_at": "زمان توقف",
    "lifted_at": "زمان رفع توقف",
    "opened_at": "زمان گشایش",
    "settled_at": "زمان رسیدگی",
    "settled_by": "رسیدگی‌کننده",
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
    """The field's own label, or that of the record it names; the field's name when nobody has given it a word."""
    field = _field(subject_type, name)
    if field is not None and not str(field.verbose_name).isascii():
        return str(field.verbose_name)
    target = field.related_model if field is not None and field.is_relation else None
    if name not in _WORDS and target is not None:
        return str(target._meta.verbose_name)
    return _WORDS.get(name, name)


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
    if subject_type == "kernel.letter" and name == "kind" and text in LETTER_KINDS:
        return LETTER_KINDS[text].label
    field = _field(subject_type, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, to_persian_digits(text)))
    if field is not None and field.is_relation and text.isdecimal():
        return f"شناسه {to_persian_digits(text)}"
    return _date_words(text) or to_persian_text(text)


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
