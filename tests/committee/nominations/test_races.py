"""Sixteen attempts at once: one ballot for a seat, one decision, and a membership that ends meanwhile (C3)."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from committee.enums import RoundState
from committee.models import NominationBallot, NominationRound, Nominee, Seating
from committee.queries import seats_on_hold, sitting
from committee.workflow.nominations import ROUND
from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import Letter, User
from tests.committee.nominations.world import World, cast
from tests.factories.people import NOW, TODAY

SIXTEEN = 16


@pytest.fixture
def opened(committed_db, opened_stage: World) -> World:
    return opened_stage


def _nominee(pk: int) -> Nominee:
    return Nominee.objects.get(pk=pk)


def _cast(pk: int, voter: int, nominee: int) -> NominationRound:
    nomination = NominationRound.objects.get(pk=pk)
    return ROUND.apply(
        nomination, "cast", actor=User.objects.get(pk=voter), at=NOW, nominee=_nominee(nominee)
    )


def _decide(pk: int, head: int, nominee: int) -> NominationRound:
    nomination = NominationRound.objects.get(pk=pk)
    actor = User.objects.get(pk=head)
    return ROUND.apply(nomination, "decide", actor=actor, at=NOW, note="دلیل", nominee=_nominee(nominee))


def _won(results: list[object]) -> list[object]:
    assert all(isinstance(row, Refusal | NominationRound | Ngo) for row in results), results
    return [row for row in results if not isinstance(row, Refusal)]


def test_sixteen_ballots_of_one_seat_are_one(committed_db, opened: World):
    picks = [row.pk for row in opened.nominees]
    voter = opened.five.deputy1.pk
    calls = [partial(_cast, opened.nomination.pk, voter, picks[n % 3]) for n in range(SIXTEEN)]
    assert len(_won(committed_db.together(calls))) == 1
    assert NominationBallot.objects.filter(round=opened.nomination).count() == 1


def test_both_deputies_sixteen_times_at_once_seat_one_ngo_once(committed_db, opened: World):
    pick = opened.nominees[1].pk
    voters = [opened.five.deputy1.pk, opened.five.deputy2.pk]
    calls = [partial(_cast, opened.nomination.pk, voters[n % 2], pick) for n in range(SIXTEEN)]
    assert len(_won(committed_db.together(calls))) == 2
    opened.nomination.refresh_from_db()
    assert opened.nomination.state == RoundState.DECIDED
    assert Seating.objects.filter(round=opened.nomination).count() == 1
    assert Letter.objects.filter(kind="proof-sheet").count() == 1


def test_sixteen_decisions_are_one(committed_db, opened: World):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    picks = [row.pk for row in opened.nominees]
    head = opened.five.deputy_manager.pk
    calls = [partial(_decide, opened.nomination.pk, head, picks[n % 3]) for n in range(SIXTEEN)]
    assert len(_won(committed_db.together(calls))) == 1
    assert Seating.objects.filter(round=opened.nomination).count() == 1
    assert Letter.objects.filter(kind="proof-sheet").count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_a_suspension_and_the_deciding_ballot_never_miss_each_other(committed_db, opened: World, attempt):
    cast(opened, opened.five.deputy1, 0)
    pick, ngo, manager = opened.nominees[0].pk, opened.ngos[0], opened.five.hq_manager

    def suspend() -> Ngo:
        return MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, note="تخلف")

    ballot = partial(_cast, opened.nomination.pk, opened.five.deputy2.pk, pick)
    calls = [ballot, suspend] if attempt % 2 else [suspend, ballot]
    with time_machine.travel(NOW, tick=True):
        results = committed_db.together(calls)
    assert ngo.pk in {row.pk for row in _won(results) if isinstance(row, Ngo)}
    opened.nomination.refresh_from_db()
    if opened.nomination.state == RoundState.DECIDED:
        assert seats_on_hold(sitting(TODAY + timedelta(days=1))) == {"ngo"}
    else:
        assert opened.nomination.state == RoundState.VOID
        assert not Seating.objects.filter(round=opened.nomination).exists()
