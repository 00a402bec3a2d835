"""What the database itself refuses of a table's records, made from its rows.

``moves`` lets no state change in SQL that the table does not know, and in each state only those columns that some row
of that state stores; new records begin in a first state only. ``kept`` does the same for records without states.
``stays`` takes none away that no removal of the table takes away. ``frozen`` keeps the parts of a record still while it
is in given states. All look at the old and the new row and have no switch.
"""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.db import models

from staff_portal.kernel.base.hardtriggers import HardTrigger, no_delete, no_truncate, raise_sql
from staff_portal.kernel.workflow.rows import Creation, Removal
from staff_portal.kernel.workflow.table import Table

SINCE, VERSION = "state_since", "version"


def guard(table: "Table", constraint: str, *, final: str = "", derived: Iterable[str] = ()) -> None:
    """Hang the generated triggers on the table's model; ``makemigrations`` finds them there.

    Of a table without states ``final`` is the column that ends a record: once it is filled nothing changes; an empty
    text fills nothing.
    ``derived`` are columns that operations keep in line with other records (for searching and listing): in no state
    a row's own.
    """
    trigger = moves(table, constraint, derived) if table.state_field else kept(table, constraint, final)
    trigger.register(table.model)  # type: ignore[arg-type]
    guard_removal(table, constraint)


def guard_removal(table: "Table", constraint: str) -> None:
    """Hang the triggers of ``stays`` on the table's model, beside the rest of the guard or where there is none."""
    for trigger in stays(table, constraint):
        trigger.register(table.model)


def stays(table: "Table", constraint: str) -> list[Any]:
    """What keeps the records from being taken away: without a removal all of them, else those in a state that no
    removal names, and never the whole table. A model that has said so itself needs no second trigger."""
    removals = [row for row in table.rows.values() if isinstance(row, Removal)]
    own = {trigger.name for trigger in getattr(table.model._meta, "triggers", [])}
    if not removals:
        return [trigger for trigger in no_delete(constraint) if not own & {trigger.name, "append_only"}]
    whole = [] if "no_truncate" in own else [no_truncate(constraint)]
    if not table.state_field or any(not row.sources for row in removals):
        return whole
    states = _texts(sorted({str(source) for row in removals for source in row.sources}))
    return [
        *whole,
        HardTrigger(
            name="removed",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=f"""
                IF OLD.{_column(table.model, table.state_field)} NOT IN ({states}) THEN
                    {raise_sql(constraint)}
                END IF;
                RETURN OLD;
            """,
        ),
    ]


def moves(table: "Table", constraint: str, derived: Iterable[str] = ()) -> HardTrigger:
    """The trigger that follows the table; its sentence stands under ``constraint``."""
    stored = _stored(table, _column(table.model, table.state_field), derived)
    refuse = raise_sql(constraint)
    state = _column(table.model, table.state_field)
    return HardTrigger(
        name="moves",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            {_inserts(table, state, refuse)}
            IF NEW.{state} IS DISTINCT FROM OLD.{state}
               AND (OLD.{state}, NEW.{state}) NOT IN ({_pairs(table)}) THEN
                {refuse}
            END IF;
            IF (to_jsonb(OLD) - {stored}) IS DISTINCT FROM (to_jsonb(NEW) - {stored}) THEN
                {refuse}
            END IF;
            RETURN NEW;
        """,
    )


def kept(table: "Table", constraint: str, final: str = "") -> HardTrigger:
    """The trigger of a table without states: only columns that some act stores change, none after the end."""
    names = {name for row in table.rows.values() if not isinstance(row, Creation) for name in row.stores}
    stored = f"ARRAY[{_texts(sorted(_column(table.model, name) for name in names))}]::text[]"
    over = _is_filled(table.model, final) if final else "FALSE"
    return HardTrigger(
        name="moves",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF ({over} AND OLD IS DISTINCT FROM NEW)
               OR (to_jsonb(OLD) - {stored}) IS DISTINCT FROM (to_jsonb(NEW) - {stored}) THEN
                {raise_sql(constraint)}
            END IF;
            RETURN NEW;
        """,
    )


def _is_filled(model: type[models.Model], name: str) -> str:
    column: Any = model._meta.get_field(name)
    filled = "IS NOT NULL" if column.null or not column.empty_strings_allowed else "<> ''"
    return f"OLD.{column.column} {filled}"


def _inserts(table: "Table", state: str, refuse: str) -> str:
    first = sorted(
        {str(target) for row in table.rows.values() if isinstance(row, Creation) for target in row.targets}
    )
    check = f"IF NEW.{state} NOT IN ({_texts(first)}) THEN {refuse} END IF;" if first else ""
    return f"IF TG_OP = 'INSERT' THEN {check} RETURN NEW; END IF;"


def _pairs(table: "Table") -> str:
    pairs = sorted(
        {
            (str(source), str(target))
            for row in table.rows.values()
            for source, targets in table.targets_of(row).items()
            for target in targets
            if source != target
        }
    )
    return ", ".join(f"('{source}', '{target}')" for source, target in pairs) or "('', '')"


def _stored(table: "Table", state: str, derived: Iterable[str]) -> str:
    """Which columns may differ, as an SQL expression over both states: in each state those that some row of it
    stores; the state and since when only together; in a state without rows none."""
    cases = []
    for value, _ in table.states():
        rows = [row for row in table.rows.values() if value in row.sources]
        names = {name for row in rows for name in row.stores}
        if rows and table.counts_versions:
            names.add(VERSION)
        if names:
            columns = sorted(_column(table.model, name) for name in names)
            cases.append(f"WHEN '{value}' THEN ARRAY[{_texts(columns)}]")
    moved = [state, *([_column(table.model, SINCE)] if _has(table.model, SINCE) else [])]
    stored = f"CASE OLD.{state} {' '.join(cases)} ELSE ARRAY[]::text[] END" if cases else "ARRAY[]::text[]"
    if always := sorted(_column(table.model, name) for name in derived):
        stored = f"{stored} || ARRAY[{_texts(always)}]"
    changed = f"CASE WHEN NEW.{state} <> OLD.{state} THEN ARRAY[{_texts(moved)}] ELSE ARRAY[]::text[] END"
    return f"(({stored}) || ({changed}))::text[]"


def _has(model: type[models.Model], name: str) -> bool:
    return any(column.name == name for column in model._meta.concrete_fields)


def _column(model: type[models.Model], name: str) -> str:
    column: Any = model._meta.get_field(name)
    return str(column.column)


def _texts(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def frozen(
    parent: type[models.Model], link: str, *, states: Iterable[str], constraint: str, state: str = "state"
) -> HardTrigger:
    """A trigger for the table of the parts: none is added, changed or taken away while its record is in ``states``.

    ``link`` is the part's column that names the record. Reads the record whatever its state and locks it, so that a
    part cannot be moved away from the record that froze it, nor slip in beside its freezing.
    """
    table = parent._meta.db_table
    refuse = raise_sql(constraint)
    wanted = _texts(sorted(str(item) for item in states))

    def check(side: str) -> str:
        return f"""
            PERFORM 1 FROM {table} WHERE id = {side}.{link} FOR SHARE;
            PERFORM 1 FROM {table} WHERE id = {side}.{link} AND {state} IN ({wanted});
            IF FOUND THEN {refuse} END IF;
        """

    return HardTrigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {check("OLD")} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            {check("NEW")}
            RETURN NEW;
        """,
    )
