"""The chain over the audit trail: sealing, checking, and every kind of tampering named (K1, K4)."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
import structlog
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.models import AuditEntry, LedgerCheckpoint, LedgerLink, UnsealedEntry
from staff_portal.kernel.trail import ledger
from staff_portal.kernel.trail.sealing import seal_entries, write_checkpoint
from tests.kernel.background.support import NOW, happen, make_user

LINKS = 6


def make_entries(count: int = LINKS) -> None:
    user = make_user("karimi")
    for number in range(count):
        happen(user, user, note=f"یادداشت {number}")


@pytest.fixture
def chain(db, signing_key):
    """Six sealed entries with a checkpoint at their end."""
    make_entries()
    seal_entries(at=NOW)


@pytest.fixture
def committed_chain(committed_db, signing_key):
    """The same, committed, for raw SQL from other connections."""
    make_entries()
    seal_entries(at=NOW)


# --- sealing ----------------------------------------------------------------------------------------------


def test_each_link_hashes_the_one_before_and_its_own_text(chain):
    links = list(LedgerLink.objects.order_by("sequence"))
    assert [link.sequence for link in links] == [1, 2, 3, 4, 5, 6]
    previous = "0" * 64
    for link in links:
        assert link.previous_hash == previous
        assert link.hash == hashlib.sha256((previous + link.canonical).encode("utf-8")).hexdigest()
        previous = link.hash


def test_the_canonical_text_holds_every_column_of_the_entry(chain):
    assert set(ledger.COLUMNS) == {column.attname for column in AuditEntry._meta.concrete_fields}
    entry = AuditEntry.objects.order_by("id").first()
    text = json.loads(LedgerLink.objects.get(sequence=1).canonical)
    assert set(text) == {"v", *ledger.COLUMNS}
    assert text["at"] == "2026-11-24T06:30:00.000000Z"
    assert (text["id"], text["note"], text["after"]) == (entry.pk, "یادداشت 0", {})


def test_the_text_is_the_same_whatever_the_sessions_time_zone(chain):
    ids = list(AuditEntry.objects.values_list("id", flat=True))
    before = ledger.canonical_texts(ids)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tehran'")
    assert ledger.canonical_texts(ids) == before


def test_sealing_again_adds_nothing_and_goes_on_where_it_ended(chain):
    assert seal_entries(at=NOW) == 0
    happen(None, make_user("ahmadi"))
    assert seal_entries(at=NOW) == 1
    assert ledger.verify().length == LINKS + 1


def test_an_entry_committed_behind_sealed_ones_is_sealed_later(db, signing_key):
    user = make_user("karimi")
    late, early = happen(user, user), happen(user, user)
    held_back = AuditEntry.objects.filter(pk=late.pk).values().get()
    del held_back["id"]
    seal_entries(at=NOW)
    AuditEntry.objects.create(id=early.pk + 5, **held_back)
    seal_entries(at=NOW)
    AuditEntry.objects.create(id=early.pk + 3, **held_back)
    assert seal_entries(at=NOW) == 1
    report = ledger.verify()
    assert (report.ok, report.length, report.waiting) == (True, 4, 0)


def test_an_entry_far_behind_is_sealed_at_the_next_turn(db, signing_key):
    user = make_user("karimi")
    fields = AuditEntry.objects.filter(pk=happen(user, user).pk).values().get()
    base = fields.pop("id")
    AuditEntry.objects.create(id=base + 1_000_000, **fields)
    seal_entries(at=NOW)
    AuditEntry.objects.create(id=base + 50, **fields)

    assert seal_entries(at=NOW + timedelta(minutes=1)) == 1
    report = ledger.verify()
    assert (report.ok, report.length, report.waiting) == (True, 3, 0)


def test_a_turn_with_nothing_to_seal_reads_no_entries(chain, settings, tmp_path):
    """A3: whatever the trail's length, and also when no checkpoint can be signed."""
    for key_file in (settings.SIGNING_KEY_FILE, tmp_path / "nowhere.pem"):
        settings.SIGNING_KEY_FILE = key_file
        for later in (timedelta(minutes=1), timedelta(days=1)):
            with CaptureQueriesContext(connection) as asked:
                assert seal_entries(at=NOW + later) == 0
            statements = [query["sql"] for query in asked]
            assert not [sql for sql in statements if "kernel_auditentry" in sql]
            assert len(statements) <= 6  # a savepoint's two, the lock, link, checkpoint, unsealed


