"""What PostgreSQL itself refuses of motions, ballots and recusals, whoever asks and by whatever way (C3–C7)."""

from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, transaction

from committee import chain
from committee.enums import ClauseParty, PolicyKind
from committee.models import AgendaItem, Ballot, Motion, PolicyArticle, Presence, Recusal
from committee.operations import policies
from committee.workflow.motions import MOTION
from staff_portal.kernel.base import constraints
from staff_portal.kernel.workflow.holds import place_hold
from tests.committee.motions.world import World, votes
from tests.factories.people import NOW

SWITCH_OFF = "SELECT set_config('pgtrigger.ignore', %s, false)"
EVERYTHING = (
    "{"
    + ",".join(
        f"committee_{table}:{name}"
        for table in ("motion", "motionarticle", "ballot", "recusal")
        for name in ("append_only", "no_truncate", "no_delete", "rules", "moves", "frozen", "meeting_only")
    )
    + "}"
)


def refused(raw_sql, statement: str, parameters: Any = None) -> str:
    """The name of the constraint that stands against the statement."""
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement, parameters)
    name = constraints.constraint_name(caught.value)
    assert name in constraints.SENTENCES
    return name


def ballot_row(world: World, motion: Motion, code: str = "ngo", **changes: Any) -> dict[str, Any]:
    """The columns of a ballot as the operation would store it."""
    seating = world.committee.seatings[code]
    last = motion.ballots.order_by("-sequence").first()
    link = chain.Link(
        motion_id=motion.pk,
        seat_code=changes.get("seat_code", code),
        voter_id=changes.get("voter_id", seating.person_id),
        choice=changes.get("choice", "for"),
        reason="",
        cast_at=changes.get("cast_at", NOW),
        receipt=chain.new_receipt(),
        sequence=changes.get("sequence", 1 if last is None else last.sequence + 1),
    )
    previous = changes.get("previous_hash", motion.text_hash if last is None else last.hash)
    canonical = changes.get("canonical", link.canonical())
    return {
        "motion_id": motion.pk,
        "seating_id": seating.pk,
        "seat_code": link.seat_code,
        "voter_id": link.voter_id,
        "choice": changes.get("stored_choice", link.choice),
        "reason": "",
        "cast_at": link.cast_at,
        "receipt": link.receipt,
        "sequence": link.sequence,
        "canonical": canonical,
        "previous_hash": previous,
        "hash": changes.get("hash", chain.link_hash(previous, canonical)),
    }


def insert(row: dict[str, Any]) -> tuple[str, list[Any]]:
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    return f"INSERT INTO committee_ballot ({names}) VALUES ({marks})", list(row.values())


# --- texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "title = 'x'",
        "text = 'x'",
        "text_hash = 'x'",
        "kind = 'policy'",
        "subject_hash = 'x'",
        "subject_type = 'x', subject_id = 1",
        "proposed_by_id = NULL",
        "state = 'draft'",
    ],
)
@pytest.mark.parametrize("stage", ["tabled", "open", "closed"])
def test_a_text_is_frozen_from_tabling_on(world: World, raw_sql, change, stage):
    motion = world.tabled() if stage == "tabled" else world.opened()
    if stage == "closed":
        world.close(motion)
    assert refused(raw_sql, f"UPDATE committee_motion SET {change}") == "c5_motion_kept"


def two_articles(world: World) -> list[PolicyArticle]:
    document = policies.record_policy(
        actor=world.secretary, at=NOW, kind=PolicyKind.COUNCIL, title="مصوبه داوطلبی", number="160/2456"
    )
    return [
        policies.record_article(
            document, actor=world.secretary, at=NOW, code=code, text="پشتیبانی", party=ClauseParty.BOTH
        )
        for code in ("1", "2")
    ]


@pytest.mark.parametrize("stage", ["tabled", "opened"])
def test_the_articles_cited_are_frozen_with_the_text(world: World, raw_sql, stage):
    cited, other = two_articles(world)
    draft = world.draft(articles=[cited])
    motion = getattr(world, stage)(articles=[cited])
    add = "INSERT INTO committee_motionarticle (motion_id, article_id) VALUES (%s, %s)"
    for statement, parameters in (
        ("DELETE FROM committee_motionarticle WHERE motion_id = %s", [motion.pk]),
        ("UPDATE committee_motionarticle SET article_id = %s WHERE motion_id = %s", [other.pk, motion.pk]),
        ("UPDATE committee_motionarticle SET motion_id = %s WHERE motion_id = %s", [draft.pk, motion.pk]),
        ("UPDATE committee_motionarticle SET motion_id = %s WHERE motion_id = %s", [motion.pk, draft.pk]),
        (add, [motion.pk, other.pk]),
    ):
        assert refused(raw_sql, statement, parameters) == "c5_text_frozen"
    with pytest.raises(IntegrityError), transaction.atomic():
        motion.articles.clear()
    assert (list(motion.articles.all()), list(draft.articles.all())) == ([cited], [cited])
    raw_sql(add, [draft.pk, other.pk])  # a draft takes more
    assert refused(raw_sql, add, [draft.pk, other.pk]) == "c5_article_cited_once"


