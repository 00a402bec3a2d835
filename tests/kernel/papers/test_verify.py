"""The public check of a letter (K3): the five words, nothing more than what is public, nothing to list."""

import html
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from staff_portal.kernel.base import signing
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.letters.issuing import replace_letter, revoke_letter
from staff_portal.kernel.letters.letter_check import code_from
from staff_portal.kernel.letters.numbering import issue_number
from staff_portal.kernel.letters.tokens import SIGNED_PREFIX, make_token
from staff_portal.kernel.models import Letter, Secrecy, Unit, User
from tests.kernel.papers.support import (
    FACTS,
    KIND,
    NOW,
    SECRET_LINE,
    TODAY,
    make_letter,
    make_root,
    make_user,
)

pytestmark = pytest.mark.django_db

VALID, EXPIRED, REVOKED = "معتبر", "اعتبار آن گذشته است", "باطل شده است"
REPLACED, FORGED = "جایگزین شده است", "جعلی یا دست‌کاری‌شده است"


@pytest.fixture
def manager() -> User:
    return make_user(
        "hq.karimi", Role.HQ_MANAGER, post="رئیس ستاد سمن‌ها", first_name="زهرا", last_name="کریمی"
    )


@pytest.fixture
def root() -> Unit:
    return make_root()


@pytest.fixture
def letter(root: Unit, manager: User) -> Letter:
    return make_letter(root, actor=manager)


def ask(code: str) -> Any:
    return Client().get(reverse("verify", args=[code]))


def heading(response: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert found is not None
    return found.group(1).strip()


def words(response: Any) -> str:
    """What a reader sees: the text without markup."""
    body = response.content.decode().split("<body", 1)[1]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)))


def test_a_genuine_letter_is_valid_and_states_its_public_part(letter: Letter) -> None:
    response = ask(letter.code)
    assert (response.status_code, heading(response)) == (200, VALID)
    text = words(response)
    assert "نامه آزمایشی" in text
    assert "۱۴۰۵/ن/۱" in text
    assert "۳ آذر ۱۴۰۵" in text
    for label, value in FACTS:
        assert label in text
        assert value in text


def test_nothing_more_than_the_public_part_is_shown(letter: Letter, root: Unit) -> None:
    body = ask(letter.code).content.decode()
    for kept_back in (SECRET_LINE, "کامران یزدانی", letter.subject, root.title, "کریمی", letter.content_hash):
        assert kept_back not in body


def test_the_fingerprint_is_the_printed_one(letter: Letter) -> None:
    from staff_portal.kernel.letters.issuing import printed_data

    assert printed_data(letter)["verification"]["fingerprint"] in ask(letter.code).content.decode()


def test_it_is_valid_through_its_last_day_and_expired_the_day_after(
    root: Unit, manager: User, time_machine: Any
) -> None:
    letter = make_letter(root, actor=manager, valid_until=TODAY + timedelta(days=10))
    time_machine.move_to(NOW + timedelta(days=10), tick=False)
    assert heading(ask(letter.code)) == VALID
    time_machine.move_to(NOW + timedelta(days=11), tick=False)
    response = ask(letter.code)
    assert (response.status_code, heading(response)) == (200, EXPIRED)
    assert "۱۳ آذر ۱۴۰۵" in words(response)


def test_a_revoked_letter_says_why_also_when_it_has_expired(
    letter: Letter, root: Unit, manager: User, time_machine: Any
) -> None:
    revoke_letter(letter, reason="شماره ثبت نادرست بود", actor=manager, at=NOW, authority=None)
    response = ask(letter.code)
    assert (response.status_code, heading(response)) == (200, REVOKED)
    assert "سبب: شماره ثبت نادرست بود" in words(response)
    assert VALID not in heading(response)


def test_revoked_wins_over_expired(root: Unit, manager: User, time_machine: Any) -> None:
    letter = make_letter(root, actor=manager, valid_until=TODAY)
    revoke_letter(letter, reason="خطا", actor=manager, at=NOW, authority=None)
    time_machine.move_to(NOW + timedelta(days=90), tick=False)
    assert heading(ask(letter.code)) == REVOKED


