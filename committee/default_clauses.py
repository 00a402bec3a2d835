"""The sixteen clauses of the joint memorandum with their owners, as the design's first page gives them."""

from dataclasses import dataclass

from committee.enums import ClauseParty as P


@dataclass(frozen=True)
class ClauseData:
    """One clause of the memorandum: code (M1 …), party and text."""

    code: str
    party: str
    text: str


DEFAULT_CLAUSES = (
    ClauseData("M1", P.BOTH, "مشارکت هدفمند و حداکثری سمن‌ها در برنامه‌ریزی، اجرا و اداره امور شهر"),
    ClauseData("M2", P.BOTH, "اجرای مصوبات شورای اسلامی شهر و مواد مربوط به سمن‌ها در برنامه پنج‌ساله دوم"),
    ClauseData("M3", P.BOTH, "گسترش کمی و کیفی سمن‌های حوزه اجتماعی و فرهنگی"),
    ClauseData("M4", P.BOTH, "پیشگیری از موازی‌کاری معاونت و ستاد سمن‌ها در سیاست‌گذاری، برنامه‌ریزی و راهبری"),
    ClauseData("M5", P.BOTH, "همکاری شبکه‌ای و تخصصی سمن‌ها با ادارات کل، سازمان‌ها و شرکت‌های تابعه"),
    ClauseData(
        "M6",
        P.BOTH,
        "تشکیل کمیته مشترک با دو نماینده ستاد سمن‌ها، دو نماینده معاونت و یک نماینده سمن‌های حوزه اجتماعی و فرهنگی",
    ),
    ClauseData("M7", P.BOTH, "معرفی سه سمن از سوی ستاد سمن‌ها و انتخاب یکی از آن‌ها از سوی معاونت"),
    ClauseData("M8", P.HQ, "معرفی سمن‌های توانمند عضو به ادارات کل، سازمان‌ها و شرکت‌های معاونت"),
    ClauseData("M9", P.HQ, "ظرفیت‌سنجی و سطح‌بندی سمن‌های عضو برای همکاری با معاونت"),
    ClauseData(
        "M10", P.HQ, "معرفی نیروی دبیرخانه‌های منطقه‌ای و نمایندگان محله‌ای، بدون رابطه استخدامی با شهرداری"
    ),
    ClauseData("M11", P.DEPUTY, "بسترسازی تعامل بیشتر و بهتر سمن‌ها با ادارات کل، سازمان‌ها و شرکت‌ها"),
    ClauseData("M12", P.DEPUTY, "ایجاد و تجهیز مکان دبیرخانه دائمی سمن‌ها در مناطق ۲۲گانه"),
    ClauseData(
        "M13", P.DEPUTY, "واگذاری این امکانات تنها به سمن‌های عضو و به‌کارنگرفتن سازمان‌های دیگر در هر سه سطح"
    ),
    ClauseData("M14", P.DEPUTY, "تشکیل مجمع مشورتی سمن‌ها در هر اداره کل، سازمان و شرکت و در مناطق"),
    ClauseData("M15", P.DEPUTY, "اعطای تسهیلات رفاهی به سمن‌های فعالی که ستاد سمن‌ها معرفی می‌کند"),
    ClauseData(
        "M16", P.COMMITTEE, "تعیین نوع تسهیلات رفاهی و شیوه اعطای آن به موجب دستورالعمل مصوب کمیته مشترک"
    ),
)
