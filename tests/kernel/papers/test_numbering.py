"""Numbers of letters (K2): no gap and no repeat, under any concurrency and against raw SQL."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.letters.numbering import issue_number, set_first_serial
from staff_portal.kernel.models import IssuedNumber, NumberSeries
from tests.kernel.papers.support import NOW, TODAY

NEW_YEAR = date(2027, 3, 21)  # ۱ فروردین ۱۴۰۶


def issue(kind: str = "ن", on: date = TODAY) -> IssuedNumber:
    with transaction.atomic():
        return issue_number(kind=kind, on=on, at=NOW)


def serials(kind: str = "ن") -> list[int]:
    return list(
        IssuedNumber.objects.filter(series__kind=kind).order_by("id").values_list("serial", flat=True)
    )


def test_sixty_four_at_once_get_one_to_sixty_four(committed_db: Any) -> None:
    results = committed_db.together([issue] * 64)
    assert [type(result) for result in results] == [IssuedNumber] * 64
    assert sorted(result.serial for result in results) == list(range(1, 65))
    assert serials() == list(range(1, 65))
    assert len({result.text for result in results}) == 64


def test_rollbacks_among_many_leave_no_gap(committed_db: Any) -> None:
    class Undo(Exception):
        pass

    def undone() -> None:
        with transaction.atomic():
            issue_number(kind="ن", on=TODAY, at=NOW)
            raise Undo

    results = committed_db.together([issue, undone] * 12)
    assert sum(isinstance(result, Undo) for result in results) == 12
    assert serials() == list(range(1, 13))


@pytest.mark.django_db
def test_each_kind_and_year_counts_by_itself() -> None:
    texts = [issue("ن").text, issue("گ").text, issue("ن").text, issue("ن", NEW_YEAR).text]
    assert texts == ["1405/ن/1", "1405/گ/1", "1405/ن/2", "1406/ن/1"]


@pytest.mark.django_db
def test_the_year_turns_at_nowruz_of_tehran() -> None:
    assert issue("ن", date(2027, 3, 20)).text == "1405/ن/1"
    assert issue("ن", date(2027, 3, 21)).text == "1406/ن/1"


@pytest.mark.django_db
def test_a_start_in_mid_year_continues_the_office_s_numbers() -> None:
    set_first_serial(kind="ن", year=1405, first_serial=218)
    assert [issue().serial for _ in range(3)] == [218, 219, 220]


@pytest.mark.django_db
@pytest.mark.parametrize("has_number", [True, False])
def test_the_start_cannot_be_moved_once_it_is_set(has_number: bool) -> None:
    issue() if has_number else set_first_serial(kind="ن", year=1405, first_serial=5)
    with pytest.raises(Refusal, match="آغاز شده"):
        set_first_serial(kind="ن", year=1405, first_serial=300)


@pytest.mark.django_db
def test_a_start_below_one_is_refused() -> None:
    with pytest.raises(Refusal):
        set_first_serial(kind="ن", year=1405, first_serial=0)


INSERT = "INSERT INTO kernel_issuednumber (series_id, serial, text, issued_at) VALUES (%s, %s, %s, now())"


@pytest.mark.django_db
@pytest.mark.parametrize("serial", [1, 2, 3, 4, 10, 0])
def test_raw_sql_can_neither_repeat_nor_skip_nor_run_ahead_of_the_series(raw_sql: Any, serial: int) -> None:
    series = [issue(), issue()][0].series_id
    with pytest.raises(IntegrityError):
        raw_sql(INSERT, [series, serial, f"1405/ن/{serial}x"])
    assert serials() == [1, 2]


@pytest.mark.django_db
def test_raw_sql_that_moves_the_series_too_far_is_refused(raw_sql: Any) -> None:
    series = issue().series_id
    for last in (0, 3, 100):
        with pytest.raises(IntegrityError):
            raw_sql("UPDATE kernel_numberseries SET last_serial = %s WHERE id = %s", [last, series])


@pytest.mark.django_db
def test_a_series_moved_ahead_by_raw_sql_stops_the_next_number_instead_of_leaving_a_gap(raw_sql: Any) -> None:
    series = issue().series_id
    raw_sql("UPDATE kernel_numberseries SET last_serial = last_serial + 1 WHERE id = %s", [series])
    with pytest.raises(IntegrityError):
        issue()
    assert serials() == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["kind = 'گ'", "jalali_year = 1404", "first_serial = 2"])
def test_what_a_series_counts_never_changes(raw_sql: Any, column: str) -> None:
    series = issue().series_id
    with pytest.raises(IntegrityError):
        raw_sql(f"UPDATE kernel_numberseries SET {column} WHERE id = %s", [series])


@pytest.mark.django_db
def test_a_series_is_never_deleted(raw_sql: Any) -> None:
    issue()
    with pytest.raises(IntegrityError):
        raw_sql("DELETE FROM kernel_numberseries")
    assert NumberSeries.objects.count() == 1