def test_without_a_key_no_turn_reads_the_trail_through(committed_db, owner_cursor, settings, tmp_path):
    """A3: the tables are looked up by their keys, however many turns no checkpoint is signed."""
    settings.SIGNING_KEY_FILE = tmp_path / "nowhere.pem"
    make_entries(1)
    fields = AuditEntry.objects.values().first()
    del fields["id"]
    AuditEntry.objects.bulk_create(AuditEntry(**fields) for _ in range(4000))
    assert seal_entries(at=NOW) == 4001
    owner_cursor.execute("ANALYZE kernel_auditentry, kernel_ledgerlink, kernel_unsealedentry")
    for turn in range(3):
        with transaction.atomic(), connection.cursor() as cursor:
            AuditEntry.objects.create(**fields)
            assert seal_entries(at=NOW + timedelta(minutes=turn)) == 1
            cursor.execute(
                "SELECT relname, seq_scan FROM pg_stat_xact_user_tables"
                " WHERE relname IN ('kernel_auditentry', 'kernel_ledgerlink')"
            )
            assert dict(cursor.fetchall()) == {"kernel_auditentry": 0, "kernel_ledgerlink": 0}
    assert ledger.verify().ok


def test_an_entry_rolled_back_is_waited_for_by_nobody(db):
    with transaction.atomic():
        make_entries(2)
        transaction.set_rollback(True)
    assert not UnsealedEntry.objects.exists()


def test_sealers_at_the_same_time_make_one_chain(committed_db, signing_key):
    make_entries(60)
    results = committed_db.together([lambda: seal_entries(at=NOW, limit=25)] * 4)
    while seal_entries(at=NOW, limit=25):
        results.append(0)
    assert all(isinstance(result, int) for result in results)
    report = ledger.verify()
    assert (report.ok, report.length, report.waiting) == (True, 60, 0)


# --- checkpoints ------------------------------------------------------------------------------------------


def test_a_checkpoint_is_signed_daily_and_every_thousand_links(db, signing_key):
    user = make_user("karimi")
    happen(user, user)
    seal_entries(at=NOW)
    happen(user, user)
    seal_entries(at=NOW + timedelta(hours=2))
    assert list(LedgerCheckpoint.objects.values_list("sequence", flat=True)) == [1]
    happen(user, user)
    seal_entries(at=NOW + timedelta(days=1))
    assert LedgerCheckpoint.objects.filter(sequence=3).exists()
    fields = AuditEntry.objects.values().first()
    del fields["id"]
    AuditEntry.objects.bulk_create(AuditEntry(**fields) for _ in range(1000))
    seal_entries(at=NOW + timedelta(days=1, hours=1))
    assert LedgerCheckpoint.objects.filter(sequence=1003).exists()
    assert ledger.verify().checkpoints == 3


