"""The list: Persian search, filters with counts, order, pages, saved views, Excel, constant queries."""

import random
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from ngos.exports import export_register
from ngos.filters.registry import GROUPS, RegistryFilter, facets
from ngos.models import Ngo
from ngos.operations.ngo_data import NgoData, normalised
from ngos.operations.registry import register_many
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import ActivityField, Attachment, AuditEntry, Job, SavedView, User
from staff_portal.kernel.pages.tables import EXPORT_LIMIT
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import ARABIC, fa, text_of
from tests.support.states import put

pytestmark = pytest.mark.django_db


def many(registrar: User, count: int, change: Callable[[int], dict[str, Any]] = lambda n: {}) -> list[Ngo]:
    batch: list[NgoData] = [normalised(make.ngo_data(**change(n))) for n in range(count)]
    return register_many(batch, actor=registrar, at=NOW)


def names(page: str, ngos: list[Ngo]) -> list[str]:
    """The names in the order of the page."""
    return sorted(
        (ngo.name for ngo in ngos if f">{ngo.name}</a>" in page), key=lambda name: page.index(f">{name}<")
    )


# --- searching ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "کتاب‌خوانی",
        "کتاب خوانی",
        "كتاب خواني",
        "کتابخوانی",
        "دوستداران كتاب",
        "خوانی دوستداران",
        "۱۳۹۵/۰۲۱۷",
        "٤٥٦٧",
        "مؤسسه",
        "موسسه",
    ],
)
def test_persian_search_finds_whatever_letters_and_digits(
    registrar: User, sign_in: SignIn, typed: str
) -> None:
    wanted = make.draft(
        registrar,
        name="مؤسسه دوستداران کتاب‌خوانی",
        claimed_number="1395/0217",
        registration_number="4567",
    )
    make.draft(registrar, name="انجمن حامیان رودخانه")
    page = text_of(sign_in(registrar).get("/ngos/", {"q": typed}))
    assert f'href="/ngos/{wanted.pk}/"' in page
    assert "حامیان رودخانه" not in page


def test_search_by_national_id_and_head(registrar: User, sign_in: SignIn) -> None:
    wanted, client = make.draft(registrar, ceo_name="آرش یزدانی"), sign_in(registrar)
    make.draft(registrar)
    for typed in (fa(wanted.national_id), wanted.national_id.translate(ARABIC), "يزداني آرش"):
        page = text_of(client.get("/ngos/", {"q": typed}))
        assert "۱ از" in page or "۱ پرونده" in page
        assert f'href="/ngos/{wanted.pk}/"' in page


@pytest.mark.parametrize("typed", ["%", "_", "'; DROP TABLE ngos_ngo; --", "\x00", "زززز", "%s"])
def test_a_search_that_finds_nothing_says_so(registrar: User, sign_in: SignIn, typed: str) -> None:
    make.draft(registrar, name="انجمن نمونه")
    response = sign_in(registrar).get("/ngos/", {"q": typed + "قلم"})
    assert response.status_code == 200
    assert "سمنی با این صافی‌ها نیست" in text_of(response)


def test_the_empty_registry_names_the_next_step(registrar: User, sign_in: SignIn) -> None:
    page = text_of(sign_in(registrar).get("/ngos/"))
    assert "هنوز سمنی ثبت نشده است" in page
    assert "/ngos/new/" in page
    assert "ثبت سمن تازه" not in text_of(sign_in(make_user(Role.DEPUTY_EXPERT)).get("/ngos/"))


# --- filters and counts ---------------------------------------------------------------------------------------


