"""Appointments: who sits where from when to when, and by which letter (C1, C2).

Every change of a seat holds from the next day: nobody holds and no longer holds a seat on one day.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from psycopg2.extras import DateRange

from committee import appointment, rules
from committee.enums import SEAT_SIDE, SIDE_ROLE, SeatCode, SeatingEnd, TermState
from committee.models import NominationRound, Seat, Seating, Term
from committee.operations.appointment_letters import void_when_over
from committee.operations.terms import given_way
from staff_portal.kernel.base.periods import last_day as last_day_of
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Hold, RoleAssignment, User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import SYSTEM, local_date
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.holds import place_hold
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

NO_TERM = "هنوز دوره‌ای گشوده نشده است؛ رئیس ستاد سمن‌ها و معاون نخست باید دوره‌ای بگشایند."
HAS_BEGUN = "این عضویت آغاز شده است؛ به جای پس‌گرفتن، پایان آن را ثبت کنید."
NOT_BEGUN = "این عضویت در آن روز هنوز آغاز نشده است؛ می‌توانید انتصاب را پس بگیرید."
NOT_ONESELF = (
    "کسی خود را به عضویت کمیته منصوب نمی‌کند، به نیابت نیز، و نایب نیز کسی را که از سوی او اقدام می‌کند."
)
IS_OVER = "این عضویت پیش از این پایان یافته است."
NOBODY_ELSE = "این سمن نماینده دیگری در سامانه ندارد؛ نخست باید با معرفی‌نامه برای شخص تازه حساب ساخته شود."


def next_day(at: datetime) -> date:
    """The first day on which a change of a seat made at that moment holds (C1)."""
    return local_date(at) + timedelta(days=1)


# --- the steps ---------------------------------------------------------------------------------------------


def appoint(
    seat: Seat, *, actor: User, at: datetime, person: User, starts_on: date, reference: str
) -> Seating:
    """A head appoints one of its own two from tomorrow at the earliest, with a letter; who sat there leaves the day
    before (C1)."""
    made: Seating = table_for(Seating).apply(
        seat, "appoint", actor=actor, at=at, person=person, starts_on=starts_on, reference=reference
    )
    return made


def recall(seating: Seating, *, actor: User, at: datetime, last_day: date, note: str) -> Seating:
    """A head ends the appointment of one of its own two with ``last_day`` included, today at the earliest (C1)."""
    ended: Seating = table_for(seating).apply(
        seating, "recall", actor=actor, at=at, last_day=last_day, note=note
    )
    return ended


def withdraw_appointment(seating: Seating, *, actor: User, at: datetime, note: str) -> Seating:
    """A head takes back the appointment of one of its own two before the day on which it begins (C1).

    Who was to leave for it still leaves; that person may be appointed again.
    """
    taken: Seating = table_for(seating).apply(seating, "withdraw", actor=actor, at=at, note=note)
    return taken


def replace_representative(
    seating: Seating, *, actor: User, at: datetime, person: User, reference: str
) -> Seating:
    """The seated NGO names another person by letter, from tomorrow on; the seat stays the NGO's, and so does a hold on
    its vote (C2, C3)."""
    fresh: Seating = table_for(seating).apply(
        seating, "replace", actor=actor, at=at, person=person, reference=reference
    )
    return fresh


def end_seating(
    seating: Seating,
    *,
    last_day: date,
    cause: SeatingEnd,
    note: str,
    actor: User | None,
    at: datetime,
    within: Step | None = None,
) -> Seating:
    """End a seating with ``last_day`` included, with the role that came with it and its letter of appointment.

    One that has not begun by then never begins: its period is empty.
    """
    step = within or Step(actor, at, SYSTEM)
    ended: Seating = table_for(seating).apply(
        seating, "end", actor=actor, at=at, note=note, within=step, last_day=last_day, cause=cause
    )
    return ended


def seat_ngo(nomination: NominationRound, *, step: Step) -> Seating:
    """Seat the chosen NGO's representative from the next day, in the transaction of the decision (C1, C2, C3)."""
    nominee = nomination.chosen
    if nominee is None or nominee.representative is None:
        raise Refusal("نامزد برگزیده نماینده‌ای ندارد.")
    seat = lock_seat(nomination.seat_id)
    made: Seating = table_for(Seating).apply(
        seat,
        "seat_ngo",
        actor=step.actor,
        at=step.at,
        within=step,
        person=nominee.representative,
        starts_on=max(next_day(step.at), seat.term.starts_on),
        reference=nominee.consent_reference or "پذیرش در سامانه",
        nomination=nomination,
    )
    return made


