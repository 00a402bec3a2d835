"""Rows of roles (K6): proposed by the administrator, confirmed or refused by that side's manager, ended."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from staff_portal.kernel.base.roles import CONFIRMING_ROLE
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.people import rules
from staff_portal.kernel.workflow.audience import ROLE, Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Waits
from staff_portal.kernel.workflow.table import Table

ROLE_TASK = "kernel.role"
GRANTED = (
    "user",
    "role",
    "scope_kind",
    "scope_id",
    "period",
    "granted_by",
    "granted_at",
    "confirmed_at",
)


def visible(user: User, on: date) -> QuerySet[RoleAssignment]:
    """The roles a person may see: own ones, those to confirm; the administrator and the auditor see all."""
    seen = Q() if rules.can_view_users(user, None, on) else Q(user=user) | rules.roles_to_confirm(user, on)
    return RoleAssignment.objects.filter(seen)


def _page(assignment: RoleAssignment) -> str:
    return reverse("role_decide", args=[assignment.pk])


def _confirmers(assignment: RoleAssignment) -> Iterable[Address]:
    """The managers of the side to which the role belongs, and their delegates for this power."""
    return [Address(ROLE, str(CONFIRMING_ROLE[assignment.role]), power=rules.CONFIRM_ROLES.code)]


def _to_holder(text: str) -> tuple[To, ...]:
    return (To.field("user", text, mail=True, page=lambda row: reverse("profile")),)


GRANT = Creation(
    "grant",
    stores=GRANTED,
    by=rules.MANAGE_USERS,
    event="role.granted",
    label="پیشنهاد نقش",
    asks=(
        Ask.text("role", "نقش"),
        Ask.integer("scope_id", "دامنه", required=False),
        Ask.date("start_on", "آغاز"),
        Ask.date("last_day", "پایان", required=False),
    ),
    blockers=roles.against_grant,
    outcome=roles.granted,
    under_hold=True,
    says="نقش «{subject}» را پیشنهاد کرد",
    tell=(
        To(
            _confirmers,
            "{actor} نقش «{subject}» را پیشنهاد کرد؛ تأیید یا رد آن با شماست.",
            mail=True,
            page=lambda row: reverse("inbox"),
        ),
    ),
)
CONFIRM = Act(
    "confirm",
    stores=("confirmed_by", "confirmed_at"),
    by=rules.CONFIRM_ROLES,
    event="role.confirmed",
    label="تأیید نقش",
    page="role_decide",
    blockers=roles.against_confirming,
    outcome=roles.confirmed,
    says="نقش «{subject}» را تأیید کرد",
    done="نقش تأیید شد.",
    tell=_to_holder("نقش «{subject}» تأیید شد و از آغاز دوره آن در اختیار شماست."),
    waits=(
        Waits(
            to=To(_confirmers),
            when=roles.waits,
            but=lambda row: [row.granted_by_id, row.user_id],
            kind=ROLE_TASK,
            title="تأیید نقش «{subject}»",
            detail="پیشنهاد راهبر سامانه",
        ),
    ),
)
CONFIRM_FIRST = Act(
    "confirm_first",
    stores=("confirmed_by", "confirmed_at"),
    by=rules.MANAGE_USERS,
    event="role.confirmed",
    label="تأیید نقش نخستین مدیر",
    blockers=roles.against_confirming,
    outcome=roles.confirmed,
    follows=True,
    says="نقش «{subject}» را تأیید کرد",
    tell=CONFIRM.tell,
)
REFUSE = Act(
    "refuse",
    stores=("period",),
    by=rules.CONFIRM_ROLES,
    event="role.refused",
    event_label="رد نقش",
    shade="no",
    label="نپذیرفتن نقش",
    note="سبب نپذیرفتن نقش",
    page="role_decide",
    blockers=roles.against_deciding,
    outcome=roles.refused,
    says="نقش {subject} را نپذیرفت: {note}",
    done="نقش پذیرفته نشد و راهبر سامانه آگاه می‌شود.",
    tone="danger",
    tell=(
        To.field(
            "granted_by",
            "{actor} نقش «{subject}» را نپذیرفت: {note}",
            page=lambda row: reverse("users"),
        ),
    ),
)
END = Act(
    "end",
    stores=("period", "ended_at", "ended_at_once"),
    untold=("ended_at", "ended_at_once"),
    by=rules.MANAGE_USERS,
    event="role.ended",
    label="پایان نقش",
    asks=(Ask.date("last_day", "پایان", required=False),),
    blockers=roles.against_ending,
    outcome=roles.ended,
    says="به نقش «{subject}» پایان داد",
    done="نقش پایان یافت.",
    tone="danger",
    tell=_to_holder("نقش «{subject}» پایان یافت."),
)
CONFER = Creation(
    "confer",
    stores=GRANTED,
    by=rules.MANAGE_USERS,
    event="role.confirmed",
    label="نقش با انتصاب",
    asks=(Ask.text("role", "نقش"), Ask.date("start_on", "آغاز")),
    blockers=roles.against_conferring,
    outcome=roles.conferred,
    follows=True,
    under_hold=True,
    says="نقش «{subject}» را تأیید کرد",
    tell=CONFIRM.tell,
)
END_WITH_SEAT = Act(
    "end_with_seat",
    stores=("period", "ended_at", "ended_at_once"),
    untold=("ended_at", "ended_at_once"),
    by=rules.MANAGE_USERS,
    event="role.ended",
    label="پایان نقش با پایان انتصاب",
    asks=(Ask.date("last_day", "پایان"),),
    outcome=roles.ended,
    follows=True,
    says="به نقش «{subject}» پایان داد",
    tell=END.tell,
)
ROLES = Table(
    RoleAssignment,
    code="role",
    title="نقش",
    rows=[GRANT, CONFIRM, CONFIRM_FIRST, REFUSE, END, CONFER, END_WITH_SEAT],
    visible=visible,
    address=_page,
    within="user",
    state="",
    reads=("user",),
)
guard(ROLES, "k6_role_kept")
