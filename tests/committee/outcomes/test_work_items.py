"""Work items: opened, changed and closed by the steps; rebuilt from the records without a difference."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from committee.models import ActionItem
from committee.workflow.resolutions import ACTION, RESOLUTION
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, WorkItem
from staff_portal.kernel.workflow import refused, work
from staff_portal.kernel.workflow.holds import lift_hold, place_hold
from tests.committee.outcomes.world import NOW, TODAY, World
from tests.factories.people import delegate, make_user

LATER = NOW + timedelta(days=2)


def waiting(user: Any) -> list[str]:
    return list(work.open_items(user, TODAY).order_by("id").values_list("title", flat=True))


def test_both_signatures_wait_and_each_closes_its_own(world: World) -> None:
    made, people = world.resolution(), world.committee
    wanted = [f"امضای ابلاغ «{made.title}»"]
    assert waiting(people.hq_manager) == waiting(people.deputy_manager) == wanted
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=LATER)
    assert (waiting(people.hq_manager), waiting(people.deputy_manager)) == ([], wanted)
    (left,) = WorkItem.objects.filter(subject_type="committee.resolution", closed_at=None)
    assert "طرف دیگر امضا کرده است" in left.detail
    ended = WorkItem.objects.get(subject_type="committee.resolution", row="sign", closed_at__isnull=False)
    assert (ended.key, ended.closed_at, ended.closed_by) == ("hq", LATER, people.hq_manager)
    RESOLUTION.apply(made, "sign", actor=people.deputy_manager, at=LATER)
    assert not work.of_file(made).exclude(row="receive").exists()


def test_one_person_is_never_asked_for_both_sides(world: World) -> None:
    """A delegate of the deputy's head who has signed for HQ is not asked again."""
    made, people = world.resolution(), world.committee
    delegate(people.deputy_manager, people.hq_manager, Role.DEPUTY_MANAGER)
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    assert waiting(people.hq_manager) == []
    assert waiting(people.deputy_manager) != []


def test_a_delegate_of_single_powers_is_reached_by_that_power_only(world: World) -> None:
    world.resolution()
    signs, other = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    delegate(world.committee.hq_manager, signs, Role.HQ_MANAGER, powers=["resolution.sign"])
    delegate(world.committee.hq_manager, other, Role.HQ_MANAGER, powers=["committee.appoint"])
    assert len(waiting(signs)) == 1
    assert waiting(other) == []


def test_an_item_says_from_whom_since_when_and_until_when(world: World) -> None:
    action = world.action(world.resolution(), days=9)
    (item,) = work.of_file(action.resolution).filter(row="finish")
    assert (item.person, item.sent_by) == (world.committee.deputy_expert, world.committee.secretary)
    assert (item.since, item.due_on) == (NOW, TODAY + timedelta(days=9))
    sent = work.sent_items(world.committee.secretary, TODAY)
    assert {row.row for row in sent} == {"finish", "sign"}  # the closed vote sent the signatures on their way
    assert not work.sent_items(world.committee.hq1, TODAY).exists()


def test_a_refused_step_moves_no_item(world: World) -> None:
    action = world.action(world.resolution())
    before = list(WorkItem.objects.order_by("pk").values())
    with pytest.raises(Refusal):
        ACTION.apply(action, "finish", actor=world.committee.hq_expert, at=NOW, note="شد")
    assert list(WorkItem.objects.order_by("pk").values()) == before


def test_what_is_stopped_waits_for_nobody_until_it_goes_on(world: World) -> None:
    action, people = world.action(world.resolution()), world.committee
    hold = place_hold(action, reason="در انتظار پاسخ", actor=people.secretary, at=NOW)
    assert waiting(people.deputy_expert) == []
    with pytest.raises(TransitionRefused, match="متوقف است"):
        ACTION.apply(action, "finish", actor=people.deputy_expert, at=NOW, note="شد")
    assert work.rebuild(at=NOW, mend=False).total == 0
    lift_hold(hold, subject=action, actor=people.secretary, at=LATER)
    assert waiting(people.deputy_expert) == [action.title]
    place_hold(action, reason="دوباره", actor=people.secretary, at=LATER)
    ACTION.apply(action, "cancel", actor=people.secretary, at=LATER, note="دیگر لازم نیست")


def test_the_rebuilt_items_are_those_that_the_steps_left(world: World) -> None:
    made = world.resolution()
    RESOLUTION.apply(made, "sign", actor=world.committee.hq_manager, at=NOW)
    world.action(made, title="یک")
    done = world.action(made, title="دو")
    ACTION.apply(done, "finish", actor=done.owner, at=LATER, note="شد")
    assert work.rebuild(at=LATER, mend=False).total == 0
    call_command("rebuild_work", "--check")


