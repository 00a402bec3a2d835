"""Columns of the register file and the headings people give them (page 7, `import_ngos`).

A heading is matched by folding, so order, the Arabic forms of yeh and kaf, «*», blanks, half-spaces, vowel marks and a
note in brackets do not matter. `IGNORED` columns are known and of no use; any other unknown heading is reported as a notice.
"""

import re
from dataclasses import dataclass, field

from staff_portal.kernel.persian.search import compact_fold

NAME = "name"
NATIONAL_ID = "national_id"
WANTED = (NAME, NATIONAL_ID)
IGNORED = "ignored"

_LONGEST_HEADING = 200
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|«[^«»]*»")


@dataclass(frozen=True)
class Column:
    """One column: its key (also the code of a refusal), the heading of page 7, and other usual spellings."""

    key: str
    heading: str
    spellings: tuple[str, ...] = field(default=())


COLUMNS = (
    Column(
        NAME,
        "نام سازمان",
        (
            "نام",
            "نام سمن",
            "نام مؤسسه",
            "نام موسسه",
            "نام تشکل",
            "نام انجمن",
            "نام سازمان مردم‌نهاد",
            "نام تشکل مردم‌نهاد",
            "نام کامل سازمان",
            "نام کامل سمن",
            "نام کامل",
            "نام مؤسسه/سازمان",
            "نام سازمان/مؤسسه",
            "نام شخص حقوقی",
            "عنوان",
            "عنوان سازمان",
            "عنوان سمن",
            "عنوان مؤسسه",
            "سازمان",
            "سمن",
        ),
    ),
    Column(
        NATIONAL_ID,
        "شناسه ملی",
        (
            "شناسه ملی سازمان",
            "شناسه ملی سمن",
            "شناسه ملی مؤسسه",
            "شناسه ملی اشخاص حقوقی",
            "شناسه ملی شخص حقوقی",
            "شماره شناسه ملی",
            "شناسه‌ی ملی",
            "شناسه",
            "ش ملی",
        ),
    ),
    Column(
        "registration_number",
        "شماره ثبت",
        ("ش ثبت", "شماره ثبت سازمان", "شماره ثبت سمن", "شماره ثبت مؤسسه", "شماره‌ی ثبت", "ثبت"),
    ),
    Column(
        "registered_on",
        "تاریخ ثبت",
        ("ت ثبت", "تاریخ ثبت سازمان", "تاریخ تأسیس", "تاریخ ثبت/تأسیس", "تاریخ‌ثبت سمن"),
    ),
    Column(
        "legal_kind",
        "نوع",
        ("نوع سازمان", "نوع سمن", "نوع مؤسسه", "نوع تشکل", "نوع حقوقی", "قالب حقوقی", "نوع شخصیت حقوقی"),
    ),
    Column(
        "licensor",
        "مرجع صدور پروانه",
        (
            "مرجع صدور",
            "مرجع صدور مجوز",
            "مرجع پروانه",
            "صادرکننده پروانه",
            "صادرکننده مجوز",
            "دستگاه صادرکننده پروانه",
            "دستگاه صادرکننده مجوز",
            "مرجع صادرکننده پروانه",
            "مرجع صادرکننده مجوز",
            "مرجع صادرکننده",
        ),
    ),
    Column(
        "licence_number",
        "شماره پروانه",
        ("ش پروانه", "شماره مجوز", "ش مجوز", "شماره پروانه فعالیت", "شماره مجوز فعالیت"),
    ),
    Column(
        "licence_valid_until",
        "اعتبار پروانه",
        (
            "تاریخ اعتبار پروانه",
            "اعتبار پروانه تا",
            "پایان اعتبار پروانه",
            "تاریخ پایان اعتبار پروانه",
            "تاریخ انقضای پروانه",
            "تاریخ انقضا پروانه",
            "انقضای پروانه",
            "اعتبار مجوز",
            "تاریخ اعتبار مجوز",
            "پایان اعتبار مجوز",
            "تاریخ اعتبار",
            "اعتبار تا",
            "پایان اعتبار",
            "اعتبار",
        ),
    ),
    Column(
        "fields",
        "حوزه فعالیت",
        (
            "حوزه",
            "حوزه‌ها",
            "حوزه‌های فعالیت",
            "زمینه فعالیت",
            "زمینه‌های فعالیت",
            "موضوع فعالیت",
            "حوزه‌ی فعالیت",
            "حوزه کاری",
        ),
    ),
    Column(
        "phone",
        "تلفن",
        (
            "تلفن ثابت",
            "شماره تلفن",
            "شماره تلفن ثابت",
            "تلفن دفتر",
            "تلفن سازمان",
            "تلفن تماس",
            "شماره تماس",
            "شماره ثابت",
        ),
    ),
    Column(
        "mobile",
        "همراه",
        (
            "موبایل",
            "تلفن همراه",
            "شماره همراه",
            "شماره موبایل",
            "شماره تلفن همراه",
            "تلفن موبایل",
            "همراه مدیرعامل",
        ),
    ),
    Column(
        "email",
        "رایانامه",
        (
            "ایمیل",
            "پست الکترونیک",
            "پست الکترونیکی",
            "نشانی الکترونیکی",
            "آدرس ایمیل",
            "نشانی رایانامه",
            "email",
            "e-mail",
        ),
    ),
    Column(
        "postal_code", "کد پستی", ("کدپستی", "کد پستی ده رقمی", "کد پستی ۱۰ رقمی", "ک پستی", "شماره پستی")
    ),
    Column(
        "district",
        "منطقه",
        ("منطقه شهرداری", "شهرداری منطقه", "منطقه شهری", "شماره منطقه", "منطقه شهرداری تهران"),
    ),
    Column("neighbourhood", "محله", ("نام محله", "محله شهری", "محله سکونت")),
    Column(
        "address",
        "نشانی",
        (
            "آدرس",
            "نشانی دفتر",
            "آدرس دفتر",
            "نشانی سازمان",
            "آدرس سازمان",
            "نشانی کامل",
            "آدرس کامل",
            "آدرس پستی",
        ),
    ),
    Column(
        "ceo",
        "مدیرعامل",
        (
            "نام مدیرعامل",
            "مدیر عامل",
            "نام مدیر عامل",
            "نام و نام خانوادگی مدیرعامل",
            "نام و نام‌خانوادگی مدیر عامل",
            "مدیر",
            "مسئول",
            "نام مدیر",
        ),
    ),
    Column(
        "volunteers",
        "تعداد داوطلبان",
        (
            "داوطلبان",
            "داوطلب",
            "شمار داوطلبان",
            "تعداد داوطلب",
            "تعداد نیروهای داوطلب",
            "نیروهای داوطلب",
            "تعداد نیروی داوطلب",
        ),
    ),
    Column(
        "membership_number",
        "شماره عضویت",
        ("ش عضویت", "کد عضویت", "شماره عضویت ستاد", "شماره عضویت در ستاد", "شماره عضویت در ستاد سمن‌ها"),
    ),
    Column(
        "member_since",
        "تاریخ عضویت",
        ("ت عضویت", "تاریخ عضویت در ستاد", "عضویت از", "تاریخ عضویت در ستاد سمن‌ها", "تاریخ شروع عضویت"),
    ),
)

HEADINGS = {column.key: column.heading for column in COLUMNS}
_IGNORED_HEADINGS = ("ردیف", "شماره ردیف", "ش ردیف", "شماره", "ر", "#", "no", "row")


def _index() -> dict[str, str]:
    index = {compact_fold(heading): IGNORED for heading in _IGNORED_HEADINGS if compact_fold(heading)}
    for column in COLUMNS:
        for spelling in (column.heading, *column.spellings):
            folded = compact_fold(spelling)
            if index.setdefault(folded, column.key) != column.key:
                raise ValueError(f"one heading for two columns: {spelling}")
    return index


_KEY_BY_FOLD = _index()


def column_of(heading: object) -> str | None:
    """Key of the column a heading cell names, `IGNORED` for a column of row numbers, None if unknown."""
    if not isinstance(heading, str) or len(heading) > _LONGEST_HEADING:
        return None
    for text in (heading, _BRACKETED.sub(" ", heading)):
        key = _KEY_BY_FOLD.get(compact_fold(text))
        if key:
            return key
    # A heading of punctuation only («#») folds to nothing and is a column of row numbers.
    return IGNORED if heading.strip() == "#" else None
