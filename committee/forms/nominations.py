"""Forms of nomination rounds: which seat, who is put forward, consent, withdrawal."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from committee.forms.seats import people_choices
from staff_portal.kernel.fields import PersianCharField
from staff_portal.kernel.forms import CHOOSE, PortalForm, helper
from staff_portal.kernel.models import User


def _sentence(label: str, *, longest: int, help_text: str = "") -> PersianCharField:
    return PersianCharField(
        label=label,
        multiline=True,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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


class NomineeForm(PortalForm):
    """A member put forward, and why."""

    why = _sentence(
        "دلیل معرفی",
        longest=600,
        help_text="نمایندگان این دلیل را کنار نام سمن می‌خوانند و در برگه اثبات انتخاب می‌آید.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("معرفی", "why"))


class ConsentForm(PortalForm):
    """The NGO consents and names its person; an expert gives the number of the paper letter."""

    representative = forms.ChoiceField(
        label="نماینده سمن در کمیته",
        error_messages=CHOOSE,
        help_text="از کسانی که در سامانه نماینده این سمن‌اند؛ اگر سمن برگزیده شود او در کرسی می‌نشیند.",
    )
    reference = PersianCharField(label="شماره نامه پذیرش سمن", max_length=60)

    def __init__(self, *args: Any, people: Iterable[User], by_letter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["representative"].choices = people_choices(people)
        names = ["representative", "reference"]
        if not by_letter:
            del self.fields["reference"]
            names = ["representative"]
        self.helper = helper(Fieldset("پذیرش نامزدی", *names))


class WithdrawForm(PortalForm):
    """Why the NGO withdraws; an expert gives the number of its letter."""

    note = _sentence("دلیل انصراف", longest=300)
    reference = PersianCharField(label="شماره نامه انصراف سمن", max_length=60)

    def __init__(self, *args: Any, by_letter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["note", "reference"]
        if not by_letter:
            del self.fields["reference"]
            names = ["note"]
        self.helper = helper(Fieldset("انصراف", *names))


class RemoveForm(PortalForm):
    """Why an NGO is taken off the list."""

    note = _sentence("سبب برداشتن", longest=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("برداشتن از فهرست", "note"))
