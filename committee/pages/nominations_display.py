"""How a round is drawn: its path, its clock, three cards with their criteria, five seats with who has voted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from committee import eligibility, secrecy
from committee.enums import CheckMoment, RoundState, SeatCode
from committee.models import EligibilityCheck, NominationBallot, NominationRound, Nominee, Seating
from committee.operations.nominations import THREE, Standing, standing_of
from committee.operations.nominees import look_at, nominees_of
from committee.pages.seats_display import side_word
from committee.proof_sheet import ADVISORY, DECIDING, how_decided
from committee.queries import sitting
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import clocks
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

HQ_SEATS = (SeatCode.HQ1, SeatCode.HQ2)
OVER = (RoundState.DECIDED, RoundState.VOID)


@dataclass(frozen=True)
class Picture:
    """Everything the page of one round draws, read once."""

    nomination: NominationRound
    nominees: list[Nominee]
    standing: Standing
    seatings: list[Seating]
    shows_ballots: bool

    @property
    def ballots(self) -> dict[str, NominationBallot]:
        return self.standing.ballots

    def own_choice(self, me: int) -> Nominee | None:
        """Whom the person's own ballot names; nobody is told of a void round, whose ballots are sealed for good (C3)."""
        if secrecy.are_sealed(self.nomination):
            return None
        return next((row.nominee for row in self.ballots.values() if row.voter_id == me), None)


def picture_of(nomination: NominationRound, me: User, on: date) -> Picture:
    """Read a round: nominees, ballots, who sits; of one that is over, who sat when it ended."""
    seen_on = access.local_date(nomination.state_since) if nomination.state in OVER else on
    seatings = sitting(seen_on)
    standing = standing_of(nomination, on, seatings=seatings)
    has_voted = any(row.voter_id == me.pk for row in standing.ballots.values())
    is_heads = bool(standing.head_reason) and not has_voted
    shows = secrecy.may_read_choices(me, nomination, on, is_heads=is_heads)
    return Picture(nomination, nominees_of(nomination), standing, seatings, shows)


# --- path and clock ------------------------------------------------------------------------------------------


def stepper(nomination: NominationRound) -> list[dict[str, Any]]:
    """The path of a round; a void one stops where it stood."""
    since = f"از {format_jalali(nomination.state_since, 'medium')}"
    labels = ["آماده‌سازی و پذیرش نامزدها", "رأی‌گیری", "تصمیم و استقرار"]
    if nomination.state == RoundState.VOID:
        reached = 2 if nomination.sealed_on else 1
        return [
            *({"label": label, "state": "done"} for label in labels[: reached - 1]),
            {"label": labels[reached - 1], "state": "off"},
            {"label": RoundState.VOID.label, "state": "off", "note": since},
        ]
    place = {RoundState.PREPARING: 0, RoundState.OPEN: 1, RoundState.DECIDED: 3}[RoundState(nomination.state)]
    return [
        {
            "label": label,
            "state": "done" if number < place else ("current" if number == place else "todo"),
            "note": since if number == place else "",
        }
        for number, label in enumerate(labels)
    ]


def clock_words(picture: Picture, on: date) -> tuple[str, str]:
    """«… روز کاری مانده» of an open round, how far one being prepared is; with the tone of the badge."""
    if picture.nomination.state == RoundState.PREPARING:
        return _prepared_words(picture.nominees)
    deadline = picture.standing.deadline
    if picture.nomination.state != RoundState.OPEN or deadline is None:
        return "", ""
    if on > deadline:
        return "مهلت رأی‌گیری گذشته است", "no"
    if picture.standing.head_reason:
        return "در انتظار تصمیم معاون", "wait"
    left = clocks.calendar(on).between(on, deadline)
    if left <= 0:
        return "امروز آخرین روز رأی‌گیری است", "wait"
    return f"{to_persian_digits(left)} روز کاری مانده", "wait" if left <= 3 else "go"


def _prepared_words(nominees: list[Nominee]) -> tuple[str, str]:
    consents = sum(row.consented_on is not None for row in nominees)
    if len(nominees) != THREE:
        return f"{to_persian_digits(len(nominees))} نامزد از {to_persian_digits(THREE)}", "wait"
    if consents == 0:
        return "هنوز هیچ‌یک نپذیرفته است", "wait"
    if consents < THREE:
        return f"{to_persian_digits(consents)} پذیرش از {to_persian_digits(THREE)}", "wait"
    return "هر سه پذیرفته‌اند", "ok"


# --- the three -----------------------------------------------------------------------------------------------


def cards(picture: Picture, me: User, on: date, allowed: Iterable[str]) -> list[dict[str, Any]]:
    """One card for each nominee: who, why, every criterion, and after the end who voted for it."""
    nomination = picture.nomination
    found = _findings(picture, on)
    mine = picture.own_choice(me.pk)
    step = next((name for name in ("cast", "decide") if name in set(allowed)), "")
    own_page = access.has_role(me, on, Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)
    return [
        {
            "name": row.ngo.name,
            "url": reverse("committee:nominee_detail", args=[row.pk]) if own_page else "",
            "number": row.ngo.membership_number or "",
            "field": row.ngo.primary_field.title if row.ngo.primary_field else "",
            "why": row.why,
            "representative": row.representative.full_name if row.representative else "",
            "criteria": found[row.pk],
            "eligible": eligibility.is_eligible(found[row.pk]),
            "folded": nomination.state != RoundState.PREPARING and eligibility.is_eligible(found[row.pk]),
            "chosen": row.pk == nomination.chosen_id,
            "mine": row == mine,
            "votes": [_vote(ballot) for ballot in picture.ballots.values() if ballot.nominee_id == row.pk]
            if picture.shows_ballots
            else [],
            "pick_url": f"{reverse('committee:nomination_do', args=[nomination.pk, step])}?nominee={row.pk}"
            if step
            else "",
            "pick_label": "رأی به این سمن" if step == "cast" else "انتخاب این سمن",
        }
        for row in picture.nominees
    ]


