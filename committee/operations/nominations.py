"""Rounds of nomination: which seat calls for one, sealing, ballots, decision, and what makes a round void (M7, C2, C3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from committee import events, proof_sheet, rules
from committee import settings as committee_settings
from committee.enums import CheckMoment, RoundState, SeatCode, SeatingEnd, TermState
from committee.models import NominationBallot, NominationRound, Nominee, Seat, Seating, Term
from committee.operations import seats
from committee.operations.nominees import LONGEST_VOID, Looked, keep_checks, look_at, nominees_of
from committee.queries import sitting
from ngos.enums import MembershipState
from ngos.models import Ngo
from staff_portal.kernel import audit, clocks, settings_store
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.operations.steps import one_step, require
from staff_portal.kernel.periods import last_day
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.workflow import Step, workflow_for

THREE = 3
DEPUTY_SEATS = (SeatCode.DEPUTY1, SeatCode.DEPUTY2)
ONE_OF_THREE = "تنها یکی از همان سه نامزد را می‌توان برگزید."
UNEQUAL = "رأی دو نماینده معاونت یکسان نیست."
LATE = "مهلت رأی‌گیری گذشت و دو رأی معاونت کامل نشد."
NOBODY_LISTED = "هنوز هیچ سمنی نامزد نشده است"
NOBODY_LEFT = "نماینده‌ای از معاونت نمانده است که هنوز بتواند رأی بدهد."
NOTHING_TO_FILL = (
    "کرسی سمن‌ها پر است و پایان آن نزدیک نیست؛ دور معرفی هنگامی آغاز می‌شود که کرسی خالی یا رو به پایان باشد."
)
OPEN_ALREADY = "برای این کرسی دوری در جریان است؛ نخست آن را به پایان برسانید."


# --- which seat calls for a round ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """The NGO's seat of a term that calls for a round: why, and the round already under way if there is one."""

    seat: Seat
    why: str
    running: NominationRound | None = None


def calls(on: date) -> list[Call]:
    """The NGO's seats of open terms that are vacant, or whose seating or term ends within the set time.

    Three queries. Of two open terms only the later one ends «soon»; the earlier runs on until that one is seated.
    """
    until = on + timedelta(days=int(settings_store.value(committee_settings.NOMINATION_LEAD_DAYS, on)))
    open_seats = list(
        Seat.objects.filter(code=SeatCode.NGO, term__state=TermState.OPEN)
        .select_related("term")
        .prefetch_related("seatings", "rounds")
        .order_by("-term__starts_on")
    )
    found = []
    for place, seat in enumerate(open_seats):
        why = _why_called(seat, on, until, is_latest=place == 0)
        if why:
            running = next((row for row in seat.rounds.all() if row.state in rules.RUNNING_ROUNDS), None)
            found.append(Call(seat, why, running))
    return found


def why_no_round(found: list[Call]) -> str:
    """The sentence that stands against a new round; "" when one of the found seats calls for one that is not running."""
    if any(call.running is None for call in found):
        return ""
    if found:
        return OPEN_ALREADY
    return NOTHING_TO_FILL if Term.objects.filter(state=TermState.OPEN).exists() else seats.NO_TERM


def _why_called(seat: Seat, on: date, until: date, *, is_latest: bool) -> str:
    lasting = [row for row in seat.seatings.all() if not row.period.isempty]
    ended = next((row.ended_by for row in lasting if row.ended_by), "")
    current = [row for row in lasting if row.period.upper is None or row.period.upper > on]
    return why_called(
        seat.term.number,
        seat.term.planned_end_on,
        ends=[last_day(row.period) for row in current],
        ended_by=ended,
        is_latest=is_latest,
        until=until,
    )


def why_called(
    number: int, planned_end: date, *, ends: list[date | None], ended_by: str, is_latest: bool, until: date
) -> str:
    """Why the NGO's seat of a term calls for a round, "" when it does not.

    ``ends`` are the last days of its seatings that are not over (None: open), ``ended_by`` what ended the last one,
    ``until`` the day before which an end counts as near.
    """
    term = to_persian_digits(number)
    if not ends:
        cause = f" ({SeatingEnd(ended_by).label})" if ended_by else ""
        return f"کرسی سمن‌ها در دوره {term} خالی است{cause}."
    end = max(day or date.max for day in ends)
    if end <= until:
        return f"عضویت سمن کنونی در {format_jalali(end, 'medium')} پایان می‌یابد."
    if is_latest and planned_end <= until:
        return f"پایان پیش‌بینی‌شده دوره {term}، {format_jalali(planned_end, 'medium')} است."
    return ""


