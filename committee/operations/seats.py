"""Appointments: who sits where from when to when, and by which letter (C1, C2).

Every change of a seat holds from the next day: nobody holds and no longer holds a seat on one day.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateRange

from committee import appointment, events, rules
from committee.enums import (
    SEAT_SIDE,
    SIDE_ROLE,
    SeatingEnd,
    TermState,
)
from committee.models import NominationRound, Seat, Seating, Term
from committee.queries import running_term
from staff_portal.kernel import access, audit
from staff_portal.kernel.access import Authority, local_date
from staff_portal.kernel.models import Hold, RoleAssignment, User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.operations.holds import place_hold
from staff_portal.kernel.operations.letters import revoke_letter
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.periods import last_day as last_day_of
from staff_portal.kernel.periods import period
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.roles import Role
from staff_portal.kernel.workflow import Step
from staff_portal.kernel.workflow.writing import settle_later

NO_TERM = "هنوز دوره‌ای گشوده نشده است؛ رئیس ستاد سمن‌ها و معاون نخست باید دوره‌ای بگشایند."
HAS_BEGUN = "این عضویت آغاز شده است؛ به جای پس‌گرفتن، پایان آن را ثبت کنید."


def next_day(at: datetime) -> date:
    """The first day on which a change of a seat made at that moment holds (C1)."""
    return local_date(at) + timedelta(days=1)


def not_over(on: date) -> Q:
    """Seatings that run on that day or begin later."""
    return Q(period__isempty=False) & (Q(period__upper_inf=True) | Q(period__endswith__gt=on))


# --- appointments ------------------------------------------------------------------------------------------


def appoint(
    seat: Seat, *, actor: User, at: datetime, person: User, starts_on: date, reference: str
) -> Seating:
    """A head appoints one of its own two from tomorrow at the earliest, with a letter; who sat there leaves the day
    before (C1)."""
    authority = require(rules.APPOINT, actor, seat, at)
    reference = require_text(reference, "شماره حکم را بنویسید.")
    with one_step():
        locked = (
            Seat.objects.select_for_update(of=("self",), no_key=True).select_related("term").get(pk=seat.pk)
        )
        found = appointment_gaps(locked, person, starts_on, next_day(at))
        if found:
            raise Refusal(*found)
        _leave(locked, starts_on, at, actor, authority)
        seating = _seat(
            locked,
            person=person,
            starts_on=starts_on,
            reference=reference,
            actor=actor,
            at=at,
        )
        seating.letter = appointment.issue_appointment(seating, actor=actor, at=at, authority=authority)
        seating.save(update_fields=["letter"])
        _record_appointment(events.APPOINTED, seating, actor, at, authority)
    return seating


def appointment_gaps(seat: Seat, person: User, starts_on: date, earliest: date) -> list[str]:
    """Every sentence that stands against appointing the person from that day; ``earliest`` is tomorrow (C1)."""
    found = []
    if seat.term.state != TermState.OPEN:
        found.append("این دوره گشوده نیست؛ رئیس طرف دیگر باید آن را بپذیرد.")
    if person.side != SEAT_SIDE[seat.code]:
        found.append("شخص باید از طرفی باشد که کرسی به آن تعلق دارد.")
    if not person.is_active:
        found.append("حساب این شخص بسته است؛ شخص دیگری را برگزینید.")
    if starts_on < max(earliest, seat.term.starts_on):
        first = format_jalali(max(earliest, seat.term.starts_on))
        found.append(f"آغاز عضویت نباید پیش از {first} باشد؛ هر تغییر کرسی از روز بعد معتبر است.")
    other = Seating.objects.filter(person=person, period__contains=starts_on).first()
    if other is not None and other.seat_code != seat.code:
        found.append(f"این شخص در «{other.get_seat_code_display()}» است؛ هر شخص تنها یک کرسی دارد.")
    if other is not None and other.seat_id == seat.pk:
        found.append("این شخص اکنون در همین کرسی است.")
    later = Seating.objects.filter(seat_code=seat.code, period__startswith__gte=starts_on).first()
    if later is not None:
        found.append("برای این کرسی از همان روز یا پس از آن انتصابی ثبت شده است.")
    return found


def _leave(
    seat: Seat, starts_on: date, at: datetime, actor: User | None, authority: Authority | None
) -> None:
    """Whoever sits in the seat, of this term or the one before, leaves on the day before ``starts_on``; whose seating
    would begin on that very day is not seated at all."""
    for row in Seating.objects.select_for_update(of=("self",), no_key=True).filter(
        seat_code=seat.code, period__contains=starts_on
    ):
        cause = SeatingEnd.REPLACED if row.seat_id == seat.pk else SeatingEnd.NEXT_TERM
        end_seating(
            row,
            last_day=starts_on - timedelta(days=1),
            cause=cause,
            note=str(cause.label),
            actor=actor,
            at=at,
            authority=authority,
        )


def _seat(
    seat: Seat,
    *,
    person: User,
    starts_on: date,
    reference: str,
    actor: User | None,
    at: datetime,
    ngo: Any = None,
    nomination: NominationRound | None = None,
) -> Seating:
    seating = Seating.objects.create(
        seat=seat,
        seat_code=seat.code,
        person=person,
        period=period(starts_on),
        letter_reference=reference,
        ngo=ngo,
        round=nomination,
        appointed_by=actor,
        appointed_at=at,
    )
    seating.role_assignment = _role_for(seating, at)
    seating.save(update_fields=["role_assignment"])
    settle_later(seating, actor=actor, at=at)
    return seating


def _role_for(seating: Seating, at: datetime) -> RoleAssignment | None:
    """The role that goes with the seat, given by the appointment itself; None when the person holds it already."""
    role = SIDE_ROLE[SEAT_SIDE[seating.seat_code]]
    start = seating.period.lower
    held = RoleAssignment.objects.filter(
        user=seating.person, role=role, period__contains=start, confirmed_at__isnull=False
    )
    if held.exists():
        return None
    return roles.grant_seat_role(seating.person, role, start_on=start, at=at)


def _record_appointment(
    event: Any, seating: Seating, actor: User | None, at: datetime, authority: Authority | None
) -> None:
    audit.record(
        event,
        seating,
        actor=actor,
        at=at,
        authority=authority,
        after=audit.snapshot(seating, ["seat_code", "person", "period", "letter_reference", "ngo", "round"]),
        root=seating.seat.term,
        label=f"{seating.person.full_name} ({seating.get_seat_code_display()})",
    )


def recall(seating: Seating, *, actor: User, at: datetime, last_day: date, note: str) -> Seating:
    """A head ends the appointment of one of its own two with ``last_day`` included, today at the earliest (C1)."""
    authority = require(rules.RECALL, actor, seating, at)
    note = require_text(note, "سبب پایان عضویت را بنویسید.")
    on = local_date(at)
    if last_day < on:
        raise Refusal("پایان عضویت نمی‌تواند پیش از امروز باشد.")
    with one_step():
        locked = Seating.objects.select_for_update(of=("self",), no_key=True).get(pk=seating.pk)
        current = last_day_of(locked.period)
        if locked.period.isempty or (current is not None and current <= last_day):
            raise Refusal("این عضویت پیش از این پایان یافته است.")
        if locked.period.lower > last_day:
            raise Refusal("این عضویت در آن روز هنوز آغاز نشده است؛ می‌توانید انتصاب را پس بگیرید.")
        end_seating(
            locked,
            last_day=last_day,
            cause=SeatingEnd.RECALLED,
            note=note,
            actor=actor,
            at=at,
            authority=authority,
        )
    return locked


def withdraw_appointment(seating: Seating, *, actor: User, at: datetime, note: str) -> Seating:
    """A head takes back the appointment of one of its own two before the day on which it begins (C1).

    Who was to leave for it still leaves; that person may be appointed again.
    """
    authority = require(rules.RECALL, actor, seating, at)
    note = require_text(note, "سبب پس‌گرفتن انتصاب را بنویسید.")
    with one_step():
        locked = Seating.objects.select_for_update(of=("self",), no_key=True).get(pk=seating.pk)
        if locked.period.isempty:
            raise Refusal("این انتصاب پیش از این پس گرفته شده است.")
        if locked.period.lower <= local_date(at):
            raise Refusal(HAS_BEGUN)
        end_seating(
            locked,
            last_day=local_date(at),
            cause=SeatingEnd.WITHDRAWN,
            note=note,
            actor=actor,
            at=at,
            authority=authority,
        )
    return locked


def end_seating(
    seating: Seating,
    *,
    last_day: date,
    cause: SeatingEnd,
    note: str,
    actor: User | None,
    at: datetime,
    authority: Authority | None = None,
) -> None:
    """End a seating with ``last_day`` included, with the role that came with it and its letter of appointment.

    One that has not begun by then never begins: its period is empty.
    """
    start = seating.period.lower
    before = audit.snapshot(seating, ["period"])
    seating.period = DateRange(empty=True) if last_day < start else period(start, last_day)
    seating.ended_by, seating.ended_at = cause, at
    seating.save(update_fields=["period", "ended_by", "ended_at"])
    settle_later(seating, actor=actor, at=at)
    if seating.role_assignment is not None:
        roles.end_seat_role(seating.role_assignment, last_day=last_day, at=at)
    audit.record(
        events.SEATING_ENDED,
        seating,
        actor=actor,
        at=at,
        authority=authority,
        before=before,
        after=audit.snapshot(seating, ["period", "ended_by"]),
        note=note,
        root=seating.seat.term,
        label=f"{seating.person.full_name} ({seating.get_seat_code_display()})",
    )
    letter = seating.letter
    if letter is not None and not letter.events.exists():
        revoke_letter(
            letter,
            reason=f"عضویت در این کرسی پایان یافته است: {note}",
            actor=actor,
            at=at,
            authority=authority,
            root=seating.seat.term,
        )


# --- the NGO's seat ----------------------------------------------------------------------------------------


def lock_seat(seat_id: int) -> Seat:
    """The seat, locked until the transaction ends."""
    rows = Seat.objects.select_for_update(of=("self",), no_key=True).select_related("term")
    return rows.get(pk=seat_id)


def seat_ngo(nomination: NominationRound, *, step: Step) -> Seating:
    """Seat the chosen NGO's representative from the next day, in the transaction of the decision (C1, C2, C3)."""
    nominee = nomination.chosen
    if nominee is None or nominee.representative is None:
        raise Refusal("نامزد برگزیده نماینده‌ای ندارد.")
    seat = lock_seat(nomination.seat_id)
    starts_on = max(next_day(step.at), seat.term.starts_on)
    _leave(seat, starts_on, step.at, step.actor, step.authority)
    seating = _seat(
        seat,
        person=nominee.representative,
        starts_on=starts_on,
        reference=nominee.consent_reference or "پذیرش در سامانه",
        actor=step.actor,
        at=step.at,
        ngo=nominee.ngo,
        nomination=nomination,
    )
    _record_appointment(events.APPOINTED, seating, step.actor, step.at, step.authority)
    return seating


