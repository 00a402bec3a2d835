"""Facts of an invented meeting, for the pure tests of the minutes and for their paper."""

from datetime import date, datetime
from typing import Any

from committee.enums import ItemKind, MotionState, PresenceKind, VotingMode
from committee.minutes_text import Decision, Item, MeetingFacts, Member, Movement, Vote, Work
from staff_portal.kernel.persian.jalali import TEHRAN

DAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of that day in Tehran."""
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=TEHRAN)


ALL = ("hq1", "hq2", "deputy1", "deputy2", "ngo")
#: the seating of each seat on that day
SEATING = {code: 100 + place for place, code in enumerate(ALL)}


def member(seat_code: str, name: str, behalf: str, **more: Any) -> Member:
    return Member(seating=SEATING[seat_code], seat_code=seat_code, name=name, behalf=behalf, **more)


MEMBERS = (
    member(seat_code="hq1", name="فریبا ملکی", post="مدیر آموزش", behalf="ستاد سمن‌ها", is_chair=True),
    member(seat_code="hq2", name="علیرضا صادقی", behalf="ستاد سمن‌ها"),
    member(seat_code="deputy1", name="رامین عابدی", post="مدیرکل سلامت", behalf="معاونت"),
    member(seat_code="deputy2", name="پروانه نعمتی", behalf="معاونت", absence_reason="مأموریت"),
    member(seat_code="ngo", name="لیلا باقری", behalf="سمن‌ها (خانه مهر محله)"),
)


def arrived(code: str, hour: int = 10, minute: int = 0) -> Movement:
    return Movement(SEATING[code], PresenceKind.ARRIVED, at(hour, minute))


def left(code: str, hour: int, minute: int = 0) -> Movement:
    return Movement(SEATING[code], PresenceKind.LEFT, at(hour, minute))


def vote(**changes: Any) -> Vote:
    values: dict[str, Any] = {
        "number": 12,
        "title": "سیاست واگذاری فضاهای محله‌ای",
        "text": "فضاهای محله‌ای با معرفی ستاد سمن‌ها در اختیار سمن‌های عضو گذاشته می‌شود.",
        "kind": "سیاست",
        "state": MotionState.CARRIED,
        "mode": VotingMode.MEETING,
        "opened_at": at(10, 30),
        "closed_at": at(10, 40),
        "opened_present": ("hq1", "hq2", "deputy1", "ngo"),
        "closed_present": ("hq1", "hq2", "deputy1", "ngo"),
        "votes_for": 3,
        "votes_against": 1,
        "votes_abstain": 0,
        "last_hash": "3f" * 32,
        "decision": Decision(
            number="1405/م/7",
            title="سیاست واگذاری فضاهای محله‌ای",
            works=(Work(title="تهیه فهرست فضاها", owner="مهدی رستمی", due_on=date(2026, 12, 21)),),
        ),
    }
    values |= changes
    for name in ("opened_present", "closed_present"):
        values[name] = tuple(SEATING[code] for code in values[name])
    return Vote(**values)


def facts(**changes: Any) -> MeetingFacts:
    values: dict[str, Any] = {
        "number": 3,
        "term": 1,
        "title": "",
        "opened_at": at(10),
        "closed_at": at(12),
        "place": "سالن جلسه طبقه 2",
        "members": MEMBERS,
        "movements": (arrived("hq1"), arrived("hq2"), arrived("deputy1"), arrived("ngo", 10, 20)),
        "items": (
            Item(key=1, kind=ItemKind.FOLLOW_UP, title="پیگیری مصوبه‌های پیشین"),
            Item(
                key=2,
                kind=ItemKind.MOTION,
                title="واگذاری فضاهای محله‌ای",
                discussion="اعضا درباره سهم منطقه‌ها گفت‌وگو کردند.",
                votes=(vote(),),
            ),
        ),
        "secretary": "نرگس توکلی",
    }
    return MeetingFacts(**(values | changes))
