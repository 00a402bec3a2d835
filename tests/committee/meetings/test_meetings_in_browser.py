"""The pages of meetings in Chromium: the sitting refreshes itself, works without JavaScript and on a phone; axe."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from committee.enums import ItemKind
from committee.models import Meeting, NoticeWaiver, Presence
from committee.operations import agenda, attendance
from staff_portal.kernel.letters.signing import SigningKey
from staff_portal.kernel.operations.outbox import relay_outbox
from tests.committee.meetings.test_calling import motion, staged
from tests.committee.meetings.world import SEATS, World
from tests.support.browsing import axe_violations

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
    agenda.add_papers(meeting, [staged(world.secretary)], actor=world.secretary, at=world.at)
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
def test_no_page_fails_axe_or_runs_out_of_a_phone(site_world: World, new_page: Callable[..., Any]) -> None:
    world = site_world
    closed = world.closed(call_in=timedelta(days=3))
    planned, called = world.plan(call_in=timedelta(days=40)), world.called(call_in=timedelta(days=30))
    off = world.apply(world.called(), "cancel", note="تعطیلی")
    attendance.record_absence(called, world.seat("ngo"), reason="سفر", actor=world.secretary, at=world.at)
    invitation = called.invitations.first()
    running = in_session(world)
    world.arrive(running, *SEATS[:3])
    pages = {
        world.secretary: [
            LIST,
            f"{LIST}new/",
            f"{LIST}{planned.pk}/",
            f"{LIST}{planned.pk}/agenda/",
            f"{LIST}{planned.pk}/do/cancel/",
            f"{LIST}{called.pk}/",
            f"{LIST}{called.pk}/hand-over/{invitation.pk}/",
            f"{LIST}{called.pk}/absence/",
            f"{LIST}{running.pk}/",
        ],
        world.people["ngo"]: [f"{LIST}{running.pk}/"],
        world.chair: [f"{LIST}{running.pk}/"],
        world.committee.auditor: [f"{LIST}{closed.pk}/", f"{LIST}{off.pk}/"],
    }
    for user, addresses in pages.items():
        for dark, width in ((False, 1440), (True, 360)):
            page = new_page(user, width=width, dark=dark)
            for address in addresses:
                assert page.goto(address).status == 200, address
                assert axe_violations(page) == [], (address, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
