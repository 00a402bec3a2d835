"""A menu of a list's filters stays within the page, wherever its button stands (D9)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.factories.ngos import draft
from tests.factories.people import make_user

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_d9_no_menu_runs_past_the_edge(live_site: str, new_page: Callable[..., Page], width: int) -> None:
    expert = make_user(username="hq.first")
    for number in range(1, 16):  # as many districts as fold into a menu
        draft(expert, district_id=number)
    page = new_page(expert, width=width)
    page.goto("/ngos/")
    menus = page.locator("main details[data-menu]")
    assert menus.count() >= 1
    for number in range(menus.count()):
        menu = menus.nth(number)
        menu.locator("summary").click()
        page.wait_for_timeout(100)
        box = menu.locator(".menu-list").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Escape")
