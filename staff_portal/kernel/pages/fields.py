"""Form fields at the Persian edge: one field each for dates, numbers, texts and identifiers (house rule 6).

What is typed may be in any digits and either spelling; what a field returns is a Gregorian date, int,
Decimal or clean text. What is shown is Jalali and in Persian digits. A refused value stays in its box as it
was typed.
"""

import re
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    BaseValidator,
    DecimalValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.db import models

from staff_portal.kernel.persian import identifiers
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import JalaliError, format_jalali, parse_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.numbers import (
    NumberError,
    format_decimal,
    format_thousands,
    parse_decimal,
    parse_integer,
)

REQUIRED: dict[str, Any] = {"required": "این خانه را پر کنید."}

_LIMIT_SENTENCES: tuple[tuple[type[BaseValidator], str], ...] = (
    (MinValueValidator, "عدد باید دست‌کم {limit} باشد."),
    (MaxValueValidator, "عدد باید حداکثر {limit} باشد."),
    (MinLengthValidator, "متن باید دست‌کم {limit} نویسه باشد."),
    (MaxLengthValidator, "متن باید حداکثر {limit} نویسه باشد؛ آن را کوتاه‌تر کنید."),
)


def _say_limits_in_persian(field: forms.Field) -> None:
    for validator in field.validators:
        for kind, sentence in _LIMIT_SENTENCES:
            if isinstance(validator, kind) and not callable(validator.limit_value):
                validator.message = sentence.format(limit=format_thousands(validator.limit_value))


# --- Dates ----------------------------------------------------------------------------------------


class JalaliDateInput(forms.TextInput):
    """Text box for a Jalali date; `data-jalali` is where the picker's own button is hung."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {
            "inputmode": "numeric",
            "dir": "ltr",
            "autocomplete": "off",
            "data-jalali": "",
            "placeholder": "مثلاً ۱۴۰۵/۹/۳",
        }
        super().__init__(attrs={**defaults, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, date):
            return format_jalali(value, "short")
        shown: str | None = super().format_value(value)
        return shown


class JalaliDateField(forms.DateField):
    """Takes what `parse_jalali` takes, returns a Gregorian date, shows «۱۴۰۵/۰۹/۰۳»."""

    widget = JalaliDateInput
    default_error_messages = REQUIRED

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, date):
            return super().to_python(value)
        try:
            return parse_jalali(str(value))
        except JalaliError as error:
            raise ValidationError(error.sentence, code=error.problem) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


# --- Texts and numbers ----------------------------------------------------------------------------


class PersianCharField(forms.CharField):
    """Text stored clean: one ی and ک, single blanks, tidy half-spaces. `multiline` keeps line breaks."""

    default_error_messages = REQUIRED

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea)
        super().__init__(**kwargs)
        _say_limits_in_persian(self)

    def to_python(self, value: Any) -> str | None:
        cleaned = clean_text(value, multiline=self.multiline or isinstance(self.widget, forms.Textarea))
        return cleaned if cleaned else self.empty_value


class NumberInput(forms.TextInput):
    """Text box for a number: browsers' own number boxes refuse Persian digits."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off", **(attrs or {})})


class DecimalInput(NumberInput):
    """Like `NumberInput`, with the keyboard that has a decimal mark."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"inputmode": "decimal", **(attrs or {})})


class PersianIntegerField(forms.IntegerField):
    """Whole number in any digits, with or without «٬». `grouped=False` for numbers that are names (years)."""

    widget = NumberInput
    default_error_messages = REQUIRED

    def __init__(self, *, grouped: bool = True, **kwargs: Any) -> None:
        self.grouped = grouped
        super().__init__(**kwargs)
        _say_limits_in_persian(self)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_integer(value)
        except NumberError as error:
            raise ValidationError(error.sentence, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return format_thousands(value) if self.grouped else to_persian_digits(value)
        return value


class PersianDecimalField(forms.DecimalField):
    """Decimal in any digits; the fraction after «٫», a point or a slash."""

    widget = DecimalInput
    default_error_messages = REQUIRED

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _say_limits_in_persian(self)
        for validator in self.validators:
            if isinstance(validator, DecimalValidator):
                validator.messages = self._size_messages()

    def _size_messages(self) -> dict[str, str]:
        places, digits = self.decimal_places or 0, self.max_digits or 0
        return {
            "invalid": "عدد را مانند ۱۲۵۰ یا ۸۱٫۲۵ بنویسید.",
            "max_decimal_places": f"عدد باید حداکثر {to_persian_digits(places)} رقم اعشار داشته باشد.",
            "max_digits": f"عدد باید روی هم حداکثر {to_persian_digits(digits)} رقم داشته باشد.",
            "max_whole_digits": f"بخش صحیح عدد باید حداکثر {to_persian_digits(digits - places)} رقم باشد.",
        }

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int | float | Decimal):
            return super().to_python(value)
        try:
            return parse_decimal(value)
        except NumberError as error:
            raise ValidationError(error.sentence, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return format_decimal(value)
        return value


# --- Identifiers ----------------------------------------------------------------------------------


class IdentifierInput(forms.TextInput):
    """Left-to-right text box for codes and telephones, shown in Persian digits."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(attrs={**defaults, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        shown = super().format_value(value)
        return None if shown is None else to_persian_digits(shown)


