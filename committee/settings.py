"""Numbers of the committee's rules, kept as dated settings (design, «clocks»)."""

from staff_portal.kernel.configuration.settings_store import declare

NOMINATION_DAYS = declare("nomination.vote_days", "مهلت رأی‌گیری نامزدها", "روز کاری", 10)
NOMINATION_LEAD_DAYS = declare(
    "nomination.lead_days", "آغاز معرفی نامزد پیش از پایان عضویت یا دوره", "روز", 60
)
NOTICE_DAYS = declare("meeting.notice_days", "مهلت دعوت تا جلسه", "روز کاری", 5)
TABLED_DAYS = declare("motion.tabled_days", "مهلت آوردن پیشنهاد مطرح‌شده در دستور یک جلسه", "روز کاری", 10)
CIRCULATION_DAYS = declare("motion.circulation_days", "مهلت رأی‌گیری مکاتبه‌ای", "روز کاری", 7)
AMENDMENT_DAYS = declare("minutes.amendment_days", "مهلت اصلاح صورتجلسه", "روز کاری", 5)
SIGNING_DAYS = declare("minutes.signing_days", "مهلت امضای صورتجلسه", "روز کاری", 5)
RECEIPT_DAYS = declare("resolution.receipt_days", "مهلت تأیید دریافت ابلاغ", "روز کاری", 5)
CHASE_DAYS = declare("action.chase_days", "فاصله یادآوری پیگیری‌های گذشته از مهلت", "روز", 3)
