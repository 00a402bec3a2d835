"""Who hears of a round, and what waits in whose inbox (M7, C3)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from committee.frame.nominations import TASK, found
from committee.operations import nominations, round_calls, seats
from committee.workflow.nominations import ROUND
from ngos.models import NgoAccount
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery.notices import expand
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, User, WorkItem
from staff_portal.kernel.workflow import sweeps, work
from tests.committee.nominations.world import (
    World,
    cast,
    decide,
    put_forward,
    record_consent,
    representative,
    seal,
    withdraw_nominee,
)
from tests.factories.people import NOW, TODAY, delegate, make_user

pytestmark = pytest.mark.django_db


def told(event: str) -> dict[int, str]:
    """Who hears of the newest entry of the event: id and sentence."""
    entry = AuditEntry.objects.filter(event=event).latest("id")
    return {draft.recipient_id: draft.text for draft in expand(entry)}


def url_for(event: str, user: User) -> str:
    entry = AuditEntry.objects.filter(event=event).latest("id")
    return next(draft.url for draft in expand(entry) if draft.recipient_id == user.pk)


def waiting(user: User, at=NOW) -> list[contributions.Task]:
    return [task for task in contributions.inbox(user, at) if task.kind == TASK]


def tasks(user: User, at=NOW) -> list[str]:
    user = User.objects.get(pk=user.pk)
    return [task.title for task in waiting(user, at)]


# --- notices -------------------------------------------------------------------------------------------------


def test_the_ngo_is_asked_and_the_expert_hears_of_the_consent(vacant: World):
    world = put_forward(vacant, 1, consents=())
    asked = told("nomination.nominee_added")
    assert set(asked) == {world.people[0].pk}
    assert "نماینده خود را ثبت کنید" in asked[world.people[0].pk]
    nominee = world.nominees[0]
    assert url_for("nomination.nominee_added", world.people[0]) == reverse(
        "committee:nominee_detail", args=[nominee.pk]
    )
    record_consent(nominee, actor=world.people[0], at=NOW, representative=world.people[0])
    assert {world.five.hq_expert.pk, world.five.hq_expert2.pk} <= set(told("nomination.consented"))


def test_the_four_and_the_deputys_head_hear_of_the_sealing(opened: World):
    five = opened.five
    heard = told("nomination.sealed")
    assert {five.hq1.pk, five.hq2.pk, five.deputy1.pk, five.deputy2.pk, five.deputy_manager.pk} <= set(heard)
    assert {user.pk for user in opened.people} <= set(heard)
    assert five.ngo_member.pk not in heard
    assert url_for("nomination.sealed", five.deputy1) == reverse(
        "committee:nomination_do", args=[opened.nomination.pk, "cast"]
    )


def test_of_a_ballot_it_is_told_that_it_was_cast_and_not_for_whom(opened: World):
    cast(opened, opened.five.deputy1, 0)
    heard = told("nomination.cast")
    assert opened.five.secretary.pk in heard
    assert not any(ngo.name in text for text in heard.values() for ngo in opened.ngos)


def test_the_head_hears_when_the_decision_is_his(opened: World):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    heard = told("nomination.undecided")
    assert set(heard) == {opened.five.deputy_manager.pk}
    assert "با شماست" in heard[opened.five.deputy_manager.pk]


def test_the_daily_look_tells_once(opened: World):
    late = NOW + timedelta(days=40)
    assert [sweeps.run(late) for _ in range(3)] == [1, 0, 0]
    assert set(told("nomination.undecided")) == {opened.five.deputy_manager.pk}


def test_everybody_hears_of_the_decision_and_the_chosen_in_its_own_words(opened: World):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    decide(opened, 0)
    heard = told("nomination.decided")
    assert "سمن شما" in heard[opened.people[0].pk]
    assert opened.ngos[0].name in heard[opened.people[1].pk]
    assert {user.pk for user in (opened.five.hq1, opened.five.secretary, opened.five.hq_manager)} <= set(
        heard
    )


def test_of_a_void_round_the_reason_is_told(opened: World):
    MEMBERSHIP.apply(opened.ngos[1], "suspend", actor=opened.five.hq_manager, at=NOW, note="تخلف")
    heard = told("nomination.void")
    assert {opened.five.hq_expert.pk, opened.five.deputy1.pk, opened.people[0].pk} <= set(heard)
    assert all(opened.ngos[1].name in text for text in heard.values())


def test_hq_hears_of_a_withdrawal(prepared: World):
    withdraw_nominee(prepared.nominees[0], actor=prepared.people[0], at=NOW, note="فرصت نداریم")
    assert "فرصت نداریم" in told("nomination.withdrew")[prepared.five.hq_manager.pk]


# --- the inbox -----------------------------------------------------------------------------------------------


def test_the_expert_is_called_while_the_seat_is_vacant_and_no_round_runs(vacant: World):
    assert tasks(vacant.five.hq_expert) == ["آغاز معرفی نامزد"]
    put_forward(vacant, 1, consents=())
    assert tasks(vacant.five.hq_expert) == []
    assert tasks(vacant.people[0]) == ["پذیرش نامزدی"]
    assert tasks(vacant.five.hq_manager) == []


def test_the_manager_is_called_when_three_are_ready(prepared: World):
    assert tasks(prepared.five.hq_manager) == ["نهایی‌کردن سه نامزد"]
    assert tasks(prepared.people[0]) == []
    seal(prepared)
    assert tasks(prepared.five.hq_manager) == []


def test_each_of_the_four_is_called_until_the_ballot(opened: World):
    five = opened.five
    for user in (five.hq1, five.hq2, five.deputy1, five.deputy2):
        assert tasks(user) == ["رأی به یکی از سه نامزد"]
    cast(opened, five.deputy1, 0)
    assert tasks(five.deputy1) == []
    assert tasks(make_user(Role.DEPUTY_MEMBER)) == []
    late = NOW + timedelta(days=40)
    assert tasks(five.hq1, late) == []


def test_the_head_is_called_when_it_is_his_and_so_is_his_delegate(opened: World):
    head, other = opened.five.deputy_manager, make_user(Role.DEPUTY_EXPERT)
    delegate(head, other, Role.DEPUTY_MANAGER)
    assert tasks(head) == []
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    assert tasks(head) == tasks(other) == ["انتخاب یکی از سه نامزد"]


def test_a_ballot_waits_for_whoever_sits(opened: World):
    """The item is the seat's: who leaves is not asked any more, who follows is; a vacant seat asks nobody."""
    five, fresh = opened.five, make_user(Role.DEPUTY_MEMBER)
    seats.appoint(
        five.seats["deputy1"],
        actor=five.deputy_manager,
        at=NOW,
        person=fresh,
        starts_on=TODAY + timedelta(days=1),
        reference="۲",
    )
    tomorrow = NOW + timedelta(days=1)
    assert (len(tasks(five.deputy1)), tasks(fresh)) == (1, [])
    assert (tasks(five.deputy1, tomorrow), len(tasks(fresh, tomorrow))) == ([], 1)
    cast(opened, fresh, 0, at=tomorrow)
    assert tasks(fresh, tomorrow) == []
    assert work.rebuild(at=tomorrow, mend=False).total == 0


