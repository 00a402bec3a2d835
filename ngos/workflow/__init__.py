"""The tables of the registry and of grading, one for each kind of record."""

from ngos.workflow.assessments import ASSESSMENT
from ngos.workflow.documents import DOCUMENT
from ngos.workflow.frameworks import FRAMEWORK
from ngos.workflow.imports import IMPORT
from ngos.workflow.membership import MEMBERSHIP
from ngos.workflow.moderation import MODERATED
from ngos.workflow.parts import ACCOUNT, LICENCE, OFFICER
from ngos.workflow.periods import PERIOD

__all__ = [
    "ACCOUNT",
    "ASSESSMENT",
    "DOCUMENT",
    "FRAMEWORK",
    "IMPORT",
    "LICENCE",
    "MEMBERSHIP",
    "MODERATED",
    "OFFICER",
    "PERIOD",
]
