"""Labelled choices of the registry and of grading; states carry a tone for their badge."""

from django.db import models


class MembershipState(models.TextChoices):
    DRAFT = "draft", "پیش‌نویس"
    SUBMITTED = "submitted", "ارسال‌شده"
    UNDER_REVIEW = "under_review", "در حال بررسی"
    RETURNED = "returned", "بازگشت برای اصلاح"
    MEMBER = "member", "عضو"
    SUSPENDED = "suspended", "تعلیق‌شده"
    ENDED = "ended", "خاتمه‌یافته"
    REJECTED = "rejected", "ردشده"


class LegalKind(models.TextChoices):
    SOCIETY = "society", "جمعیت"
    ASSOCIATION = "association", "انجمن"
    CLUB = "club", "کانون"
    CENTRE = "centre", "مرکز"
    GROUP = "group", "گروه"
    ASSEMBLY = "assembly", "مجمع"
    HOUSE = "house", "خانه"
    INSTITUTE = "institute", "مؤسسه"
    FOUNDATION = "foundation", "بنیاد"


class Licensor(models.TextChoices):
    INTERIOR = "interior", "وزارت کشور"
    PROVINCE = "province", "استانداری"
    GOVERNORATE = "governorate", "فرمانداری"
    SPORT_YOUTH = "sport_youth", "وزارت ورزش و جوانان"
    WELFARE = "welfare", "سازمان بهزیستی"
    POLICE = "police", "فرماندهی انتظامی"
    ENDOWMENTS = "endowments", "سازمان اوقاف و امور خیریه"
    HEALTH = "health", "وزارت بهداشت"
    CULTURE = "culture", "وزارت فرهنگ و ارشاد اسلامی"
    PROPAGATION = "propagation", "سازمان تبلیغات اسلامی"
    ENVIRONMENT = "environment", "سازمان حفاظت محیط زیست"
    RELIEF = "relief", "کمیته امداد"


class LicenceScope(models.TextChoices):
    LOCAL = "local", "محلی"
    COUNTY = "county", "شهرستانی"
    PROVINCIAL = "provincial", "استانی"
    SUPRAPROVINCIAL = "supraprovincial", "فرااستانی"
    NATIONAL = "national", "ملی"
    INTERNATIONAL = "international", "بین‌المللی"


class OfficerPost(models.TextChoices):
    CHAIR = "chair", "رئیس هیئت‌مدیره"
    BOARD = "board", "عضو هیئت‌مدیره"
    TREASURER = "treasurer", "خزانه‌دار"
    CEO = "ceo", "مدیرعامل"
    INSPECTOR = "inspector", "بازرس"


BOARD_POSTS = (OfficerPost.CHAIR, OfficerPost.BOARD, OfficerPost.TREASURER)


class TargetGroup(models.TextChoices):
    CHILDREN = "children", "کودکان"
    TEENAGERS = "teenagers", "نوجوانان"
    YOUTH = "youth", "جوانان"
    WOMEN = "women", "زنان"
    FAMILIES = "families", "خانواده‌ها"
    ELDERLY = "elderly", "سالمندان"
    DISABLED = "disabled", "افراد دارای معلولیت"
    PATIENTS = "patients", "بیماران"
    POOR = "poor", "نیازمندان"
    MIGRANTS = "migrants", "مهاجران"
    PUBLIC = "public", "عموم شهروندان"


class DocumentKind(models.TextChoices):
    STATUTE = "statute", "اساسنامه"
    LICENCE = "licence", "پروانه فعالیت"
    FOUNDING_NOTICE = "founding_notice", "آگهی تأسیس"
    CHANGE_NOTICE = "change_notice", "آخرین آگهی تغییرات"
    BOARD_MINUTES = "board_minutes", "صورتجلسه انتخاب هیئت‌مدیره"
    ACCOUNT_LETTER = "account_letter", "گواهی شماره حساب"
    ACTIVITY_REPORT = "activity_report", "گزارش عملکرد"
    FINANCIAL_STATEMENT = "financial_statement", "صورت مالی"
    AUDIT_REPORT = "audit_report", "گزارش حسابرس"
    PREMISES_DEED = "premises_deed", "سند یا اجاره‌نامه محل"
    REPRESENTATIVE_LETTER = "representative_letter", "معرفی‌نامه نماینده"


REQUIRED_DOCUMENTS = (
    DocumentKind.STATUTE,
    DocumentKind.LICENCE,
    DocumentKind.FOUNDING_NOTICE,
    DocumentKind.CHANGE_NOTICE,
    DocumentKind.BOARD_MINUTES,
    DocumentKind.ACCOUNT_LETTER,
)


