"""What must hold before the portal serves anybody: the database speaks Persian, its role is weak, no demo users.

The checks run with ``manage.py check --database default`` (the last two with ``--deploy``); the web server
calls :func:`refuse_unfit_start`, which ends a production start with one line for each problem.
"""

import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from staff_portal.kernel.models import User

PERSIAN_SAMPLE = "سمن"


def _severity(text: str, code: str) -> CheckMessage:
    """An error in production, a warning elsewhere: a developer's own server may be laid out differently."""
    return (Error if settings.PRODUCTION else Warning)(text, id=code)


def _rows(alias: str, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


@register(Tags.database)
def persian_trigrams(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Trigrams of a Persian word are not empty: with a «C» locale names would never be found as similar."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if not _rows(alias, "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"):
            continue
        if not _rows(alias, "SELECT 1 WHERE cardinality(show_trgm(%s)) > 0", [PERSIAN_SAMPLE]):
            found.append(
                Error(
                    f"database {alias!r}: trigrams of Persian words are empty; "
                    "create it with LC_CTYPE 'C.UTF-8' or another UTF-8 locale",
                    id="kernel.E001",
                )
            )
    return found


@register(Tags.database, deploy=True)
def weak_database_role(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The role that serves the portal is neither superuser nor owner of the tables: triggers stay in force."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        is_superuser, owned = _rows(
            alias,
            "SELECT r.rolsuper, (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE'))"
            " FROM pg_roles r WHERE r.rolname = current_user",
        )[0]
        if is_superuser:
            found.append(_severity(f"database {alias!r}: the portal's role is a superuser", "kernel.W002"))
        elif owned:
            found.append(
                _severity(f"database {alias!r}: the portal's role owns {owned} of the tables", "kernel.W003")
            )
    return found


@register(Tags.database, deploy=True)
def no_demo_users(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """In production no demo user, whose password is public, is active."""
    if not settings.PRODUCTION or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    names = list(
        User.objects.filter(is_demo=True, is_active=True)
        .order_by("id")
        .values_list("username", flat=True)[:5]
    )
    if not names:
        return []
    return [Error(f"active demo users in production: {', '.join(names)}", id="kernel.E004")]


def unfit() -> list[CheckMessage]:
    """What stands against serving the portal from this database, now."""
    asked = [DEFAULT_DB_ALIAS]
    found: list[CheckMessage] = []
    for check in (persian_trigrams, weak_database_role, no_demo_users):
        found += check(None, databases=asked)
    return found


def refuse_unfit_start() -> None:
    """Say every problem in one line; end the process when one of them is an error.

    Called by the web server before it takes requests. A database that does not answer is not judged here:
    ``/readyz`` says so, and the server waits for it.
    """
    try:
        found = unfit()
    except DatabaseError as error:
        sys.stderr.write(f"start: database not checked: {str(error).splitlines()[0]}\n")
        return
    for message in found:
        sys.stderr.write(f"start: {message.msg}\n")
    if any(message.is_serious() for message in found):
        raise SystemExit(2)
