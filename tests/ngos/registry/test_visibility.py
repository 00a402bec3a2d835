"""List and object permission are one: for every role the page, the list, the search and the file agree."""

from datetime import timedelta
from typing import Any

import pytest

from ngos import rules
from ngos.models import Assessment, AssessorSeat, Ngo
from ngos.queries import visible_ngos
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import User
from staff_portal.kernel.trail import file_kinds
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, add_role, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import represent, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(registrar: User, reviewer: User, manager: User) -> dict[str, Ngo]:
    """Members and drafts of two districts, with names that the search finds."""
    return {
        "member6": make.member(registrar, reviewer, manager, name="کانون رصد ششم", district_id=6),
        "draft6": make.draft(registrar, name="کانون رصد پیش‌نویس", district_id=6),
        "member14": make.member(registrar, reviewer, manager, name="کانون رصد چهاردهم", district_id=14),
        "draft14": make.draft(registrar, name="کانون رصد دیگر", district_id=14),
    }


def person(role: str | None, registry: dict[str, Ngo]) -> User:
    user = make_user(role, scope_id=6)
    if role == Role.NGO_USER:
        represent(registry["draft14"], user)
    if role == Role.HQ_ASSESSOR:
        framework = make.published(make_user(Role.HQ_EXPERT), make_user(Role.HQ_MANAGER))
        assessment = Assessment.objects.create(
            ngo=registry["member14"],
            framework=framework,
            planned_by=registry["member14"].registered_by,
            planned_at=NOW,
            state_since=NOW,
        )
        for place, assessor in enumerate((user, make_user(Role.HQ_ASSESSOR)), start=1):
            AssessorSeat.objects.create(assessment=assessment, assessor=assessor, position=place)
    return user


EXPECTED: dict[str, set[str]] = {
    Role.HQ_EXPERT: {"member6", "draft6", "member14", "draft14"},
    Role.HQ_MANAGER: {"member6", "draft6", "member14", "draft14"},
    Role.AUDITOR: {"member6", "draft6", "member14", "draft14"},
    Role.DEPUTY_EXPERT: {"member6", "member14"},
    Role.DEPUTY_MANAGER: {"member6", "member14"},
    Role.UNIT_EXPERT: {"member6", "member14"},
    Role.REGION_OFFICER: {"member6"},
    Role.DISTRICT_HEAD: {"member6", "draft6"},
    Role.HQ_ASSESSOR: {"member14"},
    Role.NGO_USER: {"draft14"},
}


@pytest.mark.parametrize("role", [*Role, None])
def test_list_object_search_and_page_agree(
    role: str | None, registry: dict[str, Ngo], sign_in: SignIn
) -> None:
    user = person(role, registry)
    client = sign_in(user)
    wanted = {registry[key].pk for key in EXPECTED.get(role or "", set())}
    assert set(visible_ngos(user, TODAY).values_list("pk", flat=True)) == wanted
    assert visible_ngos(user, TODAY).count() == len(wanted)
    hits = {hit.url for hit in contributions.search(user, NOW, "کانون رصد")}
    for ngo in registry.values():
        is_seen = ngo.pk in wanted
        assert rules.can_view_ngo(user, ngo, TODAY) is is_seen
        assert (file_kinds.find("ngos.ngo", ngo.pk, user, TODAY) is not None) is is_seen
        assert (f"/ngos/{ngo.pk}/" in hits) is is_seen
        assert client.get(f"/ngos/{ngo.pk}/").status_code == (200 if is_seen else 404)
        assert client.get(f"/ngos/{ngo.pk}/letters/").status_code == (200 if is_seen else 404)
    answer = client.get("/ngos/")
    if role == Role.NGO_USER:
        assert answer["Location"] == f"/ngos/{registry['draft14'].pk}/"
    elif not wanted:
        assert answer.status_code == 403
    else:
        page = text_of(answer)
        assert {ngo.pk for ngo in registry.values() if f'href="/ngos/{ngo.pk}/"' in page} == wanted


