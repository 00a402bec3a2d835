"""What can happen, each declared once: code, label and the sentence of the timeline.

An audit entry names its event; timeline sentences, notices and the access document read it from here.
"""

from dataclasses import dataclass

EVENTS: dict[str, "Event"] = {}


@dataclass(frozen=True)
class Event:
    """One kind of thing that happens.

    ``sentence`` completes «{actor} …» and may use ``{subject}`` and ``{note}``; ``tone`` is a badge tone;
    ``notify`` says that people hear of it (an outbox row is written with the entry); ``office`` keeps it from the
    people of NGOs, who read the rest of their own files (N7); ``quiet`` leaves it out of timelines, where the entry of
    the step that it follows says the same.
    """

    code: str
    label: str
    sentence: str
    tone: str = "neutral"
    notify: bool = False
    office: bool = False
    quiet: bool = False


def declare(
    code: str,
    label: str,
    sentence: str,
    *,
    tone: str = "neutral",
    notify: bool = False,
    office: bool = False,
    quiet: bool = False,
) -> Event:
    """Declare an event once; a second declaration of the same code is a programming error."""
    if code in EVENTS:
        raise ValueError(f"event declared twice: {code}")
    event = Event(code, label, sentence, tone, notify, office, quiet)
    EVENTS[code] = event
    return event


REFUSED = declare("kernel.refused", "تلاش ردشده", "کوشید «{note}» را انجام دهد و پذیرفته نشد", tone="no")
SIGNED_IN = declare("session.signed_in", "ورود", "وارد سامانه شد")
SIGNED_OUT = declare("session.signed_out", "خروج", "از سامانه خارج شد")
SENSITIVE_READ = declare(
    "kernel.sensitive_read", "دیدن اطلاعات شخصی", "اطلاعات شخصی {subject} را دید", office=True
)
USER_CREATED = declare("user.created", "ساخت کاربر", "کاربر {subject} را ساخت")
USER_CHANGED = declare("user.changed", "ویرایش کاربر", "مشخصات {subject} را تغییر داد")
ROLE_GRANTED = declare(
    "role.granted", "اعطای نقش", "نقش «{subject}» را پیشنهاد کرد", tone="wait", notify=True
)
ROLE_CONFIRMED = declare(
    "role.confirmed", "تأیید نقش", "نقش «{subject}» را تأیید کرد", tone="ok", notify=True
)
ROLE_ENDED = declare("role.ended", "پایان نقش", "به نقش «{subject}» پایان داد", tone="no", notify=True)
DELEGATION_GIVEN = declare(
    "delegation.given", "تفویض اختیار", "اختیار خود را به {subject} سپرد", tone="go", notify=True
)
DELEGATION_ENDED = declare(
    "delegation.ended", "پایان تفویض", "به تفویض اختیار {subject} پایان داد", notify=True
)
REFERRED = declare(
    "referral.made", "ارجاع", "پرونده را به {subject} ارجاع داد: {note}", tone="go", notify=True, office=True
)
REFERRAL_DONE = declare(
    "referral.done", "پایان ارجاع", "ارجاع را به پایان رساند: {note}", tone="ok", notify=True, office=True
)
HOLD_PLACED = declare("hold.placed", "توقف", "پرونده را متوقف کرد: {note}", tone="no", notify=True)
HOLD_LIFTED = declare("hold.lifted", "رفع توقف", "توقف پرونده را برداشت", tone="ok", notify=True)
CASE_OPENED = declare(
    "case.opened", "گشودن موضوع", "موضوع «{subject}» را گشود", tone="wait", notify=True, office=True
)
CASE_SETTLED = declare(
    "case.settled", "حل موضوع", "موضوع «{subject}» را حل کرد: {note}", tone="ok", notify=True, office=True
)
LETTER_SIGNED = declare("letter.signed", "امضای نامه", "نامه {subject} را امضا کرد", tone="ok")
LETTER_REVOKED = declare("letter.revoked", "ابطال نامه", "نامه {subject} را باطل کرد: {note}", tone="no")
LETTER_REPLACED = declare("letter.replaced", "جایگزینی نامه", "نامه {subject} را جایگزین کرد")
LETTER_ANNOTATED = declare(
    "letter.annotated", "ثبت در اتوماسیون", "شماره اتوماسیون نامه {subject} را ثبت کرد"
)
SETTING_CHANGED = declare("setting.changed", "تغییر تنظیم", "تنظیم «{subject}» را تغییر داد: {note}")
HOLIDAY_CHANGED = declare("holiday.changed", "تغییر تقویم", "روز {subject} را در تقویم تعطیلات ثبت کرد")
JOB_STARTED = declare("job.started", "آغاز کار زمان‌بر", "«{subject}» را آغاز کرد")
JOB_FINISHED = declare(
    "job.finished", "پایان کار زمان‌بر", "«{subject}» را به پایان رساند", tone="ok", notify=True
)
JOB_FAILED = declare(
    "job.failed", "کار ناموفق", "«{subject}» را ناتمام گذاشت: {note}", tone="no", notify=True
)
