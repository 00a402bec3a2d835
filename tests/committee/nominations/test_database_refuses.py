"""What PostgreSQL itself refuses about rounds, nominees and ballots, as the application's role and as the owner (C2, C3)."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
import time_machine
from django.db import IntegrityError

from committee.enums import RoundState
from committee.models import EligibilityCheck, NominationBallot, NominationRound, Nominee
from tests.committee.nominations.world import (
    World,
    cast,
    eligible,
    in_state,
    put_forward,
    seal,
    with_vacant_seat,
)
from tests.factories.people import NOW, make_user

SWITCH_OFF = "SELECT set_config('pgtrigger.ignore', %s, false)"
EVERYTHING = (
    "{"
    + ",".join(
        f"committee_{table}:{name}"
        for table in ("nominationround", "nominee", "nominationballot", "eligibilitycheck")
        for name in ("rules", "moves", "fixed", "no_truncate", "no_delete", "append_only")
    )
    + "}"
)
NOMINEE = """INSERT INTO committee_nominee (round_id, ngo_id, why, consent_reference, added_at)
    VALUES (%(round)s, %(fresh)s, 'x', '', now())"""
BALLOT = """INSERT INTO committee_nominationballot (round_id, nominee_id, seating_id, seat_code, voter_id, cast_at)
    VALUES (%(round)s, %(nominee)s, %(seating)s, %(code)s, %(voter)s, %(now)s)"""
DECIDED = """UPDATE committee_nominationround SET state = 'decided', decided_on = '2026-11-24',
    chosen_id = %(nominee)s, decided_by_id = %(head)s, reason = %(reason)s WHERE id = %(round)s"""
SEALED = """UPDATE committee_nominationround SET state = 'open', sealed_on = '2026-11-24', sealed_by_id = %(hq)s
    WHERE id = %(round)s"""
STATE = "UPDATE committee_nominationround SET state = %(state)s WHERE id = %(round)s"


def values(world: World, **changes: Any) -> dict[str, Any]:
    """The keys the statements name; the ballot is that of the deputy's first member for the first nominee."""
    five = world.five
    nominees = world.nominees
    return {
        "round": world.nomination.pk,
        "nominee": nominees[0].pk if nominees else 0,
        "outside": Nominee.objects.exclude(round=world.nomination).first().pk,
        "fresh": five.ngo.pk,
        "seating": five.seatings["deputy1"].pk,
        "code": "deputy1",
        "voter": five.deputy1.pk,
        "now": NOW,
        "head": five.deputy_manager.pk,
        "reason": "دلیل",
        "hq": five.hq_manager.pk,
        "state": "open",
    } | changes


Refusals = list[tuple[str, Callable[[World], dict[str, Any]], str]]


