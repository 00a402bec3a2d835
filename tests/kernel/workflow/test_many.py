"""A row taken on many records: a refused attempt is kept as of one, each entry names its own record's authority."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from ngos.models import Licence, Ngo
from ngos.operations import batches
from ngos.workflow import DOCUMENT, LICENCE, MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.workflow import refused
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, delegate, make_user
from tests.ngos.registry.support import represent

pytestmark = pytest.mark.django_db
REFUSED = AuditEntry.objects.filter(event="kernel.refused")


@pytest.fixture
def expert() -> User:
    return make_user(Role.HQ_EXPERT)


@pytest.fixture
def drafts(expert: User) -> list[Ngo]:
    return [make.draft(expert) for _ in range(3)]


def another(day: int = 500) -> dict[str, Any]:
    return {"data": make.licence(number="7/7", valid_until=TODAY + timedelta(days=day))}


def test_a_refused_attempt_on_many_is_kept_for_the_record_that_refused(
    expert: User, drafts: list[Ngo]
) -> None:
    MEMBERSHIP.apply(drafts[1], "submit", actor=expert, at=NOW)
    with pytest.raises(TransitionRefused):
        MEMBERSHIP.apply_many(drafts, "submit", actor=expert, at=NOW)
    entry = REFUSED.get()
    assert (entry.root_id, entry.actor, entry.role) == (drafts[1].pk, expert, Role.HQ_EXPERT)
    assert entry.after["transition"] == "submit" and entry.after["reason"]
    assert {ngo.state for ngo in Ngo.objects.filter(pk__in=[drafts[0].pk, drafts[2].pk])} == {"draft"}


def test_whoever_may_not_is_kept_once_also_when_the_transaction_around_it_is_undone(
    drafts: list[Ngo],
) -> None:
    stranger = make_user(Role.DEPUTY_EXPERT)
    for around in (transaction.atomic, refused.survive):
        with refused.survive(), pytest.raises(NotPermitted), around():
            LICENCE.apply_many(drafts, "record", actor=stranger, at=NOW, asked=[another()] * 3)
    assert list(REFUSED.values_list("actor", "role")) == [(stranger.pk, Role.DEPUTY_EXPERT)] * 2
    assert Licence.objects.count() == 3


def test_what_the_database_refuses_of_many_is_kept(expert: User, drafts: list[Ngo]) -> None:
    with pytest.raises(Refusal, match="پیش از این ثبت شده است"):
        LICENCE.apply_many([drafts[0]] * 2, "record", actor=expert, at=NOW, asked=[another()] * 2)
    assert REFUSED.get().root_id == drafts[0].pk


def test_a_refusal_of_many_inside_another_row_is_kept_once(
    expert: User, drafts: list[Ngo], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outer row's refusal is the inner one's, which stands already."""
    document = make.upload(drafts[0], "statute", expert)

    def then(ngo: Ngo, step: Any) -> None:
        DOCUMENT.apply_many([document], "accept", actor=expert, at=NOW)

    monkeypatch.setitem(MEMBERSHIP.rows, "submit", replace(MEMBERSHIP.rows["submit"], then=then))
    with refused.survive(), pytest.raises(NotPermitted, match="خود شما بارگذاری"):
        MEMBERSHIP.apply_many(drafts[:1], "submit", actor=expert, at=NOW)
    assert REFUSED.get().subject_id == document.pk


def test_each_entry_names_the_authority_over_its_own_record(expert: User, drafts: list[Ngo]) -> None:
    """A representative of the last NGO who also stands in for an expert: the others are the expert's."""
    person = make_user(Role.NGO_USER)
    represent(drafts[2], person)
    delegate(expert, person, Role.HQ_EXPERT)
    LICENCE.apply_many(drafts, "record", actor=person, at=NOW, asked=[another()] * 3)
    kept = AuditEntry.objects.filter(event="ngo.licence_recorded", actor=person).order_by("root_id")
    assert list(kept.values_list("root_id", "role", "on_behalf_of")) == [
        (drafts[0].pk, Role.HQ_EXPERT, expert.pk),
        (drafts[1].pk, Role.HQ_EXPERT, expert.pk),
        (drafts[2].pk, Role.NGO_USER, None),
    ]


def test_each_transition_of_many_names_its_own_authority_too(expert: User, drafts: list[Ngo]) -> None:
    person = make_user(Role.NGO_USER)
    represent(drafts[2], person)
    delegate(expert, person, Role.HQ_EXPERT)
    MEMBERSHIP.apply_many(drafts, "submit", actor=person, at=NOW)
    kept = AuditEntry.objects.filter(event="membership.submitted").order_by("root_id")
    assert list(kept.values_list("role", flat=True)) == [Role.HQ_EXPERT, Role.HQ_EXPERT, Role.NGO_USER]


def test_a_chunk_that_is_tried_again_one_by_one_leaves_one_refusal(expert: User) -> None:
    """Confirming many: the chunk's refusal is no attempt, that of the one NGO is."""
    manager = make_user(Role.HQ_MANAGER)
    ngos = [make.draft(expert, claimed_number=f"1399/{n}", claimed_since=TODAY) for n in (1, 2)]
    ngos.append(make.draft(expert))
    found = batches.confirm_existing_members([ngo.pk for ngo in ngos], actor=manager, at=NOW)
    assert found.confirmed == [ngo.pk for ngo in ngos[:2]]
    assert list(REFUSED.values_list("root_id", flat=True)) == [ngos[2].pk]
