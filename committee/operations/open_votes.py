"""For whom an open vote waits, read from the motion alone and without a clock (C3, C5).

A ballot waits for each seat that has neither voted nor stood aside, whoever sits there; the closing for the secretary
once nobody is awaited any more, or when a circulation's last day has passed.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from committee import settings
from committee.enums import MeetingState, MotionState, PresenceKind, SeatCode, VotingMode
from committee.models import AgendaItem, Ballot, Motion, Presence, Seating
from committee.operations import voting
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import Hold
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.trail import audit

ONE_DAY = timedelta(days=1)


def gathered(rows: QuerySet[Motion]) -> QuerySet[Motion]:
    """The motions with what their waits ask of them."""
    ballots = Ballot.objects.select_related("seating")
    return rows.prefetch_related(Prefetch("ballots", queryset=ballots), "recusals", "agenda_items__meeting")


def running(record: Any) -> Iterable[Motion]:
    """The open votes that depend on who sits, who is in the room and whose vote is on hold.

    Those in the room are locked after their meeting, so that a last ballot and a departure do not miss each other.
    Who changes a seat holds the seating, which a ballot locks after the motion: there the nightly rebuild mends.
    """
    rows = Motion.objects.filter(state=MotionState.OPEN)
    if not isinstance(record, Presence):
        return rows
    here = AgendaItem.objects.filter(meeting=record.meeting_id, changed_at__isnull=False).values("motion")
    rows = Motion.objects.filter(
        Q(state=MotionState.OPEN, meeting=record.meeting_id) | Q(state=MotionState.TABLED, pk__in=here)
    )
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


def on_an_agenda(record: Any) -> Iterable[Motion]:
    """The tabled motions whose meeting, or whose place on an agenda, has changed."""
    rows = Motion.objects.filter(state=MotionState.TABLED)
    if isinstance(record, AgendaItem):
        return rows.filter(pk=record.motion_id or 0)
    return rows.filter(agenda_items__meeting=record.pk)


def is_on_no_agenda(motion: Motion) -> bool:
    """Whether a tabled motion stands on the agenda of no meeting that is still to come or in session (X7)."""
    ahead = (MeetingState.PLANNED, MeetingState.AWAITING_CHAIR, MeetingState.CALLED, MeetingState.IN_SESSION)
    if motion.state != MotionState.TABLED:
        return False
    return all(row.meeting.state not in ahead for row in motion.agenda_items.all())


def agenda_due(motion: Motion) -> date | None:
    """Until when a tabled motion comes on an agenda, or is circulated, in working days since it was tabled."""
    since = local_date(motion.state_since)
    return clocks.working_deadline(since, int(settings_store.value(settings.TABLED_DAYS, since)))


def is_circulated(motion: Motion) -> bool:
    """Whether the vote goes round, so that its clock ends it."""
    return motion.mode == VotingMode.CIRCULATION


def silent_seats(motion: Motion) -> list[str]:
    """The seats that have neither voted nor stood aside."""
    settled = {row.seat_code for row in motion.ballots.all()} | {
        row.seat_code for row in motion.recusals.all()
    }
    return [code for code in SeatCode.values if code not in settled]


def closing_facts(motion: Motion) -> list[dict[str, Any]]:
    """What the closing rests on: who has not voted yet; not what anybody chose (C7). Two queries."""
    silent = [str(SeatCode(code).label) for code in silent_seats(motion)]
    return [
        {"label": "پیشنهاد", "value": str(motion)},
        {"label": "رأی داده‌اند", "value": f"{to_persian_digits(motion.ballots.count())} کرسی"},
        {"label": "کرسی‌های بی‌رأی", "value": "، ".join(silent) or "هیچ‌یک؛ همه رأی داده یا کناره گرفته‌اند"},
    ]


def who_voted_and_left(motion: Motion) -> list[int]:
    """Who has voted and leaves the seat; in whatever other seat they sit then, they have no second ballot (C5)."""
    return [row.voter_id for row in motion.ballots.all() if row.seating.period.upper is not None]


def ballot_due(motion: Motion) -> date | None:
    """Until when a ballot is taken; in a meeting it is wanted at once."""
    return voting.deadline(motion) or (local_date(motion.opened_at) if motion.opened_at else None)


def ballot_detail(motion: Motion) -> str:
    """In which way the vote is taken."""
    return "رأی‌گیری مکاتبه‌ای" if is_circulated(motion) else "رأی‌گیری در جلسه باز است"


def after_deadline(motion: Motion) -> date | None:
    """The first day on which a circulation is over."""
    last = voting.deadline(motion)
    return last + ONE_DAY if last else None


def all_in_detail(motion: Motion) -> str:
    """Who has voted, before the closing."""
    return "همه رأی داده‌اند" if is_circulated(motion) else "همه حاضران رأی داده‌اند"


def is_all_in(motion: Motion) -> bool:
    """Whether there comes a moment, before the clock ends it, at which nobody is awaited any more."""
    if not motion.ballots.all() and not motion.recusals.all():
        return False
    if not is_circulated(motion):
        return not _awaits_the_room(motion)
    last, first = voting.deadline(motion), all_in_from(motion)
    return first is None or (last is not None and first <= last)


def all_in_from(motion: Motion) -> date | None:
    """The day from which nobody sits in the seats that are silent; None where that needs no waiting."""
    last = voting.deadline(motion)
    if last is None or motion.opened_at is None:
        return None
    window = period(local_date(motion.opened_at), last)
    ends = _awaited(motion, Seating.objects.filter(period__overlap=window)).values_list(
        "period__endswith", flat=True
    )
    return max((end or last + ONE_DAY for end in ends), default=None)


def _awaits_the_room(motion: Motion) -> bool:
    """Whether the vote of somebody whose last movement was an arrival may still come."""
    moves = Presence.objects.filter(meeting=motion.meeting_id).order_by("seating_id", "-at", "-id")
    last = Presence.objects.filter(
        pk__in=moves.distinct("seating_id").values("pk"), kind=PresenceKind.ARRIVED
    )
    return _awaited(motion, Seating.objects.filter(pk__in=last.values("seating_id"))).exists()


def _awaited(motion: Motion, rows: QuerySet[Seating]) -> QuerySet[Seating]:
    """Those of the seatings whose vote may still come: silent, not on hold, of nobody who has voted (C3)."""
    held = Hold.objects.filter(subject_type=audit.type_label(Seating), lifted_at__isnull=True)
    voters = [row.voter_id for row in motion.ballots.all()]
    wanted = rows.filter(seat_code__in=silent_seats(motion)).exclude(person__in=voters)
    return wanted.exclude(pk__in=held.values("subject_id"))