@pytest.mark.parametrize("damage", ["closed", "another day", "one too many", "gone elsewhere"])
def test_what_came_past_the_rows_is_named_and_mended(world: World, damage: str) -> None:
    action = world.action(world.resolution())
    mine = WorkItem.objects.filter(subject_type="committee.actionitem")
    if damage == "closed":
        mine.update(closed_at=NOW)
    elif damage == "another day":
        mine.update(due_on=TODAY)
    elif damage == "one too many":
        extra = mine.get()
        extra.pk, extra.person = None, world.committee.hq1
        extra.save()
    else:
        mine.update(person=world.committee.hq1)
    with pytest.raises(CommandError, match=f"committee.actionitem:{action.pk}"):
        call_command("rebuild_work", "--check")
    assert work.rebuild(at=NOW).records == [f"committee.actionitem:{action.pk}"]
    assert work.rebuild(at=NOW, mend=False).total == 0
    (item,) = mine.filter(closed_at=None)
    assert (item.person, item.due_on) == (action.owner, action.due_on)
    assert (item.since, item.sent_by) == (NOW, world.committee.secretary)


# --- refusals ------------------------------------------------------------------------------------------------


def test_a_refusal_survives_the_transaction_around_it(world: World) -> None:
    action, stranger = world.action(world.resolution()), world.committee.hq_expert
    kept = AuditEntry.objects.filter(event="kernel.refused", actor=stranger)
    with refused.survive(), pytest.raises(NotPermitted), transaction.atomic():
        ACTION.apply(action, "finish", actor=stranger, at=NOW, note="شد")
    assert kept.count() == 1
    with refused.survive(), pytest.raises(NotPermitted):
        ACTION.apply(action, "finish", actor=stranger, at=NOW, note="شد")
    assert kept.count() == 2


def test_a_nested_refusal_is_kept_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second signature takes the row that announces; what refuses there is recorded there."""
    made, people = world.resolution(), world.committee
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    place_hold(made, reason="بازبینی متن", actor=people.secretary, at=NOW)
    with pytest.raises(TransitionRefused, match="بازبینی متن"):
        RESOLUTION.apply(made, "sign", actor=people.deputy_manager, at=NOW)
    assert AuditEntry.objects.filter(event="kernel.refused").count() == 1


# --- many at once --------------------------------------------------------------------------------------------


def test_many_rows_are_taken_together_or_not_at_all(world: World) -> None:
    made, people = world.resolution(), world.committee
    rows = [world.action(made, title=f"کار {number}", days=30) for number in range(4)]
    ACTION.apply(rows[3], "cancel", actor=people.secretary, at=NOW, note="نه")
    later = [{"due_on": TODAY + timedelta(days=60)} for _ in rows]
    with pytest.raises(TransitionRefused, match="منتفی"):
        ACTION.apply_many(rows, "extend", actor=people.secretary, at=NOW, note="همه", asked=later)
    assert set(ActionItem.objects.values_list("due_on", flat=True)) == {TODAY + timedelta(days=30)}
    done = ACTION.apply_many(rows[:3], "extend", actor=people.secretary, at=NOW, note="همه", asked=later[:3])
    assert {row.due_on for row in done} == {TODAY + timedelta(days=60)}
    assert AuditEntry.objects.filter(event="action.extend").count() == 3
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_one_that_is_gone_refuses_all_in_a_sentence(world: World) -> None:
    made, people = world.resolution(), world.committee
    rows = [world.action(made, title=f"کار {number}", days=30) for number in range(2)]
    gone = ActionItem(pk=987_654_321, resolution=made, title="کار گم‌شده")
    later = [{"due_on": TODAY + timedelta(days=60)}] * 3
    with pytest.raises(TransitionRefused, match="دیگر در سامانه نیست"):
        ACTION.apply_many([*rows, gone], "extend", actor=people.secretary, at=NOW, note="همه", asked=later)
    assert set(ActionItem.objects.values_list("due_on", flat=True)) == {TODAY + timedelta(days=30)}
    assert not AuditEntry.objects.filter(event="action.extend").exists()
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_what_stops_one_of_many_is_said_of_all(world: World) -> None:
    made, people = world.resolution(), world.committee
    rows = [world.action(made, title=f"کار {number}", days=30) for number in range(3)]
    place_hold(rows[1], reason="رسیدگی", actor=people.secretary, at=NOW)
    later = [{"due_on": TODAY + timedelta(days=60)}] * 3
    with pytest.raises(TransitionRefused, match="رسیدگی"):
        ACTION.apply_many(rows, "extend", actor=people.secretary, at=NOW, note="همه", asked=later)
    assert set(ActionItem.objects.values_list("due_on", flat=True)) == {TODAY + timedelta(days=30)}


# --- what the database refuses of items ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    ["role = 'secretary'", "person_id = NULL", "scope_id = 6", "address_kind = 'seat', address_key = 'hq1'"],
)
def test_an_item_has_one_address_and_a_whole_scope(world: World, raw_sql: Any, changes: str) -> None:
    from django.db import IntegrityError

    world.action(world.resolution())
    with pytest.raises(IntegrityError) as error:
        raw_sql(f"UPDATE kernel_workitem SET {changes} WHERE person_id IS NOT NULL")
    assert constraints.constraint_name(error.value) in {"work_item_address", "work_item_scope"}
