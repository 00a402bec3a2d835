"""Letters are found by a part of a number, their own or the office's, through an index (A8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame.letter_search import find_letters
from staff_portal.kernel.letters import letter_desk
from staff_portal.kernel.models import Letter, Unit, User
from staff_portal.kernel.persian.digits import to_persian_digits
from tests.kernel.papers.support import NOW, TODAY, make_letter, make_root, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Unit:
    return make_root()


@pytest.fixture
def manager() -> User:
    return make_user("hq.karimi", Role.HQ_MANAGER)


@pytest.fixture
def letters(root: Unit, manager: User) -> list[Letter]:
    made = [make_letter(root, actor=manager) for _ in range(3)]
    letter_desk.note_office_number(
        made[0],
        office_number="1405/Az/7788",
        office_dated_on=TODAY,
        scan=None,
        actor=manager,
        at=NOW + timedelta(hours=1),
    )
    return made


def found(user: User, query: str) -> list[str]:
    return [hit.url for hit in find_letters(user, NOW, query, 10)]


def test_newest_first_and_each_once(letters: list[Letter], manager: User) -> None:
    year = letters[0].number.text.split("/")[0]
    addresses = [f"/letters/{letter.pk}/" for letter in reversed(letters)]
    assert found(manager, year) == addresses  # the first one's two numbers both have the year
    assert found(manager, to_persian_digits(letters[1].number.text)) == [addresses[1]]
    assert found(manager, "az/77") == found(manager, "AZ/۷۷۸۸") == [addresses[2]]
    assert found(manager, "88999") == found(manager, "Az") == []


def test_a_person_of_another_office_finds_none(letters: list[Letter]) -> None:
    assert found(make_user("deputy.x", Role.DEPUTY_EXPERT), letters[0].number.text) == []


def test_both_searches_go_by_an_index(letters: list[Letter], manager: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        found(manager, "7788")
    (sql,) = [query["sql"] for query in asked if "office_number" in query["sql"]]
    with connection.cursor() as cursor:
        # what is left to the planner whatever it knows of these few rows: an index that answers the condition
        for way in ("seqscan", "indexscan", "indexonlyscan", "nestloop"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "number_text_trgm" in plan
    assert "letter_office_trgm" in plan
