"""Rounds of nomination: sealing, ballots, decision, and what makes a round void (M7, C2, C3)."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet

from committee import proof_sheet, rules
from committee import settings as committee_settings
from committee.enums import APPOINTED_SEATS, CheckMoment, RoundState, SeatCode
from committee.models import NominationBallot, NominationRound, Nominee, Seating
from committee.operations import seats
from committee.operations.nominees import LONGEST_VOID, keep_checks, look_at, nominees_of
from committee.queries import sitting
from ngos.enums import MembershipState
from ngos.models import Ngo
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.people.access import local_date, persons_acting
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

THREE = 3
DEPUTY_SEATS = (SeatCode.DEPUTY1, SeatCode.DEPUTY2)
ONE_OF_THREE = "تنها یکی از همان سه نامزد را می‌توان برگزید."
UNEQUAL = "رأی دو نماینده معاونت یکسان نیست."
LATE = "مهلت رأی‌گیری گذشت و دو رأی معاونت کامل نشد."
NOBODY_LISTED = "هنوز هیچ سمنی نامزد نشده است"
NOBODY_LEFT = "نماینده‌ای از معاونت نمانده است که هنوز بتواند رأی بدهد."
NOT_SEATED = "تنها نمایندگان ستاد سمن‌ها و معاونت که اکنون در کرسی‌اند رأی می‌دهند."
BALLOTS_READ = "تصمیم این دور با معاون است و رأی‌ها پیش چشم اوست؛ ابطال آن اکنون با رئیس ستاد سمن‌هاست."
STILL_THEIRS = "این تصمیم اکنون با نمایندگان معاونت است."


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


def three(nomination: NominationRound, on: date) -> QuerySet[Nominee]:
    """The round's nominees for a choice."""
    return nomination.nominees.select_related("ngo", "representative").order_by("id")


def the_three(nomination: NominationRound) -> list[dict[str, Any]]:
    """The nominees by name, each with the person it sends."""
    return [
        {
            "label": f"نامزد {to_persian_digits(place)}",
            "value": "، نماینده: ".join(
                [row.ngo.name, *([row.representative.full_name] if row.representative else [])]
            ),
        }
        for place, row in enumerate(nominees_of(nomination), start=1)
    ]


def are_three_ready(nomination: NominationRound) -> bool:
    """Whether exactly three are listed and all have consented."""
    consents = list(nomination.nominees.values_list("consented_on", flat=True))
    return len(consents) == THREE and None not in consents


def silent_seats(nomination: NominationRound) -> list[str]:
    """The four seats with a ballot of which none has been cast."""
    cast = set(nomination.ballots.values_list("seat_code", flat=True))
    return [code for code in APPOINTED_SEATS if code not in cast]


def who_voted(nomination: NominationRound) -> list[int]:
    """Who has voted; in whatever seat they sit later, they have no second ballot (C3)."""
    return list(nomination.ballots.values_list("voter_id", flat=True))


def heads_from(nomination: NominationRound) -> date | None:
    """The first day on which the decision is the head's by the clock alone; None once it was handed over."""
    deadline = deadline_of(nomination)
    return None if nomination.head_reason or deadline is None else deadline + timedelta(days=1)


def why_the_heads(nomination: NominationRound) -> str:
    """Why the decision is the head's (C3)."""
    return nomination.head_reason or LATE


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
    keep_checks(looked, CheckMoment.SEALING, step)
    return {"nominees": [row.nominee.ngo_id for row in looked]}


def cast_gaps(nomination: NominationRound, step: Step) -> Iterator[str]:
    """C3: in time."""
    deadline = deadline_of(nomination)
    if deadline is not None and step.on > deadline:
        yield f"مهلت رأی‌گیری در {format_jalali(deadline, 'medium')} پایان یافت؛ تصمیم با معاون است."


