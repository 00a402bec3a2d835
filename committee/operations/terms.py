"""The memorandum, terms of the committee and who chairs (C1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from committee import events, rules
from committee.enums import APPOINTED_SEATS, SeatCode, TermState
from committee.models import Memorandum, MemorandumClause, Seat, Seating, Term
from staff_portal.kernel import audit
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.periods import period
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.workflow import Step, workflow_for


@dataclass(frozen=True)
class ClauseData:
    """One clause of the memorandum: code (M1 …), party and text."""

    code: str
    party: str
    text: str


# --- memorandum --------------------------------------------------------------------------------------------


def record_memorandum(
    *,
    actor: User,
    at: datetime,
    number: str,
    title: str,
    signed_on: date,
    last_day: date,
    hq_signatory: str,
    deputy_signatory: str,
    extension: str = "",
    clauses: Iterable[ClauseData] = (),
) -> Memorandum:
    """Record the signed memorandum with its clauses; from then on neither changes (DB)."""
    authority = require(rules.RECORD_MEMORANDUM, actor, None, at)
    if signed_on > local_date(at):
        raise Refusal("تاریخ امضای تفاهم‌نامه در آینده است.")
    if last_day <= signed_on:
        raise Refusal("پایان اعتبار تفاهم‌نامه باید پس از امضای آن باشد.")
    with one_step():
        memorandum = Memorandum.objects.create(
            number=require_text(number, "شماره تفاهم‌نامه را بنویسید."),
            title=require_text(title, "عنوان تفاهم‌نامه را بنویسید."),
            signed_on=signed_on,
            period=period(signed_on, last_day),
            hq_signatory=require_text(hq_signatory, "امضاکننده ستاد سمن‌ها را بنویسید."),
            deputy_signatory=require_text(deputy_signatory, "امضاکننده معاونت را بنویسید."),
            extension=extension.strip(),
            recorded_by=actor,
            recorded_at=at,
        )
        MemorandumClause.objects.bulk_create(
            MemorandumClause(
                memorandum=memorandum, code=row.code, position=place, party=row.party, text=row.text
            )
            for place, row in enumerate(clauses, start=1)
        )
        audit.record(
            events.MEMORANDUM_RECORDED,
            memorandum,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(memorandum),
        )
    return memorandum


# --- terms -------------------------------------------------------------------------------------------------


def propose_term(
    *,
    actor: User,
    at: datetime,
    memorandum: Memorandum,
    starts_on: date,
    planned_end_on: date,
    chair_code: str,
    conduct: str = "",
) -> Term:
    """One head proposes a term with its five seats and its chair; the other side's head agrees (C1)."""
    authority = require(rules.PROPOSE_TERM, actor, None, at)
    found = []
    if planned_end_on <= starts_on:
        found.append("پایان دوره باید پس از آغاز آن باشد.")
    if chair_code not in APPOINTED_SEATS:
        found.append("رئیس یکی از چهار نماینده ستاد سمن‌ها و معاونت است.")
    if Term.objects.filter(state=TermState.PROPOSED).exists():
        found.append("دوره پیشنهادی دیگری در انتظار پذیرش است.")
    latest = Term.objects.exclude(state=TermState.WITHDRAWN).order_by("-number").first()
    if latest is not None and starts_on <= latest.starts_on:
        found.append("دوره تازه باید پس از آغاز دوره پیشین آغاز شود.")
    if found:
        raise Refusal(*found)
    with one_step():
        term = Term.objects.create(
            memorandum=memorandum,
            number=(latest.number if latest else 0) + 1,
            starts_on=starts_on,
            planned_end_on=planned_end_on,
            rules=conduct.strip(),
            chair_code=chair_code,
            state_since=at,
            proposed_by=actor,
            proposed_side=rules.HEAD_SIDE[authority.role],
        )
        Seat.objects.bulk_create(Seat(term=term, code=code) for code in SeatCode.values)
        audit.record(
            events.TERM_PROPOSED,
            term,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(term, ["number", "starts_on", "planned_end_on", "chair_code"]),
        )
    return term


def agree(term: Term, step: Step) -> dict[str, Any]:
    """The other head's agreement opens the term."""
    return {"agreed_by": step.actor}


def chair_gaps(term: Term, step: Step) -> Iterable[str]:
    """What stands against proposing another chair."""
    wanted = step.asked.get("chair")
    if wanted and wanted not in APPOINTED_SEATS:
        yield "رئیس یکی از چهار نماینده ستاد سمن‌ها و معاونت است."
    if wanted == term.chair_code:
        yield "این کرسی هم‌اکنون ریاست کمیته را دارد؛ کرسی دیگری را برگزینید."


def chair_choices(term: Term) -> list[tuple[str, str]]:
    """The four seats that may chair, with who sits there."""
    named = {row.seat_code: row.person.full_name for row in term_seatings(term)}
    return [
        (code.value, f"{code.label}: {named.get(code.value, 'کسی در این کرسی نیست')}")
        for code in APPOINTED_SEATS
        if code.value != term.chair_code
    ]


def term_seatings(term: Term) -> Iterable[Seating]:
    """The running and coming seatings of a term's seats."""
    return Seating.objects.filter(seat__term=term, period__upper_inf=True).select_related("person")


def note_proposed_chair(term: Term, step: Step) -> dict[str, Any]:
    return {"proposed_chair_code": step.asked["chair"], "chair_proposed_by": step.actor}


def take_proposed_chair(term: Term, step: Step) -> dict[str, Any]:
    return {"chair_code": term.proposed_chair_code, "proposed_chair_code": "", "chair_proposed_by": None}


def end_finished_terms(at: datetime) -> int:
    """A term runs on until the next is seated: end those whose successor has all five seats filled (C1).

    From the beat, because seats are taken by a day that comes; who sits and which term runs is read from dates.
    """
    on = local_date(at)
    running = list(Term.objects.filter(state=TermState.OPEN, starts_on__lte=on).order_by("-starts_on"))
    ended = 0
    for place, term in enumerate(running[1:], start=1):
        seated = Seating.objects.filter(seat__term=running[place - 1], period__contains=on).count()
        if seated == len(SeatCode.values):
            workflow_for(term).apply(term, "end", actor=None, at=at)
            ended += 1
    return ended
