"""Who reads the committee's papers and who sits in it on a day: what every other rule rests on."""

from datetime import date

from django.db.models import Q

from committee.enums import MotionState, RoundState, SeatCode
from committee.models import Seating
from staff_portal.kernel.base import request_cache
from staff_portal.kernel.base.roles import VOTING_ROLES, Role, Side
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access

NOTHING = Q(pk__in=[])
NO_SEAT = "شما اکنون در کمیته کرسی ندارید."
SEAT_ORDER = {code: place for place, code in enumerate(SeatCode.values)}
HEADS = (Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
MEMBERS = VOTING_ROLES
APPOINTED_MEMBERS = (Role.HQ_MEMBER, Role.DEPUTY_MEMBER)
OFFICES = (Role.SECRETARY, *HEADS, Role.HQ_EXPERT, Role.DEPUTY_EXPERT, Role.AUDITOR)
COMMITTEE_READERS = (*MEMBERS, *OFFICES)
PROPOSERS = (*MEMBERS, Role.SECRETARY, *HEADS, Role.HQ_EXPERT, Role.DEPUTY_EXPERT)
RESOLUTION_READERS = tuple(role for role in Role if role != Role.ADMIN)
HEAD_SIDE: dict[str, str] = {Role.HQ_MANAGER: Side.HQ, Role.DEPUTY_MANAGER: Side.DEPUTY}
RUNNING_ROUNDS = (RoundState.PREPARING, RoundState.OPEN)
CLOSED_MOTIONS = (MotionState.CARRIED, MotionState.LOST, MotionState.LAPSED)


def is_member(user: User, on: date) -> bool:
    """Whether the person sits in the committee on that day: the role alone is no seat (C1, X9)."""
    return access.has_role(user, on, *MEMBERS) and seating_of(user, on) is not None


def reads_committee(user: User, on: date) -> bool:
    """Who sits, secretary, both heads and their experts, the auditor: who reads the committee's papers."""
    return access.has_role(user, on, *OFFICES) or is_member(user, on)


def reads_ballots(user: User, on: date) -> bool:
    """Who reads the named ballots of closed votes: who sits, and the auditor (C5)."""
    return access.has_role(user, on, Role.AUDITOR) or is_member(user, on)


def sitting(on: date) -> list[Seating]:
    """Who sits on that day, in the order of the seats; at most five (C1). A page asks once."""
    return list(request_cache.once(("sitting", on), lambda: _sitting(on)))


def _sitting(on: date) -> tuple[Seating, ...]:
    rows = Seating.objects.filter(period__contains=on).select_related("person", "ngo", "seat__term")
    return tuple(sorted(rows, key=lambda row: SEAT_ORDER[row.seat_code]))


def seating_of(user: User, on: date) -> Seating | None:
    """The seat the person holds on that day, None when there is none (C1: never two)."""
    return next((row for row in sitting(on) if row.person_id == user.pk), None)