def test_a_motion_begins_as_a_draft_and_is_tabled_before_it_is_voted_on(world: World, raw_sql):
    world.draft()
    copy = """INSERT INTO committee_motion (number, kind, title, text, text_hash, state, state_since, proposed_at,
        is_amendment, subject_type, subject_hash, mode, opened_presence, closed_presence, last_hash,
        outcome_reason, effect_state, effect_note, search_text)
        SELECT 99, kind, title, text, 'x', 'tabled', state_since, proposed_at, false, '', '', '', '[]', '[]', '',
        '', 'none', '', '' FROM committee_motion"""
    assert refused(raw_sql, copy) == "c5_motion_kept"
    assert refused(raw_sql, "UPDATE committee_motion SET state = 'tabled'") == "c5_tabled_has_hash"
    opening = "UPDATE committee_motion SET state = 'open', text_hash = 'x', mode = 'circulation', circulation_days = 3"
    assert refused(raw_sql, opening) == "c5_motion_kept"
    assert refused(raw_sql, "UPDATE committee_motion SET state = 'carried', text_hash = 'x'") in (
        "c5_motion_kept",
        "c5_mode_when_voted",
    )
    assert Motion.objects.get().state == "draft"


# --- opening ----------------------------------------------------------------------------------------------

OPEN = "UPDATE committee_motion SET state = 'open', mode = 'meeting', meeting_id = %s, opened_at = %s"


def test_no_vote_opens_without_quorum_invitation_agenda_or_session(world: World, raw_sql):
    motion = world.tabled()
    meeting = world.meeting
    assert refused(raw_sql, OPEN, [meeting.pk, NOW]) == "c5_on_the_agenda"
    world.on_agenda(motion)
    assert refused(raw_sql, OPEN, [meeting.pk, NOW]) == "c4_quorum"
    world.arrive("hq1", "hq2", "ngo")
    assert refused(raw_sql, OPEN, [meeting.pk, NOW]) == "c4_quorum"
    world.arrive("deputy1")
    world.leave("hq2", "ngo")
    assert refused(raw_sql, OPEN, [meeting.pk, NOW]) == "c4_quorum"
    assert Motion.objects.get().state == "tabled"


def test_no_vote_opens_where_a_sitting_member_was_not_invited(world: World, raw_sql):
    motion = world.tabled()
    meeting = world.meeting_in_session()
    AgendaItem.objects.create(meeting=meeting, position=2, kind="motion", title="x", motion=motion)
    for code in ("hq1", "deputy1", "ngo"):
        Presence.objects.create(
            meeting=meeting,
            seating=world.committee.seatings[code],
            kind="arrived",
            at=NOW,
            recorded_by=world.secretary,
        )
    assert refused(raw_sql, OPEN, [meeting.pk, NOW]) == "c4_all_invited"


@pytest.mark.parametrize(
    "change",
    [
        "state = 'withdrawn'",
        "state = 'tabled'",
        "mode = 'circulation', circulation_days = 1, meeting_id = NULL",
        "opened_at = now()",
        "opened_presence = '[\"hq1\"]'",
    ],
)
def test_a_running_vote_keeps_its_way(world: World, raw_sql, change):
    world.opened()
    assert refused(raw_sql, f"UPDATE committee_motion SET {change}") == "c5_motion_kept"


# --- ballots ----------------------------------------------------------------------------------------------


def test_a_second_ballot_of_a_seat_or_a_person(world: World, raw_sql):
    motion = world.opened()
    world.vote(motion, ngo="for")
    assert refused(raw_sql, *insert(ballot_row(world, motion, "ngo"))) in (
        "c5_one_ballot_per_seat",
        "c5_one_ballot_per_person",
    )
    assert Ballot.objects.count() == 1


def test_a_ballot_by_somebody_without_the_seat(world: World, raw_sql):
    motion = world.opened()
    row = ballot_row(world, motion, "ngo", voter_id=world.secretary.pk)
    assert refused(raw_sql, *insert(row)) == "c5_seat_holders_vote"
    row = ballot_row(world, motion, "ngo", seat_code="hq1")
    assert refused(raw_sql, *insert(row)) == "c5_seat_holders_vote"
    row = ballot_row(world, motion, "ngo", cast_at=NOW - timedelta(days=900))
    assert refused(raw_sql, *insert(row)) == "c5_seat_holders_vote"


