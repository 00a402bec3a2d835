"""The memorandum, terms of the committee and who chairs (C1)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from committee import rules
from committee.default_clauses import DEFAULT_CLAUSES, ClauseData
from committee.enums import APPOINTED_SEATS, SeatCode, TermState
from committee.models import Memorandum, MemorandumClause, Seat, Seating, Term
from staff_portal.kernel.base.periods import last_day, period
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date, persons_acting
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

CHAIR_CHANGED = "پیشنهاد رئیس در این میان تغییر کرده است؛ پیشنهاد کنونی را بخوانید و دوباره تصمیم بگیرید."
NO_CHAIR_PROPOSED = "تغییری برای رئیس کمیته پیشنهاد نشده است."
NOT_ONESELF = "کسی خود را رئیس کمیته نمی‌کند، به نیابت نیز."
ONE_OF_FOUR = "رئیس یکی از چهار نماینده ستاد سمن‌ها و معاونت است."
CHAIRS_NOW = "این کرسی هم‌اکنون ریاست کمیته را دارد؛ کرسی دیگری را برگزینید."
RUNS_ON = "هنوز هر پنج کرسی دوره بعد پر نیست؛ این دوره تا آن روز ادامه دارد."


def record_memorandum(*, actor: User, at: datetime, **asked: Any) -> Memorandum:
    """Record the signed memorandum with its clauses; from then on neither changes (DB)."""
    made: Memorandum = table_for(Memorandum).apply(None, "record", actor=actor, at=at, **asked)
    return made


def propose_term(*, actor: User, at: datetime, memorandum: Memorandum, **asked: Any) -> Term:
    """One head proposes a term with its five seats and its chair; the other side's head agrees (C1)."""
    made: Term = table_for(Term).apply(memorandum, "propose", actor=actor, at=at, **asked)
    return made


def not_over(on: date) -> Q:
    """Seatings that run on that day or begin later."""
    return Q(period__isempty=False) & (Q(period__upper_inf=True) | Q(period__endswith__gt=on))


# --- memorandum --------------------------------------------------------------------------------------------


def against_recording(parent: None, step: Step) -> Iterable[str]:
    """Signed in the past, in force after it."""
    asked = step.asked
    if "signed_on" not in asked:
        return
    if asked["signed_on"] > step.on:
        yield "تاریخ امضای تفاهم‌نامه در آینده است."
    if asked["last_day"] <= asked["signed_on"]:
        yield "پایان اعتبار تفاهم‌نامه باید پس از امضای آن باشد."


def new_memorandum(parent: None, step: Step) -> dict[str, Any]:
    """The columns of a memorandum."""
    asked = dict(step.asked)
    ends_on = asked.pop("last_day")
    return {
        **asked,
        "extension": asked["extension"] or "",
        "period": period(asked["signed_on"], ends_on),
        "recorded_by": step.actor,
        "recorded_at": step.at,
    }


def add_clauses(memorandum: Memorandum, step: Step) -> None:
    """The sixteen clauses come with the memorandum (M1–M16)."""
    _follow(MemorandumClause, memorandum, step, [{"clause": row} for row in DEFAULT_CLAUSES])


def clause_of(memorandum: Memorandum, step: Step) -> dict[str, Any]:
    """The columns of one clause, at its place."""
    row: ClauseData = step.asked["clause"]
    place = DEFAULT_CLAUSES.index(row) + 1
    return {
        "memorandum": memorandum,
        "position": place,
        "code": row.code,
        "party": row.party,
        "text": row.text,
    }


def _follow(model: Any, parent: Any, step: Step, asked: list[dict[str, Any]]) -> None:
    table_for(model).apply_many(
        [parent] * len(asked), "set_out", actor=step.actor, at=step.at, within=step, asked=asked
    )


# --- terms -------------------------------------------------------------------------------------------------


def _latest() -> Term | None:
    return Term.objects.exclude(state=TermState.WITHDRAWN).order_by("-number").first()


