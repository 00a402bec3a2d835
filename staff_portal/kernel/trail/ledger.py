"""The hash chain over the audit trail (K4): its format, and how anybody can check it again.

*Canonical text.* Every column of an entry as one ``jsonb`` object printed by PostgreSQL (keys in jsonb's own
order, moments in UTC with microseconds), with the version of this format as ``v``. It is stored in the link.

*Hash.* ``sha256(previous hash + canonical text)``, both UTF-8, in lower-case hexadecimal. The first link has
``GENESIS``, sixty-four zeros, as its previous hash; sequences start at 1 and have no gap.

*Checkpoint.* The Ed25519 signature, in Base64, over ``CHECKPOINT_PREFIX`` and the canonical JSON of sequence,
hash and moment. Rewriting the chain from some link on is seen at the next checkpoint; cutting off its end is
seen when a checkpoint beyond the end is known, best one that was kept outside the system.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection

from staff_portal.kernel.base import signing
from staff_portal.kernel.models import LedgerCheckpoint

GENESIS = "0" * 64
CANONICAL_VERSION = 1
CHECKPOINT_PREFIX = b"ngo-hq-ledger-checkpoint\x00"
MAX_PROBLEMS = 50

# The columns of version 1. A column that is added later makes a version 2, so that old links keep their text.
COLUMNS = (
    "id",
    "at",
    "event",
    "actor_id",
    "actor_label",
    "role",
    "on_behalf_of_id",
    "subject_type",
    "subject_id",
    "subject_label",
    "root_type",
    "root_id",
    "before",
    "after",
    "note",
)
_MOMENT = """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_PAIRS = ", ".join(f"'{column}', {_MOMENT if column == 'at' else f'e.{column}'}" for column in COLUMNS)
CANONICAL_SQL = f"jsonb_build_object('v', {CANONICAL_VERSION}, {_PAIRS})::text"

# OFFSET 0 keeps the look-up of each link's entry a look-up; a merge join would read the entries from the first
# one on for every batch.
_WALK_SQL = f"""
    SELECT l.sequence, l.entry_id, l.canonical, l.previous_hash, l.hash,
           live.canonical IS NOT NULL AS present, live.canonical = l.canonical AS same
    FROM (SELECT * FROM kernel_ledgerlink WHERE sequence > %s ORDER BY sequence LIMIT %s) l
    LEFT JOIN LATERAL (
        SELECT {CANONICAL_SQL} AS canonical FROM kernel_auditentry e WHERE e.id = l.entry_id OFFSET 0
    ) live ON true
    ORDER BY l.sequence
"""  # noqa: S608 - made of constants
_WALK_SIZE = 5000

_SENTENCES = {
    "entry_changed": "رویداد {entry} پس از ثبت در حلقه {sequence} تغییر کرده است.",
    "entry_removed": "رویداد {entry} که حلقه {sequence} آن را ثبت کرده است، در فهرست رویدادها نیست.",
    "link_changed": "متن یا درهم‌سازی حلقه {sequence} دست‌کاری شده است.",
    "link_removed": "حلقه {sequence} زنجیره حذف شده است.",
    "link_inserted": "حلقه {sequence} به حلقه پیش از خود نمی‌پیوندد؛ حلقه‌ای افزوده، جابه‌جا یا عوض شده است.",
    "tail_cut": "نقطه بازبینی، زنجیره را تا حلقه {sequence} گواهی می‌کند، ولی زنجیره زودتر تمام می‌شود.",
    "checkpoint_differs": "حلقه {sequence} همان نیست که نقطه بازبینی گواهی کرده است؛ زنجیره بازنویسی شده است.",
    "checkpoint_signature": "امضای نقطه بازبینی حلقه {sequence} درست نیست.",
    "checkpoint_key": "کلید امضا خوانده نشد و نقطه‌های بازبینی بررسی نشدند.",
}


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: a code, the link's sequence, and the entry concerned if there is one."""

    code: str
    sequence: int
    entry_id: int | None = None

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.code].format(sequence=self.sequence, entry=self.entry_id)


@dataclass
class LedgerReport:
    """What checking one chain found; ``problems`` keeps the first ones in the order of the chain."""

    length: int = 0
    last_hash: str = GENESIS
    waiting: int = 0
    checkpoints: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.problem_count == 0

    @property
    def first_problem(self) -> Problem | None:
        return min(self.problems, key=lambda problem: problem.sequence, default=None)

    def add(self, code: str, sequence: int, entry_id: int | None = None) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, sequence, entry_id))


def link_hash(previous_hash: str, canonical: str) -> str:
    """The hash of a link, in lower-case hexadecimal."""
    return hashlib.sha256((previous_hash + canonical).encode()).hexdigest()


# --- checkpoints ------------------------------------------------------------------------------------------


