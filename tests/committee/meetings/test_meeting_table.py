"""State × transition × role of meetings: every cell succeeds, or is refused with a sentence and changes nothing."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from committee import rules
from committee.enums import MeetingState
from committee.models import Meeting
from committee.operations import agenda
from committee.workflow.meetings import MEETING
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import SYSTEM
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.rows import Step
from tests.committee.meetings.world import World
from tests.factories.ngos import staged_pdf
from tests.factories.people import NOW, make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

M = MeetingState
AHEAD = {M.PLANNED, M.AWAITING_CHAIR, M.CALLED}
PAPERS = {M.PLANNED, M.CALLED, M.IN_SESSION}
#: the chair sits in HQ's first seat, so of the roles that sign by their check it is HQ's member
CHAIR = {Role.HQ_MEMBER}
# who may, from the design's page on workflows
ROWS = {
    "plan": line({Role.SECRETARY}, [], {M.PLANNED}),
    "change": line({Role.SECRETARY}, {M.PLANNED}, {M.PLANNED}),
    "add_paper": line({Role.SECRETARY}, PAPERS, PAPERS),
    "submit_call": line({Role.SECRETARY}, {M.PLANNED}, {M.AWAITING_CHAIR}),
    "call": line([], {M.AWAITING_CHAIR}, {M.CALLED}, also=CHAIR),
    "return": line([], {M.AWAITING_CHAIR}, {M.PLANNED}, also=CHAIR),
    "count_on": line({Role.SECRETARY}, PAPERS - {M.PLANNED}, PAPERS - {M.PLANNED}, by_hand=False),
    "cancel": line({Role.SECRETARY}, AHEAD, {M.CANCELLED}),
    "sign_supplement": line([], {M.CALLED}, {M.CALLED}, also=CHAIR),
    "agree_early": line(
        [], {M.CALLED}, {M.CALLED}, also={Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER}
    ),
    "open": line({Role.SECRETARY}, {M.CALLED}, {M.IN_SESSION}),
    "close": line({Role.SECRETARY}, {M.IN_SESSION}, {M.CLOSED}),
    "minute": line({Role.SECRETARY}, {M.CLOSED}, {M.MINUTED}, system=True, by_hand=False),
}


def _people(world: World) -> dict[str, User]:
    sitting = {
        Role.HQ_MEMBER: world.chair,
        Role.DEPUTY_MEMBER: world.people["deputy1"],
        Role.NGO_MEMBER: world.people["ngo"],
    }
    return {role: sitting.get(Role(role)) or make_user(role) for role in Role.values}


def _times(day: date) -> dict[str, Any]:
    return {"day": day, "starts": time(9), "ends": time(11), "place": "سالن", "title": ""}


def _moment(state: str) -> datetime:
    """A call is signed before its time, a meeting is opened and closed at its time."""
    return NOW if state in (M.PLANNED, M.AWAITING_CHAIR) else NOW + timedelta(days=10)


def test_the_table_is_as_the_design_has_it() -> None:
    assert_as_written(MEETING, ROWS)


@pytest.mark.parametrize(
    ("state", "name"), cells(MEETING, ROWS, alone=("add_paper", "agree_early", "sign_supplement"))
)
def test_every_cell(world: World, state: str, name: Names) -> None:
    note = {"note": "دلیل روشن"}
    answers: dict[str, dict[str, Any]] = {
        "return": note,
        "cancel": note,
        "change": _times(NOW.date() + timedelta(days=30)),
    }
    people = _people(world)
    if name == "add_paper":
        answers[name] = {"paper": staged_pdf(people[Role.SECRETARY])}
    before = timedelta(hours=1 if name in ("agree_early", "sign_supplement") else 0)

    def record(wanted: str) -> Meeting:
        meeting = world.in_state(wanted)
        if name == "sign_supplement" and wanted == M.CALLED:
            agenda.add_item(meeting, actor=world.secretary, at=NOW, kind="report", title="گزارش")
        return Meeting.objects.get(pk=meeting.pk)

    trial = Trial(record, people, lambda row: _moment(state) - before, answers)
    try_cell(MEETING, ROWS, state, name, trial)


def test_the_other_members_never_sign_the_call(world: World) -> None:
    meeting = world.submitted()
    for code in ("hq2", "deputy1", "deputy2", "ngo"):
        words = "نماینده ستاد سمن‌ها در کمیته" if code == "ngo" else "دعوت را رئیس کمیته امضا می‌کند"
        with pytest.raises(NotPermitted, match=words):
            world.apply(meeting, "call", actor=world.people[code])


def test_a_closed_meeting_is_minuted_with_its_minutes_only(world: World) -> None:
    closed = world.closed()
    sealing = Step(None, closed.closed_at, SYSTEM)
    for actor in (None, world.secretary):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            MEETING.apply(closed, "minute", actor=actor, at=closed.closed_at)
    assert MEETING.apply(closed, "minute", actor=None, at=closed.closed_at, within=sealing).state == M.MINUTED
    with pytest.raises(Refusal):
        MEETING.apply(world.called(), "minute", actor=None, at=NOW, within=sealing)


@pytest.mark.parametrize("name", ["return", "cancel"])
def test_a_note_is_wanted(world: World, name: str) -> None:
    actor = world.chair if name == "return" else world.secretary
    with pytest.raises(Refusal, match="را بنویسید"):
        world.apply(world.submitted(), name, actor=actor, note="  ")


def test_list_and_object_permission_agree(world: World) -> None:
    meeting = world.plan()
    people = [*_people(world).values(), world.committee.hq_manager]
    for user in people:
        listed = Meeting.objects.filter(rules.meetings_visible_to(user, NOW.date())).exists()
        assert listed == rules.can_view_meeting(user, meeting, NOW.date())


def test_the_rebuilt_items_are_those_that_the_steps_left(world: World) -> None:
    """A meeting in every state it passes, with members in the room, gone and not come."""
    for state in (M.PLANNED, M.AWAITING_CHAIR, M.CANCELLED, M.CLOSED):
        world.in_state(state)
    running = world.opened("hq1", "hq2", "deputy1", call_in=timedelta(days=12))
    world.leave(running, "hq2", at=running.starts_at + timedelta(minutes=5))
    assert work.of_file(running).count() == 3
    assert work.rebuild(at=running.starts_at, mend=False).total == 0
