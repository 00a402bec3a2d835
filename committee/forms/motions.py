"""Forms of motions and votes."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.db.models import Q

from committee.enums import Choice, MotionKind
from committee.models import PolicyArticle
from ngos.models import Ngo
from staff_portal.kernel.pages.fields import PersianCharField
from staff_portal.kernel.pages.forms import CHOOSE, PortalForm, helper
from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.search import search_fold

MOST_SUGGESTED = 5


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MotionForm(PortalForm):
    """A draft: kind, title, text, the NGO of an individual case, articles of policy it serves."""

    kind = forms.ChoiceField(
        label="نوع",
        choices=[("", "—"), *(row for row in MotionKind.choices if row[0] != MotionKind.DIRECTIVE)],
        error_messages=CHOOSE,
        help_text="سیاست قاعده‌ای کلی است؛ دیگر نوع‌ها می‌تواند درباره یک پرونده باشد.",
    )
    title = PersianCharField(label="عنوان", max_length=200, help_text="همان که در دستور جلسه خوانده می‌شود.")
    text = PersianCharField(
        label="متن",
        multiline=True,
        widget=_area(12),
        max_length=20000,
        help_text="همین متن به رأی گذاشته می‌شود و از هنگام در دستور نهادن تغییر نمی‌کند. یک خط خالی، بند تازه می‌سازد.",
    )
    ngo = PersianCharField(
        label="سمن موضوع پیشنهاد",
        required=False,
        max_length=250,
        help_text="تنها اگر پیشنهاد درباره پرونده یک سمن است: نام کامل، شناسه ملی یا شماره عضویت آن.",
    )
    articles = forms.ModelMultipleChoiceField(
        label="مواد اسناد بالادستی",
        queryset=PolicyArticle.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="ماده‌هایی که این پیشنهاد به آن‌ها استناد می‌کند.",
        error_messages={"invalid_choice": "از فهرست برگزینید.", "invalid_pk_value": "از فهرست برگزینید."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        articles = self.fields["articles"]
        articles.queryset = PolicyArticle.objects.select_related("document")
        reach = ["ngo", "articles"]
        if not articles.queryset.exists():
            del self.fields["articles"]
            reach.remove("articles")
        self.helper = helper(
            Fieldset("پیشنهاد", "kind", "title", "text"), Fieldset("درباره چه و به استناد چه", *reach)
        )

    def clean_ngo(self) -> Ngo | None:
        wanted: str = self.cleaned_data["ngo"] or ""
        if not wanted:
            return None
        number = to_ascii_digits(wanted).strip()
        found = list(
            Ngo.objects.filter(Q(national_id=number) | Q(membership_number=number) | Q(name=wanted))[:2]
        )
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(_ngo_help(wanted, is_ambiguous=len(found) > 1))

    def data_for(self) -> dict[str, Any]:
        """What the operation takes."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["kind"],
            "title": cleaned["title"],
            "text": cleaned["text"],
            "concerns_ngo": cleaned["ngo"],
            "articles": list(cleaned.get("articles") or []),
        }


def _ngo_help(wanted: str, *, is_ambiguous: bool) -> str:
    if is_ambiguous:
        return "چند سمن با این نام هست؛ شناسه ملی آن را بنویسید."
    rows = Ngo.objects.all()
    for word in search_fold(wanted).split():
        rows = rows.filter(search_text__contains=word)
    names = [f"«{row.name}»" for row in rows.order_by("sort_key")[:MOST_SUGGESTED]]
    if names and search_fold(wanted):
        return f"نام کامل را بنویسید؛ شاید یکی از این‌ها: {'، '.join(names)}."
    return "سمنی با این نام یا شماره یافت نشد."


class CastForm(PortalForm):
    """The one ballot: choice and an optional reason. Kept nowhere in the browser."""

    choice = forms.ChoiceField(
        label="رأی شما",
        choices=Choice.choices,
        widget=forms.RadioSelect,
        error_messages={**CHOOSE, "required": "موافق، مخالف یا ممتنع را برگزینید."},
    )
    reason = PersianCharField(
        label="دلیل، اگر می‌خواهید",
        required=False,
        multiline=True,
        widget=_area(2),
        max_length=600,
        help_text="پس از پایان رأی‌گیری کنار رأی شما دیده می‌شود.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class ReceiptForm(PortalForm):
    """The receipt code, as it was shown after voting."""

    code = PersianCharField(
        label="کد رهگیری رأی",
        max_length=40,
        help_text="همان که پس از رأی‌دادن نشان داده شد؛ با خط تیره یا بدون آن.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"dir": "ltr", "autocomplete": "off"})
        self.helper = helper()

    def clean_code(self) -> str:
        typed: str = to_ascii_digits(self.cleaned_data["code"])
        return "".join(sign for sign in typed.upper() if sign.isalnum())


class AmendForm(PortalForm):
    """The amended text; everybody present is asked to agree to a vote on it in the same sitting."""

    title = PersianCharField(label="عنوان", max_length=200)
    text = PersianCharField(label="متن اصلاح‌شده", multiline=True, widget=_area(12), max_length=20000)

    def __init__(self, *args: Any, present: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = "، ".join(present)
        asked = f"هر یک از حاضران در گوشی خود موافقت می‌کند: {names}." if names else ""
        self.fields["text"].help_text = asked
        self.helper = helper(Fieldset("متن تازه", "title", "text"))
