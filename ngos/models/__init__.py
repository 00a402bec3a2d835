"""Models of the registry and of grading."""

from ngos.models.assessments import Assessment, AssessorSeat, Grade, GradeEnd, ModeratedValue, Score
from ngos.models.decisions import MembershipDecision
from ngos.models.frameworks import Dimension, Floor, Framework, Indicator, Level
from ngos.models.imports import RegisterImport
from ngos.models.membership import MembershipPeriod
from ngos.models.registry import Licence, Ngo, NgoAccount, NgoDocument, Officer

__all__ = [
    "Assessment",
    "AssessorSeat",
    "Dimension",
    "Floor",
    "Framework",
    "Grade",
    "GradeEnd",
    "Indicator",
    "Level",
    "Licence",
    "MembershipDecision",
    "MembershipPeriod",
    "ModeratedValue",
    "Ngo",
    "NgoAccount",
    "NgoDocument",
    "Officer",
    "RegisterImport",
    "Score",
]
