"""Rows of what hangs on an NGO's file, and what the database refuses of the file itself (N1, N3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from ngos.models import Ngo
from ngos.operations import parts
from ngos.operations.accounts import AccountData, link_account
from ngos.operations.ngo_data import LicenceData
from ngos.operations.parts import OfficerData
from ngos.workflow import ACCOUNT, LICENCE, OFFICER
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import work
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.support import represent
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

pytestmark = pytest.mark.django_db
KEEPERS = {Role.HQ_EXPERT, Role.NGO_USER}
EXPERT = {Role.HQ_EXPERT}

COMES = line(EXPERT, (), (), by_hand=False)
LICENCES = {"record": line(KEEPERS, (), ()), "import": line(EXPERT, (), ()), "come_with_file": COMES}
OFFICERS = {
    "record": line(KEEPERS, (), ()),
    "import": line(EXPERT, (), ()),
    "come_with_file": COMES,
    "end": line(KEEPERS, (), ()),
    "end_by_register": line(EXPERT, (), ()),
}
ACCOUNTS = {"link": line(EXPERT, (), ()), "end": line(EXPERT, (), ())}


def test_the_tables_are_the_design() -> None:
    assert_as_written(LICENCE, LICENCES)
    assert_as_written(OFFICER, OFFICERS)
    assert_as_written(ACCOUNT, ACCOUNTS)


def _people(ngo: Ngo) -> dict[str, User]:
    people = {role: make_user(role, scope_id=6) for role in Role.values}
    represent(ngo, people[Role.NGO_USER])
    return people


@pytest.mark.parametrize(("state", "name"), cells(OFFICER, OFFICERS, alone=OFFICERS))
def test_every_role_ends_a_term_or_may_not(registrar: User, state: str, name: Names) -> None:
    ngo = make.draft(registrar)
    officer = parts.record_officer(
        ngo, actor=registrar, at=NOW, post="chair", full_name="زهرا امینی", starts_on=TODAY
    )
    answers = {name: {"last_day": TODAY + timedelta(days=9)}}
    trial = Trial(lambda wanted: officer, _people(ngo), lambda row: NOW, answers)
    try_cell(OFFICER, OFFICERS, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(ACCOUNT, ACCOUNTS, alone=ACCOUNTS))
def test_every_role_ends_a_representation_or_may_not(registrar: User, state: str, name: Names) -> None:
    ngo = make.draft(registrar)
    user = make_user(Role.NGO_USER)
    account = link_account(ngo, actor=registrar, at=NOW, user=user, letter_reference="۱۲", starts_on=TODAY)
    answers = {name: {"ends_on": TODAY + timedelta(days=9)}}
    trial = Trial(lambda wanted: account, _people(ngo), lambda row: NOW, answers)
    try_cell(ACCOUNT, ACCOUNTS, state, name, trial)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_adds_to_a_file_or_may_not(registrar: User, role: str) -> None:
    from staff_portal.kernel.base.refusals import NotPermitted

    ngo = make.draft(registrar, licence=None)
    person, other = _people(ngo)[role], make_user(Role.NGO_USER)
    licence = LicenceData(licensor="police", number="9", valid_until=TODAY + timedelta(days=9))
    attempts: list[tuple[Any, str, Any, set[str]]] = [
        (LICENCE, "record", licence, KEEPERS),
        (OFFICER, "record", OfficerData("chair", "زهرا امینی", TODAY), KEEPERS),
        (ACCOUNT, "link", AccountData(other, "۱۲", TODAY), EXPERT),
    ]
    for table, name, data, may in attempts:
        count = table.model.objects.count()
        if role in may:
            table.apply(ngo, name, actor=person, at=NOW, data=data)
            assert table.model.objects.count() == count + 1
        else:
            with pytest.raises(NotPermitted):
                table.apply(ngo, name, actor=person, at=NOW, data=data)
            assert table.model.objects.count() == count
    assert work.rebuild(at=NOW, mend=False).total == 0


@pytest.mark.parametrize(
    "changes",
    [
        "state = 'under_review', state_since = now()",
        "state = 'ended', state_since = now()",
        "state_since = now()",
        "registered_by_id = NULL",
        "registered_at = now()",
        "reviewer_id = registered_by_id",
    ],
)
def test_raw_sql_moves_no_file(registrar: User, raw_sql: Any, changes: str) -> None:
    ngo = make.draft(registrar)
    with pytest.raises(IntegrityError) as caught:
        raw_sql(f"UPDATE ngos_ngo SET {changes}")
    assert constraints.constraint_name(caught.value) == "n3_ngo_moves"
    assert Ngo.objects.get().state_since == ngo.state_since


def test_a_file_begins_as_a_draft(registrar: User) -> None:
    made = make.draft(registrar)
    made.pk, made.state, made.national_id = None, "submitted", "14000000999"
    with pytest.raises(IntegrityError) as caught:
        made.save(force_insert=True)
    assert constraints.constraint_name(caught.value) == "n3_ngo_moves"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ngos_licence SET valid_until = valid_until + 900",
        "UPDATE ngos_officer SET full_name = 'x'",
        "UPDATE ngos_officer SET post = 'ceo'",
        "UPDATE ngos_ngoaccount SET letter_reference = 'x'",
        "UPDATE ngos_ngoaccount SET user_id = created_by_id",
    ],
)
def test_raw_sql_rewrites_no_part(registrar: User, raw_sql: Any, statement: str) -> None:
    ngo = make.draft(registrar)
    parts.record_officer(ngo, actor=registrar, at=NOW, post="chair", full_name="زهرا", starts_on=TODAY)
    user = make_user(Role.NGO_USER)
    link_account(ngo, actor=registrar, at=NOW, user=user, letter_reference="۱۲", starts_on=TODAY)
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement)
    assert constraints.constraint_name(caught.value) == "ngo_part_kept"
