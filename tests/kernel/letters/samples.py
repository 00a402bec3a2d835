"""Complete papers for the tests of rendering; every name in them is invented."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from staff_portal.kernel.letters.contracts import (
    CertificateData,
    Copy,
    GradeSheetData,
    OfficialLetterData,
    Organisation,
    Reference,
    SheetDimension,
    SheetGap,
    SheetGate,
    SheetIndicator,
    SheetIndicatorGroup,
    Signature,
    Verification,
)
from staff_portal.kernel.letters.qr import qr_svg

FONT_DIR = Path(__file__).resolve().parents[3] / "assets" / "vendor" / "fonts"
ISSUED_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

COMMON: dict[str, Any] = {
    "organisation": Organisation(
        name="ستاد سمن‌ها", branch="شهر تهران", address="تهران، خیابان نمونه، شماره ۱", phone="۰۲۱ ۵۵۰۰ ۱۲۳۴"
    ),
    "date": "۱۴۰۵/۹/۳",
    "number": "۱۴۰۵/ع/۱۲",
    "attachment": "ندارد",
    "secrecy": "عادی",
    "is_confidential": False,
    "signature": Signature(name="زهرا کریمی", post="معاون", on_behalf_of="مریم احمدی، مدیر ستاد سمن‌ها"),
    "verification": Verification(
        qr_svg=qr_svg("https://samanha.example/verify/" + "aB3_-" * 33 + "/"),
        address="samanha.example/verify",
        fingerprint="9F2A-11C0-5D3B-77E1-04AC",
    ),
}


def official_letter(**changes: Any) -> OfficialLetterData:
    values: dict[str, Any] = {
        "addressee_name": "جناب آقای کامران یزدانی",
        "addressee_post": "معاون محترم امور اجتماعی و فرهنگی",
        "subject": "معرفی انجمن نمونه طلوع",
        "references": (Reference(label="عطف به", number="۱۴۰۵/د/۴۸۱", date="۱۴۰۵/۸/۲۰"),),
        "paragraphs": ("بازگشت به نامه یادشده، پرونده بررسی شد.", "خواهشمند است نتیجه اعلام شود."),
        "copies": (Copy(to="دبیرخانه ستاد سمن‌ها", purpose="جهت استحضار"),),
    }
    return OfficialLetterData(**COMMON, **(values | changes))


def certificate(**changes: Any) -> CertificateData:
    values: dict[str, Any] = {
        "ngo_name": "انجمن نمونه طلوع",
        "national_id": "۱۰۳۸۰۲۸۴۷۹۰",
        "membership_number": "۱۴۰۴/۰۲۱۷",
        "member_since": "۱۲ خرداد ۱۴۰۴",
        "valid_until": "۱۲ خرداد ۱۴۰۶",
    }
    return CertificateData(**COMMON, **(values | changes))


def grade_sheet(*, dimensions: int = 8, indicators: int = 6, **changes: Any) -> GradeSheetData:
    indicator = SheetIndicator(
        title="برنامه سالانه", weight="۱", value="۳٫۵", anchor="مکتوب است و اجرا می‌شود"
    )
    values: dict[str, Any] = {
        "ngo_name": "انجمن نمونه طلوع",
        "national_id": "۱۰۳۸۰۲۸۴۷۹۰",
        "membership_number": "۱۴۰۴/۰۲۱۷",
        "framework": "چارچوب ارزیابی ظرفیت، نسخه ۱",
        "assessed_on": "۲۸ آبان ۱۴۰۵",
        "confirmed_on": "۳ آذر ۱۴۰۵",
        "valid_until": "۳ آذر ۱۴۰۷",
        "level": "سطح ۲",
        "level_label": "توسعه‌یافته",
        "is_introducible": True,
        "total": "۷۱٫۲۵",
        "total_percent": "71.25",
        "next_level": "کف سطح ۱ (۸۵)",
        "next_level_percent": "85",
        "dimensions": tuple(
            SheetDimension(
                title="بُعد", weight="۱۰", score="۷۱٫۲۵", contribution="۷٫۱۳", score_percent="71.25"
            )
            for _ in range(dimensions)
        ),
        "gates": (SheetGate(title="پروانه معتبر", is_met=True, answer="برقرار است"),),
        "floors": ("امتیاز بُعد مالی کمتر از کف ۴۰ است.",),
        "explanation": ("امتیاز کل میانگین وزنی بُعدها است.",),
        "gaps": (SheetGap(indicator="حسابرسی", now="۱ – ناقص", needed="۳", effect="+۲٫۹"),),
        "indicator_groups": tuple(
            SheetIndicatorGroup(dimension="بُعد", indicators=(indicator,) * indicators)
            for _ in range(dimensions)
        ),
        "assessors": ("ارزیاب نخست", "ارزیاب دوم"),
    }
    return GradeSheetData(**COMMON, **(values | changes))
