"""The recorded facts of a meeting, read for its minutes (C9). What they become stands in :mod:`committee.minutes_text`."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from committee import secrecy
from committee.enums import ActionState, ItemKind, MeetingState, MotionKind, PresenceKind, SeatCode
from committee.minutes_text import Decision, Item, MeetingFacts, Member, Movement, Vote, Work
from committee.models import (
    ActionItem,
    AgendaItem,
    ItemConsent,
    Meeting,
    Motion,
    NoticeWaiver,
    Presence,
    Resolution,
    Seating,
)
from committee.queries import absence_reasons
from committee.rules import SEAT_ORDER, sitting
from staff_portal.kernel.base.periods import covers, period
from staff_portal.kernel.people.access import local_date

OTHER_MOTIONS = "پیشنهادهای دیگر"


def facts_of(meeting: Meeting, *, secretary: str = "") -> MeetingFacts:
    """Everything that was recorded about a closed meeting; ``secretary`` is who writes the minutes."""
    opened_at, closed_at = meeting.opened_at or meeting.starts_at, meeting.closed_at or meeting.ends_at
    presences = list(
        meeting.presences.select_related("seating__person", "seating__ngo", "seating__seat__term")
    )
    seatings = members_of(meeting, presences)
    reasons = absence_reasons(meeting)
    return MeetingFacts(
        number=meeting.number,
        term=meeting.term.number,
        title=meeting.title,
        opened_at=opened_at,
        closed_at=closed_at,
        place=meeting.place,
        members=tuple(_member(row, meeting, reasons.get(row.pk, "")) for row in seatings),
        vacant=_vacant(opened_at, closed_at),
        movements=tuple(Movement(row.seating_id, row.kind, row.at) for row in presences),
        waived=tuple(row.seating.person.full_name for row in _waivers(meeting)),
        items=_items(meeting, opened_at, closed_at, seatings),
        secretary=secretary,
    )


# --- people ------------------------------------------------------------------------------------------------


def members_of(meeting: Meeting, presences: Iterable[Presence]) -> list[Seating]:
    """Whoever was invited and sat while the meeting was held, and whoever was recorded in it; in the order of the seats.

    Nobody stands in the minutes only for sitting in a seat on the day of the meeting (C1).
    """
    first, last = _days_of(meeting)
    invited = meeting.invitations.values("seating__person")
    rows = Seating.objects.filter(
        Q(person__in=invited, period__overlap=period(first, last))
        | Q(pk__in=meeting.absences.values("seating"))
    )
    found = {row.pk: row for row in rows.select_related("person", "ngo", "seat__term")}
    found.update({row.seating_id: row.seating for row in presences})
    return sorted(found.values(), key=lambda row: (SEAT_ORDER[row.seat_code], row.period.lower, row.pk))


def _days_of(meeting: Meeting) -> tuple[date, date]:
    """The day on which the meeting opened and the one on which it closed."""
    first = local_date(meeting.opened_at or meeting.starts_at)
    return first, local_date(meeting.closed_at) if meeting.closed_at else first


def present_seatings(meeting: Meeting) -> list[Seating]:
    """Whoever was in the room at any time: these sign the minutes (C9)."""
    arrived = meeting.presences.filter(kind=PresenceKind.ARRIVED).values("seating")
    rows = Seating.objects.filter(pk__in=arrived).select_related("person", "ngo")
    return sorted(rows, key=lambda row: (SEAT_ORDER[row.seat_code], row.pk))


def _member(row: Seating, meeting: Meeting, reason: str) -> Member:
    return Member(
        seating=row.pk,
        seat_code=row.seat_code,
        name=row.person.full_name,
        post=row.person.post,
        behalf=behalf_of(row),
        is_chair=row.seat_code == meeting.term.chair_code,
        absence_reason=reason,
    )


def behalf_of(row: Seating) -> str:
    """For whom the member sits: a side, or the NGO that the seat belongs to."""
    if row.seat_code == SeatCode.NGO:
        return f"سمن‌ها ({row.ngo.name})" if row.ngo else "سمن‌ها"
    return "ستاد سمن‌ها" if row.seat_code.startswith("hq") else "معاونت"


def _vacant(opened_at: datetime, closed_at: datetime) -> tuple[str, ...]:
    """The seats in which nobody sat while the meeting was held."""
    held = {row.seat_code for moment in (opened_at, closed_at) for row in sitting(local_date(moment))}
    return tuple(str(SeatCode(code).label) for code in SeatCode.values if code not in held)


def _waivers(meeting: Meeting) -> list[NoticeWaiver]:
    rows = meeting.waivers.select_related("seating__person")
    return sorted(rows, key=lambda row: SEAT_ORDER[row.seating.seat_code])


# --- agenda, motions, resolutions --------------------------------------------------------------------------


def _items(
    meeting: Meeting, opened_at: datetime, closed_at: datetime, seatings: list[Seating]
) -> tuple[Item, ...]:
    agreed = Prefetch("consents", queryset=ItemConsent.objects.select_related("seating__person"))
    rows = list(meeting.items.select_related("motion").prefetch_related(agreed).order_by("position", "id"))
    motions = _motions(meeting, rows)
    placed = _placed(rows, motions)
    items = [
        Item(
            key=row.pk,
            kind=row.kind,
            title=row.title,
            note=row.note,
            discussion=row.discussion,
            votes=tuple(_vote(motion, seatings, rows) for motion in placed.get(row.pk, ())),
            follow_ups=_follow_ups(meeting, opened_at, closed_at) if row.kind == ItemKind.FOLLOW_UP else (),
        )
        for row in rows
    ]
    if placed.get(0):
        votes = tuple(_vote(motion, seatings, rows) for motion in placed[0])
        items.append(Item(key=0, kind=ItemKind.MOTION, title=OTHER_MOTIONS, votes=votes))
    return tuple(items)


def _motions(meeting: Meeting, rows: list[AgendaItem]) -> list[Motion]:
    """Motions of the agenda and others voted on in this meeting, such as amended texts."""
    works = Prefetch("resolution__actions", queryset=ActionItem.objects.select_related("owner"))
    named = [row.motion_id for row in rows if row.motion_id]
    return list(
        Motion.objects.filter(Q(meeting=meeting) | Q(pk__in=named))
        .select_related("resolution__number")
        .prefetch_related("recusals__seating__person", works)
        .order_by("opened_at", "id")
    )


def _placed(rows: list[AgendaItem], motions: list[Motion]) -> dict[int, list[Motion]]:
    """Each motion under its item; an amended text under the item of the text it came from; the rest under 0."""
    home = {row.motion_id: row.pk for row in rows if row.motion_id}
    origins = {motion.pk: motion.origin_id for motion in motions}
    placed: dict[int, list[Motion]] = {}
    for motion in motions:
        key: int | None = motion.pk
        while key is not None and key not in home:
            key = origins.get(key)
        placed.setdefault(home[key] if key is not None else 0, []).append(motion)
    return placed


def _in_the_room(codes: Iterable[str], moment: datetime | None, seatings: list[Seating]) -> tuple[int, ...]:
    """The seatings behind the seats counted at a moment: of each seat the one that was in force then (C1)."""
    if moment is None:
        return ()
    on, wanted = local_date(moment), set(codes)
    return tuple(row.pk for row in seatings if row.seat_code in wanted and covers(row.period, on))


def _vote(motion: Motion, seatings: list[Seating], rows: list[AgendaItem]) -> Vote:
    resolution = getattr(motion, "resolution", None)
    return Vote(
        number=motion.number,
        title=motion.title,
        text=motion.text,
        kind="" if motion.kind == MotionKind.OTHER else str(motion.get_kind_display()),
        state=motion.state,
        mode=motion.mode,
        opened_at=motion.opened_at,
        closed_at=motion.closed_at,
        opened_present=_in_the_room(motion.opened_presence, motion.opened_at, seatings),
        closed_present=_in_the_room(motion.closed_presence, motion.closed_at, seatings),
        votes_for=motion.votes_for or 0,
        votes_against=motion.votes_against or 0,
        votes_abstain=motion.votes_abstain or 0,
        base=motion.base if motion.base is not None else 5,
        recusals=tuple((row.seating.person.full_name, row.reason) for row in motion.recusals.all()),
        outcome_reason=motion.outcome_reason,
        last_hash=motion.last_hash,
        sealed_ballots=motion.ballot_count if secrecy.are_sealed(motion) else None,
        agreed=_agreed(motion, rows),
        decision=_decision(resolution) if resolution else None,
    )


def _agreed(motion: Motion, items: list[AgendaItem]) -> tuple[str, ...]:
    """Who agreed in the sitting to the vote on what the call had not announced (C4, C5)."""
    here = [row for row in items if row.motion_id == motion.pk and row.meeting_id == motion.meeting_id]
    rows = [consent for item in here for consent in item.consents.all()]
    found = sorted(rows, key=lambda row: SEAT_ORDER[row.seating.seat_code])
    return tuple(row.seating.person.full_name for row in found)


def _decision(resolution: Resolution) -> Decision:
    """A resolution of this meeting with the work that follows from it."""
    return Decision(
        number=resolution.number.text,
        title=resolution.title,
        works=tuple(
            Work(title=row.title, owner=row.owner.full_name, due_on=row.due_on)
            for row in resolution.actions.all()
            if row.state != ActionState.CANCELLED
        ),
    )


def _follow_ups(meeting: Meeting, opened_at: datetime, closed_at: datetime) -> tuple[Decision, ...]:
    """What had become of earlier resolutions when the meeting closed: the last ones, and all with open work (C4)."""
    previous = (
        Meeting.objects.filter(state__in=[MeetingState.CLOSED, MeetingState.MINUTED], opened_at__lt=opened_at)
        .exclude(pk=meeting.pk)
        .order_by("-opened_at")
        .values_list("opened_at", flat=True)
        .first()
    )
    rows = resolutions_to_follow(opened_at, until=closed_at, previous=previous)
    return tuple(
        Decision(
            number=row.number.text,
            title=row.title,
            works=tuple(_as_of(work, closed_at) for work in row.actions.all()),
        )
        for row in rows
    )


def resolutions_to_follow(
    opened_at: datetime, *, until: datetime, previous: datetime | None
) -> QuerySet[Resolution]:
    """Resolutions since the ``previous`` meeting opened, and older ones with work still open at ``opened_at`` (C4).

    With their number and the work given by ``until``. Two queries.
    """
    was_open = Q(state=ActionState.OPEN) | Q(state_since__gt=opened_at)
    open_work = ActionItem.objects.filter(was_open, resolution=OuterRef("pk"), created_at__lte=until)
    recent = Q(motion__closed_at__gte=previous) if previous else Q()
    works = ActionItem.objects.filter(created_at__lte=until).select_related("owner")
    return (
        Resolution.objects.filter(recent | Exists(open_work), motion__closed_at__lt=opened_at)
        .select_related("number")
        .prefetch_related(Prefetch("actions", queryset=works))
        .order_by("adopted_on", "id")
    )


def _as_of(row: ActionItem, at: datetime) -> Work:
    is_later = row.state != ActionState.OPEN and row.state_since > at
    state = ActionState.OPEN if is_later else ActionState(row.state)
    return Work(
        title=row.title,
        owner=row.owner.full_name,
        due_on=row.due_on,
        state=str(state.label),
        result="" if is_later else row.result,
    )