def test_two_roles_see_what_either_sees(registry: dict[str, Ngo]) -> None:
    user = person(Role.REGION_OFFICER, registry)
    add_role(user, Role.NGO_USER)
    represent(registry["draft14"], user)
    seen = set(visible_ngos(user, TODAY).values_list("pk", flat=True))
    assert seen == {registry["member6"].pk, registry["draft14"].pk}


def test_a_representative_sees_the_file_for_its_time_only(registry: dict[str, Ngo], sign_in: SignIn) -> None:
    from staff_portal.kernel.base.periods import period

    user, ngo = make_user(Role.NGO_USER), registry["member6"]
    ngo.accounts.create(
        user=user,
        period=period(TODAY - timedelta(days=9), TODAY - timedelta(days=1)),
        letter_reference="1",
        created_at=NOW,
    )
    assert sign_in(user).get(f"/ngos/{ngo.pk}/").status_code == 404
    assert not rules.can_view_ngo(user, ngo, TODAY)


DOCUMENT_READERS = {Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR, Role.HQ_ASSESSOR, Role.NGO_USER}
INSIDE = {Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR, Role.NGO_USER}
PEOPLE = {Role.HQ_EXPERT, Role.HQ_MANAGER, Role.NGO_USER}


@pytest.mark.parametrize("role", sorted(EXPECTED))
def test_what_of_a_record_each_role_reads(
    role: str, registry: dict[str, Ngo], sign_in: SignIn, registrar: User
) -> None:
    from ngos.operations.parts import record_officer

    user = person(role, registry)
    ngo = registry[min(EXPECTED[role], key=lambda key: (key != "member14", key))]
    Ngo.objects.filter(pk=ngo.pk).update(mobile="09121234567", sheba="IR062960000000100324200001")
    record_officer(
        ngo,
        actor=registrar,
        at=NOW,
        post="ceo",
        full_name="مدیر آزمون",
        starts_on=TODAY,
        national_code="0013542419",
        mobile="09351234567",
    )
    client = sign_in(user)
    page = text_of(client.get(f"/ngos/{ngo.pk}/"))
    assert "مدیر آزمون" in page
    for hidden in ("۰۰۱۳۵۴۲۴۱۹", "0013542419", "۰۹۳۵", "09351234567", "۰۹۱۲ ۱۲۳", "09121234567"):
        assert hidden not in page
    assert ("نمایش کد ملی و همراه" in page) is (role in PEOPLE)
    assert ("IR06" in page) is (role in PEOPLE) or "۲۹۶۰" in page
    assert client.get(f"/ngos/{ngo.pk}/documents/").status_code == (200 if role in DOCUMENT_READERS else 403)
    assert client.get(f"/ngos/{ngo.pk}/history/").status_code == (200 if role in INSIDE else 403)
    shown = client.post(f"/ngos/{ngo.pk}/people/")
    assert shown.status_code == (200 if role in PEOPLE else 403)
    if role in PEOPLE:
        assert "۰۰۱۳۵۴۲۴۱۹" in text_of(shown)


def test_reading_personal_data_is_recorded_each_time(
    registry: dict[str, Ngo], registrar: User, sign_in: SignIn
) -> None:
    from staff_portal.kernel.models import AuditEntry

    ngo, client = registry["member6"], sign_in(registrar)
    client.get(f"/ngos/{ngo.pk}/")
    reads: Any = AuditEntry.objects.filter(event="kernel.sensitive_read", root_id=ngo.pk)
    assert not reads.exists()
    client.post(f"/ngos/{ngo.pk}/people/")
    client.post(f"/ngos/{ngo.pk}/people/")
    assert [entry.actor for entry in reads] == [registrar, registrar]
    assert client.get(f"/ngos/{ngo.pk}/people/").status_code == 405
