"""State × transition × role of meetings: every cell succeeds, or is refused with a sentence and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from committee import rules
from committee.enums import MeetingState
from committee.models import Meeting
from committee.workflow.meetings import MEETING
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Role
from tests.committee.meetings.world import World
from tests.factories.people import NOW, make_user

M = MeetingState
# who may, from the design's page on workflows; the chair sits in HQ's first seat
WHO: dict[str, set[str]] = {
    "submit_call": {Role.SECRETARY},
    "call": {Role.HQ_MEMBER},
    "return": {Role.HQ_MEMBER},
    "open": {Role.SECRETARY},
    "close": {Role.SECRETARY},
    "minute": set(),
    "cancel": {Role.SECRETARY},
}
FROM: dict[str, set[str]] = {
    "submit_call": {M.PLANNED},
    "call": {M.AWAITING_CHAIR},
    "return": {M.AWAITING_CHAIR},
    "open": {M.CALLED},
    "close": {M.IN_SESSION},
    "minute": {M.CLOSED},
    "cancel": {M.PLANNED, M.AWAITING_CHAIR, M.CALLED},
}


def _cells() -> Iterator[Any]:
    for name in MEETING.transitions:
        for state in MeetingState.values:
            yield pytest.param(state, name, id=f"{state}-{name}")


def _people(world: World) -> dict[str, User]:
    sitting = {
        Role.HQ_MEMBER: world.chair,
        Role.DEPUTY_MEMBER: world.people["deputy1"],
        Role.NGO_MEMBER: world.people["ngo"],
    }
    return {role: sitting.get(Role(role)) or make_user(role) for role in Role.values}


def _moment(meeting: Meeting, state: str) -> Any:
    """A call is signed before its time, a meeting is opened and closed at its time."""
    if state in (M.PLANNED, M.AWAITING_CHAIR):
        return NOW
    return meeting.closed_at or meeting.starts_at


@pytest.mark.parametrize(("state", "name"), _cells())
def test_every_cell(world: World, state: str, name: str) -> None:
    meeting = world.in_state(state)
    at, note = _moment(meeting, state), {"note": "دلیل روشن"} if name in {"return", "cancel"} else {}
    people = _people(world)
    allowed = WHO[name] if state in FROM[name] else set()
    before = AuditEntry.objects.filter(event="kernel.refused").count()
    for role in sorted(set(Role.values) - allowed):
        with pytest.raises(Refusal) as refused:
            MEETING.apply(meeting, name, actor=people[role], at=at, **note)
        assert refused.value.sentences and all(refused.value.sentences), role
        if role not in WHO[name]:
            assert isinstance(refused.value, NotPermitted), role
        meeting.refresh_from_db()
        assert meeting.state == state, role
    refusals = AuditEntry.objects.filter(event="kernel.refused").count() - before
    assert refusals == len(Role.values) - len(allowed)
    for role in allowed:
        done = MEETING.apply(meeting, name, actor=people[role], at=at, **note)
        assert done.state == MEETING.transitions[name].target
        event = MEETING.transitions[name].event.code
        entry = AuditEntry.objects.filter(event=event, subject_id=meeting.pk, actor=people[role]).latest("id")
        assert entry.role == role


def test_the_table_holds_these_transitions_and_no_others() -> None:
    assert set(MEETING.transitions) == set(WHO) == set(FROM)
    for name, row in MEETING.transitions.items():
        assert set(row.sources) == FROM[name]
        assert row.system_only == (name == "minute")


def test_the_other_members_never_sign_the_call(world: World) -> None:
    meeting = world.submitted()
    for code in ("hq2", "deputy1", "deputy2", "ngo"):
        words = "نماینده ستاد سمن‌ها در کمیته" if code == "ngo" else "دعوت را رئیس کمیته امضا می‌کند"
        with pytest.raises(NotPermitted, match=words):
            world.apply(meeting, "call", actor=world.people[code])


def test_the_system_minutes_a_closed_meeting_only(world: World) -> None:
    closed = world.closed()
    assert MEETING.apply(closed, "minute", actor=None, at=closed.closed_at).state == M.MINUTED
    with pytest.raises(Refusal):
        MEETING.apply(world.called(), "minute", actor=None, at=NOW)


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
