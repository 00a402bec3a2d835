"""Adverse decisions of the demo: proposed, heard, issued, delivered and objected to (X5)."""

from datetime import datetime
from typing import Any

from ngos.models import MembershipDecision, Ngo
from ngos.workflow import DECISION, MEMBERSHIP
from staff_portal.demo.schedule import Story
from staff_portal.demo.stories import LATE_REPORT, PAPER, World
from staff_portal.kernel.models import User

ANSWER = "حسابرس تغییر کرده است؛ گزارش تا پایان ماه فرستاده می‌شود."


def proposals(world: World, members: list[Ngo]) -> Story:
    """Three suspensions that were proposed: one waits for the NGO, one for the manager, one was set aside."""
    expert = world.people["hq.expert"]
    if len(members) < 3:
        return
    waiting, heard, dropped = members[-3:]
    for days, ngo in ((30, dropped), (20, heard), (6, waiting)):
        at = world.clock.at(days, 11)
        yield at
        MEMBERSHIP.apply(ngo, "propose_suspension", actor=expert, at=at, note=LATE_REPORT)
        if ngo is dropped:
            at = world.clock.at(25, 9)
            yield at
            take(ngo, "drop", world.manager, at, note="گزارش رسید؛ پیشنهاد بی‌موضوع است.")
        elif ngo is heard:
            at = world.clock.at(12, 14)
            yield at
            take(ngo, "answer", world.people["hq.expert2"], at, note=ANSWER, paper=PAPER)


def take(ngo: Ngo, step: str, actor: User, at: datetime, **asked: Any) -> None:
    """A step on the newest decision of a file."""
    DECISION.apply(MembershipDecision.objects.filter(ngo=ngo).latest("id"), step, actor=actor, at=at, **asked)