def test_a_replaced_letter_names_the_new_number_and_date(
    letter: Letter, root: Unit, manager: User, time_machine: Any
) -> None:
    newer = make_letter(root, actor=manager, at=NOW + timedelta(days=2))
    replace_letter(letter, replacement=newer, actor=manager, at=NOW + timedelta(days=2), authority=None)
    response = ask(letter.code)
    assert (response.status_code, heading(response)) == (200, REPLACED)
    assert "۱۴۰۵/ن/۲" in words(response)
    assert "۵ آذر ۱۴۰۵" in words(response)
    assert heading(ask(newer.code)) == VALID


def test_a_confidential_letter_states_number_and_date_alone(root: Unit, manager: User) -> None:
    letter = make_letter(root, actor=manager, secrecy=Secrecy.CONFIDENTIAL)
    text = words(ask(letter.code))
    assert "۱۴۰۵/ن/۱" in text
    assert "۳ آذر ۱۴۰۵" in text
    for kept_back in ("نامه آزمایشی", "انجمن نمونه", "شماره عضویت"):
        assert kept_back not in text
    revoke_letter(letter, reason="رازی که گفتنی نیست", actor=manager, at=NOW, authority=None)
    response = ask(letter.code)
    assert heading(response) == REVOKED
    assert "رازی" not in words(response)


