"""P1: nobody holds and no longer holds a seat on one day, whatever changed it and whatever was under way (C1–C4).

The sequence is the one that happened: a round for the NGO's seat was decided on the day of a meeting, while it sat.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import ItemKind, MotionKind, PresenceKind, RoundState, SeatCode
from committee.minutes_facts import facts_of
from committee.minutes_text import write
from committee.models import Ballot, Invitation, Meeting, Motion, NominationBallot, Presence, Seating
from committee.operations import agenda, attendance, meetings, minutes, motions
from committee.operations.minutes import content_of
from committee.queries import sitting
from committee.workflow.minutes import MINUTES
from committee.workflow.motions import MOTION
from committee.workflow.motions import cast as cast_motion
from staff_portal.kernel.base.periods import covers, last_day
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import TEHRAN
from tests.committee import acts
from tests.committee.meetings.world import SEATS
from tests.committee.meetings.world import World as Meetings
from tests.committee.nominations.world import World as Rounds
from tests.committee.nominations.world import cast, put_forward, seal
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db

NEAR_THE_TERMS_END = 700
LATER = timedelta(days=1)


@dataclass
class Day:
    """The day of the meeting: the round was decided at ``decided_at``, the meeting sits on."""

    world: Meetings
    meeting: Meeting
    motion: Motion
    leaving: Seating
    coming: Seating
    decided_at: datetime

    @property
    def successor(self) -> User:
        return self.coming.person

    @property
    def now(self) -> datetime:
        return self.decided_at + timedelta(minutes=5)


def _motion(world: Meetings, meeting: Meeting) -> Motion:
    secretary = world.secretary
    motion = motions.propose_motion(
        actor=world.committee.hq_expert,
        at=NOW,
        kind=MotionKind.OTHER,
        title="گزارش فصلی دبیرخانه‌ها",
        text="گزارش هر فصل پیش از جلسه به اعضا داده شود.",
    )
    motion = MOTION.apply(motion, "table", actor=secretary, at=NOW)
    agenda.add_item(meeting, actor=secretary, at=NOW, kind=ItemKind.MOTION, motion=motion)
    return motion


@pytest.fixture
def day() -> Day:
    """Five came, a vote is open and the NGO's member has voted; then both deputy ballots decide the round."""
    world = Meetings(since=NEAR_THE_TERMS_END)
    rounds = seal(put_forward(Rounds(world.committee)))
    meeting = world.plan()
    motion = _motion(world, meeting)
    for name, actor in (("submit_call", world.secretary), ("call", world.chair)):
        meeting = world.apply(meeting, name, actor=actor)
    starts = meeting.starts_at
    for invitation in meeting.invitations.all():
        acts.hand_over(invitation, actor=world.secretary, at=NOW, on=NOW.date())
    meeting = world.apply(meeting, "open", at=starts)
    world.arrive(meeting, *SEATS)
    motion = MOTION.apply(motion, "open_vote", actor=world.secretary, at=starts + timedelta(minutes=10))
    cast_motion(motion, actor=world.people["ngo"], at=starts + timedelta(minutes=12), choice="for")
    decided_at = starts + timedelta(minutes=20)
    cast(rounds, world.people["deputy1"], 0, at=decided_at)
    decided = cast(rounds, world.people["deputy2"], 0, at=decided_at)
    assert decided.state == RoundState.DECIDED
    leaving = Seating.objects.select_related("person").get(pk=world.seat("ngo").pk)
    coming = Seating.objects.select_related("person").get(round=decided)
    return Day(world, meeting, motion, leaving, coming, decided_at)


@pytest.fixture
def _that_moment(day: Day) -> Iterator[None]:
    with time_machine.travel(day.now, tick=False):
        yield


def _everything_recorded() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (Presence, Ballot, NominationBallot, Invitation, Seating)
    }


def _finish(day: Day) -> Meeting:
    """The others vote, the vote and the meeting are closed."""
    at = day.now
    for place, code in enumerate(SEATS[:4]):
        cast_motion(day.motion, actor=day.world.people[code], at=at + timedelta(minutes=place), choice="for")
    MOTION.apply(day.motion, "close_vote", actor=day.world.secretary, at=at + timedelta(minutes=10))
    return day.world.apply(day.meeting, "close", at=at + timedelta(minutes=30))