def test_a_ballot_of_an_absent_recused_or_held_seat(world: World, raw_sql):
    motion = world.opened("hq1", "hq2", "deputy1", "ngo")
    assert refused(raw_sql, *insert(ballot_row(world, motion, "deputy2"))) == "c5_present_members_vote"
    world.recuse(motion, "hq2")
    assert refused(raw_sql, *insert(ballot_row(world, motion, "hq2"))) == "c6_recused_does_not_vote"
    place_hold(world.committee.seatings["ngo"], reason="معلق", actor=None, at=NOW)
    assert refused(raw_sql, *insert(ballot_row(world, motion, "ngo"))) == "c3_vote_on_hold"


def test_a_ballot_before_opening_or_after_closing(world: World, raw_sql):
    motion = world.tabled()
    assert refused(raw_sql, *insert(ballot_row(world, motion))) == "c5_vote_not_open"
    world.on_agenda(motion)
    world.arrive("hq1", "deputy1", "ngo")
    MOTION.apply(motion, "open_vote", actor=world.secretary, at=NOW)
    world.close(motion)
    assert refused(raw_sql, *insert(ballot_row(world, motion))) == "c5_vote_not_open"
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 2},
        {"sequence": 0},
        {"previous_hash": "f" * 64},
        {"hash": "f" * 64},
        {"stored_choice": "against"},
        {"canonical": '{"choice":"for"}'},
    ],
)
def test_a_ballot_outside_the_chain(world: World, raw_sql, changes):
    motion = world.opened()
    assert refused(raw_sql, *insert(ballot_row(world, motion, **changes))) == "c7_chain"


def test_a_right_row_is_taken(world: World, raw_sql):
    """The counter-proof: what is refused above is refused for the reason named."""
    motion = world.opened()
    raw_sql(*insert(ballot_row(world, motion)))
    assert motion.ballots.count() == 1


KEPT = [
    ("UPDATE committee_ballot SET choice = 'against'", "c5_ballot_kept"),
    ("UPDATE committee_ballot SET reason = 'x'", "c5_ballot_kept"),
    ("DELETE FROM committee_ballot", "c5_ballot_kept"),
    ("UPDATE committee_recusal SET reason = 'x'", "c6_recusal_kept"),
    ("DELETE FROM committee_recusal", "c6_recusal_kept"),
    ("DELETE FROM committee_motion", "c5_motion_kept"),
]


@pytest.mark.parametrize(("statement", "name"), KEPT)
def test_nothing_is_changed_or_deleted(world: World, raw_sql, statement, name):
    motion = world.opened()
    world.vote(motion, ngo="for", hq1="against")
    world.recuse(motion, "hq2")
    assert refused(raw_sql, statement) == name
    raw_sql(SWITCH_OFF, [EVERYTHING])
    assert refused(raw_sql, statement) == name
    assert (Ballot.objects.count(), Recusal.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "table", ["committee_ballot", "committee_recusal", "committee_motionarticle", "committee_motion"]
)
def test_no_table_is_emptied_by_the_application_or_the_owner(committed_db, committed_world: World, table):
    world = committed_world
    motion = world.opened()
    world.vote(motion, ngo="for")
    with committed_db.app_cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute(f"TRUNCATE {table} CASCADE")
    with committed_db.owner_cursor() as cursor:
        cursor.execute(SWITCH_OFF, [EVERYTHING])
        with pytest.raises(psycopg2.errors.CheckViolation):
            cursor.execute(f"TRUNCATE {table} CASCADE")
    assert motion.ballots.count() == 1


@pytest.mark.parametrize(("statement", "name"), KEPT)
def test_the_owner_cannot_either(committed_db, committed_world: World, statement, name):
    world = committed_world
    motion = world.opened()
    world.vote(motion, ngo="for")
    world.recuse(motion, "hq2")
    with committed_db.owner_cursor() as cursor:
        cursor.execute(SWITCH_OFF, [EVERYTHING])
        with pytest.raises(psycopg2.errors.CheckViolation) as caught:
            cursor.execute(statement)
    assert caught.value.diag.constraint_name == name
    assert (Ballot.objects.count(), Recusal.objects.count()) == (1, 1)


