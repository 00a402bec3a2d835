"""What motions put into the frame: the rail, votes that wait, the secretary's work, search, the file."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from committee import rules
from committee.enums import EffectState, MotionState, PresenceKind, VotingMode
from committee.models import Ballot, Motion, Presence, Recusal, Seating
from staff_portal.kernel import access, audit, panels, roots
from staff_portal.kernel.models import Hold, User
from staff_portal.kernel.panels import SearchHit, Task, WorkRow
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.roles import Role

CODE = "motions"
TASK = "committee.motion"


def visible_motions(user: User, on: date) -> QuerySet[Motion]:
    """The motions a person may see."""
    return Motion.objects.filter(rules.motions_visible_to(user, on))


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """The own votes that wait, and what the secretary tables, closes and mends."""
    on = access.local_date(at)
    if access.has_role(user, on, *rules.MEMBERS):
        yield _votes(user, on)
    if access.has_role(user, on, Role.SECRETARY):
        yield _of_secretary(on)


def _votes(user: User, on: date) -> QuerySet[Any]:
    """Open votes in which the person's seat has neither voted nor stood aside."""
    seat = Seating.objects.filter(person=user, period__contains=on).values("seat_code")[:1]
    done = Q(Exists(Ballot.objects.filter(motion=OuterRef("pk"), seat_code__in=seat)))
    done |= Q(Exists(Recusal.objects.filter(motion=OuterRef("pk"), seat_code__in=seat)))
    sits = Exists(Seating.objects.filter(person=user, period__contains=on))
    rows = Motion.objects.filter(sits, ~done, state=MotionState.OPEN).order_by("opened_at")
    return panels.work_part(
        CODE, "vote", rows, name="title", since="opened_at", mode="mode", days="circulation_days"
    )


def _is_awaited(on: date) -> Case:
    """Whether a ballot on a motion may still come: of a seat not on hold and, in a meeting, in the room (C3, C5)."""
    motion, seat = OuterRef(OuterRef("pk")), OuterRef("seat_code")
    cast = Ballot.objects.filter(motion=motion, seat_code=seat)
    aside = Recusal.objects.filter(motion=motion, seat_code=seat)
    held = Hold.objects.filter(
        subject_type=audit.type_label(Seating), subject_id=OuterRef("pk"), lifted_at__isnull=True
    )
    moves = Presence.objects.filter(meeting=OuterRef(OuterRef("meeting")), seating=OuterRef("pk"))
    last = Subquery(moves.order_by("-at", "-id").values("kind")[:1])
    sitting = Seating.objects.filter(~Exists(cast), ~Exists(aside), ~Exists(held), period__contains=on)
    here = sitting.alias(last=last).filter(last=PresenceKind.ARRIVED)
    return Case(When(mode=VotingMode.MEETING, then=Exists(here)), default=Exists(sitting))


def _of_secretary(on: date) -> QuerySet[Any]:
    """Drafts to table, votes that can be closed, effects that failed."""
    wanted = Q(state__in=[MotionState.DRAFT, MotionState.OPEN]) | Q(effect_state=EffectState.FAILED)
    rows = (
        Motion.objects.filter(wanted)
        .annotate(
            is_awaited=_is_awaited(on),
            has_ballots=Exists(Ballot.objects.filter(motion=OuterRef("pk"))),
        )
        .order_by("state_since", "id")
    )
    return panels.work_part(
        CODE,
        "secretary",
        rows,
        name="title",
        since=Coalesce("opened_at", "state_since"),
        state="state",
        mode="mode",
        days="circulation_days",
        is_awaited="is_awaited",
        has_ballots="has_ballots",
        effect="effect_state",
        effect_note="effect_note",
    )


def task(row: WorkRow, on: date) -> Task | None:
    """One line of the inbox; a circulation whose deadline has passed waits for no ballot any more."""
    last = None
    if row.extra["mode"] == VotingMode.CIRCULATION:
        last = row.deadline(access.local_date(row.since), row.extra["days"])
    if row.part == "secretary":
        return _secretary_task(row, last, on)
    if last is not None and last < on:
        return None
    detail = "رأی‌گیری در جلسه باز است" if row.extra["mode"] == VotingMode.MEETING else "رأی‌گیری مکاتبه‌ای"
    url = reverse("committee:motion_detail", args=[row.pk])
    return Task(TASK, f"رأی شما به «{row.name}»", detail, url, due_on=last or on, since=row.since, rank=10)


def _secretary_task(row: WorkRow, last: date | None, on: date) -> Task | None:
    url = reverse("committee:motion_detail", args=[row.pk])
    extra, title = row.extra, row.name
    if extra["effect"] == EffectState.FAILED:
        return Task(TASK, f"پیامد «{title}» اجرا نشد", extra["effect_note"], url, since=row.since, rank=5)
    if extra["state"] == MotionState.DRAFT:
        detail = "پیشنهاد نوشته شده است و هنوز در دستور نیست"
        return Task(TASK, f"در دستور نهادن «{title}»", detail, url, since=row.since, rank=60)
    close = reverse("committee:motion_do", args=[row.pk, "close_vote"])
    if last is not None and last < on:
        return Task(TASK, f"پایان رأی‌گیری «{title}»", "مهلت آن گذشته است", close, due_on=last, rank=10)
    if extra["has_ballots"] and not extra["is_awaited"]:
        said = "همه حاضران رأی داده‌اند" if extra["mode"] == VotingMode.MEETING else "همه رأی داده‌اند"
        return Task(TASK, f"پایان رأی‌گیری «{title}»", said, close, since=row.since, rank=15)
    return None


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Motions by number, title and words of the text. One query."""
    on = access.local_date(at)
    words = search_fold(query).split()
    if not words or not rules.reads_committee(user, on):
        return
    rows = visible_motions(user, on)
    for word in words:
        rows = rows.filter(search_text__contains=word)
    for row in rows.order_by("-id")[:limit]:
        detail = f"پیشنهاد {to_persian_digits(row.number)}، {row.get_state_display()}"
        yield SearchHit("پیشنهادهای کمیته", row.title, detail, row.get_absolute_url())


panels.add_nav(
    "کمیته مشترک",
    "پیشنهادها و رأی‌گیری",
    "committee:motion_list",
    rules.COMMITTEE_READERS,
    order=230,
    task_kind=TASK,
)
panels.add_action(
    "پیشنهاد تازه به کمیته",
    "committee:motion_new",
    [*rules.MEMBERS, Role.SECRETARY],
    icon="edit",
    hint="می‌توانید پیشنهادی برای کمیته بنویسید.",
    order=60,
)
panels.add_work(CODE, parts, task)
panels.REGISTRY.search.append(found)
roots.register(Motion, visible=visible_motions, url=lambda row: row.get_absolute_url())
