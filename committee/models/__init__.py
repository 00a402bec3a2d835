"""Tables of the joint committee."""

from committee.models.citations import MotionArticle
from committee.models.meetings import Absence, AgendaItem, Invitation, Meeting, NoticeWaiver, Presence
from committee.models.motions import Ballot, Motion, Recusal
from committee.models.nominations import EligibilityCheck, NominationBallot, NominationRound, Nominee
from committee.models.outcomes import ActionItem, AmendmentRequest, Minutes, MinutesSignature, Resolution
from committee.models.policies import PolicyArticle, PolicyDocument
from committee.models.seats import Memorandum, MemorandumClause, Seat, Seating, Term

__all__ = [
    "Absence",
    "ActionItem",
    "AgendaItem",
    "AmendmentRequest",
    "Ballot",
    "EligibilityCheck",
    "Invitation",
    "Meeting",
    "Memorandum",
    "MemorandumClause",
    "Minutes",
    "MinutesSignature",
    "Motion",
    "MotionArticle",
    "NominationBallot",
    "NominationRound",
    "Nominee",
    "NoticeWaiver",
    "PolicyArticle",
    "PolicyDocument",
    "Presence",
    "Recusal",
    "Resolution",
    "Seat",
    "Seating",
    "Term",
]
