"""The locks of a step: one row, or all creations of a kind. ``FOR NO KEY UPDATE``: others may still point at the row."""

from typing import Any

from django.db import connection, models


def lock_row(obj: Any) -> Any:
    """The record as it is stored now, locked; ``__class__`` looks through the lazy object of a request's user."""
    rows = obj.__class__._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=obj.pk)


def lock_table(model: type[models.Model]) -> None:
    """Creations without a parent come one after another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"create:{model._meta.label_lower}"])
