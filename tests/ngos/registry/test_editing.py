"""Changing a file: two people on one record, drafts of what was typed, districts and neighbourhoods."""

from typing import Any

import pytest

from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Neighbourhood, User
from tests.factories import ngos as make
from tests.factories.people import NOW, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import represent, sent, text_of

pytestmark = pytest.mark.django_db


def form_of(ngo: Ngo, **changes: Any) -> dict[str, Any]:
    """What the browser sends back of this file's form."""
    base = sent(
        name=ngo.name,
        national_id=ngo.national_id,
        phone=ngo.phone,
        primary_field=str(ngo.primary_field_id),
        version=str(ngo.version),
    )
    return base | changes


def test_an_unchanged_form_changes_nothing(registrar: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar, volunteer_count=12, claimed_number="1399/7", target_groups=("women",))
    client = sign_in(registrar)
    page = text_of(client.get(f"/ngos/{ngo.pk}/edit/"))
    assert "۱۳۹۹/۷" in page or "1399/7" in page
    form = form_of(ngo, volunteer_count="۱۲", claimed_number="1399/7", target_groups=["women"])
    assert client.post(f"/ngos/{ngo.pk}/edit/", form).status_code == 302
    assert not AuditEntry.objects.filter(event="ngo.changed").exists()


def test_a_change_leaves_before_and_after(registrar: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar, phone="02123839424")
    form = form_of(ngo, phone="۰۲۱ ۲۳۸۳ ۹۴۲۵", volunteer_count="۲۵")
    assert sign_in(registrar).post(f"/ngos/{ngo.pk}/edit/", form)["Location"] == f"/ngos/{ngo.pk}/"
    entry = AuditEntry.objects.get(event="ngo.changed")
    assert entry.before == {"state": "draft", "phone": "02123839424", "volunteer_count": None}
    assert entry.after == {"state": "draft", "phone": "02123839425", "volunteer_count": 25}


def test_whoever_saves_second_sees_what_the_first_changed_and_loses_nothing(
    registrar: User, reviewer: User, sign_in: SignIn
) -> None:
    ngo = make.draft(registrar, address="خیابان نخست")
    first, second = sign_in(registrar), sign_in(reviewer)
    assert first.post(f"/ngos/{ngo.pk}/edit/", form_of(ngo, address="خیابان دوم")).status_code == 302
    mine = form_of(ngo, address="خیابان سوم", volunteer_count="۷۷")
    refused = second.post(f"/ngos/{ngo.pk}/edit/", mine)
    assert refused.status_code == 422
    page = text_of(refused)
    assert "مریم ثبت‌کننده این پرونده را در همین فاصله تغییر داده است" in page
    assert "دو نفر روی یک پرونده" in page
    for text in ("خیابان نخست", "خیابان دوم", "خیابان سوم", "۷۷"):
        assert text in page
    ngo.refresh_from_db()
    assert (ngo.address, ngo.version) == ("خیابان دوم", 2)
    assert 'name="version" value="2"' in page
    assert second.post(f"/ngos/{ngo.pk}/edit/", mine | {"version": "2"}).status_code == 302
    ngo.refresh_from_db()
    assert (ngo.address, ngo.volunteer_count) == ("خیابان سوم", 77)


def test_a_step_taken_meanwhile_is_a_conflict_too(registrar: User, reviewer: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar)
    form = form_of(ngo, address="خیابان تازه")
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    response = sign_in(reviewer).post(f"/ngos/{ngo.pk}/edit/", form)
    assert response.status_code == 422
    assert "درخواست عضویت را ارسال کرد" in text_of(response)


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "99"])
def test_a_form_without_the_right_version_never_overwrites(
    registrar: User, sign_in: SignIn, version: str
) -> None:
    ngo = make.draft(registrar, address="خیابان نخست")
    response = sign_in(registrar).post(f"/ngos/{ngo.pk}/edit/", form_of(ngo, address="دیگر", version=version))
    assert response.status_code == 422
    assert "دیگر" in text_of(response)
    ngo.refresh_from_db()
    assert ngo.address == "خیابان نخست"


def test_every_error_is_listed_and_everything_typed_stays(registrar: User, sign_in: SignIn) -> None:
    wrong = sent(
        name="",
        national_id="۱۲۳",
        phone="99",
        registered_on="۱۴۰۳/۱۲/۳۱",
        postal_code="1",
        sheba="IR00",
        email="نشانی",
        about="متن بلند من",
        address="<script>alert(1)</script>",
    )
    response = sign_in(registrar).post("/ngos/new/", wrong)
    assert response.status_code == 422
    raw = response.content.decode()
    for name in ("name", "national_id", "phone", "registered_on", "postal_code", "sheba", "email"):
        assert f'href="#id_{name}"' in raw, name
    page = text_of(response)
    for typed in ("۱۴۰۳/۱۲/۳۱", "متن بلند من", "IR۰۰"):
        assert typed in page
    assert "<script>alert" not in raw


