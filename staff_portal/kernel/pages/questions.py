"""The form of a row, made from its questions and its note."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db import models

from staff_portal.kernel.pages.fields import (
    JalaliDateField,
    PersianCharField,
    PersianIntegerField,
    TimeField,
)
from staff_portal.kernel.pages.forms import CHOOSE, PortalForm, helper
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Row

NOTE = "note"


class StepForm(PortalForm):
    """Note and questions of one row; ``obj`` is the record, for a creation its parent, ``role`` that of the person
    who is asked (None: every question).

    What the row refuses is put on the field it concerns where a question's own sentence says so, else above.
    """

    def __init__(
        self, row: Row, obj: Any, on: date, *args: Any, role: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        for ask in row.asks:
            if role is not None and not ask.concerns(role):
                continue
            self.fields |= (
                texts_of(ask, obj, on) if ask.kind == "texts" else {ask.name: field_of(ask, obj, on)}
            )
        if row.note:
            self.fields[NOTE] = PersianCharField(
                label=row.note,
                multiline=True,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.helper = helper()

    @property
    def note(self) -> str:
        return str(self.cleaned_data.get(NOTE, ""))

    @property
    def asked(self) -> dict[str, Any]:
        """What was answered besides the note."""
        return {ask.name: self._answer(ask) for ask in self.row.asks}

    def _answer(self, ask: Ask) -> Any:
        if ask.kind == "texts":
            return self._texts(ask)
        answer = self.cleaned_data.get(ask.name)
        return list(answer or ()) if ask.kind == "records" else answer

    def _texts(self, ask: Ask) -> dict[int, str]:
        """What was written, by record; a text that was not sent is left as it is."""
        head = f"{ask.name}-"
        sent = [name for name in self.fields if name.startswith(head) and name in self.data]
        return {int(name.removeprefix(head)): self.cleaned_data.get(name, "") for name in sent}

    def refuse(self, sentences: Iterable[str]) -> None:
        """Put the sentences of a refusal on the form; what is shown beside it is the record as it is now."""
        seen = [name for name, field in self.fields.items() if isinstance(field, SeenField)]
        if seen:
            self.data = dict(self.data.items()) | {name: self.fields[name].initial for name in seen}
        for sentence in sentences:
            self.add_error(None, sentence)


def texts_of(ask: Ask, obj: Any, on: date) -> dict[str, forms.Field]:
    """The fields of a question that wants a text for each of several records, numbered."""
    first = ask.initial(obj, on) if ask.initial is not None else {}
    return {
        f"{ask.name}-{record.pk}": PersianCharField(
            label=to_persian_text(f"{place}. {record}"),
            multiline=True,
            required=False,
            max_length=ask.length,
            initial=first.get(record.pk, ""),
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        for place, record in enumerate(ask.records(obj, on) if ask.records else (), start=1)
    }


def field_of(ask: Ask, obj: Any, on: date) -> forms.Field:
    """The form field of a question: what it takes, its help and its first value."""
    if ask.kind == "seen":
        return SeenField(required=False, initial=ask.initial(obj, on) if ask.initial is not None else "")
    common: dict[str, Any] = {"label": ask.label, "required": ask.required, "help_text": ask.help}
    if ask.initial is not None:
        common["initial"] = ask.initial(obj, on)
    if ask.kind == "date":
        return JalaliDateField(**common)
    if ask.kind == "time":
        return TimeField(**common)
    if ask.kind in {"integer", "rial"}:
        least = 0 if ask.kind == "rial" and ask.least is None else ask.least
        return PersianIntegerField(min_value=least, max_value=ask.most, **common)
    if ask.kind == "yes_no":
        return forms.BooleanField(error_messages={"required": "این خانه را نشان بزنید."}, **common)
    if ask.kind in {"choice", "choices"}:
        return _choices(ask, obj, on, common)
    if ask.kind in {"person", "record", "records"}:
        return _records(ask, obj, on, common)
    if ask.kind == "secret":
        return forms.CharField(widget=forms.PasswordInput, strip=False, **common)
    if ask.kind == "file":
        return forms.FileField(error_messages={"required": "فایل را برگزینید."}, **common)
    if ask.kind == "long":
        widget = forms.Textarea(attrs={"rows": 6})
        return PersianCharField(multiline=True, max_length=ask.length, widget=widget, **common)
    return PersianCharField(max_length=ask.length, **common)


def _choices(ask: Ask, obj: Any, on: date, common: dict[str, Any]) -> forms.Field:
    offered = [(str(key), label) for key, label in ask.choices(obj, on)] if ask.choices else []
    if ask.kind == "choices":
        return forms.MultipleChoiceField(
            choices=offered, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE, **common
        )
    return forms.ChoiceField(choices=[("", "برگزینید"), *offered], error_messages=CHOOSE, **common)


class SeenField(forms.CharField):
    """What the page showed, carried along."""

    widget = forms.HiddenInput


class _RecordField(forms.ModelChoiceField):
    """One record of those offered; a person is shown with the post."""

    def label_from_instance(self, obj: models.Model) -> str:
        name, post = getattr(obj, "full_name", ""), getattr(obj, "post", "")
        return f"{name}، {post}" if name and post else name or str(obj)


def _records(ask: Ask, obj: Any, on: date, common: dict[str, Any]) -> forms.Field:
    offered: Any = ask.records(obj, on) if ask.records else None
    if ask.kind == "records":
        return forms.ModelMultipleChoiceField(
            queryset=offered,
            widget=forms.CheckboxSelectMultiple,
            error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), "از فهرست برگزینید."),
            **common,
        )
    return _RecordField(queryset=offered, empty_label="—", error_messages=CHOOSE, **common)
