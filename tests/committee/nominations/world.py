"""A committee whose NGO seat is vacant, members that may stand for it, and rounds in every state."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from committee.enums import RoundState, SeatingEnd
from committee.models import NominationRound, Nominee, Seat
from committee.operations import seats
from committee.workflow.nominations import ROUND
from committee.workflow.nominees import NOMINEE
from ngos.models import Ngo, NgoAccount
from ngos.workflow import DOCUMENT
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories import ngos as made
from tests.factories.committee import Committee, committee_of_five
from tests.factories.people import NOW, TODAY, make_user

EARLIER = NOW - timedelta(days=1)
WHY = "در سه سال گذشته با محله‌های جنوب شهر کار کرده است."


@dataclass
class World:
    """``ngos`` are three eligible members, ``people`` their representatives in the same order."""

    five: Committee
    ngos: list[Ngo] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    nomination: NominationRound | None = None

    @property
    def nominees(self) -> list[Nominee]:
        assert self.nomination is not None
        return list(self.nomination.nominees.order_by("id"))


def with_vacant_seat(five: Committee | None = None) -> World:
    """Five seats of which the NGO's has been vacant since yesterday."""
    five = five or committee_of_five()
    vacate(five)
    return World(five)


def vacate(five: Committee, *, at: datetime = EARLIER) -> None:
    seats.end_seating(
        five.seatings["ngo"],
        last_day=TODAY - timedelta(days=1),
        cause=SeatingEnd.MEMBERSHIP_ENDED,
        note="پایان عضویت",
        actor=None,
        at=at,
    )


def eligible(five: Committee, *, report: bool = True, field_code: str = "culture", name: str = "") -> Ngo:
    """A member in force, active by its accepted report, in a social-cultural field."""
    changes = {"name": name} if name else {}
    ngo = made.member(
        five.hq_expert, five.hq_expert2, five.hq_manager, at=EARLIER, field=field_code, **changes
    )
    if report:
        accept_report(five, ngo)
    return ngo


def accept_report(five: Committee, ngo: Ngo, *, at: datetime = EARLIER, **changes: object) -> None:
    document = made.upload(ngo, "activity_report", five.hq_expert, at=at, **changes)  # type: ignore[arg-type]
    DOCUMENT.apply(document, "accept", actor=five.hq_expert2, at=at)


def representative(ngo: Ngo, **fields: object) -> User:
    """A person of the NGO, by letter, in force since long ago."""
    person = make_user(Role.NGO_USER, **fields)  # type: ignore[arg-type]
    NgoAccount.objects.create(
        ngo=ngo,
        user=person,
        period=period(TODAY - timedelta(days=400)),
        letter_reference="۱۲",
        created_at=EARLIER,
    )
    return person


def prepare_round(*, actor: User, at: datetime, seat: Seat) -> NominationRound:
    return ROUND.apply(seat, "prepare", actor=actor, at=at)


def add_nominee(
    nomination: NominationRound | None, *, actor: User, at: datetime, ngo: Ngo, why: str
) -> Nominee:
    return NOMINEE.apply(nomination, "add", actor=actor, at=at, ngo=ngo, why=why)


def record_consent(
    nominee: Nominee, *, actor: User, at: datetime, representative: User, reference: str = ""
) -> Nominee:
    return NOMINEE.apply(
        nominee, "consent", actor=actor, at=at, representative=representative, reference=reference
    )


def remove_nominee(nominee: Nominee, *, actor: User, at: datetime, note: str) -> None:
    NOMINEE.apply(nominee, "remove", actor=actor, at=at, note=note)


def withdraw_nominee(
    nominee: Nominee, *, actor: User, at: datetime, note: str, reference: str = ""
) -> NominationRound:
    """As the page takes it: a nominee of a round being prepared leaves the list."""
    nomination = NominationRound.objects.get(pk=nominee.round_id)
    name = "leave" if nomination.state == RoundState.PREPARING else "withdraw"
    NOMINEE.apply(nominee, name, actor=actor, at=at, note=note, reference=reference)
    nomination.refresh_from_db()
    return nomination


def put_forward(world: World, count: int = 3, *, consents: Iterable[int] | None = None) -> World:
    """A round being prepared with ``count`` nominees; those of ``consents`` (all) have consented."""
    five = world.five
    world.nomination = prepare_round(actor=five.hq_expert, at=NOW, seat=five.seats["ngo"])
    wanted = set(range(count)) if consents is None else set(consents)
    for place in range(count):
        ngo = eligible(five)
        person = representative(ngo, first_name="سارا")
        nominee = add_nominee(world.nomination, actor=five.hq_expert, at=NOW, ngo=ngo, why=WHY)
        if place in wanted:
            record_consent(nominee, actor=person, at=NOW, representative=person)
        world.ngos.append(ngo)
        world.people.append(person)
    return world


def seal(world: World, *, at: datetime = NOW) -> World:
    world.nomination = ROUND.apply(world.nomination, "seal", actor=world.five.hq_manager, at=at)
    return world


def cast(world: World, voter: User, place: int, *, at: datetime = NOW) -> NominationRound:
    world.nomination = ROUND.apply(
        world.nomination, "cast", actor=voter, at=at, nominee=world.nominees[place]
    )
    return world.nomination


def decide(world: World, place: int, *, note: str = "پراکندگی محله‌ها", at: datetime = NOW) -> NominationRound:
    world.nomination = ROUND.apply(
        world.nomination,
        "decide",
        actor=world.five.deputy_manager,
        at=at,
        note=note,
        nominee=world.nominees[place],
    )
    return world.nomination


def in_state(world: World, state: str) -> NominationRound:
    """Bring a fresh world to a state: ``void`` by HQ's head, ``decided`` by two equal ballots."""
    put_forward(world)
    if state == RoundState.VOID:
        world.nomination = ROUND.apply(
            world.nomination, "void", actor=world.five.hq_manager, at=NOW, note="اشتباه در فهرست"
        )
    elif state in (RoundState.OPEN, RoundState.DECIDED):
        seal(world)
    if state == RoundState.DECIDED:
        cast(world, world.five.deputy1, 0)
        cast(world, world.five.deputy2, 0)
    assert world.nomination is not None
    return world.nomination
