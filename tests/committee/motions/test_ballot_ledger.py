"""``verify_ledger`` recomputes every motion's chain and names the first ballot that does not hold (C7)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from committee import chain
from committee.models import Ballot, Motion
from committee.operations.ballot_ledger import CHAIN_NAME, verify_ballots
from staff_portal.kernel.trail import ledger
from tests.committee.motions.world import World, votes
from tests.factories.people import NOW

TABLES = ("committee_ballot", "committee_motion", "committee_recusal", "kernel_auditentry")


@pytest.fixture
def chains(committed_db, committed_world: World):
    """Two motions: the first closed with five ballots, the second open with three."""
    world = committed_world
    first = world.opened()
    world.vote(first, **votes("fffaa"))
    world.close(first)
    second = world.circulated()
    world.vote(second, **votes("fan--"))
    return first, second


@pytest.fixture
def tamper(committed_db, chains):
    """Raw SQL of the tables' owner, who switches the triggers off first."""

    def run(*statements: str) -> None:
        with committed_db.owner_cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


def first() -> tuple[str, int, int]:
    """Code, motion and place of the first broken link."""
    problem = verify_ballots().first_problem
    return problem.code, problem.motion, problem.sequence


def of(motion: Motion, place: int) -> str:
    return f"motion_id = {motion.pk} AND sequence = {place}"


def test_true_chains_hold(chains):
    report = verify_ballots()
    assert (report.ok, report.length) == (True, 8)
    assert report.last_hash == Ballot.objects.latest("pk").hash


def test_the_chain_is_registered_and_the_command_says_it(chains, signing_key):
    assert ledger.CHAINS[CHAIN_NAME] is verify_ballots
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert f"{CHAIN_NAME}: درست است، ۸ حلقه" in out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "choice = 'against'",
        "reason = 'x'",
        "receipt = 'AAAAAAAAAA'",
        "cast_at = cast_at + interval '1 second'",
        "canonical = replace(canonical, 'for', 'against')",
        "hash = repeat('f', 64)",
        "voter_id = (SELECT max(id) FROM kernel_user)",
    ],
)
def test_a_changed_ballot_is_named(chains, tamper, change):
    tamper(f"UPDATE committee_ballot SET {change} WHERE {of(chains[0], 2)}")
    assert first() == ("changed", 1, 2)


def test_the_command_fails_and_names_motion_and_place(chains, tamper, signing_key):
    tamper(f"UPDATE committee_ballot SET choice = 'for' WHERE {of(chains[1], 2)}")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", stdout=out)
    assert "رأی ۲ پیشنهاد ۲ پس از ثبت تغییر کرده است." in out.getvalue()


def test_a_removed_ballot_in_the_middle(chains, tamper):
    tamper(f"DELETE FROM committee_ballot WHERE {of(chains[0], 3)}")
    assert first() == ("inserted_or_removed", 1, 3)


@pytest.mark.parametrize("which", [0, 1])
def test_a_removed_last_ballot_of_a_closed_and_of_an_open_vote(chains, tamper, which):
    place = (5, 3)[which]
    tamper(f"DELETE FROM committee_ballot WHERE {of(chains[which], place)}")
    assert first() == ("removed", which + 1, place)


def test_all_ballots_removed(chains, tamper):
    tamper(f"DELETE FROM committee_ballot WHERE motion_id = {chains[1].pk}")
    assert first() == ("removed", 2, 1)


def test_an_inserted_ballot(chains, tamper, committed_db):
    """Chained as it should be, but no entry tells of it."""
    last = chains[1].ballots.order_by("-sequence").first()
    link = chain.Link(chains[1].pk, "deputy2", last.voter_id, "for", "", NOW, "ZZZZZZZZZZ", 4)
    digest = chain.link_hash(last.hash, link.canonical())
    tamper(
        f"""INSERT INTO committee_ballot (motion_id, seating_id, seat_code, voter_id, choice, reason, cast_at,
            receipt, sequence, canonical, previous_hash, hash)
            SELECT motion_id, seating_id, 'deputy2', (SELECT min(id) FROM kernel_user), 'for', '', cast_at,
            'ZZZZZZZZZZ', 4, '{link.canonical()}', hash, '{digest}' FROM committee_ballot WHERE {of(chains[1], 3)}"""
    )
    code, motion, place = first()
    assert (code in ("inserted", "changed"), motion, place) == (True, 2, 4)


def test_a_whole_chain_written_anew(chains, tamper):
    """Whoever rewrites all hashes and the motion's end still differs from what the audit trail keeps."""
    motion = chains[0]
    previous, statements = motion.text_hash, []
    for ballot in motion.ballots.order_by("sequence"):
        choice = "against" if ballot.sequence == 2 else ballot.choice
        link = chain.Link(
            motion.pk,
            ballot.seat_code,
            ballot.voter_id,
            choice,
            ballot.reason,
            ballot.cast_at,
            ballot.receipt,
            ballot.sequence,
        )
        digest = chain.link_hash(previous, link.canonical())
        statements.append(
            f"UPDATE committee_ballot SET choice = '{choice}', canonical = '{link.canonical()}',"
            f" previous_hash = '{previous}', hash = '{digest}' WHERE {of(motion, ballot.sequence)}"
        )
        previous = digest
    statements.append(
        f"UPDATE committee_motion SET last_hash = '{previous}', votes_for = 2, votes_against = 3, state = 'lost'"
        f" WHERE id = {motion.pk}"
    )
    tamper(*statements)
    assert first() == ("replaced", 1, 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("last_hash = repeat('f', 64)", "end_differs"),
        ("ballot_count = 4", "end_differs"),
        ("votes_for = 4, votes_against = 1", "count_differs"),
        ("recused_count = 1", "count_differs"),
        ("text = 'متن دیگر'", "text_changed"),
        ("title = 'x'", "text_changed"),
        ("text_hash = repeat('f', 64)", "text_changed"),
    ],
)
def test_a_changed_motion(chains, tamper, change, code):
    tamper(f"UPDATE committee_motion SET {change} WHERE id = {chains[0].pk}")
    assert first()[:2] == (code, 1)


def test_entries_removed_together_with_their_ballot_are_seen_by_the_closed_motion(chains, tamper):
    motion = chains[0]
    tamper(
        f"DELETE FROM committee_ballot WHERE {of(motion, 5)}",
        "DELETE FROM kernel_outboxmessage WHERE entry_id IN (SELECT id FROM kernel_auditentry"
        " WHERE event = 'motion.cast' AND (after->>'sequence') = '5')",
        "DELETE FROM kernel_auditentry WHERE event = 'motion.cast' AND (after->>'sequence') = '5'",
    )
    assert first() == ("end_differs", 1, 4)


def test_every_problem_has_its_sentence(chains, tamper):
    tamper(
        f"UPDATE committee_ballot SET choice = 'against' WHERE {of(chains[0], 1)}",
        f"DELETE FROM committee_ballot WHERE {of(chains[1], 3)}",
    )
    report = verify_ballots()
    assert report.problem_count == 2
    assert all(problem.sentence.endswith(".") for problem in report.problems)
    assert "پیشنهاد ۱" in report.problems[0].sentence
    assert "پیشنهاد ۲" in report.problems[1].sentence
