"""What the public page says of a code (K3): valid, expired, revoked and why, replaced, or forged.

A read without a person: it states what the letter itself makes public and nothing more.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from staff_portal.kernel.base.signing import canonical_bytes
from staff_portal.kernel.letters.tokens import ForgedToken, TokenClaims, content_digest, read_token
from staff_portal.kernel.models import Letter, LetterEvent, LetterEventKind, Secrecy
from staff_portal.kernel.persian.letters import clean_text

_ENDINGS = (LetterEventKind.REVOKED, LetterEventKind.REPLACED)
_ADDRESS = re.compile(r".*/verify/([^/?#]*)", re.DOTALL)


class Finding(StrEnum):
    """The five answers, in the words of K3."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    FORGED = "forged"


@dataclass(frozen=True)
class Verdict:
    """One answer: ``letter`` and ``claims`` are None for a forged code.

    ``is_altered`` tells a genuine code whose stored letter is no longer what was signed.
    """

    finding: Finding
    letter: Letter | None = None
    claims: TokenClaims | None = None
    ending: LetterEvent | None = None
    is_altered: bool = False

    @property
    def is_confidential(self) -> bool:
        """Of a confidential letter only number and date are stated."""
        return self.letter is not None and self.letter.secrecy != Secrecy.ORDINARY


def code_from(typed: str) -> str:
    """The code in what was typed or pasted: blanks and line breaks dropped, a whole address cut to its code."""
    text = "".join(clean_text(typed).split())
    match = _ADDRESS.match(text)
    return match.group(1) if match else text


def check_code(code: str, *, on: date, keys: tuple[Ed25519PublicKey, ...]) -> Verdict:
    """What is to be said of ``code`` on that day (K3). At most two queries.

    A code that one of ``keys`` did not sign is forged and asks nothing of the database. So is a signed one that
    is not exactly the code of a letter kept here, and one whose letter is no longer what was signed.
    """
    try:
        claims = read_token(code, *keys)
    except ForgedToken:
        return Verdict(Finding.FORGED)
    letter = Letter.objects.filter(public_id=claims.letter_id.hex).select_related("number").first()
    if letter is None or letter.code != code:
        return Verdict(Finding.FORGED)
    if not _is_as_signed(letter, claims):
        return Verdict(Finding.FORGED, is_altered=True)
    ending = letter.events.filter(kind__in=_ENDINGS).select_related("replacement__number").first()
    return Verdict(_finding(letter, ending, on), letter, claims, ending)


def _is_as_signed(letter: Letter, claims: TokenClaims) -> bool:
    """Whether the stored letter still is what the code's signature covers, its own stored hash included."""
    try:
        digest = hashlib.sha256(canonical_bytes(letter.content)).hexdigest()
        signed_part = content_digest(letter.content)
    except (TypeError, ValueError):  # content of a shape that is never signed
        return False
    stated = (letter.kind, letter.number.text, letter.dated_on, letter.content_hash, signed_part)
    return stated == (claims.kind, claims.number, claims.issued_on, digest, claims.digest)


def _finding(letter: Letter, ending: LetterEvent | None, on: date) -> Finding:
    if ending is not None:
        return Finding.REVOKED if ending.kind == LetterEventKind.REVOKED else Finding.REPLACED
    if letter.valid_until is not None and letter.valid_until < on:
        return Finding.EXPIRED
    return Finding.VALID
