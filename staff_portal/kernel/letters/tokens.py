"""What a letter's QR code carries (K3): a short signed statement that can be checked on line and off line.

The code is URL-safe Base64 (RFC 4648 §5, without "=") of these bytes, integers big-endian:

    1   version, always 1
    16  the letter's random id (128 bit: codes can neither be guessed nor listed)
    2   date of the letter, days since 1970-01-01
    1+n kind of the letter, ASCII, preceded by its length
    1+n number of the letter, UTF-8, preceded by its length
    16  first 16 bytes of SHA-256 over `signing.canonical_bytes(content)`
    64  Ed25519 signature

Signed are the bytes of `SIGNED_PREFIX` followed by everything before the signature. To check a code off line
with the published key in `public.pem`, put those bytes into `signed.bin`, the last 64 into `signature.bin`:

    openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in signed.bin -sigfile signature.bin

Whether the letter is still in force (expired, revoked, replaced) only the on-line page knows.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from staff_portal.kernel.base.signing import SIGNATURE_LENGTH, SigningKey, canonical_bytes, verify

VERSION = 1
SIGNED_PREFIX = b"ngo-hq-letter-token\x00"
DIGEST_LENGTH = 16
MAX_CODE_LENGTH = 400
"""No genuine code is longer; a longer one is refused unread."""
MAX_KIND_BYTES = 32
MAX_NUMBER_BYTES = 64

_EPOCH = date(1970, 1, 1)
_HEAD_LENGTH = 1 + 16 + 2


class ForgedToken(Exception):
    """The code was not issued with our key, or was altered; the message is the sentence for the reader."""

    def __init__(self) -> None:
        super().__init__("این کد را ستاد سمن‌ها صادر نکرده است یا در آن دست برده شده است.")


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a genuine code states; compare `digest` with the stored letter's `content_digest`."""

    letter_id: UUID
    kind: str
    number: str
    issued_on: date
    digest: bytes

    @property
    def fingerprint(self) -> str:
        return format_fingerprint(self.digest)


def content_digest(content: Mapping[str, Any]) -> bytes:
    """The first 16 bytes of the SHA-256 of the letter's canonical content."""
    return hashlib.sha256(canonical_bytes(dict(content))).digest()[:DIGEST_LENGTH]


def format_fingerprint(digest: bytes) -> str:
    """Five groups of four hex digits (80 bit) for the eye: the same on the paper and on the public page."""
    text = digest[:10].hex().upper()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def letter_fingerprint(content: Mapping[str, Any]) -> str:
    """The printed fingerprint of a letter's content, such as `9F2A-11C0-5D3B-77E1-04AC`."""
    return format_fingerprint(content_digest(content))


def make_token(
    key: SigningKey, *, letter_id: UUID, kind: str, number: str, issued_on: date, content: Mapping[str, Any]
) -> str:
    """The code for a letter's QR, as a rule under 180 characters of A–Z a–z 0–9 - _ (K3).

    The same arguments always give the same code. Raises `ValueError` if kind or number is empty or too long,
    or if the date is out of the two bytes' range (1970 to 2149).
    """
    days = (issued_on - _EPOCH).days
    if not 0 <= days < 1 << 16:
        raise ValueError("issued_on must lie between 1970 and 2149")
    body = b"".join(
        (
            bytes([VERSION]),
            letter_id.bytes,
            days.to_bytes(2, "big"),
            _counted(kind.encode("ascii"), MAX_KIND_BYTES),
            _counted(number.encode("utf-8"), MAX_NUMBER_BYTES),
            content_digest(content),
        )
    )
    return _encode(body + key.sign(SIGNED_PREFIX + body))


def read_token(code: str, *public_keys: Ed25519PublicKey) -> TokenClaims:
    """What the code states, if one of the keys signed it (older keys stay listed after a change of key).

    Raises `ForgedToken` for everything else: altered, cut, padded, of another version, or of another key.
    """
    raw = _decode(code)
    body, signature = raw[:-SIGNATURE_LENGTH], raw[-SIGNATURE_LENGTH:]
    if not any(verify(SIGNED_PREFIX + body, signature, key) for key in public_keys):
        raise ForgedToken
    return _parse(body)


def _counted(value: bytes, limit: int) -> bytes:
    if not 1 <= len(value) <= limit:
        raise ValueError(f"{len(value)} bytes where 1 to {limit} are allowed")
    return bytes([len(value)]) + value


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _decode(code: str) -> bytes:
    if not code.isascii() or len(code) > MAX_CODE_LENGTH:
        raise ForgedToken
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise ForgedToken from error
    # Base64 has several spellings of the same bytes; only ours counts, so a letter has exactly one address.
    if _encode(raw) != code or len(raw) <= _HEAD_LENGTH + DIGEST_LENGTH + SIGNATURE_LENGTH:
        raise ForgedToken
    return raw


def _parse(body: bytes) -> TokenClaims:
    """Take a signed body apart; one that our key signed but of another shape is refused all the same."""
    try:
        version, letter_id, days = body[0], UUID(bytes=body[1:17]), int.from_bytes(body[17:19], "big")
        kind, rest = _take(body[_HEAD_LENGTH:])
        number, digest = _take(rest)
        if version != VERSION or len(digest) != DIGEST_LENGTH:
            raise ForgedToken
        return TokenClaims(
            letter_id=letter_id,
            kind=kind.decode("ascii"),
            number=number.decode("utf-8"),
            issued_on=_EPOCH + timedelta(days=days),
            digest=digest,
        )
    except (ValueError, IndexError) as error:
        raise ForgedToken from error


def _take(data: bytes) -> tuple[bytes, bytes]:
    length = data[0]
    if len(data) < 1 + length:
        raise ForgedToken
    return data[1 : 1 + length], data[1 + length :]
