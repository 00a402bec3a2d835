"""What PostgreSQL itself refuses about meetings, whoever asks and by whatever way (C4)."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, transaction

from committee.enums import ItemKind, MeetingState, MotionKind, VotingMode
from committee.models import Absence, AgendaItem, Invitation, Meeting, Motion, NoticeWaiver, Presence
from committee.operations import attendance
from staff_portal.kernel.base.refusals import Refusal
from tests.committee.meetings.world import SEATS, World
from tests.factories.people import NOW

RawSql = Callable[..., list[tuple[Any, ...]]]
SWITCH_OFF = "SELECT set_config('pgtrigger.ignore', %s, false)"
TABLES = ("meeting", "agendaitem", "invitation", "noticewaiver", "presence", "absence")
EVERYTHING = (
    "{"
    + ",".join(
        f"committee_{table}:{name}"
        for table in TABLES
        for name in ("rules", "kept", "in_session", "begins", "no_truncate", "no_delete", "append_only")
    )
    + "}"
)
PRESENCE = """INSERT INTO committee_presence (meeting_id, seating_id, kind, at, recorded_by_id)
    VALUES (%(meeting)s, %(seating)s, %(kind)s, %(at)s, %(by)s)"""
WAIVER = """INSERT INTO committee_noticewaiver (meeting_id, seating_id, waived_by_id, waived_at)
    VALUES (%(meeting)s, %(seating)s, %(by)s, %(at)s)"""


def _refused(run: Callable[[], Any], *names: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        run()
    assert caught.value.__cause__.diag.constraint_name in names


def _row(world: World, meeting: Meeting, code: str = "hq2", **changes: Any) -> dict[str, Any]:
    return {
        "meeting": meeting.pk,
        "seating": world.seat(code).pk,
        "kind": "arrived",
        "at": meeting.starts_at,
        "by": world.people[code].pk,
    } | changes


@pytest.fixture
def full(world: World, raw_sql: RawSql) -> Iterator[World]:
    """A meeting in session with everything recorded in it, and pgtrigger's own switch turned off."""
    meeting = world.called()
    attendance.record_absence(meeting, world.seat("ngo"), reason="سفر", actor=world.secretary, at=NOW)
    meeting = world.apply(meeting, "open", at=meeting.starts_at)
    world.arrive(meeting, "hq1", "deputy1")
    NoticeWaiver.objects.create(
        meeting=meeting,
        seating=world.seat("hq1"),
        waived_by=world.people["hq1"],
        waived_at=meeting.starts_at,
    )
    raw_sql(SWITCH_OFF, [EVERYTHING])
    yield world
    raw_sql(SWITCH_OFF, [""])


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("UPDATE committee_presence SET kind = 'left'", {"c4_presence_kept"}),
        ("UPDATE committee_presence SET at = now()", {"c4_presence_kept"}),
        ("DELETE FROM committee_presence", {"c4_presence_kept"}),
        ("UPDATE committee_noticewaiver SET waived_at = now()", {"c4_presence_kept"}),
        ("DELETE FROM committee_noticewaiver", {"c4_presence_kept"}),
        ("UPDATE committee_invitation SET sent_at = sent_at - interval '9 days'", {"c4_invitation_kept"}),
        ("DELETE FROM committee_invitation", {"c4_invitation_kept"}),
        ("UPDATE committee_absence SET seating_id = seating_id + 1", {"c4_absence_kept"}),
        ("DELETE FROM committee_absence", {"c4_absence_kept"}),
        ("DELETE FROM committee_meeting", {"c4_meeting_kept"}),
        ("UPDATE committee_meeting SET ends_at = starts_at", {"c4_meeting_path"}),
        ("UPDATE committee_meeting SET called_at = now()", {"c4_meeting_path"}),
        ("UPDATE committee_meeting SET called_by_id = planned_by_id", {"c4_meeting_path"}),
        ("DELETE FROM committee_agendaitem", {"c4_follow_up_first"}),
        ("UPDATE committee_agendaitem SET position = 2", {"c4_follow_up_first"}),
        ("UPDATE committee_agendaitem SET kind = 'report'", {"c4_follow_up_first"}),
    ],
)
def test_nothing_recorded_is_changed_or_lost(
    full: World, raw_sql: RawSql, statement: str, names: set[str]
) -> None:
    before = [model.objects.count() for model in (Presence, NoticeWaiver, Invitation, Absence, AgendaItem)]
    _refused(lambda: raw_sql(statement), *names)
    after = [model.objects.count() for model in (Presence, NoticeWaiver, Invitation, Absence, AgendaItem)]
    assert before == after == [2, 1, 5, 1, 1]


def test_a_recorded_handing_over_stays(full: World, raw_sql: RawSql) -> None:
    raw_sql("UPDATE committee_invitation SET handed_over_on = '2026-11-25'")
    _refused(
        lambda: raw_sql("UPDATE committee_invitation SET handed_over_on = '2026-11-24'"),
        "c4_invitation_kept",
    )


