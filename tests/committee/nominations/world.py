"""A committee whose NGO seat is vacant, members that may stand for it, and rounds in every state."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from committee.enums import RoundState, SeatingEnd
from committee.models import NominationRound, Nominee
from committee.operations import nominations, nominees, seats
from committee.workflow.nominations import ROUND
from ngos.models import Ngo, NgoAccount
from ngos.workflow import DOCUMENT
from staff_portal.kernel.models import User
from staff_portal.kernel.periods import period
from staff_portal.kernel.roles import Role
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


def put_forward(world: World, count: int = 3, *, consents: Iterable[int] | None = None) -> World:
    """A round being prepared with ``count`` nominees; those of ``consents`` (all) have consented."""
    five = world.five
    world.nomination = nominations.prepare_round(actor=five.hq_expert, at=NOW, seat=five.seats["ngo"])
    wanted = set(range(count)) if consents is None else set(consents)
    for place in range(count):
        ngo = eligible(five)
        person = representative(ngo, first_name="سارا")
        nominee = nominees.add_nominee(world.nomination, actor=five.hq_expert, at=NOW, ngo=ngo, why=WHY)
        if place in wanted:
            nominees.record_consent(nominee, actor=person, at=NOW, representative=person)
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
