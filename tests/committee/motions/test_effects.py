"""What follows a vote: resolution, the subject within a savepoint, a failure that loses nothing, the retry (C8, F1)."""

import pytest
from django.db import IntegrityError

from committee import motion_subjects
from committee.models import Meeting, Motion, Resolution
from committee.operations import motions
from committee.workflow.motions import MOTION
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import AuditEntry, Case
from tests.committee.motions.world import World, votes
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


class Follower:
    """Records what was called; fails as long as ``problem`` is set, after having written something."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.problem: Exception | None = None

    def hook(self, name):
        def follow(record, motion, step):
            self.calls.append(f"{name}:{motion.state}:{Resolution.objects.filter(motion=motion).count()}")
            Meeting.objects.filter(pk=record.pk).update(sequence=motion.number)
            if self.problem is not None:
                raise self.problem

        return follow


@pytest.fixture
def follower(world: World, monkeypatch):
    made = Follower()
    monkeypatch.setattr(motion_subjects, "SUBJECTS", {})
    monkeypatch.setattr(motions, "SUBJECTS", motion_subjects.SUBJECTS)
    motion_subjects.register(
        motion_subjects.MotionSubject(
            model=Meeting,
            label="جلسه",
            content_hash=lambda record: str(record.pk),
            carried=made.hook("carried"),
            failed=made.hook("failed"),
        )
    )
    return made


def closed(world: World, signs: str) -> Motion:
    motion = world.opened(subject=world.meeting)
    world.vote(motion, **votes(signs))
    return world.close(motion)


def test_a_carried_motion_makes_the_resolution_first_and_then_tells_its_subject(world: World, follower):
    motion = closed(world, "fffaa")
    assert follower.calls == ["carried:carried:1"]
    assert (motion.state, motion.effect_state) == ("carried", "done")
    assert Resolution.objects.get().text_hash == motion.text_hash
    assert Meeting.objects.get().sequence == 1


@pytest.mark.parametrize("signs", ["ffaaa", "-----"])
def test_a_lost_motion_tells_its_subject(world: World, follower, signs):
    motion = closed(world, signs)
    assert follower.calls == ["failed:lost:0"]
    assert (motion.effect_state, Resolution.objects.count()) == ("done", 0)


def test_a_motion_about_nothing_has_no_effect(world: World, follower):
    motion = world.opened()
    world.vote(motion, **votes("fffaa"))
    assert world.close(motion).effect_state == "none"
    assert follower.calls == []


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Refusal("دستورالعمل دیگری در جریان است."), "دستورالعمل دیگری"),
        (IntegrityError("x"), "سازگار نیست"),
        (KeyError("bug"), "پیش‌بینی‌نشده"),
    ],
)
def test_a_failure_does_not_lose_the_vote(world: World, follower, problem, sentence):
    follower.problem = problem
    motion = closed(world, "fffaa")
    motion.refresh_from_db()
    assert (motion.state, motion.votes_for, motion.effect_state) == ("carried", 3, "failed")
    assert sentence in motion.effect_note
    assert Resolution.objects.count() == 1
    assert Meeting.objects.get().sequence == 0  # what it had written was taken back
    case = Case.objects.get()
    assert (case.role, case.url) == ("secretary", motion.get_absolute_url())
    assert sentence in case.detail
    assert AuditEntry.objects.filter(event="motion.effect_failed", note=motion.effect_note).exists()


def test_what_is_deferred_fails_inside_the_savepoint(world: World, follower, monkeypatch):
    from django.db import connection

    def broken():
        raise IntegrityError("deferred")

    monkeypatch.setattr(connection, "check_constraints", broken)
    assert closed(world, "fffaa").effect_state == "failed"


def test_the_retry_settles_the_case(world: World, follower):
    follower.problem = Refusal("دستورالعمل دیگری در جریان است.")
    motion = closed(world, "fffaa")
    with pytest.raises(NotPermitted):
        MOTION.apply(motion, "retry_effect", actor=world.committee.hq_manager, at=NOW)
    with pytest.raises(Refusal, match="دستورالعمل دیگری"):
        MOTION.apply(motion, "retry_effect", actor=world.secretary, at=NOW)
    motion.refresh_from_db()
    assert motion.effect_state == "failed"
    assert Case.objects.get().settled_at is None
    follower.problem = None
    MOTION.apply(motion, "retry_effect", actor=world.secretary, at=NOW)
    motion.refresh_from_db()
    assert (motion.effect_state, motion.effect_note) == ("done", "")
    assert Case.objects.get().settled_by == world.secretary
    with pytest.raises(Refusal, match="نیست"):
        MOTION.apply(motion, "retry_effect", actor=world.secretary, at=NOW)


def test_a_resolution_that_cannot_be_made_keeps_the_vote_open(world: World, monkeypatch):
    def broken(motion, *, step):
        raise Refusal("شماره داده نشد.")

    monkeypatch.setattr("committee.operations.resolutions.adopt", broken)
    motion = world.opened()
    world.vote(motion, **votes("fffaa"))
    with pytest.raises(Refusal, match="شماره"):
        world.close(motion)
    motion.refresh_from_db()
    assert (motion.state, motion.ballots.count()) == ("open", 5)
