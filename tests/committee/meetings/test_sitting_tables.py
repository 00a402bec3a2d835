"""The tables of a meeting's parts: row × role of agenda, invitations, presence, absences and waivers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from committee.enums import ItemKind
from committee.models import Invitation
from committee.operations import agenda, attendance
from committee.workflow.sittings import ABSENCE, AGENDA, INVITATION, PRESENCE, WAIVER
from staff_portal.kernel.base.constraints import constraint_name
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.table import Table
from tests.committee.meetings.world import World
from tests.factories.people import NOW, TODAY, make_user
from tests.support.cells import Line, Names, Trial, assert_as_written, cells, line, try_cell

MEMBERS = {Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER}
APPOINTED = {Role.HQ_MEMBER, Role.DEPUTY_MEMBER}
SECRETARY = line({Role.SECRETARY}, [], [])
FOLLOWS = line({Role.SECRETARY}, [], [], by_hand=False)
EVERYBODY = line({Role.SECRETARY, *MEMBERS}, [], [])
ROWS: dict[str, dict[str, Line]] = {
    "agenda": {
        **dict.fromkeys(("add", "change", "annotate", "up", "down", "remove"), SECRETARY),
        **dict.fromkeys(("begin", "minute"), FOLLOWS),
    },
    "invitation": {
        "send": line(APPOINTED, [], [], by_hand=False),
        "invite": SECRETARY,
        "hand_over": SECRETARY,
    },
    "presence": {
        "arrive": EVERYBODY,
        "leave": EVERYBODY,
        "depart": line({Role.SECRETARY, *MEMBERS}, [], [], by_hand=False),
    },
    # this one is of the NGO's member
    "absence": {"announce": EVERYBODY, "correct": line({Role.SECRETARY}, [], [], also={Role.NGO_MEMBER})},
    "waiver": {"waive": line(MEMBERS, [], [])},
}
TABLES = {table.code: table for table in (AGENDA, INVITATION, PRESENCE, ABSENCE, WAIVER)}


def _people(world: World) -> dict[str, User]:
    sitting = {
        Role.HQ_MEMBER: world.chair,
        Role.DEPUTY_MEMBER: world.people["deputy1"],
        Role.NGO_MEMBER: world.people["ngo"],
    }
    return {role: sitting.get(Role(role)) or make_user(role) for role in Role.values}


@pytest.mark.parametrize("code", TABLES)
def test_the_tables_are_as_the_design_has_them(code: str) -> None:
    assert_as_written(TABLES[code], ROWS[code])


def _record(world: World, table: Table) -> Any:
    """The second of three items; the NGO's invitation or absence of a called meeting."""
    if table is AGENDA:
        meeting = world.plan()
        for title in ("یک", "دو", "سه"):
            agenda.add_item(meeting, actor=world.secretary, at=NOW, kind=ItemKind.REPORT, title=title)
        return meeting.items.get(title="دو")
    meeting = world.called()
    if table is INVITATION:
        return Invitation.objects.get(meeting=meeting, seating=world.seat("ngo"))
    return attendance.record_absence(meeting, world.seat("ngo"), reason="سفر", actor=world.secretary, at=NOW)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (code, cell.values[1])
        for code in ("agenda", "invitation", "absence")
        for cell in cells(TABLES[code], ROWS[code])
    ],
)
def test_every_cell_of_a_part(world: World, code: str, name: Names) -> None:
    record = _record(world, TABLES[code])
    answers: dict[str, dict[str, Any]] = {
        "change": {"title": "تازه", "remark": "شرح"},
        "annotate": {"remark": "شرح تازه"},
        "hand_over": {"handed_over_on": TODAY},
        "correct": {"reason": "بیماری"},
    }
    trial = Trial(lambda state: record, _people(world), lambda row: NOW, answers)
    try_cell(TABLES[code], ROWS[code], "", name, trial)


def test_a_departure_that_midnight_brings_is_not_taken_by_hand(world: World) -> None:
    meeting = world.opened("ngo")
    for actor in (world.secretary, None):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            PRESENCE.apply(
                meeting,
                "depart",
                actor=actor,
                at=meeting.starts_at + timedelta(minutes=1),
                seating=world.seat("ngo"),
            )


def test_a_member_is_asked_to_record_the_own_arrival_only_while_away(world: World) -> None:
    """One item for each empty seat: it follows whoever sits there."""
    meeting = world.opened("hq1", "deputy1")
    waiting = work.of_file(meeting).filter(key="arrive")
    assert {item.address_key for item in waiting} == {"hq2", "deputy2", "ngo"}
    world.leave(meeting, "deputy1", at=meeting.starts_at + timedelta(minutes=5))
    assert {item.address_key for item in waiting.all()} == {"hq2", "deputy1", "deputy2", "ngo"}


# --- what a call writes is rows of their own ----------------------------------------------------------------


def test_each_invitation_of_a_call_is_a_row_and_the_timeline_has_one_line(world: World) -> None:
    meeting = world.called(deliver=False)
    sent = AuditEntry.objects.filter(event="invitation.send", root_id=meeting.pk)
    assert {entry.subject_id for entry in sent} == set(meeting.invitations.values_list("pk", flat=True))
    assert {entry.role for entry in sent} == {Role.HQ_MEMBER}
    for reader in (world.chair, world.secretary, make_user(Role.AUDITOR)):
        lines = [line["text"] for line in trail(meeting, reader, TODAY)]
        assert len([text for text in lines if "دعوت کرد" in text]) == 1
        assert not [text for text in lines if "دعوت‌نامه فرستاد" in text or "نخستین دستور" in text]


@pytest.mark.parametrize(("table", "name"), [(INVITATION, "send"), (AGENDA, "begin"), (AGENDA, "minute")])
def test_what_follows_is_not_taken_by_hand(world: World, table: Table, name: str) -> None:
    meeting = world.called(deliver=False)
    target = meeting.items.get() if name == "minute" else meeting
    asked = {"send": {"seating": world.seat("ngo")}, "minute": {"discussion": "چیزی"}}.get(name, {})
    before = (meeting.invitations.count(), meeting.items.count())
    for actor in (world.chair, world.secretary, None):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            table.apply(target, name, actor=actor, at=NOW, **asked)
    assert (meeting.invitations.count(), meeting.items.count()) == before


@pytest.mark.parametrize("state", ["planned", "awaiting_chair", "closed", "minuted", "cancelled"])
def test_sql_invites_nobody_past_the_call(world: World, raw_sql: Any, state: str) -> None:
    meeting = world.in_state(state)
    before = meeting.invitations.count()
    values = {"meeting": meeting.pk, "seating": world.seat("ngo").pk, "at": NOW}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        raw_sql(
            "INSERT INTO committee_invitation (meeting_id, seating_id, sent_at, handed_over_note)"
            " VALUES (%(meeting)s, %(seating)s, %(at)s, '')",
            values,
        )
    assert constraint_name(refused.value) == "c4_invitation_kept"
    assert meeting.invitations.count() == before