def _plain(**changes: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: values(world, **changes)


SEALED_ROUND: Refusals = [
    (NOMINEE, _plain(), "c2_round_sealed"),
    ("UPDATE committee_nominee SET ngo_id = %(fresh)s WHERE id = %(nominee)s", _plain(), "c2_round_sealed"),
    (
        "UPDATE committee_nominee SET representative_id = NULL WHERE id = %(nominee)s",
        _plain(),
        "c2_round_sealed",
    ),
    ("DELETE FROM committee_nominee WHERE id = %(nominee)s", _plain(), "c2_round_sealed"),
    (STATE, _plain(state="preparing"), "c3_round_kept"),
    (
        "UPDATE committee_nominationround SET sealed_on = '2020-01-01' WHERE id = %(round)s",
        _plain(),
        "c3_round_kept",
    ),
    ("DELETE FROM committee_nominationround WHERE id = %(round)s", _plain(), "c3_round_kept"),
    ("UPDATE committee_eligibilitycheck SET is_eligible = false", _plain(), "c2_check_kept"),
    ("DELETE FROM committee_eligibilitycheck", _plain(), "c2_check_kept"),
    (DECIDED, lambda world: values(world, nominee=values(world)["outside"]), "c3_one_of_three"),
    (DECIDED, lambda world: values(world, head=world.five.hq_manager.pk), "c3_deputy_decides"),
    (DECIDED, lambda world: values(world, head=world.people[0].pk), "c3_deputy_decides"),
    (DECIDED, _plain(reason=""), "c3_deputy_decides"),
    (DECIDED, _plain(head=None), "c3_deputy_decides"),
    (BALLOT, lambda world: values(world, nominee=values(world)["outside"]), "c3_one_of_three"),
    (BALLOT, lambda world: values(world, voter=world.five.secretary.pk), "c3_sitting_members_vote"),
    (BALLOT, lambda world: values(world, code="deputy2"), "c3_sitting_members_vote"),
    (
        BALLOT,
        lambda world: values(
            world, seating=world.five.seatings["ngo"].pk, code="ngo", voter=world.five.ngo_member.pk
        ),
        "c3_sitting_members_vote",
    ),
    (BALLOT, _plain(now="2026-01-01"), "c3_sitting_members_vote"),
]


def _insist(run: Callable[[], Any], constraint: str) -> None:
    with pytest.raises((IntegrityError, psycopg2.IntegrityError)) as caught:
        run()
    error = caught.value.__cause__ or caught.value
    assert error.diag.constraint_name == constraint


def _counts() -> tuple[int, ...]:
    rounds = list(NominationRound.objects.order_by("id").values_list("state", flat=True))
    return (
        hash(tuple(rounds)),
        Nominee.objects.count(),
        NominationBallot.objects.count(),
        EligibilityCheck.objects.count(),
    )


@pytest.mark.parametrize(
    ("statement", "filled", "constraint"),
    SEALED_ROUND,
    ids=[f"{n}-{r[2]}" for n, r in enumerate(SEALED_ROUND)],
)
def test_a_sealed_round_by_sql(opened: World, raw_sql, statement, filled, constraint):
    before = _counts()
    raw_sql(SWITCH_OFF, [EVERYTHING])
    _insist(lambda: raw_sql(statement, filled(opened)), constraint)
    assert _counts() == before


def test_ballots_by_sql(opened: World, raw_sql):
    cast(opened, opened.five.deputy1, 0)
    raw_sql(SWITCH_OFF, [EVERYTHING])
    other = opened.nominees[1].pk
    for statement, constraint in (
        (BALLOT, "c3_one_ballot_per_seat"),
        ("UPDATE committee_nominationballot SET nominee_id = %(nominee)s", "c3_ballot_kept"),
        ("DELETE FROM committee_nominationballot", "c3_ballot_kept"),
    ):
        _insist(lambda: raw_sql(statement, values(opened, nominee=other)), constraint)  # noqa: B023
    assert NominationBallot.objects.get(round=opened.nomination).nominee == opened.nominees[0]


def test_nobody_decides_otherwise_than_two_equal_deputy_ballots(opened: World, raw_sql):
    five = opened.five
    for code in ("deputy1", "deputy2"):
        sent = values(opened, code=code, seating=five.seatings[code].pk, voter=five.seatings[code].person_id)
        raw_sql(BALLOT, sent)
    _insist(lambda: raw_sql(DECIDED, values(opened, nominee=opened.nominees[1].pk)), "c3_deputy_decides")
    _insist(lambda: raw_sql(DECIDED, values(opened)), "c3_deputy_decides")
    _insist(
        lambda: raw_sql(DECIDED, values(opened, nominee=opened.nominees[1].pk, head=None)),
        "c3_deputy_decides",
    )
    raw_sql(DECIDED, values(opened, head=None, reason=""))


@pytest.mark.parametrize("count", [0, 2, 4])
def test_two_or_four_are_not_sealed_by_sql(vacant: World, raw_sql, count):
    world = put_forward(vacant, count)
    _insist(lambda: raw_sql(SEALED, values(world)), "c2_exactly_three")


def test_what_a_round_being_prepared_refuses_by_sql(vacant: World, raw_sql):
    world = put_forward(vacant, 3, consents=(0, 1))
    _insist(lambda: raw_sql(SEALED, values(world)), "c2_exactly_three")
    _insist(lambda: raw_sql(BALLOT, values(world)), "c3_round_not_open")
    _insist(lambda: raw_sql(DECIDED, values(world)), "c3_round_kept")
    _insist(lambda: raw_sql(NOMINEE, values(world, fresh=world.ngos[0].pk)), "c2_three_different")
    _insist(
        lambda: raw_sql(
            "INSERT INTO committee_nominationround (seat_id, number, state, state_since, prepared_at, reason,"
            " void_reason) SELECT seat_id, 9, 'preparing', now(), now(), '', '' FROM committee_nominationround"
            " WHERE id = %(round)s",
            values(world),
        ),
        "c2_one_round_at_a_time",
    )


def test_the_deputy_does_not_seal(prepared: World, raw_sql):
    sent = values(prepared, hq=prepared.five.deputy_manager.pk)
    _insist(lambda: raw_sql(SEALED, sent), "c2_sealed_by_hq")


def test_a_round_is_never_begun_open(vacant: World, raw_sql):
    for state in ("open", "void"):
        _insist(
            lambda: raw_sql(
                "INSERT INTO committee_nominationround (seat_id, number, state, state_since, prepared_at, reason,"
                " void_reason) VALUES (%s, 9, %s, now(), now(), '', '')",
                [vacant.five.seats["ngo"].pk, state],  # noqa: B023
            ),
            "c3_round_kept",
        )


@pytest.mark.parametrize("state", [RoundState.DECIDED, RoundState.VOID])
def test_a_round_that_is_over_stays_so(vacant: World, raw_sql, state):
    nomination = in_state(vacant, state)
    raw_sql(SWITCH_OFF, [EVERYTHING])
    for column, value in (
        ("state", "open"),
        ("state", "preparing"),
        ("reason", "دلیل دیگر"),
        ("void_reason", "سبب دیگر"),
        ("decided_on", "2020-01-01"),
        ("proof_id", None if state == RoundState.DECIDED else 1),
        ("prepared_by_id", None),
    ):
        statement = f"UPDATE committee_nominationround SET {column} = %s WHERE id = %s"
        _insist(lambda: raw_sql(statement, [value, nomination.pk]), "c3_round_kept")  # noqa: B023
    _insist(lambda: raw_sql(BALLOT, values(vacant)), "c3_round_not_open")
    _insist(lambda: raw_sql(NOMINEE, values(vacant)), "c2_round_sealed")
    nomination.refresh_from_db()
    assert nomination.state == state


def test_the_database_follows_the_rows_of_a_round(vacant: World, raw_sql):
    """Only the states the table knows, and in each state the columns that some row of it stores."""
    world = put_forward(vacant)
    update = "UPDATE committee_nominationround SET {} WHERE id = %s"
    for change in ("state_since = now()", "number = 99", "head_reason = 'x'", "prepared_at = now()"):
        _insist(lambda: raw_sql(update.format(change), [world.nomination.pk]), "c3_round_kept")  # noqa: B023
    seal(world)
    for change in ("number = 99", "state_since = now()", "state = 'preparing'", "prepared_by_id = NULL"):
        _insist(lambda: raw_sql(update.format(change), [world.nomination.pk]), "c3_round_kept")  # noqa: B023
    raw_sql(update.format("head_reason = 'x'"), [world.nomination.pk])  # a row of this state stores it


def test_the_owner_of_the_tables_is_refused_too(committed_db, owner_cursor):
    with time_machine.travel(NOW, tick=False):
        world = seal(put_forward(with_vacant_seat()))
        cast(world, world.five.deputy1, 0)
        eligible(world.five)
    before = _counts()
    owner_cursor.execute(SWITCH_OFF, [EVERYTHING])
    for statement, filled, constraint in SEALED_ROUND:
        if statement == BALLOT and constraint == "c3_sitting_members_vote":
            continue  # the seat has voted: the unique constraint may speak first
        _insist(lambda: owner_cursor.execute(statement, filled(world)), constraint)  # noqa: B023
    for table, constraint in (
        ("nominee", "c2_round_sealed"),
        ("nominationballot", "c3_ballot_kept"),
        ("nominationround", "c3_round_kept"),
        ("eligibilitycheck", "c2_check_kept"),
    ):
        with pytest.raises(psycopg2.IntegrityError) as caught:
            owner_cursor.execute(f"TRUNCATE committee_{table} CASCADE")
        assert caught.value.diag.constraint_name.startswith(("c1_", "c2_", "c3_")), constraint
    owner_cursor.execute(
        "SELECT count(*) FROM committee_nominationballot WHERE round_id = %s", [world.nomination.pk]
    )
    assert owner_cursor.fetchone() == (1,)
    assert _counts() == before
    assert make_user(None).pk
