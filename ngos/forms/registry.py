"""Forms of the registry: the NGO's own data, licences, officers, documents, representatives."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column as Half
from crispy_forms.layout import Div, Fieldset, Layout, Row
from django import forms
from django.urls import reverse_lazy

from ngos.enums import DocumentKind, LegalKind, LicenceScope, Licensor, OfficerPost, TargetGroup
from staff_portal.kernel.models import ActivityField, District, Neighbourhood, User
from staff_portal.kernel.pages.fields import (
    JalaliDateField,
    JalaliDateInput,
    LandlineField,
    MobileField,
    NationalCodeField,
    NationalIdField,
    PersianCharField,
    PersianIntegerField,
    PostalCodeField,
    RegistrationNumberField,
    ShebaField,
)
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.ordering import alphabetical

CHOOSE = {
    "required": "یکی را برگزینید.",
    "invalid_choice": "از فهرست برگزینید.",
    "invalid_list": "از فهرست برگزینید.",
}
BLANK = ("", "—")
CHECK_URL = reverse_lazy("ngos:ngo_check")
NEIGHBOURHOODS_URL = reverse_lazy("ngos:neighbourhoods")
CHECKED_TOGETHER = "[name='name'],[name='phone'],[name='registration_number'],[name='registration_office']"


def made_helper(*parts: Any) -> FormHelper:
    """A crispy helper whose form tag and token the page draws."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if parts:
        helper.layout = Layout(*parts)
    return helper


def _pair(first: str, second: str) -> Row:
    return Row(Half(first, css_class="col-md-6"), Half(second, css_class="col-md-6"))


def _live(name: str) -> Div:
    """Where the live check of a field answers; announced to screen readers."""
    return Div(css_id=f"check-{name}", css_class="live-check", aria_live="polite")


def _checks_similar(exclude: int | None) -> dict[str, str]:
    return {
        "hx-get": f"{CHECK_URL}?what=similar" + (f"&exclude={exclude}" if exclude else ""),
        "hx-trigger": "change delay:200ms",
        "hx-include": CHECKED_TOGETHER,
        "hx-target": "#check-similar",
    }


