"""N1: one NGO per national id, however it was typed; likeness is warned about before saving."""

from datetime import date

import pytest
from django.db import IntegrityError

from ngos.models import Ngo
from ngos.operations import parts, registry
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from tests.factories import ngos as make
from tests.factories.people import NOW, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import ARABIC, fa, sent, text_of

pytestmark = pytest.mark.django_db


def spellings(code: str) -> list[str]:
    return [code, fa(code), code.translate(ARABIC), f" {code[:4]} {code[4:]} ", f"{fa(code[:5])}-{code[5:]}"]


@pytest.mark.parametrize("which", range(5))
def test_a_twin_is_refused_by_the_operation(registrar: User, which: int) -> None:
    first = make.draft(registrar)
    twin = make.ngo_data(national_id=spellings(first.national_id)[which])
    with pytest.raises(Refusal, match=first.name):
        registry.register_ngo(actor=registrar, at=NOW, data=twin)
    assert Ngo.objects.filter(national_id=first.national_id).count() == 1


@pytest.mark.parametrize("which", range(5))
def test_a_twin_is_refused_by_the_page_and_nothing_typed_is_lost(
    registrar: User, sign_in: SignIn, which: int
) -> None:
    first = make.draft(registrar)
    form = sent(national_id=spellings(first.national_id)[which], name="خانه هنر آفتاب", address="خیابان بهار")
    response = sign_in(registrar).post("/ngos/new/", form)
    assert response.status_code == 422
    page = text_of(response)
    assert f"سمنی با این شناسه ملی پیش از این ثبت شده است: «{first.name}»." in page
    assert "خیابان بهار" in page
    assert "خانه هنر آفتاب" in page
    assert Ngo.objects.count() == 1


def test_postgresql_refuses_a_twin(registrar: User, raw_sql) -> None:
    first, second = make.draft(registrar), make.draft(registrar)
    with pytest.raises(IntegrityError, match="n1_national_id_unique"):
        raw_sql("UPDATE ngos_ngo SET national_id = %s WHERE id = %s", [first.national_id, second.pk])


@pytest.mark.parametrize("which", [1, 2, 3])
def test_postgresql_takes_no_other_spelling(registrar: User, raw_sql, which: int) -> None:
    ngo = make.draft(registrar)
    with pytest.raises(Exception, match=r"n1_national_id_ascii|too long"):
        raw_sql(
            "UPDATE ngos_ngo SET national_id = %s WHERE id = %s", [spellings(ngo.national_id)[which], ngo.pk]
        )


def test_a_wrong_national_id_is_told_with_its_field(registrar: User, sign_in: SignIn) -> None:
    response = sign_in(registrar).post("/ngos/new/", sent(national_id="12345678901"))
    assert response.status_code == 422
    assert 'href="#id_national_id"' in text_of(response)
    assert not Ngo.objects.exists()


def test_registering_by_page_in_any_digits_leaves_one_audit_entry(registrar: User, sign_in: SignIn) -> None:
    code = make.national_id()
    form = sent(national_id=fa(code), phone="٠٢١٢٣٨٣٩٤٢٤", volunteer_count="۱٬۲۰۰", registered_on="۱۴۰۲/۳/۱")
    response = sign_in(registrar).post("/ngos/new/", form)
    ngo = Ngo.objects.get()
    assert response["Location"] == f"/ngos/{ngo.pk}/"
    assert (ngo.national_id, ngo.phone, ngo.volunteer_count) == (code, "02123839424", 1200)
    assert ngo.registered_on.isoformat() == "2023-05-22"
    assert list(AuditEntry.objects.filter(root_id=ngo.pk).values_list("event", flat=True)) == [
        "ngo.registered"
    ]


