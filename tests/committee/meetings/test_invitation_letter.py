"""The invitation as a paper: it is made without a warning, and its public page says when it is void (C4, K3)."""

from django.test import Client

from committee.enums import ItemKind
from committee.operations import agenda
from staff_portal.kernel.letters.issuing import ensure_rendered
from tests.committee import acts
from tests.committee.meetings.test_calling import staged
from tests.committee.meetings.world import World
from tests.factories.people import NOW


def test_the_letter_becomes_a_pdf(world: World) -> None:
    meeting = world.plan()
    for number in range(12):
        agenda.add_item(
            meeting,
            actor=world.secretary,
            at=NOW,
            kind=ItemKind.REPORT,
            title=f"گزارش {number} #[x] *y* $z$",
            note="سطر یک\nسطر دو",
        )
    acts.add_papers(
        meeting,
        [staged(world.secretary, "گزارش فصل.pdf"), staged(world.secretary, "budget-1405.pdf")],
        actor=world.secretary,
        at=NOW,
    )
    world.apply(meeting, "submit_call")
    meeting = world.apply(meeting, "call", actor=world.chair)
    rendering = ensure_rendered(meeting.invitation_letter, at=NOW)
    with rendering.file.open() as pdf:
        assert pdf.read(5) == b"%PDF-"


def test_the_public_page_says_what_became_of_it(world: World) -> None:
    meeting = world.called()
    address = f"/verify/{meeting.invitation_letter.code}/"
    page = Client().get(address).content.decode()
    assert "جلسه ۱ کمیته مشترک" in page and "سالن جلسات، طبقه ۲" in page
    assert "گزارش" not in page
    world.apply(meeting, "cancel", note="تعطیلی ناگهانی")
    page = Client().get(address).content.decode()
    assert "باطل" in page and "تعطیلی ناگهانی" in page
