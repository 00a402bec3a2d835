"""Without a mouse: into the page past the navigation, on to the main action, and always seeing where one is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ngos.models import Ngo
from staff_portal.kernel.models import User

pytestmark = pytest.mark.browser

#: what the focused element, or what stands for it, shows around itself
RING = """() => {
  const ring = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && style.outlineColor !== "rgba(0, 0, 0, 0)";
    return outlined || style.boxShadow !== "none";
  };
  const found = document.activeElement;
  const box = found.getBoundingClientRect();
  const bearers = [found, found.closest("li, label, fieldset, .picked, .top-search, .upload-drop") ?? found];
  const inside = found.closest(".picked")?.querySelector(".btn");
  return {
    what: found.outerHTML.slice(0, 120),
    shown: bearers.concat(inside ?? []).some(ring),
    seen: box.width > 0 && box.height > 0,
  };
}"""


def test_the_skip_link_leads_into_the_page(expert: User, new_page: Callable[..., Page]) -> None:
    page = new_page(expert)
    page.goto("/ngos/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="رفتن به متن صفحه")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_an_ngo_is_registered_by_keyboard_alone(expert: User, new_page: Callable[..., Page]) -> None:
    page = new_page(expert)
    page.goto("/ngos/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="ثبت سمن تازه").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ثبت سمن تازه")
    tab_to(page, page.get_by_role("textbox", name="نام سمن"))
    page.keyboard.type("كانون يار مهربان")
    tab_to(page, page.get_by_role("textbox", name="شناسه ملی"))
    page.keyboard.type("10390180175")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("کانون یار مهربان")
    assert Ngo.objects.get().national_id == "10390180175"


def tab_to(page: Page, target: object) -> None:
    """Press Tab until the target has the focus; every stop on the way can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(RING)
        assert stop["shown"] and stop["seen"], stop["what"]
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached by Tab")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_stop_of_a_record_shows_the_focus(
    expert: User, draft: Ngo, new_page: Callable[..., Page], dark: bool
) -> None:
    page = new_page(expert, dark=dark)
    page.goto(f"/ngos/{draft.pk}/documents/")
    tab_to(page, page.get_by_role("button", name="بارگذاری", exact=True))


def test_a_greyed_step_says_why_by_keyboard(expert: User, draft: Ngo, new_page: Callable[..., Page]) -> None:
    page = new_page(expert)
    Ngo.objects.filter(pk=draft.pk).update(phone="")
    page.goto(f"/ngos/{draft.pk}/")
    step = page.locator("summary", has_text="ارسال درخواست عضویت")
    tab_to(page, step)
    page.keyboard.press("Enter")
    expect(page.get_by_text("تلفن یا تلفن همراه سمن ثبت نشده است.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("تلفن یا تلفن همراه سمن ثبت نشده است.")).to_be_hidden()
