"""The registry and grading."""

from staff_portal.kernel.base.roles import Role
from tests.access.matrix.table import (
    DEPUTY,
    HQ,
    READERS,
    ROLES,
    SEE_APPLICATION,
    SEE_DOCUMENTS,
    SEE_FOREIGN,
    SEE_INSIDE,
    SEE_MEMBER,
    Outcome,
    Outcomes,
    Row,
    among,
    asking,
    everyone,
    given,
    reading,
    seen_by,
    sending,
)

EXPERT, MANAGER, ASSESSOR = Role.HQ_EXPERT, Role.HQ_MANAGER, Role.HQ_ASSESSOR
NGO, AUDITOR = Role.NGO_USER, Role.AUDITOR
LISTS = (*READERS, *DEPUTY, Role.REGION_OFFICER, Role.DISTRICT_HEAD, ASSESSOR, NGO)
#: A published framework is no secret for whoever works here; the administrator has no say in grades.
FRAMEWORK_READERS = tuple(role for role in ROLES if role != Role.ADMIN)
SEE_DECISION = (*READERS, NGO)
SEE_ASSESSMENT = (*READERS, ASSESSOR, NGO)

LIST_ROWS = (
    reading("ngos:ngo_list", "فهرست سمن‌ها؛ نماینده سمن به پرونده خود می‌رود", given(*LISTS)),
    reading("ngos:memberships", "درخواست‌های عضویت", given(*READERS)),
    reading("ngos:membership_next", "درخواست بعدی در صف", given(*READERS)),
    asking("ngos:ngo_new", "ثبت سمن", given(EXPERT)),
    reading("ngos:ngo_check", "بررسی زنده شناسه و نام", given(EXPERT, NGO)),
    reading("ngos:neighbourhoods", "محله‌های منطقه", everyone()),
    asking("ngos:existing", "تأیید اعضای پیشین", given(MANAGER)),
    sending("view_save", "ذخیره نمای فهرست", given(*LISTS), name=":ngos"),
    sending("view_delete", "حذف نمای خود", seen_by(EXPERT), pk="view"),
)

