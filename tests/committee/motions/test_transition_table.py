"""State x row x role, from the table of motions: what may happen happens, the rest is refused and kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from committee import motion_subjects
from committee.enums import EffectState, MotionState
from committee.models import Meeting, Motion
from committee.operations import motions
from committee.workflow.motions import MOTION
from committee.workflow.votes import RECUSAL
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import work
from tests.committee.motions.world import SEATS, World, votes
from tests.factories.people import NOW, make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

pytestmark = pytest.mark.django_db

MEMBERS = {Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER}
SECRETARY = {Role.SECRETARY}
WRITERS = {
    *MEMBERS,
    *SECRETARY,
    *(Role.HQ_MANAGER, Role.DEPUTY_MANAGER, Role.HQ_EXPERT, Role.DEPUTY_EXPERT),
}
#: the proposer of this one is HQ's expert
PROPOSER = {Role.HQ_EXPERT}
CLOSED = {"carried", "lost", "lapsed"}
# who may, from the design's page on workflows
ROWS = {
    "draft": line(WRITERS, [], {"draft"}),
    "edit": line([], {"draft"}, {"draft"}, also=PROPOSER),
    "take_off": line([], {"draft"}, {"draft"}, also=PROPOSER),
    "copy": line(WRITERS, [], {"draft"}),
    "again": line(MEMBERS, [], {"draft"}, by_hand=False),
    "amended": line(SECRETARY, [], {"draft"}, by_hand=False),
    "table": line(SECRETARY, {"draft"}, {"tabled"}),
    "carry_over": line([], {"draft"}, {"tabled"}, system=True, by_hand=False),
    "agree_item": line([], {"tabled"}, {"tabled"}, also=MEMBERS),
    "open_vote": line(SECRETARY, {"tabled"}, {"open"}),
    "circulate": line(SECRETARY, {"tabled"}, {"open"}),
    "cast": line(MEMBERS, {"open"}, {"open"}),
    "recuse": line(MEMBERS, {"open"}, {"open"}),
    "close_vote": line(SECRETARY, {"open"}, CLOSED, system=True),
    "carried": line(SECRETARY, {"carried"}, {"carried"}, system=True, by_hand=False),
    "lost": line(SECRETARY, {"lost"}, {"lost"}, system=True, by_hand=False),
    "lapsed": line(SECRETARY, {"lapsed"}, {"lapsed"}, system=True, by_hand=False),
    "ask_meeting": line(MEMBERS, {"open"}, {"lapsed"}),
    "amend": line(SECRETARY, {"tabled"}, {"withdrawn"}),
    "withdraw": line([], {"draft", "tabled"}, {"withdrawn"}, also=PROPOSER),
    "fail_effect": line(SECRETARY, CLOSED, CLOSED, system=True, by_hand=False),
    "do_effect": line(SECRETARY, CLOSED, CLOSED, system=True, by_hand=False),
    "retry_effect": line(SECRETARY, CLOSED, CLOSED),
}
WRITTEN = {"kind": "policy", "title": "عنوان تازه", "text": "متن دیگر"}


def answers() -> dict[str, dict[str, Any]]:
    return {
        "edit": dict(WRITTEN),
        "cast": {"choice": "for"},
        "recuse": {"note": "در این پرونده ذی‌نفعم."},
        "ask_meeting": {"note": "گفت‌وگو لازم است."},
        "withdraw": {"note": "کامل نیست."},
        "amend": {"title": "عنوان", "text": "متن دیگر"},
        "circulate": {"days": 3},
    }


@pytest.fixture(autouse=True)
def _subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """A meeting plays the record a motion is about."""
    monkeypatch.setattr(motion_subjects, "SUBJECTS", {})
    monkeypatch.setattr(motions, "SUBJECTS", motion_subjects.SUBJECTS)
    motion_subjects.register(
        motion_subjects.MotionSubject(model=Meeting, label="جلسه", content_hash=lambda row: row.place)
    )


def people_of(world: World) -> dict[str, User]:
    """One person for each role: the committee's own, a new one for the rest."""
    c = world.committee
    own = {
        Role.HQ_MANAGER: c.hq_manager,
        Role.DEPUTY_MANAGER: c.deputy_manager,
        Role.SECRETARY: c.secretary,
        Role.HQ_MEMBER: c.hq1,
        Role.DEPUTY_MEMBER: c.deputy1,
        Role.NGO_MEMBER: c.ngo_member,
        Role.HQ_EXPERT: c.hq_expert,
        Role.DEPUTY_EXPERT: c.deputy_expert,
        Role.AUDITOR: c.auditor,
        Role.NGO_USER: c.ngo_user,
    }
    return {role: own.get(Role(role)) or make_user(role) for role in Role.values}