def test_who_has_voted_is_not_asked_again_in_another_seat(opened: World):
    five, tomorrow = opened.five, NOW + timedelta(days=1)
    cast(opened, five.hq1, 0)
    for code in ("hq1", "hq2"):
        seats.recall(five.seatings[code], actor=five.hq_manager, at=NOW, last_day=TODAY, note="جابه‌جایی")
    seats.appoint(
        five.seats["hq2"],
        actor=five.hq_manager,
        at=NOW,
        person=five.hq1,
        starts_on=TODAY + timedelta(days=1),
        reference="۳",
    )
    assert tasks(five.hq1, tomorrow) == []
    with pytest.raises(NotPermitted, match="هر نماینده یک رأی دارد"):
        cast(opened, five.hq1, 0, at=tomorrow)


def test_when_the_clock_runs_out_it_is_the_heads_on_that_day(opened: World):
    """By the day alone, before the beat has told the head so; the four are asked no more."""
    deadline = nominations.deadline_of(opened.nomination)
    last = NOW + (deadline - TODAY)
    head, late = opened.five.deputy_manager, last + timedelta(days=1)
    assert (tasks(head, last), tasks(opened.five.hq1, last)) == ([], ["رأی به یکی از سه نامزد"])
    assert (tasks(head, late), tasks(opened.five.hq1, late)) == (["انتخاب یکی از سه نامزد"], [])
    assert [task.detail for task in waiting(head, late)] == [nominations.LATE]
    sweeps.run(late)
    assert [task.detail for task in waiting(head, late)] == [nominations.LATE]
    assert work.rebuild(at=late, mend=False).total == 0


