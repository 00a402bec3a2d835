"""The form with which a register comes in; its file is drawn and kept by the page."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from staff_portal.kernel.pages.fields import JalaliDateField

NO_SHEET = {
    "required": "برگه‌ای را که فهرست در آن است برگزینید.",
    "invalid_choice": "این برگه در فایل نیست؛ از فهرست برگزینید.",
}


class ImportForm(forms.Form):
    """Day by which the register is judged, and its sheet where the file has several."""

    sheet = forms.ChoiceField(
        label="برگه",
        error_messages=NO_SHEET,
        help_text="این فایل چند برگه دارد؛ برگه‌ای را که فهرست در آن است برگزینید.",
    )
    on = JalaliDateField(
        label="تاریخ مبنا",
        help_text="پایان اعتبار پروانه‌ها و تاریخ‌های آینده با این روز سنجیده می‌شود.",
        error_messages={"required": "تاریخ مبنا را بنویسید."},
    )

    def __init__(self, *args: Any, sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            self.fields["sheet"].choices = [("", "—"), *((title, title) for title in sheets)]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