def test_the_decision_seats_from_the_next_day_and_nobody_shares_this_one(day: Day) -> None:
    on = local_date(day.decided_at)
    assert (last_day(day.leaving.period), day.leaving.ended_by) == (on, "replaced")
    assert day.coming.period.lower == on + LATER
    assert [row.person for row in sitting(on)] == list(day.world.people.values())
    assert next(row.person for row in sitting(on + LATER) if row.seat_code == "ngo") == day.successor
    assert "ngo_member" not in access.roles_of(day.successor, on)
    assert "ngo_member" in access.roles_of(day.successor, on + LATER)


def test_the_successor_is_not_invited_present_or_heard_on_that_day(day: Day) -> None:
    before, at = _everything_recorded(), day.now
    assert meetings.uninvited(day.meeting, at.date()) == []
    with pytest.raises(Refusal, match="همه اعضا"):
        meetings.invite_newcomers(day.meeting, actor=day.world.secretary, at=at)
    for actor, refusal in ((day.world.secretary, Refusal), (day.successor, NotPermitted)):
        for kind in PresenceKind.values:
            with pytest.raises(refusal):
                acts.record_presence(day.meeting, day.coming, kind=kind, actor=actor, at=at)
        with pytest.raises(refusal):
            attendance.record_absence(day.meeting, day.coming, reason="تازه", actor=actor, at=at)
    with pytest.raises(NotPermitted):
        acts.waive_notice(day.meeting, actor=day.successor, at=at)
    for name, asked in (("cast", {"choice": "for"}), ("recuse", {"note": "ذی‌نفعم"})):
        with pytest.raises(NotPermitted):
            MOTION.apply(day.motion, name, actor=day.successor, at=at, **asked)
    assert _everything_recorded() == before


@pytest.mark.usefixtures("_that_moment")
def test_no_page_of_that_day_knows_the_successor_as_a_member(day: Day, client_for) -> None:
    before, name = _everything_recorded(), day.successor.full_name
    pages = {
        "committee:meeting_detail": day.meeting.pk,
        "committee:meeting_live": day.meeting.pk,
        "committee:motion_detail": day.motion.pk,
    }
    desk = client_for(day.world.secretary)
    for address, pk in pages.items():
        page = unescape(desk.get(reverse(address, args=[pk]), {"state": "in_session"}).content.decode())
        assert name not in page, address
        assert day.leaving.person.full_name in page, address
    sent = {"seating": day.coming.pk, "kind": "arrived"}
    desk.post(reverse("committee:meeting_presence", args=[day.meeting.pk]), sent)
    desk.post(reverse("committee:meeting_invite", args=[day.meeting.pk]))
    phone = client_for(day.successor)
    for address, pk, body in (
        ("committee:meeting_presence", day.meeting.pk, sent),
        ("committee:meeting_waive", day.meeting.pk, {}),
        ("committee:motion_cast", day.motion.pk, {"choice": "for"}),
    ):
        assert phone.post(reverse(address, args=[pk]), body).status_code in (403, 404), address
    assert _everything_recorded() == before


def test_the_one_who_leaves_votes_to_the_end_of_the_day_and_not_after(day: Day) -> None:
    world = day.world
    second = MOTION.apply(
        motions.propose_motion(
            actor=world.committee.hq_expert,
            at=day.now,
            kind=MotionKind.OTHER,
            title="پیشنهاد دوم",
            text="متن دوم.",
        ),
        "table",
        actor=world.secretary,
        at=day.now,
    )
    second = MOTION.apply(second, "circulate", actor=world.secretary, at=day.now, days=5)
    with pytest.raises(NotPermitted):
        cast_motion(second, actor=day.leaving.person, at=day.now + LATER, choice="for")
    late = day.now.astimezone(TEHRAN).replace(hour=23, minute=59)
    cast_motion(second, actor=day.leaving.person, at=late, choice="for")
    assert second.ballots.get().seating == day.leaving
    with pytest.raises(NotPermitted):
        cast_motion(second, actor=day.successor, at=day.now + LATER, choice="against")
    assert second.ballots.count() == 1


