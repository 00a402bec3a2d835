"""PostgreSQL itself refuses to change or remove audit entries, links and checkpoints (K1, K4)."""

import itertools

import psycopg2
import psycopg2.errorcodes
import psycopg2.errors
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from staff_portal.kernel.base import constraints
from staff_portal.kernel.models import AuditEntry, LedgerCheckpoint, LedgerLink, UnsealedEntry
from staff_portal.kernel.trail.sealing import seal_entries
from tests.kernel.background.support import NOW, happen, make_user

TABLES = {
    "kernel_auditentry": "k1_audit_append_only",
    "kernel_ledgerlink": "k4_ledger_append_only",
    "kernel_ledgercheckpoint": "k4_ledger_append_only",
}
COLUMN = {
    "kernel_auditentry": "note",
    "kernel_ledgerlink": "canonical",
    "kernel_ledgercheckpoint": "signature",
}
STATEMENTS = {
    "update": "UPDATE {table} SET {column} = 'x'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
}


def statement(kind: str, table: str) -> str:
    return STATEMENTS[kind].format(table=table, column=COLUMN[table])


def ignore_everything(cursor) -> None:
    """The setting with which django-pgtrigger's ordinary triggers are passed by, for every trigger there is."""
    cursor.execute(
        "SELECT set_config('pgtrigger.ignore', '{' || string_agg(relname || ':' || tgname, ',') || '}', false)"
        " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    )


def seal_one() -> None:
    user = make_user("karimi")
    happen(user, user)
    seal_entries(at=NOW)


def test_the_owner_of_the_tables_is_refused(committed_db, signing_key, owner_cursor, subtests):
    seal_one()
    for ignore, table, kind in itertools.product([False, True], TABLES, STATEMENTS):
        with subtests.test(ignore=ignore, table=table, kind=kind):
            if ignore:
                ignore_everything(owner_cursor)
            with pytest.raises(psycopg2.errors.CheckViolation) as refused:
                owner_cursor.execute(statement(kind, table))
            # TRUNCATE reaches the tables that point to this one as well, and theirs may answer first.
            names = {TABLES[table]} if kind != "truncate" else set(TABLES.values())
            assert refused.value.diag.constraint_name in names
            assert AuditEntry.objects.count() == LedgerLink.objects.count() == 1
            assert LedgerCheckpoint.objects.count() == 1
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        owner_cursor.execute("SET session_replication_role = replica")


@pytest.mark.django_db
@pytest.mark.parametrize("ignore", [False, True], ids=["plainly", "with pgtrigger.ignore"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", ["update", "delete"])
def test_the_applications_role_is_refused_with_a_sentence(signing_key, kind, table, ignore):
    seal_one()
    with connection.cursor() as cursor:
        if ignore:
            ignore_everything(cursor)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            cursor.execute(statement(kind, table))
    assert constraints.constraint_name(refused.value) == TABLES[table]
    assert constraints.sentence_for(refused.value) != constraints.FALLBACK


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        *(statement("truncate", table) for table in TABLES),
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES),
        *(f"DROP TABLE {table} CASCADE" for table in TABLES),
        "SET session_replication_role = replica",
    ],
)
def test_the_applications_role_has_no_way_round_the_triggers(sql):
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as refused, transaction.atomic():
        cursor.execute(sql)
    assert refused.value.__cause__.pgcode == psycopg2.errorcodes.INSUFFICIENT_PRIVILEGE


@pytest.mark.django_db
def test_the_models_own_methods_are_refused_as_well(signing_key):
    seal_one()
    entry = AuditEntry.objects.get()
    entry.note = "دیگر"
    for attempt in (entry.save, AuditEntry.objects.all().delete, lambda: LedgerLink.objects.update(hash="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert AuditEntry.objects.get().note == ""


UNSEALED = {
    "an entry is left out": "DELETE FROM kernel_unsealedentry",
    "an entry is exchanged": "UPDATE kernel_unsealedentry SET entry_id = entry_id + 1000000",
    "a sealed one comes again": "INSERT INTO kernel_unsealedentry SELECT entry_id FROM kernel_ledgerlink",
    "no entry at all": "INSERT INTO kernel_unsealedentry VALUES (987654321)",
    "all are left out": "TRUNCATE kernel_unsealedentry",
}


@pytest.mark.parametrize("sql", UNSEALED.values(), ids=UNSEALED)
def test_what_waits_for_the_chain_is_kept_from_the_owner_too(committed_db, signing_key, owner_cursor, sql):
    """A3: nothing leaves the sealer's queue before its link is there."""
    seal_one()
    waiting = happen(None, make_user("ahmadi"))
    with pytest.raises(psycopg2.errors.CheckViolation) as refused:
        owner_cursor.execute(sql)
    assert refused.value.diag.constraint_name == "k4_unsealed_kept"
    assert "k4_unsealed_kept" in constraints.SENTENCES
    assert list(UnsealedEntry.objects.values_list("entry_id", flat=True)) == [waiting.pk]
    assert seal_entries(at=NOW) == 1
    assert not UnsealedEntry.objects.exists()
