"""What a change of an NGO's membership means for the committee (C3): its vote on hold, its seat vacant, rounds void."""

from collections.abc import Iterator
from datetime import date, datetime

from committee.enums import RoundState, SeatCode, SeatingEnd
from committee.models import NominationRound, Seating
from committee.operations import nominations, seats, terms
from ngos import membership_listeners
from ngos.enums import MembershipState
from ngos.models import Ngo
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.cases import open_case
from staff_portal.kernel.people.access import SYSTEM, local_date
from staff_portal.kernel.workflow.holds import lift_holds_of, place_hold
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

HOLD = "committee.ngo_suspended"
VOTE_ON_HOLD = "عضویت سمن دارنده این کرسی تعلیق شده است؛ رأی آن تا رفع تعلیق متوقف است."
VACANT = "عضویت سمن دارنده کرسی پایان یافت؛ کرسی خالی است و دور تازه معرفی نامزد لازم است."


@membership_listeners.register
def membership_changed(ngo: Ngo, actor: User | None, at: datetime) -> None:
    """Suspended: the seat's vote is on hold at once. Member again: it is released. Ended: the vote is on hold at once,
    the seating ends with that day, one to come never begins, and HQ's experts are called to a new round when the seat
    is vacant. Open rounds in which the NGO stands are voided when it is no member any more."""
    rows = (
        Seating.objects.select_for_update(of=("self",), no_key=True)
        .select_related("seat__term", "person")
        .filter(terms.not_over(local_date(at)), seat_code=SeatCode.NGO, ngo=ngo)
        .order_by("period")
    )
    own = list(rows)
    for seating in own:
        _follow(seating, ngo, actor, at)
    if ngo.state == MembershipState.MEMBER:
        for over in Seating.objects.filter(seat_code=SeatCode.NGO, ngo=ngo).exclude(
            pk__in=[row.pk for row in own]
        ):
            lift_holds_of(over, source=HOLD, actor=actor, at=at)  # of a person replaced meanwhile
    if own and ngo.state == MembershipState.ENDED:
        _call_for_a_round(own[-1], ngo, actor, at)
    if ngo.state != MembershipState.MEMBER:
        nominations.membership_changed(ngo, state=ngo.state, at=at)


def _follow(seating: Seating, ngo: Ngo, actor: User | None, at: datetime) -> None:
    term = seating.seat.term
    if ngo.state == MembershipState.SUSPENDED:
        place_hold(seating, reason=VOTE_ON_HOLD, source=HOLD, actor=actor, at=at, root=term)
    elif ngo.state == MembershipState.MEMBER:
        lift_holds_of(seating, source=HOLD, actor=actor, at=at)
    elif ngo.state == MembershipState.ENDED:
        place_hold(seating, reason=VACANT, source=HOLD, actor=actor, at=at, root=term)
        if last_day(seating.period) != local_date(at):
            seats.end_seating(
                seating,
                last_day=local_date(at),
                cause=SeatingEnd.MEMBERSHIP_ENDED,
                note=VACANT,
                actor=actor,
                at=at,
            )


def _call_for_a_round(seating: Seating, ngo: Ngo, actor: User | None, at: datetime) -> None:
    """Unless another NGO has been chosen for the seat already."""
    if Seating.objects.filter(terms.not_over(seats.next_day(at)), seat_code=SeatCode.NGO).exists():
        return
    term = seating.seat.term
    table_for(seating).apply(
        seating, "vacate", actor=actor, at=at, note=ngo.name, within=Step(actor, at, SYSTEM)
    )
    open_case(
        term,
        title="دور تازه معرفی نامزد برای کرسی سمن‌ها",
        detail=VACANT,
        url="/committee/nominations/",
        role=Role.HQ_EXPERT,
        actor=None,
        at=at,
    )


@membership_listeners.foresees
def would_change(ngo: Ngo, state: str, on: date) -> Iterator[str]:
    """What would become of the committee's seat and of open rounds (C3), before the step is taken."""
    if Seating.objects.filter(terms.not_over(on), seat_code=SeatCode.NGO, ngo=ngo).exists():
        if state == MembershipState.SUSPENDED:
            yield "این سمن کرسی سمن‌ها را در کمیته مشترک دارد؛ رأی آن از همین لحظه تا رفع تعلیق متوقف است."
        elif state == MembershipState.ENDED:
            yield "این سمن کرسی سمن‌ها را در کمیته مشترک دارد؛ کرسی با پایان امروز خالی می‌شود و دور تازه معرفی نامزد لازم است."
        elif state == MembershipState.MEMBER:
            yield "رأی کرسی این سمن در کمیته مشترک از توقف درمی‌آید."
    if state == MembershipState.MEMBER:
        return
    if NominationRound.objects.filter(state=RoundState.OPEN, nominees__ngo=ngo).exists():
        yield "این سمن در دور باز معرفی نامزد است؛ آن دور باطل می‌شود."