def replace_representative(
    seating: Seating, *, actor: User, at: datetime, person: User, reference: str
) -> Seating:
    """The seated NGO names another person by letter, from tomorrow on; the seat stays the NGO's, and so does a hold on
    its vote (C2, C3)."""
    authority = require(rules.REPLACE_REPRESENTATIVE, actor, seating, at)
    reference = require_text(reference, "شماره معرفی‌نامه را بنویسید.")
    on = local_date(at)
    found = []
    if seating.ngo_id is None or seating.period.isempty or last_day_of(seating.period) is not None:
        found.append("این کرسی اکنون به این سمن تعلق ندارد.")
    if not rules.acts_for(person, seating.ngo_id, on):
        found.append("شخص تازه باید در سامانه نماینده همین سمن باشد.")
    if person.pk == seating.person_id:
        found.append("این شخص اکنون در همین کرسی است.")
    if found:
        raise Refusal(*found)
    with one_step():
        locked = (
            Seating.objects.select_for_update(of=("self",), no_key=True)
            .select_related("seat__term")
            .get(pk=seating.pk)
        )
        _leave(locked.seat, next_day(at), at, actor, authority)
        fresh = _seat(
            locked.seat,
            person=person,
            starts_on=next_day(at),
            reference=reference,
            actor=actor,
            at=at,
            ngo=locked.ngo,
            nomination=locked.round,
        )
        _record_appointment(events.REPRESENTATIVE_REPLACED, fresh, actor, at, authority)
        _carry_holds(locked, fresh, at)
    return fresh


