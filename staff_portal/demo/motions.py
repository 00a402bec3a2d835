"""Motions of the demo that stand on no agenda: votes by circulation, a draft, one tabled, one withdrawn."""

from dataclasses import dataclass
from datetime import timedelta

from committee.enums import Choice, MotionKind
from committee.models import Motion
from committee.operations import motions
from committee.workflow.motions import MOTION
from staff_portal.demo.schedule import Story
from staff_portal.demo.stories import World

ALL_FOUR = ("hq.member1", "deputy.member1", "hq.member2", "deputy.member2")
#: Days after its opening on which the system closes a circulation, well past the deadline.
CLOSED_AFTER = 15


@dataclass(frozen=True)
class Circulation:
    """A vote by circulation: when it opens, its words, who votes in favour."""

    day: int
    title: str
    text: str
    voters: tuple[str, ...]
    #: who asks for a meeting instead, and why
    asked_by: str = ""
    why: str = ""


CIRCULATIONS = (
    Circulation(
        75,
        "انتشار فهرست سمن‌های عضو در خانه‌های محله",
        "فهرست سمن‌های عضو هر محله در خانه آن محله نصب می‌شود.",
        ("hq.member1", "hq.member2"),
    ),
    Circulation(
        30,
        "تمدید مهلت گزارش سالانه سمن‌ها تا پایان آذر",
        "مهلت گزارش سالانه سمن‌ها برای امسال تا پایان آذر تمدید می‌شود.",
        ALL_FOUR,
    ),
    Circulation(
        13,
        "نشانی پایگاه مشترک سمن‌های شهر",
        "نشانی پایگاه مشترک سمن‌های شهر در همه خانه‌های محله نصب می‌شود.",
        ("hq.member1", "deputy.member1", "deputy.member2"),
        asked_by="hq.member2",
        why="هزینه و نگهداری پایگاه باید در جلسه گفت‌وگو شود.",
    ),
    Circulation(
        2,
        "هم‌زمانی هفته داوطلب با برنامه‌های مناطق",
        "برنامه‌های هفته داوطلب در همه مناطق هم‌زمان و با هماهنگی دبیرخانه‌ها برگزار می‌شود.",
        ("hq.member1", "deputy.member2"),
    ),
)


def circulation_story(world: World) -> Story:
    """One that lapsed, for nobody of the deputy's voted; one carried; one asked into a meeting; one that is open."""
    clock, people = world.clock, world.people
    for plan in CIRCULATIONS:
        yield clock.at(plan.day, 9)
        motion = motions.propose_motion(
            actor=people["deputy.member1"],
            at=clock.at(plan.day, 9),
            kind=MotionKind.POLICY,
            title=plan.title,
            text=plan.text,
        )
        MOTION.apply(motion, "table", actor=people["secretary"], at=clock.at(plan.day, 10))
        MOTION.apply(motion, "circulate", actor=people["secretary"], at=clock.at(plan.day, 11), days=None)
        for place, username in enumerate(plan.voters):
            moment = clock.at(plan.day - 1, 9 + place)
            yield moment
            MOTION.apply(motion, "cast", actor=people[username], at=moment, choice=Choice.FOR, reason="")
        if plan.asked_by:
            moment = clock.at(plan.day - 2, 9)
            yield moment
            MOTION.apply(motion, "ask_meeting", actor=people[plan.asked_by], at=moment, note=plan.why)
        elif plan.day > CLOSED_AFTER:
            moment = clock.at(plan.day - CLOSED_AFTER, 9)
            yield moment
            MOTION.apply(motion, "close_vote", actor=None, at=moment)


def waiting_story(world: World) -> Story:
    """What members wrote: one withdrawn long ago, a draft, and one that is tabled."""
    clock, people = world.clock, world.people
    yield clock.at(55, 11)
    early = _proposed(world, "دفترچه معرفی سمن‌های عضو", 55, table=True, by="deputy.member1")
    yield clock.at(53, 9)
    MOTION.apply(
        early,
        "withdraw",
        actor=people["deputy.member1"],
        at=clock.at(53, 9),
        note="نخست نظر دبیرخانه‌های منطقه‌ای پرسیده می‌شود.",
    )
    yield clock.at(1, 15)
    _proposed(world, "نشان سمن برگزیده سال", 1, table=False, by="hq.member2")
    _proposed(world, "تقویم مشترک رویدادها", 1, table=True, by="hq.member2")


def _proposed(world: World, title: str, day: int, *, table: bool, by: str) -> Motion:
    at = world.clock.at(day, 15 if day == 1 else 11)
    motion = motions.propose_motion(
        actor=world.people[by],
        at=at,
        kind=MotionKind.OTHER,
        title=title,
        text=f"{title} با همکاری ستاد سمن‌ها و معاونت فراهم می‌شود و جزئیات آن را دبیر پیشنهاد می‌کند.",
    )
    if table:
        MOTION.apply(motion, "table", actor=world.people["secretary"], at=at + timedelta(hours=1))
    return motion
