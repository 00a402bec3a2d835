"""Voting from afar: one motion carried by letters, one that a member wants to talk about first (C5)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from committee.models import Ballot, Motion
from staff_portal.kernel.models import User
from tests.journeys import committee_office as committee
from tests.journeys import office

pytestmark = pytest.mark.browser

FIRST = "تمدید مهلت گزارش سالانه سمن‌ها"
SECOND = "نشان سمن برگزیده سال"


def circulate(page: Page, title: str, days: str) -> str:
    """Written, tabled, sent round; the address of the motion."""
    address = committee.write_motion(page, kind="سیاست", title=title, text=f"{title} در سال ۱۴۰۵ اجرا می‌شود.")
    office.step(page).get_by_role("link", name="رأی‌گیری مکاتبه‌ای").click()
    page.get_by_label("مهلت (روز کاری)").fill(days)
    page.locator("form.confirm").get_by_role("button", name="رأی‌گیری مکاتبه‌ای").click()
    committee.state_is(page, "رأی‌گیری باز")
    return address


def test_two_motions_go_round(
    new_page: Callable[..., Page], people: dict[str, User], browser_watch: Any
) -> None:
    desks = committee.desks_of(new_page, people, browser_watch)
    browser_watch.allow(r"status of (409|422|403)")  # the second vote, and the one without a choice
    committee.full_committee(people)
    secretary = desks("secretary")
    first = circulate(secretary, FIRST, "۳")
    members = {username: desks(username, **committee.PHONE) for username in committee.MEMBERS}

    # a page left open votes again after the vote: refused, and the first vote stands
    early = members["hq.member1"]
    stale = early.context.new_page()
    stale.goto(f"{first}cast/")
    stale.get_by_role("button", name="ثبت رأی").click()
    expect(stale.locator(".error-summary")).to_contain_text("موافق، مخالف یا ممتنع را برگزینید.")
    committee.vote(early, FIRST, "ممتنع", "گزارش‌های پارسال هنوز بررسی نشده است.")
    stale.get_by_text("موافق", exact=True).click()
    stale.get_by_role("button", name="ثبت رأی").click()
    expect(stale.locator("main")).to_contain_text("شما پیش از این به این پیشنهاد رأی داده‌اید.")
    stale.close()
    assert [row.choice for row in Ballot.objects.all()] == ["abstain"]
    committee.no_task(early, FIRST)

    secretary.goto(first)
    committee.why_not(secretary, "پایان رأی‌گیری", "در انتظار رأی")
    for username, page in members.items():
        if page is not early:
            committee.vote(page, FIRST, "مخالف" if username == "ngo.member" else "موافق")
    committee.confirm_task(secretary, f"پایان رأی‌گیری «{FIRST}»", "پایان رأی‌گیری", "رأی‌گیری پایان یافت")
    committee.state_is(secretary, "تصویب‌شده")
    expect(secretary.locator("#result")).to_contain_text("تصویب با ۳ موافق از مبنای ۵")
    expect(secretary.locator(".seat-centre")).to_contain_text("۱ مخالف، ۱ ممتنع")

    second = circulate(secretary, SECOND, "")
    committee.vote(members["deputy.member2"], SECOND, "موافق")
    asking = members["hq.member2"]
    committee.task(asking, f"رأی شما به «{SECOND}»")
    office.step(asking).get_by_role("link", name="درخواست جلسه به جای مکاتبه").click()
    asking.get_by_label("دلیل نیاز به جلسه").fill("معیارهای گزینش باید گفت‌وگو شود.")
    asking.locator("form.confirm").get_by_role("button", name="درخواست جلسه").click()
    committee.state_is(asking, "منتفی")
    expect(asking.locator("main")).to_contain_text("معیارهای گزینش باید گفت‌وگو شود.")
    committee.no_task(members["ngo.member"], SECOND)
    secretary.goto(second)
    secretary.locator(".alert-box").get_by_role("link", name="پیشنهاد ۳").click()
    committee.state_is(secretary, "مطرح‌شده")
    assert list(Motion.objects.order_by("id").values_list("state", flat=True)) == [
        "carried",
        "lapsed",
        "tabled",
    ]
