"""The form that begins a round of nomination: for which seat."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from staff_portal.kernel.pages.forms import CHOOSE, PortalForm, helper


class PrepareForm(PortalForm):
    """The seat for which a round begins; only seats that call for one can be chosen."""

    seat = forms.ChoiceField(label="کرسی", widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, *args: Any, seats: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat = self.fields["seat"]
        seat.choices = list(seats)
        if len(seat.choices) == 1:
            seat.initial = seat.choices[0][0]
        self.helper = helper(Fieldset("کرسی‌ای که نامزد می‌خواهد", "seat"))
