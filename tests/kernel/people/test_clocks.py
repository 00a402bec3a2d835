"""K5 as properties: deadlines counted in working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.configuration.clocks import FRIDAY, THURSDAY, WorkCalendar, end_of_day

DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
calendars = st.builds(
    WorkCalendar,
    st.sets(st.dates(date(2020, 1, 1), date(2041, 12, 31)), max_size=200),
    thursday_off=st.booleans(),
)
lengths = st.integers(1, 120)


@given(calendars, days, lengths)
def test_a_clock_holds_exactly_its_number_of_working_days(
    calendar: WorkCalendar, start: date, length: int
) -> None:
    end = calendar.add(start, length)
    inside = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert sum(calendar.is_working_day(day) for day in inside) == length
    assert calendar.is_working_day(end) and end > start


@given(calendars, days, lengths)
def test_counting_between_is_the_inverse_of_adding(calendar: WorkCalendar, start: date, length: int) -> None:
    assert calendar.between(start, calendar.add(start, length)) == length
    assert calendar.between(calendar.add(start, length), start) == -length


@given(calendars, days, lengths, lengths)
def test_two_clocks_in_a_row_are_one_clock(
    calendar: WorkCalendar, start: date, first: int, second: int
) -> None:
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars, days, lengths, st.data())
def test_another_holiday_never_brings_a_deadline_forward(
    calendar: WorkCalendar, start: date, length: int, data: st.DataObject
) -> None:
    before = calendar.add(start, length)
    closed = data.draw(st.dates(start, before + 30 * DAY))
    thursday_off = THURSDAY in calendar.days_off
    after = WorkCalendar(calendar.holidays | {closed}, thursday_off=thursday_off).add(start, length)
    assert after >= before
    inside = start < closed <= before and calendar.is_working_day(closed)
    assert (after > before) == inside


@given(calendars, days)
def test_an_event_on_a_day_off_starts_the_same_clock_as_the_working_day_before_it(
    calendar: WorkCalendar, start: date
) -> None:
    """Day one is the working day after the event, whether the event fell on a day off or not."""
    if not calendar.is_working_day(start):
        assert calendar.add(start, 1) == calendar.add(start - DAY, 1)


@given(days)
def test_friday_is_never_a_working_day_and_thursday_by_setting(day: date) -> None:
    for thursday_off in (True, False):
        calendar = WorkCalendar([], thursday_off=thursday_off)
        expected = day.weekday() != FRIDAY and not (thursday_off and day.weekday() == THURSDAY)
        assert calendar.is_working_day(day) == expected


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        (date(2026, 11, 24), 1, date(2026, 11, 25)),  # سه‌شنبه → چهارشنبه
        (date(2026, 11, 25), 1, date(2026, 11, 28)),  # چهارشنبه → شنبه
        (date(2026, 11, 26), 1, date(2026, 11, 28)),  # پنجشنبه → شنبه
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 24), 20, date(2026, 12, 22)),  # چهار هفته
    ],
)
def test_worked_examples_with_thursday_off(start: date, length: int, end: date) -> None:
    assert WorkCalendar([], thursday_off=True).add(start, length) == end


def test_a_clock_ends_at_the_end_of_its_last_day_in_tehran() -> None:
    moment = end_of_day(date(2026, 11, 24))
    assert moment.isoformat() == "2026-11-24T23:59:59.999999+03:30"


def test_a_negative_clock_and_a_calendar_without_working_days_are_errors() -> None:
    with pytest.raises(ValueError, match="negative"):
        WorkCalendar([], thursday_off=True).add(date(2026, 11, 24), -1)
    endless = [date(2026, 11, 24) + n * DAY for n in range(4000)]
    with pytest.raises(ValueError, match="ten years"):
        WorkCalendar(endless, thursday_off=True).add(date(2026, 11, 24), 1)