class DocumentState(models.TextChoices):
    PENDING = "pending", "در انتظار بررسی"
    ACCEPTED = "accepted", "پذیرفته"
    RETURNED = "returned", "بازگشت برای اصلاح"
    REVOKED = "revoked", "پذیرش باطل‌شده"


class SuspensionKind(models.TextChoices):
    DISCIPLINARY = "disciplinary", "انضباطی"
    LICENCE = "licence", "پایان اعتبار پروانه"


class PeriodEnd(models.TextChoices):
    DISCIPLINARY = "disciplinary", "تعلیق انضباطی"
    LICENCE = "licence", "پایان اعتبار پروانه"
    ENDED = "ended", "خاتمه عضویت"


class DecisionKind(models.TextChoices):
    REJECTION = "rejection", "رد درخواست عضویت"
    SUSPENSION = "suspension", "تعلیق عضویت"
    END = "end", "خاتمه عضویت"


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", "پیشنهادشده"
    HEARD = "heard", "آماده تصمیم"
    DROPPED = "dropped", "کنارگذاشته"
    ISSUED = "issued", "صادرشده"
    DELIVERED = "delivered", "ابلاغ‌شده"
    OBJECTED = "objected", "مورد اعتراض"
    UPHELD = "upheld", "اعتراض وارد"
    DISMISSED = "dismissed", "اعتراض ناوارد"
    FINAL = "final", "قطعی"


class FrameworkState(models.TextChoices):
    DRAFT = "draft", "پیش‌نویس"
    PUBLISHED = "published", "منتشرشده"
    RETIRED = "retired", "کنارگذاشته"


class AssessmentState(models.TextChoices):
    PLANNED = "planned", "برنامه‌ریزی‌شده"
    SELF_ASSESSMENT = "self_assessment", "خوداظهاری"
    SCORING = "scoring", "امتیازدهی"
    MODERATION = "moderation", "هم‌سنجی"
    AWAITING_CONFIRMATION = "awaiting_confirmation", "در انتظار تأیید"
    CONFIRMED = "confirmed", "تأییدشده"
    CANCELLED = "cancelled", "لغوشده"


class GradeEndReason(models.TextChoices):
    SUPERSEDED = "superseded", "سطح تازه"
    MEMBERSHIP_ENDED = "membership_ended", "پایان عضویت"


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "بارگذاری‌شده"
    CHECKED = "checked", "بررسی‌شده"
    CONFIRMED = "confirmed", "در حال ورود"
    DONE = "done", "واردشده"
    FAILED = "failed", "ناموفق"


TONES: dict[str, str] = {
    MembershipState.DRAFT: "neutral",
    MembershipState.SUBMITTED: "wait",
    MembershipState.UNDER_REVIEW: "wait",
    MembershipState.RETURNED: "wait",
    MembershipState.MEMBER: "ok",
    MembershipState.SUSPENDED: "no",
    MembershipState.ENDED: "neutral",
    MembershipState.REJECTED: "no",
    DocumentState.PENDING: "wait",
    DocumentState.ACCEPTED: "ok",
    DocumentState.REVOKED: "no",
    DecisionState.PROPOSED: "wait",
    DecisionState.HEARD: "wait",
    DecisionState.DROPPED: "neutral",
    DecisionState.ISSUED: "wait",
    DecisionState.DELIVERED: "wait",
    DecisionState.OBJECTED: "wait",
    DecisionState.UPHELD: "ok",
    DecisionState.DISMISSED: "no",
    DecisionState.FINAL: "neutral",
    FrameworkState.PUBLISHED: "ok",
    FrameworkState.RETIRED: "neutral",
    AssessmentState.PLANNED: "neutral",
    AssessmentState.SELF_ASSESSMENT: "wait",
    AssessmentState.SCORING: "wait",
    AssessmentState.MODERATION: "wait",
    AssessmentState.AWAITING_CONFIRMATION: "go",
    AssessmentState.CONFIRMED: "ok",
    AssessmentState.CANCELLED: "neutral",
}

# an import's «confirmed» is on its way, an assessment's has arrived: the same word in two maps
IMPORT_TONES: dict[str, str] = {
    ImportState.UPLOADED: "wait",
    ImportState.CHECKED: "go",
    ImportState.CONFIRMED: "wait",
    ImportState.DONE: "ok",
    ImportState.FAILED: "no",
}