# --- locks -------------------------------------------------------------------------------------------------


def lock_seat(seat_id: int) -> Seat:
    """The seat, locked until the transaction ends."""
    rows = Seat.objects.select_for_update(of=("self",), no_key=True).select_related("term")
    return rows.get(pk=seat_id)


def lock_seat_of(seating: Seating) -> None:
    """The seat before its seating: changes of one seat come one after another."""
    lock_seat(seating.seat_id)


# --- what stands against -----------------------------------------------------------------------------------


def against_appointing(seat: Seat, step: Step) -> Iterable[str]:
    """Every sentence that stands against appointing the person from that day, tomorrow at the earliest (C1)."""
    if seat.term.state != TermState.OPEN:
        yield "این دوره گشوده نیست؛ رئیس طرف دیگر باید آن را بپذیرد."
    yield from given_way(seat.term, step.asked.get("starts_on") or first_day(seat, step.on))
    if "person" not in step.asked:
        return
    person, starts_on = step.asked["person"], step.asked["starts_on"]
    if person.side != SEAT_SIDE[seat.code]:
        yield "شخص باید از طرفی باشد که کرسی به آن تعلق دارد."
    if not person.is_active:
        yield "حساب این شخص بسته است؛ شخص دیگری را برگزینید."
    if person.pk in access.persons_acting(step.actor, step.authority):
        yield NOT_ONESELF
    earliest = first_day(seat, step.on)
    if starts_on < earliest:
        yield f"آغاز عضویت نباید پیش از {format_jalali(earliest)} باشد؛ هر تغییر کرسی از روز بعد معتبر است."
    other = Seating.objects.filter(person=person, period__contains=starts_on).first()
    if other is not None and other.seat_code != seat.code:
        yield f"این شخص در «{other.get_seat_code_display()}» است؛ هر شخص تنها یک کرسی دارد."
    if other is not None and other.seat_id == seat.pk:
        yield "این شخص اکنون در همین کرسی است."
    if Seating.objects.filter(seat_code=seat.code, period__startswith__gte=starts_on).exists():
        yield "برای این کرسی از همان روز یا پس از آن انتصابی ثبت شده است."


def first_day(seat: Seat, on: date) -> date:
    """The first day from which somebody may be appointed to the seat (C1)."""
    return max(on + timedelta(days=1), seat.term.starts_on)


def against_recalling(seating: Seating, step: Step) -> Iterable[str]:
    """Not over by then, begun by then, not dated back."""
    last_day = step.asked.get("last_day") or step.on
    if last_day < step.on:
        yield "پایان عضویت نمی‌تواند پیش از امروز باشد."
        return
    current = last_day_of(seating.period)
    if seating.period.isempty or (current is not None and current <= last_day):
        yield IS_OVER
    elif seating.period.lower > last_day:
        yield NOT_BEGUN


def against_withdrawing(seating: Seating, step: Step) -> Iterable[str]:
    """Only before it begins, and once."""
    if seating.period.isempty:
        yield "این انتصاب پیش از این پس گرفته شده است."
    elif seating.period.lower <= step.on:
        yield HAS_BEGUN


