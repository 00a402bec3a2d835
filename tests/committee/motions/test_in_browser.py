"""Voting in Chromium: two taps on a phone, the live picture, without JavaScript, axe and narrow screens."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from committee.chain import grouped_receipt
from committee.models import Ballot
from committee.workflow.motions import cast
from staff_portal.kernel.letters.signing import SigningKey
from tests.committee.motions.world import World
from tests.factories.people import NOW
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def site_world(live_site: str, signing_key: SigningKey) -> World:
    """The committee, committed, behind the running site."""
    return World()


def test_a_phone_votes_with_two_taps(site_world: World, new_page: Callable[..., Any]) -> None:
    motion = site_world.circulated(days=60)
    page = new_page(site_world.people["ngo"], width=390, height=844)
    page.goto(motion.get_absolute_url())
    button = page.locator(".choices a", has_text="مخالف")
    assert button.bounding_box()["y"] < 844
    button.click()
    page.get_by_role("button", name="ثبت رأی").click()
    expect(page.locator(".receipt-code")).to_have_text(grouped_receipt(Ballot.objects.get().receipt))
    assert Ballot.objects.get().choice == "against"
    assert page.evaluate("Object.keys(localStorage)") == []  # a choice is kept in no browser
    page.reload()
    expect(page.locator(".receipt-code")).to_have_count(0)


def test_the_picture_follows_the_votes_and_the_closing(
    site_world: World, new_page: Callable[..., Any]
) -> None:
    motion = site_world.opened()
    page = new_page(site_world.people["hq1"])
    page.goto(motion.get_absolute_url())
    expect(page.locator(".seat-count")).to_have_text("۰ از ۵")
    page.click("#vote-live .fold summary")
    page.wait_for_timeout(4500)  # nothing has changed: what was opened stays open
    assert page.locator("#vote-live .fold").get_attribute("open") is not None
    cast(motion, actor=site_world.people["hq2"], at=NOW, choice="for")
    expect(page.locator(".seat-count")).to_have_text("۱ از ۵", timeout=9000)
    site_world.close(motion)
    expect(page.locator("#vote-live")).to_contain_text("رأی‌گیری پایان یافت", timeout=9000)
    page.click("#vote-live >> text=دیدن نتیجه")
    expect(page.locator(".outcome")).to_have_text("رأی نیاورد")


def test_without_javascript(site_world: World, new_page: Callable[..., Any]) -> None:
    motion = site_world.circulated(days=60)
    page = new_page(site_world.people["ngo"], javascript=False, width=360)
    page.goto(motion.get_absolute_url())
    expect(page.get_by_text("تازه‌کردن صفحه")).to_be_visible()
    page.locator(".choices a", has_text="موافق").click()
    page.get_by_role("button", name="ثبت رأی").click()
    expect(page.locator(".receipt-code")).to_be_visible()
    assert Ballot.objects.get().choice == "for"


@pytest.mark.slow
def test_no_page_fails_axe_or_runs_out_of_a_phone(site_world: World, new_page: Callable[..., Any]) -> None:
    world = site_world
    draft = world.draft(title="سیاست حمایت از داوطلبان", kind="policy")
    tabled = world.tabled(concerns_ngo=world.committee.ngo)
    opened = world.opened()
    cast(opened, actor=world.people["hq2"], at=NOW, choice="against", reason="هزینه آن روشن نیست.")
    circulated = world.circulated(days=60)
    closed = world.circulated(days=60)
    for code, person in world.people.items():
        cast(closed, actor=person, at=NOW, choice="abstain" if code == "ngo" else "for")
    world.close(closed)
    detail = [row.get_absolute_url() for row in (tabled, opened, circulated, closed)]
    pages = {
        world.people["ngo"]: [
            "/committee/motions/",
            "/committee/motions/new/",
            *detail,
            f"{opened.get_absolute_url()}cast/?choice=for",
            f"{opened.get_absolute_url()}do/recuse/",
            f"{circulated.get_absolute_url()}do/ask_meeting/",
            f"{closed.get_absolute_url()}receipt/",
        ],
        world.secretary: [
            "/committee/motions/",
            draft.get_absolute_url(),
            *detail,
            f"{tabled.get_absolute_url()}do/circulate/",
            f"{tabled.get_absolute_url()}amend/",
            f"{opened.get_absolute_url()}do/close_vote/",
        ],
        world.committee.hq_expert: [f"{draft.get_absolute_url()}edit/"],
    }
    for user, addresses in pages.items():
        for dark, width in ((False, 1440), (True, 360)):
            page = new_page(user, width=width, dark=dark)
            for address in addresses:
                assert page.goto(address).status == 200, address
                assert axe_violations(page) == [], (address, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
