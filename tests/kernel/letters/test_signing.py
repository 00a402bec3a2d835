"""The signing key and the canonical form of a letter's content (K3)."""

import json
import stat
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.base.signing import (
    KeyUnusable,
    SigningKey,
    canonical_bytes,
    load_public_key,
    verify,
)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.load(tmp_path / "keys" / "letters.pem", create=True)


def test_a_signature_holds_for_this_message_and_this_key_only(key: SigningKey, tmp_path: Path) -> None:
    other = SigningKey.load(tmp_path / "other.pem", create=True)
    signature = key.sign("نامه".encode())
    assert verify("نامه".encode(), signature, key.public_key)
    assert not verify("نامه‌ای دیگر".encode(), signature, key.public_key)
    assert not verify("نامه".encode(), signature, other.public_key)
    assert not verify("نامه".encode(), signature[:-1], key.public_key)
    assert not verify("نامه".encode(), b"", key.public_key)


def test_the_published_key_is_enough_to_check(key: SigningKey) -> None:
    pem = key.public_key_pem()
    assert "PRIVATE" not in pem
    assert verify(b"letter", key.sign(b"letter"), load_public_key(pem))


def test_a_created_key_is_private_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "letters.pem"
    first = SigningKey.load(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path, create=True).public_key_pem() == first.public_key_pem()
    assert SigningKey.load(path).public_key_pem() == first.public_key_pem()
    assert [child.name for child in tmp_path.iterdir()] == ["letters.pem"]


def test_processes_that_create_the_key_at_once_get_the_same_one(tmp_path: Path) -> None:
    path, seen = tmp_path / "letters.pem", []
    threads = [
        Thread(target=lambda: seen.append(SigningKey.load(path, create=True).public_key_pem()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len(set(seen)) == 1


def test_without_create_a_missing_key_is_refused_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="خوانده نشد"):
        SigningKey.load(tmp_path / "letters.pem")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", [b"", b"no key at all", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_without_a_key_is_refused_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letters.pem"
    path.write_bytes(content)
    with pytest.raises(KeyUnusable):
        SigningKey.load(path, create=True)
    assert path.read_bytes() == content


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letters.pem"
    private_key = generate_private_key(SECP256R1())
    path.write_bytes(
        private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(KeyUnusable, match="Ed25519"):
        SigningKey.load(path)
    public_pem = private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(KeyUnusable, match="Ed25519"):
        load_public_key(public_pem)
    with pytest.raises(KeyUnusable):
        load_public_key("no key")


def test_canonical_form_is_written_down() -> None:
    content = {"ب": [1, None, True], "a": {"z": "«نیم‌فاصله»", "b": ""}}
    assert canonical_bytes(content) == '{"a":{"b":"","z":"«نیم‌فاصله»"},"ب":[1,null,true]}'.encode()


def test_order_of_keys_and_kind_of_sequence_do_not_matter() -> None:
    assert canonical_bytes({"a": (1, 2), "b": 3}) == canonical_bytes({"b": 3, "a": [1, 2]})


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": 0.0}, [{"a": [2.0]}], {1: "a"}, b"bytes", {1, 2}])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"value": value})


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ValueError):
        canonical_bytes({"value": "\ud800"})


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), plain_values))
def test_canonical_bytes_read_back_as_the_content(content: dict[str, object]) -> None:
    written = canonical_bytes(content)
    assert json.loads(written) == content
    assert canonical_bytes(json.loads(written)) == written
