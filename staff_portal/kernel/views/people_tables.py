"""Columns of the ground floor's lists: header, sort links and Excel file of each."""

from typing import Any

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Case, Delegation, Holiday
from staff_portal.kernel.pages.tables import Column
from staff_portal.kernel.people.people_order import NAME_ORDER
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.views.people_display import delegation_state, period_words, power_labels

USER_COLUMNS = (
    Column("name", "نام", lambda user: user.full_name, NAME_ORDER, width=28),
    Column("username", "نام کاربری", lambda user: user.username, ("username",)),
    Column("side", "طرف", lambda user: user.get_side_display(), ("side", *NAME_ORDER), width=30),
    Column("roles", "نقش‌ها", lambda user: "، ".join(user.role_labels), width=40),
    Column("state", "وضعیت", lambda user: "باز" if user.is_active else "بسته", ("-is_active", *NAME_ORDER)),
)

USER_EXPORT = (
    *USER_COLUMNS[:3],
    Column("post", "سمت", lambda user: user.post, width=30),
    *USER_COLUMNS[3:],
    Column("created", "ساخته شده", lambda user: user.created_at),
)


def case_holder(case: Case) -> str:
    """Who has a case: a person, or the holders of a role."""
    return case.assignee.full_name if case.assignee else str(Role(case.role).label)


CASE_COLUMNS = (
    Column("title", "موضوع", lambda case: case.title, (alphabetical("title"), "id"), width=40),
    Column("file", "پرونده", lambda case: case.root_label, ("root_label", "id"), width=34),
    Column("holder", "نزد", case_holder, width=28),
    Column("due", "مهلت", lambda case: case.due_on, ("due_on", "id")),
)

CASE_EXPORT = (
    *CASE_COLUMNS,
    Column("opened", "گشوده شده", lambda case: case.opened_at),
    Column("settled", "حل شده", lambda case: case.settled_at),
    Column("note", "نتیجه", lambda case: case.settled_note, width=50),
)


def _powers(row: Delegation) -> str:
    return "، ".join(power_labels(row.powers)) or "همه اختیارها"


def delegation_export(on: Any) -> tuple[Column, ...]:
    """The delegations as of a day."""
    return (
        Column("from", "از", lambda row: row.delegator.full_name, width=28),
        Column("to", "به", lambda row: row.delegate.full_name, width=28),
        Column("role", "نقش", lambda row: row.get_role_display(), width=28),
        Column("powers", "اختیارها", _powers, width=50),
        Column("period", "دوره", lambda row: period_words(row.period), width=36),
        Column("reference", "شماره نامه", lambda row: row.reference),
        Column("state", "وضعیت", lambda row: delegation_state(row, on)[0]),
    )


def _holiday_kind(row: Holiday) -> str:
    return "ناگهانی" if row.at_short_notice else "رسمی"


HOLIDAY_EXPORT = (
    Column("day", "روز", lambda row: row.day),
    Column("title", "عنوان", lambda row: row.title, width=40),
    Column("kind", "گونه", _holiday_kind),
)
