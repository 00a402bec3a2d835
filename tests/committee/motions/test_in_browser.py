"""Voting in Chromium: two taps on a phone, the live picture, without JavaScript, axe and narrow screens."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from committee.chain import grouped_receipt
from committee.models import Ballot
from committee.workflow.motions import cast
from staff_portal.kernel.base.signing import SigningKey
from tests.browser.looking import IN_TURNS, flaws_by_address
from tests.committee.motions.world import World
from tests.factories.people import NOW

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
def test_steps_that_ask_fail_no_axe_rule(site_world: World, new_page: Callable[..., Any]) -> None:
    """The pages of which the demonstration data has no case; the others are looked at with all pages."""
    world = site_world
    draft = world.draft(title="سیاست حمایت از داوطلبان", kind="policy")
    tabled, opened = world.tabled(concerns_ngo=world.committee.ngo), world.opened()
    circulated = world.circulated(days=60)
    pages = {
        world.people["ngo"]: [
            f"{opened.get_absolute_url()}do/recuse/",
            f"{circulated.get_absolute_url()}do/ask_meeting/",
        ],
        world.secretary: [
            f"{tabled.get_absolute_url()}amend/",
            f"{opened.get_absolute_url()}do/close_vote/",
        ],
        world.committee.hq_expert: [f"{draft.get_absolute_url()}edit/"],
    }
    for user, addresses in pages.items():
        assert flaws_by_address(new_page(user), addresses, IN_TURNS) == {}
