"""The proof sheet [برگه اثبات انتخاب] of a decided round: a letter anyone may verify (C2, K3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from committee.enums import CheckMoment, SeatCode
from committee.models import EligibilityCheck, NominationBallot, NominationRound, Nominee
from staff_portal.kernel.letters.contracts import Document
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

PROOF_SHEET = LetterKind(slug="proof-sheet", code="ن", label="برگه اثبات انتخاب", template="proof_sheet")
BY_BALLOTS = "دو رأی یکسان نمایندگان معاونت"
BY_HEAD = "تصمیم معاون امور اجتماعی و فرهنگی"
ADVISORY = "مشورتی"
DECIDING = "تعیین‌کننده"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofCriterion:
    """One criterion of one nominee, as it was found at sealing and again at the decision."""

    title: str
    met_at_sealing: bool
    met_at_decision: bool
    sentence: str
    """What was found at the decision"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofNominee:
    """One of the three."""

    name: str
    membership_number: str
    representative: str
    consent: str
    """«۳ آذر ۱۴۰۵، در سامانه» or with the number of the letter"""
    why: str
    is_chosen: bool
    criteria: tuple[ProofCriterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofBallot:
    """The ballot of one of the four seats; ``choice`` is "" where none was cast."""

    seat: str
    voter: str
    weight: str
    """«مشورتی» or «تعیین‌کننده»"""
    choice: str
    cast_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSheetData(Document):
    """`proof_sheet.typ`: who proposed and when, the three with each criterion, each ballot, the decision."""

    TEMPLATE: ClassVar[str] = "proof_sheet"

    round_title: str
    term: str
    chosen: str
    chosen_representative: str
    how: str
    decided_on: str
    decided_by: str
    """The deputy's head who picked; "" when both ballots agreed"""
    reason: str
    proposed_by: str
    proposed_on: str
    sealed_by: str
    sealed_on: str
    nominees: tuple[ProofNominee, ...]
    ballots: tuple[ProofBallot, ...]


def issue_proof_sheet(
    nomination: NominationRound, *, actor: User | None, at: datetime, authority: Authority
) -> Letter:
    """Issue the sheet; call it in the transaction of the decision, after its checks were kept."""
    chosen = nomination.chosen
    if chosen is None or nomination.decided_on is None:
        raise ValueError("a proof sheet is issued for a decided round only")
    ngo = chosen.ngo.name
    return issue_letter(
        kind=PROOF_SHEET,
        build=lambda head: proof_sheet_data(head, nomination),
        subject=f"برگه اثبات انتخاب {ngo} برای کرسی سمن‌ها در کمیته مشترک",
        addressee=ngo,
        root=nomination,
        public_facts=[
            ["سمن برگزیده", ngo],
            ["کرسی", f"سمن‌ها، دوره {to_persian_digits(nomination.seat.term.number)} کمیته مشترک"],
            ["شیوه تصمیم", how_decided(nomination)],
            ["تاریخ تصمیم", format_jalali(nomination.decided_on, "medium")],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )


def how_decided(nomination: NominationRound) -> str:
    """By two equal ballots of the deputy's members, or by the deputy's head."""
    return BY_BALLOTS if nomination.decided_by_id is None else BY_HEAD


def proof_sheet_data(head: Head, nomination: NominationRound) -> ProofSheetData:
    """Everything on the sheet, ready to print, from what was recorded."""
    chosen = nomination.chosen
    nominees = nomination.nominees.select_related("ngo", "representative").order_by("id")
    checks: dict[tuple[int, str], EligibilityCheck] = {
        (row.nominee_id, row.moment): row
        for row in EligibilityCheck.objects.filter(nominee__round=nomination)
    }
    ballots = {row.seat_code: row for row in nomination.ballots.select_related("voter", "nominee__ngo")}
    return ProofSheetData(
        **head.fields(),
        round_title=str(nomination),
        term=to_persian_digits(nomination.seat.term.number),
        chosen=chosen.ngo.name if chosen else "",
        chosen_representative=_name(chosen.representative) if chosen else "",
        how=how_decided(nomination),
        decided_on=_day(nomination.decided_on),
        decided_by=_name(nomination.decided_by),
        reason=nomination.reason,
        proposed_by=_name(nomination.prepared_by),
        proposed_on=_day(nomination.prepared_at),
        sealed_by=_name(nomination.sealed_by),
        sealed_on=_day(nomination.sealed_on),
        nominees=tuple(
            ProofNominee(
                name=row.ngo.name,
                membership_number=to_persian_digits(row.ngo.membership_number or ""),
                representative=_name(row.representative),
                consent=_consent(row),
                why=row.why,
                is_chosen=row.pk == nomination.chosen_id,
                criteria=tuple(
                    _criteria(
                        checks.get((row.pk, CheckMoment.SEALING)), checks.get((row.pk, CheckMoment.DECISION))
                    )
                ),
            )
            for row in nominees
        ),
        ballots=tuple(
            _ballot(code, ballots.get(code))
            for code in (SeatCode.HQ1, SeatCode.HQ2, SeatCode.DEPUTY1, SeatCode.DEPUTY2)
        ),
    )


def _name(person: User | None) -> str:
    return person.full_name if person else ""


def _day(value: date | None) -> str:
    return format_jalali(value, "medium") if value else ""


def _consent(row: Nominee) -> str:
    way = f"نامه شماره {to_persian_digits(row.consent_reference)}" if row.consent_reference else "در سامانه"
    return f"{_day(row.consented_on)}، {way}"


def _criteria(
    sealing: EligibilityCheck | None, decision: EligibilityCheck | None
) -> Iterable[ProofCriterion]:
    earlier = {row["code"]: bool(row["met"]) for row in sealing.findings} if sealing else {}
    for row in decision.findings if decision else []:
        yield ProofCriterion(
            title=row["title"],
            met_at_sealing=earlier.get(row["code"], False),
            met_at_decision=bool(row["met"]),
            sentence=row["sentence"],
        )


def _ballot(code: SeatCode, ballot: NominationBallot | None) -> ProofBallot:
    advisory = code in (SeatCode.HQ1, SeatCode.HQ2)
    return ProofBallot(
        seat=str(code.label),
        voter=ballot.voter.full_name if ballot else "",
        weight=ADVISORY if advisory else DECIDING,
        choice=ballot.nominee.ngo.name if ballot else "",
        cast_at=format_jalali(ballot.cast_at, "moment") if ballot else "",
    )