@pytest.mark.parametrize("place", [0, 1, 20, 40, 60, 90, -40, -2, -1])
def test_one_changed_character_is_forged(letter: Letter, place: int) -> None:
    changed = list(letter.code)
    changed[place] = "A" if changed[place] != "A" else "B"
    response = ask("".join(changed))
    assert (response.status_code, heading(response)) == (404, FORGED)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda code: code[:-1],
        lambda code: code[: len(code) // 2],
        lambda code: code + "A",
        lambda code: code + "=",
        lambda code: code.swapcase(),
        lambda code: code[::-1],
        lambda code: f"{code}/{code}",
        lambda code: "A" * 5000,
        lambda code: "۱۴۰۵/ن/۱",
        lambda code: "1",
        lambda code: "../../etc/passwd",
        lambda code: "%00",
    ],
)
def test_everything_else_is_forged(letter: Letter, spoil: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = ask(spoil(letter.code))
    assert (response.status_code, heading(response)) == (404, FORGED)


def test_a_code_of_another_key_is_forged(letter: Letter, tmp_path: Path) -> None:
    stranger = SigningKey.load(tmp_path / "other.pem", create=True)
    code = make_token(
        stranger,
        letter_id=uuid4(),
        kind=letter.kind,
        number=letter.number.text,
        issued_on=letter.dated_on,
        content=letter.content,
    )
    assert heading(ask(code)) == FORGED


def test_an_unknown_letter_answers_exactly_as_a_forged_code(letter: Letter, signing_key: SigningKey) -> None:
    code = make_token(
        signing_key, letter_id=uuid4(), kind="x", number="1405/ن/9", issued_on=TODAY, content={"a": "b"}
    )
    unknown, forged = ask(code), ask(letter.code[:-1])
    assert unknown.status_code == forged.status_code == 404
    assert words(unknown) == words(forged)
    assert "1405" not in unknown.content.decode()


def test_another_signed_code_for_the_same_letter_is_refused(letter: Letter, signing_key: SigningKey) -> None:
    from uuid import UUID

    code = make_token(
        signing_key,
        letter_id=UUID(letter.public_id),
        kind=letter.kind,
        number="1405/ن/999",
        issued_on=letter.dated_on,
        content=letter.content,
    )
    response = ask(code)
    assert heading(response) == FORGED
    assert words(response) == words(ask(letter.code[:-1]))


@pytest.mark.parametrize(
    "changes",
    [
        {"content": {"paragraphs": ["متن دیگری"]}},
        {"content": {"amount": 1.5}},
        {"content_hash": "0" * 64},
        {"dated_on": date(2026, 11, 25)},
        {"kind": "other"},
    ],
)
def test_a_letter_changed_in_the_database_is_no_longer_vouched_for(
    letter: Letter, manager: User, root: Unit, signing_key: SigningKey, changes: dict[str, Any]
) -> None:
    """An update is refused by PostgreSQL; a row put in with other content is seen here."""
    number = issue_number(kind=KIND.code, on=TODAY, at=NOW)
    public_id = uuid4()
    code = make_token(
        signing_key,
        letter_id=public_id,
        kind=KIND.slug,
        number=number.text,
        issued_on=TODAY,
        content=letter.content,
    )
    kept = {
        field.attname: getattr(letter, field.attname)
        for field in Letter._meta.concrete_fields
        if field.name not in {"id", "number", "public_id", "code"}
    }
    Letter.objects.create(**{**kept, "number": number, "public_id": public_id.hex, "code": code, **changes})
    response = ask(code)
    assert (response.status_code, heading(response)) == (404, FORGED)
    assert "دیگر با آن نمی‌خواند" in words(response)
    assert "انجمن نمونه" not in words(response)


def test_codes_have_nothing_in_common_and_cannot_be_counted_up(root: Unit, manager: User) -> None:
    first, second = (make_letter(root, actor=manager) for _ in range(2))
    assert first.public_id != second.public_id
    assert sum(a == b for a, b in zip(first.public_id, second.public_id, strict=True)) < 16
    for guess in (str(first.pk), first.public_id, first.number.text):
        assert heading(ask(guess)) == FORGED


def test_no_page_lists_letters(letter: Letter) -> None:
    for address in (reverse("verify_start"), reverse("verify_offline")):
        body = Client().get(address).content.decode()
        assert letter.code not in body
        assert "۱۴۰۵/ن" not in body


@pytest.mark.parametrize("name", ["verify_start", "verify_offline", "verify_public_key"])
def test_public_pages_set_no_cookie(name: str) -> None:
    response = Client().get(reverse(name))
    assert response.status_code == 200
    assert not response.cookies


def test_the_answer_is_kept_nowhere_and_sets_no_cookie(
    letter: Letter, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        response = ask(letter.code)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_only_reading_is_possible(letter: Letter) -> None:
    client = Client()
    for address in (reverse("verify", args=[letter.code]), reverse("verify_start")):
        assert client.post(address, {"code": letter.code}).status_code == 405
        assert client.head(address).status_code == 200


def test_a_pasted_address_leads_to_the_code(letter: Letter) -> None:
    address = f"  https://portal.example/verify/{letter.code[:50]}\n {letter.code[50:]}/ "
    assert code_from(address) == letter.code
    response = Client().get(reverse("verify_start"), {"code": address}, follow=True)
    assert response.redirect_chain == [(reverse("verify", args=[letter.code]), 302)]
    assert heading(response) == VALID


def test_an_empty_code_is_asked_for_again() -> None:
    response = Client().get(reverse("verify_start"), {"code": " \u200f "})
    assert response.status_code == 200
    assert "کد را بچسبانید یا بنویسید" in response.content.decode()


def test_without_the_key_it_says_so_and_does_not_guess(letter: Letter, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "nowhere.pem"
    response = ask(letter.code)
    assert response.status_code == 503
    assert "چند دقیقه دیگر" in words(response)
    assert str(tmp_path) not in response.content.decode()


def test_the_published_commands_check_a_code_without_the_site(letter: Letter, tmp_path: Path) -> None:
    pem = Client().get(reverse("verify_public_key"))
    assert pem["Content-Disposition"] == 'attachment; filename="public-key.pem"'
    page = html.unescape(Client().get(reverse("verify_offline")).content.decode())
    command = re.search(r'python3 -c "(.*?)" CODE', page, re.DOTALL)
    assert command is not None
    subprocess.run([sys.executable, "-c", command.group(1), letter.code], cwd=tmp_path, check=True)
    signed, signature = (tmp_path / name for name in ("signed.bin", "signature.bin"))
    key = signing.load_public_key(pem.content)
    assert signed.read_bytes().startswith(SIGNED_PREFIX)
    assert signing.verify(signed.read_bytes(), signature.read_bytes(), key)
    assert not signing.verify(signed.read_bytes() + b"x", signature.read_bytes(), key)


def test_a_letter_that_was_rolled_back_was_never_ours(root: Unit, manager: User) -> None:
    with transaction.atomic():
        code = make_letter(root, actor=manager).code
        transaction.set_rollback(True)
    assert heading(ask(code)) == FORGED