def against_replacing(seating: Seating, step: Step) -> Iterable[str]:
    """The seat is the NGO's, the person another of those who act for it."""
    if seating.ngo_id is None or seating.period.isempty or last_day_of(seating.period) is not None:
        yield "این کرسی اکنون به این سمن تعلق ندارد."
    elif "person" not in step.asked and not representatives(seating, step.on).exists():
        yield NOBODY_ELSE
    if "person" not in step.asked:
        return
    person = step.asked["person"]
    if not rules.acts_for(person, seating.ngo_id, step.on):
        yield "شخص تازه باید در سامانه نماینده همین سمن باشد."
    if person.pk == seating.person_id:
        yield "این شخص اکنون در همین کرسی است."


# --- what is stored ----------------------------------------------------------------------------------------


def appointed(seat: Seat, step: Step) -> dict[str, Any]:
    """Who sat there leaves the day before; the person sits with the member's role and a letter of appointment (C1)."""
    step.touch(*_open_terms())
    columns = _seated(seat, step.asked["starts_on"], step)
    letter = appointment.issue_appointment(
        Seating(**columns), actor=step.actor, at=step.at, authority=step.authority
    )
    return {**columns, "letter": letter}


def ngo_seated(seat: Seat, step: Step) -> dict[str, Any]:
    """The NGO's seat names the NGO and the round that chose it (C2)."""
    nomination: NominationRound = step.asked["nomination"]
    assert nomination.chosen is not None  # noqa: S101 - decided
    return _seated(seat, step.asked["starts_on"], step, ngo=nomination.chosen.ngo, round=nomination)


def successor(seating: Seating, step: Step) -> dict[str, Any]:
    """Another person of the NGO takes the place from tomorrow, or from the day on which the seating begins."""
    starts_on = max(next_day(step.at), seating.period.lower)
    return _seated(seating.seat, starts_on, step, ngo=seating.ngo, round=seating.round)


def _seated(seat: Seat, starts_on: date, step: Step, **more: Any) -> dict[str, Any]:
    """The columns of a seating; whoever sits there leaves first."""
    _leave(seat, starts_on, step)
    person = step.asked["person"]
    return {
        "seat": seat,
        "seat_code": seat.code,
        "person": person,
        "period": period(starts_on),
        "letter_reference": step.asked["reference"],
        "role_assignment": _role_for(seat.code, person, starts_on, step.at),
        "appointed_by": step.actor,
        "appointed_at": step.at,
        **more,
    }


def _leave(seat: Seat, starts_on: date, step: Step) -> None:
    """Whoever sits in the seat, of this term or the one before, leaves on the day before ``starts_on``; whose seating
    would begin on that very day is not seated at all."""
    rows = Seating.objects.select_for_update(of=("self",), no_key=True)
    for row in rows.filter(seat_code=seat.code, period__contains=starts_on):
        cause = SeatingEnd.REPLACED if row.seat_id == seat.pk else SeatingEnd.NEXT_TERM
        end_seating(
            row,
            last_day=starts_on - timedelta(days=1),
            cause=cause,
            note=str(cause.label),
            actor=step.actor,
            at=step.at,
            within=step,
        )


def _role_for(code: str, person: User, starts_on: date, at: datetime) -> RoleAssignment | None:
    """The role that goes with the seat, given by the appointment itself; None when the person holds it already."""
    role = SIDE_ROLE[SEAT_SIDE[code]]
    held = RoleAssignment.objects.filter(access.role_in_force(starts_on), user=person, role=role)
    return None if held.exists() else roles.grant_seat_role(person, role, start_on=starts_on, at=at)


def recalled(seating: Seating, step: Step) -> dict[str, Any]:
    return _ended(seating, step, step.asked["last_day"], SeatingEnd.RECALLED)


def withdrawn(seating: Seating, step: Step) -> dict[str, Any]:
    return _ended(seating, step, step.on, SeatingEnd.WITHDRAWN)


def ended(seating: Seating, step: Step) -> dict[str, Any]:
    return _ended(seating, step, step.asked["last_day"], step.asked["cause"])


