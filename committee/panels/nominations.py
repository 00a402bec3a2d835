"""What nominations put into the frame: the rail, ballots and decisions that wait, search, their files."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from committee import rules
from committee import settings as committee_settings
from committee.enums import RoundState, SeatCode, TermState
from committee.models import NominationBallot, NominationRound, Nominee, Seat, Seating
from committee.operations.nominations import DEPUTY_SEATS, LATE, NOBODY_LEFT, THREE, UNEQUAL, why_called
from ngos.models import NgoAccount
from staff_portal.kernel import access, panels, roots
from staff_portal.kernel.models import User
from staff_portal.kernel.panels import SearchHit, Task, WorkRow
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.roles import Role

CODE = "nominations"
TASK = "committee.nominations"


def visible_rounds(user: User, on: date) -> QuerySet[NominationRound]:
    """The rounds a person may see."""
    return NominationRound.objects.filter(rules.rounds_visible_to(user, on))


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Ballots, decisions, sealing and consents that wait for the person; nothing for other roles."""
    on = access.local_date(at)
    if access.has_role(user, on, *rules.APPOINTED_MEMBERS):
        yield _to_vote(user, on)
    if access.holds_power(user, rules.DECIDE, on):
        yield _to_decide(on)
    if access.holds_power(user, rules.SEAL, on):
        yield _to_seal()
    if access.has_role(user, on, Role.NGO_USER):
        yield _to_consent(user, on)
    if access.has_role(user, on, Role.HQ_EXPERT):
        yield _to_prepare(on)


def _to_vote(user: User, on: date) -> QuerySet[Any]:
    """Open rounds in which neither the person nor the seat has voted."""
    seat = Seating.objects.filter(person=user, period__contains=on).exclude(seat_code=SeatCode.NGO)
    cast = NominationBallot.objects.filter(
        Q(voter=user) | Q(seat_code__in=seat.values("seat_code")), round=OuterRef("pk")
    )
    rows = NominationRound.objects.filter(Exists(seat), ~Exists(cast), state=RoundState.OPEN)
    return _part("vote", rows, **_clock())


def _clock() -> dict[str, Any]:
    return {
        "sealed": "sealed_on",
        "days": panels.setting_value(committee_settings.NOMINATION_DAYS, OuterRef("sealed_on")),
    }


def _part(part: str, rows: QuerySet[Any], **extra: Any) -> QuerySet[Any]:
    number = Cast("number", CharField())
    return panels.work_part(CODE, part, rows.order_by(), name=number, since="state_since", **extra)


def _to_decide(on: date) -> QuerySet[Any]:
    """Open rounds with what makes the decision the head's: the deputy's ballots, and who of them still may vote."""
    cast = NominationBallot.objects.filter(round=OuterRef("pk"), seat_code__in=DEPUTY_SEATS)
    silent = Seating.objects.filter(period__contains=on, seat_code__in=DEPUTY_SEATS).exclude(
        Exists(
            NominationBallot.objects.filter(round=OuterRef(OuterRef("pk"))).filter(
                Q(seat_code=OuterRef("seat_code")) | Q(voter=OuterRef("person"))
            )
        )
    )
    rows = NominationRound.objects.filter(state=RoundState.OPEN).annotate(
        cast=Coalesce(_count(cast, "id"), Value(0)),
        choices=Coalesce(_count(cast, "nominee"), Value(0)),
        may_still=Exists(silent),
    )
    return _part("decide", rows, cast="cast", choices="choices", may_still="may_still", **_clock())


def _count(rows: QuerySet[Any], column: str) -> Subquery:
    counted = rows.order_by().values("round").annotate(many=Count(column, distinct=True))
    return Subquery(counted.values("many"), output_field=IntegerField())


def _to_seal() -> QuerySet[Any]:
    ready = (
        NominationRound.objects.filter(state=RoundState.PREPARING)
        .annotate(
            listed=Count("nominees"),
            consenting=Count("nominees", filter=Q(nominees__consented_on__isnull=False)),
        )
        .filter(listed=THREE, consenting=THREE)
    )
    return _part("seal", ready)


def _to_consent(user: User, on: date) -> QuerySet[Any]:
    asked = Nominee.objects.filter(
        round__state=RoundState.PREPARING,
        consented_on__isnull=True,
        ngo__in=NgoAccount.objects.filter(user=user, period__contains=on).values("ngo"),
    )
    return panels.work_part(CODE, "consent", asked.order_by(), name="ngo__name", since="added_at")


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


def _preparing(row: WorkRow, on: date) -> Task | None:
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


def task(row: WorkRow, on: date) -> Task | None:
    """One line of the inbox; a round whose decision is not the head's yet is none."""
    if row.part == "consent":
        url = reverse("committee:nominee_detail", args=[row.pk])
        return Task(TASK, "پذیرش نامزدی", "کرسی سمن‌ها در کمیته مشترک", url, since=row.since, rank=20)
    if row.part == "prepare":
        return _preparing(row, on)
    title = str(NominationRound(number=row.name))
    if row.part == "seal":
        url = reverse("committee:nomination_detail", args=[row.pk])
        return Task(TASK, "نهایی‌کردن سه نامزد", "هر سه پذیرفته‌اند", url, since=row.since, rank=20)
    due = row.deadline(row.day("sealed"), row.extra["days"])
    is_late = due is not None and on > due
    if row.part == "vote":
        url = reverse("committee:nomination_do", args=[row.pk, "cast"])
        return None if is_late else Task(TASK, "رأی به یکی از سه نامزد", title, url, due, row.since, rank=10)
    reason = _head_reason(row.extra, is_late=is_late)
    url = reverse("committee:nomination_do", args=[row.pk, "decide"])
    return Task(TASK, "انتخاب یکی از سه نامزد", reason, url, since=row.since, rank=10) if reason else None


def _head_reason(extra: dict[str, Any], *, is_late: bool) -> str:
    """Why the decision is the head's (C3), "" while both deputy members may still agree."""
    if extra["choices"] > 1:
        return UNEQUAL
    if extra["cast"] == len(DEPUTY_SEATS):
        return ""
    if is_late:
        return LATE
    return "" if extra["may_still"] else NOBODY_LEFT


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
