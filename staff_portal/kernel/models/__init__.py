"""Models of the ground floor."""

from staff_portal.kernel.models.audit import AuditEntry, LedgerCheckpoint, LedgerLink, UnsealedEntry
from staff_portal.kernel.models.calendar import DatedSetting, Holiday
from staff_portal.kernel.models.files import Attachment
from staff_portal.kernel.models.jobs import Job, JobState
from staff_portal.kernel.models.letters import (
    IssuedNumber,
    Letter,
    LetterEvent,
    LetterEventKind,
    LetterRendering,
    NumberSeries,
    Secrecy,
)
from staff_portal.kernel.models.outbox import Channel, Delivery, Notification, OutboxMessage
from staff_portal.kernel.models.people import Delegation, RoleAssignment, User
from staff_portal.kernel.models.places import ActivityField, District, Neighbourhood, Unit, UnitKind
from staff_portal.kernel.models.preferences import SavedView
from staff_portal.kernel.models.work import Case, Hold, Referral, WorkItem

__all__ = [
    "ActivityField",
    "Attachment",
    "AuditEntry",
    "Case",
    "Channel",
    "DatedSetting",
    "Delegation",
    "Delivery",
    "District",
    "Hold",
    "Holiday",
    "IssuedNumber",
    "Job",
    "JobState",
    "LedgerCheckpoint",
    "LedgerLink",
    "Letter",
    "LetterEvent",
    "LetterEventKind",
    "LetterRendering",
    "Neighbourhood",
    "Notification",
    "NumberSeries",
    "OutboxMessage",
    "Referral",
    "RoleAssignment",
    "SavedView",
    "Secrecy",
    "Unit",
    "UnitKind",
    "UnsealedEntry",
    "User",
    "WorkItem",
]
