"""The whole demo, told in the order of time through the operations (deterministic for a date)."""

from datetime import date, datetime
from random import Random

from ngos.models import Ngo, NgoAccount
from ngos.operations.accounts import link_account
from ngos.workflow import DECISION
from staff_portal.demo import committee, decisions, grading, meetings, motions, stories
from staff_portal.demo.people import create_people, give_addresses
from staff_portal.demo.schedule import Clock, tell
from staff_portal.demo.stories import Plan, World
from staff_portal.kernel.delivery.notifications import mark_all_read
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.models import ActivityField, District, OutboxMessage, User
from staff_portal.kernel.workflow import sweeps

SIZES = {"small": 120, "full": 740}
# share of NGOs by where their story ends
MIX = (
    ("approve", 40),
    ("existing", 24),
    ("claimed", 8),
    ("draft", 10),
    ("submitted", 12),
    ("take_up", 8),
    ("send_back", 6),
    ("reject", 4),
    ("suspend", 4),
    ("end", 3),
)
GRADED_SHARE = 0.6
READ_BEFORE_DAYS = 4


def seed_demo(*, size: int, on: date) -> dict[str, int]:
    """Fill an empty installation with about ``size`` NGOs; returns what was made."""
    clock = Clock(on)
    people = create_people(at=clock.at(500, 8))
    world = World(
        people=people,
        clock=clock,
        random=Random(f"demo-{size}-{on.isoformat()}"),
        fields={field.code: field for field in ActivityField.objects.all()},
        districts=list(District.objects.prefetch_related("neighbourhoods")),
        members=[],
    )
    grading.publish_default(world, 430)
    tell((stories.application(world, plan) for plan in plans(size)), at_night=_at_night)
    members = sorted(world.members, key=lambda ngo: ngo.pk)
    tell(
        (grading.assessment(world, plan) for plan in grading_plans(world, members)),
        at_night=_at_night,
    )
    chosen = committee.candidates(world)
    papers = meetings.Papers()
    tell(
        (
            committee.seats_and_rounds(world, chosen),
            decisions.proposals(world, members),
            meetings.policy_story(world, papers),
            motions.circulation_story(world),
            motions.waiting_story(world),
            *(meetings.meeting_story(world, plan, papers) for plan in meetings.SITTINGS),
        ),
        at_night=_at_night,
    )
    sweeps.run(clock.at(0, 6), DECISION)
    _read_old_notices(world)
    _link_representative(world)
    give_addresses(people, at=clock.at(0, 8))
    return {"users": User.objects.count(), "ngos": Ngo.objects.count(), "members": len(members)}


def plans(size: int) -> list[Plan]:
    """The mix of stories for a size, spread over a year."""
    total = sum(share for _, share in MIX)
    ends: list[str] = []
    for until, share in MIX:
        ends += [until] * max(1, round(size * share / total))
    recent = {"submitted": 9, "take_up": 8, "send_back": 12, "draft": 5, "claimed": 20, "suspend": 75}
    result = []
    for number, until in enumerate(ends):
        days = recent[until] + number % 3 if until in recent else 100 + (number * 37) % 290
        result.append(Plan(number=number, until="submit" if until == "submitted" else until, days_ago=days))
    return result


def grading_plans(world: World, members: list[Ngo]) -> list[grading.GradingPlan]:
    """Confirmed grades of all levels for most members, and a few assessments in every open state."""
    open_ends = [
        "planned",
        "started",
        "scoring",
        "moderation",
        "awaiting",
        "scoring",
        "moderation",
        "awaiting",
    ]
    graded = members[: int(len(members) * GRADED_SHARE)]
    result = []
    for place, ngo in enumerate(graded):
        quality = (3.7, 3.2, 2.9, 2.4, 1.6, 3.4)[place % 6]
        result.append(
            grading.GradingPlan(
                number=place,
                ngo=ngo,
                until="confirmed",
                days_ago=90 - place % 60,
                quality=quality,
                weak_finance=place % 11 == 3,
                failed_gate=place % 13 == 5,
            )
        )
    for until, ngo in zip(open_ends, members[len(graded) :], strict=False):
        result.append(grading.GradingPlan(len(result), ngo, until, days_ago=8, quality=2.8))
    return result


def _at_night(at: datetime) -> None:
    """What happens at the end of each demo day: notices go out, in one pass over what waits."""
    waiting = OutboxMessage.objects.filter(relayed_at__isnull=True).count()
    if waiting:
        relay_outbox(at=at, limit=waiting)


def _read_old_notices(world: World) -> None:
    """The notices of older weeks have been read."""
    for user in world.people.values():
        mark_all_read(user, at=world.clock.at(READ_BEFORE_DAYS))


def _link_representative(world: World) -> None:
    """The demo's NGO user acts for the first graded member."""
    ngo = Ngo.objects.filter(level_rank__isnull=False).order_by("id").first()
    if ngo is not None and not NgoAccount.objects.filter(user=world.people["ngo.user"]).exists():
        link_account(
            ngo,
            actor=world.people["hq.expert"],
            at=world.clock.at(3, 10),
            user=world.people["ngo.user"],
            letter_reference="۱۴۰۵/۱۸",
            starts_on=world.clock.on,
        )
