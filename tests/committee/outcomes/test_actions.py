"""C8: action items have an owner and a due date; overdue ones are chased, never twice on one day."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from committee.enums import ActionState
from committee.models import ActionItem
from committee.workflow.minutes import MINUTES
from committee.workflow.resolutions import ACTION
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.models import AuditEntry, WorkItem
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow import sweeps
from tests.committee.outcomes.world import NOW, World
from tests.factories.people import make_user


def test_the_secretary_gives_work_to_anybody_with_a_role(world: World) -> None:
    resolution, people = world.resolution(), world.committee
    action = world.action(resolution, owner=make_user(Role.NGO_USER))
    assert (action.state, action.due_on) == (ActionState.OPEN, NOW.date() + timedelta(days=10))
    entry = AuditEntry.objects.get(event="action.added")
    assert (entry.root_type, entry.root_id) == ("committee.resolution", resolution.pk)
    for owner in (people.auditor, make_user(Role.ADMIN), make_user(None), make_user(is_active=False)):
        with pytest.raises(Refusal, match="نقشی دارد"):
            world.action(resolution, owner=owner)
    with pytest.raises(Refusal, match="مهلت گذشته"):
        world.action(resolution, days=-1)
    with pytest.raises(Refusal, match="«کار» را وارد کنید"):
        world.action(resolution, title=" ")
    assert ActionItem.objects.count() == 1


def test_only_the_secretary_adds_and_the_page_keeps_what_was_typed(world: World, client: Any) -> None:
    resolution, people = world.resolution(), world.committee
    url = reverse("committee:action_add", args=[resolution.pk])
    body = {
        "title": "تهیه فهرست فضاها",
        "owner": people.deputy_expert.pk,
        "due_on": format_jalali(NOW.date() + timedelta(days=400)),
    }
    for person in (people.hq1, people.hq_manager, people.hq_expert, people.auditor):
        client.force_login(person)
        assert client.post(url, body).status_code == 403
    client.force_login(people.secretary)
    assert client.get(url).status_code == 200  # the same form on a page of its own
    wrong = client.post(url, body | {"due_on": "۱۴۰۵/۱/۱"})
    assert wrong.status_code == 409  # every answer is well-formed, and the row refuses
    assert "تهیه فهرست فضاها" in wrong.content.decode()
    assert "مهلت گذشته است" in wrong.content.decode()
    empty = client.post(url, {})
    assert empty.status_code == 422
    assert client.post(url, body, follow=True).status_code == 200
    assert ActionItem.objects.get().owner == people.deputy_expert


def test_owner_or_secretary_finishes_with_a_note_nobody_else(world: World) -> None:
    resolution, people = world.resolution(), world.committee
    action = world.action(resolution)
    for person in (people.hq_expert, people.hq_manager, people.auditor, people.hq1):
        with pytest.raises(NotPermitted):
            ACTION.apply(action, "finish", actor=person, at=NOW, note="انجام شد")
    with pytest.raises(TransitionRefused, match="نتیجه کار"):
        ACTION.apply(action, "finish", actor=people.deputy_expert, at=NOW)
    done = ACTION.apply(action, "finish", actor=people.deputy_expert, at=NOW, note="فهرست فرستاده شد")
    assert (done.state, done.result) == (ActionState.DONE, "فهرست فرستاده شد")
    other = world.action(resolution, title="کار دوم")
    assert ACTION.apply(other, "finish", actor=people.secretary, at=NOW, note="شد").state == ActionState.DONE


def test_only_the_secretary_cancels_with_a_note(world: World) -> None:
    action, people = world.action(world.resolution()), world.committee
    with pytest.raises(NotPermitted):
        ACTION.apply(action, "cancel", actor=people.deputy_expert, at=NOW, note="لازم نیست")
    with pytest.raises(TransitionRefused, match="سبب منتفی‌شدن"):
        ACTION.apply(action, "cancel", actor=people.secretary, at=NOW)
    ACTION.apply(action, "cancel", actor=people.secretary, at=NOW, note="با کار دیگر یکی شد")
    with pytest.raises(TransitionRefused, match="منتفی"):
        ACTION.apply(action, "finish", actor=people.secretary, at=NOW, note="شد")


def test_the_owner_finishes_on_the_page(world: World, client: Any) -> None:
    resolution = world.resolution()
    owner = make_user(Role.UNIT_EXPERT)
    action = world.action(resolution, owner=owner)
    url = reverse("committee:action_do", args=[action.pk, "finish"])
    client.force_login(make_user(Role.UNIT_EXPERT))
    assert client.post(url, {"note": "شد"}).status_code == 404
    client.force_login(world.committee.hq_expert)
    assert client.post(url, {"note": "شد"}).status_code == 403
    client.force_login(owner)
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": ""}).status_code == 422
    assert (
        client.post(reverse("committee:action_do", args=[action.pk, "cancel"]), {"note": "نه"}).status_code
        == 403
    )
    assert client.post(url, {"note": "فهرست آماده شد"}).status_code == 302
    assert "فهرست آماده شد" in client.get(resolution.get_absolute_url()).content.decode()


def test_overdue_items_are_chased_every_third_day_and_once_a_day(world: World) -> None:
    resolution = world.resolution()
    late = world.action(resolution, days=2)
    world.action(resolution, days=30, title="هنوز وقت دارد")
    done = world.action(resolution, days=2, title="انجام‌شده")
    ACTION.apply(done, "finish", actor=world.committee.secretary, at=NOW, note="شد")

    def run(day: int, hour: int = 0) -> int:
        return sweeps.run(NOW + timedelta(days=day, hours=hour))

    assert [run(0), run(2)] == [0, 0]
    assert [run(3), run(3), run(3, 8), run(4), run(5)] == [1, 0, 0, 0, 0]
    assert [run(6), run(6), run(9)] == [1, 0, 1]
    entries = AuditEntry.objects.filter(event="action.chased")
    assert entries.count() == 3
    assert {(entry.subject_id, entry.actor) for entry in entries} == {(late.pk, None)}


def test_owner_and_secretary_hear_of_it(world: World) -> None:
    people = world.committee
    world.action(world.resolution(), days=1)
    sweeps.run(NOW + timedelta(days=2))
    drafts = {d.recipient_id: d for d in notices.expand(AuditEntry.objects.get(event="action.chased"))}
    assert set(drafts) == {people.deputy_expert.pk, people.secretary.pk}
    assert "نتیجه را ثبت کنید" in drafts[people.deputy_expert.pk].text
    assert drafts[people.deputy_expert.pk].email


def test_the_producers_are_among_those_that_run_daily() -> None:
    assert notices.DUE_NOTICES["workflow.sweeps"] is sweeps.run
    assert ACTION.rows["chase"].sweep is not None
    assert MINUTES.rows["start_signing"].sweep is not None
    assert MINUTES.rows["seal"].sweep is not None


# --- تمدید مهلت ---------------------------------------------------------------------------------------------


def test_the_secretary_prolongs_with_a_note_and_the_owner_is_told(world: World, client: Any) -> None:
    action, people = world.action(world.resolution(), days=5), world.committee
    url = reverse("committee:action_do", args=[action.pk, "extend"])
    client.force_login(people.secretary)
    earlier = client.post(url, {"due_on": format_jalali(NOW.date()), "note": "بیماری"})
    assert earlier.status_code == 422 or "پس از مهلت کنونی" in earlier.content.decode()
    assert "بیماری" in earlier.content.decode()
    assert client.post(url, {"due_on": "", "note": ""}).status_code == 422
    later = action.due_on + timedelta(days=400)
    told = client.post(url, {"due_on": format_jalali(later), "note": "بیماری همکار"}, follow=True)
    assert f"مهلت تا {format_jalali(later, 'medium')} تمدید شد." in told.content.decode()
    action.refresh_from_db()
    assert (action.due_on, action.state) == (later, ActionState.OPEN)
    (item,) = WorkItem.objects.filter(subject_type="committee.actionitem", closed_at=None)
    assert (item.person, item.due_on) == (people.deputy_expert, later)
    (draft,) = notices.expand(AuditEntry.objects.get(event="action.extend"))
    assert draft.recipient_id == people.deputy_expert.pk and "بیماری همکار" in draft.text and draft.email


def test_nobody_else_prolongs_and_nothing_is_prolonged_backwards(world: World, client: Any) -> None:
    action, people = world.action(world.resolution(), days=5), world.committee
    later = action.due_on + timedelta(days=5)
    with pytest.raises(NotPermitted):
        ACTION.apply(action, "extend", actor=people.deputy_expert, at=NOW, note="وقت", due_on=later)
    for due_on in (action.due_on, action.due_on - timedelta(days=1)):
        with pytest.raises(TransitionRefused, match="پس از مهلت کنونی"):
            ACTION.apply(action, "extend", actor=people.secretary, at=NOW, note="وقت", due_on=due_on)
    client.force_login(people.deputy_expert)
    url = reverse("committee:action_do", args=[action.pk, "extend"])
    assert client.get(url).status_code == 403
    assert client.post(url, {"due_on": format_jalali(later), "note": "وقت"}).status_code == 403
    action.refresh_from_db()
    assert action.due_on == NOW.date() + timedelta(days=5)
