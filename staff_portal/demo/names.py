"""Invented names, numbers and texts for demo NGOs; a seeded generator makes them the same every time."""

from random import Random

from ngos.enums import LegalKind, Licensor
from staff_portal.kernel.persian.identifiers import national_code_check_digit, national_id_check_digit

KINDS = tuple(kind for kind in LegalKind if kind != LegalKind.FOUNDATION)
DOERS = (
    "یاوران", "همیاران", "دوستداران", "پیشگامان", "همراهان", "مهرورزان", "حامیان", "رهپویان",
    "پژوهندگان", "نوآوران", "سفیران", "امیدواران", "کوشندگان", "همدلان",
)  # fmt: skip
TOPICS: dict[str, tuple[str, ...]] = {
    "children": ("کودکان کار", "کودکان محله", "بازی و یادگیری"),
    "women-family": ("زنان سرپرست خانوار", "خانواده پایدار", "مادران شهر"),
    "youth": ("نوجوانان", "جوانان کارآفرین", "اندیشه جوان"),
    "elderly": ("سالمندان", "پدربزرگ‌ها و مادربزرگ‌ها", "سالمندی پویا"),
    "disability": ("توان‌یابان", "دوستان ناشنوا", "شهر بی‌مانع"),
    "health": ("بیماران خاص", "تندرستی محله", "سلامت روان"),
    "addiction": ("رهایی از اعتیاد", "پیشگیری از آسیب‌ها", "زندگی تازه"),
    "environment": ("محیط زیست شهری", "درخت و پرنده", "پاکبانان کوهستان"),
    "education": ("کتاب و کتاب‌خوانی", "پژوهش اجتماعی", "سوادآموزی"),
    "culture": ("هنر محله", "نمایش و موسیقی", "میراث گفتار"),
    "religion": ("آموزه‌های قرآنی", "هم‌آوایی دینی", "مهر و معنا"),
    "charity": ("نیکوکاری", "سفره همدلی", "معیشت آبرومند"),
    "entrepreneurship": ("کارآفرینی اجتماعی", "کسب‌وکار خانگی", "اشتغال محله"),
    "crisis": ("امداد محله", "آمادگی زلزله", "دوام شهر"),
    "heritage": ("میراث فرهنگی", "گردشگری شهری", "خانه‌های تاریخی"),
    "handicrafts": ("صنایع دستی", "هنر دست", "بافته‌های ایرانی"),
    "sport": ("ورزش همگانی", "ورزش بانوان", "دوچرخه و شهر"),
    "civic": ("حقوق شهروندی", "مشارکت محله‌ای", "گفت‌وگوی شهری"),
}
MARKS = (
    "طلوع", "چشمه", "سپیده", "پرتو", "نیکان", "رویش", "هما", "باران", "کیمیا", "آفتاب", "سرو", "ماهان",
    "ارغوان", "آیینه", "پژواک", "ژرفا", "ققنوس", "نسیم", "بهاران", "ترنم", "شکوفه", "آوا", "مهتاب", "ساحل",
)  # fmt: skip
FIRST_NAMES = (
    "آرش", "پریسا", "رضا", "زهرا", "بهرام", "شیرین", "کامران", "لادن", "محمود", "نرگس", "یاسمن", "هادی",
    "سمانه", "پویا", "مینا", "داریوش", "ترانه", "سینا",
)  # fmt: skip
LAST_NAMES = (
    "یزدانی", "پاکزاد", "بهاری", "روشن", "کیانی", "مهرجو", "دلاور", "سرمد", "نیکو", "آریا", "فرهودی",
    "شایان", "پارسا", "رهنما", "خجسته", "بردبار", "درخشان", "سپهر",
)  # fmt: skip
LICENSORS = (
    (Licensor.INTERIOR, ""),
    (Licensor.PROVINCE, "تهران"),
    (Licensor.GOVERNORATE, "تهران"),
    (Licensor.SPORT_YOUTH, ""),
    (Licensor.WELFARE, ""),
)
OFFICE = "اداره ثبت شرکت‌ها و مؤسسات غیرتجاری تهران"


def person(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def national_id(serial: int) -> str:
    """A valid national id, far above those that have been given so far (1401…)."""
    ten = f"1499{serial:06d}"
    return f"{ten}{national_id_check_digit(ten)}"


def national_code(random: Random) -> str:
    """A valid national code of a place code that is not in use."""
    nine = f"999{random.randrange(10**6):06d}"
    return f"{nine}{national_code_check_digit(nine)}"


def landline(random: Random) -> str:
    return f"021{random.randrange(2, 9)}{random.randrange(10**7):07d}"


def postal_code(random: Random) -> str:
    """Ten digits of Tehran that keep the strict pattern."""
    head = "1" + "".join(random.choice("3456789") for _ in range(3))
    return (
        head
        + random.choice("34669")
        + random.choice("3456789")
        + "".join(random.choice("123456789") for _ in range(4))
    )
