"""Form fields at the Persian edge: what they take, store, show, and how they refuse."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.test.utils import isolate_apps

from staff_portal.kernel.pages import fields

THIRD_AZAR = date(2026, 11, 24)


def refusal(field: forms.Field, value: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


class RecordForm(forms.Form):
    name = fields.PersianCharField(max_length=20)
    registered_on = fields.JalaliDateField(required=False)
    volunteers = fields.PersianIntegerField(required=False, min_value=0, max_value=10000)
    share = fields.PersianDecimalField(required=False, max_digits=5, decimal_places=2)
    national_id = fields.NationalIdField(required=False)
    national_code = fields.NationalCodeField(required=False)
    mobile = fields.MobileField(required=False)
    phone = fields.LandlineField(required=False)
    postal_code = fields.PostalCodeField(required=False)
    sheba = fields.ShebaField(required=False)
    registration_number = fields.RegistrationNumberField(required=False)


TYPED = {
    "name": "  مركز  كتاب‌‌خوان ",
    "registered_on": "۳ آذر ۱۴۰۵",
    "volunteers": "۱٬۲۵۰",
    "share": "۸۱/۲۵",
    "national_id": "۱۰۳۸۰-۲۸۴۷۹۰",
    "national_code": "۰۴۹۹۳۷۰۸۹۹",
    "mobile": "+98 990 815 5236",
    "phone": "۰۲۱ ۲۳۸۳ ۹۴۲۴",
    "postal_code": "15753-19644",
    "sheba": "IR82 0540 1026 8002 0817 9090 02",
    "registration_number": "۶۸۳۶",
}
STORED = {
    "name": "مرکز کتاب‌خوان",
    "registered_on": THIRD_AZAR,
    "volunteers": 1250,
    "share": Decimal("81.25"),
    "national_id": "10380284790",
    "national_code": "0499370899",
    "mobile": "09908155236",
    "phone": "02123839424",
    "postal_code": "1575319644",
    "sheba": "IR820540102680020817909002",
    "registration_number": "6836",
}


def test_a_form_stores_the_inside_forms() -> None:
    form = RecordForm(TYPED)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == STORED


def test_what_is_stored_is_shown_and_comes_back_unchanged() -> None:
    form = RecordForm(initial=STORED)
    shown = {name: form[name].value() for name in form.fields}
    posted = {name: form.fields[name].widget.format_value(value) for name, value in shown.items()}
    assert posted["registered_on"] == "۱۴۰۵/۰۹/۰۳"
    assert posted["volunteers"] == "۱٬۲۵۰"
    assert posted["share"] == "۸۱٫۲۵"
    assert posted["national_id"] == "۱۰۳۸۰۲۸۴۷۹۰"
    again = RecordForm(posted, initial=STORED)
    assert again.is_valid(), again.errors
    assert again.cleaned_data == STORED
    assert again.changed_data == []


def test_changes_are_noticed() -> None:
    form = RecordForm({**TYPED, "registered_on": "۱۴۰۵/۹/۴", "mobile": "نیست"}, initial=STORED)
    assert form.changed_data == ["registered_on", "mobile"]


def test_another_spelling_is_no_change() -> None:
    assert not RecordForm(TYPED, initial=STORED).has_changed()


def test_a_refused_value_stays_as_typed() -> None:
    form = RecordForm({"name": "نام", "registered_on": "۱۴۰۴/۱۲/۳۰", "volunteers": "بسیار"})
    assert form.errors["registered_on"] == ["سال ۱۴۰۴ کبیسه نیست؛ اسفند آن ۲۹ روز دارد."]
    assert 'value="۱۴۰۴/۱۲/۳۰"' in str(form["registered_on"])
    assert 'value="بسیار"' in str(form["volunteers"])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (fields.NationalIdField(), "10380284792", "با سند مقایسه کنید"),
        (fields.NationalCodeField(), "499370899", "صفرها را هم بنویسید"),
        (fields.MobileField(), "123", "۰۹"),
        (fields.LandlineField(), "09123456789", "همراه"),
        (fields.PostalCodeField(), "12", "۱۰ رقم"),
        (fields.ShebaField(), "IR00", "۲۴ رقم"),
        (fields.RegistrationNumberField(), "12345678", "۷ رقم"),
        (fields.JalaliDateField(), "دیروز", "مانند ۱۴۰۵/۹/۳"),
        (fields.PersianIntegerField(), "1.5", "عدد صحیح"),
        (fields.PersianDecimalField(), "1.5.2", "۸۱٫۲۵"),
        (fields.PersianIntegerField(min_value=1), "۰", "دست‌کم ۱ "),
        (fields.PersianIntegerField(max_value=1000), "1001", "حداکثر ۱٬۰۰۰ "),
        (fields.PersianDecimalField(max_value=100), "100.5", "حداکثر ۱۰۰ "),
        (fields.PersianDecimalField(max_digits=5, decimal_places=2), "1.234", "حداکثر ۲ رقم اعشار"),
        (
            fields.PersianDecimalField(max_digits=5, decimal_places=2),
            "1234",
            "بخش صحیح عدد باید حداکثر ۳ رقم",
        ),
        (fields.PersianCharField(max_length=3), "چهارم", "حداکثر ۳ نویسه"),
        (fields.PersianCharField(min_length=3), "دو", "دست‌کم ۳ نویسه"),
    ],
)
def test_errors_are_persian_sentences(field: forms.Field, value: str, words: str) -> None:
    messages = refusal(field, value)
    assert len(messages) == 1
    assert words in messages[0]


@pytest.mark.parametrize("field_class", [type(field) for field in RecordForm.base_fields.values()])
def test_empty_boxes(field_class: type[forms.Field]) -> None:
    assert refusal(field_class(), "  ") == ["این خانه را پر کنید."]
    assert field_class(required=False).clean("  ") in (None, "")


def test_date_box_attributes() -> None:
    html = str(RecordForm()["registered_on"])
    for attribute in ('inputmode="numeric"', 'dir="ltr"', "data-jalali", 'type="text"', 'placeholder="مثلاً'):
        assert attribute in html


@pytest.mark.parametrize(
    "name",
    ["national_id", "national_code", "mobile", "phone", "postal_code", "sheba", "registration_number"],
)
def test_identifier_boxes(name: str) -> None:
    html = str(RecordForm()[name])
    for attribute in ('type="text"', 'dir="ltr"', "inputmode="):
        assert attribute in html
    assert 'autocomplete="off"' in html
    assert "maxlength" not in html


def test_number_boxes_are_text_so_that_persian_digits_can_be_typed() -> None:
    html = str(RecordForm()["volunteers"]) + str(RecordForm()["share"])
    assert 'type="number"' not in html
    assert 'inputmode="numeric"' in html
    assert 'inputmode="decimal"' in html


def test_years_are_not_grouped() -> None:
    assert fields.PersianIntegerField(grouped=False).prepare_value(1405) == "۱۴۰۵"


def test_long_texts_keep_their_lines() -> None:
    assert fields.PersianCharField(multiline=True).clean("يك \r\n دو") == "یک\nدو"
    assert fields.PersianCharField(widget=forms.Textarea).clean("يك\nدو") == "یک\nدو"
    assert fields.PersianCharField().clean("يك\nدو") == "یک دو"


def test_empty_value_of_nullable_text() -> None:
    assert fields.PersianCharField(required=False, empty_value=None).clean(" ") is None
    assert fields.NationalIdField(required=False, empty_value=None).clean(" ") is None


@pytest.fixture(scope="module")
def sample_model() -> type[models.Model]:
    """A model outside the project's registry, never stored: only its form is looked at."""
    with isolate_apps("django.contrib.contenttypes"):

        class SampleRecord(models.Model):  # noqa: DJ008
            name = models.CharField("نام", max_length=20)
            note = models.TextField("یادداشت", blank=True)
            kind = models.CharField("نوع", max_length=3, choices=[("a", "الف")])
            email = models.EmailField("رایانامه", blank=True)
            national_id = models.CharField("شناسه ملی", max_length=11)
            registered_on = models.DateField("تاریخ ثبت")
            created_at = models.DateTimeField("زمان ساخت")
            volunteers = models.PositiveIntegerField("داوطلبان", null=True, blank=True)
            score = models.DecimalField("امتیاز", max_digits=5, decimal_places=2, null=True, blank=True)

            class Meta:
                app_label = "samples"

        return SampleRecord


def test_model_forms_get_these_fields(sample_model: type[models.Model]) -> None:
    class SampleForm(forms.ModelForm):
        class Meta:
            model = sample_model
            exclude = ()  # noqa: DJ006
            formfield_callback = fields.persian_formfield

    kinds = {name: type(field) for name, field in SampleForm.base_fields.items()}
    assert kinds == {
        "name": fields.PersianCharField,
        "note": fields.PersianCharField,
        "kind": forms.TypedChoiceField,
        "email": forms.EmailField,
        "national_id": fields.NationalIdField,
        "registered_on": fields.JalaliDateField,
        "created_at": forms.DateTimeField,
        "volunteers": fields.PersianIntegerField,
        "score": fields.PersianDecimalField,
    }
    assert isinstance(SampleForm.base_fields["note"].widget, forms.Textarea)
    assert SampleForm.base_fields["name"].label == "نام"
    assert refusal(SampleForm.base_fields["volunteers"], "-1") == ["عدد باید دست‌کم ۰ باشد."]
