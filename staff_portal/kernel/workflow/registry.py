"""Every table by its model: operations, work items and pages find a record's rows here."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from staff_portal.kernel.workflow.table import Table

TABLES: dict[str, "Table"] = {}

MOVERS: dict[str, list[Callable[[Any], Iterable[models.Model]]]] = {}
"""By the label of a model: which records' work items move with one of its records (a table's ``moved_by``)."""


def table_for(obj: models.Model | type[models.Model]) -> "Table":
    """The table of a record or model; ``KeyError`` where it has none."""
    return TABLES[obj._meta.label_lower]


def moved_with(record: models.Model) -> list[models.Model]:
    """The record itself, and those of other kinds whose waits depend on it."""
    found = [record]
    for find in MOVERS.get(record._meta.label_lower, ()):
        found.extend(find(record))
    return found