@pytest.fixture
def varied(registrar: User) -> list[Ngo]:
    """Sixty files spread over states, fields, districts and levels."""
    pick = random.Random(7)
    codes = ["culture", "sport", "health", "environment"]
    ngos = many(
        registrar,
        60,
        lambda n: {
            "field": pick.choice(codes),
            "district_id": pick.choice([1, 6, 14]),
            "name": f"گروه {pick.choice(['سبز', 'آبی'])} {n}",
        },
    )
    for ngo in ngos:
        rank = pick.choice([None, 1, 2, 3])
        until = None if rank is None else TODAY + timedelta(days=pick.choice([-1, 0, 90]))
        state = pick.choice(["draft", "submitted", "under_review", "returned", "rejected"])
        put(MEMBERSHIP, ngo, state)
        Ngo.objects.filter(pk=ngo.pk).update(level_rank=rank, grade_valid_until=until)
    return list(Ngo.objects.all())


def level_of(ngo: Ngo) -> int:
    valid = (
        ngo.level_rank is not None and ngo.grade_valid_until is not None and ngo.grade_valid_until >= TODAY
    )
    return ngo.level_rank or 0 if valid else 0


VALUE: dict[str, Callable[[Ngo], Any]] = {
    "state": lambda ngo: ngo.state,
    "field": lambda ngo: ngo.primary_field_id,
    "level": level_of,
    "district": lambda ngo: ngo.district_id,
}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "state=draft",
        "state=draft&state=submitted&district=6",
        "level=1&level=2&field={culture}",
        "level=0&district=۶&district=١٤",
        "level=any&state=returned",
        "q=گروه سبز&level=2",
        "state=nonsense&district=99&level=9&field=abc",
    ],
)
def test_rows_and_counts_are_those_of_a_plain_count(varied: list[Ngo], address: str) -> None:
    culture = ActivityField.objects.get(code="culture").pk
    wanted = RegistryFilter.read(QueryDict(address.format(culture=culture)))
    searched = [ngo for ngo in varied if not wanted.q or "سبز" in ngo.name]
    fits = {
        name: (lambda ngo, name=name: not getattr(wanted, name) or VALUE[name](ngo) in getattr(wanted, name))
        for name in GROUPS
    }
    expected = {ngo.pk for ngo in searched if all(fit(ngo) for fit in fits.values())}
    rows = wanted.apply(Ngo.objects.all(), TODAY)
    assert set(rows.values_list("pk", flat=True)) == expected
    found = facets(Ngo.objects.all(), wanted, TODAY)
    assert (found.found, found.total) == (len(expected), len(searched))
    for name in GROUPS:
        counts: dict[Any, int] = {}
        for ngo in searched:
            counts.setdefault(VALUE[name](ngo), 0)
            if all(fit(ngo) for other, fit in fits.items() if other != name):
                counts[VALUE[name](ngo)] += 1
        assert getattr(found, name) == counts, name


def test_a_level_holds_on_its_last_day_and_not_after(registrar: User, sign_in: SignIn) -> None:
    ngo, client = make.draft(registrar), sign_in(registrar)
    for days, seen in ((0, True), (-1, False)):
        Ngo.objects.filter(pk=ngo.pk).update(level_rank=2, grade_valid_until=TODAY + timedelta(days=days))
        page = text_of(client.get("/ngos/"))
        assert ('<span class="badge go">سطح ۲</span>' in page) is seen
        assert (f'href="/ngos/{ngo.pk}/"' in text_of(client.get("/ngos/?level=2"))) is seen


def test_the_applications_page_shows_open_ones(registrar: User, varied: list[Ngo], sign_in: SignIn) -> None:
    page = text_of(sign_in(registrar).get("/ngos/memberships/?size=100"))
    for ngo in varied:
        is_open = ngo.state in {"submitted", "under_review", "returned"}
        assert (f'href="/ngos/{ngo.pk}/"' in page) is is_open
    assert sign_in(make_user(Role.DEPUTY_EXPERT)).get("/ngos/memberships/").status_code == 403


# --- order and pages ------------------------------------------------------------------------------------------


