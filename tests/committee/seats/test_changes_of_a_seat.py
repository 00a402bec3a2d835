"""C1, C3: whatever changes a seat holds from the next day; what holds a vote holds it at once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import SeatCode, TermState
from committee.models import Seating, Term
from committee.operations import seats
from committee.operations.membership_changes import VACANT
from committee.operations.terms import chair_choices
from committee.queries import running_term, seats_on_hold, sitting, voting_seats
from committee.workflow.motions import MOTION
from ngos.enums import MembershipState
from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import Case, User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow import sweeps
from tests.committee.motions.world import World as Motions
from tests.factories.committee import Committee, open_term, seat_the_ngo
from tests.factories.people import NOW, TODAY, make_user
from tests.support.states import put

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
SEATING = """INSERT INTO committee_seating
    (seat_id, seat_code, person_id, period, letter_reference, ended_by, appointed_at)
    VALUES (%s, 'hq2', %s, daterange(%s, NULL), '1', '', %s)"""
END = """UPDATE committee_seating SET period = daterange(lower(period), %s), ended_by = 'recalled', ended_at = %s
    WHERE id = %s"""


def _refused(run, name: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        run()
    assert caught.value.__cause__.diag.constraint_name == name


def _appoint(five: Committee, person: User, starts_on=TOMORROW, **changes) -> Seating:
    values = {"actor": five.hq_manager, "at": NOW, "reference": "۲"} | changes
    seat = values.pop("seat", five.seats["hq2"])
    return seats.appoint(seat, person=person, starts_on=starts_on, **values)


def _ended_by_the_beat(at) -> int:
    before = Term.objects.filter(state=TermState.ENDED).count()
    sweeps.run(at)
    return Term.objects.filter(state=TermState.ENDED).count() - before


def _people(on) -> set[User]:
    return {row.person for row in sitting(on)}


def _member(ngo: Ngo) -> Ngo:
    return put(MEMBERSHIP, ngo, MembershipState.MEMBER, membership_number="1405/9001", member_since=TODAY)


# --- appointment and end ---------------------------------------------------------------------------------------


def test_an_appointment_for_today_is_refused_by_page_operation_and_sql(five: Committee, client_for, raw_sql):
    person, before = make_user(None, side="hq"), Seating.objects.count()
    with pytest.raises(Refusal, match="از روز بعد معتبر است"):
        _appoint(five, person, TODAY)
    url = reverse("committee:appoint", args=[five.seats["hq2"].pk])
    with time_machine.travel(NOW, tick=False):
        desk = client_for(five.hq_manager)
        assert format_jalali(TOMORROW) in desk.get(url).content.decode()
        sent = {"person": person.pk, "starts_on": format_jalali(TODAY), "reference": "۲"}
        assert desk.post(url, sent).status_code == 409
    raw_sql(END, [TOMORROW, NOW, five.seatings["hq2"].pk])
    values = [five.seats["hq2"].pk, person.pk, TODAY, NOW]
    _refused(lambda: raw_sql(SEATING, values), "c1_from_the_next_day")
    late = NOW.replace(hour=23, minute=59)
    _refused(lambda: raw_sql(SEATING, [*values[:3], late]), "c1_from_the_next_day")
    assert Seating.objects.count() == before
    raw_sql(SEATING, [*values[:2], TOMORROW, late])


def test_who_is_recalled_today_sits_to_the_end_of_the_day(five: Committee, client_for, raw_sql):
    own = five.seatings["hq2"]
    with pytest.raises(Refusal, match="پیش از امروز"):
        seats.recall(own, actor=five.hq_manager, at=NOW, last_day=TODAY - DAY, note="پایان")
    url = reverse("committee:recall", args=[own.pk])
    with time_machine.travel(NOW, tick=False):
        sent = {"last_day": format_jalali(TODAY - DAY), "note": "پایان"}
        assert client_for(five.hq_manager).post(url, sent).status_code == 409
    _refused(lambda: raw_sql(END, [TODAY, NOW, own.pk]), "c1_from_the_next_day")
    seats.recall(own, actor=five.hq_manager, at=NOW, last_day=TODAY, note="پایان")
    assert five.hq2 in _people(TODAY) and five.hq2 not in _people(TOMORROW)
    again = "UPDATE committee_seating SET period = daterange(lower(period), %s) WHERE id = %s"
    _refused(lambda: raw_sql(again, [TODAY - DAY, own.pk]), "c1_from_the_next_day")


def test_an_end_recorded_once_is_not_put_off_or_dated_back(five: Committee, raw_sql):
    own = five.seatings["hq2"]
    seats.recall(own, actor=five.hq_manager, at=NOW, last_day=TODAY + 9 * DAY, note="پایان")
    for statement in (
        "UPDATE committee_seating SET ended_at = ended_at - interval '3 days' WHERE id = %s",
        "UPDATE committee_seating SET period = daterange(lower(period), NULL) WHERE id = %s",
        "UPDATE committee_seating SET appointed_at = now() WHERE id = %s",
    ):
        _refused(lambda statement=statement: raw_sql(statement, [own.pk]), "c1_seating_kept")
    assert last_day(Seating.objects.get(pk=own.pk).period) == TODAY + 9 * DAY


# --- an appointment that has not begun (P7) ----------------------------------------------------------------------


def test_a_future_appointment_is_withdrawn_and_never_was_a_seating(five: Committee, client_for):
    person = make_user(None, side="hq")
    coming = _appoint(five, person, TODAY + 9 * DAY)
    with pytest.raises(Refusal, match="هنوز آغاز نشده"):
        seats.recall(coming, actor=five.hq_manager, at=NOW, last_day=TODAY, note="نشد")
    with pytest.raises(NotPermitted, match="تنها دو نماینده خود"):
        seats.withdraw_appointment(coming, actor=five.deputy_manager, at=NOW, note="نشد")
    url = reverse("committee:recall", args=[coming.pk])
    with time_machine.travel(NOW, tick=False):
        desk = client_for(five.hq_manager)
        term = reverse("committee:term_detail", args=[five.term.pk])
        assert url in desk.get(term).content.decode()
        assert desk.post(url, {"note": ""}).status_code == 422
        assert desk.post(url, {"note": "نپذیرفت"}).url == term
        assert "آغاز نشد" in desk.get(term).content.decode()
        assert "انتصاب در «ستاد سمن‌ها، کرسی ۲»" in desk.get(reverse("home")).content.decode()
    coming.refresh_from_db()
    assert (coming.period.isempty, coming.ended_by) == (True, "withdrawn")
    assert coming.letter.events.get().kind == "revoked"
    for on in (TODAY, TODAY + 9 * DAY, TODAY + 400 * DAY):
        assert person not in _people(on)
        person.__dict__.pop("_authorities", None)
        assert access.roles_of(person, on) == set()
    for step in (seats.withdraw_appointment, seats.recall):
        more = {"last_day": TOMORROW} if step is seats.recall else {}
        with pytest.raises(Refusal, match="پیش از این"):
            step(coming, actor=five.hq_manager, at=NOW, note="باز", **more)
    assert five.hq2 in seats.may_be_appointed(five.seats["hq2"], TODAY)
    _appoint(five, five.hq2, TODAY + 9 * DAY)
    assert five.hq2 in _people(TODAY + 8 * DAY) and five.hq2 in _people(TODAY + 9 * DAY)


def test_one_that_has_begun_is_not_withdrawn(five: Committee, raw_sql):
    own = five.seatings["hq2"]
    with pytest.raises(Refusal, match="آغاز شده است"):
        seats.withdraw_appointment(own, actor=five.hq_manager, at=NOW, note="نشد")
    empty = (
        "UPDATE committee_seating SET period = 'empty', ended_by = 'withdrawn', ended_at = %s WHERE id = %s"
    )
    _refused(lambda: raw_sql(empty, [NOW, own.pk]), "c1_seating_kept")
    own_ballots = Seating.objects.get(seat_code="deputy1")  # it has chosen the NGO that sits
    _refused(lambda: raw_sql(empty, [NOW - 400 * DAY, own_ballots.pk]), "c1_recorded_within_seating")
    assert five.hq2 in _people(TODAY)


# --- the next term ------------------------------------------------------------------------------------------------


def test_the_next_term_begins_with_the_same_people_and_the_old_one_ends_by_the_beat(five: Committee):
    later = NOW + 10 * DAY
    term = open_term(five.hq_manager, five.deputy_manager, at=later)
    for code, head in (("hq1", five.hq_manager), ("deputy1", five.deputy_manager)):
        seat, person = term.seats.get(code=code), five.seatings[code].person
        assert person in seats.may_be_appointed(seat, later.date())
        with pytest.raises(Refusal, match="از روز بعد"):
            _appoint(five, person, later.date(), seat=seat, actor=head, at=later)
        _appoint(five, person, later.date() + DAY, seat=seat, actor=head, at=later)
    for on, terms in ((later.date(), [five.term] * 5), (later.date() + DAY, [term, five.term] * 2)):
        assert [row.seat.term for row in sitting(on)][:4] == terms[:4]
        assert _people(on) == set(five.members)
    assert dict(chair_choices(term, later.date()))["deputy1"].endswith(five.deputy1.full_name)
    assert _ended_by_the_beat(later + DAY) == 0
    for code, head in (("hq2", five.hq_manager), ("deputy2", five.deputy_manager)):
        seat, person = term.seats.get(code=code), five.seatings[code].person
        _appoint(five, person, later.date() + DAY, seat=seat, actor=head, at=later)
    old = five.seatings["ngo"]
    seats.end_seating(old, last_day=later.date(), cause="next_term", note="دوره بعد", actor=None, at=later)
    seat_the_ngo(term.seats.get(code="ngo"), five.ngo, five.ngo_member, head=five.hq_manager, at=later)
    assert _ended_by_the_beat(later) == 0, "today the five of the term before still sit"
    assert _ended_by_the_beat(later + DAY) == 1
    assert _ended_by_the_beat(later + 2 * DAY) == 0
    five.term.refresh_from_db()
    assert five.term.ended_on == later.date() + DAY
    assert running_term(later.date() + DAY) == term


# --- the NGO's seat -------------------------------------------------------------------------------------------------


def _successor(five: Committee) -> Seating:
    fresh = make_user(None, side="ngo")
    five.ngo.accounts.create(
        user=fresh, period=five.seatings["ngo"].period, letter_reference="1", created_at=NOW
    )
    return seats.replace_representative(
        five.seatings["ngo"], actor=five.ngo_user, at=NOW, person=fresh, reference="۷"
    )


def test_a_suspended_ngo_is_on_hold_at_once_whomever_it_sends(five: Committee):
    coming, ngo = _successor(five), _member(five.ngo)
    MEMBERSHIP.apply(ngo, "suspend", actor=five.hq_manager, at=NOW, note="بررسی شکایت")
    for on, person in ((TODAY, five.ngo_member), (TOMORROW, coming.person)):
        assert person in _people(on)
        assert seats_on_hold(sitting(on)) == {SeatCode.NGO}
        assert SeatCode.NGO not in {row.seat_code for row in voting_seats(on)}
    later = NOW + 3 * DAY
    third = make_user(None, side="ngo")
    five.ngo.accounts.create(
        user=third, period=five.seatings["ngo"].period, letter_reference="1", created_at=NOW
    )
    fresh = seats.replace_representative(
        Seating.objects.get(pk=coming.pk), actor=five.ngo_user, at=later, person=third, reference="۸"
    )
    assert fresh.person in _people(later.date() + DAY)
    assert seats_on_hold(sitting(later.date() + DAY)) == {SeatCode.NGO}


def test_a_membership_that_ends_stops_the_vote_at_once_and_the_seat_with_the_day():
    world = Motions()
    five, motion = world.committee, world.circulated()
    coming, ngo = _successor(five), _member(five.ngo)
    MEMBERSHIP.apply(ngo, "end", actor=five.hq_manager, at=NOW, note="به درخواست سمن")
    assert five.ngo_member in _people(TODAY)
    assert "ngo" not in {row.seat_code for row in sitting(TOMORROW)}
    coming.refresh_from_db()
    assert coming.period.isempty
    with pytest.raises(Refusal, match="متوقف"):
        MOTION.apply(motion, "cast", actor=five.ngo_member, at=NOW, choice="for")
    assert not motion.ballots.exists()
    assert [case.detail for case in Case.objects.all()] == [VACANT]


def test_an_ngo_that_is_leaving_anyway_calls_for_no_round(five: Committee):
    own, ngo = five.seatings["ngo"], _member(five.ngo)
    other = own.round.nominees.exclude(ngo=ngo).first()
    seats.end_seating(own, last_day=TODAY, cause="replaced", note="دور تازه", actor=None, at=NOW)
    seat_the_ngo(five.seats["ngo"], other.ngo, make_user(None, side="ngo"), head=five.hq_manager)
    MEMBERSHIP.apply(ngo, "end", actor=five.hq_manager, at=NOW, note="به درخواست سمن")
    own.refresh_from_db()
    assert (last_day(own.period), own.ended_by) == (TODAY, "replaced")
    assert seats_on_hold(sitting(TODAY)) == {SeatCode.NGO}
    assert seats_on_hold(sitting(TOMORROW)) == set()
    assert not Case.objects.exists()


def test_a_second_change_on_one_day_takes_the_place_of_the_first(five: Committee):
    first = _successor(five)
    second = _successor_of(five, first)
    first.refresh_from_db()
    assert first.period.isempty
    assert [row.person for row in sitting(TOMORROW) if row.seat_code == "ngo"] == [second.person]
    assert [row.person for row in sitting(TODAY) if row.seat_code == "ngo"] == [five.ngo_member]


def _successor_of(five: Committee, seating: Seating) -> Seating:
    other = make_user(None, side="ngo")
    five.ngo.accounts.create(
        user=other, period=five.seatings["ngo"].period, letter_reference="1", created_at=NOW
    )
    return seats.replace_representative(
        seating, actor=five.ngo_user, at=NOW + timedelta(minutes=5), person=other, reference="۹"
    )
