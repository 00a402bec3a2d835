"""What happens to NGOs, their documents, frameworks and assessments, each declared once."""

from staff_portal.kernel.events import declare

NGO_REGISTERED = declare("ngo.registered", "ثبت سمن", "پرونده سمن را ثبت کرد")
NGO_IMPORTED = declare("ngo.imported", "ورود از فهرست", "پرونده را از فهرست اکسل وارد کرد")
NGO_CHANGED = declare("ngo.changed", "ویرایش پرونده", "مشخصات سمن را ویرایش کرد")
LICENCE_RECORDED = declare("ngo.licence_recorded", "ثبت پروانه", "پروانه {subject} را ثبت کرد")
OFFICER_RECORDED = declare("ngo.officer_recorded", "ثبت مسئول", "«{subject}» را ثبت کرد")
OFFICER_ENDED = declare("ngo.officer_ended", "پایان سمت", "پایان سمت {subject} را ثبت کرد")
ACCOUNT_LINKED = declare("ngo.account_linked", "نماینده سمن", "{subject} را نماینده سمن کرد", notify=True)
ACCOUNT_ENDED = declare("ngo.account_ended", "پایان نمایندگی", "به نمایندگی {subject} پایان داد")

FRAMEWORK_CREATED = declare("framework.created", "ساخت چارچوب", "«{subject}» را ساخت")
FRAMEWORK_CHANGED = declare("framework.changed", "ویرایش چارچوب", "«{subject}» را ویرایش کرد")
FRAMEWORK_PUBLISHED = declare(
    "framework.published", "انتشار چارچوب", "«{subject}» را منتشر کرد", tone="ok", notify=True
)
FRAMEWORK_RETIRED = declare("framework.retired", "کنارگذاشتن چارچوب", "«{subject}» را کنار گذاشت")

ASSESSMENT_PLANNED = declare(
    "assessment.planned", "برنامه‌ریزی ظرفیت‌سنجی", "ظرفیت‌سنجی را برنامه‌ریزی کرد", notify=True
)
SCORING_STARTED = declare(
    "assessment.started", "آغاز امتیازدهی", "امتیازدهی را آغاز کرد", tone="wait", notify=True
)
SCORES_SAVED = declare("assessment.scores_saved", "ثبت امتیاز", "امتیازهای خود را ذخیره کرد", office=True)
SCORES_SUBMITTED = declare(
    "assessment.scores_submitted",
    "ارسال امتیازها",
    "امتیازهای خود را ارسال کرد",
    tone="go",
    notify=True,
    office=True,
)
MODERATION_OPENED = declare(
    "assessment.moderation_opened",
    "آغاز هم‌سنجی",
    "اختلاف دو ارزیاب را به هم‌سنجی سپرد",
    notify=True,
    office=True,
)
MODERATED = declare(
    "assessment.moderated", "هم‌سنجی", "اختلاف دو ارزیاب را هم‌سنجی کرد", tone="go", notify=True, office=True
)
CONFIRMATION_AWAITED = declare(
    "assessment.confirmation_awaited",
    "در انتظار تأیید",
    "ظرفیت‌سنجی را آماده تأیید کرد",
    tone="go",
    notify=True,
    office=True,
)
GRADE_CONFIRMED = declare("assessment.confirmed", "تأیید سطح", "سطح سمن را تأیید کرد", tone="ok", notify=True)
SCORES_SENT_BACK = declare(
    "assessment.sent_back",
    "بازگشت به امتیازدهی",
    "ظرفیت‌سنجی را به امتیازدهی بازگرداند: {note}",
    tone="wait",
    notify=True,
    office=True,
)
ASSESSMENT_CANCELLED = declare(
    "assessment.cancelled", "لغو ظرفیت‌سنجی", "ظرفیت‌سنجی را لغو کرد: {note}", tone="no", notify=True
)
ASSESSOR_CHANGED = declare(
    "assessment.assessor_changed", "تغییر ارزیاب", "ارزیاب را تغییر داد", notify=True, office=True
)
GRADE_ENDED = declare("grade.ended", "پایان سطح", "به سطح پیشین پایان داد")

IMPORT_UPLOADED = declare("import.uploaded", "بارگذاری فهرست", "فهرست «{subject}» را بارگذاری کرد")
IMPORT_CONFIRMED = declare("import.confirmed", "تأیید ورود", "ورود فهرست «{subject}» را تأیید کرد")
IMPORT_DISCARDED = declare("import.discarded", "کنارگذاشتن فهرست", "فهرست «{subject}» را کنار گذاشت")
IMPORT_DONE = declare(
    "import.done", "پایان ورود", "ورود فهرست «{subject}» را به پایان رساند", tone="ok", notify=True
)
EXPORTED = declare("ngo.exported", "خروجی اکسل", "فهرست سمن‌ها را به اکسل برد")
