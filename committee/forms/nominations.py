"""Forms of nomination rounds: which seat, who is put forward, consent, withdrawal."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from staff_portal.kernel.fields import PersianCharField
from staff_portal.kernel.models import User

CHOOSE = {"required": "یکی را برگزینید.", "invalid_choice": "از فهرست برگزینید."}


def _helper(*sections: Any) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*sections)
    return made


def _sentence(label: str, *, longest: int, help_text: str = "") -> PersianCharField:
    return PersianCharField(
        label=label,
        multiline=True,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PrepareForm(forms.Form):
    """The seat for which a round begins; only seats that call for one can be chosen."""

    seat = forms.ChoiceField(label="کرسی", widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, *args: Any, seats: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat: Any = self.fields["seat"]
        seat.choices = list(seats)
        if len(seat.choices) == 1:
            seat.initial = seat.choices[0][0]
        self.helper = _helper(Fieldset("کرسی‌ای که نامزد می‌خواهد", "seat"))


class NomineeForm(forms.Form):
    """A member put forward, and why."""

    why = _sentence(
        "دلیل معرفی",
        longest=600,
        help_text="نمایندگان این دلیل را کنار نام سمن می‌خوانند و در برگه اثبات انتخاب می‌آید.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Fieldset("معرفی", "why"))


class ConsentForm(forms.Form):
    """The NGO consents and names its person; an expert gives the number of the paper letter."""

    representative = forms.ChoiceField(
        label="نماینده سمن در کمیته",
        error_messages=CHOOSE,
        help_text="از کسانی که در سامانه نماینده این سمن‌اند؛ اگر سمن برگزیده شود او در کرسی می‌نشیند.",
    )
    reference = PersianCharField(label="شماره نامه پذیرش سمن", max_length=60)

    def __init__(self, *args: Any, people: Iterable[User], by_letter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        representative: Any = self.fields["representative"]
        representative.choices = [
            ("", "برگزینید"),
            *((str(user.pk), f"{user.full_name}{f'، {user.post}' if user.post else ''}") for user in people),
        ]
        names = ["representative", "reference"]
        if not by_letter:
            del self.fields["reference"]
            names = ["representative"]
        self.helper = _helper(Fieldset("پذیرش نامزدی", *names))


class WithdrawForm(forms.Form):
    """Why the NGO withdraws; an expert gives the number of its letter."""

    note = _sentence("دلیل انصراف", longest=300)
    reference = PersianCharField(label="شماره نامه انصراف سمن", max_length=60)

    def __init__(self, *args: Any, by_letter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["note", "reference"]
        if not by_letter:
            del self.fields["reference"]
            names = ["note"]
        self.helper = _helper(Fieldset("انصراف", *names))


class RemoveForm(forms.Form):
    """Why an NGO is taken off the list."""

    note = _sentence("سبب برداشتن", longest=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Fieldset("برداشتن از فهرست", "note"))
