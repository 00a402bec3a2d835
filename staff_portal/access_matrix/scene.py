"""The people and records that the matrix speaks of; the tests build exactly these."""

from staff_portal.kernel.roles import Role

NOBODY = "nobody"
STRANGER = "anonymous"

#: One person for each role; the short word heads the column of the printed table.
PEOPLE: dict[str, tuple[str, str]] = {
    Role.HQ_EXPERT: ("expert", "کارشناس ستاد سمن‌ها؛ کارهای باز را همکار او ثبت کرده است"),
    Role.HQ_MANAGER: ("manager", "رئیس ستاد سمن‌ها"),
    Role.HQ_ASSESSOR: ("assessor", "ارزیاب سمن عضو منطقه ۶"),
    Role.HQ_MEMBER: ("hq member", "نماینده ستاد سمن‌ها در کمیته"),
    Role.DEPUTY_MEMBER: ("deputy member", "نماینده معاونت در کمیته"),
    Role.NGO_MEMBER: ("ngo member", "نماینده سمن‌ها در کمیته"),
    Role.SECRETARY: ("secretary", "دبیر کمیته"),
    Role.DEPUTY_MANAGER: ("deputy", "معاون امور اجتماعی و فرهنگی"),
    Role.DEPUTY_EXPERT: ("deputy expert", "کارشناس معاونت"),
    Role.UNIT_EXPERT: ("unit", "کارشناس یک واحد معاونت"),
    Role.REGION_OFFICER: ("region", "معاونت اجتماعی و فرهنگی منطقه ۶"),
    Role.DISTRICT_HEAD: ("district", "مسئول دبیرخانه منطقه ۶"),
    Role.NGO_USER: ("ngo", "نماینده سمن عضو منطقه ۶"),
    Role.AUDITOR: ("auditor", "ناظر شورای اسلامی شهر"),
    Role.ADMIN: ("admin", "راهبر سامانه"),
    NOBODY: ("no role", "کاربری که نقشی ندارد"),
    STRANGER: ("stranger", "کسی که وارد نشده است"),
}

#: The records behind the addresses, by the name that a row gives them.
THINGS: dict[str, str] = {
    "member": "سمن عضو منطقه ۶",
    "foreign": "سمن عضو منطقه ۱۴",
    "draft": "پیش‌نویس یک سمن در منطقه ۶",
    "hidden": "پیش‌نویس یک سمن در منطقه ۱۴",
    "submitted": "درخواست عضویت ارسال‌شده از منطقه ۶",
    "under_review": "درخواست عضویت در دست بررسی از منطقه ۶",
    "document": "مدرک سمن عضو منطقه ۶ که همکار کارشناس بارگذاری کرده است",
    "officer": "عضو هیئت‌مدیره سمن عضو منطقه ۶",
    "account": "نمایندگی سمن عضو منطقه ۶",
    "view": "نمای ذخیره‌شده کارشناس",
    "framework": "چارچوب منتشرشده",
    "framework_draft": "پیش‌نویس چارچوب",
    "indicator": "شاخصی از پیش‌نویس چارچوب",
    "scoring": "ظرفیت‌سنجی سمن عضو منطقه ۶، در امتیازدهی",
    "moderation": "ظرفیت‌سنجی سمن عضو منطقه ۱۴، در هم‌سنجی",
    "awaiting": "ظرفیت‌سنجی سمنی دیگر، در انتظار تأیید",
    "checked_import": "فهرستی که کارشناس بارگذاری کرده و بررسی شده است",
    "certificate": "گواهی عضویت سمن عضو منطقه ۶",
    "foreign_certificate": "گواهی عضویت سمن عضو منطقه ۱۴",
    "confidential": "نامه محرمانه درباره سمن عضو منطقه ۶",
    "attachment": "فایل مدرک سمن عضو منطقه ۶",
    "foreign_attachment": "فایل مدرک سمن عضو منطقه ۱۴",
    "import_file": "فایل فهرستی که کارشناس بارگذاری کرده است",
    "staged": "فایلی که کارشناس بارگذاری کرده و هنوز به چیزی نپیوسته است",
    "job": "کار زمان‌بر کارشناس",
    "notification": "اعلان کارشناس",
    "account_user": "حساب یک همکار",
    "closed_user": "حساب بسته",
    "grant_hq": "نقش پیشنهادشده در ستاد سمن‌ها",
    "grant_deputy": "نقش پیشنهادشده در معاونت",
    "assignment": "نقش یک همکار",
    "delegation": "اختیاری که رئیس ستاد سمن‌ها به همکاری سپرده است",
    "referral": "ارجاع کارشناس به رئیس ستاد سمن‌ها",
    "case": "موضوعی نزد رئیس ستاد سمن‌ها",
    "holiday": "روز تعطیل آینده",
    "code": "کد گواهی عضویت",
}
