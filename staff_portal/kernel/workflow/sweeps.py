"""What the system does by itself when a clock has run out: rows with a ``sweep``, taken by the beat."""

from datetime import datetime

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.workflow import refused
from staff_portal.kernel.workflow.registry import TABLES
from staff_portal.kernel.workflow.rows import Row
from staff_portal.kernel.workflow.table import Table


def run(at: datetime, *tables: Table) -> int:
    """Take every row that is due, of all tables in their order or of those given; returns how many were taken.

    The records are asked again under their lock: what another beat took meanwhile, or what something stands against,
    is passed over without a word.
    """
    return sum(
        _sweep(table, row, at)
        for table in tables or list(TABLES.values())
        for row in table.rows.values()
        if row.sweep is not None
    )


def _sweep(table: Table, row: Row, at: datetime) -> int:
    taken = 0
    for obj in list(row.sweep(at)) if row.sweep is not None else ():
        try:
            with refused.passed_over():
                table.apply(obj, row.name, actor=None, at=at)
        except Refusal:
            continue
        taken += 1
    return taken