def test_the_tables_owner_cannot_either(committed_world: World, owner_cursor: Any) -> None:
    world = committed_world
    meeting = world.opened("hq1", "deputy1")
    attendance.record_absence(
        meeting, world.seat("ngo"), reason="سفر", actor=world.secretary, at=meeting.starts_at
    )
    owner_cursor.execute(SWITCH_OFF, [EVERYTHING])
    for statement, name in (
        ("DELETE FROM committee_presence", "c4_presence_kept"),
        ("UPDATE committee_presence SET kind = 'left'", "c4_presence_kept"),
        ("TRUNCATE committee_presence", "c4_presence_kept"),
        ("TRUNCATE committee_noticewaiver", "c4_presence_kept"),
        ("TRUNCATE committee_invitation", "c4_invitation_kept"),
        ("TRUNCATE committee_absence", "c4_absence_kept"),
        ("TRUNCATE committee_agendaitem, committee_itemconsent", "c4_agenda_kept"),
        ("TRUNCATE committee_meeting CASCADE", "c4_meeting_kept"),
    ):
        with pytest.raises(psycopg2.IntegrityError) as caught:
            owner_cursor.execute(statement)
        if "CASCADE" not in statement:
            assert caught.value.diag.constraint_name == name, statement
    assert Presence.objects.count() == 2 and Invitation.objects.count() == 5


# --- what may come in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [state for state in MeetingState.values if state != MeetingState.IN_SESSION]
)
def test_presence_and_waivers_belong_into_a_session(world: World, raw_sql: RawSql, state: str) -> None:
    meeting = world.in_state(state)
    _refused(lambda: raw_sql(PRESENCE, _row(world, meeting)), "c4_not_in_session")
    _refused(lambda: raw_sql(WAIVER, _row(world, meeting)), "c4_not_in_session")
    with pytest.raises(Refusal, match="در حال برگزاری نیست"):
        world.arrive(meeting, "hq2")


def test_arrivals_and_departures_take_turns(world: World, raw_sql: RawSql) -> None:
    meeting = world.opened()
    _refused(lambda: raw_sql(PRESENCE, _row(world, meeting, kind="left")), "c4_presence_order")
    raw_sql(PRESENCE, _row(world, meeting))
    _refused(lambda: raw_sql(PRESENCE, _row(world, meeting)), "c4_presence_order")
    raw_sql(PRESENCE, _row(world, meeting, kind="left"))
    assert Presence.objects.count() == 2


def test_only_members_of_that_day_are_present_and_waive_for_themselves(world: World, raw_sql: RawSql) -> None:
    meeting = world.opened()
    long_ago = meeting.starts_at.replace(year=2020)
    _refused(lambda: raw_sql(PRESENCE, _row(world, meeting, at=long_ago)), "c4_presence_of_members")
    _refused(lambda: raw_sql(WAIVER, _row(world, meeting, by=world.secretary.pk)), "c4_own_waiver")


def test_the_follow_up_is_the_first_item_and_there_is_one(world: World, raw_sql: RawSql) -> None:
    meeting = world.plan()
    item = """INSERT INTO committee_agendaitem (meeting_id, position, kind, title, note, discussion)
        VALUES (%s, %s, %s, 'x', '', '')"""
    _refused(lambda: raw_sql(item, [meeting.pk, 1, "report"]), "c4_follow_up_first")
    _refused(lambda: raw_sql(item, [meeting.pk, 2, "follow_up"]), "c4_follow_up_first", "c4_follow_up_once")
    raw_sql(item, [meeting.pk, 2, "report"])
    _refused(lambda: raw_sql(item, [meeting.pk, 2, "report"]), "c4_position_once")


@pytest.mark.parametrize("state", ["closed", "minuted", "cancelled"])
def test_the_agenda_of_a_meeting_that_is_over_stays(world: World, raw_sql: RawSql, state: str) -> None:
    meeting = world.in_state(state)
    _refused(
        lambda: raw_sql(
            """INSERT INTO committee_agendaitem (meeting_id, position, kind, title, note, discussion)
            VALUES (%s, 2, 'report', 'x', '', '')""",
            [meeting.pk],
        ),
        "c4_agenda_kept",
    )
    raw_sql("UPDATE committee_agendaitem SET discussion = 'گفت‌وگو شد' WHERE meeting_id = %s", [meeting.pk])


# --- the states --------------------------------------------------------------------------------------------------


def test_nobody_but_the_sitting_chair_has_called(world: World, raw_sql: RawSql) -> None:
    meeting = world.submitted()
    call = "UPDATE committee_meeting SET state = 'called', called_by_id = %s, called_at = %s WHERE id = %s"
    for person in (world.people["hq2"], world.people["deputy1"], world.secretary):
        _refused(lambda: raw_sql(call, [person.pk, NOW, meeting.pk]), "c4_called_by_chair")  # noqa: B023
    _refused(lambda: raw_sql(call, [None, NOW, meeting.pk]), "c4_called_by_chair")
    _refused(
        lambda: raw_sql(call, [world.chair.pk, NOW.replace(year=2020), meeting.pk]), "c4_called_by_chair"
    )
    raw_sql(call, [world.chair.pk, NOW, meeting.pk])