def keep_ballot(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """The ballot is kept for good; whom it names stands in no trail while the round is open (C3)."""
    seating = rules.seating_of(step.actor, step.on) if step.actor else None
    if seating is None:
        raise Refusal(NOT_SEATED)
    NominationBallot.objects.create(
        round=nomination,
        nominee=step.asked["nominee"],
        seating=seating,
        seat_code=seating.seat_code,
        voter=seating.person,
        cast_at=step.at,
        reason=step.asked.get("reason") or "",
    )
    return {"seat": seating.seat_code}


def decide_gaps(nomination: NominationRound, step: Step) -> Iterator[str]:
    """C3: the deputy's head decides when both ballots cannot; eligibility is looked at again."""
    standing = standing_of(nomination, step.on)
    if not standing.head_reason:
        yield _still_waiting(standing)
    if {row.voter_id for row in standing.ballots.values()} & persons_acting(step.actor, step.authority):
        yield rules.VOTED_IN_IT
    nominee = step.asked.get("nominee")
    if nominee is not None:
        looked = look_at(nominees_of(nomination), step.on)
        yield from next(row for row in looked if row.nominee.pk == nominee.pk).unmet


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


def decided_by_head(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """Whom the deputy's head picked, and why (C3)."""
    chosen = step.asked["nominee"]
    return _decided(nomination, step, chosen, decided_by=step.actor, reason=step.note)


def decided_by_ballots(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """On whom both deputy ballots fell (C3)."""
    agreed = standing_of(nomination, step.on).agreed
    chosen = next(row for row in nominees_of(nomination) if row.pk == agreed)
    return _decided(nomination, step, chosen)


def _decided(nomination: NominationRound, step: Step, chosen: Nominee, **how: Any) -> dict[str, Any]:
    """The columns of a decision, its proof sheet among them, after the checks were kept (C2).

    Locks the seat first: the sheet's number comes after it in the one written order.
    """
    seats.lock_seat(nomination.seat_id)
    keep_checks(look_at(nominees_of(nomination), step.on), CheckMoment.DECISION, step)
    columns = {"chosen": chosen, "decided_on": step.on, **how}
    decided = copy(nomination)
    for name, value in columns.items():
        setattr(decided, name, value)
    letter = proof_sheet.issue_proof_sheet(decided, actor=step.actor, at=step.at, authority=step.authority)
    return {**columns, "proof": letter}


def seat_chosen(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """What follows a decision, in its transaction: the chosen NGO's person sits from the next day (C2, C3)."""
    seating = seats.seat_ngo(nomination, step=step)
    number = nomination.proof.number.text if nomination.proof is not None else ""
    return {"ngo": seating.ngo_id, "person": seating.person_id, "proof": number}


def void_gaps(nomination: NominationRound, step: Step) -> Iterable[str]:
    """Who decides with the ballots before the eyes does not void them instead (C3)."""
    if len(step.note.strip()) > LONGEST_VOID:
        yield f"سبب ابطال نباید بیش از {to_persian_digits(LONGEST_VOID)} نویسه باشد."
    is_deputys = step.authority.role == Role.DEPUTY_MANAGER and nomination.state == RoundState.OPEN
    deadline = deadline_of(nomination) if is_deputys else None
    if is_deputys and (nomination.head_reason or (deadline is not None and step.on > deadline)):
        yield BALLOTS_READ


def release_nominees(nomination: NominationRound, step: Step) -> None:
    """Nobody is asked any more to consent to what is void."""
    step.touch(*nomination.nominees.all())


# --- what follows a ballot, the clock and a lost membership --------------------------------------------------


def lock_ngos(nomination: NominationRound) -> None:
    """Lock the nominees' NGOs before the round, so that no membership ends while it is decided on.

    Written order: NGO, round, seat, seating. A suspension locks its NGO first and then the rounds it voids.
    """
    ids = nomination.nominees.values_list("ngo_id", flat=True)
    list(Ngo.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk").only("pk"))


def settle(nomination: NominationRound, step: Step) -> None:
    """After the sealing and each ballot: two equal deputy ballots decide at once; else the head is told when it is for him (C3).

    When one of the three is eligible no more, the round is void with the reason; what was found stays, the ballots stay
    sealed. Whichever of the three it is, and whether both ballots are equal or not, the round is void: so that nothing
    says what the ballots named.
    """
    standing = standing_of(nomination, step.on)
    take = partial(table_for(nomination).apply, nomination, actor=None, at=step.at)
    both = all(code in standing.ballots for code in DEPUTY_SEATS)
    looked = look_at(nominees_of(nomination), step.on) if both else []
    if all(row.is_eligible for row in looked):
        if standing.agreed is None:
            if standing.head_reason and not nomination.head_reason:
                take("hand_over")
            return
        agreed = next(row for row in looked if row.nominee.pk == standing.agreed)
        take("decide_by_ballots", note=f"هر دو رأی معاونت به «{agreed.nominee.ngo.name}» است.")
    else:
        keep_checks(looked, CheckMoment.DECISION, step)
        unmet = " ".join(sentence for row in looked for sentence in row.unmet)
        take("void", note=f"در بررسی دوباره، شرایط سه نامزد کامل نبود. {unmet}"[:LONGEST_VOID])


# --- the clock, and a seat that is empty or filled again -----------------------------------------------------


def _open_rounds() -> QuerySet[NominationRound]:
    return NominationRound.objects.filter(state=RoundState.OPEN).order_by("pk")


def undecided_rounds(at: datetime) -> list[NominationRound]:
    """Open rounds that are the head's from now on: the clock ran out, or no deputy member is left who may vote (C3)."""
    on = local_date(at)
    return [row for row in _open_rounds().filter(head_reason="") if standing_of(row, on).head_reason]


def not_the_heads(nomination: NominationRound, step: Step) -> Iterator[str]:
    """Asked again under the lock; the head is told once."""
    if nomination.head_reason:
        yield "این تصمیم پیش از این به معاون سپرده شده است."
    elif not standing_of(nomination, step.on).head_reason:
        yield STILL_THEIRS


def handed_over(nomination: NominationRound, step: Step) -> dict[str, Any]:
    """Why the decision is the head's; the entry says the same."""
    step.note = standing_of(nomination, step.on).head_reason
    return {"head_reason": step.note}


def rounds_of_members_again(at: datetime) -> list[NominationRound]:
    """Open rounds that were the head's because a seat was empty, and whose new deputy member may still vote (C3)."""
    on = local_date(at)
    return [row for row in _open_rounds().exclude(head_reason="") if not standing_of(row, on).head_reason]


def still_the_heads(nomination: NominationRound, step: Step) -> Iterator[str]:
    """Asked again under the lock."""
    if not nomination.head_reason:
        yield STILL_THEIRS
    elif reason := standing_of(nomination, step.on).head_reason:
        yield reason


# --- a lost membership ---------------------------------------------------------------------------------------


def membership_changed(ngo: Ngo, *, state: str, at: datetime) -> None:
    """A nominee that is no member any more makes its open rounds void; in one being prepared it is only ineligible."""
    what = "تعلیق شد" if state == MembershipState.SUSPENDED else "پایان یافت"
    for nomination in NominationRound.objects.filter(state=RoundState.OPEN, nominees__ngo=ngo).order_by("pk"):
        note = f"عضویت نامزد «{ngo.name}» {what}."
        table_for(nomination).apply(nomination, "void", actor=None, at=at, note=note[:LONGEST_VOID])