def against_proposing(memorandum: Memorandum, step: Step) -> Iterable[str]:
    """One proposal at a time, after the term before, within the memorandum in force (X10)."""
    if Term.objects.filter(state=TermState.PROPOSED).exists():
        yield "دوره پیشنهادی دیگری در انتظار پذیرش است."
    asked, latest = step.asked, _latest()
    if "starts_on" not in asked:
        return
    if asked["planned_end_on"] <= asked["starts_on"]:
        yield "پایان دوره باید پس از آغاز آن باشد."
    if latest is not None and asked["starts_on"] <= latest.starts_on:
        yield "دوره تازه باید پس از آغاز دوره پیشین آغاز شود."
    yield from against_days(memorandum, asked["starts_on"], asked["planned_end_on"], step.on)


def against_days(memorandum: Memorandum, starts_on: date, ends_on: date, on: date) -> Iterable[str]:
    """Nothing new outside the memorandum, and nothing dated back (X3, X10)."""
    if starts_on < on:
        yield "آغاز دوره نمی‌تواند در گذشته باشد."
    first, end = memorandum.period.lower, last_day(memorandum.period)
    if on not in memorandum.period:
        yield "تفاهم‌نامه امروز در اعتبار نیست؛ دوره تازه‌ای بر پایه آن گشوده نمی‌شود."
    elif starts_on < first or (end is not None and max(starts_on, ends_on) > end):
        until = format_jalali(end, "medium") if end is not None else ""
        yield f"دوره باید در روزهای اعتبار تفاهم‌نامه باشد، تا {until}."


def against_opening(term: Term, step: Step) -> Iterable[str]:
    """A proposal that waited too long is taken back and made anew: the days are looked at again (X1, X10)."""
    yield from against_days(term.memorandum, term.starts_on, term.planned_end_on, step.on)


def term_facts(term: Term) -> list[dict[str, Any]]:
    """What the other head agrees to: the days, the chair, the rules of conduct, and who proposed it."""
    conduct = [{"label": "آیین کار", "value": term.rules}] if term.rules else []
    return [
        {"label": "آغاز دوره", "value": format_jalali(term.starts_on, "medium")},
        {"label": "پایان پیش‌بینی‌شده", "value": format_jalali(term.planned_end_on, "medium")},
        {"label": "کرسی رئیس", "value": str(SeatCode(term.chair_code).label)},
        *conduct,
        {"label": "تفاهم‌نامه", "value": str(term.memorandum)},
        {"label": "پیشنهاددهنده", "value": str(term.proposed_by or "")},
    ]


def proposed(memorandum: Memorandum, step: Step) -> dict[str, Any]:
    """The columns of a proposed term."""
    asked, latest = step.asked, _latest()
    return {
        "memorandum": memorandum,
        "number": (latest.number if latest else 0) + 1,
        "starts_on": asked["starts_on"],
        "planned_end_on": asked["planned_end_on"],
        "rules": asked["conduct"] or "",
        "chair_code": asked["chair_code"],
        "proposed_by": step.actor,
        "proposed_side": rules.HEAD_SIDE[step.authority.role],
    }


def set_out_seats(term: Term, step: Step) -> None:
    """The five seats of a term (C1)."""
    _follow(Seat, term, step, [{"code": code} for code in SeatCode.values])


def chairs(parent: Any, on: date) -> list[tuple[str, str]]:
    """The four seats that may chair."""
    return [(code.value, str(code.label)) for code in APPOINTED_SEATS]


def against_chair(term: Term, step: Step) -> Iterable[str]:
    """What stands against proposing another chair."""
    wanted = step.asked.get("chair")
    if wanted and wanted not in APPOINTED_SEATS:
        yield ONE_OF_FOUR
    if wanted == term.chair_code:
        yield CHAIRS_NOW
    if wanted and _sits_there(term, wanted, step):
        yield NOT_ONESELF


