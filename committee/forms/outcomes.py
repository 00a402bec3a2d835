"""Forms of what follows the vote: action items, minutes and their amendments."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from committee.models import AgendaItem
from staff_portal.kernel.pages.fields import PersianCharField
from staff_portal.kernel.pages.forms import CHOOSE, PortalForm, helper

SIGN, DISSENT = "sign", "dissent"
ACCEPT, RECORD, DECLINE = "accept", "record", "decline"


class AnswerForm(PortalForm):
    """The secretary's answer: accepted with a new text or a corrected record, or declined with a reason."""

    decision = forms.ChoiceField(
        label="تصمیم",
        choices=[
            (ACCEPT, "پذیرفته می‌شود و متن گفت‌وگو تغییر می‌کند"),
            (RECORD, "پذیرفته می‌شود؛ رویداد جلسه، مانند علت غیبت، در صفحه جلسه اصلاح شده است"),
            (DECLINE, "پذیرفته نمی‌شود"),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    item = forms.ModelChoiceField(
        label="دستور جلسه",
        queryset=AgendaItem.objects.none(),
        required=False,
        error_messages=CHOOSE,
        empty_label="—",
        help_text="اگر متن گفت‌وگو تغییر می‌کند: کدام دستور.",
    )
    discussion = PersianCharField(
        label="متن تازه گفت‌وگوی آن دستور",
        multiline=True,
        required=False,
        max_length=20_000,
        help_text="متن کامل آن دستور را پس از اصلاح بنویسید؛ متن کنونی در همین صفحه آمده است.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    answer = PersianCharField(
        label="توضیح به عضو",
        multiline=True,
        required=False,
        max_length=2000,
        help_text="برای نپذیرفتن دلیل، و برای رویداد اصلاح‌شده شرح آن لازم است.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items
        self.helper = helper(Fieldset("پاسخ دبیر", "decision", "item", "discussion", "answer"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == ACCEPT:
            if not data.get("item") and "item" not in self.errors:
                self.add_error("item", "دستوری را که گفت‌وگوی آن تغییر می‌کند برگزینید.")
            if not data.get("discussion"):
                self.add_error("discussion", "متن تازه گفت‌وگو را بنویسید.")
        if data.get("decision") == DECLINE and not data.get("answer"):
            self.add_error("answer", "دلیل نپذیرفتن را بنویسید.")
        if data.get("decision") == RECORD and not data.get("answer"):
            self.add_error("answer", "بنویسید چه چیز در رویدادهای جلسه اصلاح شد.")
        return data


class SignForm(PortalForm):
    """The own signature under the minutes, with a dissent or without."""

    choice = forms.ChoiceField(
        label="امضا",
        choices=[(SIGN, "صورتجلسه را امضا می‌کنم"), (DISSENT, "امضا می‌کنم و نظر مخالف خود را می‌نویسم")],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    dissent = PersianCharField(
        label="نظر مخالف",
        multiline=True,
        required=False,
        max_length=4000,
        help_text="همان‌گونه که می‌نویسید در صورتجلسه می‌آید.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("choice") == DISSENT and not data.get("dissent"):
            self.add_error("dissent", "نظر مخالف خود را بنویسید.")
        if data.get("choice") == SIGN and data.get("dissent"):
            self.add_error("choice", "نظر مخالفی نوشته‌اید؛ گزینه دوم را برگزینید یا متن را پاک کنید.")
        return data
