"""Tables of the joint committee."""

from committee.models.addressees import Addressee
from committee.models.citations import MotionArticle
from committee.models.meetings import (
    Absence,
    AgendaItem,
    EarlyConsent,
    Invitation,
    Meeting,
    NoticeWaiver,
    Presence,
)
from committee.models.motions import Ballot, Motion, Recusal
from committee.models.nominations import EligibilityCheck, NominationBallot, NominationRound, Nominee
from committee.models.outcomes import ActionItem, AmendmentRequest, Minutes, MinutesSignature, Resolution
from committee.models.policies import PolicyArticle, PolicyDocument
from committee.models.seats import Memorandum, MemorandumClause, Seat, Seating, Term
from committee.models.supplements import ItemConsent, Supplement

__all__ = [
    "Absence",
    "ActionItem",
    "Addressee",
    "AgendaItem",
    "AmendmentRequest",
    "Ballot",
    "EarlyConsent",
    "EligibilityCheck",
    "Invitation",
    "ItemConsent",
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
    "Supplement",
    "Term",
]
