"""X7, X8: no state without an owner and an end; a hold is never a state. For every record that stands on a table."""

import pytest

from staff_portal.kernel.workflow.registry import TABLES
from staff_portal.kernel.workflow.rows import Creation
from staff_portal.kernel.workflow.table import Table

HELD = {"held", "on_hold", "halted_by_hold", "stopped"}


def tables() -> list[Table]:
    return [table for _, table in sorted(TABLES.items()) if table.state_field]


def file_of(table: Table) -> Table:
    """The table of the record on which a part hangs, or the table itself."""
    if not table.within or "." in table.within:
        return table
    return TABLES[table.model._meta.get_field(table.within).related_model._meta.label_lower]


def leaving(table: Table, state: str) -> list[str]:
    """The rows by which a record leaves a state."""
    return [
        name
        for name, row in table.rows.items()
        if not isinstance(row, Creation) and any(t != state for t in table.targets_of(row).get(state, ()))
    ]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.code)
def test_every_state_that_is_not_final_is_somebody_s_turn(table: Table) -> None:
    for state, _ in table.states():
        if leaving(table, state) and state not in table.rests:
            owners = [name for name, row in table.rows.items() if row.waits and state in row.sources]
            swept = [name for name, row in table.rows.items() if row.sweep and state in row.sources]
            # a part may wait in its file: documents are reviewed together
            owners += [wait.title for wait in file_of(table).waits]
            assert owners or swept, f"{table.code}: nobody's turn in {state}"


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.code)
def test_every_state_can_be_reached_and_none_is_a_hold(table: Table) -> None:
    states = {state for state, _ in table.states()}
    reached = {
        str(target) for row in table.rows.values() if isinstance(row, Creation) for target in row.targets
    }
    reached |= {
        str(target)
        for row in table.rows.values()
        for source, targets in table.targets_of(row).items()
        for target in targets
        if target != source
    }
    assert reached == states
    assert not states & HELD