def test_thirty_esfand_of_a_common_year_is_refused_in_words(registrar: User, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    assert client.post("/ngos/new/", sent(registered_on="۱۴۰۴/۱۲/۳۰")).status_code == 422
    assert client.post("/ngos/new/", sent(registered_on="۱۴۰۳/۱۲/۳۰")).status_code == 302


# --- districts and neighbourhoods -----------------------------------------------------------------------------


def test_a_neighbourhood_of_another_district_is_refused(registrar: User, sign_in: SignIn) -> None:
    mine = Neighbourhood.objects.filter(district_id=6).first()
    other = Neighbourhood.objects.filter(district_id=7).first()
    assert mine is not None
    assert other is not None
    client = sign_in(registrar)
    refused = client.post("/ngos/new/", sent(neighbourhood=str(other.pk)))
    assert refused.status_code == 422
    assert "این محله در منطقه ۶ نیست" in text_of(refused)
    nowhere = client.post("/ngos/new/", sent(district="", neighbourhood=str(mine.pk)))
    assert "منطقه این محله را هم برگزینید" in text_of(nowhere)
    assert client.post("/ngos/new/", sent(neighbourhood=str(mine.pk))).status_code == 302
    assert Ngo.objects.get().neighbourhood == mine


def test_without_javascript_all_neighbourhoods_stand_in_groups(registrar: User, sign_in: SignIn) -> None:
    page = text_of(sign_in(registrar).get("/ngos/new/"))
    assert page.count("<optgroup") == 22
    assert 'label="منطقه ۲۲"' in page


def test_the_choices_of_one_district(registrar: User, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    chosen = Neighbourhood.objects.filter(district_id=6).order_by("name_folded").first()
    assert chosen is not None
    page = text_of(client.get(f"/ngos/neighbourhoods/?district=۶&neighbourhood={chosen.pk}"))
    assert page.count("<option") == 1 + Neighbourhood.objects.filter(district_id=6, is_active=True).count()
    assert f'<option value="{chosen.pk}" selected>' in page
    assert text_of(client.get("/ngos/neighbourhoods/?district=abc")).count("<optgroup") == 22


# --- who changes what -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.HQ_MANAGER, Role.AUDITOR, Role.DISTRICT_HEAD])
def test_readers_do_not_edit(role: str, registrar: User, sign_in: SignIn) -> None:
    ngo, client = make.draft(registrar), sign_in(make_user(role, scope_id=6))
    assert client.get(f"/ngos/{ngo.pk}/edit/").status_code == 403
    assert client.post(f"/ngos/{ngo.pk}/edit/", form_of(ngo, address="دیگر")).status_code == 403
    assert "/edit/" not in text_of(client.get(f"/ngos/{ngo.pk}/"))
    ngo.refresh_from_db()
    assert ngo.address == ""


def test_an_ngo_changes_its_own_file_but_not_its_claim(registrar: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar, claimed_number="1399/7")
    user = make_user(Role.NGO_USER)
    represent(ngo, user)
    client = sign_in(user)
    assert 'name="claimed_number"' not in text_of(client.get(f"/ngos/{ngo.pk}/edit/"))
    form = form_of(ngo, address="خیابان ما", claimed_number="1/1")
    assert client.post(f"/ngos/{ngo.pk}/edit/", form).status_code == 302
    ngo.refresh_from_db()
    assert (ngo.address, ngo.claimed_number) == ("خیابان ما", "1399/7")


def test_the_national_id_of_a_member_stays(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    ngo = make.member(registrar, reviewer, manager)
    response = sign_in(registrar).post(f"/ngos/{ngo.pk}/edit/", form_of(ngo, national_id=make.national_id()))
    assert response.status_code == 422
    assert "شناسه ملی عضو تغییر نمی‌کند" in text_of(response)


def test_likeness_on_a_change_is_warned_about_only_when_it_is_new(registrar: User, sign_in: SignIn) -> None:
    make.draft(registrar, name="انجمن یاران رود")
    ngo, client = make.draft(registrar, name="کانون کوهستان"), sign_in(registrar)
    assert client.post(f"/ngos/{ngo.pk}/edit/", form_of(ngo, name="انجمن یاران رود")).status_code == 409
    agreed = form_of(ngo, name="انجمن یاران رود", is_other="on")
    assert client.post(f"/ngos/{ngo.pk}/edit/", agreed).status_code == 302
    ngo.refresh_from_db()
    assert client.post(f"/ngos/{ngo.pk}/edit/", form_of(ngo, address="دیگر")).status_code == 302


def test_a_refusal_is_said_once(registrar: User, sign_in: SignIn) -> None:
    twin = make.draft(registrar)
    page = text_of(sign_in(registrar).post("/ngos/new/", sent(national_id=twin.national_id)))
    assert page.count("سمنی با این شناسه ملی پیش از این ثبت شده است") == 1