def _ended(seating: Seating, step: Step, last_day: date, cause: str) -> dict[str, Any]:
    """The period cut to its last day; one that has not begun by then becomes empty."""
    start = seating.period.lower
    if seating.seat_code != SeatCode.NGO:
        step.touch(*_open_terms())
    return {
        "period": DateRange(empty=True) if last_day < start else period(start, last_day),
        "ended_by": cause,
        "ended_at": step.at,
    }


def _open_terms() -> QuerySet[Term]:
    """The terms whose seats may have become vacant or been filled."""
    return Term.objects.filter(state=TermState.OPEN)


# --- what follows ------------------------------------------------------------------------------------------


def end_with_seating(seating: Seating, step: Step) -> None:
    """The role that came with the seat ends with it, and so does the letter of appointment."""
    if seating.role_assignment is not None:
        last_day = step.on if seating.period.isempty else last_day_of(seating.period)
        roles.end_seat_role(seating.role_assignment, last_day=last_day or step.on, at=step.at)
    void_when_over(seating, step)


def carry_holds(fresh: Seating, step: Step) -> None:
    """What holds the NGO's vote holds whomever it sends (C3)."""
    old = Seating.objects.filter(seat=fresh.seat, ngo=fresh.ngo).exclude(pk=fresh.pk).latest("id")
    label = audit.type_label(old)
    for hold in Hold.objects.filter(subject_type=label, subject_id=old.pk, lifted_at__isnull=True):
        place_hold(
            fresh, reason=hold.reason, source=hold.source, actor=None, at=step.at, root=fresh.seat.term
        )


# --- who and what is shown ---------------------------------------------------------------------------------


def name_of(seating: Seating) -> str:
    """How a seating is named in the timeline of its term."""
    return f"{seating.person.full_name} ({seating.get_seat_code_display()})"


def facts_of_seat(seat: Seat) -> list[dict[str, Any]]:
    """The seat to be filled, and who leaves it."""
    latest = Seating.objects.filter(seat_code=seat.code, period__upper_inf=True).select_related("person")
    current = latest.order_by("-period").first()
    facts = [{"label": "کرسی", "value": str(seat.get_code_display())}]
    if current is not None:
        facts += [
            {"label": "اکنون در این کرسی", "value": current.person.full_name},
            {
                "label": "پایان عضویت او",
                "value": "یک روز پیش از آغاز عضویت شخص تازه، و زودتر از همه در پایان امروز",
            },
        ]
    return facts


def facts_of_seating(seating: Seating) -> list[dict[str, Any]]:
    """Who sits where since when."""
    facts = [
        {"label": "شخص", "value": seating.person.full_name},
        {"label": "کرسی", "value": str(seating.get_seat_code_display())},
    ]
    if seating.ngo is not None:
        facts.append({"label": "سمن", "value": seating.ngo.name})
    if not seating.period.isempty:
        facts.append({"label": "از تاریخ", "value": format_jalali(seating.period.lower, "medium")})
    return facts


def representatives(seating: Seating, on: date) -> QuerySet[User]:
    """Who else acts for the seated NGO that day."""
    acting = User.objects.filter(
        ngo_accounts__ngo=seating.ngo_id, ngo_accounts__period__contains=on, is_active=True
    )
    return acting.exclude(pk=seating.person_id).distinct()


def may_be_appointed(seat: Seat, on: date) -> QuerySet[User]:
    """The active people of the seat's side who are not secretary and hold no other running seat, those with the role
    first; for the next term those who sit in the same seat of the one before, too (C1)."""
    side = SEAT_SIDE[seat.code]
    running = Seating.objects.filter(period__upper_inf=True)
    again = Q(seat_code=seat.code) & ~Q(seat=seat)
    barred = set(running.exclude(again).values_list("person_id", flat=True))
    barred |= set(access.holders(Role.SECRETARY, on))
    first = When(pk__in=access.holders(SIDE_ROLE[side], on), then=Value(0))
    people = User.objects.filter(side=side, is_active=True).exclude(pk__in=barred)
    return people.annotate(place=Case(first, default=Value(1))).order_by(
        "place", alphabetical("last_name"), alphabetical("first_name"), "id"
    )
