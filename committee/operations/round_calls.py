"""Which of the NGO's seats calls for a round of nomination, and how a round begins (M7, C2)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from committee import rules
from committee import settings as committee_settings
from committee.enums import SeatCode, SeatingEnd, TermState
from committee.models import NominationRound, Seat, Term
from committee.operations import seats
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.rows import Step, Turn

NOTHING_TO_FILL = (
    "کرسی سمن‌ها پر است و پایان آن نزدیک نیست؛ دور معرفی هنگامی آغاز می‌شود که کرسی خالی یا رو به پایان باشد."
)
OPEN_ALREADY = "برای این کرسی دوری در جریان است؛ نخست آن را به پایان برسانید."


@dataclass(frozen=True)
class Call:
    """The NGO's seat of a term that calls for a round: why, and the round already under way if there is one."""

    seat: Seat
    why: str
    running: NominationRound | None = None


def calls(on: date) -> list[Call]:
    """The NGO's seats of open terms that are vacant, or whose seating or term ends within the set time.

    Three queries. Of two open terms only the later one ends «soon»; the earlier runs on until that one is seated.
    """
    until = on + timedelta(days=int(settings_store.value(committee_settings.NOMINATION_LEAD_DAYS, on)))
    open_seats = list(
        Seat.objects.filter(code=SeatCode.NGO, term__state=TermState.OPEN)
        .select_related("term")
        .prefetch_related("seatings", "rounds")
        .order_by("-term__starts_on")
    )
    found = []
    for place, seat in enumerate(open_seats):
        if any(later.term.starts_on <= on for later in open_seats[:place]):
            continue  # the next term has begun: its own seat calls
        why = _why_called(seat, on, until, is_latest=place == 0)
        if why:
            running = next((row for row in seat.rounds.all() if row.state in rules.RUNNING_ROUNDS), None)
            found.append(Call(seat, why, running))
    return found


def why_no_round(found: list[Call]) -> str:
    """The sentence that stands against a new round; "" when one of the found seats calls for one that is not running."""
    if any(call.running is None for call in found):
        return ""
    if found:
        return OPEN_ALREADY
    return NOTHING_TO_FILL if Term.objects.filter(state=TermState.OPEN).exists() else seats.NO_TERM


def _why_called(seat: Seat, on: date, until: date, *, is_latest: bool) -> str:
    lasting = [row for row in seat.seatings.all() if not row.period.isempty]
    ended = next((row.ended_by for row in lasting if row.ended_by), "")
    current = [row for row in lasting if row.period.upper is None or row.period.upper > on]
    return why_called(
        seat.term.number,
        seat.term.planned_end_on,
        ends=[last_day(row.period) for row in current],
        ended_by=ended,
        is_latest=is_latest,
        until=until,
    )


def why_called(
    number: int, planned_end: date, *, ends: list[date | None], ended_by: str, is_latest: bool, until: date
) -> str:
    """Why the NGO's seat of a term calls for a round, "" when it does not.

    ``ends`` are the last days of its seatings that are not over (None: open), ``ended_by`` what ended the last one,
    ``until`` the day before which an end counts as near.
    """
    term = to_persian_digits(number)
    if not ends:
        cause = f" ({SeatingEnd(ended_by).label})" if ended_by else ""
        return f"کرسی سمن‌ها در دوره {term} خالی است{cause}."
    end = max(day or date.max for day in ends)
    if end <= until:
        return f"عضویت سمن کنونی در {format_jalali(end, 'medium')} پایان می‌یابد."
    if is_latest and planned_end <= until:
        return f"پایان پیش‌بینی‌شده دوره {term}، {format_jalali(planned_end, 'medium')} است."
    return ""


def turns(term: Term) -> Iterator[Turn]:
    """From which day on the NGO's seat of an open term calls for a round, and why; read without a clock (C2).

    While a round runs it calls for none, nor when the next term has begun. Reads ``seats`` with their seatings and
    rounds, and ``gives_way_on``.
    """
    last = last_own_day(term)
    for turn in _turns(term):
        if last is None:
            yield turn
        elif turn.opens is None or turn.opens <= last:
            yield replace(turn, ends=min(turn.ends or last, last))


def last_own_day(term: Term) -> date | None:
    """The last day on which the term's own seats are filled: the day before the next open one begins (C1)."""
    next_on: date | None = term.gives_way_on  # type: ignore[attr-defined]
    return next_on - timedelta(days=1) if next_on is not None else None


def _turns(term: Term) -> Iterator[Turn]:
    seat = next((row for row in term.seats.all() if row.code == SeatCode.NGO), None)
    if seat is None or any(row.state in rules.RUNNING_ROUNDS for row in seat.rounds.all()):
        return
    lasting = [row for row in seat.seatings.all() if not row.period.isempty]
    ended = next((row.ended_by for row in lasting if row.ended_by), "")
    ends = [last_day(row.period) for row in lasting]
    over = max((day or date.max for day in ends), default=date.min)

    def why(called: list[date | None], until: date) -> str:
        latest = last_own_day(term) is None
        number, planned = term.number, term.planned_end_on
        return why_called(number, planned, ends=called, ended_by=ended, is_latest=latest, until=until)

    if over < date.max:
        vacant_from = over + timedelta(days=1) if ends else None
        yield Turn(key="vacant", detail=why([], date.min), opens=vacant_from)
    if not ends:
        return
    near = _lead_before(over) if over < date.max else date.max
    if near < date.max:
        yield Turn(key="ending", detail=why([over], over), opens=near, ends=over)
    planned = _lead_before(term.planned_end_on)
    if planned < near and (said := why([None], term.planned_end_on)):
        yield Turn(
            key="term", detail=said, opens=planned, ends=near - timedelta(days=1) if near < date.max else None
        )


def _lead_before(day: date) -> date:
    return day - timedelta(days=int(settings_store.value(committee_settings.NOMINATION_LEAD_DAYS, day)))


def lock_ngo_seats(seat: Seat | None = None) -> None:
    """Rounds are begun one after another, whichever term's seat they are for."""
    rows = Seat.objects.select_for_update(of=("self",), no_key=True).filter(code=SeatCode.NGO)
    list(rows.order_by("pk"))


def _call_of(seat: Seat, on: date) -> Call | None:
    return next((row for row in calls(on) if row.seat.pk == seat.pk), None)


def prepare_gaps(seat: Seat, step: Step) -> Iterator[str]:
    """Only for a seat that calls for one, and one at a time for each seat (C2)."""
    call = _call_of(seat, step.on)
    if call is None:
        yield NOTHING_TO_FILL
    elif call.running is not None:
        yield OPEN_ALREADY


def prepared(seat: Seat, step: Step) -> dict[str, Any]:
    """The columns of a new round."""
    highest = NominationRound.objects.aggregate(highest=Max("number"))["highest"] or 0
    return {"seat": seat, "number": highest + 1, "prepared_by": step.actor, "prepared_at": step.at}


def why_prepared(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """Why the seat called for the round, kept with its beginning."""
    call = _call_of(nomination.seat, step.on)
    return {"why": call.why if call is not None else ""}
