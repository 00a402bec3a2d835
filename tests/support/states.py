"""Putting a record into a state without taking its rows: by the moves the database knows, and no others."""

from datetime import datetime
from typing import Any

from staff_portal.kernel.workflow.table import Table


def put(table: Table, obj: Any, state: str, *, since: datetime | None = None, **values: Any) -> Any:
    """The record in that state with these columns, each stored in a state in which some row stores it."""
    here, rows = table.state_of(obj), table.model._default_manager.filter(pk=obj.pk)
    for there in [*_way(table, here, state), None]:
        allowed = {name for row in table.rows.values() if here in row.sources for name in row.stores}
        changes = {name: value for name, value in values.items() if name in allowed}
        if there is not None:
            changes[table.state_field] = there
            if since is not None:
                changes["state_since"] = since
        if changes:
            rows.update(**changes)
        here = there or here
    return table.model._default_manager.get(pk=obj.pk)


def _way(table: Table, start: str, end: str) -> list[str]:
    """The states on the shortest way of the table's rows."""
    moves = [
        (source, target)
        for row in table.rows.values()
        for source, found in table.targets_of(row).items()
        for target in found
    ]
    ways: dict[str, list[str]] = {str(start): []}
    waiting = [str(start)]
    while waiting:
        here = waiting.pop(0)
        for source, target in moves:
            if str(source) == here and str(target) not in ways:
                ways[str(target)] = [*ways[here], str(target)]
                waiting.append(str(target))
    return ways[str(end)]
