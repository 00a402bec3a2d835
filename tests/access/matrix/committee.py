"""Nomination rounds, meetings, motions, resolutions, minutes and policy documents of the joint committee."""

from collections.abc import Iterable

from staff_portal.kernel.base.roles import Role
from tests.access.matrix.committee_seats import COMMITTEE, HEADS, MEMBERS
from tests.access.matrix.table import ROLES, Outcome, Outcomes, Row, asking, given, reading, sending

EXPERT, MANAGER, DEPUTY = Role.HQ_EXPERT, Role.HQ_MANAGER, Role.DEPUTY_MANAGER
SECRETARY, AUDITOR, NGO = Role.SECRETARY, Role.AUDITOR, Role.NGO_USER
HQ_MEMBER, DEPUTY_MEMBER = Role.HQ_MEMBER, Role.DEPUTY_MEMBER
PROPOSERS = tuple(role for role in COMMITTEE if role != AUDITOR)
POLICY = (SECRETARY, EXPERT, Role.DEPUTY_EXPERT)
#: A draft is its proposer's, the secretary's and the auditor's.
SEE_DRAFT = (HQ_MEMBER, SECRETARY, AUDITOR)
SEE_NOMINEE = (EXPERT, MANAGER, AUDITOR, NGO)
#: An announced resolution is read by whoever works here or represents an NGO.
READ_RESOLUTION = tuple(role for role in ROLES if role != Role.ADMIN)


def drafted(seers: Iterable[str], *people: str) -> Outcomes:
    """A draft: of those who read the committee's papers it is hidden from all but ``seers``; ``people`` get the page."""
    hidden = {role: Outcome.HIDDEN for role in COMMITTEE if role not in set(seers)}
    return given(*people) | hidden


def unannounced(*people: str) -> Outcomes:
    """A resolution that is not announced yet is hidden from those who would read the announced one."""
    hidden = {role: Outcome.HIDDEN for role in READ_RESOLUTION if role not in COMMITTEE}
    return given(*people) | hidden


NOMINATION_ROWS = (
    reading("committee:nomination_list", "دورهای معرفی نامزد", given(*COMMITTEE)),
    asking("committee:nomination_new", "آغاز دور معرفی", given(EXPERT)),
    reading("committee:nomination_detail", "یک دور معرفی", given(*COMMITTEE), pk="round_open"),
    asking("committee:nominee_add", "افزودن نامزد", given(EXPERT), pk="round_preparing"),
    asking(
        "committee:nomination_do",
        "نهایی‌کردن؛ هنوز سه نامزد کامل نیست",
        given(MANAGER),
        case="نهایی‌کردن",
        pk="round_preparing",
        transition=":seal",
    ),
    asking(
        "committee:nomination_do",
        "ابطال دور",
        given(*HEADS),
        case="ابطال",
        pk="round_open",
        transition=":void",
    ),
    asking(
        "committee:nomination_do",
        "رأی به نامزد؛ ستاد سمن‌ها مشورتی",
        given(HQ_MEMBER, DEPUTY_MEMBER),
        case="رأی",
        pk="round_open",
        transition=":cast",
    ),
    reading("committee:nominee_detail", "نامزدی یک سمن", given(*SEE_NOMINEE), pk="nominee"),
    asking("committee:nominee_consent", "پذیرش نامزدی", given(EXPERT, NGO), pk="nominee"),
    asking("committee:nominee_withdraw", "انصراف از نامزدی", given(EXPERT, NGO), pk="nominee"),
    asking("committee:nominee_remove", "برداشتن نامزد", given(EXPERT), pk="nominee"),
)

