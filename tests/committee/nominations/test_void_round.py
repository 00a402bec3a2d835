"""Ballots of a void round stay sealed for good, also from who voids (P10, C3)."""

from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from committee import secrecy
from committee.enums import RoundState
from committee.workflow.nominations import ROUND
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail import ledger
from tests.committee.nominations.world import World, cast
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db

READERS = (
    "hq1",
    "hq2",
    "deputy1",
    "deputy2",
    "hq_manager",
    "deputy_manager",
    "secretary",
    "auditor",
    "hq_expert",
    "deputy_expert",
    "ngo_user",
)


@pytest.fixture
def voted(opened: World) -> World:
    """P10 as it happened: one advisory ballot and one of the deputy, each for another NGO."""
    cast(opened, opened.five.hq1, 1)
    cast(opened, opened.five.deputy1, 2)
    return opened


@pytest.fixture
def void(voted: World) -> World:
    voted.nomination = ROUND.apply(
        voted.nomination, "void", actor=voted.five.hq_manager, at=NOW, note="اشتباه در فهرست"
    )
    return voted


def text_of(response) -> str:
    if "spreadsheet" in response.headers.get("Content-Type", ""):
        book = load_workbook(BytesIO(response.content))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    return unescape(response.content.decode())


def addresses(world: World) -> list[str]:
    listed = reverse("committee:nomination_list")
    return [
        reverse("committee:nomination_detail", args=[world.nomination.pk]),
        *(reverse("committee:nominee_detail", args=[row.pk]) for row in world.nominees),
        reverse("committee:nomination_do", args=[world.nomination.pk, "void"]),
        listed,
        f"{listed}?format=xlsx",
        reverse("audit_log"),
        f"{reverse('search')}?q=معرفی",
        reverse("inbox"),
        "/",
    ]


def betrays(text: str) -> list[str]:
    """Every way in which a page of a round says whom a ballot names."""
    return [
        word for word in ("رأی به «", 'class="votes"', "رأی شما به", ">رأی شما<", "رأی شما</") if word in text
    ]


@pytest.mark.parametrize("who", READERS)
def test_p10_no_page_says_whom_a_ballot_of_a_void_round_names(void: World, client_for, who):
    client = client_for(getattr(void.five, who))
    for address in addresses(void):
        response = client.get(address, follow=True)
        if response.status_code == 200:
            assert not betrays(text_of(response)), address
    response = client.get(addresses(void)[0])
    if who != "ngo_user":
        assert "۲ رأی داده شده بود؛ رأی‌های دور باطل برای همیشه پنهان می‌ماند" in text_of(response)
        assert "رأی داد؛ پنهان می‌ماند." in text_of(response)


def test_p10_no_card_of_a_nominee_names_a_voter(void: World, client_for):
    for who in ("hq_manager", "auditor", "deputy1"):
        text = text_of(client_for(getattr(void.five, who)).get(addresses(void)[0]))
        cards = text.split('class="nominees"')[1].split("</section>")[0]
        assert void.ngos[1].name in cards
        for voter in (void.five.hq1, void.five.deputy1):
            assert voter.full_name not in cards


def test_p10_who_voids_sees_none_before_it_either(voted: World, client_for):
    for who in ("hq_manager", "deputy_manager"):
        for address in addresses(voted):
            response = client_for(getattr(voted.five, who)).get(address, follow=True)
            if response.status_code == 200:
                assert not betrays(text_of(response)), address


def test_p10_the_rule_says_so_of_everybody(void: World):
    assert secrecy.are_sealed(void.nomination)
    for who in READERS:
        assert not secrecy.may_read_choices(getattr(void.five, who), void.nomination, TODAY)
    assert void.nomination.ballots.count() == 2


def test_p10_no_trail_and_no_notice_names_a_choice(void: World):
    for entry in AuditEntry.objects.filter(root_id=void.nomination.pk, event="nomination.cast"):
        assert set(entry.after) == {"state", "seat"}
    for entry in AuditEntry.objects.filter(event="nomination.void"):
        said = f"{entry.before} {entry.after} {entry.note}"
        assert not [ngo.name for ngo in void.ngos if ngo.name in said]
        for draft in notices.expand(entry):
            assert not [ngo.name for ngo in void.ngos if ngo.name in draft.text]
    assert all(report.ok for report in ledger.verify_all().values())


@pytest.mark.parametrize("lost", [0, 1])
def test_p10_the_system_voids_without_saying_on_whom_the_deputy_agreed(opened: World, lost: int):
    """Both deputy ballots name the first; whether that one or another is eligible no more, the round is void alike."""
    User.objects.filter(pk=opened.people[lost].pk).update(is_active=False)
    cast(opened, opened.five.deputy1, 0)
    done = cast(opened, opened.five.deputy2, 0)
    assert done.state == RoundState.VOID
    assert "در سامانه فعال نیست" in done.void_reason
    assert "رأی معاونت" not in done.void_reason
    assert not secrecy.may_read_choices(opened.five.auditor, done, TODAY)


def test_a_decided_round_is_read_as_before(opened: World, client_for):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 0)
    text = text_of(client_for(opened.five.auditor).get(addresses(opened)[0]))
    assert f"رأی به «{opened.ngos[0].name}»" in text


def test_unequal_ballots_over_one_eligible_no_more_are_void_like_equal_ones(opened: World):
    """Else being void would say that both deputy ballots were equal (C3, F3-16)."""
    User.objects.filter(pk=opened.people[2].pk).update(is_active=False)
    cast(opened, opened.five.deputy1, 0)
    done = cast(opened, opened.five.deputy2, 1)
    assert (done.state, done.head_reason) == (RoundState.VOID, "")
