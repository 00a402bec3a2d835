"""What can happen in the joint committee, each declared once."""

from staff_portal.kernel.events import declare

# --- memorandum, terms, seats ------------------------------------------------------------------------------
MEMORANDUM_RECORDED = declare("memorandum.recorded", "ثبت تفاهم‌نامه", "«{subject}» را ثبت کرد")
TERM_PROPOSED = declare(
    "term.proposed", "پیشنهاد دوره کمیته", "{subject} را پیشنهاد کرد", tone="wait", notify=True
)
TERM_AGREED = declare(
    "term.agreed", "گشایش دوره کمیته", "با گشایش {subject} موافقت کرد", tone="ok", notify=True
)
TERM_WITHDRAWN = declare(
    "term.withdrawn", "پس‌گرفتن پیشنهاد دوره", "پیشنهاد {subject} را پس گرفت: {note}", notify=True
)
TERM_ENDED = declare("term.ended", "پایان دوره کمیته", "{subject} را پایان‌یافته ثبت کرد", notify=True)
CHAIR_PROPOSED = declare(
    "term.chair_proposed",
    "پیشنهاد رئیس کمیته",
    "تغییر رئیس کمیته را پیشنهاد کرد: {note}",
    tone="wait",
    notify=True,
)
CHAIR_CHANGED = declare(
    "term.chair_changed", "تغییر رئیس کمیته", "با تغییر رئیس کمیته موافقت کرد", notify=True
)
APPOINTED = declare(
    "seat.appointed", "انتصاب در کمیته", "{subject} را به عضویت کمیته منصوب کرد", tone="ok", notify=True
)
SEATING_ENDED = declare(
    "seat.ended", "پایان عضویت در کمیته", "به عضویت {subject} پایان داد: {note}", tone="no", notify=True
)
REPRESENTATIVE_REPLACED = declare(
    "seat.representative_replaced", "تغییر نماینده سمن", "{subject} را نماینده تازه سمن ثبت کرد", notify=True
)
SEAT_VACANT = declare(
    "seat.vacant", "خالی‌شدن کرسی سمن‌ها", "خالی‌شدن کرسی سمن‌ها را ثبت کرد: {note}", tone="no", notify=True
)

# --- meetings ----------------------------------------------------------------------------------------------
MEETING_PLANNED = declare("meeting.planned", "برنامه‌ریزی جلسه", "{subject} را برنامه‌ریزی کرد")
MEETING_CHANGED = declare("meeting.changed", "ویرایش جلسه", "{subject} را ویرایش کرد")
AGENDA_CHANGED = declare(
    "meeting.agenda_changed", "ویرایش دستور جلسه", "دستور {subject} را ویرایش کرد: {note}", notify=True
)
PAPER_ADDED = declare("committee.paper_added", "افزودن پیوست", "«{subject}» را پیوست کرد", notify=True)
CALL_SUBMITTED = declare(
    "meeting.call_submitted",
    "ارسال دعوت برای امضا",
    "دعوت {subject} را برای امضای رئیس فرستاد",
    tone="wait",
    notify=True,
)
CALL_RETURNED = declare(
    "meeting.call_returned", "بازگشت دعوت", "دعوت {subject} را بازگرداند: {note}", tone="wait", notify=True
)
MEETING_CALLED = declare("meeting.called", "دعوت به جلسه", "به {subject} دعوت کرد", tone="go", notify=True)
MEMBER_INVITED = declare("meeting.invited", "دعوت عضو تازه", "{subject} را به جلسه دعوت کرد", notify=True)
INVITATION_HANDED = declare(
    "meeting.handed_over", "تحویل دستی دعوت‌نامه", "دعوت‌نامه را دستی به {subject} تحویل داد"
)
MEETING_CANCELLED = declare(
    "meeting.cancelled", "لغو جلسه", "{subject} را لغو کرد: {note}", tone="no", notify=True
)
ABSENCE_RECORDED = declare("meeting.absence", "ثبت غیبت", "غیبت {subject} را ثبت کرد: {note}", notify=True)
MEETING_OPENED = declare("meeting.opened", "آغاز جلسه", "{subject} را آغاز کرد", tone="go", notify=True)
ARRIVED = declare("meeting.arrived", "ورود به جلسه", "ورود {subject} را ثبت کرد")
LEFT = declare("meeting.left", "خروج از جلسه", "خروج {subject} را ثبت کرد")
NOTICE_WAIVED = declare("meeting.waived", "گذشت از مهلت دعوت", "از مهلت دعوت گذشت")
MEETING_CLOSED = declare("meeting.closed", "پایان جلسه", "به {subject} پایان داد", notify=True)

# --- resolutions, actions, minutes, policies ------------------------------------------------------------------
MINUTES_STARTED = declare("minutes.started", "آغاز صورتجلسه", "نگارش {subject} را آغاز کرد")
DISCUSSION_WRITTEN = declare("minutes.discussion", "نوشتن گفت‌وگو", "خلاصه گفت‌وگوها را در {subject} نوشت")
MINUTES_CIRCULATED = declare(
    "minutes.circulated", "گردش صورتجلسه", "{subject} را برای ملاحظه اعضا فرستاد", tone="wait", notify=True
)
AMENDMENT_ASKED = declare(
    "minutes.amendment_asked", "درخواست اصلاح", "اصلاحی خواست: {note}", tone="wait", notify=True
)
AMENDMENT_ANSWERED = declare(
    "minutes.amendment_answered", "پاسخ اصلاح", "به درخواست اصلاح پاسخ داد: {note}", notify=True
)
NO_AMENDMENT = declare("minutes.no_amendment", "بی‌نیازی از اصلاح", "اعلام کرد که اصلاحی نمی‌خواهد")
SIGNING_STARTED = declare(
    "minutes.signing_started",
    "آغاز امضای صورتجلسه",
    "{subject} را برای امضا فرستاد",
    tone="wait",
    notify=True,
)
MINUTES_SIGNED = declare("minutes.signed", "امضای صورتجلسه", "صورتجلسه را امضا کرد", tone="ok")
MINUTES_SEALED = declare(
    "minutes.sealed", "نهایی‌شدن صورتجلسه", "{subject} را نهایی کرد", tone="ok", notify=True
)
MEETING_MINUTED = declare("meeting.minuted", "ثبت صورتجلسه", "صورتجلسه {subject} را ثبت کرد", tone="ok")
POLICY_RECORDED = declare("policy.recorded", "ثبت سند بالادستی", "«{subject}» را ثبت کرد")
POLICY_CHANGED = declare("policy.changed", "ویرایش سند بالادستی", "«{subject}» را ویرایش کرد")
ARTICLE_RECORDED = declare("policy.article_recorded", "ثبت ماده", "{subject} را ثبت کرد")
ARTICLE_EDITED = declare("policy.article_edited", "ویرایش ماده", "{subject} را ویرایش کرد")
ARTICLE_CHANGED = declare(
    "policy.article_changed", "تغییر وضعیت ماده", "وضعیت {subject} را تغییر داد: {note}"
)
