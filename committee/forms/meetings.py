"""Forms of meetings: planning, agenda items, handing over, absence."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils import timezone

from committee.enums import ItemKind
from committee.models import Motion, Seating
from staff_portal.kernel.fields import JalaliDateField, PersianCharField, TimeField
from staff_portal.kernel.forms import CHOOSE, PortalForm, helper


def in_tehran(day: date, clock: time) -> datetime:
    """The moment of a day and a time of day in Tehran."""
    return timezone.make_aware(datetime.combine(day, clock))


class MeetingForm(PortalForm):
    """When, where and about what."""

    day = JalaliDateField(label="تاریخ")
    starts = TimeField(label="از ساعت", help_text="۲۴ ساعته، مانند ۱۴:۳۰")
    ends = TimeField(label="تا ساعت", help_text="پایان پیش‌بینی‌شده")
    place = PersianCharField(
        label="مکان", max_length=200, help_text="نشانی یا نام اتاق، چنان که در دعوت‌نامه می‌آید."
    )
    title = PersianCharField(
        label="موضوع", max_length=200, required=False, help_text="اگر جلسه موضوع ویژه‌ای ندارد، خالی بماند."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Fieldset("زمان", "day", "starts", "ends"), Fieldset("مکان و موضوع", "place", "title")
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", "پایان جلسه باید پس از آغاز آن باشد.")
        return data

    def planned(self) -> dict[str, Any]:
        """What the operation takes."""
        data = self.cleaned_data
        return {
            "starts_at": in_tehran(data["day"], data["starts"]),
            "ends_at": in_tehran(data["day"], data["ends"]),
            "place": data["place"],
            "title": data["title"],
        }


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


class ItemWordsForm(PortalForm):
    """Other words for an item; a motion's title is its own."""

    title = PersianCharField(label="عنوان", max_length=200)
    note = PersianCharField(label="شرح", max_length=1000, multiline=True, required=False)

    def __init__(self, *args: Any, is_motion: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["rows"] = 4
        if is_motion:
            del self.fields["title"]
        self.helper = helper(
            Fieldset("دستور جلسه", *(name for name in ("title", "note") if name in self.fields))
        )


class HandOverForm(PortalForm):
    """On which day the paper was given."""

    on = JalaliDateField(label="تاریخ تحویل")
    note = PersianCharField(
        label="شرح", max_length=200, required=False, help_text="مانند نام گیرنده یا شماره رسید."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


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
