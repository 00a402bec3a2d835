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

# --- motions -----------------------------------------------------------------------------------------------
MOTION_DRAFTED = declare("motion.drafted", "نوشتن پیشنهاد", "پیشنهاد «{subject}» را نوشت")
MOTION_EDITED = declare("motion.edited", "ویرایش پیشنهاد", "پیشنهاد «{subject}» را ویرایش کرد")
MOTION_COPIED = declare("motion.copied", "رونوشت پیشنهاد", "از «{subject}» پیشنهاد تازه‌ای ساخت")
MOTION_AMENDED = declare(
    "motion.amended", "اصلاح پیشنهاد", "متن اصلاح‌شده «{subject}» را برای رأی‌گیری آماده کرد", notify=True
)
MOTION_TABLED = declare(
    "motion.tabled", "در دستور نهادن", "«{subject}» را در دستور نهاد", tone="go", notify=True
)
MOTION_WITHDRAWN = declare(
    "motion.withdrawn", "پس‌گرفتن پیشنهاد", "«{subject}» را پس گرفت: {note}", notify=True
)
VOTE_OPENED = declare(
    "motion.vote_opened", "آغاز رأی‌گیری", "رأی‌گیری «{subject}» را آغاز کرد", tone="wait", notify=True
)
BALLOT_CAST = declare("motion.cast", "رأی‌دادن", "رأی خود را داد", notify=True)
RECUSED = declare("motion.recused", "کناره‌گیری از رأی", "کناره‌گیری {subject} را ثبت کرد: {note}", notify=True)
RECUSED_SELF = declare(
    "motion.recused_self",
    "کناره‌گیری از رأی",
    "به سبب ذی‌نفع‌بودن از رأی کناره گرفت: {note}",
    notify=True,
)
MOTION_REPLACED = declare(
    "motion.replaced",
    "جایگزینی با متن اصلاح‌شده",
    "متن اصلاح‌شده «{subject}» را با موافقت همه حاضران به جای آن گذاشت",
)
MEETING_ASKED = declare(
    "motion.meeting_asked",
    "درخواست جلسه",
    "خواست درباره «{subject}» به جای مکاتبه در جلسه رأی گرفته شود: {note}",
    notify=True,
)
VOTE_CLOSED = declare("motion.vote_closed", "پایان رأی‌گیری", "به رأی‌گیری پایان داد")
MOTION_CARRIED = declare(
    "motion.carried", "تصویب پیشنهاد", "«{subject}» را تصویب‌شده اعلام کرد", tone="ok", notify=True
)
MOTION_LOST = declare(
    "motion.lost", "رأی‌نیاوردن پیشنهاد", "«{subject}» را رأی‌نیاورده اعلام کرد", tone="no", notify=True
)
MOTION_LAPSED = declare(
    "motion.lapsed", "منتفی‌شدن پیشنهاد", "«{subject}» را منتفی اعلام کرد: {note}", notify=True
)
EFFECT_DONE = declare(
    "motion.effect_done", "اجرای پیامد مصوبه", "پیامد «{subject}» را به اجرا گذاشت", tone="ok"
)
EFFECT_FAILED = declare(
    "motion.effect_failed",
    "اجرانشدن پیامد",
    "نتوانست پیامد «{subject}» را اجرا کند: {note}",
    tone="no",
    notify=True,
)

# --- policies ------------------------------------------------------------------
POLICY_RECORDED = declare("policy.recorded", "ثبت سند بالادستی", "«{subject}» را ثبت کرد")
POLICY_CHANGED = declare("policy.changed", "ویرایش سند بالادستی", "«{subject}» را ویرایش کرد")
ARTICLE_RECORDED = declare("policy.article_recorded", "ثبت ماده", "{subject} را ثبت کرد")
ARTICLE_EDITED = declare("policy.article_edited", "ویرایش ماده", "{subject} را ویرایش کرد")
ARTICLE_CHANGED = declare(
    "policy.article_changed", "تغییر وضعیت ماده", "وضعیت {subject} را تغییر داد: {note}"
)
