"""The search: everything the person may see, by any spelling, and nothing else."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.letters import letter_desk
from staff_portal.kernel.models import Letter, Secrecy, Unit, User
from staff_portal.kernel.people import access
from staff_portal.kernel.trail import file_kinds
from tests.kernel.papers.support import NOW, TODAY, client_of, make_letter, make_root, make_user

pytestmark = pytest.mark.django_db


def _visible(user: User, on: date) -> QuerySet[Unit]:
    sees_all = access.has_role(user, on, Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)
    return Unit.objects.all() if sees_all else Unit.objects.filter(pk=user.unit_id)


@pytest.fixture
def root(settings: Any) -> Iterator[Unit]:
    SigningKey.load(settings.SIGNING_KEY_FILE, create=True)
    before = dict(file_kinds.ROOTS)
    file_kinds.register(Unit, visible=_visible, url=lambda unit: f"/units/{unit.pk}/")
    yield make_root()
    file_kinds.ROOTS.clear()
    file_kinds.ROOTS.update(before)


@pytest.fixture
def manager() -> User:
    return make_user("hq.karimi", Role.HQ_MANAGER)


@pytest.fixture
def letter(root: Unit, manager: User) -> Letter:
    return make_letter(root, actor=manager)


def find(user: User, query: str, name: str = "search") -> str:
    response = client_of(user).get(reverse(name), {"q": query})
    assert response.status_code == 200
    return response.content.decode()


def address(letter: Letter) -> str:
    return f'href="{reverse("letter_detail", args=[letter.pk])}"'


@pytest.mark.parametrize("query", ["1405/ن/1", "۱۴۰۵/ن/۱", " ١٤٠٥/ن ", "1405 / ن"])
@pytest.mark.parametrize("name", ["search", "search_suggest"])
def test_a_letter_is_found_by_its_number_in_any_digits(
    letter: Letter, manager: User, query: str, name: str
) -> None:
    assert address(letter) in find(manager, query, name)


def test_a_letter_is_found_by_the_office_s_number(letter: Letter, root: Unit, manager: User) -> None:
    letter_desk.note_office_number(
        letter, office_number="د/778899", office_dated_on=TODAY, scan=None, actor=manager, at=NOW
    )
    assert address(letter) in find(manager, "۷۷۸۸۹۹")


@pytest.mark.parametrize("name", ["search", "search_suggest"])
def test_what_may_not_be_seen_is_not_found(root: Unit, letter: Letter, manager: User, name: str) -> None:
    secret = make_letter(root, actor=manager, secrecy=Secrecy.CONFIDENTIAL)
    elsewhere = make_letter(make_root("دیگر"), actor=manager)
    mine = find(make_user("unit", Role.UNIT_EXPERT, unit=root), "1405/ن", name)
    assert address(letter) in mine
    assert address(secret) not in mine
    assert address(elsewhere) not in mine
    auditor = find(make_user("auditor", Role.AUDITOR), "1405/ن", name)
    assert address(elsewhere) in auditor
    assert address(secret) not in auditor
    admin = find(make_user("admin", Role.ADMIN), "1405/ن", name)
    assert "/letters/" not in admin
    assert "چیزی یافت نشد" in admin


def test_all_providers_are_asked_and_grouped_in_their_order(bare_registry: Any, manager: User) -> None:
    def provider(group: str, *titles: str) -> contributions.SearchProvider:
        def hits(user: User, at: datetime, query: str, limit: int) -> list[contributions.SearchHit]:
            assert query == "یاران"
            return [contributions.SearchHit(group, title, "", "/x/") for title in titles[:limit]]

        return hits

    bare_registry.search += [
        provider("سمن‌ها", "یک", "دو"),
        provider("نامه‌ها", "سه"),
        provider("سمن‌ها", "چهار"),
    ]
    response = client_of(manager).get(reverse("search"), {"q": " ياران "})
    groups = [(group["title"], [hit.title for hit in group["hits"]]) for group in response.context["groups"]]
    assert groups == [("سمن‌ها", ["یک", "دو", "چهار"]), ("نامه‌ها", ["سه"])]
    assert 'value="یاران"' in response.content.decode()


def test_a_query_that_is_too_short_asks_nobody(registry: Any, manager: User) -> None:
    def never(*arguments: Any) -> list[contributions.SearchHit]:
        raise AssertionError("asked")

    registry.search = [never]
    assert "دست‌کم دو نویسه" in find(manager, "ی")
    assert "تنها آنچه اجازه دیدنش را دارید" in find(manager, "")
    assert find(manager, "ی", "search_suggest").strip() == ""


@pytest.mark.parametrize(
    "query", ["%", "__", "' OR 1=1 --", "<script>alert(1)</script>", "\x00\x00", "۱" * 5000, "\\"]
)
@pytest.mark.parametrize("name", ["search", "search_suggest"])
def test_strange_queries_find_nothing_and_break_nothing(
    letter: Letter, manager: User, query: str, name: str
) -> None:
    text = find(manager, query, name)
    assert address(letter) not in text
    assert "<script>alert" not in text


def test_suggestions_lead_to_all_results(letter: Letter, manager: User) -> None:
    text = find(manager, "1405/ن", "search_suggest")
    assert 'href="/search/?q=1405/%D9%86"' in text
    assert "<html" not in text


def test_a_stranger_is_asked_to_sign_in(client: Any) -> None:
    for name in ("search", "search_suggest"):
        assert client.get(reverse(name), {"q": "1405"}).status_code == 302
