"""The signed code in a letter's QR (K3): what it states, and that no forgery passes."""

import base64
import hashlib
import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.base.signing import SigningKey, canonical_bytes
from staff_portal.kernel.letters.qr import qr_png, qr_svg
from staff_portal.kernel.letters.tokens import (
    MAX_CODE_LENGTH,
    SIGNED_PREFIX,
    ForgedToken,
    content_digest,
    letter_fingerprint,
    make_token,
    read_token,
)

CONTENT = {"kind": "certificate", "ngo": "انجمن نمونه طلوع", "number": "1405/ع/12"}
LETTER_ID = UUID("5c1d3a52-6c1f-4f0e-9f6c-5d1e2b3a4c5d")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return SigningKey.load(tmp_path_factory.mktemp("keys") / "letters.pem", create=True)


@pytest.fixture(scope="module")
def code(key: SigningKey) -> str:
    return token(key)


def token(key: SigningKey, **changes: object) -> str:
    values = {
        "letter_id": LETTER_ID,
        "kind": "certificate",
        "number": "1405/ع/12",
        "issued_on": date(2026, 11, 24),
        "content": CONTENT,
    }
    return make_token(key, **(values | changes))  # type: ignore[arg-type]


def decode(code: str) -> bytes:
    return base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))


def test_a_genuine_code_states_its_letter(key: SigningKey, code: str) -> None:
    claims = read_token(code, key.public_key)
    assert claims.letter_id == LETTER_ID
    assert (claims.kind, claims.number, claims.issued_on) == ("certificate", "1405/ع/12", date(2026, 11, 24))
    assert claims.digest == content_digest(CONTENT)
    assert claims.fingerprint == letter_fingerprint(CONTENT)


def test_the_same_letter_has_one_code_fit_for_an_address(key: SigningKey, code: str) -> None:
    assert token(key) == code
    assert re.fullmatch(r"[A-Za-z0-9_-]+", code)
    assert len(token(key, kind="introduction", number="1405/مع/1234567")) <= 200


def test_every_single_altered_character_is_noticed(key: SigningKey, code: str) -> None:
    for place, character in enumerate(code):
        altered = code[:place] + ("A" if character != "A" else "B") + code[place + 1 :]
        with pytest.raises(ForgedToken):
            read_token(altered, key.public_key)


def test_every_truncation_is_noticed(key: SigningKey, code: str) -> None:
    for length in range(len(code)):
        with pytest.raises(ForgedToken):
            read_token(code[:length], key.public_key)


@pytest.mark.parametrize("changed", ["{}A", "{}=", "{} ", " {}", "{}\n", "{}/", "{0}{0}", "{}ع"])
def test_no_second_spelling_of_a_code(key: SigningKey, code: str, changed: str) -> None:
    with pytest.raises(ForgedToken):
        read_token(changed.format(code), key.public_key)


@pytest.mark.parametrize(
    "code", ["", "۱۲۳", "a", "!", "A" * MAX_CODE_LENGTH, "A" * 100_000, "\x00", "\ud800"]
)
def test_nonsense_is_forged_not_an_error(key: SigningKey, code: str) -> None:
    with pytest.raises(ForgedToken, match="ستاد سمن‌ها صادر نکرده است"):
        read_token(code, key.public_key)


@given(st.binary(min_size=0, max_size=200))
def test_no_bytes_without_signature_pass(raw: bytes) -> None:
    public_key = Ed25519PublicKey.from_public_bytes(
        bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    )
    with pytest.raises(ForgedToken):
        read_token(base64.urlsafe_b64encode(raw).decode().rstrip("="), public_key)


def test_another_key_does_not_pass_but_a_former_one_may(key: SigningKey, code: str, tmp_path: Path) -> None:
    new_key = SigningKey.load(tmp_path / "new.pem", create=True)
    with pytest.raises(ForgedToken):
        read_token(code, new_key.public_key)
    with pytest.raises(ForgedToken):
        read_token(code)
    assert read_token(code, new_key.public_key, key.public_key).letter_id == LETTER_ID


def test_a_signature_made_for_something_else_does_not_pass(key: SigningKey, code: str) -> None:
    body = decode(code)[:-64]
    forged = base64.urlsafe_b64encode(body + key.sign(body)).decode().rstrip("=")
    with pytest.raises(ForgedToken):
        read_token(forged, key.public_key)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"\x02" + body[1:],
        lambda body: body + b"\x00",
        lambda body: body[:-1],
        lambda body: body[:19] + b"\xff" + body[20:],
        lambda body: body[:20] + b"\xff" + body[21:],
    ],
    ids=["version", "longer", "shorter", "length past the end", "kind not ASCII"],
)
def test_a_signed_body_of_another_shape_is_refused(key: SigningKey, code: str, change: object) -> None:
    body = change(decode(code)[:-64])  # type: ignore[operator]
    raw = body + key.sign(SIGNED_PREFIX + body)
    with pytest.raises(ForgedToken):
        read_token(base64.urlsafe_b64encode(raw).decode().rstrip("="), key.public_key)


def test_off_line_check_as_documented(key: SigningKey, code: str) -> None:
    """Only the published key, Base64, SHA-256 and Ed25519: nothing of the module under test."""
    raw = decode(code)
    public_key = load_pem_public_key(key.public_key_pem().encode())
    assert isinstance(public_key, Ed25519PublicKey)
    public_key.verify(raw[-64:], b"ngo-hq-letter-token\x00" + raw[:-64])
    assert raw[0] == 1 and raw[1:17] == LETTER_ID.bytes
    assert raw[-80:-64] == hashlib.sha256(canonical_bytes(CONTENT)).digest()[:16]


def test_a_changed_content_has_another_fingerprint(key: SigningKey) -> None:
    changed = CONTENT | {"ngo": "انجمن نمونه غروب"}
    assert letter_fingerprint(changed) != letter_fingerprint(CONTENT)
    assert re.fullmatch(r"([0-9A-F]{4}-){4}[0-9A-F]{4}", letter_fingerprint(CONTENT))
    assert token(key, content=changed) != token(key)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ""},
        {"kind": "گواهی"},
        {"kind": "k" * 33},
        {"number": ""},
        {"number": "۱" * 64},
        {"issued_on": date(1969, 12, 31)},
        {"issued_on": date(2149, 6, 7)},
    ],
)
def test_what_does_not_fit_is_refused_when_making(key: SigningKey, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        token(key, **changes)


@given(
    st.dates(date(1970, 1, 1), date(2149, 6, 6)),
    st.uuids(),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=16),
)
def test_any_letter_reads_back(key: SigningKey, issued_on: date, letter_id: UUID, number: str) -> None:
    claims = read_token(token(key, issued_on=issued_on, letter_id=letter_id, number=number), key.public_key)
    assert (claims.issued_on, claims.letter_id, claims.number) == (issued_on, letter_id, number)


def test_the_qr_of_an_address_is_coarse_enough_to_print(code: str) -> None:
    svg = qr_svg(f"https://samanha.example/verify/{code}/")
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    assert 24 / side >= 0.33  # millimetres per module, quiet zone of four on each side included
    assert "<script" not in svg and " width=" not in svg.split(">", 1)[0]
    assert qr_png("x", module_pixels=4).startswith(b"\x89PNG")