class CheckpointUnreadable(ValueError):
    """A file that is no checkpoint; the message is a Persian sentence."""


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement: at ``created_at`` the chain had ``sequence`` links and ended in ``hash``."""

    sequence: int
    hash: str
    created_at: datetime
    signature: str

    @classmethod
    def of(cls, row: LedgerCheckpoint) -> "Checkpoint":
        return cls(row.sequence, row.hash, row.created_at, row.signature)

    @classmethod
    def sign(cls, sequence: int, last_hash: str, at: datetime, key: signing.SigningKey) -> "Checkpoint":
        signature = key.sign(_checkpoint_message(sequence, last_hash, at))
        return cls(sequence, last_hash, at, base64.b64encode(signature).decode("ascii"))

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        try:
            signature = base64.b64decode(self.signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        message = _checkpoint_message(self.sequence, self.hash, self.created_at)
        return signing.verify(message, signature, key)

    def to_json(self) -> str:
        """The text of the file that is kept outside the system."""
        data = {
            "sequence": self.sequence,
            "hash": self.hash,
            "created_at": _moment(self.created_at),
            "signature": self.signature,
        }
        return json.dumps(data, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Checkpoint":
        """Read such a file; raises :class:`CheckpointUnreadable`."""
        try:
            data = json.loads(text)
            created_at = datetime.fromisoformat(data["created_at"])
            if created_at.tzinfo is None:
                raise ValueError("a checkpoint's moment needs its time zone")
            return cls(int(data["sequence"]), str(data["hash"]), created_at, str(data["signature"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CheckpointUnreadable(
                "این فایل نقطه بازبینی نیست؛ فایلی را بدهید که همین فرمان ساخته است."
            ) from error


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _checkpoint_message(sequence: int, last_hash: str, at: datetime) -> bytes:
    statement = {"sequence": sequence, "hash": last_hash, "created_at": _moment(at)}
    return CHECKPOINT_PREFIX + signing.canonical_bytes(statement)


def published_key() -> Ed25519PublicKey:
    """The public half of the key that signs checkpoints; raises ``signing.KeyUnusable``."""
    return signing.SigningKey.load(settings.SIGNING_KEY_FILE).public_key


# --- checking ---------------------------------------------------------------------------------------------


def verify(*, against: Checkpoint | None = None) -> LedgerReport:
    """Recompute the audit trail's chain and compare it with the live entries and with every checkpoint (K4).

    ``against`` is a checkpoint kept outside. Reads a few thousand links at a time, so memory does not grow
    with the chain. Finds entries changed or removed, links changed, removed or inserted, checkpoints broken,
    a rewritten chain and a cut-off end.
    """
    report = LedgerReport()
    checkpoints = [Checkpoint.of(row) for row in LedgerCheckpoint.objects.order_by("sequence")]
    report.checkpoints = len(checkpoints)
    expected = _certified_hashes([*checkpoints, *([against] if against else [])], report)
    for sequence, entry_id, canonical, previous_hash, stored_hash, present, same in _walk():
        for missing in range(report.length + 1, min(sequence, report.length + 1 + MAX_PROBLEMS)):
            report.add("link_removed", missing)
        is_next = sequence == report.length + 1
        if sequence < 1 or (is_next and previous_hash != report.last_hash):
            report.add("link_inserted", sequence, entry_id)
        if link_hash(previous_hash, canonical) != stored_hash:
            report.add("link_changed", sequence, entry_id)
        if not present:
            report.add("entry_removed", sequence, entry_id)
        elif not same and not _is_same_meaning(entry_id, canonical):
            report.add("entry_changed", sequence, entry_id)
        if any(certified != stored_hash for certified in expected.pop(sequence, ())):
            report.add("checkpoint_differs", sequence, entry_id)
        report.length, report.last_hash = max(sequence, 0), stored_hash
    for sequence in sorted(expected):
        if sequence > report.length:
            report.add("tail_cut", sequence)
    report.waiting = _count_waiting()
    return report


def _certified_hashes(checkpoints: list[Checkpoint], report: LedgerReport) -> dict[int, set[str]]:
    """What the truly signed checkpoints say of each sequence; the others are problems of their own."""
    if not checkpoints:
        return {}
    try:
        key = published_key()
    except signing.KeyUnusable:
        report.add("checkpoint_key", 0)
        return {}
    certified: dict[int, set[str]] = {}
    for checkpoint in checkpoints:
        if checkpoint.is_signed_by(key):
            certified.setdefault(checkpoint.sequence, set()).add(checkpoint.hash)
        else:
            report.add("checkpoint_signature", checkpoint.sequence)
    return certified


def _walk() -> Iterator[tuple[int, int, str, str, str, bool, bool]]:
    last = -(2**63)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_WALK_SQL, [last, _WALK_SIZE])
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][0]


def _is_same_meaning(entry_id: int, canonical: str) -> bool:
    """Whether texts that differ mean the same, as they might if PostgreSQL printed jsonb in another way."""
    live = canonical_texts([entry_id]).get(entry_id, "")
    try:
        return bool(json.loads(canonical) == json.loads(live))
    except ValueError:
        return False


def canonical_texts(entry_ids: list[int]) -> dict[int, str]:
    """The canonical texts of entries as they stand now, by id, in the order of the ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id, {CANONICAL_SQL} FROM kernel_auditentry e WHERE e.id = ANY(%s) ORDER BY e.id",  # noqa: S608
            [entry_ids],
        )
        return dict(cursor.fetchall())


def _count_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM kernel_auditentry e"
            " WHERE NOT EXISTS (SELECT 1 FROM kernel_ledgerlink l WHERE l.entry_id = e.id)"
        )
        return int(cursor.fetchone()[0])


# --- further chains ---------------------------------------------------------------------------------------

CHAINS: dict[str, Callable[[], LedgerReport]] = {}


def register_chain(name: str, verify_fn: Callable[[], LedgerReport]) -> None:
    """Let ``verify_ledger`` check another chain as well; ``name`` is what it is called, in Persian."""
    if name in CHAINS:
        raise ValueError(f"chain registered twice: {name}")
    CHAINS[name] = verify_fn


def verify_all(*, against: Checkpoint | None = None) -> dict[str, LedgerReport]:
    """A report for the audit trail and for each further chain, by name."""
    reports: dict[str, Any] = {"رویدادها": verify(against=against)}
    for name, verify_fn in CHAINS.items():
        reports[name] = verify_fn()
    return reports
