"""Signing in and out, the idle session, lock-out, the second factor: what keeps strangers and sleepers out."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from time_machine import Traveller

from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Notification, User
from staff_portal.kernel.operations import users
from tests.kernel.people.conftest import AT, PASSWORD, MakePerson, SignedIn, fresh

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def expert(make_person: MakePerson) -> User:
    return make_person(Role.HQ_EXPERT)


def sign_in(browser: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/login/", {"username": user.username, "password": password, **more})


def events_of(user: User) -> list[str]:
    return list(AuditEntry.objects.filter(actor=user).order_by("id").values_list("event", flat=True))


def test_signing_in_leads_on_and_both_ways_are_recorded(clock: Traveller, expert: User) -> None:
    browser = Client()
    answer = sign_in(browser, expert, next="/profile/")
    assert (answer.status_code, answer.url) == (302, "/profile/")
    assert browser.get("/profile/").status_code == 200
    assert browser.post("/logout/").url == "/login/"
    assert browser.get("/profile/").status_code == 302
    assert events_of(expert) == ["session.signed_in", "session.signed_out"]


def test_a_name_may_be_typed_in_any_case_and_digits(clock: Traveller, expert: User) -> None:
    typed = expert.username.upper().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert Client().post("/login/", {"username": f" {typed} ", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/logout/", "/login/", ""]
)
def test_no_address_leads_out_of_the_portal(clock: Traveller, expert: User, wanted: str) -> None:
    assert sign_in(Client(), expert, next=wanted).url == reverse("home")


def test_a_wrong_password_keeps_the_name_and_says_the_same_as_an_unknown_name(
    clock: Traveller, expert: User
) -> None:
    wrong = sign_in(Client(), expert, "not the password").content.decode()
    unknown = Client().post("/login/", {"username": "nobody", "password": "x"}).content.decode()
    sentence = "نام کاربری یا گذرواژه درست نیست"
    assert sentence in wrong and sentence in unknown and expert.username in wrong


# --- closed by default ------------------------------------------------------------------------------------


def test_every_address_of_the_kernel_is_closed_to_strangers_but_the_doors(clock: Traveller, db: None) -> None:
    open_to_all = {"login", "session_ended"}
    patterns = get_resolver("staff_portal.kernel.urls").url_patterns
    marked = {p.name for p in patterns if not getattr(p.callback, "login_required", True)}
    assert marked == open_to_all
    for pattern in patterns:
        if pattern.name in open_to_all:
            continue
        names = {"pk": 1, "label": "kernel.user", "code": "calendar.thursday_off", "name": "ngos"}
        url = reverse(pattern.name, kwargs={k: names[k] for k in pattern.pattern.converters})
        answer = Client().get(url)
        assert answer.status_code == 302 and answer.url.startswith("/login/?next="), url


def test_a_form_sent_without_a_session_says_that_nothing_typed_is_lost(clock: Traveller, db: None) -> None:
    answer = Client().post("/cases/1/", {"note": "…"}, headers={"referer": "http://testserver/cases/1/"})
    text = answer.content.decode()
    assert answer.status_code == 403 and "در همین مرورگر نگه داشته شده" in text
    assert "next=%2Fcases%2F1%2F" in text


# --- the idle session -------------------------------------------------------------------------------------


def test_half_an_hour_of_idleness_ends_the_session_with_a_word(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    browser = signed_in(expert)
    assert browser.get("/cases/").status_code == 200
    clock.shift(HALF_HOUR - MINUTE)
    assert browser.get("/cases/").status_code == 200
    clock.shift(HALF_HOUR - MINUTE)
    assert browser.get("/cases/").status_code == 200
    clock.shift(HALF_HOUR)
    answer = browser.get("/cases/?state=settled")
    query = parse_qs(urlsplit(answer.url).query)
    assert (answer.status_code, query["next"], query["ended"]) == (302, ["/cases/?state=settled"], ["1"])
    assert "نشست شما پایان یافت" in browser.get(answer.url).content.decode()
    assert browser.get("/cases/").status_code == 302
    entry = AuditEntry.objects.get(event="session.signed_out")
    assert (entry.actor, "بی‌کاری" in entry.note) == (expert, True)


def test_polls_of_the_page_do_not_keep_a_session_alive(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    browser = signed_in(expert)
    browser.get("/cases/")
    for _ in range(5):
        clock.shift(timedelta(minutes=5))
        assert browser.get("/inbox/", headers={"x-background": "1"}).status_code == 200
    clock.shift(timedelta(minutes=5))
    answer = browser.get("/inbox/", headers={"x-background": "1", "hx-request": "true"})
    assert answer.status_code == 204 and answer["HX-Redirect"].startswith("/login/?")


def test_the_activity_is_written_at_most_once_a_minute(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    browser = signed_in(expert)
    browser.get("/cases/")
    first = browser.session["last_activity"]
    clock.shift(timedelta(seconds=59))
    browser.get("/cases/")
    assert browser.session["last_activity"] == first
    clock.shift(timedelta(seconds=1))
    browser.get("/cases/")
    assert browser.session["last_activity"] > first


def test_htmx_is_led_back_to_the_page_it_came_from(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    browser = signed_in(expert)
    browser.get("/cases/")
    clock.shift(HALF_HOUR)
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/holidays/?year=1405"}
    answer = browser.post("/inbox/read/", headers=headers)
    assert parse_qs(urlsplit(answer["HX-Redirect"]).query)["next"] == ["/holidays/?year=1405"]
    headers["hx-current-url"] = "https://evil.example/"
    again = browser.post("/inbox/read/", headers=headers)
    assert parse_qs(urlsplit(again["HX-Redirect"]).query)["next"] == ["/"]


def test_a_stale_form_gets_a_friendly_page(clock: Traveller, expert: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/login/", {"username": expert.username, "password": PASSWORD})
    assert answer.status_code == 403 and "صفحه کهنه شده بود" in answer.content.decode()


# --- lock-out ---------------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(
    clock: Traveller, settings: Settings, expert: User, make_person: MakePerson
) -> None:
    settings.AXES_ENABLED = True
    browser, other = Client(), make_person(Role.HQ_EXPERT)
    for _ in range(4):
        assert sign_in(browser, expert, "wrong").status_code == 200
    locked = sign_in(browser, expert, "wrong")
    assert locked.status_code == 429 and "پس از ۱۵ دقیقه دوباره" in locked.content.decode()
    clock.shift(timedelta(minutes=9))
    still = sign_in(browser, expert)
    assert still.status_code == 429 and "پس از ۶ دقیقه دوباره" in still.content.decode()
    assert "sessionid" not in browser.cookies
    assert sign_in(Client(), other).status_code == 302
    clock.shift(timedelta(minutes=6, seconds=1))
    assert sign_in(browser, expert).status_code == 302


def test_the_lock_counts_a_name_in_any_case_as_one(
    clock: Traveller, settings: Settings, expert: User
) -> None:
    settings.AXES_ENABLED = True
    for name in (expert.username, expert.username.upper(), expert.username.title()) * 2:
        answer = Client().post("/login/", {"username": name, "password": "wrong"})
    assert answer.status_code == 429


def test_a_new_password_by_the_administrator_lifts_the_lock(
    clock: Traveller, settings: Settings, expert: User, make_person: MakePerson
) -> None:
    settings.AXES_ENABLED = True
    for _ in range(5):
        sign_in(Client(), expert, "wrong")
    password = users.reset_password(expert, actor=make_person(Role.ADMIN), at=AT)
    assert sign_in(Client(), expert, password).status_code == 302


# --- the own password -------------------------------------------------------------------------------------


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    here, elsewhere = signed_in(expert), signed_in(expert)
    data = {"old": PASSWORD, "new": "tehran-has-22-districts", "again": "tehran-has-22-districts"}
    assert "کنونی درست نیست" in here.post("/profile/password/", {**data, "old": "x"}).content.decode()
    assert (
        "دست‌کم ده نویسه"
        in here.post("/profile/password/", {**data, "new": "a", "again": "a"}).content.decode()
    )
    assert "با آن یکی نیست" in here.post("/profile/password/", {**data, "again": "b"}).content.decode()
    assert here.post("/profile/password/", data).status_code == 302
    assert here.get("/profile/").status_code == 200 and elsewhere.get("/profile/").status_code == 302
    assert fresh(expert).check_password("tehran-has-22-districts")


# --- second factor ----------------------------------------------------------------------------------------


def token_of(device: TOTPDevice) -> str:
    generator = TOTP(device.bin_key)
    generator.time = time.time()
    return f"{generator.token():06d}"


def test_optional_second_factor_from_enrolment_to_the_next_sign_in(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    browser = signed_in(expert)
    page = browser.get("/profile/totp/").content.decode()
    device = TOTPDevice.objects.get(user=expert)
    assert "data:image/svg+xml;base64," in page and not device.confirmed
    assert "درست نیست" in browser.post("/profile/totp/", {"token": "000000"}).content.decode()
    clock.shift(timedelta(seconds=90))
    persian = token_of(device).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert browser.post("/profile/totp/", {"token": persian}).url == "/profile/"
    assert "user.device_enrolled" in events_of(expert)

    clock.shift(timedelta(seconds=60))
    other = Client()
    answer = sign_in(other, expert, next="/cases/")
    assert answer.url == "/login/code/?next=%2Fcases%2F"
    assert other.get("/cases/").url.startswith("/login/code/")
    wrong = other.post("/login/code/", {"token": "000000", "next": "/cases/"})
    assert wrong.status_code == 200 and "این رمز درست نیست" in wrong.content.decode()
    clock.shift(timedelta(seconds=90))
    device.refresh_from_db()
    assert other.post("/login/code/", {"token": token_of(device), "next": "/cases/"}).url == "/cases/"
    assert other.get("/cases/").status_code == 200


def test_a_token_is_taken_once(clock: Traveller, expert: User) -> None:
    device = TOTPDevice.objects.create(user=expert, name="تلفن", confirmed=True)
    token = token_of(device)
    assert users.verify_token(device, token) and not users.verify_token(device, token)


@pytest.mark.parametrize("role", [Role.HQ_MANAGER, Role.DEPUTY_MANAGER, Role.NGO_MEMBER])
def test_managers_and_voters_enrol_before_anything_else_in_production(
    clock: Traveller, settings: Settings, make_person: MakePerson, role: Role
) -> None:
    person = make_person(role)
    assert sign_in(Client(), person).url == "/"
    settings.PRODUCTION = True
    browser = Client()
    assert sign_in(browser, person).url == "/profile/totp/?next=%2F"
    assert browser.get("/cases/").url.startswith("/profile/totp/")
    browser.get("/profile/totp/")
    token = token_of(TOTPDevice.objects.get(user=person))
    assert browser.post("/profile/totp/", {"token": token, "next": "/"}).status_code == 302
    assert browser.get("/cases/").status_code == 200
    with pytest.raises(NotPermitted, match="راهبر سامانه"):
        users.remove_device(person, actor=fresh(person), at=AT)
    assert browser.post("/profile/totp/remove/").status_code == 403


def test_experts_need_no_second_factor_in_production(
    clock: Traveller, settings: Settings, expert: User
) -> None:
    settings.PRODUCTION = True
    assert sign_in(Client(), expert).url == "/"


# --- notices ----------------------------------------------------------------------------------------------


def notice_for(person: User, url: str = "/cases/") -> Notification:
    entry = users_entry(person)
    return Notification.objects.create(
        entry=entry, recipient=person, text="موضوع ۱۲ منتظر است", url=url, created_at=AT
    )


def users_entry(person: User) -> AuditEntry:
    users.record_sign_in(person, at=AT)
    return AuditEntry.objects.latest("id")


def test_a_notice_is_read_by_opening_it_and_only_by_its_person(
    clock: Traveller, signed_in: SignedIn, expert: User, make_person: MakePerson
) -> None:
    row = notice_for(expert)
    stranger = signed_in(make_person(Role.HQ_EXPERT))
    assert stranger.get(f"/inbox/{row.pk}/").status_code == 404
    browser = signed_in(expert)
    assert "خوانده‌نشده" in browser.get("/inbox/").content.decode()
    assert browser.get(f"/inbox/{row.pk}/").url == "/cases/"
    row.refresh_from_db()
    assert row.read_at == AT


def test_all_are_read_at_once_and_an_odd_address_stays_inside(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    first, second = notice_for(expert), notice_for(expert, "https://evil.example/")
    browser = signed_in(expert)
    assert browser.get(f"/inbox/{second.pk}/").url == "/inbox/"
    assert browser.post("/inbox/read/").status_code == 302
    assert Notification.objects.filter(read_at__isnull=True).count() == 0
    assert "همه اعلان‌ها" in browser.get("/inbox/?state=unread").content.decode()
    assert first.recipient == expert


# --- refusals as pages ------------------------------------------------------------------------------------


def test_htmx_gets_a_refusal_as_a_message_in_the_page(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    answer = signed_in(expert).get("/users/", headers={"hx-request": "true"})
    assert answer.status_code == 403 and answer["HX-Retarget"] == ".messages-live"
    assert "راهبر سامانه" in answer.content.decode() and "<html" not in answer.content.decode()


def test_a_page_that_is_not_there_says_what_to_do(
    clock: Traveller, signed_in: SignedIn, expert: User
) -> None:
    answer = signed_in(expert).get("/no-such-page/")
    assert answer.status_code == 404 and "چنین صفحه‌ای نیست" in answer.content.decode()


def test_the_page_of_a_fault_needs_neither_database_nor_request(rf: RequestFactory) -> None:
    from staff_portal.kernel.frame.errors import failed

    answer = failed(rf.get("/"))
    assert answer.status_code == 500 and "خطا" in answer.content.decode()
