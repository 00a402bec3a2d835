"""What nominations put into the frame: the rail, seats that call for a round, search, their files."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse

from committee import rules
from committee import settings as committee_settings
from committee.enums import SeatCode, TermState
from committee.models import NominationRound, Nominee, Seat, Seating
from committee.operations.round_calls import why_called
from committee.workflow.nominations import visible_rounds
from committee.workflow.nominees import TASK
from staff_portal.kernel import access, panels, roots
from staff_portal.kernel.models import User
from staff_portal.kernel.panels import SearchHit, Task, WorkRow
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.roles import Role

CODE = "nominations"


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Seats that may call for a round, for HQ's experts; what waits in a round are its work items."""
    on = access.local_date(at)
    if access.has_role(user, on, Role.HQ_EXPERT):
        yield _to_prepare(on)


def _to_prepare(on: date) -> QuerySet[Any]:
    """The NGO's seats of open terms without a running round, with what says whether one is called for (C3)."""
    seats = Seat.objects.filter(code=SeatCode.NGO, term__state=TermState.OPEN)
    running = NominationRound.objects.filter(seat=OuterRef("pk"), state__in=rules.RUNNING_ROUNDS)
    later = seats.filter(term__starts_on__gt=OuterRef("term__starts_on"))
    lasting = Seating.objects.filter(seat=OuterRef("pk"), period__isempty=False)
    current = lasting.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=on)).order_by()
    return panels.work_part(
        CODE,
        "prepare",
        seats.filter(~Exists(running)).order_by(),
        name=Cast("term__number", CharField()),
        since="term__state_since",
        planned_end="term__planned_end_on",
        is_latest=~Exists(later),
        ends=ArraySubquery(current.values("period__endswith")),
        ended_by=Subquery(lasting.exclude(ended_by="").order_by("-period", "-id").values("ended_by")[:1]),
        lead=panels.setting_value(committee_settings.NOMINATION_LEAD_DAYS, on),
    )


def task(row: WorkRow, on: date) -> Task | None:
    """One line of the inbox; a seat that calls for no round yet is none."""
    ends = [None if day is None else date.fromisoformat(day) - timedelta(days=1) for day in row.extra["ends"]]
    why = why_called(
        int(row.name),
        date.fromisoformat(row.extra["planned_end"]),
        ends=ends,
        ended_by=row.extra["ended_by"] or "",
        is_latest=row.extra["is_latest"],
        until=on + timedelta(days=int(row.extra["lead"])),
    )
    return Task(TASK, "آغاز معرفی نامزد", why, reverse("committee:nomination_new"), rank=30) if why else None


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Rounds by the name of a nominee. Two queries."""
    on = access.local_date(at)
    words = search_fold(query).split()
    if not words or not rules.reads_committee(user, on):
        return
    nominees = Nominee.objects.all()
    for word in words:
        nominees = nominees.filter(ngo__search_text__contains=word)
    for nominee in nominees.select_related("round", "ngo").order_by("-id")[:limit]:
        nomination = nominee.round
        day = format_jalali(nomination.state_since, "medium")
        detail = f"{nomination}، {nomination.get_state_display()} از {day}"
        yield SearchHit("نامزدهای کرسی سمن‌ها", nominee.ngo.name, detail, nomination.get_absolute_url())


panels.add_nav(
    "کمیته مشترک",
    "معرفی نامزد",
    "committee:nomination_list",
    rules.COMMITTEE_READERS,
    order=240,
    task_kind=TASK,
)
panels.label_tasks(TASK, "معرفی نامزد")
panels.add_work(CODE, parts, task)
panels.REGISTRY.search.append(found)
roots.register(NominationRound, visible=visible_rounds, url=lambda row: row.get_absolute_url())