def test_a_seat_filled_again_takes_the_decision_back_from_the_head(opened: World):
    """Both deputy seats empty: the head's. One of them filled, in time: the member's again."""
    five, tomorrow, day_after = opened.five, NOW + timedelta(days=1), NOW + timedelta(days=2)
    for code in ("deputy1", "deputy2"):
        seats.recall(
            five.seatings[code],
            actor=five.deputy_manager,
            at=NOW,
            last_day=TODAY,
            note="پایان مأموریت",
        )
    assert tasks(five.deputy_manager, tomorrow) == []
    assert [sweeps.run(tomorrow) for _ in range(2)] == [1, 0]
    assert [task.detail for task in waiting(five.deputy_manager, tomorrow)] == [nominations.NOBODY_LEFT]
    fresh = make_user(Role.DEPUTY_MEMBER)
    seats.appoint(
        five.seats["deputy1"],
        actor=five.deputy_manager,
        at=tomorrow,
        person=fresh,
        starts_on=TODAY + timedelta(days=2),
        reference="۴",
    )
    assert [sweeps.run(day_after) for _ in range(2)] == [1, 0]
    assert (tasks(five.deputy_manager, day_after), len(tasks(fresh, day_after))) == ([], 1)
    assert set(told("nomination.handed_back")) == {five.deputy_manager.pk}
    with pytest.raises(Refusal, match="نخست نمایندگان معاونت رأی می‌دهند"):
        decide(opened, 0, at=day_after)
    assert work.rebuild(at=day_after, mend=False).total == 0


def test_a_void_round_asks_nobody(vacant: World):
    world = put_forward(vacant, 3, consents=(0, 1))
    assert tasks(world.people[2]) == ["پذیرش نامزدی"]
    ROUND.apply(world.nomination, "void", actor=world.five.hq_manager, at=NOW, note="سبب")
    assert tasks(world.people[2]) == []
    left = WorkItem.objects.filter(kind=TASK, closed_at=None)
    assert not left.exclude(subject_type="committee.term").exists(), (
        "the seat calls for a new round, nothing else"
    )


def test_another_who_acts_for_the_ngo_is_asked_too(vacant: World):
    """The item is the NGO's: it follows whoever represents it."""
    world = put_forward(vacant, 1, consents=())
    other = representative(world.ngos[0])
    assert tasks(other) == tasks(world.people[0]) == ["پذیرش نامزدی"]
    NgoAccount.objects.filter(user=other).update(period=period(TODAY - timedelta(9), TODAY - timedelta(1)))
    assert tasks(other) == []


@pytest.mark.parametrize(
    "role", [Role.UNIT_EXPERT, Role.HQ_ASSESSOR, Role.ADMIN, Role.AUDITOR, Role.SECRETARY]
)
def test_who_has_nothing_to_do_with_it_is_asked_nothing(opened: World, role):
    assert tasks(make_user(role)) == []


def test_the_tasks_stand_on_the_home_page_with_the_clock(opened: World, client_for):
    page = client_for(opened.five.deputy1).get(reverse("home")).content.decode()
    assert "رأی به یکی از سه نامزد" in page
    assert reverse("committee:nomination_do", args=[opened.nomination.pk, "cast"]) in page
    task = next(iter(waiting(opened.five.deputy1, NOW)))
    assert (task.kind, task.due_on) == (TASK, nominations.deadline_of(opened.nomination))


def test_a_round_is_found_by_the_name_of_a_nominee(opened: World):
    hits = list(found(opened.five.auditor, NOW, opened.ngos[0].name, 8))
    assert opened.nomination.get_absolute_url() in {hit.url for hit in hits}
    assert list(found(opened.people[0], NOW, opened.ngos[0].name, 8)) == []


def test_a_void_round_calls_the_expert_again(opened: World):
    ROUND.apply(opened.nomination, "void", actor=opened.five.hq_manager, at=NOW, note="سبب")
    assert tasks(opened.five.hq_expert) == ["آغاز معرفی نامزد"]
    called = WorkItem.objects.filter(subject_type="committee.term", kind=TASK, closed_at=None)
    assert {item.sent_by for item in called} == {None}, "whoever voids a round has not sent this work"
    with time_machine.travel(NOW, tick=False):
        assert round_calls.calls(TODAY)[0].running is None
