"""The chain of a motion's ballots (C7): canonical text, hash, and what a reader may recompute. Pure: no ORM, no clock.

*Canonical text*: JSON with sorted keys, no spaces, of motion, seat, voter, choice, reason, moment (UTC, microseconds),
receipt and sequence. *Hash*: SHA-256 of the previous hash, a line feed and the canonical text. The chain begins with
the hash of the motion's text, so that ballots belong to exactly that text.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

#: no letters or digits that are read for one another
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH = (
    16  # 79 bits: the hash that the audit keeps of a ballot is not to be guessed back to the choice
)
RECEIPT_GROUP = 4


def text_hash(title: str, text: str, subject_hash: str = "") -> str:
    """The fingerprint of a motion's text, and of what it is about: what was tabled is what is voted on (C5, F1)."""
    content = json.dumps([title, text, subject_hash], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def new_receipt() -> str:
    """A receipt code nobody can guess; it also salts the hash, so that a hash does not betray the choice."""
    return "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))


def grouped_receipt(code: str) -> str:
    """The code as people read and copy it: in fours, joined by hyphens."""
    return "-".join(code[place : place + RECEIPT_GROUP] for place in range(0, len(code), RECEIPT_GROUP))


@dataclass(frozen=True)
class Link:
    """One ballot as the chain sees it."""

    motion_id: int
    seat_code: str
    voter_id: int
    choice: str
    reason: str
    cast_at: datetime
    receipt: str
    sequence: int

    def canonical(self) -> str:
        """The text that is hashed."""
        return json.dumps(
            {
                "cast_at": self.cast_at.astimezone(UTC).isoformat(timespec="microseconds"),
                "choice": self.choice,
                "motion": self.motion_id,
                "reason": self.reason,
                "receipt": self.receipt,
                "seat": self.seat_code,
                "sequence": self.sequence,
                "voter": self.voter_id,
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )


def link_hash(previous_hash: str, canonical: str) -> str:
    """SHA-256 of the previous hash, a line feed and the canonical text, in hexadecimal."""
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()


@dataclass(frozen=True)
class StoredLink:
    """A ballot as it is stored: its link, and what was written beside it."""

    link: Link
    canonical: str
    previous_hash: str
    hash: str


def first_broken(start: str, links: Iterable[StoredLink]) -> tuple[int, str] | None:
    """The sequence of the first ballot that does not hold and a code: ``inserted_or_removed``, ``changed``,
    ``not_chained``; None when all hold. ``links`` come in the order of their sequence."""
    previous = start
    for place, stored in enumerate(links, start=1):
        if stored.link.sequence != place:
            return place, "inserted_or_removed"
        if stored.canonical != stored.link.canonical():
            return place, "changed"
        if stored.previous_hash != previous:
            return place, "not_chained"
        if stored.hash != link_hash(previous, stored.canonical):
            return place, "changed"
        previous = stored.hash
    return None
