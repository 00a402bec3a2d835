"""Forms of meetings that are more than their questions: agenda items, absence."""

from collections.abc import Iterable
from typing import Any

from django import forms

from committee.enums import ItemKind
from committee.models import Motion, Seating
from staff_portal.kernel.pages.fields import PersianCharField
from staff_portal.kernel.pages.forms import CHOOSE, PortalForm, helper


class ItemForm(PortalForm):
    """A new item: a tabled motion from the list, or a report or discussion with its own title."""

    kind = forms.ChoiceField(
        label="نوع",
        choices=[
            (kind.value, kind.label) for kind in (ItemKind.MOTION, ItemKind.REPORT, ItemKind.DISCUSSION)
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    motion = forms.ModelChoiceField(
        label="پیشنهاد",
        queryset=Motion.objects.none(),
        required=False,
        empty_label="—",
        error_messages=CHOOSE,
        help_text="پیشنهادهای در دستور که در این جلسه نیامده‌اند؛ برای نوع «پیشنهاد».",
    )
    title = PersianCharField(label="عنوان", max_length=200, required=False, help_text="برای گزارش و گفت‌وگو.")
    note = PersianCharField(label="شرح", max_length=1000, multiline=True, required=False)

    def __init__(self, *args: Any, motions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motion"].queryset = motions
        self.fields["note"].widget.attrs["rows"] = 3
        self.helper = helper()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == ItemKind.MOTION and not data.get("motion") and "motion" not in self.errors:
            self.add_error("motion", "پیشنهاد را از فهرست برگزینید.")
        if data.get("kind") in (ItemKind.REPORT, ItemKind.DISCUSSION) and not data.get("title"):
            self.add_error("title", "عنوان دستور را بنویسید.")
        return data


class AbsenceForm(PortalForm):
    """Who is not there and why; a member announces only the own absence."""

    seating = forms.ChoiceField(label="عضو", error_messages=CHOOSE)
    reason = PersianCharField(label="علت", max_length=300)

    def __init__(self, *args: Any, seatings: Iterable[Seating], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(seatings)
        choices = [(str(row.pk), row.person.full_name) for row in rows]
        self.fields["seating"].choices = choices if len(rows) == 1 else [("", "—"), *choices]
        if len(rows) == 1:
            self.fields["seating"].initial = str(rows[0].pk)
        self.helper = helper()
