"""One or two letters are searched as any other part of a name, by an index of their own (page 7, N1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ngos.filters.registry import RegistryFilter, facets
from ngos.models import Ngo
from ngos.tables.registry import DEFAULT_ORDER, read_rows
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.search import search_fold
from tests.factories import ngos as make
from tests.factories.people import TODAY
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import fa, text_of

pytestmark = pytest.mark.django_db

SHORT = ["هن", "نه", "ان", "ژ", "ي", "ك", "۱۲", "٠١", "هن ژ", "هن ۱۲", "قق", "x", "م‌ن", "ؤس", "%", "_", ""]
LONGER = ["هنر", "هنر ژ", "ژاله هن"]


@pytest.fixture
def ngos(registrar: User) -> list[Ngo]:
    names = ["انجمن هنر نهال", "مؤسسه ژاله", "بنیاد یاوران کودک من", "هیئت مهرورزان قلم", "شبکه هن‌ژ ۱۲"]
    return [make.draft(registrar, name=name) for name in names]


@pytest.mark.parametrize("typed", SHORT + LONGER)
def test_both_ways_find_the_same(ngos: list[Ngo], typed: str) -> None:
    read = set(Ngo.objects.matching(typed))
    words = search_fold(typed).split()
    assert read == {ngo for ngo in Ngo.objects.all() if all(word in ngo.search_text for word in words)}
    assert set(Ngo.objects.matching(typed, by_pieces=True)) == read
    counts = facets(Ngo.objects.all(), RegistryFilter(q=typed), TODAY)
    assert (counts.found, counts.total) == (len(read), len(read))


def test_a_pair_does_not_reach_over_a_blank(ngos: list[Ngo]) -> None:
    assert "ن ه" in ngos[0].search_text
    assert ngos[1] not in Ngo.objects.matching("نه", by_pieces=True)
    assert list(Ngo.objects.matching("ژا", by_pieces=True)) == [ngos[1]]


def test_a_name_that_changes_is_found_by_the_new_one_only(ngos: list[Ngo]) -> None:
    ngos[1].search_text = search_fold("مؤسسه پونه")
    ngos[1].save(update_fields=["search_text"])
    assert not Ngo.objects.matching("ژا", by_pieces=True).exists()
    assert list(Ngo.objects.matching("پو", by_pieces=True)) == [ngos[1]]


@pytest.mark.parametrize("typed", ["ژا", "ژ", "۱۲"])
def test_the_page_shows_what_was_typed_for(
    ngos: list[Ngo], registrar: User, sign_in: SignIn, typed: str
) -> None:
    found = [ngo for ngo in ngos if search_fold(typed) in ngo.search_text]
    page = text_of(sign_in(registrar).get("/ngos/", {"q": typed}))
    assert [ngo for ngo in ngos if f'href="/ngos/{ngo.pk}/"' in page] == found
    assert f"{fa(len(found))} پرونده" in page


def plan_of(read: Callable[[], Any]) -> str:
    """As PostgreSQL would do it with a table large enough."""
    with CaptureQueriesContext(connection) as asked:
        read()
    (sql,) = [query["sql"] for query in asked]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_chips_and_rows_are_looked_up(ngos: list[Ngo]) -> None:
    wanted, everything = RegistryFilter(q="ژا"), Ngo.objects.all()
    rows = wanted.apply(everything, TODAY, by_pieces=True)
    assert "on ngo_search_short" in plan_of(lambda: facets(everything, wanted, TODAY))
    assert "on ngo_search_short" in plan_of(lambda: read_rows(rows, DEFAULT_ORDER, 0, 25, TODAY))


def test_the_same_search_counts_the_same_every_time(registrar: User) -> None:
    """Both branches of the statement ask a sample of the table; they must be told the same, whatever pages it takes."""
    for number in range(40):
        make.draft(registrar, name=f"انجمن {'ژاله' if number < 21 else 'نور'} {number}")
    found = {facets(Ngo.objects.all(), RegistryFilter(q="ژ"), TODAY).found for _ in range(400)}
    assert found == {21}
