"""The trail of one file with what stood before and after, in the words of the models."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from ngos.pages.record_display import span_words
from staff_portal.kernel.letters.issuing import LETTER_KINDS
from staff_portal.kernel.models import ActivityField, AuditEntry, User
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail.timeline import timeline_items

SEALED = ("assessment.scores_saved", "assessment.scores_submitted", "assessment.moderated")
"""Events whose values are shown on the assessment's own page only, where blindness is kept (N7)."""

LABELS = {
    "fields": "حوزه‌ها",
    "file": "نام فایل",
    "sha256": "اثر انگشت فایل",
    "due_on": "مهلت",
    "missing": "کمبودها",
    "certificate": "شماره گواهی",
    "number": "شماره",
    "hash": "اثر انگشت",
    "kind": "نوع",
    "transition": "گام",
    "reason": "سبب",
    "people": "شمار اشخاص",
    "missing_items": "کمبودها",
    "reviewer": "بررس",
    "registered_by": "ثبت‌کننده",
    "recorded_by": "ثبت‌کننده",
    "uploaded_by": "بارگذار",
    "created_by": "ثبت‌کننده",
    "decided_by": "بررسی‌کننده",
    "decided_at": "زمان بررسی",
    "user": "شخص",
    "level_rank": "سطح",
    "office_number": "شماره اتوماسیون",
    "office_dated_on": "تاریخ اتوماسیون",
}
SKIPPED = {"id", "ngo", "recorded_at", "registered_at", "created_at", "uploaded_at", "state_since", "version"}
EMPTY = "–"


def lines(entries: list[AuditEntry], *, with_values: bool) -> list[dict[str, Any]]:
    """Timeline lines, each with its changed values when ``with_values``: two queries for names."""
    drawn = timeline_items(entries, fold=not with_values)
    if not with_values:
        return drawn
    names = _Names(entries)
    for line, entry in zip(drawn, entries, strict=True):
        line["changes"] = [] if entry.event in SEALED else list(_changes(entry, names))
    return drawn


class _Names:
    """People and fields of activity that the values of these entries name by id."""

    def __init__(self, entries: Iterable[AuditEntry]) -> None:
        people: set[int] = set()
        fields: set[int] = set()
        for entry in entries:
            for side in (entry.before, entry.after):
                for key, value in side.items():
                    target = _target(_column(entry.subject_type, key))
                    if target is User and isinstance(value, int):
                        people.add(value)
                    elif target is ActivityField and isinstance(value, int):
                        fields.add(value)
                    elif key == "fields" and isinstance(value, list):
                        fields.update(value)
        # 0 is nobody's id: the number of queries stays the same whatever the entries name
        self.people = {user.pk: user.full_name for user in User.objects.filter(pk__in=people | {0})}
        self.fields = dict(ActivityField.objects.filter(pk__in=fields | {0}).values_list("pk", "title"))


def _column(subject_type: str, key: str) -> "models.Field[Any, Any] | None":
    try:
        return apps.get_model(subject_type)._meta.get_field(key)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _target(column: Any) -> type[models.Model] | None:
    return column.related_model if column is not None and column.is_relation else None


def _changes(entry: AuditEntry, names: _Names) -> Iterable[dict[str, str]]:
    for key in dict.fromkeys([*entry.before, *entry.after]):
        if key in SKIPPED:
            continue
        column = _column(entry.subject_type, key)
        before, after = (_words(side.get(key), key, column, names) for side in (entry.before, entry.after))
        if before == after:
            continue
        label = LABELS.get(key) or (str(column.verbose_name) if column is not None else key)
        yield {"label": label, "before": before, "after": after}


def _words(value: Any, key: str, column: Any, names: _Names) -> str:
    if value in (None, "", []):
        return EMPTY
    if key == "kind" and value in LETTER_KINDS:
        return LETTER_KINDS[value].label
    if isinstance(value, bool):
        return "بله" if value else "خیر"
    if key == "fields" and isinstance(value, list):
        return "، ".join(names.fields.get(pk, to_persian_digits(pk)) for pk in value)
    if isinstance(value, list):
        return _list_words(value, column)
    choices = dict(getattr(column, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    target = _target(column)
    if target is User:
        return names.people.get(value, to_persian_digits(value))
    if target is ActivityField:
        return names.fields.get(value, to_persian_digits(value))
    if isinstance(column, models.DateField) or key.endswith(("_on", "_at")):  # also what no column holds
        return _moment_words(str(value))
    if isinstance(value, str) and value.startswith("#") and len(value) == 17:
        return "مقدار پوشیده"
    return to_persian_text(value)


def _list_words(value: list[Any], column: Any) -> str:
    choices = dict(getattr(getattr(column, "base_field", None), "flatchoices", None) or ())
    if isinstance(column, DateRangeField):
        start, end = (date.fromisoformat(day) if day else None for day in value)
        return "" if start is None else span_words(start, end - timedelta(days=1) if end else None)
    return "، ".join(str(choices.get(item, to_persian_digits(item))) for item in value)


def _moment_words(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return to_persian_digits(text)
    if len(text) <= 10:
        return format_jalali(date.fromisoformat(text), "medium")
    return format_jalali(moment, "moment") if moment.tzinfo else to_persian_digits(text)