class NgoForm(forms.Form):
    """An NGO's own data in sections; national id and likeness to other files are checked while typing (N1)."""

    name = PersianCharField(label="نام سمن", max_length=250, help_text="همان‌گونه که در آگهی تأسیس آمده است.")
    legal_kind = forms.ChoiceField(
        label="نوع", choices=[BLANK, *LegalKind.choices], required=False, error_messages=CHOOSE
    )
    national_id = NationalIdField(
        label="شناسه ملی", help_text="۱۱ رقم؛ در روزنامه رسمی یا آگهی تأسیس نوشته شده است."
    )
    registration_number = RegistrationNumberField(label="شماره ثبت", required=False, help_text="۱ تا ۷ رقم")
    registration_office = PersianCharField(
        label="محل ثبت", max_length=80, required=False, help_text="مانند تهران"
    )
    registered_on = JalaliDateField(label="تاریخ ثبت", required=False)
    phone = LandlineField(
        label="تلفن",
        required=False,
        help_text="هشت رقم برای تهران، یا با پیش‌شماره شهر. تلفن یا همراه لازم است.",
    )
    mobile = MobileField(label="تلفن همراه", required=False, help_text="پیامک‌ها به این شماره می‌رود.")
    email = forms.EmailField(
        label="رایانامه",
        required=False,
        error_messages={"invalid": "رایانامه را مانند name@example.ir بنویسید."},
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    website = forms.URLField(
        label="وب‌گاه",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "نشانی وب‌گاه را مانند https://example.ir بنویسید."},
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    district = forms.ModelChoiceField(
        label="منطقه شهرداری",
        queryset=District.objects.none(),
        required=False,
        error_messages=CHOOSE,
        empty_label="—",
    )
    neighbourhood = forms.TypedChoiceField(
        label="محله", required=False, coerce=int, empty_value=None, error_messages=CHOOSE
    )
    address = PersianCharField(label="نشانی", max_length=400, required=False)
    postal_code = PostalCodeField(label="کد پستی", required=False, help_text="۱۰ رقم")
    primary_field = forms.ModelChoiceField(
        label="حوزه اصلی",
        queryset=ActivityField.objects.none(),
        required=False,
        error_messages=CHOOSE,
        empty_label="—",
        help_text="سمن در فهرست‌ها با همین حوزه دیده می‌شود.",
    )
    other_fields = forms.ModelMultipleChoiceField(
        label="حوزه‌های دیگر",
        queryset=ActivityField.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    target_groups = forms.MultipleChoiceField(
        label="گروه‌های هدف",
        choices=TargetGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    staff_count = PersianIntegerField(label="تعداد کارکنان", required=False, min_value=0, max_value=100_000)
    volunteer_count = PersianIntegerField(
        label="تعداد داوطلبان", required=False, min_value=0, max_value=1_000_000
    )
    sheba = ShebaField(label="شماره شبا", required=False, help_text="IR و ۲۴ رقم؛ حساب به نام خود سمن.")
    about = PersianCharField(
        label="درباره سمن",
        max_length=4000,
        required=False,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="چند جمله درباره هدف و کارهای اصلی سمن.",
    )
    claimed_number = PersianCharField(
        label="شماره عضویت در دفتر", max_length=40, required=False, help_text="تنها برای اعضای پیشین"
    )
    claimed_since = JalaliDateField(label="تاریخ عضویت در دفتر", required=False)
    is_other = forms.BooleanField(label="این سمن دیگری است؛ با پرونده‌های بالا یکی نیست.", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, exclude: int | None = None, with_claim: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        boxes: dict[str, Any] = self.fields
        boxes["district"].queryset = District.objects.order_by("number")
        activity = ActivityField.objects.order_by("position")
        boxes["primary_field"].queryset = boxes["other_fields"].queryset = activity
        boxes["neighbourhood"].choices = neighbourhood_choices()
        if not with_claim:
            del self.fields["claimed_number"], self.fields["claimed_since"]
        self._wire(exclude)
        self.helper = made_helper(*self._sections(with_claim))

    def _wire(self, exclude: int | None) -> None:
        attrs = {name: field.widget.attrs for name, field in self.fields.items()}
        attrs["national_id"] |= {
            "hx-get": f"{CHECK_URL}?what=national_id" + (f"&exclude={exclude}" if exclude else ""),
            "hx-trigger": "input changed delay:500ms, change",
            "hx-target": "#check-national_id",
        }
        for name in ("name", "phone", "registration_number", "registration_office"):
            attrs[name] |= _checks_similar(exclude)
        attrs["district"] |= {
            "hx-get": str(NEIGHBOURHOODS_URL),
            "hx-trigger": "change delay:150ms",
            "hx-include": "[name='neighbourhood']",
            "hx-target": "#id_neighbourhood",
        }

    @staticmethod
    def _sections(with_claim: bool) -> list[Any]:
        claim = [Fieldset("سابقه عضویت", _pair("claimed_number", "claimed_since"))] if with_claim else []
        return [
            Fieldset("هویت", "name", "national_id", _live("national_id"), "legal_kind", "about"),
            Fieldset("ثبت", _pair("registration_number", "registration_office"), "registered_on"),
            Fieldset(
                "تماس و نشانی",
                "phone",
                "mobile",
                _pair("email", "website"),
                _pair("district", "neighbourhood"),
                "address",
                "postal_code",
            ),
            Fieldset(
                "حوزه و گروه‌ها",
                "primary_field",
                "other_fields",
                "target_groups",
            ),
            Fieldset("منابع", _pair("staff_count", "volunteer_count"), "sheba"),
            *claim,
            "version",
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        district, neighbourhood = data.get("district"), data.get("neighbourhood")
        if neighbourhood and district is None:
            self.add_error("district", "منطقه این محله را هم برگزینید.")
        elif neighbourhood and not Neighbourhood.objects.filter(pk=neighbourhood, district=district).exists():
            self.add_error("neighbourhood", f"این محله در {district} نیست؛ محله‌ای از همین منطقه برگزینید.")
        return data


def neighbourhood_choices(district: int | None = None, *, keep: int | None = None) -> list[Any]:
    """Active neighbourhoods, grouped by district or those of one; ``keep`` stays though it is closed."""
    rows = Neighbourhood.objects.order_by("district_id", alphabetical("name"), "id").values_list(
        "pk", "name", "district_id", "is_active"
    )
    if district is not None:
        rows = rows.filter(district_id=district)
    groups: dict[int, list[tuple[int, str]]] = {}
    for pk, name, number, is_active in rows:
        if is_active or pk == keep:
            groups.setdefault(number, []).append((pk, name))
    if district is not None:
        return [BLANK, *groups.get(district, [])]
    return [BLANK, *((f"منطقه {to_persian_digits(number)}", names) for number, names in groups.items())]


class LicenceForm(forms.Form):
    """A licence to be active, from one licensor, for a time."""

    licensor = forms.ChoiceField(label="مرجع صدور", choices=[BLANK, *Licensor.choices], error_messages=CHOOSE)
    licensor_place = PersianCharField(
        label="محل مرجع", max_length=80, required=False, help_text="مانند تهران"
    )
    number = PersianCharField(label="شماره پروانه", max_length=40, required=False)
    subject = PersianCharField(label="موضوع", max_length=200, required=False)
    scope = forms.ChoiceField(
        label="گستره", choices=[BLANK, *LicenceScope.choices], required=False, error_messages=CHOOSE
    )
    valid_from = JalaliDateField(label="اعتبار از", required=False)
    valid_until = JalaliDateField(label="اعتبار تا", help_text="آخرین روزی که پروانه معتبر است.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = made_helper(
            Fieldset("پروانه", _pair("licensor", "licensor_place"), "number", "subject", "scope"),
            Fieldset("اعتبار", "valid_from", "valid_until"),
        )


class OfficerForm(forms.Form):
    """A member of the board, the head or the inspector, for a term."""

    post = forms.ChoiceField(label="سمت", choices=[BLANK, *OfficerPost.choices], error_messages=CHOOSE)
    full_name = PersianCharField(label="نام و نام خانوادگی", max_length=160)
    national_code = NationalCodeField(
        label="کد ملی", required=False, help_text="۱۰ رقم؛ تنها ستاد سمن‌ها و خود سمن آن را می‌بینند."
    )
    mobile = MobileField(label="تلفن همراه", required=False)
    starts_on = JalaliDateField(label="آغاز دوره")
    last_day = JalaliDateField(label="پایان دوره", required=False, help_text="اگر پایان ندارد، خالی بماند.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = made_helper(
            Fieldset("شخص", "post", "full_name", "national_code", "mobile"),
            Fieldset("دوره", "starts_on", "last_day"),
        )


class EndForm(forms.Form):
    """The last day of a term."""

    last_day = JalaliDateField(label="آخرین روز")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = made_helper("last_day")


class AccountForm(forms.Form):
    """Who acts for the NGO, by which letter of the NGO, for how long."""

    user = forms.ModelChoiceField(
        label="نماینده",
        queryset=User.objects.none(),
        error_messages=CHOOSE,
        empty_label="—",
        help_text="حساب را راهبر سامانه در طرف «سمن‌ها» می‌سازد.",
    )
    letter_reference = PersianCharField(label="شماره معرفی‌نامه", max_length=60)
    starts_on = JalaliDateField(label="از تاریخ")
    ends_on = JalaliDateField(label="تا تاریخ", required=False, help_text="اگر پایان ندارد، خالی بماند.")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes: dict[str, Any] = self.fields
        boxes["user"].queryset = people
        self.helper = made_helper(
            Fieldset("نماینده", "user", "letter_reference"), Fieldset("دوره", "starts_on", "ends_on")
        )


class DocumentForm(forms.Form):
    """A document's kind and end date; the file itself is staged by the view, so that no error loses it."""

    kind = forms.ChoiceField(label="نوع مدرک", choices=[BLANK, *DocumentKind.choices], error_messages=CHOOSE)
    valid_until = JalaliDateField(label="اعتبار تا", required=False, help_text="اگر مدرک پایان اعتبار دارد.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = made_helper("kind", "valid_until")


class DayForm(forms.Form):
    """«در تاریخ … عضو بود؟»"""

    on = JalaliDateField(label="در تاریخ", widget=JalaliDateInput(attrs={"class": "form-control"}))
