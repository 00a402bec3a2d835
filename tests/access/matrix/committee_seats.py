"""The committee's home, the memorandum, terms and seats."""

from staff_portal.kernel.roles import Role
from tests.access.matrix.table import Outcome, Row, asking, given, reading

HEADS = (Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
MEMBERS = (Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER)
#: Members, secretary, both heads and their experts, the auditor.
COMMITTEE = (*MEMBERS, Role.SECRETARY, *HEADS, Role.HQ_EXPERT, Role.DEPUTY_EXPERT, Role.AUDITOR)

ROWS: tuple[Row, ...] = (
    reading("committee:home", "کرسی‌ها و آنچه در کمیته باز است", given(*COMMITTEE)),
    reading("committee:memorandum", "تفاهم‌نامه و بندهای آن", given(*COMMITTEE)),
    asking("committee:memorandum_new", "ثبت تفاهم‌نامه", given(*HEADS)),
    asking("committee:term_new", "پیشنهاد دوره", given(*HEADS)),
    reading("committee:term_detail", "دوره، کرسی‌ها و سابقه", given(*COMMITTEE), pk="term"),
    asking(
        "committee:term_do",
        "پیشنهاد رئیس دیگر",
        given(*HEADS),
        case="رئیس",
        pk="term",
        transition=":propose_chair",
    ),
    Row(
        "committee:term_do",
        "پذیرش دوره؛ رئیس طرف دیگر، و رئیس همان طرف می‌خواند که چرا نه",
        get=given(*HEADS),
        post=given(Role.DEPUTY_MANAGER),
        case="پذیرش",
        args={"pk": "term_proposed", "transition": ":agree"},
    ),
    asking(
        "committee:appoint", "انتصاب نماینده خود", given(Role.HQ_MANAGER), case="ستاد سمن‌ها", pk="seat_hq"
    ),
    asking(
        "committee:appoint", "انتصاب نماینده خود", given(Role.DEPUTY_MANAGER), case="معاونت", pk="seat_deputy"
    ),
    asking("committee:appoint", "کرسی سمن‌ها را کسی منصوب نمی‌کند", given(), case="سمن‌ها", pk="seat_ngo"),
    asking(
        "committee:recall",
        "پایان عضویت نماینده خود",
        given(Role.HQ_MANAGER) | {Role.NGO_USER: Outcome.HIDDEN},
        pk="seating_hq",
    ),
    asking(
        "committee:representative",
        "نماینده تازه سمن دارنده کرسی",
        given(Role.HQ_EXPERT) | {Role.NGO_USER: Outcome.HIDDEN},
        pk="seating_ngo",
    ),
)