MEETING_ROWS = (
    reading("committee:meeting_list", "جلسه‌ها", given(*COMMITTEE)),
    asking("committee:meeting_new", "برنامه‌ریزی جلسه", given(SECRETARY)),
    reading("committee:meeting_detail", "یک جلسه", given(*COMMITTEE), pk="meeting_session"),
    asking("committee:meeting_edit", "ویرایش جلسه", given(SECRETARY), pk="meeting_planned"),
    asking(
        "committee:meeting_do",
        "ارسال دعوت برای امضا",
        given(SECRETARY),
        case="ارسال",
        pk="meeting_planned",
        transition=":submit_call",
    ),
    Row(
        "committee:meeting_do",
        "امضای دعوت؛ رئیس کمیته، و نماینده دیگر می‌خواند که چرا نه",
        get=given(HQ_MEMBER, DEPUTY_MEMBER),
        post=given(HQ_MEMBER),
        case="امضا",
        args={"pk": "meeting_awaiting", "transition": ":call"},
    ),
    asking(
        "committee:meeting_do",
        "لغو جلسه",
        given(SECRETARY),
        case="لغو",
        pk="meeting_called",
        transition=":cancel",
    ),
    reading(
        "committee:meeting_calendar",
        "فایل تقویم جلسه",
        given(*MEMBERS, SECRETARY),
        pk="meeting_called",
    ),
    asking("committee:meeting_agenda", "دستور جلسه", given(SECRETARY), pk="meeting_planned"),
    asking(
        "committee:agenda_item_edit",
        "ویرایش یک دستور",
        given(SECRETARY),
        pk="meeting_planned",
        item="agenda_item",
    ),
    sending(
        "committee:agenda_item_move",
        "جابه‌جایی یک دستور",
        given(SECRETARY),
        pk="meeting_planned",
        item="agenda_item",
    ),
    sending(
        "committee:agenda_item_remove",
        "برداشتن یک دستور",
        given(SECRETARY),
        pk="meeting_planned",
        item="agenda_item",
    ),
    sending("committee:meeting_papers", "پیوست‌های جلسه", given(SECRETARY), pk="meeting_planned"),
    reading("committee:meeting_live", "حاضران اکنون", given(*COMMITTEE), pk="meeting_session"),
    sending(
        "committee:meeting_presence",
        "ورود و خروج نماینده ستاد سمن‌ها؛ هر عضو تنها برای خود",
        given(SECRETARY, HQ_MEMBER),
        pk="meeting_session",
    ),
    asking(
        "committee:meeting_absence",
        "ثبت غیبت؛ هر عضو تنها برای خود",
        given(SECRETARY, *MEMBERS),
        pk="meeting_called",
    ),
    sending("committee:meeting_waive", "گذشت از مهلت دعوت", given(*MEMBERS), pk="meeting_session"),
    sending("committee:meeting_invite", "دعوت عضو تازه", given(SECRETARY), pk="meeting_called"),
    asking(
        "committee:meeting_hand_over",
        "تحویل دستی دعوت‌نامه",
        given(SECRETARY),
        pk="meeting_called",
        invitation="invitation",
    ),
)

MOTION_ROWS = (
    reading("committee:motion_list", "پیشنهادها", given(*COMMITTEE)),
    asking("committee:motion_new", "نوشتن پیشنهاد", given(*PROPOSERS)),
    reading("committee:motion_detail", "پیشنهاد در رأی‌گیری", given(*COMMITTEE), case="باز", pk="motion_open"),
    reading(
        "committee:motion_detail",
        "پیش‌نویس نماینده ستاد سمن‌ها",
        drafted(SEE_DRAFT, *SEE_DRAFT),
        case="پیش‌نویس",
        pk="motion_draft",
    ),
    asking("committee:motion_edit", "ویرایش پیش‌نویس خود", drafted(SEE_DRAFT, HQ_MEMBER), pk="motion_draft"),
    sending("committee:motion_copy", "رونوشت پیشنهاد", given(*PROPOSERS), pk="motion_lost"),
    asking(
        "committee:motion_do",
        "در دستور نهادن",
        drafted(SEE_DRAFT, SECRETARY),
        case="دستور",
        pk="motion_draft",
        transition=":table",
    ),
    asking(
        "committee:motion_do",
        "رأی‌گیری مکاتبه‌ای",
        given(SECRETARY),
        case="مکاتبه",
        pk="motion_tabled",
        transition=":circulate",
    ),
    asking(
        "committee:motion_do",
        "پایان رأی‌گیری",
        given(SECRETARY),
        case="پایان",
        pk="motion_open",
        transition=":close_vote",
    ),
    asking(
        "committee:motion_do",
        "کناره‌گیری از رأی",
        given(*MEMBERS),
        case="کناره",
        pk="motion_open",
        transition=":recuse",
    ),
    asking("committee:motion_amend", "متن اصلاح‌شده در جلسه", given(SECRETARY), pk="motion_listed"),
    asking("committee:motion_cast", "رأی‌دادن", given(*MEMBERS), pk="motion_open"),
    asking("committee:motion_receipt", "یافتن رأی خود با کد رهگیری", given(*MEMBERS), pk="motion_carried"),
    reading("committee:motion_live", "شمار رأی‌داده‌ها", given(*COMMITTEE), pk="motion_open"),
)

