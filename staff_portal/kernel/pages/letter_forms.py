"""Forms about papers: the office number of a letter, the reason of a revocation, the filters of the audit trail."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from staff_portal.kernel.pages.fields import JalaliDateField, PersianCharField
from staff_portal.kernel.pages.forms import helper
from staff_portal.kernel.persian.search import sort_key
from staff_portal.kernel.trail import events


class RevokeForm(forms.Form):
    """Why the letter is void; the public page says the same words."""

    reason = PersianCharField(
        label="سبب ابطال",
        max_length=300,
        multiline=True,
        help_text="هر کس کد نامه را بخواند، همین نوشته را می‌بیند.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["rows"] = 3
        self.helper = helper()


class OfficeNumberForm(forms.Form):
    """Number and date in the office automation system; the scan is drawn by the kit's upload piece."""

    office_number = PersianCharField(label="شماره اتوماسیون اداری", max_length=60)
    office_dated_on = JalaliDateField(label="تاریخ اتوماسیون")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("ثبت در اتوماسیون اداری", "office_number", "office_dated_on"))


def _event_choices() -> list[tuple[str, str]]:
    """Every declared event by its label."""
    known = sorted(events.EVENTS.values(), key=lambda event: sort_key(event.label))
    return [("", "همه رویدادها"), *((event.code, event.label) for event in known)]


class AuditFilterForm(forms.Form):
    """Which entries of the audit trail: what happened, who did it, in which days."""

    event = forms.ChoiceField(
        label="رویداد",
        required=False,
        choices=_event_choices,
        error_messages={"invalid_choice": "رویداد را از فهرست برگزینید."},
    )
    who = PersianCharField(
        label="انجام‌دهنده",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = JalaliDateField(label="از تاریخ", required=False)
    until = JalaliDateField(label="تا پایان روز", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "پایان باید پس از آغاز باشد؛ دو تاریخ را جابه‌جا کنید.")
        return data
