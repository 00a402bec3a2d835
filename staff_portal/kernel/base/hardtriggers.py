"""Database triggers that no session setting can switch off.

``django-pgtrigger`` declares, migrates and checks them; its ``pgtrigger.ignore`` hook is left out of the
installed function, violations raise SQLSTATE 23514 with a constraint name, and TRUNCATE is refused as well.
The sentences for the names stand in :mod:`staff_portal.kernel.base.constraints`.
"""

from typing import Any

import pgtrigger
from pgtrigger import compiler


class HardUpsertTriggerSql(compiler.UpsertTriggerSql):
    """Version 1 of our installation template: pgtrigger's own without the ignore hook."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class HardTrigger(pgtrigger.Trigger):
    """A trigger whose function is installed without any way round it."""

    def compile(self, model: Any) -> compiler.Trigger:
        compiled = super().compile(model)
        kwargs = {key: value for key, value in compiled.sql.kwargs.items() if key != "ignore_func_name"}
        return compiler.Trigger(name=compiled.name, sql=HardUpsertTriggerSql(**kwargs))


def raise_sql(constraint: str, message: str = "refused") -> str:
    """PL/pgSQL that refuses with a check violation named ``constraint``."""
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = '23514', CONSTRAINT = '{constraint}';"


def no_truncate(constraint: str) -> HardTrigger:
    """Refuses TRUNCATE of the table, for its owner too."""
    return HardTrigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=raise_sql(constraint),
    )


def append_only(constraint: str) -> list[Any]:
    """Rows may be added and never changed, deleted or truncated away (K1)."""
    return [
        HardTrigger(
            name="append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=raise_sql(constraint),
        ),
        no_truncate(constraint),
    ]


def no_delete(constraint: str) -> list[Any]:
    """Rows may be changed and never deleted or truncated away."""
    return [
        HardTrigger(
            name="no_delete",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=raise_sql(constraint),
        ),
        no_truncate(constraint),
    ]