RECORD_ROWS = (
    reading("ngos:ngo_detail", "پرونده سمن", seen_by(*SEE_MEMBER), case="عضو منطقه خود", pk="member"),
    reading("ngos:ngo_detail", "پرونده سمن", seen_by(*SEE_FOREIGN), case="عضو منطقه دیگر", pk="foreign"),
    reading("ngos:ngo_detail", "پرونده سمن", seen_by(*SEE_APPLICATION), case="پیش‌نویس", pk="draft"),
    reading("ngos:ngo_detail", "پرونده سمن", seen_by(*READERS), case="پیش‌نویس منطقه دیگر", pk="hidden"),
    reading(
        "ngos:ngo_detail", "پرونده سمن", seen_by(*SEE_APPLICATION), case="در دست بررسی", pk="under_review"
    ),
    asking("ngos:ngo_edit", "ویرایش پرونده", among(SEE_MEMBER, EXPERT, NGO), case="خود", pk="member"),
    asking("ngos:ngo_edit", "ویرایش پرونده", among(SEE_FOREIGN, EXPERT), case="دیگری", pk="foreign"),
    asking("ngos:ngo_edit", "ویرایش پرونده", among(READERS, EXPERT), case="پنهان", pk="hidden"),
    sending(
        "ngos:ngo_people",
        "کد ملی و همراه مسئولان؛ هر دیدن ثبت می‌شود",
        among(SEE_MEMBER, *HQ, NGO),
        case="خود",
        pk="member",
    ),
    sending("ngos:ngo_people", "کد ملی و همراه مسئولان", among(SEE_FOREIGN, *HQ), case="دیگری", pk="foreign"),
    reading("ngos:ngo_letters", "نامه‌های پرونده", seen_by(*SEE_MEMBER), case="خود", pk="member"),
    reading("ngos:ngo_letters", "نامه‌های پرونده", seen_by(*SEE_FOREIGN), case="دیگری", pk="foreign"),
    reading("ngos:ngo_history", "تاریخچه", among(SEE_MEMBER, *SEE_INSIDE), case="خود", pk="member"),
    reading("ngos:ngo_history", "تاریخچه", among(SEE_FOREIGN, *READERS), case="دیگری", pk="foreign"),
    reading("ngos:ngo_documents", "مدارک", among(SEE_MEMBER, *SEE_DOCUMENTS), case="خود", pk="member"),
    reading("ngos:ngo_documents", "مدارک", among(SEE_FOREIGN, *READERS), case="دیگری", pk="foreign"),
    reading("ngos:ngo_documents", "مدارک", seen_by(*READERS), case="پنهان", pk="hidden"),
    sending("ngos:document_new", "بارگذاری مدرک", among(SEE_MEMBER, EXPERT, NGO), case="خود", pk="member"),
    sending("ngos:document_new", "بارگذاری مدرک", among(SEE_FOREIGN, EXPERT), case="دیگری", pk="foreign"),
    asking(
        "ngos:document_do",
        "پذیرش مدرک؛ نه به دست کسی که بارگذاری کرده است",
        among(SEE_MEMBER, EXPERT),
        pk="member",
        document="document",
        transition=":accept",
    ),
    asking("ngos:licence_new", "پروانه تازه", among(SEE_MEMBER, EXPERT, NGO), case="خود", pk="member"),
    asking("ngos:licence_new", "پروانه تازه", among(SEE_FOREIGN, EXPERT), case="دیگری", pk="foreign"),
    asking("ngos:officer_new", "مسئول تازه", among(SEE_MEMBER, EXPERT, NGO), case="خود", pk="member"),
    asking("ngos:officer_new", "مسئول تازه", among(SEE_FOREIGN, EXPERT), case="دیگری", pk="foreign"),
    asking(
        "ngos:officer_end",
        "پایان سمت",
        among(SEE_MEMBER, EXPERT, NGO),
        pk="member",
        officer="officer",
    ),
    asking("ngos:account_new", "معرفی نماینده سمن", among(SEE_MEMBER, EXPERT), pk="member"),
    asking("ngos:account_end", "پایان نمایندگی", among(SEE_MEMBER, EXPERT), pk="member", account="account"),
    asking(
        "ngos:ngo_do",
        "گام‌های عضویت",
        among(SEE_MEMBER, MANAGER),
        case="تعلیق",
        pk="member",
        transition=":suspend",
    ),
    asking(
        "ngos:ngo_do",
        "گام‌های عضویت",
        among(SEE_FOREIGN, MANAGER),
        case="خاتمه، سمن دیگری",
        pk="foreign",
        transition=":end",
    ),
    asking(
        "ngos:ngo_do",
        "گام‌های عضویت؛ نه به دست کسی که پرونده را ثبت کرده است",
        among(SEE_APPLICATION, EXPERT),
        case="آغاز بررسی",
        pk="submitted",
        transition=":take_up",
    ),
    asking(
        "ngos:ngo_do",
        "گام‌های عضویت",
        among(SEE_APPLICATION, MANAGER),
        case="تأیید",
        pk="under_review",
        transition=":approve",
    ),
    asking(
        "ngos:ngo_do",
        "گام‌های عضویت",
        among(SEE_APPLICATION, MANAGER),
        case="رد",
        pk="under_review",
        transition=":reject",
    ),
    reading("ngos:decision_detail", "تصمیم درباره عضویت", seen_by(*SEE_DECISION), case="خود", pk="proposal"),
    reading("ngos:decision_detail", "تصمیم درباره عضویت", seen_by(*READERS), case="دیگری", pk="decision"),
    asking(
        "ngos:decision_do",
        "گام‌های تصمیم؛ پیشنهاد کنارگذاشته دیگر پاسخی نمی‌خواهد",
        among(SEE_DECISION, NGO, EXPERT),
        case="پاسخ",
        pk="proposal",
        transition=":answer",
    ),
    asking(
        "ngos:decision_do",
        "گام‌های تصمیم",
        among(READERS, EXPERT),
        case="ابلاغ",
        pk="decision",
        transition=":hand_over",
    ),
    reading("ngos:ngo_grading", "ظرفیت‌سنجی سمن", seen_by(*SEE_MEMBER), case="خود", pk="member"),
    reading("ngos:ngo_grading", "ظرفیت‌سنجی سمن", seen_by(*SEE_FOREIGN), case="دیگری", pk="foreign"),
)


def draft_among(*people: str) -> Outcomes:
    """HQ and the auditor know of drafts; who may not read frameworks at all is told so, the others see none."""
    hidden_from = [person for person in FRAMEWORK_READERS if person not in READERS]
    return given(*people) | dict.fromkeys(hidden_from, Outcome.HIDDEN)


