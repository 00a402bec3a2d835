"""The tables of the registry and of grading, one for each kind of record."""

from ngos.workflow.assessments import ASSESSMENT
from ngos.workflow.decisions import DECISION
from ngos.workflow.documents import DOCUMENT
from ngos.workflow.frameworks import FRAMEWORK
from ngos.workflow.grades import GRADE, GRADE_END, PERIOD
from ngos.workflow.imports import IMPORT
from ngos.workflow.membership import MEMBERSHIP
from ngos.workflow.moderation import MODERATED
from ngos.workflow.parts import ACCOUNT, LICENCE, OFFICER
from ngos.workflow.sheets import SCORE, SEAT

__all__ = [
    "ACCOUNT",
    "ASSESSMENT",
    "DECISION",
    "DOCUMENT",
    "FRAMEWORK",
    "GRADE",
    "GRADE_END",
    "IMPORT",
    "LICENCE",
    "MEMBERSHIP",
    "MODERATED",
    "OFFICER",
    "PERIOD",
    "SCORE",
    "SEAT",
]
