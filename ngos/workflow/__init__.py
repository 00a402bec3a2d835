"""The tables of the registry and of grading, one for each kind of record."""

from ngos.workflow.documents import DOCUMENT
from ngos.workflow.grading import ASSESSMENT, FRAMEWORK
from ngos.workflow.membership import MEMBERSHIP

__all__ = ["ASSESSMENT", "DOCUMENT", "FRAMEWORK", "MEMBERSHIP"]
