"""Forms of the ground floor: signing in, people and their roles, referral, cases, settings, holidays."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import District, Unit, User
from staff_portal.kernel.pages.fields import (
    IdentifierInput,
    JalaliDateField,
    MobileField,
    PersianCharField,
    PersianDecimalField,
    PersianIntegerField,
)
from staff_portal.kernel.people import rules
from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.ordering import alphabetical

REQUIRED = {"required": "این خانه را پر کنید."}
CHOOSE = {"required": "یکی را برگزینید.", "invalid_choice": "از فهرست برگزینید."}


def helper(*sections: Any) -> FormHelper:
    """A crispy helper for the kit's form layouts: the page draws the form tag and the token."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if sections:
        made.layout = Layout(*sections)
    return made


class PortalForm(forms.Form):
    """A form whose fields are adjusted when it is made."""

    fields: dict[str, Any]


def clean_username(text: str) -> str:
    """A name as accounts keep it: ASCII digits, lower case, no blanks around."""
    return to_ascii_digits(text).strip().lower()


class LoginForm(PortalForm):
    """Name and password; a name may be typed in Persian digits and any case."""

    username = forms.CharField(
        label="نام کاربری",
        max_length=60,
        error_messages=REQUIRED,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="گذرواژه",
        max_length=200,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class TokenForm(PortalForm):
    """The six digits of a one-time-password device, in any digits."""

    token = forms.CharField(
        label="رمز شش‌رقمی دستگاه",
        max_length=12,
        error_messages=REQUIRED,
        widget=IdentifierInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()

    def clean_token(self) -> str:
        token = to_ascii_digits(self.cleaned_data["token"]).replace(" ", "")
        if len(token) != 6 or not (token.isascii() and token.isdigit()):
            raise forms.ValidationError("رمز یک‌بارمصرف شش رقم دارد.")
        return token


class PasswordChangeForm(PortalForm):
    """The present password and a new one twice; whether it is good enough the operation says."""

    username = forms.CharField(
        label="نام کاربری",
        required=False,
        disabled=True,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "username", "readonly": True}),
    )
    old = forms.CharField(
        label="گذرواژه کنونی",
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="گذرواژه تازه",
        strip=False,
        error_messages=REQUIRED,
        help_text="دست‌کم ده نویسه؛ نام شما یا واژه‌ای رایج نباشد.",
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="تکرار گذرواژه تازه",
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("گذرواژه", "username", "old", "new", "again"))

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError("تکرار گذرواژه با آن یکی نیست؛ هر دو را دوباره بنویسید.")
        return self.cleaned_data["again"]


class NoteForm(PortalForm):
    """One note, for the steps that want a reason."""

    note = PersianCharField(label="توضیح", max_length=1000, multiline=True)

    def __init__(self, *args: Any, label: str = "توضیح", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
        self.fields["note"].required = required
        self.fields["note"].widget.attrs["rows"] = 3
        self.helper = helper()


class UserForm(PortalForm):
    """An account: who the person is, on which side, in which unit or district."""

    username = forms.CharField(
        label="نام کاربری",
        max_length=60,
        error_messages=REQUIRED,
        help_text="با حروف لاتین، مانند hq.ahmadi",
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none"}),
    )
    honorific = PersianCharField(label="خطاب", max_length=20, required=False, help_text="خانم، آقای، دکتر")
    first_name = PersianCharField(label="نام", max_length=80)
    last_name = PersianCharField(label="نام خانوادگی", max_length=80)
    side = forms.ChoiceField(label="طرف", choices=Side.choices, error_messages=CHOOSE)
    post = PersianCharField(label="سمت", max_length=160, required=False)
    unit = forms.ModelChoiceField(
        label="واحد", queryset=Unit.objects.none(), required=False, error_messages=CHOOSE
    )
    district = forms.ModelChoiceField(
        label="منطقه", queryset=District.objects.none(), required=False, error_messages=CHOOSE
    )
    email = forms.EmailField(
        label="رایانامه",
        required=False,
        error_messages={"invalid": "رایانامه را مانند name@example.ir بنویسید."},
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    mobile = MobileField(label="تلفن همراه", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by(alphabetical("title"), "id")
        self.fields["district"].queryset = District.objects.order_by("number")
        self.fields["unit"].empty_label = self.fields["district"].empty_label = "—"
        self.helper = helper(
            Fieldset("شخص", "honorific", "first_name", "last_name", "username"),
            Fieldset("جایگاه", "side", "post", "unit", "district"),
            Fieldset("راه تماس", "email", "mobile"),
        )

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class RoleForm(PortalForm):
    """A role with its scope and period; the last day may stay open."""

    role = forms.ChoiceField(label="نقش", error_messages=CHOOSE)
    district = forms.ModelChoiceField(
        label="منطقه",
        queryset=District.objects.none(),
        required=False,
        error_messages=CHOOSE,
        help_text="برای نقش‌های منطقه‌ای",
    )
    unit = forms.ModelChoiceField(
        label="واحد",
        queryset=Unit.objects.none(),
        required=False,
        error_messages=CHOOSE,
        help_text="برای کارشناس واحد",
    )
    start_on = JalaliDateField(label="از تاریخ")
    last_day = JalaliDateField(label="تا تاریخ", required=False, help_text="اگر پایان ندارد، خالی بماند.")

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]] = Role.choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "—"), *choices]
        self.fields["unit"].queryset = Unit.objects.order_by(alphabetical("title"), "id")
        self.fields["district"].queryset = District.objects.order_by("number")
        self.fields["unit"].empty_label = self.fields["district"].empty_label = "—"
        self.helper = helper(
            Fieldset("نقش", "role", "district", "unit"), Fieldset("دوره", "start_on", "last_day")
        )