def test_the_application_may_not_switch_triggers_off(committed_db, committed_world: World):
    with committed_db.app_cursor() as cursor:
        for statement in (
            "ALTER TABLE committee_ballot DISABLE TRIGGER ALL",
            "DROP TABLE committee_ballot CASCADE",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(psycopg2.Error):
                cursor.execute(statement)


# --- recusals ---------------------------------------------------------------------------------------------

RECUSE = """INSERT INTO committee_recusal (motion_id, seating_id, seat_code, reason, source, declared_at)
    VALUES (%s, %s, %s, %s, 'declared', now())"""


def test_recusals_come_before_the_vote_once_and_with_a_reason(world: World, raw_sql):
    motion = world.opened()
    seat = world.committee.seatings["ngo"].pk
    assert refused(raw_sql, RECUSE, [motion.pk, seat, "ngo", ""]) == "c6_recusal_reason"
    assert refused(raw_sql, RECUSE, [motion.pk, seat, "hq1", "x"]) == "c5_seat_holders_vote"
    world.vote(motion, ngo="for")
    assert refused(raw_sql, RECUSE, [motion.pk, seat, "ngo", "x"]) == "c6_voted_already"
    world.recuse(motion, "hq1")
    other = world.committee.seatings["hq1"].pk
    assert refused(raw_sql, RECUSE, [motion.pk, other, "hq1", "x"]) == "c6_recused_once"
    world.close(motion)
    third = world.committee.seatings["hq2"].pk
    assert refused(raw_sql, RECUSE, [motion.pk, third, "hq2", "x"]) == "c6_recusal_in_time"


# --- results ----------------------------------------------------------------------------------------------

CLOSE = """UPDATE committee_motion SET state = %(state)s, votes_for = %(f)s, votes_against = %(a)s,
    votes_abstain = %(n)s, ballot_count = %(count)s, base = %(base)s, recused_count = %(aside)s,
    last_hash = COALESCE(%(end)s, (SELECT hash FROM committee_ballot ORDER BY sequence DESC LIMIT 1))"""
TRUE_RESULT = {"state": "lost", "f": 2, "a": 2, "n": 1, "count": 5, "base": 5, "aside": 0, "end": None}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "carried"}, "c5_more_than_half"),
        ({"f": 3, "a": 1}, "c5_every_ballot_counts"),
        ({"state": "carried", "f": 3, "a": 2, "n": 0}, "c5_every_ballot_counts"),
        ({"count": 4}, "c5_every_ballot_counts"),
        ({"count": None}, "c5_every_ballot_counts"),
        ({"state": "carried", "base": 3}, "c5_more_than_half"),
        ({"base": None}, "c5_more_than_half"),
        ({"aside": 2, "base": 3}, "c5_more_than_half"),
        ({"end": "f" * 64}, "c7_chain"),
        ({"state": "lapsed"}, "c4_quorum"),
    ],
)
def test_a_wrong_result_is_not_stored(world: World, raw_sql, change, name):
    motion = world.opened()
    world.vote(motion, **votes("ffaan"))
    assert refused(raw_sql, CLOSE, TRUE_RESULT | change) == name
    motion.refresh_from_db()
    assert motion.state == "open"
    raw_sql(CLOSE, TRUE_RESULT)  # the counter-proof


def test_a_carried_vote_is_not_stored_as_lost(world: World, raw_sql):
    motion = world.opened()
    world.vote(motion, **votes("fffaa"))
    wrong = TRUE_RESULT | {"f": 3, "n": 0}
    assert refused(raw_sql, CLOSE, wrong) == "c5_more_than_half"


def test_without_quorum_at_closing_only_lapsed_is_stored(world: World, raw_sql):
    motion = world.opened("hq1", "deputy1", "ngo")
    world.vote(motion, hq1="for", deputy1="for", ngo="for")
    world.leave("ngo")
    wrong = TRUE_RESULT | {"state": "carried", "f": 3, "a": 0, "n": 0, "count": 3}
    assert refused(raw_sql, CLOSE, wrong) == "c4_quorum"


@pytest.mark.parametrize("signs", ["ff--f", "--fff"])
def test_a_circulation_of_one_side_is_not_stored_as_carried(world: World, raw_sql, signs):
    motion = world.circulated()
    world.vote(motion, **votes(signs))
    wrong = TRUE_RESULT | {"state": "carried", "f": 3, "a": 0, "n": 0, "count": 3}
    assert refused(raw_sql, CLOSE, wrong) == "c5_both_sides_by_circulation"


@pytest.mark.parametrize(
    "change",
    [
        "state = 'lost'",
        "state = 'open'",
        "votes_for = 5",
        "base = 3",
        "last_hash = 'x'",
        "ballot_count = 4",
        "closed_at = now()",
        "closed_presence = '[]'",
        "outcome_reason = 'x'",
        "meeting_id = NULL, mode = 'circulation', circulation_days = 3",
    ],
)
def test_a_result_never_changes(world: World, raw_sql, change):
    motion = world.opened()
    world.vote(motion, **votes("fffaa"))
    world.close(motion)
    assert refused(raw_sql, f"UPDATE committee_motion SET {change}") == "c5_motion_kept"
