"""The form of a transition, made from its row: the note and what else it asks for."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from staff_portal.kernel.fields import JalaliDateField, PersianCharField, PersianIntegerField
from staff_portal.kernel.forms import CHOOSE
from staff_portal.kernel.workflow import Ask, Transition


def _field(ask: Ask, obj: Any) -> forms.Field:
    common: dict[str, Any] = {"label": ask.label, "required": ask.required, "help_text": ask.help}
    if ask.kind == "date":
        return JalaliDateField(**common)
    if ask.kind == "integer":
        return PersianIntegerField(**common)
    if ask.kind == "choice":
        return forms.ChoiceField(
            choices=[("", "برگزینید"), *(ask.choices(obj) if ask.choices else ())],
            error_messages=CHOOSE,
            **common,
        )
    if ask.kind == "choices":
        return forms.MultipleChoiceField(
            choices=list(ask.choices(obj)) if ask.choices else [],
            widget=forms.CheckboxSelectMultiple,
            error_messages=CHOOSE,
            **common,
        )
    return PersianCharField(max_length=400, **common)


class TransitionForm(forms.Form):
    """Note and asked values of one transition on one record."""

    def __init__(self, row: Transition, obj: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for ask in row.asks:
            self.fields[ask.name] = _field(ask, obj)
        if row.needs_note:
            self.fields["note"] = PersianCharField(
                label=row.note_label,
                multiline=True,
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=2000,
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def asked(self) -> dict[str, Any]:
        """What was answered besides the note."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}