#: rows that want surroundings of their own
ALONE = ("retry_effect", "open_vote", "amend", "agree_item", "ask_meeting", "take_off")


def motion_in(world: World, state: str, name: Names) -> Motion:
    """A motion in that state, in the surroundings in which the row could be taken."""
    about = {"subject": world.meeting} if name == "retry_effect" else {}
    if state == "draft":
        author = world.committee.hq_expert
        paper = stage_file(SimpleUploadedFile("نمودار.pdf", b"%PDF-1.7 x"), actor=author, at=NOW)
        return world.draft(papers=[paper])
    if state == "tabled":
        motion = world.tabled()
        if name in ("open_vote", "amend", "agree_item"):
            world.on_agenda(motion)
            world.arrive(*SEATS)
        if name == "agree_item":
            motion.agenda_items.update(changed_at=NOW)
        return motion
    if state == "withdrawn":
        actor = world.committee.hq_expert
        return MOTION.apply(world.draft(), "withdraw", actor=actor, at=NOW, note="کامل نیست.")
    motion = world.circulated() if name == "ask_meeting" else world.opened(**about)
    if state == "open":
        return motion
    if state == "lapsed" and name == "ask_meeting":
        return MOTION.apply(motion, "ask_meeting", actor=world.people["hq1"], at=NOW, note="x")
    if state == "lapsed":
        world.leave(*SEATS)
    else:
        world.vote(motion, **votes("fffff" if state == "carried" else "aaaaa"))
    closed = world.close(motion)
    Motion.objects.filter(pk=closed.pk).update(effect_state=EffectState.FAILED)
    return Motion.objects.get(pk=closed.pk)


def test_the_tables_are_the_designs() -> None:
    assert_as_written(MOTION, ROWS)
    declared = line(MEMBERS, [], [], by_hand=False)
    assert_as_written(
        RECUSAL, {"set_aside": line([], [], [], system=True, by_hand=False), "declare": declared}
    )


@pytest.mark.parametrize(("state", "name"), cells(MOTION, ROWS, alone=ALONE))
def test_every_cell(world: World, state: str, name: Names) -> None:
    given = answers()

    def record(wanted: str) -> Motion:
        motion = motion_in(world, wanted, name)
        if name == "take_off":
            given[name] = {"paper": motions.papers_of(motion).first()}
        return motion

    try_cell(MOTION, ROWS, state, name, Trial(record, people_of(world), lambda row: NOW, given))


@pytest.mark.parametrize("state", MotionState.values)
def test_what_only_follows_is_taken_by_nobody(world: World, state: str) -> None:
    motion = motion_in(world, state, "open_vote")
    before = Motion.objects.filter(pk=motion.pk).values().get()
    for name, row in MOTION.rows.items():
        if row.follows or name == "carry_over":
            asked = WRITTEN if name == "amended" else {}
            asked = {key: asked[key] for key in asked if key != "kind"}
            for person in (world.secretary, world.people["hq1"], None if row.follows else world.auditor):
                with pytest.raises(NotPermitted):
                    MOTION.apply(motion, name, actor=person, at=NOW, **asked)
    assert Motion.objects.filter(pk=motion.pk).values().get() == before
    assert Motion.objects.count() == 1


@pytest.mark.parametrize("state", MotionState.values)
def test_the_buttons_are_those_of_the_table(world: World, state: str) -> None:
    motion = motion_in(world, state, "open_vote")
    for role, user in people_of(world).items():
        fresh = User.objects.get(pk=user.pk)
        offered = {option.name for option in MOTION.options(motion, fresh, NOW) if option.allowed}
        may = {name for name, row in ROWS.items() if role in row.who | row.also and state in row.sources}
        assert offered <= may, role


def test_a_rebuild_finds_nothing_whatever_state_motions_are_in(world: World) -> None:
    """Drafted, tabled, going round, before the meeting with ballots and a recusal, closed in each way."""
    world.draft()
    world.tabled(title="در دستور")
    world.circulated(days=2, title="مکاتبه‌ای", concerns_ngo=world.committee.ngo)
    running = world.opened(title="در جلسه")
    world.vote(running, hq1="for", deputy1="against")
    world.recuse(running, "ngo")
    assert work.rebuild(at=NOW, mend=False).records == []
    world.vote(running, hq2="for", deputy2="abstain")
    world.close(running)
    assert work.rebuild(at=NOW, mend=False).total == 0
