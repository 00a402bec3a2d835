"""Counting (C4, C5): quorum, base and outcome of a vote. Pure: no ORM, no clock.

Source: design, «Counting» with its worked examples. Quorum = three seats present, at least one HQ and one deputy; a
recused member is present for the quorum. Base = 5 − recused: a vacant seat counts, a recused one does not. Carried
when the votes for are more than half of the base; a tie is lost. Without quorum at closing the motion lapses; by
circulation it lapses with fewer than three ballots or none from one side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from committee.enums import SEAT_SIDE, Choice, MotionState, SeatCode, VotingMode
from staff_portal.kernel.base.roles import Side

SEAT_COUNT = 5
QUORUM = 3
NO_QUORUM = "هنگام پایان رأی‌گیری جلسه رسمیت نداشت."
TOO_FEW = "در رأی‌گیری مکاتبه‌ای کمتر از سه رأی داده شد."
ONE_SIDE_SILENT = "در رأی‌گیری مکاتبه‌ای از یک طرف هیچ رأیی داده نشد."


def has_quorum(present: Iterable[str]) -> bool:
    """Whether the seats present make the sitting valid [حد نصاب رسمیت]: three, with both sides among them."""
    codes = set(present)
    sides = {SEAT_SIDE[code] for code in codes}
    return len(codes) >= QUORUM and {Side.HQ, Side.DEPUTY} <= sides


def base_of(recused: Iterable[str]) -> int:
    """The base [مبنا] of the majority: five seats less those recused; vacant and absent ones count."""
    return SEAT_COUNT - len(set(recused))


def needed(base: int) -> int:
    """The least number of votes for that is more than half of ``base``."""
    return base // 2 + 1


@dataclass(frozen=True)
class Tally:
    """The outcome of a vote: state (carried, lost or lapsed), the counts, the base, and why it lapsed."""

    state: str
    votes_for: int
    votes_against: int
    votes_abstain: int
    recused: int
    base: int
    reason: str = ""

    @property
    def ballots(self) -> int:
        return self.votes_for + self.votes_against + self.votes_abstain


def tally(
    ballots: Mapping[str, str], *, recused: Iterable[str], mode: str, present: Iterable[str] = ()
) -> Tally:
    """Count ``ballots`` (choice by seat code) of a vote that closes now.

    ``present`` are the seats in the room at closing, recused ones included; by circulation it is not looked at.
    Raises ``ValueError`` for a ballot of a recused seat or of a seat that is none of the five.
    """
    aside = set(recused)
    if aside & set(ballots) or not {*ballots, *aside} <= set(SeatCode.values):
        raise ValueError("a ballot of a recused or unknown seat")
    counts = {choice: sum(1 for cast in ballots.values() if cast == choice) for choice in Choice.values}
    base = base_of(aside)
    reason = _lapse(ballots, mode, present)
    if reason:
        state = MotionState.LAPSED
    else:
        state = MotionState.CARRIED if counts[Choice.FOR] * 2 > base else MotionState.LOST
    return Tally(
        state=state.value,
        votes_for=counts[Choice.FOR],
        votes_against=counts[Choice.AGAINST],
        votes_abstain=counts[Choice.ABSTAIN],
        recused=len(aside),
        base=base,
        reason=reason,
    )


def _lapse(ballots: Mapping[str, str], mode: str, present: Iterable[str]) -> str:
    if mode == VotingMode.MEETING:
        return "" if has_quorum(present) else NO_QUORUM
    if len(ballots) < QUORUM:
        return TOO_FEW
    sides = {SEAT_SIDE[code] for code in ballots}
    return "" if {Side.HQ, Side.DEPUTY} <= sides else ONE_SIDE_SILENT
