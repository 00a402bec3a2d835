"""What the committee's seats put into the frame: the rail, work of the heads, the file of a term."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from committee import rules
from committee.enums import APPOINTED_SEATS, SEAT_SIDE, SeatCode, TermState
from committee.models import Seat, Seating, Term
from staff_portal.kernel import access, panels, roots
from staff_portal.kernel.models import User
from staff_portal.kernel.panels import Task, WorkRow
from staff_portal.kernel.roles import Role

CODE = "seats"
TASK = "committee.seats"


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """What waits for the heads: a term or a chair to agree to, own seats that nobody fills."""
    on = access.local_date(at)
    sides = {rules.HEAD_SIDE[a.role] for a in access.authorities(user, on) if a.role in rules.HEADS}
    if not sides:
        return
    others = Term.objects.exclude(proposed_by=user)
    yield _terms("agree", others.filter(state=TermState.PROPOSED).exclude(proposed_side__in=sides))
    chairs = Term.objects.filter(state=TermState.OPEN).exclude(proposed_chair_code="")
    yield _terms("chair", chairs.exclude(chair_proposed_by__side__in=sides).exclude(chair_proposed_by=user))
    codes = [code for code in APPOINTED_SEATS if SEAT_SIDE[code] in sides]
    filled = Seating.objects.filter(
        seat_code=OuterRef("code"),
        seat__term__starts_on__gte=OuterRef("term__starts_on"),
        period__upper_inf=True,
    )
    vacant = Seat.objects.filter(term__state=TermState.OPEN, code__in=codes).exclude(Exists(filled))
    yield panels.work_part(CODE, "vacant", vacant, pk="term_id", name="code", since="term__state_since")


def _terms(part: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    return panels.work_part(CODE, part, rows.order_by(), name="proposed_chair_code", since="state_since")


def task(row: WorkRow, on: date) -> Task:
    """One line of the inbox."""
    url = reverse("committee:term_detail", args=[row.pk])
    if row.part == "agree":
        return Task(TASK, "پذیرش دوره تازه کمیته", "پیشنهاد طرف دیگر", url, since=row.since, rank=20)
    if row.part == "chair":
        detail = str(SeatCode(row.name).label)
        return Task(TASK, "پذیرش رئیس تازه کمیته", detail, url, since=row.since, rank=20)
    title = f"انتصاب در «{SeatCode(row.name).label}»"
    return Task(TASK, title, "این کرسی خالی است", url, since=row.since, rank=30)


def visible_terms(user: User, on: date) -> QuerySet[Term]:
    return Term.objects.all() if rules.reads_committee(user, on) else Term.objects.none()


panels.add_nav(
    "کمیته مشترک", "کمیته و کرسی‌ها", "committee:home", rules.COMMITTEE_READERS, order=200, task_kind=TASK
)
panels.label_tasks(TASK, "کرسی‌های کمیته")
panels.add_action(
    "کمیته مشترک",
    "committee:home",
    [Role.DEPUTY_MANAGER, *rules.MEMBERS, Role.SECRETARY],
    icon="meeting",
    hint="می‌توانید کرسی‌ها و کارهای جاری کمیته را ببینید.",
    order=60,
)
panels.add_work(CODE, parts, task)
roots.register(Term, visible=visible_terms, url=lambda term: reverse("committee:term_detail", args=[term.pk]))
