"""Accounts: who makes, changes, closes and sees them; what the audit keeps of them."""

import pytest
from django.urls import reverse

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.operations import roles, users
from staff_portal.kernel.people import access
from tests.kernel.people.conftest import AT, ON, MakePerson, SignedIn, fresh, give_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person(Role.ADMIN)


@pytest.fixture
def manager(make_person: MakePerson) -> User:
    return make_person(Role.HQ_MANAGER)


def test_a_weak_or_taken_name_or_password_is_refused_in_a_sentence(
    admin: User, make_person: MakePerson
) -> None:
    data = {"first_name": "علی", "last_name": "رضایی", "side": "hq", "actor": admin, "at": AT}
    with pytest.raises(Refusal, match="دست‌کم ده نویسه"):
        users.create_user(username="short", password="abc", **data)
    users.create_user(username="ali", password="a-long-enough-word", **data)
    with pytest.raises(Refusal, match="نام کاربری پیش از این"):
        users.create_user(username="ALI", password="a-long-enough-word", **data)


def test_the_side_stays_while_a_role_of_it_is_held(admin: User, make_person: MakePerson) -> None:
    person = make_person(Role.HQ_EXPERT)
    with pytest.raises(Refusal, match="کارشناس ستاد سمن‌ها"):
        users.edit_user(person, actor=admin, at=AT, side="deputy")
    roles.end_role(person.role_assignments.get(), actor=admin, at=AT)
    assert users.edit_user(person, actor=admin, at=AT, side="deputy").side == "deputy"


def test_a_closed_account_has_no_powers_and_cannot_enter(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    person = make_person(Role.HQ_EXPERT)
    browser = signed_in(person)
    users.deactivate_user(person, actor=admin, at=AT, note="پایان همکاری")
    assert access.roles_of(fresh(person), ON) == set()
    assert browser.get(reverse("profile")).status_code == 302
    with pytest.raises(Refusal, match="حساب خود"):
        users.deactivate_user(admin, actor=admin, at=AT, note="—")


def test_a_new_password_is_shown_once_and_stands_nowhere_in_clear(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    person = make_person(Role.HQ_EXPERT)
    answer = signed_in(admin).post(reverse("user_password", args=[person.pk]))
    password = answer.context["password"]
    assert password in answer.content.decode() and fresh(person).check_password(password)
    assert password not in str(list(AuditEntry.objects.values()))


def test_mobiles_stand_in_the_audit_as_marks(admin: User) -> None:
    data = {"first_name": "علی", "last_name": "رضایی", "side": "hq", "mobile": "09121234567"}
    users.create_user(username="ali", password="a-long-enough-word", actor=admin, at=AT, **data)
    entry = AuditEntry.objects.get(event="user.created")
    assert entry.after["mobile"].startswith("#") and "09121234567" not in str(entry.after)


def test_the_list_of_users_is_for_administrator_and_auditor(
    admin: User, manager: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    auditor = make_person(Role.AUDITOR)
    person = make_person(Role.HQ_EXPERT, last_name="کیانی")
    person.mobile = "09121234567"
    person.save()
    assert "کیانی" in signed_in(admin).get("/users/?q=كياني&role=hq_expert").content.decode()
    assert "کاربری با این صافی‌ها نیست" in signed_in(admin).get("/users/?q=کیانی&side=deputy").content.decode()
    assert signed_in(manager).get("/users/").status_code == 403
    page = signed_in(auditor).get(f"/users/{person.pk}/").content.decode()
    assert "کیانی" in page and "۰۹۱۲" not in page
    assert "۰۹۱۲" in signed_in(admin).get(f"/users/{person.pk}/").content.decode()
    assert signed_in(auditor).post(f"/users/{person.pk}/password/").status_code == 403


def test_the_list_takes_the_same_queries_with_one_row_and_with_fifty(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = signed_in(admin)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get("/users/?size=100").status_code == 200
        return len(seen)

    count()
    few = count()
    User.objects.bulk_create(
        User(
            username=f"many{n}",
            first_name="علی",
            last_name=f"کریمی {n}",
            side="hq",
            created_at=AT,
            password="!",
        )
        for n in range(50)
    )
    for user in User.objects.filter(username__startswith="many"):
        give_role(user, Role.HQ_EXPERT)
    assert count() == few <= 14


def test_people_stand_in_the_order_of_the_persian_alphabet(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    for name in ("یوسفی", "وحیدی", "گلستانی", "کیانی", "پارسا", "آرین", "بهاری"):
        make_person(Role.DEPUTY_EXPERT, last_name=name)
    wanted = ["آرین", "بهاری", "پارسا", "کیانی", "گلستانی", "وحیدی", "یوسفی"]

    def listed(query: str) -> list[str]:
        rows = signed_in(admin).get(f"/users/?side=deputy&{query}").context["rows"]
        return [row["cells"][0]["text"].split()[-1] for row in rows]

    assert listed("") == wanted
    assert listed("sort=-name") == wanted[::-1]


def test_the_excel_file_holds_exactly_what_is_filtered(
    admin: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    make_person(Role.HQ_EXPERT, last_name="کیانی")
    make_person(Role.DEPUTY_EXPERT, last_name="صفوی")
    answer = signed_in(admin).get("/users/?side=hq&format=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == "نام" and [row[0] for row in rows[1:]] == ["مریم کیانی"]
