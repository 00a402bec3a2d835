"""Letters and their public check, attachments, long work, the audit trail."""

from staff_portal.kernel.base.roles import Role
from tests.access.matrix.scene import PEOPLE
from tests.access.matrix.table import (
    HQ,
    READERS,
    ROLES,
    SEE_DOCUMENTS,
    SEE_FOREIGN,
    SEE_MEMBER,
    Outcome,
    Row,
    among,
    asking,
    everyone,
    given,
    no_such_public,
    public,
    reading,
    seen_by,
    sending,
)

EXPERT, MANAGER, AUDITOR = Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR

VERIFY_ROWS = (
    Row("verify_start", "راستی‌آزمایی نامه", get=public(), post=no_such_public()),
    Row("verify_public_key", "کلید عمومی", get=public(), post=no_such_public()),
    Row("verify_offline", "راستی‌آزمایی بدون اینترنت", get=public(), post=no_such_public()),
    Row("verify", "آنچه درباره نامه گفته می‌شود", get=public(), post=no_such_public(), args={"code": "code"}),
    Row(
        "verify",
        "کد ساختگی",
        get=dict.fromkeys(PEOPLE, Outcome.HIDDEN),
        post=no_such_public(),
        case="ساختگی",
        args={"code": ":AAAA-BBBB"},
    ),
)

LETTER_ROWS = (
    reading("letter_detail", "نامه", seen_by(*SEE_MEMBER), case="خود", pk="certificate"),
    reading("letter_detail", "نامه", seen_by(*SEE_FOREIGN), case="دیگری", pk="foreign_certificate"),
    reading("letter_detail", "نامه محرمانه", seen_by(*HQ), case="محرمانه", pk="confidential"),
    reading("letter_pdf", "PDF نامه", seen_by(*SEE_MEMBER), case="خود", pk="certificate"),
    reading("letter_pdf", "PDF نامه", seen_by(*SEE_FOREIGN), case="دیگری", pk="foreign_certificate"),
    reading("letter_pdf", "PDF نامه محرمانه", seen_by(*HQ), case="محرمانه", pk="confidential"),
    reading("letter_page", "تصویر نامه", seen_by(*SEE_MEMBER), case="خود", pk="certificate", page=":1"),
    reading(
        "letter_page", "تصویر نامه", seen_by(*SEE_FOREIGN), case="دیگری", pk="foreign_certificate", page=":1"
    ),
    reading("letter_page", "تصویر نامه محرمانه", seen_by(*HQ), case="محرمانه", pk="confidential", page=":1"),
    asking("letter_revoke", "ابطال نامه", among(SEE_MEMBER, MANAGER), case="خود", pk="certificate"),
    asking(
        "letter_revoke", "ابطال نامه", among(SEE_FOREIGN, MANAGER), case="دیگری", pk="foreign_certificate"
    ),
    asking(
        "letter_office_number", "شماره اتوماسیون اداری", among(SEE_MEMBER, *HQ), case="خود", pk="certificate"
    ),
    asking(
        "letter_office_number",
        "شماره اتوماسیون اداری",
        among(SEE_FOREIGN, *HQ),
        case="دیگری",
        pk="foreign_certificate",
    ),
)

FILE_ROWS = (
    sending(
        "attachment_stage",
        "بارگذاری فایل برای یک فرم؛ ناظر چیزی نمی‌نویسد",
        given(*(role for role in ROLES if role != AUDITOR)),
    ),
    reading("attachment", "فایل پیوست", seen_by(*SEE_DOCUMENTS), case="خود", pk="attachment"),
    reading("attachment", "فایل پیوست", seen_by(*READERS), case="دیگری", pk="foreign_attachment"),
    reading("attachment", "فهرست بارگذاری‌شده، با شماره همراه", seen_by(*HQ), case="فهرست", pk="import_file"),
    reading("attachment", "فایل در انتظار پیوست", seen_by(EXPERT), case="نپیوسته", pk="staged"),
    reading("jobs", "کارهای زمان‌بر خود", everyone()),
    reading("job", "کار زمان‌بر", seen_by(EXPERT, MANAGER, AUDITOR), pk="job"),
    reading("job_progress", "پیشرفت کار", seen_by(EXPERT, MANAGER, AUDITOR), pk="job"),
    reading("audit_log", "دفتر رویدادها", given(AUDITOR, MANAGER)),
)

ROWS: tuple[Row, ...] = (*VERIFY_ROWS, *LETTER_ROWS, *FILE_ROWS)