class IdentifierField(forms.CharField):
    """Base of the identifier fields: `normalise` decides, its sentence is the error."""

    widget = IdentifierInput
    default_error_messages = REQUIRED
    box_attributes: ClassVar[dict[str, str]] = {}

    def normalise(self, raw: object) -> str:
        """Stored form of the typed text, or `IdentifierError`; each identifier brings its own."""
        return clean_text(raw)

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return self.empty_value
        try:
            return self.normalise(text)
        except identifiers.IdentifierError as error:
            raise ValidationError(error.sentence, code=error.problem) from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: pasted numbers carry blanks and dashes that are dropped afterwards.
        return dict(self.box_attributes)


# --- Times of day ---------------------------------------------------------------------------------

HOW_TO_WRITE = "ساعت را مانند ۱۴:۳۰ بنویسید."
_CLOCK = re.compile(r"([0-9]{1,2})(?:\s*[:.،٫/]\s*([0-9]{1,2}))?|([0-9]{2})([0-9]{2})")


class TimeInput(IdentifierInput):
    """Text box for a time of day, in Persian digits."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"placeholder": "مثلاً ۱۴:۳۰", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, time):
            return to_persian_digits(value.strftime("%H:%M"))
        return super().format_value(value)


class TimeField(forms.Field):
    """A time of day, 24 hours, in any digits: «۱۴:۳۰», «14.30», «۱۴۳۰», «۹»."""

    widget = TimeInput
    default_error_messages = REQUIRED

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        text = to_ascii_digits(value or "").strip().removeprefix("ساعت").strip()
        if not text:
            return None
        match = _CLOCK.fullmatch(text)
        if match is None:
            raise ValidationError(f"ساعت خوانده نشد. {HOW_TO_WRITE}", code="invalid")
        hour, minute = int(match[1] or match[3]), int(match[2] or match[4] or 0)
        if hour > 23 or minute > 59:
            raise ValidationError(f"این ساعت وجود ندارد. {HOW_TO_WRITE}", code="invalid")
        return time(hour, minute)


class NationalIdField(IdentifierField):
    """شناسه ملی of a legal person, 11 digits."""

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_national_id(raw)


class NationalCodeField(IdentifierField):
    """کد ملی of a person, 10 digits."""

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_national_code(raw)


class MobileField(IdentifierField):
    """Mobile number, stored as 09XXXXXXXXX."""

    box_attributes: ClassVar[dict[str, str]] = {"inputmode": "tel"}

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_mobile(raw)


class LandlineField(IdentifierField):
    """Landline with city code; eight digits alone are Tehran's."""

    box_attributes: ClassVar[dict[str, str]] = {"inputmode": "tel"}

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_landline(raw)


class PostalCodeField(IdentifierField):
    """Postal code, 10 digits; the strict pattern is only warned about."""

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_postal_code(raw)


class ShebaField(IdentifierField):
    """Sheba (IBAN of Iran): IR and 24 digits."""

    box_attributes: ClassVar[dict[str, str]] = {"inputmode": "text", "autocapitalize": "characters"}

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_sheba(raw)


class RegistrationNumberField(IdentifierField):
    """Registration number, 1–7 digits."""

    def normalise(self, raw: object) -> str:
        return identifiers.normalise_registration_number(raw)


# --- Model forms ----------------------------------------------------------------------------------

_BY_NAME: dict[str, type[forms.Field]] = {
    "national_id": NationalIdField,
    "national_code": NationalCodeField,
    "mobile": MobileField,
    "landline": LandlineField,
    "phone": LandlineField,
    "postal_code": PostalCodeField,
    "sheba": ShebaField,
    "registration_number": RegistrationNumberField,
}


def persian_formfield(db_field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """Form field of this module for a model field: `class Meta: formfield_callback = persian_formfield`."""
    form_class = None if db_field.choices else _form_class_for(db_field)
    if form_class is None:
        return db_field.formfield(**kwargs)
    return db_field.formfield(form_class=form_class, **kwargs)


def _form_class_for(db_field: "models.Field[Any, Any]") -> type[forms.Field] | None:
    if isinstance(db_field, models.CharField) and db_field.name in _BY_NAME:
        return _BY_NAME[db_field.name]
    if type(db_field) in (models.CharField, models.TextField):
        return PersianCharField
    if type(db_field) is models.DateField:
        return JalaliDateField
    if isinstance(db_field, models.IntegerField):
        return PersianIntegerField
    if isinstance(db_field, models.DecimalField):
        return PersianDecimalField
    return None
