"""Sealing: chaining committed audit entries into the ledger, and signing checkpoints of it (K4)."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction

from staff_portal.kernel.base import signing
from staff_portal.kernel.models import LedgerCheckpoint, LedgerLink, UnsealedEntry
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.trail import ledger

CHECKPOINT_EVERY = 1000
_SEALER_LOCK = 4_826_001

log = structlog.get_logger(__name__)


def seal_entries(*, at: datetime, limit: int = 5000) -> int:
    """Chain committed entries that have no link yet, oldest ids first; returns how many.

    An entry gets its id before it is committed, so one may appear behind others that are sealed already; it
    stands among the unsealed ones and is found like any other, however large the trail and whether the key
    can be used or not. One sealer runs at a time; another one returns 0 at once. Signs a checkpoint when a
    thousand links came since the last one, or on the first sealing of a day.
    """
    with transaction.atomic():
        if not _is_only_sealer():
            return 0
        last = LedgerLink.objects.order_by("-sequence").first()
        checkpoint = LedgerCheckpoint.objects.order_by("-sequence").first()
        is_day_over = checkpoint is None or local_date(checkpoint.created_at) < local_date(at)
        entry_ids = list(
            UnsealedEntry.objects.order_by("entry_id").values_list("entry_id", flat=True)[:limit]
        )
        links = _new_links(last, entry_ids)
        if entry_ids:
            LedgerLink.objects.bulk_create(links, batch_size=1000)
            UnsealedEntry.objects.filter(entry_id__in=entry_ids).delete()
        end = links[-1] if links else last
        since = (end.sequence if end else 0) - (checkpoint.sequence if checkpoint else 0)
        if end is not None and since > 0 and (is_day_over or since >= CHECKPOINT_EVERY):
            _sign(end, at)
    return len(links)


def write_checkpoint(*, at: datetime) -> LedgerCheckpoint | None:
    """The checkpoint of the chain's present end, signed now if there is none yet; None for an empty chain.

    Raises ``signing.KeyUnusable`` when the key cannot be read.
    """
    with transaction.atomic():
        _wait_for_sealer()
        end = LedgerLink.objects.order_by("-sequence").first()
        if end is None:
            return None
        existing = LedgerCheckpoint.objects.filter(sequence=end.sequence).first()
        return existing or _signed(end, at)


def _is_only_sealer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def _wait_for_sealer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])


def _new_links(last: LedgerLink | None, entry_ids: list[int]) -> list[LedgerLink]:
    if not entry_ids:
        return []
    sequence = last.sequence if last else 0
    previous_hash = last.hash if last else ledger.GENESIS
    links = []
    for entry_id, canonical in ledger.canonical_texts(entry_ids).items():
        sequence += 1
        link = LedgerLink(
            sequence=sequence,
            entry_id=entry_id,
            canonical=canonical,
            previous_hash=previous_hash,
            hash=ledger.link_hash(previous_hash, canonical),
        )
        previous_hash = link.hash
        links.append(link)
    return links


def _sign(end: LedgerLink, at: datetime) -> None:
    """Sign a checkpoint; a key that cannot be read is logged and never stops the sealing."""
    try:
        _signed(end, at)
    except signing.KeyUnusable as problem:
        log.error("checkpoint_not_signed", sequence=end.sequence, problem=str(problem))


def _signed(end: LedgerLink, at: datetime) -> LedgerCheckpoint:
    key = signing.SigningKey.load(settings.SIGNING_KEY_FILE)
    made = ledger.Checkpoint.sign(end.sequence, end.hash, at, key)
    return LedgerCheckpoint.objects.create(
        sequence=made.sequence, hash=made.hash, created_at=made.created_at, signature=made.signature
    )
