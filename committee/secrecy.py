"""Who may read whom a ballot names: one rule for motions and rounds of nomination, asked by every reader (C3, C5)."""

from datetime import date

from committee import rules
from committee.enums import MotionState, RoundState, VotingMode
from committee.models import Motion, NominationRound
from staff_portal.kernel.models import User


def are_sealed(voted: Motion | NominationRound) -> bool:
    """Whether the ballots stay sealed for good: of a circulation asked into a meeting, of a void round (C3, C5)."""
    if isinstance(voted, NominationRound):
        return voted.state == RoundState.VOID
    is_over = voted.state == MotionState.LAPSED and voted.mode == VotingMode.CIRCULATION
    return is_over and voted.meeting_only


def are_counted(motion: Motion) -> bool:
    """Whether for, against and abstain of the motion are told: it is closed, and its ballots are not sealed for good."""
    return motion.state in rules.CLOSED_MOTIONS and not are_sealed(motion)


def may_read_choices(
    user: User, voted: Motion | NominationRound, on: date, *, is_heads: bool = False
) -> bool:
    """Whether the person may read choices and reasons now (C3, C5).

    Nobody while the vote is open, nobody ever where they are sealed for good; else of a closed motion the members who
    sit that day and the auditor, of a decided round the committee's readers. Of an open round whose decision ``is_heads``,
    whoever may take it: it is taken with all ballots before the eyes.
    """
    if are_sealed(voted):
        return False
    if isinstance(voted, NominationRound):
        if voted.state == RoundState.OPEN:
            return is_heads and rules.DECIDE.authority(user, voted, on) is not None
        return voted.state == RoundState.DECIDED and rules.reads_committee(user, on)
    return voted.state in rules.CLOSED_MOTIONS and rules.reads_ballots(user, on)
