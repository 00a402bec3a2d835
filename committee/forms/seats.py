"""Forms of the memorandum, terms and appointments."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from committee.enums import APPOINTED_SEATS
from staff_portal.kernel.fields import JalaliDateField, PersianCharField
from staff_portal.kernel.forms import CHOOSE, PortalForm, helper
from staff_portal.kernel.models import User


class MemorandumForm(PortalForm):
    """The signed memorandum; its sixteen clauses come with it."""

    title = PersianCharField(label="عنوان", max_length=200)
    number = PersianCharField(label="شماره", max_length=40)
    signed_on = JalaliDateField(label="تاریخ امضا")
    last_day = JalaliDateField(label="پایان اعتبار")
    extension = PersianCharField(label="شیوه تمدید", max_length=300, required=False)
    hq_signatory = PersianCharField(label="امضاکننده ستاد سمن‌ها", max_length=160)
    deputy_signatory = PersianCharField(label="امضاکننده معاونت", max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Fieldset(
                "تفاهم‌نامه",
                "title",
                Row(Column("number"), Column("signed_on"), Column("last_day")),
                "extension",
            ),
            Fieldset("امضاکنندگان", Row(Column("hq_signatory"), Column("deputy_signatory"))),
        )


class TermForm(PortalForm):
    """A proposed term: its dates, its chair and how it works."""

    starts_on = JalaliDateField(label="آغاز دوره")
    planned_end_on = JalaliDateField(
        label="پایان پیش‌بینی‌شده", help_text="دوره تا استقرار دوره بعد ادامه می‌یابد."
    )
    chair_code = forms.ChoiceField(
        label="کرسی رئیس",
        choices=[(code.value, code.label) for code in APPOINTED_SEATS],
        error_messages=CHOOSE,
        help_text="رئیس یکی از چهار نماینده دو طرف است و دعوت جلسه‌ها را امضا می‌کند.",
    )
    conduct = PersianCharField(
        label="آیین کار",
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Fieldset("دوره", Row(Column("starts_on"), Column("planned_end_on")), "chair_code", "conduct")
        )


def people_choices(users: Iterable[User]) -> list[tuple[str, str]]:
    """People for a choice, each with the post."""
    return [
        ("", "برگزینید"),
        *((str(user.pk), f"{user.full_name}{f'، {user.post}' if user.post else ''}") for user in users),
    ]


class AppointForm(PortalForm):
    """Who takes the seat, from which day and by which letter."""

    person = forms.ChoiceField(label="شخص", error_messages=CHOOSE)
    starts_on = JalaliDateField(label="از تاریخ")
    reference = PersianCharField(label="شماره حکم", max_length=60, help_text="شماره حکم کتبی رئیس همان طرف.")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people_choices(people)
        self.helper = helper(Fieldset("انتصاب", "person", Row(Column("starts_on"), Column("reference"))))


class RecallForm(PortalForm):
    """The last day of a seating and why."""

    last_day = JalaliDateField(
        label="آخرین روز", help_text="این روز نیز جزو عضویت است؛ زودترین روز امروز است."
    )
    note = PersianCharField(
        label="سبب", multiline=True, widget=forms.Textarea(attrs={"rows": 3}), max_length=400
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("پایان عضویت", "last_day", "note"))


class WithdrawForm(PortalForm):
    """Why an appointment that has not begun is taken back."""

    note = PersianCharField(
        label="سبب", multiline=True, widget=forms.Textarea(attrs={"rows": 3}), max_length=400
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("پس‌گرفتن انتصاب", "note"))


class RepresentativeForm(PortalForm):
    """Another person of the seated NGO, by its letter."""

    person = forms.ChoiceField(
        label="نماینده تازه", error_messages=CHOOSE, help_text="از کسانی که در سامانه نماینده این سمن‌اند."
    )
    reference = PersianCharField(label="شماره معرفی‌نامه سمن", max_length=60)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people_choices(people)
        self.helper = helper(Fieldset("نماینده سمن", "person", "reference"))
