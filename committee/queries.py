"""Reads of the committee with several callers: who sits, who chairs, what stands on hold, what a search finds."""

import re
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from committee.enums import SEAT_SIDE, SeatCode, TermState
from committee.models import Absence, Meeting, Resolution, Seating, Term
from committee.rules import sitting
from staff_portal.kernel.base import request_cache
from staff_portal.kernel.models import Hold
from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import audit


def running_term(on: date) -> Term | None:
    """The term whose seats count: the newest open one that has begun; else the one that has not begun yet."""
    terms = list(Term.objects.filter(state=TermState.OPEN).order_by("starts_on"))
    begun = [term for term in terms if term.starts_on <= on]
    return begun[-1] if begun else (terms[0] if terms else None)


def seats_on_hold(seatings: list[Seating]) -> set[str]:
    """Codes of the seats whose vote is on hold: the NGO seated there is suspended (C3)."""
    if not seatings:
        return set()
    held = request_cache.once("seats on hold", _held_seatings)
    return {row.seat_code for row in seatings if row.pk in held}


def _held_seatings() -> frozenset[int]:
    rows = Hold.objects.filter(subject_type=audit.type_label(Seating), lifted_at__isnull=True)
    return frozenset(rows.values_list("subject_id", flat=True))


def voting_seats(on: date) -> list[Seating]:
    """The seatings that may vote on that day: sitting, and not on hold."""
    seatings = sitting(on)
    held = seats_on_hold(seatings)
    return [row for row in seatings if row.seat_code not in held]


def chair_of(on: date) -> Seating | None:
    """Who chairs on that day; None while that seat is vacant."""
    return next((row for row in sitting(on) if row.seat_code == row.seat.term.chair_code), None)


def member_ids(on: date) -> list[int]:
    """Ids of the people who sit on that day, for notices."""
    return [row.person_id for row in sitting(on)]


def seats_of_side(side: str) -> list[str]:
    """Codes of a side's seats."""
    return [code for code in SeatCode.values if SEAT_SIDE[code] == side]


def seatings_of_term(term: Term) -> QuerySet[Seating]:
    """Every seating of a term's seats, newest first."""
    return Seating.objects.filter(seat__term=term).select_related(
        "person", "ngo", "appointed_by", "letter__number"
    )


def with_absences(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings with their announced absences in the same statement, for ``absence_reasons``."""
    announced = Absence.objects.filter(meeting=OuterRef("pk"))
    return rows.annotate(
        _absences=ArraySubquery(announced.values(row=JSONObject(seat="seating_id", why="reason")))
    )


def absence_reasons(meeting: Meeting) -> dict[int, str]:
    """The reason of each announced absence by its seating; one query unless ``with_absences`` brought them."""
    if not hasattr(meeting, "_absences"):
        return dict(meeting.absences.values_list("seating_id", "reason"))
    return {row["seat"]: row["why"] for row in meeting._absences}


_WHOLE_NUMBER = re.compile(r"[0-9]{4}/\w/[0-9]+")


def matching_resolutions(rows: QuerySet[Resolution], query: str) -> QuerySet[Resolution]:
    """Resolutions that a typed query finds: a whole number finds just that one, else every word must occur."""
    number = to_ascii_digits(clean_text(query)).replace(" ", "")
    if _WHOLE_NUMBER.fullmatch(number):
        return rows.filter(number__text=number)
    for word in search_fold(query).split():
        rows = rows.filter(search_text__contains=word)
    return rows
