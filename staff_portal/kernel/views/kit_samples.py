"""Invented content of the ``/kit/`` pages: what the pieces are shown with."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.paginator import Paginator

from staff_portal.kernel.frame import district_map
from staff_portal.kernel.frame.contributions import NavEntry, NavSection
from staff_portal.kernel.frame.icons import ICONS
from staff_portal.kernel.pages.fields import (
    JalaliDateField,
    LandlineField,
    NationalIdField,
    PersianCharField,
    PersianIntegerField,
)

TODAY = date(2026, 11, 24)
PERSON = SimpleNamespace(pk=0, is_authenticated=True, get_full_name="مریم احمدی", get_username="hq.expert")
ROLES = [
    {"label": "کارشناس ستاد سمن‌ها", "value": "hq_expert", "current": True},
    {"label": "دبیر کمیته مشترک", "value": "secretary", "current": False},
]
CURRENT = {
    "home": "/", "list": "/ngos/", "record": "/ngos/", "form": "/ngos/", "confirm": "/ngos/memberships/",
    "letter": "/letters/", "print": "/ngos/", "empty": "/ngos/assessments/",
}  # fmt: skip
PAGES = [
    ("home", "کارتابل"), ("list", "فهرست"), ("record", "پرونده"), ("form", "فرم"), ("confirm", "تأیید یک گام"),
    ("letter", "نامه"), ("print", "نسخه چاپی"), ("sign-in", "ورود"), ("empty", "فهرست خالی"), ("refused", "رد درخواست"),
]  # fmt: skip
PARTS = [
    ("buttons", "دکمه‌ها"), ("badges", "نشان‌ها"), ("alerts", "پیام‌ها"), ("steps", "گام‌های کار"), ("filters", "صافی و جدول"),
    ("work", "کارها و رویدادها"), ("pictures", "نمودارها"), ("forms", "فرم"), ("letters", "نامه و کار زمان‌بر"), ("icons", "نمادها"),
]  # fmt: skip


def navigation(current: str) -> tuple[NavSection, ...]:
    """The rail of an expert of the headquarters; ``current`` is the address that is marked."""
    sections: list[tuple[str, list[tuple[str, str, int]]]] = [
        ("", [("کارتابل", "/", 7), ("جست‌وجو", "/search/", 0)]),
        ("سمن‌ها", [
            ("فهرست سمن‌ها", "/ngos/", 0), ("درخواست‌های عضویت", "/ngos/memberships/", 3),
            ("ظرفیت‌سنجی", "/ngos/assessments/", 2), ("معرفی و همکاری", "/ngos/introductions/", 0),
        ]),
        ("کمیته مشترک", [("جلسه‌ها و رأی‌گیری", "/committee/meetings/", 1), ("مصوبات", "/committee/resolutions/", 0)]),
        ("تسهیلات رفاهی", [("دستورالعمل‌ها", "/facilities/directives/", 0), ("اعطای تسهیلات", "/facilities/grants/", 0)]),
        ("مناطق", [("دبیرخانه‌های ۲۲گانه", "/secretariats/", 0), ("مجامع مشورتی", "/secretariats/assemblies/", 0)]),
        ("سنجش و گزارش", [("تفاهم‌نامه", "/mou/", 0), ("گزارش‌ها", "/reports/", 0)]),
    ]  # fmt: skip
    return tuple(
        NavSection(title, tuple(NavEntry(a, b, c, b == current) for a, b, c in entries))
        for title, entries in sections
    )


REASONS = [
    "اعتبار پروانه ۱۷ روز دیگر پایان می‌یابد؛ نخست تمدید آن را ثبت کنید.",
    "گزارش سالانه ۱۴۰۴ هنوز پذیرفته نشده است.",
]
ACTIONS = [
    {
        "label": "معرفی به معاونت",
        "url": "/kit/confirm/",
        "main": True,
        "confirm": True,
        "icon": "handshake",
    },
    {"label": "ویرایش", "url": "/kit/form/", "confirm": True, "icon": "edit"},
    {"label": "معرفی برای تسهیلات رفاهی", "url": "/kit/", "reasons": REASONS},
]
STEPS = [
    {"label": "پیش‌نویس", "state": "done", "note": "۲ خرداد"},
    {"label": "ارسال‌شده", "state": "done", "note": "۵ خرداد"},
    {"label": "در حال بررسی", "state": "current", "note": "نزد مریم احمدی"},
    {"label": "تأیید رئیس", "state": "todo"},
    {"label": "عضو", "state": "todo"},
]
STEPS_OFF = [
    {"label": "برنامه‌ریزی‌شده", "state": "done"},
    {"label": "امتیازدهی", "state": "done"},
    {"label": "لغوشده", "state": "off", "note": "۱۹ آبان، به درخواست سمن"},
]
TASKS = [
    {"title": "پاسخ به درخواست معرفی سازمان ورزش", "url": "/kit/record/", "due": "دیروز گذشت", "tone": "no",
     "detail": "طرح «ورزش محله در پاییز» · منطقه‌های ۱۰، ۱۱ و ۱۷"},
    {"title": "امتیازدهی «مؤسسه مهرورزان میراث فرهنگی کیمیا»", "url": "/kit/record/", "due": "فردا", "tone": "wait",
     "detail": "ظرفیت‌سنجی ۱۴۰۵ · ۳۱ شاخص از ۴۶ ثبت شده"},
    {"title": "وارسی مدارک «انجمن یاوران محیط زیست شهری طلوع»", "url": "/kit/record/", "due": "۲ روز مانده", "tone": "wait",
     "detail": "درخواست عضویت · ۲ مدرک از ۶ مانده"},
    {"title": "تکمیل سه نامزد نمایندگی سمن‌ها", "url": "/kit/record/", "due": "۸ روز مانده", "tone": "go",
     "detail": "کمیته مشترک، دوره سوم · ۲ از ۳ نامزد معرفی شده"},
    {"title": "هم‌پوشانی برنامه «کتاب‌خوان محله» با برنامه معاونت", "url": "/kit/record/", "due": "۱۲ روز مانده", "tone": "go",
     "detail": "حوزه فرهنگ و هنر · منطقه‌های ۶ و ۷ · شباهت ۸۲٪"},
]  # fmt: skip
KPIS = [
    {
        "label": "سمن‌های عضو",
        "value": 733,
        "note": "۴۱ بیشتر در این فصل",
        "trend": "up",
        "url": "/kit/list/",
    },
    {"label": "دارای سطح معتبر", "value": 482, "note": "۶۶٪ اعضا"},
    {
        "label": "همکاری جاری با معاونت",
        "value": 118,
        "note": "۹ بیشتر از ماه پیش",
        "trend": "up",
    },
    {
        "label": "پروانه‌های رو به پایان",
        "value": 23,
        "note": "۵ بیشتر از ماه پیش",
        "trend": "up",
        "good": False,
    },
]
TABS = [
    {"label": "پرونده", "url": "#", "current": False},
    {"label": "مدارک", "url": "#", "current": False, "count": 6},
    {"label": "ظرفیت‌سنجی", "url": "#", "current": True},
    {"label": "همکاری‌ها", "url": "#", "current": False},
    {"label": "تاریخچه", "url": "#", "current": False},
]
EVENTS = [
    {"actor": "زهرا کریمی", "text": "سطح ۲ را تأیید کرد.", "role": "رئیس ستاد سمن‌ها", "at": "۱۲ خرداد ۱۴۰۵، ساعت ۱۰:۴۲", "tone": "ok"},
    {"text": "اختلاف دو ارزیاب در ۴ شاخص هم‌سنجی شد.", "at": "۹ خرداد ۱۴۰۵، ساعت ۱۵:۰۸"},
    {"actor": "مریم احمدی", "text": "پرونده را برای اصلاح بازگرداند.", "note": "آخرین آگهی تغییرات خوانا نیست.", "at": "۳۰ اردیبهشت ۱۴۰۵", "tone": "wait"},
    {"actor": "مریم احمدی", "text": "صورت مالی ۱۴۰۴ را پذیرفت.", "at": "۲۸ اردیبهشت ۱۴۰۵", "tone": "ok"},
    {"text": "پرونده از فهرست اکسل وارد شد.", "at": "۲ اردیبهشت ۱۴۰۵", "tone": "neutral"},
]  # fmt: skip
FACTS = [
    {"label": "مدیرعامل", "value": "آرش یزدانی"},
    {"label": "تلفن", "value": "021 2383 9424", "code": True},
    {
        "label": "رایانامه",
        "value": "info@tolou.example",
        "url": "mailto:info@tolou.example",
    },
    {"label": "داوطلبان", "value": "۷۷۱ نفر"},
    {
        "label": "پروانه",
        "value": "فرمانداری تهران، تا ۲۰ آذر ۱۴۰۵",
        "badge": "۱۷ روز مانده",
        "tone": "wait",
    },
    {"label": "کد پستی", "value": ""},
]
CHIPS = [
    {"label": "حوزه", "options": [
        {"label": "همه", "url": "?", "active": True}, {"label": "محیط زیست", "count": 48, "url": "?field=8", "active": False},
        {"label": "فرهنگ و هنر", "count": 61, "url": "?field=10", "active": False}, {"label": "سالمندان", "count": 29, "url": "?field=4", "active": False},
    ], "more_label": "۱۵ حوزه دیگر", "more": [
        {"label": "کودکان", "count": 57, "url": "?field=1", "active": False}, {"label": "زنان و خانواده", "count": 44, "url": "?field=2", "active": False},
        {"label": "ورزش", "count": 18, "url": "?field=17", "active": False},
    ]},
    {"label": "سطح", "options": [
        {"label": "سطح ۱", "count": 31, "url": "?level=1", "active": False}, {"label": "سطح ۲", "count": 122, "url": "?", "active": True, "removable": True},
        {"label": "سطح ۳", "count": 214, "url": "?level=3", "active": False},
    ]},
    {"label": "منطقه", "options": [], "more_label": "همه منطقه‌ها", "more": [{"label": "منطقه ۶", "count": 62, "url": "?district=6", "active": False}, {"label": "منطقه ۷", "count": 40, "url": "?district=7", "active": False}]},
]  # fmt: skip
COLUMNS = [
    {"label": "نام", "sort_url": "?sort=-name", "sorted": "asc"}, {"label": "حوزه اصلی"}, {"label": "منطقه", "numeric": True, "sort_url": "?sort=district"},
    {"label": "شماره عضویت"}, {"label": "سطح", "sort_url": "?sort=level"}, {"label": "وضعیت"},
]  # fmt: skip
NGOS = [
    ("انجمن یاوران محیط زیست شهری طلوع", "محیط زیست و حیوانات", 7, "1404/0217", "سطح ۲", "عضو", "ok"),
    ("جمعیت همراهان سالمندان نیکان", "سالمندان", 3, "1402/0094", "سطح ۱", "عضو", "ok"),
    ("خانه پویش هنر محله هما", "فرهنگ و هنر", 17, "", "", "در حال بررسی", "wait"),
    ("کانون سفیران کتاب و کتاب‌خوانی چشمه", "آموزش و پژوهش", 6, "1403/0151", "سطح ۳", "عضو", "ok"),
    ("گروه رهپویان رهایی از اعتیاد سپیده", "پیشگیری از اعتیاد و آسیب‌ها", 12, "1401/0033", "سطح ۲", "تعلیق‌شده", "no"),
    ("مجمع پیشگامان نوجوانان رویش", "جوانان", 20, "1404/0302", "سطح ۳", "عضو", "ok"),
    ("مرکز حامیان بیماران خاص پرتو", "سلامت و بیماری‌های خاص", 2, "", "", "بازگشت برای اصلاح", "wait"),
    ("مؤسسه مهرورزان میراث فرهنگی کیمیا", "گردشگری و میراث فرهنگی", 11, "1403/0188", "", "پیش‌نویس", "neutral"),
]  # fmt: skip
ROWS = [
    {"cells": [
        {"text": name, "url": "/kit/record/"}, field, district, {"text": number, "code": bool(number)},
        {"badge": level, "tone": "go"} if level else "", {"badge": state, "tone": tone},
    ]}
    for name, field, district, number, level, state, tone in NGOS
]  # fmt: skip
JOBS = [
    {"title": "ورود فهرست سمن‌ها", "done": 384, "total": 620, "state": "running", "message": "نزدیک یک دقیقه مانده است"},
    {"title": "خروجی اکسل", "done": 0, "total": 0, "state": "waiting", "message": "یک کار پیش از این در نوبت است"},
    {"title": "صدور گواهی‌ها", "done": 42, "total": 42, "state": "done", "message": "۴۲ گواهی صادر شد", "result_url": "/kit/", "result_label": "دیدن گواهی‌ها"},
    {"title": "ورود فهرست سمن‌ها", "done": 120, "total": 620, "state": "failed", "message": "فایل در سطر ۱۲۱ خوانا نبود؛ آن را باز کنید، دوباره ذخیره کنید و بفرستید."},
]  # fmt: skip
DIMENSIONS = [
    {"label": "حکمرانی و وضعیت حقوقی", "score": 88, "weight": 15}, {"label": "برنامه‌ریزی و راهبرد", "score": 64, "weight": 10},
    {"label": "منابع انسانی و داوطلبان", "score": 79, "weight": 15}, {"label": "مالی و کنترل داخلی", "score": 38, "weight": 20, "low": True, "note": "زیر کف ۴۰؛ سطح از ۳ بالاتر نمی‌رود."},
    {"label": "اداری و فناوری", "score": 71, "weight": 10}, {"label": "برنامه‌ها و اثربخشی", "score": 83, "weight": 15},
    {"label": "ارتباطات و پاسخگویی", "score": None, "weight": 10, "note": "همه شاخص‌ها نامرتبط بود."}, {"label": "همکاری با مدیریت شهری", "score": 90, "weight": 5},
]  # fmt: skip
LEVELS = [
    {"label": "سطح ۱ – ممتاز", "count": 31, "rank": 1, "url": "/kit/list/"}, {"label": "سطح ۲ – توسعه‌یافته", "count": 122, "rank": 2, "url": "/kit/list/"},
    {"label": "سطح ۳ – در حال توسعه", "count": 214, "rank": 3, "url": "/kit/list/"}, {"label": "سطح ۴ – نوپا", "count": 115, "rank": 4, "url": "/kit/list/"},
    {"label": "بی‌سطح", "count": 251, "rank": 0, "url": "/kit/list/"},
]  # fmt: skip
LETTERS = [
    {"number": "1405/م/118", "date": "۱۲ خرداد ۱۴۰۵", "subject": "گواهی عضویت در ستاد سمن‌های شهر تهران", "addressee": "انجمن یاوران محیط زیست شهری طلوع", "url": "/kit/letter/", "pdf_url": "/kit/letter/", "status": "معتبر", "tone": "ok"},
    {"number": "1404/ن/74", "date": "۳ دی ۱۴۰۴", "subject": "معرفی به سازمان ورزش شهرداری تهران", "addressee": "سازمان ورزش", "url": "/kit/letter/", "status": "باطل‌شده", "tone": "no"},
]  # fmt: skip
NOTICES = [
    {"text": "مدارک «کانون سفیران کتاب و کتاب‌خوانی چشمه» کامل شد.", "url": "/kit/record/", "at": "امروز، ساعت ۹:۱۵", "unread": True, "tone": "ok"},
    {"text": "پروانه «انجمن یاوران محیط زیست شهری طلوع» تا ۱۷ روز دیگر اعتبار دارد.", "url": "/kit/record/", "at": "امروز، ساعت ۶:۰۰", "unread": True, "tone": "wait"},
    {"text": "اداره کل سلامت معرفی «مرکز حامیان بیماران خاص پرتو» را نپذیرفت.", "url": "/kit/record/", "at": "دیروز", "unread": False, "tone": "no"},
]  # fmt: skip
HITS = [
    {"title": "سمن‌ها", "count": 2, "more_url": "/kit/list/", "hits": [
        {"title": "انجمن یاوران محیط زیست شهری طلوع", "url": "/kit/record/", "detail": "محیط زیست و حیوانات · منطقه ۷", "badge": "عضو", "tone": "ok"},
        {"title": "گروه یاوران طلوع مهر", "url": "/kit/record/", "detail": "نیکوکاری و معیشت · منطقه ۱۹", "badge": "پیش‌نویس", "tone": "neutral"},
    ]},
    {"title": "نامه‌ها", "count": 1, "hits": [{"title": "گواهی عضویت «انجمن یاوران محیط زیست شهری طلوع»", "url": "/kit/letter/", "detail": "۱۲ خرداد ۱۴۰۵"}]},
]  # fmt: skip
STAGED = [
    {
        "name": "اساسنامه-۱۴۰۴.pdf",
        "size": "۱٫۲ مگابایت",
        "value": "k1",
        "remove_name": "remove_file",
    }
]


def icon_names() -> list[str]:
    return sorted(ICONS)


def _district_url(number: int) -> str:
    return f"/kit/list/?district={number}"


def counts_map() -> district_map.DistrictFigure:
    """Members per district."""
    counts = dict(zip(district_map.DISTRICT_NUMBERS, (58, 61, 49, 52, 47, 62, 40, 18, 11, 15, 33, 44, 21, 27, 30, 19, 9, 13, 0, 24, 6, 12), strict=True))  # fmt: skip
    return district_map.figure_of_counts(
        "سمن‌های عضو در هر منطقه", "سمن‌ها", counts, unit="سمن", url_for=_district_url
    )


def states_map() -> district_map.DistrictFigure:
    """States of the secretariats."""
    legend = [
        (0, "برنامه‌ریزی‌شده"),
        (1, "مکان تعیین‌شده"),
        (2, "در حال تجهیز"),
        (3, "آماده گشایش"),
        (4, "دایر"),
    ]
    words = dict(legend)
    tones = dict(
        zip(
            district_map.DISTRICT_NUMBERS,
            (4, 3, 2, 4, 4, 4, 1, 2, 3, 2, 4, 4, 0, 4, 3, 2, 1, 2, 0, 3, 2, 1),
            strict=True,
        )
    )
    states = {number: (tone, words[tone]) for number, tone in tones.items()}
    return district_map.figure_of_states(
        "دبیرخانه‌های مناطق", "وضعیت", states, legend=legend, url_for=_district_url
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label="نام کاربری",
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label="گذرواژه",
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "current-password"}),
    )


def sign_in_form() -> forms.Form:
    return SignInForm()


class NgoForm(forms.Form):
    """A form as the real ones are: crispy sections, help beside the field, typed Jalali dates."""

    name = PersianCharField(label="نام سمن", help_text="همان‌گونه که در اساسنامه آمده است.")
    kind = forms.ChoiceField(
        label="نوع",
        choices=[("", "برگزینید"), ("1", "انجمن"), ("2", "مؤسسه"), ("3", "جمعیت")],
    )
    national_id = NationalIdField(
        label="شناسه ملی", help_text="یازده رقم، از آگهی تأسیس یا سامانه ثبت شرکت‌ها."
    )
    registered_on = JalaliDateField(label="تاریخ ثبت", required=False)
    phone = LandlineField(label="تلفن", required=False)
    volunteers = PersianIntegerField(label="تعداد داوطلبان", required=False)
    about = PersianCharField(label="معرفی کوتاه", required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="دو یا سه جمله؛ در فهرست معاونت دیده می‌شود.")  # fmt: skip
    consent = forms.BooleanField(label="سمن با نمایش نشانی و تلفن در فهرست معاونت موافق است.", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(
                "مشخصات",
                "name",
                Row(Column("kind"), Column("registered_on")),
                "national_id",
            ),
            Fieldset(
                "تماس و معرفی",
                Row(Column("phone"), Column("volunteers")),
                "about",
                "consent",
            ),
        )


def broken_form() -> NgoForm:
    """What comes back after a mistake: everything typed is still there."""
    return NgoForm(
        {
            "name": "انجمن یاوران طلوع",
            "kind": "",
            "national_id": "۱۰۳۸۰۲۸۴۷۹۲",
            "registered_on": "۱۴۰۴/۱۲/۳۰",
            "volunteers": "۷۷۱",
        }
    )


def page_data(name: str) -> dict[str, Any]:
    """What one of the sample pages is drawn with."""
    crumbs = [{"label": "سمن‌ها", "url": "/kit/list/"}]
    title = "انجمن یاوران محیط زیست شهری طلوع"
    data: dict[str, dict[str, Any]] = {
        "home": {"page_title": "سلام خانم احمدی؛ هفت کار منتظر شماست", "page_subtitle": "یکی از مهلت گذشته است؛ از همان شروع کنید.",
                 "task_items": TASKS, "kpi_items": KPIS, "figure": states_map(), "levels": LEVELS, "notices": NOTICES},
        "list": {"page_title": "سمن‌ها", "page_subtitle": "۲۱۴ از ۷۴۰ پرونده", "chip_groups": CHIPS, "columns": COLUMNS, "rows": ROWS,
                 "page_obj": Paginator(range(214), 25).page(1)},
        "record": {"page_title": title, "crumbs": [*crumbs, {"label": title}], "actions": ACTIONS, "tab_items": TABS, "events": EVENTS,
                   "fact_items": FACTS, "dimensions": DIMENSIONS, "letters": LETTERS[:1]},
        "form": {"page_title": "ثبت سمن تازه", "crumbs": [*crumbs, {"label": "ثبت سمن تازه"}], "form": NgoForm(), "cancel_url": "/kit/list/",
                 "submit_label": "ثبت و ادامه", "draft_key": "kit-form"},
        "confirm": {"page_title": "تعلیق عضویت", "crumbs": [*crumbs, {"label": title, "url": "/kit/record/"}, {"label": "تعلیق عضویت"}], "danger": True,
                    "sentence": f"عضویت «{title}» از امروز تعلیق می‌شود.", "submit_label": "تعلیق عضویت", "cancel_url": "/kit/record/",
                    "consequences": ["دو معرفی باز و یک همکاری جاری متوقف می‌شود و به واحدها خبر داده می‌شود.", "سمن تا رفع تعلیق معرفی تازه نمی‌گیرد."],
                    "fact_items": FACTS[4:5], "form": reason_form()},
        "letter": {"page_title": "گواهی عضویت"},
        "print": {"page_title": "فهرست سمن‌های عضو، منطقه ۷", "columns": COLUMNS[:4] + COLUMNS[5:], "rows": [{"cells": row["cells"][:4] + row["cells"][5:]} for row in ROWS]},
        "empty": {"page_title": "ظرفیت‌سنجی‌های من", "crumbs": [*crumbs, {"label": "ظرفیت‌سنجی‌های من"}]},
    }  # fmt: skip
    return data[name]


class ReasonForm(forms.Form):
    note = PersianCharField(
        label="دلیل تعلیق",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="در نامه به سمن نوشته می‌شود.",
    )


def reason_form() -> ReasonForm:
    return ReasonForm()