def test_without_a_key_sealing_goes_on_and_the_log_says_so(db, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "nowhere.pem"
    make_entries()
    with structlog.testing.capture_logs() as logs:
        assert seal_entries(at=NOW) == LINKS
    assert [log["event"] for log in logs] == ["checkpoint_not_signed"]
    assert ledger.verify().ok


def test_a_checkpoint_survives_its_file_and_shows_a_changed_one(chain, signing_key):
    checkpoint = ledger.Checkpoint.of(write_checkpoint(at=NOW))
    again = ledger.Checkpoint.from_json(checkpoint.to_json())
    assert again == checkpoint
    assert again.is_signed_by(signing_key.public_key)
    data = json.loads(checkpoint.to_json())
    for changed in ({"sequence": 5}, {"hash": "a" * 64}, {"created_at": "2026-11-25T00:00:00+00:00"}):
        forged = ledger.Checkpoint.from_json(json.dumps({**data, **changed}))
        assert not forged.is_signed_by(signing_key.public_key)


# --- tampering --------------------------------------------------------------------------------------------

TABLES = ("kernel_auditentry", "kernel_ledgerlink", "kernel_ledgercheckpoint")


def entry_at(sequence: int) -> int:
    return LedgerLink.objects.get(sequence=sequence).entry_id


def tamper(cursor, *statements: str) -> None:
    """Raw SQL of the tables' owner, who switches the triggers off first."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        cursor.execute(statement)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def keep_a_copy(cursor) -> None:
    for table in (*TABLES, "kernel_outboxmessage"):
        cursor.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")


def put_back(cursor) -> None:
    """The tables as they were when the copy was made."""
    statements = [f"DELETE FROM {table}" for table in ("kernel_outboxmessage", *TABLES)]
    statements += [f"INSERT INTO {table} TABLE kept_{table}" for table in (*TABLES, "kernel_outboxmessage")]
    tamper(cursor, *statements)


def rehash_from(cursor, sequence: int) -> None:
    """Rewrite all hashes from a link on, so that the chain holds together again."""
    cursor.execute(
        "SELECT sequence, canonical FROM kernel_ledgerlink WHERE sequence >= %s ORDER BY 1", [sequence]
    )
    rows = cursor.fetchall()
    cursor.execute("SELECT hash FROM kernel_ledgerlink WHERE sequence = %s", [sequence - 1])
    previous = cursor.fetchone()[0]
    for number, canonical in rows:
        new = hashlib.sha256((previous + canonical).encode()).hexdigest()
        cursor.execute(
            "UPDATE kernel_ledgerlink SET previous_hash = %s, hash = %s WHERE sequence = %s",
            [previous, new, number],
        )
        previous = new


INSERT_IN_THE_MIDDLE = (
    "UPDATE kernel_ledgerlink SET sequence = sequence + 1000 WHERE sequence >= 4",
    "UPDATE kernel_ledgerlink SET sequence = sequence - 999 WHERE sequence >= 1000",
    """INSERT INTO kernel_ledgerlink SELECT 4, 987654, '{}', hash,
    encode(sha256(convert_to(hash || '{}', 'UTF8')), 'hex') FROM kernel_ledgerlink WHERE sequence = 3""",
)
APPEND_AN_INVENTED_ONE = (
    """INSERT INTO kernel_ledgerlink SELECT 7, 987654, '{}', hash,
    encode(sha256(convert_to(hash || '{}', 'UTF8')), 'hex') FROM kernel_ledgerlink WHERE sequence = 6""",
)


# What is done, what is named, and at which link.
TAMPERINGS: list[tuple[Sequence[str], str, int]] = [
    (["UPDATE kernel_auditentry SET note = 'دیگر' WHERE id = {entry3}"], "entry_changed", 3),
    (
        ["UPDATE kernel_auditentry SET at = at + interval '1 microsecond' WHERE id = {entry1}"],
        "entry_changed",
        1,
    ),
    (["UPDATE kernel_auditentry SET actor_id = NULL WHERE id = {entry6}"], "entry_changed", 6),
    (
        ['UPDATE kernel_auditentry SET after = \'{{"state": "member"}}\' WHERE id = {entry2}'],
        "entry_changed",
        2,
    ),
    (
        [
            "DELETE FROM kernel_outboxmessage WHERE entry_id = {entry4}",
            "DELETE FROM kernel_auditentry WHERE id = {entry4}",
        ],
        "entry_removed",
        4,
    ),
    (["UPDATE kernel_ledgerlink SET canonical = canonical || ' ' WHERE sequence = 2"], "link_changed", 2),
    (["UPDATE kernel_ledgerlink SET hash = repeat('0', 64) WHERE sequence = 5"], "link_changed", 5),
    (["DELETE FROM kernel_ledgerlink WHERE sequence = 3"], "link_removed", 3),
    (["DELETE FROM kernel_ledgerlink WHERE sequence = 1"], "link_removed", 1),
    (
        [
            "DELETE FROM kernel_ledgerlink WHERE sequence = 3",
            "UPDATE kernel_ledgerlink SET sequence = sequence - 1 WHERE sequence = 4",
            "UPDATE kernel_ledgerlink SET sequence = sequence - 1 WHERE sequence = 5",
            "UPDATE kernel_ledgerlink SET sequence = sequence - 1 WHERE sequence = 6",
        ],
        "link_inserted",
        3,
    ),
    (INSERT_IN_THE_MIDDLE, "entry_removed", 4),
    (APPEND_AN_INVENTED_ONE, "entry_removed", 7),
    (["INSERT INTO kernel_ledgerlink VALUES (0, 987654, '', '', '')"], "link_inserted", 0),
    (["DELETE FROM kernel_ledgerlink WHERE sequence >= 5"], "tail_cut", 6),
    (["UPDATE kernel_ledgercheckpoint SET hash = repeat('a', 64)"], "checkpoint_signature", 6),
    (["UPDATE kernel_ledgercheckpoint SET signature = 'x'"], "checkpoint_signature", 6),
]


def test_tampering_is_named_with_the_first_broken_link(committed_chain, owner_cursor, capsys, subtests):
    entries = {f"entry{number}": entry_at(number) for number in range(1, LINKS + 1)}
    keep_a_copy(owner_cursor)
    for statements, code, sequence in TAMPERINGS:
        with subtests.test(statements=statements):
            put_back(owner_cursor)
            assert ledger.verify().ok
            tamper(owner_cursor, *[s.format(**entries) if "{entry" in s else s for s in statements])
            first = ledger.verify().first_problem
            assert (first.code, first.sequence) == (code, sequence)
            with pytest.raises(CommandError) as stopped:
                call_command("verify_ledger")
            assert stopped.value.returncode == 1
            output = capsys.readouterr().out
            assert f"sequence={sequence} " in output
            assert f"code={code}" in output


def test_a_chain_rewritten_as_a_whole_is_betrayed_by_the_checkpoint(committed_chain, owner_cursor):
    tamper(owner_cursor, f"UPDATE kernel_auditentry SET note = 'دیگر' WHERE id = {entry_at(3)}")
    text = ledger.canonical_texts([entry_at(3)])[entry_at(3)]
    owner_cursor.execute("ALTER TABLE kernel_ledgerlink DISABLE TRIGGER USER")
    owner_cursor.execute("UPDATE kernel_ledgerlink SET canonical = %s WHERE sequence = 3", [text])
    rehash_from(owner_cursor, 3)

    report = ledger.verify()

    assert [(problem.code, problem.sequence) for problem in report.problems] == [
        ("checkpoint_differs", LINKS)
    ]


def test_an_end_cut_off_with_its_checkpoint_is_betrayed_by_the_one_kept_outside(
    committed_chain, owner_cursor, tmp_path, capsys
):
    kept = tmp_path / "checkpoint.json"
    call_command("verify_ledger", checkpoint_out=kept)
    tamper(
        owner_cursor,
        "DELETE FROM kernel_ledgercheckpoint",
        f"DELETE FROM kernel_outboxmessage WHERE entry_id >= {entry_at(5)}",
        f"DELETE FROM kernel_auditentry WHERE id >= {entry_at(5)}",
        "DELETE FROM kernel_ledgerlink WHERE sequence >= 5",
    )
    call_command("verify_ledger")  # nothing inside shows it
    with pytest.raises(CommandError):
        call_command("verify_ledger", against=kept)
    assert "code=tail_cut" in capsys.readouterr().out


def test_a_checkpoint_of_another_key_counts_for_nothing(chain, tmp_path, capsys):
    stranger = SigningKey.load(tmp_path / "other.pem", create=True)
    forged = ledger.Checkpoint.sign(99, "a" * 64, NOW, stranger)
    report = ledger.verify(against=forged)
    assert [problem.code for problem in report.problems] == ["checkpoint_signature"]


def test_a_lost_key_is_said_and_not_taken_for_success(chain, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "nowhere.pem"
    assert ledger.verify().first_problem.code == "checkpoint_key"


def test_text_that_differs_only_in_its_spelling_is_no_tampering(chain):
    link = LedgerLink.objects.get(sequence=2)
    respelled = json.dumps(json.loads(link.canonical), separators=(",", ":"))
    assert respelled != link.canonical
    assert ledger._is_same_meaning(link.entry_id, respelled)
    assert not ledger._is_same_meaning(link.entry_id, respelled.replace("karimi", "ahmadi"))


def test_the_command_says_that_all_is_well(chain, capsys):
    call_command("verify_ledger")
    output = capsys.readouterr().out
    assert "درست است" in output
    assert LedgerLink.objects.get(sequence=LINKS).hash in output


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"sequence": "x"}', "\x00\xff"])
def test_a_file_that_is_no_checkpoint_gets_a_sentence(chain, tmp_path, text):
    path = tmp_path / "file.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CommandError, match="نقطه بازبینی نیست"):
        call_command("verify_ledger", against=path)


def test_further_chains_are_checked_by_the_same_command(chain, capsys):
    broken = ledger.LedgerReport(length=3)
    broken.add("link_changed", 2)
    ledger.register_chain("آرای آزمایشی", lambda: broken)
    try:
        with pytest.raises(CommandError):
            call_command("verify_ledger")
        with pytest.raises(ValueError, match="twice"):
            ledger.register_chain("آرای آزمایشی", lambda: broken)
    finally:
        del ledger.CHAINS["آرای آزمایشی"]
    assert "sequence=2 entry=- code=link_changed" in capsys.readouterr().out