OUTCOME_ROWS = (
    reading("committee:resolution_list", "دفتر مصوبه‌ها", given(*READ_RESOLUTION)),
    reading(
        "committee:resolution_detail",
        "مصوبه ابلاغ‌شده",
        given(*READ_RESOLUTION),
        case="ابلاغ‌شده",
        pk="resolution_announced",
    ),
    reading(
        "committee:resolution_detail",
        "مصوبه پیش از ابلاغ",
        unannounced(*COMMITTEE),
        case="در انتظار",
        pk="resolution",
    ),
    asking(
        "committee:resolution_do",
        "امضای ابلاغ",
        unannounced(*HEADS),
        pk="resolution",
        transition=":sign",
    ),
    asking(
        "committee:resolution_do",
        "گیرندگان ابلاغ",
        unannounced(SECRETARY),
        case="گیرندگان",
        pk="resolution",
        transition=":address",
    ),
    Row(
        "committee:addressee_do",
        "تأیید دریافت ابلاغ؛ گیرنده آن، و دیگران می‌خوانند که چرا نه",
        get=given(*READ_RESOLUTION),
        post=given(Role.DEPUTY_EXPERT),
        args={"pk": "addressee", "transition": ":receive"},
    ),
    asking("committee:action_add", "سپردن پیگیری", given(SECRETARY), pk="resolution_announced"),
    Row(
        "committee:action_do",
        "انجام پیگیری؛ عهده‌دار آن یا دبیر، و دیگران می‌خوانند که چرا نه",
        get=given(*READ_RESOLUTION),
        post=given(SECRETARY, EXPERT),
        args={"pk": "action", "transition": ":finish"},
    ),
    asking(
        "committee:action_do",
        "تمدید مهلت پیگیری",
        given(SECRETARY),
        case="تمدید",
        pk="action",
        transition=":extend",
    ),
    reading(
        "committee:minutes_detail",
        "صورتجلسه در گردش",
        given(*COMMITTEE),
        case="گردش",
        meeting="meeting_circulated",
    ),
    reading(
        "committee:minutes_detail",
        "صورتجلسه در دست نگارش",
        drafted((SECRETARY, AUDITOR), SECRETARY, AUDITOR),
        case="پیش‌نویس",
        meeting="meeting_closed",
    ),
    asking(
        "committee:minutes_write",
        "نوشتن گفت‌وگو",
        drafted((SECRETARY, AUDITOR), SECRETARY),
        meeting="meeting_closed",
    ),
    asking(
        "committee:minutes_do",
        "گردش صورتجلسه",
        drafted((SECRETARY, AUDITOR), SECRETARY),
        case="گردش",
        pk="meeting_closed",
        transition=":circulate",
    ),
    asking(
        "committee:minutes_sign",
        "امضای صورتجلسه؛ حاضران جلسه",
        given(*MEMBERS),
        meeting="meeting_signing",
    ),
    asking("committee:amendment_ask", "درخواست اصلاح", given(*MEMBERS), meeting="meeting_circulated"),
    asking("committee:amendment_none", "اصلاحی ندارم", given(*MEMBERS), meeting="meeting_circulated"),
    asking(
        "committee:amendment_answer",
        "پاسخ به درخواست اصلاح",
        given(SECRETARY),
        meeting="meeting_circulated",
        pk="amendment",
    ),
    reading("committee:policy_list", "اسناد بالادستی", given(*COMMITTEE)),
    asking("committee:policy_new", "ثبت سند", given(*POLICY)),
    reading("committee:policy_detail", "یک سند و مواد آن", given(*COMMITTEE), pk="policy"),
    asking("committee:policy_edit", "ویرایش سند", given(*POLICY), pk="policy"),
    asking("committee:article_new", "ماده تازه", given(*POLICY), pk="policy"),
    asking("committee:article_edit", "ویرایش ماده", given(*POLICY), pk="policy", article="article"),
    asking("committee:article_state", "وضعیت ماده", given(*POLICY), pk="policy", article="article"),
)

ROWS: tuple[Row, ...] = (*NOMINATION_ROWS, *MEETING_ROWS, *MOTION_ROWS, *OUTCOME_ROWS)