def test_the_minutes_are_what_was_recorded(day: Day) -> None:
    meeting = _finish(day)
    for at in (meeting.closed_at, meeting.closed_at + 3 * LATER):
        facts = facts_of(Meeting.objects.get(pk=meeting.pk))
        recorded = list(meeting.presences.values_list("seating_id", "kind", "at"))
        assert [(row.seating, row.kind, row.at) for row in facts.movements] == recorded, at
        assert {row.seating for row in facts.members} == {row[0] for row in recorded}
        assert facts.vacant == ()
    content = write(facts)
    assert [row["name"] for row in content["present"]] == [u.full_name for u in day.world.people.values()]
    assert content["absent"] == []
    assert day.successor.full_name not in json.dumps(content, ensure_ascii=False)
    told = content["items"][1]["votes"][0]
    assert day.leaving.person.full_name in told["presence"][0]
    assert "همان اعضا" in told["presence"][1]
    assert Motion.objects.get(pk=day.motion.pk).ballot_count == 5


def test_every_fact_lies_within_its_own_seating(day: Day) -> None:
    _finish(day)
    rows = [(row.seating, row.at) for row in Presence.objects.select_related("seating")]
    rows += [(row.seating, row.cast_at) for row in Ballot.objects.select_related("seating")]
    rows += [(row.seating, row.cast_at) for row in NominationBallot.objects.select_related("seating")]
    rows += [(row.seating, row.sent_at) for row in Invitation.objects.select_related("seating")]
    assert len(rows) >= 17
    assert all(covers(seating.period, local_date(moment)) for seating, moment in rows)


def test_the_minutes_go_their_way_without_the_successor(day: Day, raw_sql) -> None:
    meeting, world = _finish(day), day.world
    at = meeting.closed_at + LATER
    made = MINUTES.apply(meeting.minutes, "circulate", actor=world.secretary, at=at)
    assert day.successor.full_name not in json.dumps(content_of(made), ensure_ascii=False)
    with pytest.raises(NotPermitted, match="دعوت نشده"):
        acts.ask_amendment(made, actor=day.successor, at=at, text="من هم بودم.")
    later = at + timedelta(days=12)
    made = MINUTES.apply(made, "start_signing", actor=world.secretary, at=later)
    with pytest.raises(NotPermitted, match="حاضر بوده‌اند"):
        MINUTES.apply(made, "sign", actor=day.successor, at=later)
    with pytest.raises(Refusal, match="اکنون در کمیته کرسی ندارید"):
        MINUTES.apply(made, "sign", actor=day.leaving.person, at=later)
    for seating, name in (
        (day.coming, "c9_present_signs"),
        (day.leaving, "c9_signed_while_seated"),
    ):
        values = [made.pk, seating.pk, seating.person_id, later, made.content_hash]
        _refused(lambda values=values: raw_sql(SIGNATURE, values), name)
    MINUTES.apply(made, "sign", actor=world.people["hq1"], at=later)
    assert [row.person_id for row in minutes.unsigned(made)] == [
        world.people[code].pk for code in SEATS if code != "hq1"
    ]


# --- raw SQL ---------------------------------------------------------------------------------------------------


