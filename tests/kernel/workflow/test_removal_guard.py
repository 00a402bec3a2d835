"""What ``guard`` makes of removals, and that no table of the registry is emptied by its owner (real commits)."""

from types import SimpleNamespace
from typing import Any

import psycopg2.errors
import pytest
from django.db import IntegrityError, transaction

from ngos.models import NgoDocument
from ngos.workflow import DOCUMENT
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.guards import stays
from staff_portal.kernel.workflow.registry import TABLES
from staff_portal.kernel.workflow.rows import Removal
from tests.factories import ngos as make
from tests.factories.people import NOW, make_user


def test_the_table_cannot_be_emptied_by_its_owner_either(committed_db: Any, owner_cursor: Any) -> None:
    for label in sorted(TABLES):
        with pytest.raises(psycopg2.errors.CheckViolation):
            owner_cursor.execute(f"TRUNCATE {TABLES[label].model._meta.db_table} CASCADE")


def test_a_removal_takes_away_in_its_states_only(committed_db: Any, owner_cursor: Any) -> None:
    """What ``guard`` makes of a removal that names its states, on a table that has none otherwise."""
    removal = Removal(
        "remove", by=DOCUMENT.rows["accept"].by, label="حذف", says="حذف کرد", sources=("returned", "pending")
    )
    table: Any = SimpleNamespace(rows={"remove": removal}, model=NgoDocument, state_field="state")
    (trigger,) = (one for one in stays(table, "n2_document_kept") if one.name == "removed")
    for kept in NgoDocument._meta.triggers:  # type: ignore[attr-defined]
        if kept.name == "no_delete":
            owner_cursor.execute(kept.compile(NgoDocument).uninstall_sql)
    owner_cursor.execute(trigger.compile(NgoDocument).install_sql)
    registrar, reviewer = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    ngo = make.draft(registrar)
    waiting, accepted = make.upload(ngo, "statute", registrar), make.upload(ngo, "licence", registrar)
    DOCUMENT.apply(accepted, "accept", actor=reviewer, at=NOW)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        NgoDocument.objects.filter(pk=accepted.pk).delete()
    assert constraints.constraint_name(refused.value) == "n2_document_kept"
    NgoDocument.objects.filter(pk=waiting.pk).delete()
    assert list(NgoDocument.objects.all()) == [accepted]
