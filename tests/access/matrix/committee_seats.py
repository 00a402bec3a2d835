"""The committee's home, the memorandum, terms and seats."""

from staff_portal.kernel.base.roles import Role
from tests.access.matrix.table import Outcome, Outcomes, Row, asking, given, reading

HEADS = (Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
MEMBERS = (Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER)
#: Members, secretary, both heads and their experts, the auditor.
COMMITTEE = (*MEMBERS, Role.SECRETARY, *HEADS, Role.HQ_EXPERT, Role.DEPUTY_EXPERT, Role.AUDITOR)


def _of_one_head(
    name: str, what: str, head: Role | None, case: str, pk: str, others: Outcomes | None = None
) -> Row:
    """A step on a seat: its own head takes it, the other one reads why not."""
    return Row(
        name,
        f"{what}؛ رئیس طرف دیگر می‌خواند که چرا نه",
        get=given(*HEADS) | (others or {}),
        post=given(*([head] if head else [])) | (others or {}),
        case=case,
        args={"pk": pk},
    )


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
    _of_one_head("committee:appoint", "انتصاب نماینده خود", Role.HQ_MANAGER, "ستاد سمن‌ها", "seat_hq"),
    _of_one_head("committee:appoint", "انتصاب نماینده خود", Role.DEPUTY_MANAGER, "معاونت", "seat_deputy"),
    _of_one_head("committee:appoint", "کرسی سمن‌ها را کسی منصوب نمی‌کند", None, "سمن‌ها", "seat_ngo"),
    _of_one_head(
        "committee:recall",
        "پایان عضویت نماینده خود",
        Role.HQ_MANAGER,
        "",
        "seating_hq",
        others={Role.NGO_USER: Outcome.HIDDEN},
    ),
    asking(
        "committee:representative",
        "نماینده تازه سمن دارنده کرسی",
        given(Role.HQ_EXPERT) | {Role.NGO_USER: Outcome.HIDDEN},
        pk="seating_ngo",
    ),
)
