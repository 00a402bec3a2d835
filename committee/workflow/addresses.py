"""The committee's own kind of address: whoever sits in a seat on the day it is asked (C1)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from committee import queries, rules
from committee.enums import SeatCode
from committee.models import Seating
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow.audience import Address, register_kind

SEAT, CHAIR = "seat", "chair"


def sitters(key: str, on: date) -> Iterable[int]:
    """Who sits in the seat that day, of whichever term."""
    rows = Seating.objects.filter(seat_code=key, period__contains=on, person__is_active=True)
    return rows.values_list("person_id", flat=True)


def seat_held(user: User, on: date) -> Iterable[str]:
    """The seat that a member holds that day; others are not asked for."""
    if not access.has_role(user, on, *rules.MEMBERS):
        return []
    seating = rules.seating_of(user, on)
    return [seating.seat_code] if seating is not None else []


def seats(codes: Iterable[str]) -> list[Address]:
    """The addresses of seats: an item or a notice there follows whoever sits."""
    return [Address(SEAT, str(code)) for code in codes]


def chairs(key: str, on: date) -> Iterable[int]:
    """Who chairs on that day, nobody while that seat is vacant."""
    found = queries.chair_of(on)
    return [found.person_id] if found is not None and found.person.is_active else []


def chair_held(user: User, on: date) -> Iterable[str]:
    """The chair's place, for who chairs that day; whoever cannot is not asked for."""
    if access.has_role(user, on, *rules.APPOINTED_MEMBERS) and rules.is_chair(user, on):
        return [CHAIR]
    return []


def chair(record: Any = None) -> list[Address]:
    """The address of whoever chairs the committee: it follows a change of the chair."""
    return [Address(CHAIR, CHAIR)]


register_kind(SEAT, people=sitters, keys=seat_held, label=lambda key: str(SeatCode(key).label))
register_kind(CHAIR, people=chairs, keys=chair_held, label=lambda key: "رئیس کمیته مشترک")
