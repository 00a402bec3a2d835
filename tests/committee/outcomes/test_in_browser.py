"""Resolutions, minutes and policy documents in Chromium: axe, phone width, drafts that survive, no console message."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from committee.enums import ArticleState, ClauseParty, PolicyKind
from committee.models import Minutes, Resolution
from committee.operations import policies
from committee.workflow.minutes import MINUTES
from tests.committee import acts
from tests.committee.outcomes.world import NOW, World
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def site_world(live_site: str) -> World:
    """A committee with a resolution, its work, minutes that go round and a policy document, behind the site."""
    world = World.make()
    people = world.committee
    minutes = world.minutes()
    item = minutes.meeting.items.get(kind="motion")
    text = "اعضا درباره سهم منطقه‌ها گفت‌وگو کردند.\nنماینده معاونت فهرست‌برداری پیش از واگذاری را لازم دانست."
    acts.write_discussion(minutes, actor=people.secretary, at=NOW, texts={item.pk: text})
    resolution = Resolution.objects.get()
    world.action(resolution, days=5)
    document = policies.record_policy(
        actor=people.secretary,
        at=NOW,
        kind=PolicyKind.COUNCIL,
        title="مصوبه حمایت از فعالیت داوطلبانه",
        number="160/2456",
    )
    article = policies.record_article(
        document,
        actor=people.secretary,
        at=NOW,
        code="3",
        text="شهرداری از فعالیت‌های داوطلبانه و جهادی حمایت می‌کند.",
        party=ClauseParty.DEPUTY,
    )
    policies.set_article_state(
        article, actor=people.secretary, at=NOW, state=ArticleState.UNDER_WAY, note="کارگروه تشکیل شد"
    )
    MINUTES.apply(minutes, "circulate", actor=people.secretary, at=NOW)
    acts.ask_amendment(minutes, actor=people.deputy2, at=NOW, text="علت غیبت من بیماری بود.")
    return world


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_the_pages_of_signing_have_no_faults(site_world: World, new_page: Callable[..., Any]) -> None:
    people, minutes = site_world.committee, Minutes.objects.get()
    acts.decline_amendment(minutes.amendments.get(), actor=people.secretary, at=NOW, answer="در متن هست.")
    for person in site_world.present:
        acts.want_no_amendment(minutes, actor=person, at=NOW)
    MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW)
    page = new_page(people.hq1, width=390)
    page.goto(reverse("committee:minutes_sign", args=[minutes.meeting_id]))
    assert axe_violations(page) == []
    assert _fits(page)
    page.check("[name='choice'][value='dissent']")
    page.fill("[name='dissent']", "با مهلت موافق نبودم.")
    page.click("main form button[type='submit']")
    expect(page.locator(".signature-grid")).to_contain_text("امضا شد")
    expect(page.locator(".dissent")).to_contain_text("با مهلت موافق نبودم.")
    assert axe_violations(page) == []


def test_the_core_works_without_javascript(site_world: World, new_page: Callable[..., Any]) -> None:
    resolution = Resolution.objects.get()
    page = new_page(site_world.committee.hq_manager, javascript=False)
    page.goto(resolution.get_absolute_url())
    page.click("text=امضای ابلاغ >> nth=0")
    page.click("main form button[type='submit']")
    expect(page.locator(".sides-signed").last).to_contain_text(site_world.committee.hq_manager.full_name)


def test_what_was_written_of_the_discussion_survives_a_closed_page(
    live_site: str, new_page: Callable[..., Any]
) -> None:
    world = World.make()
    minutes = world.minutes()
    address = reverse("committee:minutes_write", args=[minutes.meeting_id])
    page = new_page(world.committee.secretary)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    assert axe_violations(page) == []
    box = page.locator("textarea").nth(1)
    box.fill("اعضا درباره سهم منطقه‌ها گفت‌وگو کردند.")
    page.wait_for_timeout(1500)  # the draft is kept shortly after the last key
    page.goto(address)
    page.wait_for_selector(".draft-note")
