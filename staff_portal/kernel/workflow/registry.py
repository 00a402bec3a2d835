"""Every table by its model: operations, work items and pages find a record's rows here."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from staff_portal.kernel.workflow.table import Table

TABLES: dict[str, "Table"] = {}


def table_for(obj: models.Model | type[models.Model]) -> "Table":
    """The table of a record or model; ``KeyError`` where it has none."""
    return TABLES[obj._meta.label_lower]