def prepare_round(*, actor: User, at: datetime, seat: Seat) -> NominationRound:
    """HQ's expert begins a round for a seat that calls for one; one at a time for each seat (C2)."""
    authority = require(rules.PREPARE_ROUND, actor, None, at)
    with one_step():
        list(
            Seat.objects.select_for_update(of=("self",), no_key=True).filter(code=SeatCode.NGO).order_by("pk")
        )
        call = next((row for row in calls(local_date(at)) if row.seat.pk == seat.pk), None)
        if call is None:
            raise Refusal(NOTHING_TO_FILL)
        if call.running is not None:
            raise Refusal(OPEN_ALREADY)
        highest = NominationRound.objects.aggregate(highest=Max("number"))["highest"] or 0
        nomination = NominationRound.objects.create(
            seat=call.seat, number=highest + 1, state_since=at, prepared_by=actor, prepared_at=at
        )
        audit.record(
            events.ROUND_PREPARED,
            nomination,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(nomination, ["seat", "number"]) | {"why": call.why},
        )
    return nomination


# --- where the ballots stand ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The ballots of an open round on a day: who has voted, who still may, and whose the decision is (C3).

    ``agreed`` is the nominee on which both deputy ballots fell; ``head_reason`` the sentence that puts the decision
    into the hands of the deputy's head, "" while both deputy members may still agree.
    """

    deadline: date | None
    ballots: dict[str, NominationBallot] = field(default_factory=dict)
    may_still: tuple[Seating, ...] = ()
    agreed: int | None = None
    head_reason: str = ""


def deadline_of(nomination: NominationRound) -> date | None:
    """The last day of the ballots, computed anew whenever it is read (K5)."""
    if nomination.sealed_on is None:
        return None
    days = int(settings_store.value(committee_settings.NOMINATION_DAYS, nomination.sealed_on))
    return clocks.working_deadline(nomination.sealed_on, days)


def standing_of(nomination: NominationRound, on: date, *, seatings: list[Seating] | None = None) -> Standing:
    """Where an open round stands on a day."""
    ballots = {row.seat_code: row for row in nomination.ballots.select_related("voter", "nominee__ngo")}
    voters = {row.voter_id for row in ballots.values()}
    deadline = deadline_of(nomination)
    late = deadline is not None and on > deadline
    may_still = tuple(
        row
        for row in (sitting(on) if seatings is None else seatings)
        if row.seat_code != SeatCode.NGO and row.seat_code not in ballots and row.person_id not in voters
    )
    deputy = [ballots[code] for code in DEPUTY_SEATS if code in ballots]
    choices = {row.nominee_id for row in deputy}
    agreed = deputy[0].nominee_id if len(deputy) == len(DEPUTY_SEATS) and len(choices) == 1 else None
    reason = ""
    if len(choices) > 1:
        reason = UNEQUAL
    elif agreed is None and late:
        reason = LATE
    elif agreed is None and not any(row.seat_code in DEPUTY_SEATS for row in may_still):
        reason = NOBODY_LEFT
    return Standing(deadline, ballots, () if late else may_still, agreed, reason)


# --- the steps: what stands against them, what is stored, what follows ---------------------------------------


def nominee_choices(nomination: NominationRound) -> list[tuple[str, str]]:
    """The round's nominees for a choice."""
    return [(str(row.pk), row.ngo.name) for row in nomination.nominees.select_related("ngo").order_by("id")]


def _asked_nominee(nomination: NominationRound, step: Step) -> Nominee | None:
    asked = step.asked.get("nominee")
    key = asked.pk if isinstance(asked, Nominee) else natural(asked)
    return nomination.nominees.select_related("ngo", "representative").filter(pk=key).first() if key else None


