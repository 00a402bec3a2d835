"""Choices are hidden until closing from everybody: pages, fragment, Excel, search, audit, notices, inbox (C5)."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from committee import chain
from committee.models import Ballot
from committee.workflow.motions import cast
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, User
from tests.committee.motions.world import World
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db

REASON = "بودجه‌اش روشن نیست و از همین رو"
READERS = ("hq1", "hq2", "deputy1", "deputy2", "ngo", "auditor")
OTHERS = ("secretary", "hq_manager", "deputy_manager", "hq_expert", "deputy_expert")


@pytest.fixture
def voted(world: World):
    """Two ballots against with a reason, one for; all else is the same for both."""
    motion = world.opened()
    for code, choice in (("hq2", "against"), ("deputy2", "against"), ("deputy1", "for")):
        cast(motion, actor=world.people[code], at=NOW, choice=choice, reason=REASON)
    return motion


def text_of(response) -> str:
    if "spreadsheet" in response.headers.get("Content-Type", ""):
        book = load_workbook(BytesIO(response.content))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    return response.content.decode()


def addresses(motion) -> list[str]:
    detail = reverse("committee:motion_detail", args=[motion.pk])
    listed = reverse("committee:motion_list")
    return [
        detail,
        reverse("committee:motion_live", args=[motion.pk]),
        reverse("committee:motion_receipt", args=[motion.pk]),
        f"{detail}do/close_vote/",
        listed,
        f"{listed}?format=xlsx",
        motion.meeting.get_absolute_url(),
        reverse("audit_log"),
        f"{reverse('search')}?q=گزارش",
        "/",
    ]


@pytest.mark.parametrize("who", [*READERS, *OTHERS])
def test_no_page_betrays_a_choice_while_the_vote_is_open(world: World, voted, signed_in, who):
    client = signed_in(world.everybody()[who])
    seen = 0
    for address in addresses(voted):
        response = client.get(address)
        if response.status_code != 200:
            assert response.status_code in (403, 404), address
            continue
        seen += 1
        text = text_of(response)
        assert REASON not in text, address
        for ballot in Ballot.objects.all():
            assert ballot.receipt not in text, address
            assert chain.grouped_receipt(ballot.receipt) not in text, address
    detail = text_of(client.get(addresses(voted)[0]))
    assert seen >= 6
    assert detail.count("رأی داد</span>") == 3
    assert "seat-against" not in detail
    assert "seat-for" not in detail


@pytest.mark.parametrize("who", [*READERS, *OTHERS])
def test_whoever_voted_either_way_the_page_is_the_same(world: World, signed_in, who):
    """Two votes that differ only in the choice give byte for byte the same picture."""
    pages = []
    for choice in ("for", "against"):
        motion = world.circulated(text=f"متن {choice}")
        cast(motion, actor=world.people["hq2"], at=NOW, choice=choice)
        text = text_of(
            signed_in(world.everybody()[who]).get(reverse("committee:motion_live", args=[motion.pk]))
        )
        pages.append(text.replace(f"/motions/{motion.pk}/", "/motions/x/"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("who", READERS)
def test_after_closing_members_and_auditor_see_each_ballot(world: World, voted, signed_in, who):
    world.close(voted)
    text = text_of(signed_in(world.everybody()[who]).get(voted.get_absolute_url()))
    assert text.count(REASON) >= 3
    assert "seat-against" in text


@pytest.mark.parametrize("who", OTHERS)
def test_after_closing_the_others_see_the_tally_only(world: World, voted, signed_in, who):
    world.close(voted)
    text = text_of(signed_in(world.everybody()[who]).get(voted.get_absolute_url()))
    assert REASON not in text
    assert "seat-against" not in text
    assert "۱ موافق" in text
    assert "۲ مخالف" in text


def test_the_excel_has_counts_after_closing_and_never_a_name_with_a_choice(world: World, voted, signed_in):
    client = signed_in(world.auditor)
    address = reverse("committee:motion_list") + "?format=xlsx"
    before = text_of(client.get(address))
    assert "موافق" not in before
    world.close(voted)
    after = text_of(client.get(address))
    assert "۱ موافق، ۲ مخالف" in after
    assert REASON not in after


def test_audit_entries_notices_and_waiting_work_say_nothing(world: World, voted):
    words = ("against", "abstain", "مخالف", "موافق", REASON, '"for"', "'for'")
    for entry in AuditEntry.objects.filter(root_type="committee.motion"):
        said = f"{entry.before} {entry.after} {entry.note} {entry.subject_label}"
        assert not [word for word in words if word in said], entry.event
        for draft in notices.expand(entry):
            assert not [word for word in words if word in draft.text]
    for user in world.everybody().values():
        for task in contributions.inbox(User.objects.get(pk=user.pk), NOW):
            assert not [word for word in words if word in f"{task.title} {task.detail}"]


def test_the_audit_page_shows_the_cast_without_the_choice(world: World, voted, signed_in):
    entry = AuditEntry.objects.filter(event="motion.cast").first()
    text = text_of(signed_in(world.auditor).get(f"{reverse('audit_log')}?event=motion.cast"))
    assert "رأی خود را داد" in text
    assert REASON not in text
    assert set(entry.after) == {"state", "seat", "sequence", "ballot_hash"}


def test_the_own_ballot_is_found_by_its_code_and_no_other(world: World, voted, signed_in):
    mine = Ballot.objects.get(seat_code="deputy1")
    other = Ballot.objects.get(seat_code="hq2")
    address = reverse("committee:motion_receipt", args=[voted.pk])
    client = signed_in(world.people["deputy1"])
    found = client.post(address, {"code": f" {mine.receipt[:5].lower()}-{mine.receipt[5:]} "})
    assert found.status_code == 200
    assert mine.hash in text_of(found)
    assert "زنجیره رأی‌ها دوباره حساب شد" in text_of(found)
    for code in (other.receipt, "AAAAAAAAAA", ""):
        response = client.post(address, {"code": code})
        assert response.status_code == 422
        assert REASON not in text_of(response)
    strange = signed_in(world.people["hq1"]).post(address, {"code": mine.receipt})
    assert strange.status_code == 422
    assert REASON not in text_of(strange)
    assert signed_in(world.secretary).post(address, {"code": mine.receipt}).status_code == 403
