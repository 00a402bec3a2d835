"""What was typed is not lost: a closed tab, an ended session, an impatient hand, two people on one record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from ngos.models import Ngo
from staff_portal.demo.people import PASSWORD
from staff_portal.kernel.models import AuditEntry, User
from tests.factories.ngos import national_id

pytestmark = pytest.mark.browser

NEW = "/ngos/new/"
ABOUT = "سی سال است که در محله کتابخانه می‌گردانیم."
KEPT = "portal-draft"


def field(page: Page, name: str) -> Any:
    return page.locator(f"form.form [name={name}]")


def kept(page: Page) -> list[str]:
    return page.evaluate(f"Object.keys(localStorage).filter(key => key.startsWith('{KEPT}'))")


def type_ngo(page: Page, code: str) -> None:
    """A new file half typed: text, a choice from a list, ticks."""
    page.goto(NEW)
    page.get_by_label("نوجوانان").check()
    field(page, "name").fill("انجمن چراغ کتاب")
    field(page, "national_id").fill(code)
    field(page, "about").fill(ABOUT)
    field(page, "district").select_option(label="منطقه ۶")
    expect(page.locator(".draft-state")).to_contain_text("نگه داشته شد")


def assert_typed(page: Page) -> None:
    expect(field(page, "name")).to_have_value("انجمن چراغ کتاب")
    expect(field(page, "about")).to_have_value(ABOUT)
    expect(field(page, "district").locator("option:checked")).to_have_text("منطقه ۶")
    expect(page.get_by_label("نوجوانان")).to_be_checked()


def test_a_closed_tab_keeps_the_draft_until_it_is_taken(expert: User, new_page: Callable[..., Page]) -> None:
    first = new_page(expert)
    type_ngo(first, national_id())
    first.close()
    page = first.context.new_page()
    page.goto(NEW)
    expect(page.locator(".draft-note")).to_contain_text("بازگردانده شد")
    assert_typed(page)
    page.locator("form.form").get_by_role("button", name="ثبت پرونده").click()
    expect(page.locator(".message.ok")).to_contain_text("ثبت شد")
    page.wait_for_load_state()
    assert kept(page) == []
    page.goto(NEW)
    expect(field(page, "name")).to_have_value("")


def test_a_draft_can_be_thrown_away(expert: User, new_page: Callable[..., Page]) -> None:
    page = new_page(expert)
    type_ngo(page, national_id())
    page.reload()
    page.get_by_role("button", name="دور ریختن این نوشته‌ها").click()
    expect(field(page, "name")).to_have_value("")
    expect(page.get_by_label("نوجوانان")).not_to_be_checked()
    page.reload()
    expect(page.locator(".draft-note")).to_have_count(0)


def test_a_session_that_ended_while_typing(
    expert: User, colleague: User, new_page: Callable[..., Page], browser_watch: Any
) -> None:
    browser_watch.allow(r"status of 403")
    for person in (expert, colleague):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    page = new_page(expert)
    type_ngo(page, national_id())
    Session.objects.all().delete()
    page.get_by_role("button", name="ثبت پرونده").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("نشست شما پایان یافت")
    assert not Ngo.objects.exists()
    again = page.get_by_role("link", name="ورود دوباره").get_attribute("href")

    sign_in(page, again, colleague)  # somebody else at the same desk finds an empty form
    expect(field(page, "name")).to_have_value("")
    page.context.clear_cookies()

    sign_in(page, again, expert)
    assert_typed(page)
    page.get_by_role("button", name="ثبت پرونده").click()
    expect(page.locator(".message.ok")).to_contain_text("ثبت شد")
    assert Ngo.objects.get().about == ABOUT


def sign_in(page: Page, address: str, user: User) -> None:
    page.goto(address)
    page.get_by_label("نام کاربری").fill(user.username)
    page.get_by_label("گذرواژه").fill(PASSWORD)
    page.get_by_role("button", name="ورود", exact=True).click()
    page.wait_for_url(f"**{NEW}")


def test_a_form_sent_twice_makes_one_record(
    expert: User, new_page: Callable[..., Page], browser_watch: Any
) -> None:
    browser_watch.allow(r"status of 4(09|22)")
    page = new_page(expert)
    type_ngo(page, national_id())
    page.get_by_role("button", name="ثبت پرونده").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("انجمن چراغ کتاب")
    assert Ngo.objects.count() == 1

    page.go_back()
    for name, value in (("name", "انجمن چراغ کتاب"), ("about", ABOUT)):
        field(page, name).fill(value)
    field(page, "national_id").fill(Ngo.objects.get().national_id)
    page.get_by_role("button", name="ثبت پرونده").click()
    expect(page.locator("main")).to_contain_text("این سمن دیگری است")
    page.get_by_label("این سمن دیگری است").check()
    page.get_by_role("button", name="ثبت پرونده").click()
    expect(page.locator(".error-summary")).to_contain_text("سمنی با این شناسه ملی پیش از این ثبت شده است")
    expect(field(page, "about")).to_have_value(ABOUT)
    assert Ngo.objects.count() == 1
    assert AuditEntry.objects.filter(event="ngo.registered").count() == 1


def test_two_people_on_one_record(
    expert: User, colleague: User, draft: Ngo, new_page: Callable[..., Page], browser_watch: Any
) -> None:
    browser_watch.allow(r"status of 4(09|22)")
    mine, theirs = new_page(expert), new_page(colleague)
    for page in (mine, theirs):
        page.goto(f"/ngos/{draft.pk}/edit/")
    field(theirs, "address").fill("تهران، خیابان کارگر، پلاک ۸")
    field(theirs, "staff_count").fill("۹")
    theirs.get_by_role("button", name="ذخیره").click()
    expect(theirs.locator(".message.ok")).to_contain_text("ذخیره شد")

    field(mine, "address").fill("تهران، خیابان فاطمی، پلاک ۱۲")
    field(mine, "about").fill(ABOUT)
    mine.get_by_role("button", name="ذخیره").click()
    conflict = mine.locator("table.conflict")
    row = conflict.get_by_role("row").filter(has_text="نشانی")
    expect(row).to_contain_text("خیابان کارگر")
    expect(row).to_contain_text("خیابان فاطمی")
    expect(mine.locator("main")).to_contain_text("امید شریفی")
    expect(field(mine, "address")).to_have_value("تهران، خیابان فاطمی، پلاک ۱۲")
    expect(field(mine, "about")).to_have_value(ABOUT)
    draft.refresh_from_db()
    assert (draft.address, draft.staff_count) == ("تهران، خیابان کارگر، پلاک ۸", 9)

    field(mine, "staff_count").fill("۹")
    mine.get_by_role("button", name="ذخیره با نوشته‌های من").click()
    expect(mine.locator(".message.ok")).to_contain_text("ذخیره شد")
    draft.refresh_from_db()
    assert (draft.address, draft.staff_count, draft.about) == ("تهران، خیابان فاطمی، پلاک ۱۲", 9, ABOUT)
