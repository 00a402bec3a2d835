"""A letter is signed by a row that only follows the step it states (K1–K4)."""

from typing import Any

import pytest

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.issuing import LetterDraft
from staff_portal.kernel.models import AuditEntry, IssuedNumber, Letter, Unit, User
from staff_portal.kernel.records.letters import LETTER
from tests.kernel.papers.support import FACTS, KIND, NOW, make_letter, make_root, make_user


@pytest.fixture
def root(db: None) -> Unit:
    return make_root()


@pytest.fixture
def manager(db: None) -> User:
    return make_user("manager", Role.HQ_MANAGER)


def refuse(head: Any) -> Any:
    raise Refusal("متن کامل نیست.")


def test_one_entry_keeps_number_kind_and_fingerprint_and_nothing_of_the_text(
    root: Unit, manager: User
) -> None:
    deputy = make_user("deputy", Role.HQ_EXPERT)
    letter = make_letter(root, actor=deputy, behalf=manager)
    (entry,) = AuditEntry.objects.filter(event="letter.signed")
    assert entry.after == {"number": letter.number.text, "kind": letter.kind, "hash": letter.content_hash}
    assert (entry.actor, entry.role, entry.on_behalf_of) == (deputy, Role.HQ_MANAGER, manager)
    assert (entry.root_type, entry.root_id, entry.subject_id) == ("kernel.unit", root.pk, letter.pk)
    assert (letter.signed_by, letter.on_behalf_of, letter.signed_at) == (deputy, manager, NOW)


def test_nobody_signs_a_letter_beside_a_step(root: Unit, manager: User) -> None:
    draft = LetterDraft(kind=KIND, build=refuse, subject="نامه", public_facts=FACTS)
    for actor in (manager, None):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            LETTER.apply(root, "sign", actor=actor, at=NOW, draft=draft)
    assert not Letter.objects.exists()
    assert AuditEntry.objects.filter(event="kernel.refused").count() == 2


def test_a_letter_that_cannot_be_written_gives_its_number_back(root: Unit, manager: User) -> None:
    with pytest.raises(Refusal, match="متن کامل نیست"):
        make_letter(root, actor=manager, build=refuse)
    assert not IssuedNumber.objects.exists() and not Letter.objects.exists()
    assert make_letter(root, actor=manager).number.serial == 1


def test_letters_signed_at_once_have_numbers_without_gap_or_repeat(committed_db: Any) -> None:
    manager = make_user("manager", Role.HQ_MANAGER)
    roots = [make_root(f"اداره {place}") for place in range(8)]
    calls = [lambda root=root: make_letter(root, actor=manager) for root in [*roots, *roots[:4]]]
    calls[4] = lambda: make_letter(roots[4], actor=manager, build=refuse)
    results = committed_db.together(calls)
    signed = [result for result in results if isinstance(result, Letter)]
    assert (len(signed), type(results[4])) == (11, Refusal)
    assert sorted(letter.number.serial for letter in signed) == list(range(1, 12))
    assert AuditEntry.objects.filter(event="letter.signed").count() == 11
