"""A committee of the tests: memorandum, term, five seats with people in them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from committee.enums import RoundState, SeatCode
from committee.models import Memorandum, NominationBallot, NominationRound, Nominee, Seat, Seating, Term
from committee.operations import seats as seating_operations
from committee.operations import terms
from committee.workflow.terms import TERM
from ngos.models import Ngo, NgoAccount
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.workflow import work
from tests.factories import ngos as made
from tests.factories.people import NOW, TODAY, make_user


@dataclass
class Committee:
    """Who sits, who serves and who heads; ``seats`` and ``seatings`` by seat code."""

    hq_manager: User
    deputy_manager: User
    hq_expert: User
    hq_expert2: User
    deputy_expert: User
    secretary: User
    auditor: User
    ngo_user: User
    hq1: User
    hq2: User
    deputy1: User
    deputy2: User
    ngo_member: User
    ngo: Ngo
    memorandum: Memorandum
    term: Term
    seats: dict[str, Seat] = field(default_factory=dict)
    seatings: dict[str, Seating] = field(default_factory=dict)

    @property
    def members(self) -> list[User]:
        return [self.hq1, self.hq2, self.deputy1, self.deputy2, self.ngo_member]


def memorandum(actor: User, *, at: datetime = NOW) -> Memorandum:
    """A signed memorandum of four years."""
    signed = local_date(at) - timedelta(days=200)
    return terms.record_memorandum(
        actor=actor,
        at=at,
        number="۱۴۰۵/آزمون/۱",
        title="تفاهم‌نامه مشترک",
        signed_on=signed,
        last_day=signed + timedelta(days=1460),
        hq_signatory="رئیس ستاد سمن‌ها",
        deputy_signatory="معاون امور اجتماعی و فرهنگی",
    )


def open_term(
    hq_manager: User, deputy_manager: User, *, at: datetime = NOW, starts_on: date | None = None
) -> Term:
    """A term both heads opened, with five empty seats; it begins that day unless another is given."""
    starts_on = starts_on or local_date(at)
    proposed = terms.propose_term(
        actor=hq_manager,
        at=at,
        memorandum=Memorandum.objects.first() or memorandum(hq_manager, at=at),
        starts_on=starts_on,
        planned_end_on=starts_on + timedelta(days=730),
        chair_code=SeatCode.HQ1,
    )
    return TERM.apply(proposed, "agree", actor=deputy_manager, at=at)


def agree_chair(term: Term, *, actor: User, at: datetime = NOW, shown: str | None = None) -> Term:
    """The other head agrees to the proposed chair as the page showed it: as it stands now unless ``shown`` is given."""
    term.refresh_from_db()
    proposal = terms.proposed_chair(term, local_date(at)) if shown is None else shown
    return TERM.apply(term, "agree_chair", actor=actor, at=at, proposal=proposal)


def committee_of_five(*, at: datetime | None = None, since: int = 60, **given: User) -> Committee:
    """Five people in five seats since ``since`` days before ``at`` (default: :data:`NOW`), HQ's first one chairing.

    ``given`` are people who are there already, by the names of :class:`Committee`.
    """
    at = at or NOW
    earlier = at - timedelta(days=since)
    before = earlier - timedelta(days=1)  # a seat is taken from the day after its appointment (C1)

    def who(name: str, role: Role, **fields: Any) -> User:
        return given.get(name) or make_user(role, **fields)

    hq_manager = who("hq_manager", Role.HQ_MANAGER)
    deputy_manager = who("deputy_manager", Role.DEPUTY_MANAGER)
    hq_expert = who("hq_expert", Role.HQ_EXPERT)
    term = open_term(hq_manager, deputy_manager, at=before, starts_on=local_date(earlier))
    seats = {seat.code: seat for seat in term.seats.all()}
    people = {
        SeatCode.HQ1: who("hq1", Role.HQ_MEMBER, first_name="فریبا"),
        SeatCode.HQ2: who("hq2", Role.HQ_MEMBER, first_name="علیرضا"),
        SeatCode.DEPUTY1: who("deputy1", Role.DEPUTY_MEMBER, first_name="رامین"),
        SeatCode.DEPUTY2: who("deputy2", Role.DEPUTY_MEMBER, first_name="پروانه"),
    }
    for code, person in people.items():
        head = hq_manager if code.startswith("hq") else deputy_manager
        seating_operations.appoint(
            seats[code], actor=head, at=before, person=person, starts_on=local_date(earlier), reference="۱/۱"
        )
    ngo_member = who("ngo_member", Role.NGO_MEMBER, first_name="لیلا")
    ngo_user = who("ngo_user", Role.NGO_USER)
    ngo = made.draft(hq_expert, at=earlier)
    for user in (ngo_user, ngo_member):
        NgoAccount.objects.create(
            ngo=ngo,
            user=user,
            period=period(TODAY - timedelta(days=900)),
            letter_reference="۱",
            created_at=at,
        )
    work.settle([ngo], actor=hq_expert, at=earlier)  # the accounts came beside the operations
    seat_the_ngo(seats[SeatCode.NGO], ngo, ngo_member, head=hq_manager, at=earlier)
    return Committee(
        hq_manager=hq_manager,
        deputy_manager=deputy_manager,
        hq_expert=hq_expert,
        hq_expert2=who("hq_expert2", Role.HQ_EXPERT),
        deputy_expert=who("deputy_expert", Role.DEPUTY_EXPERT),
        secretary=who("secretary", Role.SECRETARY),
        auditor=who("auditor", Role.AUDITOR),
        ngo_user=ngo_user,
        hq1=people[SeatCode.HQ1],
        hq2=people[SeatCode.HQ2],
        deputy1=people[SeatCode.DEPUTY1],
        deputy2=people[SeatCode.DEPUTY2],
        ngo_member=ngo_member,
        ngo=ngo,
        memorandum=term.memorandum,
        term=term,
        seats=seats,
        seatings={row.seat_code: row for row in Seating.objects.filter(seat__term=term)},
    )


def seat_the_ngo(seat: Seat, ngo: Ngo, person: User, *, head: User, at: datetime = NOW) -> Seating:
    """The NGO's seat filled by a decided round, row by row in the order the database allows (C2, C3)."""
    expert = ngo.registered_by
    nomination = NominationRound.objects.create(
        seat=seat,
        number=NominationRound.objects.count() + 1,
        state_since=at,
        prepared_by=expert,
        prepared_at=at,
    )
    others = [made.draft(expert, at=at), made.draft(expert, at=at)]
    nominees = [
        Nominee.objects.create(
            round=nomination,
            ngo=row,
            why="فعال در محله‌ها",
            representative=person,
            consented_on=local_date(at),
            added_by=expert,
            added_at=at,
        )
        for row in (ngo, *others)
    ]
    nomination.state, nomination.sealed_on, nomination.sealed_by = RoundState.OPEN, local_date(at), head
    nomination.save()
    for code in (SeatCode.DEPUTY1, SeatCode.DEPUTY2):
        sitting = Seating.objects.get(seat_code=code, period__contains=local_date(at))
        NominationBallot.objects.create(
            round=nomination,
            nominee=nominees[0],
            seating=sitting,
            seat_code=code,
            voter=sitting.person,
            cast_at=at,
        )
    nomination.state, nomination.chosen, nomination.decided_on = (
        RoundState.DECIDED,
        nominees[0],
        local_date(at),
    )
    nomination.save()
    seating = Seating.objects.create(
        seat=seat,
        seat_code=seat.code,
        person=person,
        period=period(local_date(at) + timedelta(days=1)),
        letter_reference="۱",
        ngo=ngo,
        round=nomination,
        appointed_at=at,
    )
    work.settle([seating], actor=head, at=at)  # the seating came beside the rows
    return seating
