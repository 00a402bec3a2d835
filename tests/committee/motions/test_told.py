"""Who hears of what, by which way (notices of motions)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from committee import rules
from committee.enums import PresenceKind
from committee.models import Motion
from committee.workflow.motions import MOTION
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.workflow.holds import place_hold
from tests.committee import acts
from tests.committee.motions.world import SEATS, World, votes
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def told(world: World, event: str) -> dict[str, notices.NoticeDraft]:
    """The newest entry's drafts by the name of the person."""
    names = {user.pk: name for name, user in world.everybody().items()}
    entry = AuditEntry.objects.filter(event=event).latest("pk")
    return {names.get(draft.recipient_id, "?"): draft for draft in notices.expand(entry)}


MEMBERS = {"hq1", "hq2", "deputy1", "deputy2", "ngo"}


def test_tabling_and_opening(world: World):
    motion = world.circulated()
    assert set(told(world, "motion.tabled")) == MEMBERS | {"hq_expert"}
    opened = told(world, "motion.vote_opened")
    assert set(opened) == MEMBERS
    draft = opened["ngo"]
    assert (draft.email, draft.sms, draft.url) == (True, True, motion.get_absolute_url())


def test_a_ballot_by_circulation_is_told_to_the_secretary_one_in_a_meeting_to_nobody(world: World):
    world.vote(world.circulated(), hq1="for")
    assert set(told(world, "motion.cast")) == {"secretary"}
    world.vote(world.opened(), hq1="for")
    assert told(world, "motion.cast") == {}


@pytest.mark.parametrize(("signs", "event"), [("fffaa", "motion.carried"), ("aaaaa", "motion.lost")])
def test_the_outcome(world: World, signs, event):
    motion = world.opened()
    world.vote(motion, **votes(signs))
    world.close(motion)
    assert set(told(world, event)) == MEMBERS | {"hq_expert"}


def test_withdrawing_a_draft_concerns_nobody_a_tabled_one_all(world: World):
    expert = world.committee.hq_expert
    MOTION.apply(world.draft(), "withdraw", actor=expert, at=NOW, note="کامل نیست")
    assert told(world, "motion.withdrawn") == {}
    MOTION.apply(world.tabled(), "withdraw", actor=expert, at=NOW, note="کامل نیست")
    assert set(told(world, "motion.withdrawn")) == MEMBERS | {"secretary"}


def test_recusals(world: World):
    motion = world.opened(concerns_ngo=world.committee.ngo)
    assert set(told(world, "motion.recused")) == {"ngo"}
    world.recuse(motion, "hq1")
    assert set(told(world, "motion.recused_self")) == {"secretary"}


def test_asking_for_a_meeting(world: World):
    motion = world.circulated()
    MOTION.apply(motion, "ask_meeting", actor=world.people["hq1"], at=NOW, note="گفت‌وگو لازم است")
    heard = told(world, "motion.meeting_asked")
    assert set(heard) == (MEMBERS - {"hq1"}) | {"secretary", "hq_expert"}
    assert "گفت‌وگو لازم است" in heard["ngo"].text


def test_the_nightly_command_closes_what_is_due(world: World):
    motion = world.circulated(days=1, at=NOW - timedelta(days=30))
    call_command("send_due_notices", stdout=StringIO())
    assert Motion.objects.get(pk=motion.pk).state == "lapsed"
    entry = AuditEntry.objects.get(event="motion.lapsed")
    assert (entry.actor, entry.role) == (None, "system")
    call_command("send_due_notices", stdout=StringIO())
    assert AuditEntry.objects.filter(event="motion.lapsed").count() == 1


# --- the secretary's inbox -----------------------------------------------------------------------------------


def closing(world: World) -> list[str]:
    """What the secretary's inbox says about votes that can be closed."""
    secretary = User.objects.get(pk=world.secretary.pk)
    tasks = contributions.inbox(secretary, NOW)
    return [task.detail for task in tasks if task.title.startswith("پایان رأی‌گیری")]


def _moves(world: World, code: str, kind: str) -> None:
    seating = world.committee.seatings[code]
    acts.record_presence(world.meeting, seating, kind=kind, actor=world.secretary, at=NOW)


def test_a_vote_in_a_meeting_waits_for_those_in_the_room_only(world: World):
    motion = world.opened("hq1", "deputy1", "ngo")
    assert closing(world) == []
    world.vote(motion, hq1="for", deputy1="for")
    assert closing(world) == []
    world.recuse(motion, "ngo")
    assert closing(world) == ["همه حاضران رأی داده‌اند"]
    _moves(world, "hq2", PresenceKind.ARRIVED)
    assert closing(world) == []
    _moves(world, "hq2", PresenceKind.LEFT)
    assert closing(world) == ["همه حاضران رأی داده‌اند"]


def test_a_circulated_vote_waits_for_every_seat_that_may_vote(world: World):
    motion = world.circulated()
    world.vote(motion, hq1="for", hq2="for", deputy1="for", deputy2="for")
    assert closing(world) == []
    place_hold(world.committee.seatings["ngo"], reason="تعلیق سمن", actor=None, at=NOW)
    assert closing(world) == ["همه رأی داده‌اند"]


def test_a_draft_that_was_withdrawn_is_read_by_nobody_who_did_not_read_it_before(world: World) -> None:
    draft = world.draft()
    MOTION.apply(draft, "withdraw", actor=draft.proposed_by, at=NOW, note="نادرست بود")
    draft.refresh_from_db()
    others = [world.people[code] for code in SEATS if world.people[code].pk != draft.proposed_by_id]
    for reader in others:
        assert not rules.can_view_motion(reader, draft, TODAY)
        assert not Motion.objects.filter(rules.motions_visible_to(reader, TODAY), pk=draft.pk).exists()
    assert rules.can_view_motion(draft.proposed_by, draft, TODAY)
    assert rules.can_view_motion(world.secretary, draft, TODAY)
