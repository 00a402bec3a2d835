"""The key that signs letters (K3): Ed25519, kept in one PEM file, published as its public half.

The same key may sign other things (audit checkpoints), so every signer puts its own prefix before the bytes
it signs; see `tokens.SIGNED_PREFIX`.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE_LENGTH = 64


class KeyUnusable(Exception):
    """The signing key cannot be read; the message is a Persian sentence for whoever runs the service."""


class SigningKey:
    """A private Ed25519 key; never printed, never sent anywhere."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key

    @classmethod
    def load(cls, path: Path | str, *, create: bool = False) -> "SigningKey":
        """Read the key from an unencrypted PKCS#8 PEM file; with `create`, make it first if there is none.

        A new file has mode 0600. When several processes create it at once all get the same key.
        Raises `KeyUnusable` if there is no file, or if it holds no Ed25519 key.
        """
        path = Path(path)
        if create and not path.exists():
            _create_key_file(path)
        try:
            pem = path.read_bytes()
        except OSError as error:
            raise KeyUnusable(
                f"فایل کلید امضا خوانده نشد: {path}. نشانی و دسترسی آن را بررسی کنید."
            ) from error
        try:
            private_key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyUnusable(
                f"فایل {path} کلید امضای درستی ندارد؛ نسخه پشتیبان آن را بازگردانید."
            ) from error
        if not isinstance(private_key, Ed25519PrivateKey):
            raise KeyUnusable(f"کلید فایل {path} از نوع Ed25519 نیست.")
        return cls(private_key)

    def sign(self, message: bytes) -> bytes:
        """The 64 byte signature of the message; the same message always has the same signature."""
        return self._private_key.sign(message)

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self._private_key.public_key()

    def public_key_pem(self) -> str:
        """The published half (SubjectPublicKeyInfo PEM) to check signatures with off line (K3)."""
        return public_key_pem(self.public_key)


def verify(message: bytes, signature: bytes, public_key: Ed25519PublicKey) -> bool:
    """Whether the signature is that of this very message by the owner of the public key."""
    try:
        public_key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def public_key_pem(public_key: Ed25519PublicKey) -> str:
    """A public key as PEM text."""
    return public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode("ascii")


def load_public_key(pem: str | bytes) -> Ed25519PublicKey:
    """A public key from its PEM text; raises `KeyUnusable` if it is none of Ed25519."""
    data = pem.encode() if isinstance(pem, str) else pem
    try:
        public_key = serialization.load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("متن داده‌شده کلید عمومی نیست.") from error
    if not isinstance(public_key, Ed25519PublicKey):
        raise KeyUnusable("کلید عمومی از نوع Ed25519 نیست.")
    return public_key


def canonical_bytes(payload: dict[str, Any]) -> bytes:
    """The one way to write a letter's content as bytes: JSON, keys sorted, no spaces, UTF-8, nothing escaped.

    Equal content gives equal bytes on every machine, so its hash can be signed and recomputed (K3). Allowed
    are dict with str keys, list, tuple, str, int, bool and None; dates and decimals go in as strings. Raises
    `TypeError` for anything else (a float has no single spelling), `ValueError` for text that is no Unicode.
    """
    _refuse_ambiguous(payload, "payload")
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _refuse_ambiguous(value: Any, place: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{place}: key {key!r} is not a string")
            _refuse_ambiguous(item, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _refuse_ambiguous(item, f"{place}[{index}]")
    elif not (value is None or isinstance(value, str | int)):  # bool is an int
        raise TypeError(f"{place}: {type(value).__name__} has no canonical form")


def _create_key_file(path: Path) -> None:
    """Write a new key beside its place, then link it there: never half written, never replacing another's."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first; its key is the key
    finally:
        draft.unlink(missing_ok=True)
