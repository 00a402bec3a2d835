"""The navigation of a phone and a tablet (D1): as high as the window, every entry leads on, it closes, nothing moves behind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories.people import make_user

pytestmark = pytest.mark.browser

#: a small phone, a phone and a tablet; low, so that the entries are more than the window holds
WINDOWS = [(360, 600), (390, 640), (820, 600)]
TALL = "/ngos/new/"


@pytest.fixture
def manager(live_site: str) -> User:
    """Who has the most entries."""
    return make_user(Role.HQ_MANAGER, username="hq.manager", first_name="مریم", last_name="احمدی")


@pytest.fixture
def expert(live_site: str) -> User:
    return make_user(username="hq.first", first_name="مینا", last_name="شریفی")


def opened(page: Page) -> Locator:
    """The list of the drawer, opened by its button; ``click`` would first scroll the page towards it."""
    box = page.locator("details.drawer > summary").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    entries = page.get_by_role("navigation", name="بخش‌های سامانه")
    expect(entries).to_be_visible()
    return entries


def scrolled(page: Page, *, by: int) -> float:
    """Where the page stands after the wheel has turned and what follows has come to rest."""
    page.mouse.wheel(0, by)
    page.wait_for_timeout(300)
    return page.evaluate("window.scrollY")


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_every_entry_of_the_drawer_leads_to_its_page(
    manager: User, new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = new_page(manager, width=width, height=height)
    page.goto("/")
    links = opened(page).locator("a.rail-link")
    wanted = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(wanted) > 12
    assert wanted == page.locator(".frame > .rail a.rail-link").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    page.keyboard.press("Escape")
    for number, address in enumerate(wanted):
        entries = opened(page)
        box = entries.bounding_box()
        assert box is not None
        assert (box["y"], box["height"]) == (0, height), address
        assert 200 < box["width"] < width, address
        entry = entries.locator("a.rail-link").nth(number)
        entry.scroll_into_view_if_needed()
        expect(entry).to_be_in_viewport(ratio=0.95)
        with page.expect_navigation():
            entry.click()
        assert page.evaluate("location.pathname") == address
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(entries).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_the_drawer_closes_and_the_page_behind_stands_still(
    expert: User, new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = new_page(expert, width=width, height=height)
    page.emulate_media(reduced_motion="reduce")
    page.goto(TALL)
    page.mouse.move(width / 2, height / 2)
    assert scrolled(page, by=200) == 200
    entries = opened(page)
    assert entries.evaluate("list => list.scrollHeight > list.clientHeight")
    box = entries.bounding_box()
    assert box is not None
    beside, inside = box["x"] / 2, box["x"] + box["width"] / 2
    for x in (inside, beside):
        page.mouse.move(x, height / 2)
        for _ in range(4):
            assert scrolled(page, by=height) == 200
    assert entries.evaluate("list => Math.ceil(list.scrollTop + list.clientHeight) >= list.scrollHeight")

    page.keyboard.press("Escape")
    expect(entries).to_be_hidden()
    expect(page.locator("details.drawer > summary")).to_be_focused()
    opened(page)
    page.mouse.click(beside, height / 2)
    expect(entries).to_be_hidden()
    opened(page)
    page.get_by_role("img", name="بستن فهرست بخش‌ها").click()
    expect(entries).to_be_hidden()

    page.mouse.move(width / 2, height / 2)
    assert scrolled(page, by=0) == 200
    assert scrolled(page, by=100) == 300