@pytest.mark.parametrize("state", [state for state in MeetingState.values if state != MeetingState.PLANNED])
def test_a_meeting_begins_with_its_plan(world: World, raw_sql: RawSql, state: str) -> None:
    meeting = world.plan()
    names = [
        field.column
        for field in Meeting._meta.concrete_fields
        if field.column not in ("id", "state", "number")
    ]
    columns = ", ".join(names)
    _refused(
        lambda: raw_sql(
            f"INSERT INTO committee_meeting (number, state, {columns}) "
            f"SELECT number + 1, %s, {columns} FROM committee_meeting WHERE id = %s",
            [state, meeting.pk],
        ),
        "c4_meeting_path",
    )
    assert Meeting.objects.count() == 1


def test_a_meeting_that_was_not_called_is_not_held(world: World, raw_sql: RawSql) -> None:
    for meeting in (world.plan(), world.submitted()):
        _refused(
            lambda: raw_sql("UPDATE committee_meeting SET state = 'in_session' WHERE id = %s", [meeting.pk]),  # noqa: B023
            "c4_meeting_path",
        )


def test_a_planned_meeting_ends_after_it_began(world: World, raw_sql: RawSql) -> None:
    world.plan()
    _refused(lambda: raw_sql("UPDATE committee_meeting SET ends_at = starts_at"), "c4_meeting_times")


def test_two_meetings_are_never_in_session(world: World, raw_sql: RawSql) -> None:
    first, second = world.opened(), world.called()
    _refused(
        lambda: raw_sql("UPDATE committee_meeting SET state = 'in_session' WHERE id = %s", [second.pk]),
        "c4_one_meeting_at_a_time",
    )
    with pytest.raises(Refusal, match="نخست به آن پایان دهید"):
        world.apply(second, "open", at=second.starts_at)
    assert Meeting.objects.get(state=MeetingState.IN_SESSION).pk == first.pk


def open_vote(world: World, meeting: Meeting) -> Motion:
    """A vote open in the meeting, row by row."""
    motion = Motion.objects.create(
        number=901,
        kind=MotionKind.OTHER,
        title="پیشنهاد آزمون",
        text="متن",
        state_since=NOW,
        proposed_by=world.secretary,
        proposed_at=NOW,
    )
    Motion.objects.filter(pk=motion.pk).update(state="tabled", text_hash="a" * 64)
    AgendaItem.objects.create(
        meeting=meeting, position=2, kind=ItemKind.MOTION, title=motion.title, motion=motion
    )
    Motion.objects.filter(pk=motion.pk).update(
        state="open", mode=VotingMode.MEETING, meeting=meeting, opened_at=meeting.starts_at
    )
    return Motion.objects.get(pk=motion.pk)


def test_a_meeting_with_an_open_vote_does_not_close(world: World, raw_sql: RawSql) -> None:
    meeting = world.opened(*SEATS)
    motion = open_vote(world, meeting)
    _refused(
        lambda: raw_sql("UPDATE committee_meeting SET state = 'closed' WHERE id = %s", [meeting.pk]),
        "c4_vote_still_open",
    )
    with pytest.raises(Refusal, match="«پیشنهاد آزمون» باز است"):
        world.apply(meeting, "close", at=meeting.ends_at)
    meeting.refresh_from_db()
    assert (meeting.state, motion.state) == ("in_session", "open")


STEPS = {
    ("planned", "awaiting_chair"),
    ("planned", "cancelled"),
    ("awaiting_chair", "planned"),
    ("awaiting_chair", "cancelled"),
    ("called", "in_session"),
    ("called", "cancelled"),
    ("in_session", "closed"),
    ("closed", "minuted"),
}


@pytest.mark.parametrize("source", MeetingState.values)
def test_no_step_is_left_out_or_taken_back(world: World, raw_sql: RawSql, source: str) -> None:
    """Every pair of states; ``called`` has its own test, since it names the chair."""
    meeting = world.in_state(source)
    change = "UPDATE committee_meeting SET state = %s WHERE id = %s"
    for target in set(MeetingState.values) - {source}:
        if (source, target) in STEPS:
            with transaction.atomic():
                raw_sql(change, [target, meeting.pk])
                transaction.set_rollback(True)  # allowed; taken back for the next pair
        elif (source, target) != ("awaiting_chair", "called"):
            with pytest.raises(IntegrityError):
                raw_sql(change, [target, meeting.pk])
    meeting.refresh_from_db()
    assert meeting.state == source


@pytest.mark.parametrize("state", ["minuted", "cancelled"])
def test_what_is_over_stays_over(world: World, raw_sql: RawSql, state: str) -> None:
    meeting = world.in_state(state)
    _refused(
        lambda: raw_sql("UPDATE committee_meeting SET place = 'x' WHERE id = %s", [meeting.pk]),
        "c4_meeting_path",
    )
    closed = world.closed(call_in=world.plan().starts_at - NOW)
    _refused(
        lambda: raw_sql("UPDATE committee_meeting SET state = 'in_session' WHERE id = %s", [closed.pk]),
        "c4_meeting_path",
    )