def _findings(picture: Picture, on: date) -> dict[int, list[eligibility.Finding]]:
    """What is found today while the round runs; of one that is over what was kept, the latest first."""
    if picture.nomination.state not in OVER:
        return {row.nominee.pk: row.findings for row in look_at(picture.nominees, on)}
    kept: dict[int, list[eligibility.Finding]] = {row.pk: [] for row in picture.nominees}
    checks = EligibilityCheck.objects.filter(nominee__round=picture.nomination).order_by("id")
    for check in sorted(checks, key=lambda row: row.moment == CheckMoment.DECISION):
        kept[check.nominee_id] = eligibility.from_json(check.findings)
    return kept


def _vote(ballot: NominationBallot) -> dict[str, str]:
    return {
        "voter": ballot.voter.full_name,
        "weight": ADVISORY if ballot.is_advisory else DECIDING,
        "tone": "neutral" if ballot.is_advisory else "go",
    }


# --- the five seats and the ballots --------------------------------------------------------------------------


def circle(picture: Picture, me: User) -> list[dict[str, Any]]:
    """The five seats with who has voted; whom a ballot names stands there only after the end."""
    rows = {row.seat_code: row for row in picture.seatings}
    return [_seat(code, rows.get(code), picture, me) for code in SeatCode.values]


def _seat(code: str, row: Seating | None, picture: Picture, me: User) -> dict[str, Any]:
    ballot = picture.ballots.get(code)
    side = f"{side_word(code)}، {ADVISORY}" if code in HQ_SEATS else side_word(code)
    if code == SeatCode.NGO:
        name = row.person.full_name if row else ""
        note = "نماینده سمن‌ها در این انتخاب رأی ندارد."
        return {"name": name, "side": side, "mark": "بی‌رأی", "tone": "aside", "note": note}
    if ballot is not None:
        hidden = "پنهان می‌ماند" if secrecy.are_sealed(picture.nomination) else "هنوز پنهان است"
        note = f"رأی به «{ballot.nominee.ngo.name}»" if picture.shows_ballots else f"رأی داد؛ {hidden}."
        return {
            "name": ballot.voter.full_name,
            "side": side,
            "mark": "رأی داد",
            "tone": "done",
            "you": ballot.voter_id == me.pk,
            "note": note,
        }
    if row is None:
        return {"name": "", "side": side, "mark": "خالی", "tone": "vacant"}
    over = picture.nomination.state in OVER
    return {
        "name": row.person.full_name,
        "side": side,
        "mark": "رأی نداد" if over else "در انتظار",
        "tone": "absent" if over else "wait",
        "you": row.person_id == me.pk,
    }


def ballot_rows(picture: Picture) -> list[dict[str, Any]]:
    """Every ballot that may be read, in the order of the seats: of a decided round, and for the head who decides."""
    if not picture.shows_ballots:
        return []
    return [
        {
            "seat": SeatCode(code).label,
            "voter": picture.ballots[code].voter.full_name,
            "choice": picture.ballots[code].nominee.ngo.name,
            "weight": ADVISORY if code in HQ_SEATS else DECIDING,
            "tone": "neutral" if code in HQ_SEATS else "go",
            "reason": picture.ballots[code].reason,
            "at": format_jalali(picture.ballots[code].cast_at, "moment"),
        }
        for code in SeatCode.values
        if code in picture.ballots
    ]


# --- beside the record ---------------------------------------------------------------------------------------


def facts(picture: Picture) -> list[dict[str, Any]]:
    """The facts of a round."""
    nomination = picture.nomination
    term = nomination.seat.term
    rows: list[dict[str, Any]] = [
        {
            "label": "کرسی",
            "value": f"سمن‌ها، دوره {to_persian_digits(term.number)}",
            "url": reverse("committee:term_detail", args=[term.pk]),
        },
        {"label": "آماده‌سازی", "value": _by(nomination.prepared_by, nomination.prepared_at)},
    ]
    if nomination.sealed_on:
        rows.append({"label": "نهایی‌شدن سه نامزد", "value": _by(nomination.sealed_by, nomination.sealed_on)})
    if picture.standing.deadline and not (
        nomination.state == RoundState.OPEN and picture.standing.head_reason
    ):
        rows.append({"label": "مهلت رأی‌گیری", "value": format_jalali(picture.standing.deadline, "medium")})
    if nomination.chosen and nomination.decided_on:
        rows.append({"label": "برگزیده", "value": nomination.chosen.ngo.name})
        rows.append({"label": "شیوه تصمیم", "value": how_decided(nomination)})
        rows.append({"label": "تصمیم", "value": _by(nomination.decided_by, nomination.decided_on)})
    return rows


def _by(person: User | None, day: date) -> str:
    name = f"{person.full_name}، " if person else ""
    return f"{name}{format_jalali(day, 'medium')}"
