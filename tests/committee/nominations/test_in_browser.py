"""Nominations in Chromium: voting on a phone, without JavaScript, axe and width on every page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from committee.models import NominationBallot
from tests.browser.looking import IN_TURNS, flaws_by_address
from tests.committee.nominations.world import (
    World,
    cast,
    eligible,
    put_forward,
    seal,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_site: str, vacant_stage: World) -> World:
    """A vacant seat, committed, behind the running site."""
    return vacant_stage


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
def test_steps_that_ask_fail_no_axe_rule(site: World, new_page: Callable[..., Any]) -> None:
    """The pages of which the demonstration data has no case; the others are looked at with all pages."""
    world = put_forward(site, 3, consents=(0, 1))
    five, number = world.five, world.nomination.pk
    fresh, nominee = eligible(five, report=False), world.nominees[2].pk
    add = reverse("committee:nominee_add", args=[number])
    own = [
        reverse(f"committee:{name}", args=[nominee])
        for name in ("nominee_detail", "nominee_consent", "nominee_withdraw")
    ]
    pages = {
        five.hq_expert: [add, f"{add}?ngo={fresh.pk}", reverse("committee:nominee_remove", args=[nominee])],
        five.hq_manager: [
            world.nomination.get_absolute_url(),
            reverse("committee:nomination_do", args=[number, "void"]),
        ],
        world.people[2]: own,
    }
    for user, addresses in pages.items():
        assert flaws_by_address(new_page(user), addresses, IN_TURNS) == {}


@pytest.mark.slow
def test_the_heads_choice_fails_no_axe_rule(site: World, new_page: Callable[..., Any]) -> None:
    world = seal(put_forward(site))
    cast(world, world.five.deputy1, 0)
    cast(world, world.five.deputy2, 1)
    step = reverse("committee:nomination_do", args=[world.nomination.pk, "decide"])
    assert flaws_by_address(new_page(world.five.deputy_manager), [step]) == {}
