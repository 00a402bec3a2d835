"""What PostgreSQL itself refuses about terms and seats, whoever asks and by whatever way (C1, C2)."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, connection

from committee.models import Seating
from tests.factories.committee import Committee, committee_of_five
from tests.factories.people import make_user

SWITCH_OFF = "SELECT set_config('pgtrigger.ignore', %s, false)"
EVERYTHING = (
    "{"
    + ",".join(
        f"committee_{table}:{name}"
        for table in ("term", "seat", "seating", "memorandum", "memorandumclause")
        for name in ("rules", "kept", "moves", "no_truncate", "no_delete", "append_only", "five_seats")
    )
    + "}"
)
SEATING = """INSERT INTO committee_seating
    (seat_id, seat_code, person_id, period, letter_reference, ngo_id, round_id, ended_by, appointed_at)
    VALUES (%(seat)s, %(code)s, %(person)s, daterange(%(start)s, NULL), '1', %(ngo)s, %(round)s, '', now())"""


def _refused(run: Callable[[], Any], *names: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        run()
    assert caught.value.__cause__.diag.constraint_name in names


def _values(five: Committee, **changes: Any) -> dict[str, Any]:
    return {
        "seat": five.seats["hq1"].pk,
        "code": "hq1",
        "person": 0,
        "start": "2030-01-01",
        "ngo": None,
        "round": None,
    } | changes


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("INSERT INTO committee_seat (term_id, code) SELECT id, 'hq3' FROM committee_term", {"c1_seat_code"}),
        ("INSERT INTO committee_seat (term_id, code) SELECT id, 'hq1' FROM committee_term", {"c1_seat_once"}),
        ("DELETE FROM committee_seat WHERE code = 'ngo'", {"c1_five_seats"}),
        ("UPDATE committee_seat SET code = 'hq2' WHERE code = 'ngo'", {"c1_five_seats"}),
        ("DELETE FROM committee_seating", {"c1_seating_kept"}),
        ("UPDATE committee_seating SET period = daterange('2020-01-01', NULL)", {"c1_seating_kept"}),
        ("UPDATE committee_seating SET letter_reference = 'x'", {"c1_seating_kept"}),
        ("UPDATE committee_seating SET period = 'empty'", {"c1_seating_kept", "c1_seating_not_empty"}),
        ("DELETE FROM committee_term", {"c1_term_kept"}),
        ("UPDATE committee_term SET agreed_by_id = proposed_by_id", {"c1_term_kept"}),
        ("UPDATE committee_term SET agreed_by_id = NULL", {"c1_term_kept"}),
        ("UPDATE committee_term SET chair_code = 'ngo'", {"c1_chair_of_four"}),
        ("DELETE FROM committee_memorandum", {"memorandum_kept"}),
        ("UPDATE committee_memorandumclause SET text = 'x'", {"memorandum_kept"}),
    ],
)
def test_what_is_recorded_stays(five: Committee, raw_sql, statement, names):
    raw_sql(SWITCH_OFF, [EVERYTHING])
    _refused(lambda: raw_sql(statement), *names)
    assert Seating.objects.count() == 5


def test_nobody_is_put_into_another_seat_by_sql(five: Committee, raw_sql):
    with pytest.raises(IntegrityError):
        raw_sql("UPDATE committee_seating SET person_id = %s WHERE seat_code = 'hq1'", [five.hq2.pk])


def test_two_people_never_share_a_seat_nor_one_person_two(five: Committee, raw_sql):
    other = make_user(None, side="hq")
    _refused(lambda: raw_sql(SEATING, _values(five, person=other.pk)), "c1_one_person_per_seat")
    term_seat = _values(five, seat=five.seats["hq2"].pk, code="hq2", person=five.hq1.pk)
    raw_sql(
        "UPDATE committee_seating SET period = daterange(lower(period), '2029-01-01'), ended_at = now(), ended_by = 'recalled' WHERE seat_code = 'hq2'"
    )
    _refused(lambda: raw_sql(SEATING, term_seat), "c1_one_seat_per_person")


@pytest.mark.parametrize("side", ["deputy", "ngo", "oversight"])
def test_side_of_the_person_is_side_of_the_seat(five: Committee, raw_sql, side):
    raw_sql(
        "UPDATE committee_seating SET period = daterange(lower(period), '2029-01-01'), ended_at = now(), ended_by = 'recalled' WHERE seat_code = 'hq1'"
    )
    stranger = make_user(None, side=side)
    _refused(lambda: raw_sql(SEATING, _values(five, person=stranger.pk)), "c1_side_of_seat")


def test_the_seats_code_cannot_be_pretended(five: Committee, raw_sql):
    raw_sql(
        "UPDATE committee_seating SET period = daterange(lower(period), '2029-01-01'), ended_at = now(), ended_by = 'recalled' WHERE seat_code = 'hq2'"
    )
    other = make_user(None, side="hq")
    _refused(
        lambda: raw_sql(SEATING, _values(five, seat=five.seats["hq2"].pk, code="hq1", person=other.pk)),
        "c1_side_of_seat",
    )


def test_the_ngos_seat_is_filled_by_a_decided_round_only(five: Committee, raw_sql):
    raw_sql(
        "UPDATE committee_seating SET period = daterange(lower(period), '2029-01-01'), ended_at = now(), ended_by = 'recalled' WHERE seat_code = 'ngo'"
    )
    person, seating = make_user(None, side="ngo"), five.seatings["ngo"]
    seat = {"seat": five.seats["ngo"].pk, "code": "ngo", "person": person.pk}
    _refused(lambda: raw_sql(SEATING, _values(five, **seat)), "c2_ngo_seat_by_round")
    loser = seating.round.nominees.exclude(ngo=seating.ngo).first()
    _refused(
        lambda: raw_sql(SEATING, _values(five, **seat, ngo=loser.ngo_id, round=seating.round_id)),
        "c2_ngo_seat_by_round",
    )
    hq = make_user(None, side="hq")
    raw_sql(
        "UPDATE committee_seating SET period = daterange(lower(period), '2029-01-01'), ended_at = now(), ended_by = 'recalled' WHERE seat_code = 'hq1'"
    )
    _refused(
        lambda: raw_sql(SEATING, _values(five, person=hq.pk, ngo=seating.ngo_id, round=seating.round_id)),
        "c2_ngo_seat_by_round",
    )
    raw_sql(
        SEATING, _values(five, **seat, ngo=seating.ngo_id, round=seating.round_id)
    )  # the one way there is


def test_a_term_never_has_four_seats(five: Committee, raw_sql):
    copy = """INSERT INTO committee_term (memorandum_id, number, starts_on, planned_end_on, rules, chair_code,
            proposed_chair_code, state, state_since, proposed_by_id, proposed_side)
        SELECT memorandum_id, 9, starts_on, planned_end_on, '', 'hq1', '', 'proposed', state_since, proposed_by_id, 'hq'
        FROM committee_term RETURNING id"""
    ((pk,),) = raw_sql(copy)
    for code in ("hq1", "hq2", "deputy1", "deputy2"):
        raw_sql("INSERT INTO committee_seat (term_id, code) VALUES (%s, %s)", [pk, code])
    _refused(lambda: connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE"), "c1_five_seats")


@pytest.mark.parametrize("table", ["term", "seat", "seating", "memorandum", "memorandumclause"])
def test_truncate_is_refused_to_the_owner_too(committed_db, owner_cursor, table):
    committee_of_five()
    owner_cursor.execute(SWITCH_OFF, [EVERYTHING])
    with pytest.raises(psycopg2.errors.CheckViolation):
        owner_cursor.execute(f"TRUNCATE committee_{table} CASCADE")
    assert Seating.objects.count() == 5


def test_sixteen_appointments_to_one_seat_at_once_seat_one_person(committed_db):
    from datetime import timedelta

    from committee.operations import seats
    from staff_portal.kernel.models import User
    from tests.factories.people import NOW, TODAY

    five = committee_of_five()
    people = [make_user(None, side="hq") for _ in range(16)]

    def appoint(pk: int) -> Any:
        return seats.appoint(
            five.seats["hq2"],
            actor=User.objects.get(pk=five.hq_manager.pk),
            at=NOW,
            person=User.objects.get(pk=pk),
            starts_on=TODAY + timedelta(days=1),
            reference="1",
        )

    results = committed_db.together([lambda pk=user.pk: appoint(pk) for user in people])
    assert sum(isinstance(row, Seating) for row in results) == 1
    assert Seating.objects.filter(seat_code="hq2", period__contains=TODAY + timedelta(days=1)).count() == 1