def test_order_by_the_persian_alphabet_both_ways(registrar: User, sign_in: SignIn) -> None:
    wanted = ["آوا", "احسان", "بهار", "پرتو", "چشمه", "ژرفا", "کتاب", "گلستان", "یاس"]
    ngos = [make.draft(registrar, name=name) for name in reversed(wanted)]
    client = sign_in(registrar)
    assert names(text_of(client.get("/ngos/")), ngos) == wanted
    assert names(text_of(client.get("/ngos/?sort=-name")), ngos) == wanted[::-1]


def test_order_by_volunteers_has_the_unknown_last(registrar: User, sign_in: SignIn) -> None:
    counts = {"الف": 5, "ب": None, "پ": 900, "ت": 30}
    ngos = [make.draft(registrar, name=name, volunteer_count=count) for name, count in counts.items()]
    client = sign_in(registrar)
    assert names(text_of(client.get("/ngos/?sort=volunteers")), ngos) == ["الف", "ت", "پ", "ب"]
    assert names(text_of(client.get("/ngos/?sort=-volunteers")), ngos) == ["پ", "ت", "الف", "ب"]


@pytest.mark.parametrize(
    "sort", ["name", "field", "district", "level", "volunteers", "state", "licence", "x; DROP"]
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_hold_every_row_once(
    registrar: User, varied: list[Ngo], sign_in: SignIn, sort: str, sign: str
) -> None:
    client, seen = sign_in(registrar), []
    for number in ("۱", "2", "٣"):
        page = text_of(client.get("/ngos/", {"sort": sign + sort, "page": number}))
        seen += [ngo.pk for ngo in varied if f'href="/ngos/{ngo.pk}/"' in page]
    assert len(seen) == 60
    assert len(set(seen)) == 60


def test_a_page_beyond_the_end_is_the_last(registrar: User, sign_in: SignIn) -> None:
    many(registrar, 30)
    page = text_of(sign_in(registrar).get("/ngos/?page=999&size=25"))
    assert "۲۶ تا ۳۰ از ۳۰" in page
    assert "۱ تا ۲۵ از ۳۰" in text_of(sign_in(registrar).get("/ngos/?page=abc&size=7"))


# --- queries --------------------------------------------------------------------------------------------------

LIST_QUERIES = {
    Role.HQ_EXPERT: 12,
    Role.HQ_MANAGER: 12,
    Role.AUDITOR: 12,
    Role.DEPUTY_EXPERT: 12,
    Role.DISTRICT_HEAD: 12,
}


def count_queries(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("role", sorted(LIST_QUERIES))
@pytest.mark.parametrize("address", ["/ngos/", "/ngos/?q=گروه&level=0&sort=-volunteers"])
def test_one_row_and_fifty_cost_the_same(
    registrar: User,
    reviewer: User,
    manager: User,
    sign_in: SignIn,
    role: str,
    address: str,
    no_n_plus_one: Any,
) -> None:
    make.member(registrar, reviewer, manager, name="گروه نخست", district_id=6)
    client = sign_in(make_user(role, scope_id=6))
    address += "&size=50" if "?" in address else "?size=50"
    with_one = count_queries(client, address)
    for ngo in many(registrar, 50, lambda n: {"name": f"گروه {n}", "district_id": 6}):
        put(MEMBERSHIP, ngo, "member", membership_number=f"1/{ngo.pk}", member_since=TODAY)
        Ngo.objects.filter(pk=ngo.pk).update(level_rank=3)
    with no_n_plus_one():
        client.get(address)
    assert count_queries(client, address) == with_one
    assert with_one <= LIST_QUERIES[role]


# --- Excel ----------------------------------------------------------------------------------------------------


def sheet(content: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


def test_excel_is_exactly_the_filtered_list(registrar: User, varied: list[Ngo], sign_in: SignIn) -> None:
    client = sign_in(registrar)
    address = "?state=draft&state=returned&level=0&sort=-name&size=100"
    page = text_of(client.get(f"/ngos/{address}"))
    response = client.get(f"/ngos/{address}&format=xlsx")
    heading, *rows = sheet(response.content)
    assert heading[:7] == ["نام", "حوزه اصلی", "منطقه", "سطح", "داوطلبان", "وضعیت", "پایان پروانه"]
    assert [row[0] for row in rows] == names(page, varied)
    assert len(rows) > 3
    assert {row[5] for row in rows} == {"پیش‌نویس", "بازگشت برای اصلاح"}
    assert not {"تلفن همراه", "کد ملی", "شماره شبا"} & set(heading)
    entry = AuditEntry.objects.get(event="ngo.exported")
    assert (entry.actor, entry.after["rows"]) == (registrar, len(rows))
    assert entry.after["filters"]["state"] == ["draft", "returned"]


def test_excel_shows_a_deputy_members_only(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    member = make.member(registrar, reviewer, manager)
    make.draft(registrar)
    response = sign_in(make_user(Role.DEPUTY_EXPERT)).get("/ngos/?format=xlsx")
    assert [row[0] for row in sheet(response.content)[1:]] == [member.name]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+سلام", "-1+1", "@SUM(A1)"])
def test_texts_that_look_like_formulas_stay_texts(registrar: User, sign_in: SignIn, name: str) -> None:
    make.draft(registrar, name=name)
    content = sign_in(registrar).get("/ngos/?format=xlsx").content
    cell = load_workbook(BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_a_long_list_goes_to_the_background(
    registrar: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(registrar, 3)
    monkeypatch.setattr("ngos.views.registry.EXPORT_LIMIT", 2)
    response = sign_in(registrar).get("/ngos/?format=xlsx&state=draft&sort=-name")
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert (job.owner, job.handler) == (registrar, "ngos.export_register")
    reported: list[tuple[int, int]] = []
    result = export_register(job, lambda done, total, message: reported.append((done, total)), at=NOW)
    kept = Attachment.objects.get()
    assert result["url"] == f"/attachments/{kept.pk}/"
    assert reported[-1] == (3, 3)
    with kept.file.open("rb") as file:
        rows = sheet(file.read())
    assert [row[0] for row in rows[1:]] == [
        ngo.name for ngo in Ngo.objects.filter(state="draft").order_by("-sort_key", "-id")
    ]
    assert sign_in(registrar).get(result["url"]).status_code == 200
    assert sign_in(make_user(Role.HQ_EXPERT)).get(result["url"]).status_code == 404
    assert EXPORT_LIMIT == 5000


# --- saved views ----------------------------------------------------------------------------------------------


def test_views_are_saved_opened_and_deleted_by_their_owner(registrar: User, sign_in: SignIn) -> None:
    many(registrar, 2)
    client = sign_in(registrar)
    sent = {"title": "عضوهای منطقه ۶", "query": "state=member&district=6&page=3&format=xlsx"}
    assert client.post("/views/ngos/", sent)["Location"] == "/ngos/?state=member&district=6"
    view = SavedView.objects.get()
    page = text_of(client.get("/ngos/"))
    assert "عضوهای منطقه ۶" in page
    assert f'href="/ngos/?{view.query}"' in page.replace("&amp;", "&")
    stranger = sign_in(make_user(Role.HQ_EXPERT))
    assert "عضوهای منطقه ۶" not in text_of(stranger.get("/ngos/"))
    assert stranger.post(f"/views/{view.pk}/delete/").status_code == 404
    client.post("/views/ngos/", sent | {"query": "state=draft"})
    assert SavedView.objects.get().query == "state=draft"
    assert client.post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"title": " ", "query": "state=draft"}, "نامی بنویسید"),
        ({"title": "نما", "query": "page=2"}, "دست‌کم یک صافی"),
    ],
)
def test_a_view_that_cannot_be_saved_says_why(
    registrar: User, sign_in: SignIn, sent: dict[str, str], sentence: str
) -> None:
    client = sign_in(registrar)
    response = client.post("/views/ngos/", sent, follow=True)
    assert sentence in text_of(response)
    assert not SavedView.objects.exists()
