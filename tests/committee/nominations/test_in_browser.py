"""Nominations in Chromium: voting on a phone, without JavaScript, axe and width on every page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from committee.models import NominationBallot
from tests.committee.nominations.world import (
    World,
    cast,
    eligible,
    in_state,
    put_forward,
    seal,
    with_vacant_seat,
)
from tests.support.browsing import axe_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_site: str) -> World:
    """A vacant seat, committed, behind the running site."""
    return with_vacant_seat()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_member_votes_on_a_phone(site: World, new_page: Callable[..., Any], javascript: bool) -> None:
    world = seal(put_forward(site))
    page = new_page(world.five.deputy1, width=390, height=844, javascript=javascript)
    page.goto(world.nomination.get_absolute_url())
    page.get_by_role("link", name=f"رأی به این سمن: {world.ngos[1].name}").click()
    expect(page.get_by_role("radio", name=world.ngos[1].name)).to_be_checked()
    page.get_by_text(world.ngos[2].name).click()  # the whole card is the target
    page.get_by_role("button", name="ثبت رأی").click()
    expect(page.locator(".message.ok")).to_contain_text("رأی شما ثبت شد")
    expect(page.locator("main")).to_contain_text(f"رأی شما به «{world.ngos[2].name}»")
    assert NominationBallot.objects.get(round=world.nomination).nominee == world.nominees[2]


@pytest.mark.slow
def test_no_page_fails_axe_or_runs_out_of_a_phone(site: World, new_page: Callable[..., Any]) -> None:
    world = put_forward(site, 3, consents=(0, 1))
    five, number = world.five, world.nomination.pk
    fresh, nominee = eligible(five, report=False), world.nominees[2].pk
    add = reverse("committee:nominee_add", args=[number])
    own = [
        reverse(f"committee:{name}", args=[nominee])
        for name in ("nominee_detail", "nominee_consent", "nominee_withdraw")
    ]
    _look(
        new_page,
        {
            five.hq_expert: [
                reverse("committee:nomination_list"),
                reverse("committee:nomination_new"),
                world.nomination.get_absolute_url(),
                add,
                f"{add}?ngo={fresh.pk}",
                *own,
                reverse("committee:nominee_remove", args=[nominee]),
            ],
            five.hq_manager: [
                world.nomination.get_absolute_url(),
                reverse("committee:nomination_do", args=[number, "void"]),
            ],
            world.people[2]: own,
        },
    )


@pytest.mark.slow
def test_an_open_and_a_decided_round_fail_no_axe_rule(site: World, new_page: Callable[..., Any]) -> None:
    world = seal(put_forward(site))
    five, number = world.five, world.nomination.pk
    step = {name: reverse("committee:nomination_do", args=[number, name]) for name in ("cast", "decide")}
    _look(new_page, {five.hq1: [world.nomination.get_absolute_url(), step["cast"]]})
    cast(world, five.deputy1, 0)
    cast(world, five.deputy2, 1)
    _look(new_page, {five.deputy_manager: [world.nomination.get_absolute_url(), step["decide"]]})


@pytest.mark.slow
def test_a_decided_round_fails_no_axe_rule(site: World, new_page: Callable[..., Any]) -> None:
    nomination = in_state(site, "decided")
    _look(
        new_page, {site.five.auditor: [nomination.get_absolute_url(), reverse("committee:nomination_list")]}
    )


def _look(new_page: Callable[..., Any], pages: dict[Any, list[str]]) -> None:
    for user, addresses in pages.items():
        for dark, width in ((False, 1440), (True, 360)):
            page = new_page(user, width=width, dark=dark)
            for address in addresses:
                assert page.goto(address).status == 200, address
                assert axe_violations(page) == [], (address, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