def _sits_there(term: Term, code: str, step: Step) -> bool:
    """Whether who acts, or on whose behalf, is the one who would chair (K6)."""
    persons = persons_acting(step.actor, step.authority)
    return (
        Seating.objects.filter(not_over(step.on), seat__term=term, seat_code=code)
        .filter(person__in=persons)
        .exists()
    )


def against_agreeing(term: Term, step: Step) -> Iterable[str]:
    """Somebody else is proposed (C1, K6)."""
    if term.proposed_chair_code and _sits_there(term, term.proposed_chair_code, step):
        yield NOT_ONESELF


def proposed_chair(term: Term, on: date) -> str:
    """What the other head agrees to: the seat, whoever fills it, and whose proposal it is."""
    seating = _filling(term, term.proposed_chair_code)
    parts = (term.proposed_chair_code, seating.person_id if seating else 0, term.chair_proposed_by_id or 0)
    return "-".join(map(str, parts))


def chair_choices(term: Term, on: date) -> list[tuple[str, str]]:
    """The seats that may take the chair over, with who sits there."""
    named = {row.seat_code: row.person.full_name for row in term_seatings(term)}
    return [
        (code.value, f"{code.label}: {named.get(code.value, 'کسی در این کرسی نیست')}")
        for code in APPOINTED_SEATS
        if code.value != term.chair_code
    ]


def term_seatings(term: Term) -> QuerySet[Seating]:
    """The running and coming seatings of a term's seats."""
    return Seating.objects.filter(seat__term=term, period__upper_inf=True).select_related("person")


def chair_proposed(term: Term, step: Step) -> dict[str, Any]:
    return {"proposed_chair_code": step.asked["chair"], "chair_proposed_by": step.actor}


def no_chair(term: Term, step: Step) -> dict[str, Any]:
    """The proposal is gone; who chairs stays."""
    return {"proposed_chair_code": "", "chair_proposed_by": None}


def chair_taken(term: Term, step: Step) -> dict[str, Any]:
    return {"chair_code": term.proposed_chair_code, "proposed_chair_code": "", "chair_proposed_by": None}


def chair_facts(term: Term) -> list[dict[str, Any]]:
    """Who is to chair, who does now, and who proposed it."""
    return [
        {"label": "رئیس پیشنهادی", "value": _in_seat(term, term.proposed_chair_code)},
        {"label": "رئیس کنونی", "value": _in_seat(term, term.chair_code)},
        {"label": "پیشنهاددهنده", "value": str(term.chair_proposed_by or "")},
    ]


def _in_seat(term: Term, code: str) -> str:
    """A seat with whoever fills it without an end."""
    seating = _filling(term, code)
    label = str(SeatCode(code).label) if code else ""
    return f"{seating.person.full_name} ({label})" if seating is not None else label


def _filling(term: Term, code: str) -> Seating | None:
    return term_seatings(term).filter(seat_code=code).first()


def given_way(term: Term, starts_on: date) -> Iterable[str]:
    """A term runs on until the next one's people sit there; from the next one's beginning its seats are filled (C1)."""
    later = Term.objects.filter(
        state=TermState.OPEN, starts_on__gt=term.starts_on, starts_on__lte=starts_on
    ).last()
    if later is not None:
        yield (
            f"از {format_jalali(later.starts_on, 'medium')} دوره {to_persian_digits(later.number)} آغاز شده است؛ "
            "در کرسی همان دوره منصوب کنید."
        )


def finished_terms(at: datetime) -> list[Term]:
    """The running terms whose successor has all five seats filled: one runs on until the next is seated (C1).

    Seats are taken by a day that comes; who sits and which term runs is read from dates.
    """
    on = local_date(at)
    running = list(Term.objects.filter(state=TermState.OPEN, starts_on__lte=on).order_by("-starts_on"))
    found = []
    for place, term in enumerate(running[1:], start=1):
        seated = Seating.objects.filter(seat__term=running[place - 1], period__contains=on).count()
        if seated == len(SeatCode.values):
            found.append(term)
    return found


def against_ending(term: Term, step: Step) -> Iterable[str]:
    if term not in finished_terms(step.at):
        yield RUNS_ON