@pytest.mark.parametrize(
    "alike",
    [
        {"name": "انجمن دوستداران كتاب مهتاب"},
        {"name": "انجمن دوستداران کتابِ مهتب"},
        {"name": "دیگری", "phone": "۰۲۱-۲۳۸۳ ۹۴۲۴"},
        {"name": "دیگری", "registration_number": "۴۵۶۷", "registration_office": "تهران"},
    ],
)
def test_likeness_is_warned_about_and_then_saved_when_it_is_another(
    registrar: User, sign_in: SignIn, alike: dict[str, str]
) -> None:
    make.draft(
        registrar,
        name="انجمن دوستداران کتاب مهتاب",
        phone="02123839424",
        registration_number="4567",
        registration_office="تهران",
    )
    client, form = sign_in(registrar), sent(**alike)
    warned = client.post("/ngos/new/", form)
    assert warned.status_code == 409
    assert "پرونده‌هایی نزدیک به این سمن هست" in text_of(warned)
    assert 'name="is_other"' in text_of(warned)
    assert Ngo.objects.count() == 1
    assert client.post("/ngos/new/", form | {"is_other": "on"}).status_code == 302
    assert Ngo.objects.count() == 2


def test_an_ordinary_other_name_is_not_warned_about(registrar: User, sign_in: SignIn) -> None:
    make.draft(registrar, name="انجمن حامیان کودکان یاس")
    assert sign_in(registrar).post("/ngos/new/", sent(name="انجمن یاوران کودکان یاس")).status_code == 302


def test_the_live_check_of_the_national_id(registrar: User, sign_in: SignIn) -> None:
    first, client = make.draft(registrar), sign_in(registrar)
    url = "/ngos/check/?what=national_id&national_id="
    assert first.name in text_of(client.get(url + fa(first.national_id)))
    assert "درست است" in text_of(client.get(url + make.national_id()))
    assert "درست است" in text_of(client.get(f"{url}{first.national_id}&exclude={first.pk}"))
    wrong = text_of(client.get(url + "11111111111"))
    assert "no-text" in wrong
    assert text_of(client.get(url)).strip() == ""


def test_the_live_check_names_no_other_file_to_an_ngo(registrar: User, sign_in: SignIn) -> None:
    first = make.draft(registrar, name="انجمن پنهان ستاره")
    client = sign_in(make_user(Role.NGO_USER))
    told = text_of(client.get(f"/ngos/check/?what=national_id&national_id={first.national_id}"))
    assert "ثبت شده است" in told
    assert first.name not in told
    assert first.name not in text_of(client.get("/ngos/check/", {"what": "similar", "name": first.name}))
    assert first.name in text_of(
        sign_in(registrar).get("/ngos/check/", {"what": "similar", "name": first.name})
    )


@pytest.mark.parametrize("role", [r for r in Role if r != Role.HQ_EXPERT])
def test_only_hq_experts_register(role: str, sign_in: SignIn) -> None:
    user = make_user(role, scope_id=6)
    with pytest.raises(NotPermitted):
        registry.register_ngo(actor=user, at=NOW, data=make.ngo_data())
    client = sign_in(user)
    assert client.get("/ngos/new/").status_code == 403
    assert client.post("/ngos/new/", sent()).status_code == 403
    assert not Ngo.objects.exists()


def test_a_telephone_may_hold_the_digits_of_the_country_code(registrar: User, sign_in: SignIn) -> None:
    assert sign_in(registrar).post("/ngos/new/", sent(phone="۰۲۱ ۲۰۰۰ ۰۹۸۰")).status_code == 302
    assert Ngo.objects.get().phone == "02120000980"


def test_a_form_sent_twice_makes_one_officer(registrar: User) -> None:
    """The same person in the same post for an overlapping term is refused; another post or a later term is not."""
    ngo = make.draft(registrar)
    given = {"actor": registrar, "at": NOW, "post": "chair", "full_name": "نادر روشن"}
    parts.record_officer(ngo, **given, starts_on=date(2026, 1, 1), last_day=date(2027, 1, 1))
    with pytest.raises(Refusal, match="همین شخص با همین سمت"):
        parts.record_officer(ngo, **(given | {"full_name": "نادر  روشن"}), starts_on=date(2026, 6, 1))
    parts.record_officer(ngo, **(given | {"post": "board"}), starts_on=date(2026, 6, 1))
    parts.record_officer(ngo, **given, starts_on=date(2027, 1, 2))
    assert ngo.officers.count() == 3
