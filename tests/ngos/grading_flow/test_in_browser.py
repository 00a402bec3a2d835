"""The pages of grading in Chromium: the desk by keyboard, saving by itself, nothing lost; axe; phone width."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from ngos.models import Score
from staff_portal.kernel.base.signing import SigningKey
from tests.ngos.grading_flow.world import World
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def site_world(live_site: str, signing_key: SigningKey) -> World:
    """The world of the tests, committed, behind the running site."""
    return World("D", frozenset({"g3"}))


def _values() -> dict[str, int | None]:
    return {row.indicator.code: row.value for row in Score.objects.select_related("indicator")}


def test_the_desk_by_keyboard(site_world: World, new_page: Callable[..., Any]) -> None:
    assessment = site_world.started()
    page = new_page(site_world.first)
    page.goto(f"/ngos/assessments/{assessment.pk}/score/")
    page.click("[data-next-unscored]")
    for key in ("3", "4", "2"):
        with page.expect_response("**/score/save/"):
            page.keyboard.press(f"Digit{key}")
        page.keyboard.press("Enter")
    expect(page.locator("#desk-progress")).to_contain_text("۳ شاخص از ۹")
    assert _values() == {"g1": 3, "g2": 4, "g3": 2}
    assert page.evaluate("document.activeElement.name") == f"v-{site_world.keys()['f1']}"
    page.wait_for_timeout(1200)  # the draft is forgotten once the server has everything
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_was_typed_survives_a_lost_connection_and_an_ended_session(
    site_world: World, new_page: Callable[..., Any], browser_watch: Any
) -> None:
    browser_watch.allow(r"sendError|afterRequest|ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    assessment = site_world.started()
    page = new_page(site_world.first)
    address = f"/ngos/assessments/{assessment.pk}/score/"
    pk = site_world.keys()["g2"]
    page.goto(address)
    page.context.set_offline(True)
    page.check(f"[name='v-{pk}'][value='4']")
    expect(page.locator(f"#saved-{pk}")).to_contain_text("ذخیره نشد")
    page.context.set_offline(False)
    assert _values() == {}
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector(".draft-note")
    assert page.is_checked(f"[name='v-{pk}'][value='4']")
    page.click("button[name='section']")
    page.wait_for_selector(".message.ok")
    assert _values() == {"g2": 4}


def test_the_same_desk_without_javascript(site_world: World, new_page: Callable[..., Any]) -> None:
    assessment = site_world.started()
    page = new_page(site_world.first, javascript=False, width=390)
    page.goto(f"/ngos/assessments/{assessment.pk}/score/")
    for code in ("g1", "f2"):
        page.check(f"[name='v-{site_world.keys()[code]}'][value='3']")
    page.locator("button[name='section']").first.click()
    assert _values() == {"g1": 3, "f2": 3}


def test_moderation_fails_no_axe_rule(site_world: World, new_page: Callable[..., Any]) -> None:
    assessment = site_world.differing("g1", 1, 4)
    for dark, width in ((False, 1440), (True, 360)):
        page = new_page(site_world.expert, width=width, dark=dark)
        page.goto(f"/ngos/assessments/{assessment.pk}/moderate/")
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
