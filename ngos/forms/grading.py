"""Forms of grading: frameworks, planning, the assessor's desk, moderation."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from ngos.grade_sheet import NOT_APPLICABLE
from ngos.grading import ANCHOR_COUNT
from ngos.models import Dimension, Framework, Indicator, Level, Score
from staff_portal.kernel.pages.fields import JalaliDateField, PersianCharField, PersianDecimalField
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.numbers import format_decimal

CHOOSE = {"required": "یکی را برگزینید.", "invalid_choice": "از فهرست برگزینید."}
DEFAULT_SOURCE = "default"
NA = "na"
HALF_STEPS = [Decimal(step) / 2 for step in range(9)]


def _helper(*sections: Any) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if sections:
        made.layout = Layout(*sections)
    return made


# --- frameworks -----------------------------------------------------------------------------------------


class FrameworkForm(forms.Form):
    """A new draft: its title and what it starts from."""

    title = PersianCharField(label="عنوان", max_length=160)
    source = forms.ChoiceField(
        label="آغاز از",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        help_text="همه‌چیز پس از ساخت ویرایش‌پذیر است.",
    )

    def __init__(self, *args: Any, frameworks: Iterable[Framework], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [
            (DEFAULT_SOURCE, "چارچوب پیش‌فرض"),
            *(
                (str(row.pk), f"رونوشت نسخه {to_persian_digits(row.version)} ({row.get_state_display()})")
                for row in frameworks
            ),
        ]
        self.helper = _helper(Fieldset("چارچوب", "title", "source"))


class SeenForm(forms.Form):
    """A form that knows up to which audit entry its sender had read: ``seen``.

    When others changed the record since, the page shows their changes beside what was typed and asks again.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WeightsForm(SeenForm):
    """Weights and level bounds of a draft; field names end with the row's key."""

    def __init__(
        self, *args: Any, dimensions: Iterable[Dimension], levels: Iterable[Level], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for dimension in dimensions:
            self._add(f"dimension-{dimension.pk}", f"وزن بُعد «{dimension.title}»", dimension.weight)
            for indicator in dimension.indicators.all():
                self._add(f"indicator-{indicator.pk}", f"وزن شاخص «{indicator.title}»", indicator.weight)
        for level in levels:
            self._add(
                f"level-{level.pk}",
                f"کف سطح {to_persian_digits(level.rank)}",
                level.lower_bound,
                least=Decimal(0),
                most=Decimal(100),
            )

    def _add(
        self,
        name: str,
        label: str,
        value: Decimal,
        least: Decimal = Decimal("0.01"),
        most: Decimal = Decimal(9999),
    ) -> None:
        field = PersianDecimalField(
            label=label, min_value=least, max_value=most, max_digits=6, decimal_places=2
        )
        field.initial = value
        field.widget.attrs["class"] = "form-control"
        self.fields[name] = field

    def values(self, kind: str) -> dict[int, Decimal]:
        """The cleaned figures of ``dimension``, ``indicator`` or ``level`` by key."""
        prefix = f"{kind}-"
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class IndicatorForm(SeenForm):
    """The words of one indicator: title, evidence, five anchors, gate or not."""

    title = PersianCharField(label="عنوان شاخص", max_length=160)
    evidence = PersianCharField(
        label="مدرک لازم", max_length=300, required=False, help_text="آنچه ارزیاب برای امتیاز دادن می‌خواهد."
    )
    is_gate = forms.BooleanField(
        label="شرط لازم",
        required=False,
        help_text="بدون مقدار ۳ یا بیشتر در این شاخص، سمن «فاقد شرایط معرفی» است.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [f"anchor-{value}" for value in range(ANCHOR_COUNT)]
        for value, name in enumerate(names):
            self.fields[name] = PersianCharField(
                label=f"توصیف مقدار {to_persian_digits(value)}",
                max_length=400,
                multiline=True,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.helper = _helper(
            Fieldset("شاخص", "title", "evidence", "is_gate"), Fieldset("توصیف مقدارها", *names, "seen")
        )

    def anchors(self) -> list[str]:
        return [self.cleaned_data[f"anchor-{value}"] for value in range(ANCHOR_COUNT)]


# --- planning -------------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    """Two assessors and the deadline of the scoring; who may not assess is said on the page (N9)."""

    ngo = forms.IntegerField(widget=forms.HiddenInput)
    assessors = forms.MultipleChoiceField(
        label="دو ارزیاب",
        widget=forms.CheckboxSelectMultiple,
        error_messages={**CHOOSE, "required": "دو ارزیاب برگزینید."},
    )
    due_on = JalaliDateField(
        label="مهلت امتیازدهی", help_text="پایان همین روز؛ پیش‌فرض بر پایه روزهای کاری است."
    )

    def __init__(self, *args: Any, assessors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["assessors"]
        people.choices = assessors
        self.fields["due_on"].widget.attrs["class"] = "form-control"

    def clean_assessors(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["assessors"]
        if len(chosen) != 2:
            raise forms.ValidationError(
                f"درست دو ارزیاب برگزینید؛ اکنون {to_persian_digits(len(chosen))} نفر برگزیده شده است."
            )
        return chosen


# --- scoring and moderation -----------------------------------------------------------------------------


class ScoresForm(forms.Form):
    """The values and notes of the indicators that were sent: ``v-<id>`` (0–4, na, empty) and ``n-<id>``."""

    def __init__(
        self, *args: Any, indicators: Iterable[Indicator], scores: dict[int, Score], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sent = list(indicators)
        self.scores = scores
        for indicator in self.sent:
            values = [(str(value), to_persian_digits(value)) for value in range(ANCHOR_COUNT)]
            if not indicator.is_gate:
                values.append((NA, NOT_APPLICABLE))
            self.fields[f"v-{indicator.pk}"] = forms.ChoiceField(
                label=indicator.title,
                choices=values,
                required=False,
                error_messages={"invalid_choice": "یکی از مقدارهای همین شاخص را برگزینید."},
            )
            self.fields[f"n-{indicator.pk}"] = PersianCharField(
                label=f"یادداشت «{indicator.title}»", max_length=600, required=False, multiline=True
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for indicator in self.sent:
            if data.get(f"n-{indicator.pk}") and not data.get(f"v-{indicator.pk}"):
                self.add_error(
                    f"v-{indicator.pk}",
                    f"یادداشت «{indicator.title}» با امتیاز ذخیره می‌شود؛ امتیاز آن را هم برگزینید.",
                )
        return data

    def changed(self) -> list[tuple[int, str, str]]:
        """(indicator, value, note) of what differs from what is stored."""
        found = []
        for indicator in self.sent:
            value, note = (
                self.cleaned_data.get(f"v-{indicator.pk}"),
                self.cleaned_data.get(f"n-{indicator.pk}"),
            )
            if value is None or note is None:
                continue
            if (value, note) != stored_score(self.scores.get(indicator.pk)):
                found.append((indicator.pk, value, note))
        return found


def stored_score(score: Score | None) -> tuple[str, str]:
    """What is stored of an indicator, as the form's two values."""
    if score is None:
        return "", ""
    return (NA if score.is_not_applicable else str(score.value)), score.note


class ModerationForm(forms.Form):
    """A value (0–4 by halves, or N/A) and a reason for each differing indicator; those left empty wait."""

    def __init__(self, *args: Any, rows: Iterable[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            values = [("", "برگزینید"), *((format(step, "f"), format_decimal(step)) for step in HALF_STEPS)]
            if not row["is_gate"]:
                values.append((NA, NOT_APPLICABLE))
            self.fields[f"v-{row['id']}"] = forms.ChoiceField(
                label=f"مقدار «{row['title']}»",
                choices=values,
                required=False,
                error_messages=CHOOSE,
                initial=row["value"],
            )
            self.fields[f"r-{row['id']}"] = PersianCharField(
                label=f"دلیل «{row['title']}»",
                max_length=600,
                required=False,
                multiline=True,
                initial=row["reason"],
            )
            self.fields[f"v-{row['id']}"].widget.attrs["class"] = "form-select"
            self.fields[f"r-{row['id']}"].widget.attrs.update({"class": "form-control", "rows": 2})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for row in self.rows:
            value, reason = data.get(f"v-{row['id']}"), data.get(f"r-{row['id']}")
            if value and not reason:
                self.add_error(f"r-{row['id']}", "دلیل این مقدار را بنویسید.")
            elif reason and not value:
                self.add_error(f"v-{row['id']}", "مقداری برگزینید.")
        return data

    def decided(self) -> list[tuple[int, Decimal | None, str]]:
        """(indicator, value, reason) of what was filled in and differs from what is stored."""
        found = []
        for row in self.rows:
            value, reason = self.cleaned_data.get(f"v-{row['id']}"), self.cleaned_data.get(f"r-{row['id']}")
            if value and reason and (value, reason) != (row["value"], row["reason"]):
                found.append((row["id"], None if value == NA else Decimal(value), reason))
        return found