FRAMEWORK_ROWS = (
    reading("ngos:framework_list", "چارچوب‌های ارزیابی", given(*FRAMEWORK_READERS)),
    asking("ngos:framework_new", "چارچوب تازه", given(*HQ)),
    reading("ngos:framework_detail", "چارچوب", given(*FRAMEWORK_READERS), case="منتشرشده", pk="framework"),
    reading("ngos:framework_detail", "چارچوب", draft_among(*READERS), case="پیش‌نویس", pk="framework_draft"),
    asking("ngos:framework_edit", "وزن‌ها و کف‌ها", draft_among(*HQ), case="پیش‌نویس", pk="framework_draft"),
    asking("ngos:framework_edit", "منتشرشده تغییر نمی‌کند", given(*HQ), case="منتشرشده", pk="framework"),
    sending("ngos:framework_copy", "نسخه تازه از روی این نسخه", given(*HQ), pk="framework"),
    asking(
        "ngos:framework_do",
        "گام‌های چارچوب",
        draft_among(MANAGER),
        case="انتشار",
        pk="framework_draft",
        transition=":publish",
    ),
    asking(
        "ngos:framework_do",
        "گام‌های چارچوب",
        given(MANAGER),
        case="کنارگذاشتن",
        pk="framework",
        transition=":retire",
    ),
    asking(
        "ngos:indicator_edit",
        "متن یک شاخص",
        draft_among(*HQ),
        pk="framework_draft",
        indicator_pk="indicator",
    ),
)

ASSESSMENT_ROWS = (
    reading("ngos:assessment_list", "ظرفیت‌سنجی‌ها", given(*SEE_ASSESSMENT)),
    asking("ngos:assessment_new", "برنامه‌ریزی ظرفیت‌سنجی", given(EXPERT)),
    reading("ngos:assessment_detail", "ظرفیت‌سنجی", seen_by(*SEE_ASSESSMENT), case="خود", pk="scoring"),
    reading("ngos:assessment_detail", "ظرفیت‌سنجی", seen_by(*READERS), case="دیگری", pk="moderation"),
    asking(
        "ngos:assessment_score",
        "میز امتیازدهی؛ تنها ارزیاب همان سمن",
        among(SEE_ASSESSMENT, ASSESSOR),
        case="خود",
        pk="scoring",
    ),
    asking("ngos:assessment_score", "میز امتیازدهی", among(READERS), case="دیگری", pk="moderation"),
    sending(
        "ngos:assessment_score_save",
        "ذخیره یک امتیاز",
        among(SEE_ASSESSMENT, ASSESSOR),
        case="خود",
        pk="scoring",
    ),
    sending("ngos:assessment_score_save", "ذخیره یک امتیاز", among(READERS), case="دیگری", pk="moderation"),
    asking(
        "ngos:assessment_moderate",
        "هم‌سنجی؛ نه به دست کسی که امتیاز داده است",
        among(READERS, EXPERT),
        pk="moderation",
    ),
    asking(
        "ngos:assessment_do",
        "گام‌های ظرفیت‌سنجی",
        among(SEE_ASSESSMENT, ASSESSOR),
        case="ارسال امتیازها",
        pk="scoring",
        transition=":submit_scores",
    ),
    asking(
        "ngos:assessment_do",
        "گام‌های ظرفیت‌سنجی",
        among(SEE_ASSESSMENT, MANAGER),
        case="لغو",
        pk="scoring",
        transition=":cancel",
    ),
    asking(
        "ngos:assessment_do",
        "گام‌های ظرفیت‌سنجی",
        among(READERS, MANAGER),
        case="تأیید سطح",
        pk="awaiting",
        transition=":confirm",
    ),
    asking(
        "ngos:assessment_do",
        "گام‌های ظرفیت‌سنجی",
        among(READERS, MANAGER),
        case="بازگرداندن به امتیازدهی",
        pk="awaiting",
        transition=":send_back",
    ),
)

IMPORT_ROWS = (
    Row("ngos:imports", "ورود فهرست سمن‌ها", get=given(*READERS), post=given(EXPERT)),
    reading("ngos:import_detail", "یک فهرست: پیش‌نمایش، پیشرفت، گزارش", given(*READERS), pk="checked_import"),
    sending("ngos:import_confirm", "تأیید ورود", given(EXPERT), pk="checked_import"),
    sending("ngos:import_check", "بررسی دوباره", given(EXPERT), pk="checked_import"),
    sending("ngos:import_discard", "کنارگذاشتن فهرست", given(EXPERT), pk="checked_import"),
    reading("ngos:import_rejected", "سطرهای نپذیرفته، با شماره همراه", given(*HQ), pk="checked_import"),
    reading("ngos:import_report", "گزارش ورود", given(*READERS), pk="checked_import"),
)

ROWS: tuple[Row, ...] = (*LIST_ROWS, *RECORD_ROWS, *FRAMEWORK_ROWS, *ASSESSMENT_ROWS, *IMPORT_ROWS)
