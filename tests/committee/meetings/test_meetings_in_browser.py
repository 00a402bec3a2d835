"""The pages of meetings in Chromium: the sitting refreshes itself, works without JavaScript and on a phone; axe."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from committee.enums import ItemKind
from committee.models import Meeting, NoticeWaiver, Presence
from committee.operations import agenda
from staff_portal.kernel.base.signing import SigningKey
from staff_portal.kernel.delivery.outbox import relay_outbox
from tests.browser.looking import IN_TURNS, flaws_by_address
from tests.committee import acts
from tests.committee.meetings.test_calling import motion, staged
from tests.committee.meetings.world import SEATS, World

pytestmark = pytest.mark.browser
LIST = "/committee/meetings/"


@pytest.fixture
def site_world(live_site: str, signing_key: SigningKey) -> World:
    """The committee, committed, behind the running site."""
    return World(timezone.now())


def in_session(world: World) -> Meeting:
    """A meeting that begins now, called too late, with an agenda and a paper."""
    starts = world.at + timedelta(seconds=1)
    meeting = world.plan(starts_at=starts, ends_at=starts + timedelta(hours=2))
    row = motion(world)
    agenda.add_item(meeting, actor=world.secretary, at=world.at, kind=ItemKind.MOTION, motion=row)
    agenda.add_item(meeting, actor=world.secretary, at=world.at, kind=ItemKind.REPORT, title="گزارش فصل")
    acts.add_papers(meeting, [staged(world.secretary)], actor=world.secretary, at=world.at)
    world.apply(meeting, "submit_call")
    meeting = world.apply(meeting, "call", actor=world.chair)
    relay_outbox(at=world.at)
    return world.apply(meeting, "open", at=meeting.starts_at)


def test_a_members_phone_shows_on_the_secretarys_screen(
    site_world: World, new_page: Callable[..., Any]
) -> None:
    world = site_world
    meeting = in_session(world)
    desk = new_page(world.secretary)
    desk.goto(f"{LIST}{meeting.pk}/")
    expect(desk.locator(".seat-count")).to_have_text("۰ از ۵")
    phone = new_page(world.people["ngo"], width=390)
    phone.goto(f"{LIST}{meeting.pk}/")
    button = phone.locator("#own-arrive")
    box = button.bounding_box()
    assert box["height"] >= 48 and box["width"] > 300
    button.click()
    expect(phone.locator(".message.ok")).to_contain_text("ثبت شد")
    expect(desk.locator(".seat-count")).to_have_text("۱ از ۵", timeout=10_000)
    desk.click("#seat-hq1")
    expect(phone.locator(".seat-count")).to_have_text("۲ از ۵", timeout=10_000)
    world.apply(meeting, "close", at=meeting.ends_at)
    expect(phone.locator(".head-meta")).to_contain_text("پایان‌یافته", timeout=10_000)


def test_arriving_and_waiving_without_javascript(site_world: World, new_page: Callable[..., Any]) -> None:
    world = site_world
    meeting = in_session(world)
    page = new_page(world.people["deputy1"], javascript=False, width=390)
    page.goto(f"{LIST}{meeting.pk}/")
    page.click("#own-arrive")
    page.click("#own-waive")
    page.click("#own-leave")
    assert [row.kind for row in Presence.objects.order_by("id")] == ["arrived", "left"]
    assert NoticeWaiver.objects.get().seating == world.seat("deputy1")


@pytest.mark.slow
def test_steps_that_ask_fail_no_axe_rule(site_world: World, new_page: Callable[..., Any]) -> None:
    """The pages of which the demonstration data has no case; the others are looked at with all pages."""
    world = site_world
    called = world.called(call_in=timedelta(days=30))
    running = in_session(world)
    world.arrive(running, *SEATS[:3])
    addresses = [
        f"{LIST}{called.pk}/do/cancel/",
        f"{LIST}{called.pk}/hand-over/{called.invitations.all()[0].pk}/",
        f"{LIST}{running.pk}/",
    ]
    assert flaws_by_address(new_page(world.secretary), addresses, IN_TURNS) == {}