def seal_gaps(nomination: NominationRound, step: Step) -> Iterator[str]:
    """C2: exactly three different NGOs, each of them eligible today."""
    nominees = nominees_of(nomination)
    if len(nominees) != THREE:
        listed = f"اکنون {to_persian_digits(len(nominees))} سمن نامزد شده است" if nominees else NOBODY_LISTED
        yield f"دقیقاً سه سمن لازم است؛ {listed}."
    for row in look_at(nominees, step.on):
        yield from row.unmet


def sealed(nomination: NominationRound, step: Step) -> dict[str, Any]:
    return {"sealed_on": step.on, "sealed_by": step.actor}


def keep_sealing(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """What was found of each of the three is kept with the sealing."""
    looked = look_at(nominees_of(nomination), step.on)
    keep_checks(looked, CheckMoment.SEALING, step.at)
    return {"nominees": [row.nominee.ngo_id for row in looked]}


def cast_gaps(nomination: NominationRound, step: Step) -> Iterator[str]:
    """C3: in time, and one of the three."""
    deadline = deadline_of(nomination)
    if deadline is not None and step.on > deadline:
        yield f"مهلت رأی‌گیری در {format_jalali(deadline, 'medium')} پایان یافت؛ تصمیم با معاون است."
    if step.asked.get("nominee") and _asked_nominee(nomination, step) is None:
        yield ONE_OF_THREE


def keep_ballot(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """The ballot is kept for good; whom it names stands in no trail while the round is open (C3)."""
    seating = rules.seating_of(step.actor, step.on) if step.actor else None
    nominee = _asked_nominee(nomination, step)
    if seating is None or nominee is None:
        raise Refusal(ONE_OF_THREE)
    NominationBallot.objects.create(
        round=nomination,
        nominee=nominee,
        seating=seating,
        seat_code=seating.seat_code,
        voter=seating.person,
        cast_at=step.at,
    )
    return {"seat": seating.seat_code}


def decide_gaps(nomination: NominationRound, step: Step) -> Iterator[str]:
    """C3: the deputy's head decides when both ballots cannot; eligibility is looked at again."""
    standing = standing_of(nomination, step.on)
    if not standing.head_reason:
        yield _still_waiting(standing)
    if step.asked.get("nominee"):
        nominee = _asked_nominee(nomination, step)
        if nominee is None:
            yield ONE_OF_THREE
        else:
            yield from _look_at_one(nomination, nominee.pk, step.on).unmet


def _still_waiting(standing: Standing) -> str:
    waiting = [row.person.full_name for row in standing.may_still if row.seat_code in DEPUTY_SEATS]
    verb = "نداده‌اند" if len(waiting) > 1 else "نداده است"
    until = format_jalali(standing.deadline, "medium") if standing.deadline else ""
    return (
        f"نخست نمایندگان معاونت رأی می‌دهند؛ {' و '.join(waiting)} هنوز رأی {verb} و مهلت تا {until} است. "
        "تصمیم معاون برای هنگامی است که دو رأی یکسان نباشد یا مهلت بگذرد."
    )


def ballots_gaps(nomination: NominationRound, step: Step) -> Iterator[str]:
    """The system decides only by two equal deputy ballots, among three that are still eligible (C2, C3)."""
    agreed = standing_of(nomination, step.on).agreed
    if agreed is None:
        yield "دو رأی معاونت یکسان نیست یا کامل نشده است."
    for row in look_at(nominees_of(nomination), step.on):
        yield from row.unmet


def _look_at_one(nomination: NominationRound, nominee_id: int, on: date) -> Looked:
    return next(row for row in look_at(nominees_of(nomination), on) if row.nominee.pk == nominee_id)


def decided_by_head(nomination: NominationRound, step: Step) -> dict[str, Any]:
    return {
        "chosen": _asked_nominee(nomination, step),
        "decided_by": step.actor,
        "decided_on": step.on,
        "reason": step.note.strip(),
    }


def decided_by_ballots(nomination: NominationRound, step: Step) -> dict[str, Any]:
    agreed = standing_of(nomination, step.on).agreed
    chosen = next(row for row in nominees_of(nomination) if row.pk == agreed)
    return {"chosen": chosen, "decided_on": step.on}


def seat_and_prove(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """What follows a decision, in its transaction: the checks, the seating, the proof sheet (C2, C3)."""
    keep_checks(look_at(nominees_of(nomination), step.on), CheckMoment.DECISION, step.at)
    seating = seats.seat_ngo(nomination, step=step)
    letter = proof_sheet.issue_proof_sheet(nomination, actor=step.actor, at=step.at, authority=step.authority)
    nomination.proof = letter
    nomination.save(update_fields=["proof"])
    return {"ngo": seating.ngo_id, "person": seating.person_id, "proof": letter.number.text}


def void_gaps(nomination: NominationRound, step: Step) -> Iterable[str]:
    if len(step.note.strip()) > LONGEST_VOID:
        yield f"سبب ابطال نباید بیش از {to_persian_digits(LONGEST_VOID)} نویسه باشد."


def voided(nomination: NominationRound, step: Step) -> dict[str, Any]:
    return {"void_reason": step.note.strip()}


# --- what follows a ballot, the clock and a lost membership --------------------------------------------------


def lock_ngos(nomination: NominationRound) -> None:
    """Lock the nominees' NGOs before the round, so that no membership ends while it is decided on.

    Written order: NGO, round, seat, seating. A suspension locks its NGO first and then the rounds it voids.
    """
    ids = nomination.nominees.values_list("ngo_id", flat=True)
    list(Ngo.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk").only("pk"))


def settle(nomination: NominationRound, *, at: datetime) -> NominationRound:
    """After the sealing and each ballot: two equal deputy ballots decide at once; else the head is told when it is for him (C3).

    When one of the three is eligible no more, the round is void with the reason; what was found stays, the ballots stay
    sealed. Whichever of the three it is, the round is void: so that nothing says whom the ballots named.
    """
    on = local_date(at)
    standing = standing_of(nomination, on)
    workflow = workflow_for(nomination)
    if standing.agreed is None:
        tell_head(nomination, standing.head_reason, at=at)
        return nomination
    looked = look_at(nominees_of(nomination), on)
    decided: NominationRound
    if all(row.is_eligible for row in looked):
        agreed = next(row for row in looked if row.nominee.pk == standing.agreed)
        note = f"هر دو رأی معاونت به «{agreed.nominee.ngo.name}» است."
        decided = workflow.apply(nomination, "decide_by_ballots", actor=None, at=at, note=note)
    else:
        keep_checks(looked, CheckMoment.DECISION, at)
        unmet = " ".join(sentence for row in looked for sentence in row.unmet)
        note = f"در بررسی دوباره، شرایط سه نامزد کامل نبود. {unmet}"
        decided = workflow.apply(nomination, "void", actor=None, at=at, note=note[:LONGEST_VOID])
    return decided


def tell_head(nomination: NominationRound, reason: str, *, at: datetime) -> bool:
    """Record once that the decision is the deputy head's; says whether it was recorded now."""
    label = audit.type_label(nomination)
    told = AuditEntry.objects.filter(
        event=events.ROUND_UNDECIDED.code, subject_type=label, subject_id=nomination.pk
    )
    if not reason or told.exists():
        return False
    audit.record(events.ROUND_UNDECIDED, nomination, actor=None, at=at, note=reason)
    return True


def announce_undecided(at: datetime) -> int:
    """The daily look at open rounds: whose clock ran out, or where no deputy member is left, goes to the head (C3)."""
    on, told = local_date(at), 0
    for pk in NominationRound.objects.filter(state=RoundState.OPEN).values_list("pk", flat=True):
        with one_step():
            locked = NominationRound.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            if locked.state == RoundState.OPEN:
                told += tell_head(locked, standing_of(locked, on).head_reason, at=at)
    return told


def membership_changed(ngo: Ngo, *, state: str, at: datetime) -> None:
    """A nominee that is no member any more makes its open rounds void; in one being prepared it is only ineligible."""
    what = "تعلیق شد" if state == MembershipState.SUSPENDED else "پایان یافت"
    for nomination in NominationRound.objects.filter(state=RoundState.OPEN, nominees__ngo=ngo).order_by("pk"):
        note = f"عضویت نامزد «{ngo.name}» {what}."
        workflow_for(nomination).apply(nomination, "void", actor=None, at=at, note=note[:LONGEST_VOID])
