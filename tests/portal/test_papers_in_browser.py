"""Home, letters, their public check, the audit trail and long work as a browser shows them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.letters import letter_desk
from staff_portal.kernel.letters.issuing import LETTER_KINDS
from staff_portal.kernel.models import Job, Letter, Unit, User
from staff_portal.kernel.trail import file_kinds
from tests.kernel.papers.support import KIND, make_letter, make_root, make_user
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def at_ten() -> None:
    """The clock runs here."""


@pytest.fixture
def manager(live_site: str) -> User:
    return make_user(
        "hq.karimi", Role.HQ_MANAGER, first_name="زهرا", last_name="کریمی", post="رئیس ستاد سمن‌ها"
    )


@pytest.fixture
def letter(live_site: str, settings: Any, manager: User) -> Iterator[Letter]:
    SigningKey.load(settings.SIGNING_KEY_FILE, create=True)
    before = dict(file_kinds.ROOTS)
    file_kinds.register(
        Unit, visible=lambda user, on: Unit.objects.all(), url=lambda unit: f"/letters/{unit.pk}/"
    )
    LETTER_KINDS[KIND.slug] = KIND
    yield make_letter(make_root(), actor=manager, at=timezone.now())
    file_kinds.ROOTS.clear()
    file_kinds.ROOTS.update(before)
    LETTER_KINDS.pop(KIND.slug, None)


def overflow(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_letter_is_checked_on_a_phone_without_javascript(
    letter: Letter, manager: User, new_page: Any, browser_watch: Any
) -> None:
    page = new_page(javascript=False, width=360, height=740)
    page.goto("/verify/")
    page.get_by_label("کد نامه").fill(f"https://elsewhere.example/verify/{letter.code}/")
    page.get_by_role("button", name="بررسی").click()
    assert page.get_by_role("heading", level=1).inner_text() == "معتبر"
    assert overflow(page) <= 0
    assert page.context.cookies() == []
    letter_desk.revoke_at_desk(letter, reason="خطا در شماره", actor=manager, at=timezone.now())
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "باطل شده است"
    assert "خطا در شماره" in page.inner_text("main")
    browser_watch.allow("404")
    page.goto(f"/verify/{letter.code[:-1]}/")
    assert page.get_by_role("heading", level=1).inner_text() == "جعلی یا دست‌کاری‌شده است"


def test_axe_finds_nothing_and_nothing_overflows(
    letter: Letter, manager: User, new_page: Any, browser_watch: Any
) -> None:
    job = Job.objects.create(
        handler="x", title="ورود فهرست", owner=manager, state="done", created_at=timezone.now()
    )
    addresses = [
        "/",
        "/search/?q=1405",
        f"/letters/{letter.pk}/",
        f"/letters/{letter.pk}/revoke/",
        f"/letters/{letter.pk}/office-number/",
        "/audit/",
        "/audit/?since=1405/13/1",
        "/jobs/",
        f"/jobs/{job.pk}/",
        f"/verify/{letter.code}/",
        "/verify/?code=",
        "/verify/offline/",
    ]
    page = new_page(manager, width=360, height=740)
    found = {}
    for address in addresses:
        page.goto(address)
        problems = axe_violations(page)
        if problems or overflow(page) > 0:
            found[address] = [*problems, f"overflow {overflow(page)}"]
    assert found == {}


def test_a_job_is_watched_until_its_result(manager: User, new_page: Any) -> None:
    job = Job.objects.create(
        handler="x",
        title="ورود فهرست سمن‌ها",
        owner=manager,
        state="running",
        done=10,
        total=40,
        created_at=timezone.now() - timedelta(seconds=5),
    )
    page = new_page(manager)
    page.goto(f"/jobs/{job.pk}/")
    assert "۱۰ از ۴۰" in page.inner_text("main")
    Job.objects.filter(pk=job.pk).update(done=30)
    page.get_by_text("۳۰ از ۴۰").wait_for()
    Job.objects.filter(pk=job.pk).update(state="done", done=40, result={"url": "/jobs/"})
    page.get_by_role("link", name="دیدن نتیجه").click()
    page.wait_for_url("**/jobs/")


def test_the_map_changes_its_colour_without_losing_the_list(manager: User, new_page: Any) -> None:
    page = new_page(manager)
    page.goto("/")
    choices = page.locator("#map .chip")
    assert choices.count() >= 2
    choices.nth(1).click()
    assert page.locator("#map .chip[aria-current=true]").inner_text() == choices.nth(1).inner_text()
    assert page.get_by_text("منتظر شما").first.is_visible()