def _refused(run: Any, *names: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        run()
    assert caught.value.__cause__.diag.constraint_name in names


PRESENCE = """INSERT INTO committee_presence (meeting_id, seating_id, kind, at, recorded_by_id)
    VALUES (%s, %s, %s, %s, %s)"""
BALLOT = """INSERT INTO committee_ballot (motion_id, seating_id, seat_code, voter_id, choice, reason, cast_at, receipt,
    sequence, canonical, previous_hash, hash) SELECT motion_id, %s, seat_code, %s, choice, reason, %s, 'x', 2,
    canonical, hash, hash FROM committee_ballot LIMIT 1"""
SIGNATURE = """INSERT INTO committee_minutessignature
    (minutes_id, seating_id, signed_by_id, signed_at, dissent, content_hash) VALUES (%s, %s, %s, %s, '', %s)"""
NOMINATION_BALLOT = """INSERT INTO committee_nominationballot
    (round_id, nominee_id, seating_id, seat_code, voter_id, cast_at)
    SELECT r.id, n.id, %s, %s, %s, %s FROM committee_nominationround r
    JOIN committee_nominee n ON n.round_id = r.id WHERE r.state = 'open' LIMIT 1"""


def test_presence_and_ballot_outside_the_own_seating_are_refused_by_sql(day: Day, raw_sql) -> None:
    before, who = _everything_recorded(), day.world.secretary.pk
    for kind in PresenceKind.values:
        values = [day.meeting.pk, day.coming.pk, kind, day.now, who]
        _refused(lambda values=values: raw_sql(PRESENCE, values), "c4_presence_of_members")
    gone = [day.meeting.pk, day.leaving.pk, "left", day.now + LATER, who]
    _refused(lambda: raw_sql(PRESENCE, gone), "c4_presence_of_members")
    for seating, voter, at in (
        (day.coming, day.successor, day.now),
        (day.leaving, day.successor, day.now),
        (day.leaving, day.leaving.person, day.now + LATER),
    ):
        _refused(lambda v=[seating.pk, voter.pk, at]: raw_sql(BALLOT, v), "c5_seat_holders_vote")
    invitation = [day.meeting.pk, day.coming.pk, day.now]
    _refused(
        lambda: raw_sql(
            "INSERT INTO committee_invitation (meeting_id, seating_id, sent_at, handed_over_note) VALUES (%s, %s, %s, '')",
            invitation,
        ),
        "c4_invitation_of_members",
    )
    assert _everything_recorded() == before


def test_a_seating_is_not_cut_off_before_what_was_recorded_of_it(day: Day, raw_sql) -> None:
    own = day.world.seat("hq1")
    cut = "UPDATE committee_seating SET period = daterange(lower(period), %s), ended_by = 'recalled', ended_at = %s WHERE id = %s"
    on = local_date(day.now)
    _refused(lambda: raw_sql(cut, [on, day.now, own.pk]), "c1_from_the_next_day")
    _refused(lambda: raw_sql(cut, [on, day.now - 2 * LATER, own.pk]), "c1_recorded_within_seating")
    _refused(
        lambda: raw_sql(
            "UPDATE committee_seating SET period = daterange(lower(period), %s) WHERE id = %s", [on, own.pk]
        ),
        "c1_from_the_next_day",
    )
    raw_sql(cut, [on + LATER, day.now, own.pk])


def test_six_in_the_room_are_impossible(day: Day, raw_sql) -> None:
    """A sitting that goes on past midnight: the successor's seating has begun, the room is full."""
    at = day.now + LATER
    _refused(
        lambda: raw_sql(PRESENCE, [day.meeting.pk, day.coming.pk, "arrived", at, day.world.secretary.pk]),
        "c4_five_in_the_room",
    )
    assert [row.seat_code for row in meetings.present_seats(day.meeting, at.date())] == list(SEATS[:4])
    acts.record_presence(day.meeting, day.coming, kind=PresenceKind.ARRIVED, actor=day.world.secretary, at=at)
    left = Presence.objects.get(seating=day.leaving, kind=PresenceKind.LEFT)
    assert (local_date(left.at), local_date(left.at + timedelta(seconds=1))) == (at.date() - LATER, at.date())
    assert [row.pk for row in meetings.present_seats(day.meeting, at.date())][-1] == day.coming.pk
    assert len(meetings.present_seats(day.meeting, at.date())) == 5


def test_a_nomination_ballot_outside_the_own_seating_is_refused_by_sql(raw_sql) -> None:
    world = Meetings(since=NEAR_THE_TERMS_END)
    seal(put_forward(Rounds(world.committee)))
    own = world.seat("deputy1")
    values = [own.pk, SeatCode.DEPUTY1.value, own.person_id, NOW - timedelta(days=NEAR_THE_TERMS_END + 1)]
    _refused(lambda: raw_sql(NOMINATION_BALLOT, values), "c3_sitting_members_vote")
    assert not NominationBallot.objects.filter(round__state=RoundState.OPEN).exists()
