"""Three NGOs, one seat: from the round HQ prepares to the proof sheet that anybody may check (M7, C2, C3)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from committee.enums import SeatCode
from committee.models import NominationBallot, NominationRound
from committee.workflow.nominations import ROUND
from committee.workflow.nominees import NOMINEE
from staff_portal.kernel.models import User
from tests.journeys import committee_office as committee
from tests.journeys import office

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = "انجمن یاران کودک", "کانون مهر محله", "خانه فرهنگ نسیم"
ARABIC_FIRST = "ياران كودك"
WHY = "سابقه کار مشترک با سه منطقه و گزارش‌دهی منظم."
SEAL = "نهایی‌کردن سه نامزد"


def assert_told_nothing(page: Page, address: str) -> None:
    """Who has voted is seen while the round is open, never for whom."""
    page.goto(address)
    committee.state_is(page, "در حال رأی‌گیری")
    expect(page.locator("ul.votes")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("رأی به «")
    expect(page.locator("main")).not_to_contain_text("رأی شما به")


def test_from_the_search_to_the_proof_sheet(
    new_page: Callable[..., Page], people: dict[str, User], browser_watch: Any
) -> None:
    desks = committee.desks_of(new_page, people, browser_watch)
    browser_watch.allow(r"status of 409")  # the seal that comes too late
    committee.opened_term(people)
    for name, user in ((FIRST, "ngo.user"), (SECOND, "ngo.user2"), (THIRD, "ngo.user3")):
        committee.member_ngo(people, name, user)
    fourth = committee.member_ngo(people, "بنیاد سپیدار", is_active=False)
    expert, manager = desks("hq.expert"), desks("hq.manager")

    committee.prepare_round(expert)
    address = expert.url
    committee.put_forward(expert, ARABIC_FIRST, FIRST, WHY)
    committee.put_forward(expert, "مهر محله", SECOND, WHY)
    manager.goto(address)
    committee.why_not(manager, SEAL, "دقیقاً سه سمن لازم است؛ اکنون ۲ سمن نامزد شده است.")
    committee.put_forward(expert, "فرهنگ نسيم", THIRD, WHY)

    committee.consent(desks("ngo.user"))
    committee.consent_by_letter(expert, SECOND, "بهزاد رستگار، دبیر سمن", "۱۴۰۵/۲۰۱")
    committee.consent_by_letter(expert, THIRD, "سیما آذرمی، مدیر برنامه‌ها", "۱۴۰۵/۲۰۲")

    # the manager already asks to seal when the expert adds a fourth
    committee.task(manager, SEAL)
    office.step(manager).get_by_role("link", name=SEAL).click()
    committee.put_forward(expert, "سپیدار", fourth.name, WHY)
    seal = manager.locator("form.confirm").get_by_role("button", name=SEAL)
    seal.click()
    expect(manager.locator("main")).to_contain_text("اکنون ۴ سمن نامزد شده است")
    expect(manager.locator("main")).to_contain_text("«بنیاد سپیدار»")
    nomination = NominationRound.objects.get()
    assert (nomination.state, nomination.nominees.count()) == ("preparing", 4)
    expert.goto(address)
    expert.locator(".nominees").get_by_role("link", name=fourth.name).click()
    office.step(expert).get_by_role("link", name="برداشتن از فهرست").click()
    office.fill_form(expert, "برداشتن از فهرست", note="گزارش عملکرد ندارد.")
    expect(seal).to_have_count(0)  # what was refused is not offered again until the page is asked anew
    manager.goto(address)
    office.step(manager).get_by_role("link", name=SEAL).click()
    seal.click()
    office.message(manager, "سه نامزد نهایی شد")

    phone = desks("hq.member1", **committee.PHONE)
    committee.task(phone, "رأی به یکی از سه نامزد")
    expect(phone.locator(".head-meta")).to_contain_text("رأی مشورتی")
    committee.vote_for(phone, FIRST)
    expect(phone.locator("main")).to_contain_text("مشورتی")
    expect(phone.locator("main")).to_contain_text(f"رأی شما به «{FIRST}» ثبت شده است")

    committee.vote_for(desks("deputy.member1"), SECOND)
    for username in ("deputy.member2", "deputy.manager", "secretary"):
        assert_told_nothing(desks(username), address)
    phone.goto(address)
    expect(phone.locator("main")).not_to_contain_text(f"رأی به «{SECOND}»")
    committee.vote_for(desks("deputy.member2"), SECOND)

    expert.goto(address)
    committee.state_is(expert, "به تصمیم رسیده")
    expect(expert.locator("main")).to_contain_text(f"«{SECOND}» در")
    expect(expert.get_by_role("list", name=f"رأی‌ها به {FIRST}")).to_contain_text("مشورتی")
    office.section(expert, "کمیته و کرسی‌ها")
    expect(expert.locator(".seat-count")).to_have_text("۴ از ۵")
    committee.sits_from_tomorrow(expert, nomination.seat, "بهزاد رستگار")

    expert.goto(address)
    pdf, public = committee.letter_of(expert, "اثبات انتخاب")
    assert len(pdf) > 5_000
    office.check_as_anybody(new_page, public, SECOND)


def opened_round(people: dict[str, User]) -> NominationRound:
    """Three NGOs that have consented, sealed: what the first test clicks."""
    at, expert = timezone.now(), people["hq.expert"]
    term = committee.opened_term(people)
    nomination = ROUND.apply(term.seats.get(code=SeatCode.NGO), "prepare", actor=expert, at=at)
    for name, user in ((FIRST, "ngo.user"), (SECOND, "ngo.user2"), (THIRD, "ngo.user3")):
        ngo = committee.member_ngo(people, name, user)
        nominee = NOMINEE.apply(nomination, "add", actor=expert, at=at, ngo=ngo, why=WHY)
        NOMINEE.apply(
            nominee, "consent", actor=expert, at=at, representative=people[user], reference="۱۴۰۵/۲۰۳"
        )
    sealed: NominationRound = ROUND.apply(nomination, "seal", actor=people["hq.manager"], at=at)
    return sealed


def test_unequal_ballots_without_javascript(
    new_page: Callable[..., Page], people: dict[str, User], browser_watch: Any
) -> None:
    desks = committee.desks_of(new_page, people, browser_watch)
    browser_watch.allow(r"status of 422")  # the reason that was forgotten
    nomination = opened_round(people)
    plain = {"javascript": False, **committee.PHONE}
    committee.no_task(desks("deputy.manager", **plain), "انتخاب یکی از سه نامزد")
    committee.vote_for(desks("deputy.member1", **plain), FIRST)
    committee.vote_for(desks("deputy.member2", **plain), THIRD)

    head = desks("deputy.manager")
    committee.task(head, "انتخاب یکی از سه نامزد")
    expect(head.locator("main")).to_contain_text("رأی دو نماینده معاونت یکسان نیست.")
    head.get_by_role("radio", name=THIRD).check()
    head.get_by_role("button", name="ثبت تصمیم").click()
    expect(head.locator(".error-summary")).to_contain_text("دلیل انتخاب")
    expect(head.get_by_role("radio", name=THIRD)).to_be_checked()
    assert NominationRound.objects.get().state == "open"
    head.get_by_label("دلیل انتخاب").fill("پوشش گسترده‌تر در محله‌ها.")
    head.get_by_role("button", name="ثبت تصمیم").click()
    office.message(head, "سمن برگزیده از فردا")
    expect(head.locator("main")).to_contain_text("پوشش گسترده‌تر در محله‌ها.")

    committee.sits_from_tomorrow(head, nomination.seat, "سیما آذرمی")
    assert NominationBallot.objects.filter(round=nomination).count() == 2
