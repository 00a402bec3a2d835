"""The seated NGO's membership and its vote, its seat (C3)."""

from datetime import timedelta

import pytest

from committee.enums import SeatCode
from committee.models import Seating
from committee.operations import seats
from committee.operations.membership_changes import VOTE_ON_HOLD
from committee.queries import seats_on_hold, sitting, voting_seats
from ngos.enums import MembershipState
from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.models import Case, Hold
from tests.factories.committee import Committee
from tests.factories.people import NOW, TODAY, make_user
from tests.support.states import put

pytestmark = pytest.mark.django_db


def _member(ngo: Ngo) -> Ngo:
    return put(MEMBERSHIP, ngo, MembershipState.MEMBER, membership_number="1405/9001", member_since=TODAY)


def test_suspended_the_vote_is_on_hold_and_released_with_the_suspension(five: Committee):
    ngo = _member(five.ngo)
    MEMBERSHIP.apply(ngo, "suspend", actor=five.hq_manager, at=NOW, note="بررسی شکایت")
    assert seats_on_hold(sitting(TODAY)) == {SeatCode.NGO}
    assert [row.seat_code for row in voting_seats(TODAY)] == ["hq1", "hq2", "deputy1", "deputy2"]
    assert Hold.objects.get(lifted_at__isnull=True).reason == VOTE_ON_HOLD
    ngo.licences.create(
        licensor="interior", number="9", valid_until=TODAY.replace(year=2028), recorded_at=NOW
    ) if not ngo.licences.exists() else None
    MEMBERSHIP.apply(ngo, "reinstate", actor=five.hq_manager, at=NOW)
    assert seats_on_hold(sitting(TODAY)) == set()


def test_ended_the_seat_is_vacant_from_tomorrow_and_a_round_is_called_for(five: Committee):
    ngo = _member(five.ngo)
    MEMBERSHIP.apply(ngo, "end", actor=five.hq_manager, at=NOW, note="به درخواست سمن")
    seating = Seating.objects.get(seat_code=SeatCode.NGO)
    assert (last_day(seating.period), seating.ended_by) == (TODAY, "membership_ended")
    assert SeatCode.NGO not in {row.seat_code for row in voting_seats(TODAY)}
    case = Case.objects.get()
    assert (case.role, case.settled_at) == ("hq_expert", None)


def test_another_ngos_suspension_touches_no_seat(five: Committee):
    other = _member(five.seatings["ngo"].round.nominees.exclude(ngo=five.ngo).first().ngo)
    MEMBERSHIP.apply(other, "suspend", actor=five.hq_manager, at=NOW, note="بررسی")
    assert seats_on_hold(sitting(TODAY)) == set()


@pytest.mark.parametrize(
    ("step", "words"), [("suspend", "متوقف است"), ("end", "کرسی با پایان امروز خالی می‌شود")]
)
def test_the_page_of_the_step_says_what_becomes_of_the_seat(five: Committee, step: str, words: str):
    """D4: before a member is suspended or ended the manager reads what falls with it."""
    ngo = _member(five.ngo)
    brings = MEMBERSHIP.rows[step].brings
    assert brings is not None
    said = [sentence for sentence in brings(ngo, TODAY) if "کرسی سمن‌ها" in sentence]
    assert len(said) == 1
    assert words in said[0]


def test_the_hold_of_a_replaced_representative_is_released_too(five: Committee):
    """Suspended, replaced, reinstated the day after: neither seating stays held (F3-15)."""
    ngo, fresh = _member(five.ngo), make_user(None, side="ngo")
    ngo.accounts.create(user=fresh, period=five.seatings["ngo"].period, letter_reference="1", created_at=NOW)
    ngo.licences.create(
        licensor="interior", number="9", valid_until=TODAY.replace(year=2028), recorded_at=NOW
    )
    MEMBERSHIP.apply(ngo, "suspend", actor=five.hq_manager, at=NOW, note="بررسی شکایت")
    seats.replace_representative(
        five.seatings["ngo"], actor=five.hq_expert, at=NOW, person=fresh, reference="۷"
    )
    MEMBERSHIP.apply(ngo, "reinstate", actor=five.hq_manager, at=NOW + timedelta(days=2))
    assert not Hold.objects.filter(lifted_at__isnull=True).exists()