class DelegationForm(PortalForm):
    """Whose powers go to whom, which ones, for how long and by which letter."""

    role = forms.ChoiceField(label="نقش", error_messages=CHOOSE)
    delegate = forms.ModelChoiceField(
        label="به", queryset=User.objects.none(), error_messages=CHOOSE, empty_label="—"
    )
    start_on = JalaliDateField(label="از تاریخ")
    last_day = JalaliDateField(label="تا پایان روز")
    reference = PersianCharField(label="شماره نامه", max_length=60, required=False)
    powers = forms.MultipleChoiceField(
        label="تنها این اختیارها",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="اگر هیچ‌یک را برنگزینید، همه اختیارهای این نقش سپرده می‌شود.",
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, roles: list[str], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]
        self.fields["delegate"].queryset = people
        powers = {p.code: p.label for role in roles for p in rules.delegable_permissions(role)}
        self.fields["powers"].choices = sorted(powers.items(), key=lambda item: item[1])
        self.helper = helper(
            Fieldset("تفویض", "role", "delegate", "reference"),
            Fieldset("دوره", "start_on", "last_day"),
            Fieldset("اختیارها", "powers"),
        )


class ReferralForm(PortalForm):
    """To whom, what for, and until when (K7)."""

    to_user = forms.ModelChoiceField(
        label="به", queryset=User.objects.none(), error_messages=CHOOSE, empty_label="—"
    )
    note = PersianCharField(label="شرح ارجاع", max_length=1000, multiline=True)
    due_on = JalaliDateField(label="مهلت", required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = people
        self.fields["note"].widget.attrs["rows"] = 4
        self.helper = helper(Fieldset("ارجاع", "to_user", "note", "due_on"))


class SettingForm(PortalForm):
    """A new value of one setting from a day on."""

    effective_on = JalaliDateField(label="از تاریخ")
    note = PersianCharField(label="سبب تغییر", max_length=300)

    def __init__(self, *args: Any, key: settings_store.SettingKey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"value": self._value_field(key), **self.fields}
        self.helper = helper(Fieldset("مقدار تازه", "value", "effective_on", "note"))

    @staticmethod
    def _value_field(key: settings_store.SettingKey) -> forms.Field:
        label = f"مقدار ({key.unit})" if key.unit else "مقدار"
        if key.kind == "boolean":
            return forms.TypedChoiceField(
                label=label,
                choices=[("yes", "بله"), ("no", "نه")],
                coerce=lambda value: value == "yes",
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )
        if key.kind == "decimal":
            return PersianDecimalField(label=label, min_value=0)
        if key.kind == "integer":
            return PersianIntegerField(label=label, min_value=0)
        return PersianCharField(label=label, max_length=300)


class HolidayForm(PortalForm):
    """A day on which clocks in working days stand still (K5)."""

    day = JalaliDateField(label="روز")
    title = PersianCharField(label="عنوان", max_length=160)
    at_short_notice = forms.BooleanField(
        label="تعطیلی ناگهانی",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Fieldset("روز تعطیل", "day", "title", "at_short_notice"))
