"""The notice period (C4): what proves an invitation, when it is enough, and what waiving takes."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from committee.models import Invitation, Meeting
from committee.operations import presence
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.configuration.clocks import WorkCalendar
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.models import DatedSetting, Holiday
from tests.committee import acts
from tests.committee.meetings.world import SEATS, World
from tests.factories.people import NOW, TODAY

# ۱۴۰۵/۹/۳ is a Tuesday; Thursday and Friday are off
TUESDAY = date(2026, 11, 24)
CALENDAR = WorkCalendar([], thursday_off=True)
WITH_HOLIDAY = WorkCalendar([date(2026, 11, 29)], thursday_off=True)


@pytest.mark.parametrize(
    ("proven", "calendar", "days", "first"),
    [
        (TUESDAY, CALENDAR, 5, date(2026, 12, 1)),
        (TUESDAY, CALENDAR, 1, date(2026, 11, 25)),
        (TUESDAY, CALENDAR, 0, TUESDAY),
        (date(2026, 11, 25), CALENDAR, 1, date(2026, 11, 28)),  # Wednesday: day one is Saturday
        (date(2026, 11, 26), CALENDAR, 5, date(2026, 12, 2)),  # proven on a day off
        (date(2026, 11, 27), CALENDAR, 5, date(2026, 12, 2)),
        (TUESDAY, WITH_HOLIDAY, 5, date(2026, 12, 2)),
        (TUESDAY, WorkCalendar([], thursday_off=False), 5, date(2026, 11, 30)),
    ],
)
def test_the_first_day_that_is_late_enough(
    proven: date, calendar: WorkCalendar, days: int, first: date
) -> None:
    assert presence.enough_from(proven, days, calendar) == first


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.integers(0, 15),
    closed=st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
)
def test_the_last_day_to_call_is_the_last_that_suffices(day: date, days: int, closed: set[date]) -> None:
    calendar = WorkCalendar(closed, thursday_off=True)
    last = presence.last_call_day(day, days, calendar)
    assert presence.enough_from(last, days, calendar) <= day
    assert calendar.is_working_day(last)
    later = (last + timedelta(days=step) for step in range(1, (day - last).days + 1))
    assert all(
        presence.enough_from(day_, days, calendar) > day for day_ in later if calendar.is_working_day(day_)
    )


def _at(day: date) -> timedelta:
    moment = timezone.make_aware(datetime(day.year, day.month, day.day, 10))
    return moment - NOW


@pytest.mark.parametrize(
    ("day", "enough"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2026, 12, 2), True)]
)
def test_the_days_edge_of_a_real_meeting(world: World, day: date, enough: bool) -> None:
    meeting = world.called(call_in=_at(day))
    found = presence.notices(meeting, NOW)
    assert [row.is_enough for row in found] == [enough] * 5
    assert {row.proof for row in found if row.seating.seat_code != "hq1"} == {presence.BY_INBOX}
    assert {row.proof for row in found if row.seating.seat_code == "hq1"} == {presence.BY_SIGNATURE}


def test_a_holiday_declared_after_the_call_moves_the_clock(world: World) -> None:
    meeting = world.called(call_in=_at(date(2026, 12, 1)))
    assert not any(row.gap for row in presence.notices(meeting, NOW))
    Holiday.objects.create(day=date(2026, 11, 30), title="تعطیل", at_short_notice=True, created_at=NOW)
    found = presence.notices(meeting, NOW)
    assert all("مهلت دعوت تا ۱۱ آذر ۱۴۰۵" in row.gap for row in found)


def test_the_number_of_days_is_a_dated_setting(world: World) -> None:
    DatedSetting.objects.create(
        key="meeting.notice_days", value=3, effective_on=TODAY, set_by=world.committee.hq_manager, set_at=NOW
    )
    assert not any(row.gap for row in presence.notices(world.called(call_in=_at(date(2026, 11, 29))), NOW))


def test_an_invitation_that_reached_nobody_is_not_proven(world: World) -> None:
    meeting = world.called(deliver=False)
    found = {row.seating.seat_code: row for row in presence.notices(meeting, NOW)}
    assert found["hq1"].is_enough
    assert found["ngo"].proven_on is None and "ثابت نیست" in found["ngo"].gap
    relay_outbox(at=NOW + timedelta(days=1))
    reached = {row.seating.seat_code: row.proven_on for row in presence.notices(meeting, NOW)}
    assert reached["ngo"] == TODAY + timedelta(days=1)


def test_handing_over_proves_it_and_the_earlier_proof_counts(world: World) -> None:
    meeting = world.called(deliver=False)
    invitation = Invitation.objects.get(meeting=meeting, seating=world.seat("ngo"))
    later = NOW + timedelta(days=2)
    acts.hand_over(invitation, actor=world.secretary, at=later, on=TODAY, note="رسید ۱۲")
    relay_outbox(at=later)
    found = {row.seating.seat_code: row for row in presence.notices(meeting, later)}
    assert (found["ngo"].proof, found["ngo"].proven_on) == (presence.BY_HAND, TODAY)
    assert found["hq2"].proven_on == later.date()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [(TODAY + timedelta(days=1), "در آینده"), (TODAY - timedelta(days=1), "پیش از آن ممکن نیست")],
)
def test_handing_over_is_neither_in_the_future_nor_before_the_call(
    world: World, on: date, sentence: str
) -> None:
    invitation = Invitation.objects.filter(meeting=world.called(deliver=False)).first()
    with pytest.raises(Refusal, match=sentence):
        acts.hand_over(invitation, actor=world.secretary, at=NOW, on=on)
    assert Invitation.objects.get(pk=invitation.pk).handed_over_on is None


def test_handing_over_is_recorded_once_and_by_the_secretary(world: World) -> None:
    invitation = Invitation.objects.filter(meeting=world.called()).first()
    with pytest.raises(NotPermitted):
        acts.hand_over(invitation, actor=world.chair, at=NOW, on=TODAY)
    acts.hand_over(invitation, actor=world.secretary, at=NOW, on=TODAY)
    with pytest.raises(Refusal, match="پیش از این"):
        acts.hand_over(invitation, actor=world.secretary, at=NOW, on=TODAY)


# --- deciding ----------------------------------------------------------------------------------------------------


def test_in_time_and_with_quorum_the_meeting_may_decide(world: World) -> None:
    meeting = world.called()
    assert presence.decision_gaps(meeting, NOW) == [presence.NOT_IN_SESSION]
    meeting = world.apply(meeting, "open", at=meeting.starts_at)
    assert "رسمیت ندارد" in presence.decision_gaps(meeting, meeting.starts_at)[0]
    world.arrive(meeting, "hq1", "deputy1", "ngo")
    assert presence.decision_gaps(meeting, meeting.starts_at) == []
    world.leave(meeting, "ngo")
    assert len(presence.decision_gaps(meeting, meeting.starts_at)) == 1


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), "هیچ عضوی"),
        (("hq1", "deputy1"), "۲"),
        (("hq1", "hq2", "ngo"), "معاونت"),
        (("deputy1", "deputy2", "ngo"), "ستاد سمن‌ها"),
        (("hq1", "deputy1", "ngo"), ""),
        (("hq1", "hq2", "deputy1"), ""),
        (SEATS, ""),
    ],
)
def test_the_quorum_is_said_in_words(codes: tuple[str, ...], words: str) -> None:
    found = presence.quorum_gap(codes)
    assert (words in found) if words else found == ""


def _short(world: World, *codes: str) -> Meeting:
    return world.opened(*codes, call_in=timedelta(days=1))


def test_waiving_takes_all_sitting_members_present_and_each_ones_own_click(world: World) -> None:
    meeting = _short(world, "hq1", "hq2", "deputy1", "deputy2")
    at = meeting.starts_at
    world.waive(meeting, "hq1", "hq2", "deputy1", "deputy2")
    assert "تنها با حضور همه اعضا" in presence.decision_gaps(meeting, at)[-1]
    with pytest.raises(Refusal, match="نخست ورود خود را ثبت کنید"):
        world.waive(meeting, "ngo")
    world.arrive(meeting, "ngo")
    assert world.people["ngo"].full_name in presence.decision_gaps(meeting, at)[-1]
    world.waive(meeting, "ngo")
    assert presence.decision_gaps(meeting, at) == []
    world.leave(meeting, "ngo")
    assert presence.decision_gaps(meeting, at) != []


def test_one_late_invitation_is_enough_to_need_the_waiver(world: World) -> None:
    meeting = world.called(deliver=False)
    for invitation in Invitation.objects.filter(meeting=meeting).exclude(seating=world.seat("ngo")):
        acts.hand_over(invitation, actor=world.secretary, at=NOW, on=TODAY)
    meeting = world.apply(meeting, "open", at=meeting.starts_at)
    world.arrive(meeting, *SEATS)
    gaps = presence.decision_gaps(meeting, meeting.starts_at)
    assert len(gaps) == 2 and world.people["ngo"].full_name in gaps[0]
    assert world.people["hq2"].full_name not in gaps[0]


def test_those_who_were_invited_alike_are_told_in_one_sentence(world: World) -> None:
    meeting = world.called(call_in=timedelta(days=1), deliver=False)
    relay_outbox(at=NOW + timedelta(hours=20))
    first, second, how = presence.decision_gaps(meeting, NOW)[1:]
    assert world.chair.full_name in first and "۳ آذر" in first
    assert all(world.people[code].full_name in second for code in SEATS[1:]) and "۴ آذر" in second
    assert "گذشت هر یک" in how


def test_nobody_waives_twice_or_for_nothing_or_without_a_seat(world: World) -> None:
    meeting = _short(world, "hq1")
    world.waive(meeting, "hq1")
    with pytest.raises(Refusal, match="پیش از این"):
        world.waive(meeting, "hq1")
    for actor in (world.secretary, world.committee.hq_manager):
        with pytest.raises(NotPermitted):
            acts.waive_notice(meeting, actor=actor, at=meeting.starts_at)
    world.apply(meeting, "close", at=meeting.ends_at)
    in_time = world.opened("hq1", call_in=timedelta(days=20))
    with pytest.raises(Refusal, match="لازم نیست"):
        world.waive(in_time, "hq1")


def test_nobody_waives_before_the_meeting_is_in_session(world: World) -> None:
    with pytest.raises(Refusal, match="در حال برگزاری نیست"):
        world.waive(world.called(call_in=timedelta(days=1)), "hq1")
