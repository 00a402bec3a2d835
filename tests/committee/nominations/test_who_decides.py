"""Who may pick one of the three when the ballots do not: the deputy's head, and nobody who voted in the round (C3, K6)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import RoundState
from committee.proof_sheet import ADVISORY
from committee.workflow.nominations import ROUND
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import Delegation, User
from staff_portal.kernel.workflow import work
from tests.access.hidden import text_of
from tests.committee.nominations.test_database_refuses import DECIDED, values
from tests.committee.nominations.world import World, cast, decide
from tests.factories.people import NOW, TODAY, delegate, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def unequal(opened: World) -> World:
    """Both deputy members have voted, each for another."""
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    return opened


def _decides(user: User) -> bool:
    found = contributions.inbox(User.objects.get(pk=user.pk), NOW)
    return "انتخاب یکی از سه نامزد" in {task.title for task in found}


def test_who_voted_does_not_decide_as_the_heads_delegate(unequal: World, client_for: Any) -> None:
    five, voter = unequal.five, unequal.five.deputy2
    delegate(five.deputy_manager, voter, Role.DEPUTY_MANAGER)
    with pytest.raises(NotPermitted, match="در این دور رأی داده است"):
        ROUND.apply(
            unequal.nomination, "decide", actor=voter, at=NOW, note="خودم", nominee=unequal.nominees[1]
        )
    url = reverse("committee:nomination_do", args=[unequal.nomination.pk, "decide"])
    sent = {"nominee": unequal.nominees[1].pk, "note": "خودم"}
    assert client_for(voter).post(url, sent).status_code == 403
    assert "در این دور رأی داده است" in text_of(client_for(voter).get(url)), "greyed, with the reason"
    unequal.nomination.refresh_from_db()
    assert unequal.nomination.state == RoundState.OPEN
    assert (_decides(voter), _decides(five.deputy_manager)) == (False, True)
    assert work.rebuild(at=NOW, mend=False).total == 0
    assert decide(unequal, 1).decided_by == five.deputy_manager


def test_somebody_else_decides_as_the_heads_delegate(unequal: World) -> None:
    delegate(unequal.five.deputy_manager, unequal.five.deputy_expert, Role.DEPUTY_MANAGER)
    decided = ROUND.apply(
        unequal.nomination,
        "decide",
        actor=unequal.five.deputy_expert,
        at=NOW,
        note="پراکندگی",
        nominee=unequal.nominees[0],
    )
    assert decided.decided_by == unequal.five.deputy_expert


def test_by_sql_neither_a_voter_nor_somebody_without_the_heads_role(unequal: World, raw_sql: Any) -> None:
    five = unequal.five
    gone = delegate(five.deputy_manager, make_user(Role.DEPUTY_EXPERT), Role.DEPUTY_MANAGER)
    Delegation.objects.filter(pk=gone.pk).update(ended_at=NOW)
    delegate(five.deputy_manager, five.deputy2, Role.DEPUTY_MANAGER)
    for head, name in (
        (five.deputy2, "c3_no_voter_decides"),
        (five.deputy1, "c3_no_voter_decides"),
        (five.deputy_expert, "c3_deputy_decides"),
        (gone.delegate, "c3_deputy_decides"),
    ):
        with pytest.raises(IntegrityError) as error:
            raw_sql(DECIDED, values(unequal, head=head.pk))
        assert constraints.constraint_name(error.value) == name
    raw_sql(DECIDED, values(unequal))


def test_a_decision_is_dated_the_day_on_which_it_was_taken(unequal: World, raw_sql: Any) -> None:
    for change in (
        DECIDED.replace("2026-11-24", "2020-01-01"),
        DECIDED.replace("'2026-11-24'", "'2020-01-01', state_since = '2020-01-01 12:00+03:30'"),
    ):
        with pytest.raises(IntegrityError) as error:
            raw_sql(change, values(unequal))
        assert constraints.constraint_name(error.value) in {"c3_decided_that_day", "c3_deputy_decides"}
    unequal.nomination.refresh_from_db()
    assert unequal.nomination.state == RoundState.OPEN
    assert TODAY.isoformat() == "2026-11-24"


# --- with the ballots and their reasons before the eyes (P9) --------------------------------------------------------


def _cast(world: World, voter: User, place: int, reason: str) -> None:
    world.nomination = ROUND.apply(
        world.nomination, "cast", actor=voter, at=NOW, nominee=world.nominees[place], reason=reason
    )


def test_the_head_decides_with_every_ballot_and_its_reason_before_the_eyes(
    opened: World, client_for: Any
) -> None:
    five, reasons = opened.five, ("سابقه در جنوب شهر", "شمار داوطلبان", "گزارش‌های منظم")
    url = reverse("committee:nomination_do", args=[opened.nomination.pk, "decide"])
    pages = (url, opened.nomination.get_absolute_url())
    _cast(opened, five.hq1, 2, reasons[0])
    _cast(opened, five.deputy1, 0, reasons[1])
    for page in pages:
        shown = text_of(client_for(five.deputy_manager).get(page))
        assert not any(reason in shown for reason in reasons), "sealed while the members may still agree"
    _cast(opened, five.deputy2, 1, reasons[2])
    for page in pages:
        shown = text_of(client_for(five.deputy_manager).get(page))
        assert all(reason in shown for reason in reasons)
        assert ADVISORY in shown
    for other in (five.hq_manager, five.deputy2, five.hq1, five.secretary, five.auditor):
        shown = text_of(client_for(other).get(pages[1]))
        assert not any(reason in shown for reason in reasons), other
    decide(opened, 1)
    shown = text_of(client_for(five.hq1).get(pages[1]))
    assert all(reason in shown for reason in reasons)


def test_a_member_gives_a_reason_by_the_page(opened: World, client_for: Any) -> None:
    url = reverse("committee:nomination_do", args=[opened.nomination.pk, "cast"])
    assert 'name="reason"' in client_for(opened.five.deputy1).get(url).content.decode()
    sent = {"nominee": opened.nominees[0].pk, "reason": "سابقه در جنوب شهر"}
    assert client_for(opened.five.deputy1).post(url, sent).status_code == 302
    assert opened.nomination.ballots.get().reason == "سابقه در جنوب شهر"


def test_who_has_read_the_ballots_does_not_void_the_round_instead(unequal: World) -> None:
    five = unequal.five
    with pytest.raises(Refusal, match="رأی‌ها پیش چشم اوست"):
        ROUND.apply(unequal.nomination, "void", actor=five.deputy_manager, at=NOW, note="نپسندیدم")
    voided = ROUND.apply(unequal.nomination, "void", actor=five.hq_manager, at=NOW, note="مدرک نادرست")
    assert voided.state == RoundState.VOID


def test_when_the_clock_ran_out_the_head_reads_them_without_the_beat(opened: World, client_for: Any) -> None:
    _cast(opened, opened.five.deputy1, 0, "سابقه در جنوب شهر")
    late = NOW + timedelta(days=30)
    with time_machine.travel(late, tick=False):
        url = reverse("committee:nomination_do", args=[opened.nomination.pk, "decide"])
        assert "سابقه در جنوب شهر" in text_of(client_for(opened.five.deputy_manager).get(url))
    with pytest.raises(Refusal, match="رأی‌ها پیش چشم اوست"):
        ROUND.apply(opened.nomination, "void", actor=opened.five.deputy_manager, at=late, note="نپسندیدم")