def _carry_holds(old: Seating, fresh: Seating, at: datetime) -> None:
    """What holds the NGO's vote holds whomever it sends (C3)."""
    label = audit.type_label(old)
    for hold in Hold.objects.filter(subject_type=label, subject_id=old.pk, lifted_at__isnull=True):
        place_hold(fresh, reason=hold.reason, source=hold.source, actor=None, at=at, root=fresh.seat.term)


def may_be_appointed(seat: Seat, on: date) -> list[User]:
    """The active people of the seat's side who are not secretary and hold no other running seat, those with the role
    first; for the next term those who sit in the same seat of the one before, too (C1)."""
    role = SIDE_ROLE[SEAT_SIDE[seat.code]]
    holders = set(access.holders(role, on))
    running = Seating.objects.filter(period__upper_inf=True)
    again = Q(seat_code=seat.code) & ~Q(seat=seat)
    barred = set(running.exclude(again).values_list("person_id", flat=True))
    barred |= set(access.holders(Role.SECRETARY, on))
    people = User.objects.filter(side=SEAT_SIDE[seat.code], is_active=True).order_by(
        alphabetical("last_name"), alphabetical("first_name"), "id"
    )
    free = [user for user in people if user.pk not in barred]
    return sorted(free, key=lambda user: user.pk not in holders)


def require_running_term(on: date) -> Term:
    """The running term, or the sentence that says there is none."""
    term = running_term(on)
    if term is None:
        raise Refusal(NO_TERM)
    return term
