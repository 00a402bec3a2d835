"""Who reads ballots in the code: a new reader asks ``committee.secrecy`` and is written down here (C3, C5)."""

import re
from pathlib import Path

import committee
import staff_portal

BALLOTS = re.compile(r"\b(Nomination)?Ballot\.objects\b|\.ballots\b|\bstored_link\(")
#: reads choices to show them, and asks ``committee.secrecy`` who may read
SHOW = {"pages/motion_display.py", "pages/motion.py", "pages/nominations_display.py", "pages/round.py"}
#: shows the own ballot to the voter, by the receipt
OWN = {"views/voting.py"}
#: asks only whether a seat has voted
HAS_VOTED = {
    "rules/motions.py",
    "rules/nominations.py",
    "operations/open_votes.py",
    "pages/motions.py",
    "pages/sitting_display.py",
}
#: counts, chains, decides; the proof sheet is written of a decided round only
COUNTS = {
    "tally.py",
    "operations/voting.py",
    "operations/ballot_ledger.py",
    "operations/nominations.py",
    "workflow/motions.py",
    "proof_sheet.py",
}


def readers(package) -> set[str]:
    folder = Path(package.__file__).parent
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts and "demo" not in path.parts and BALLOTS.search(path.read_text())
    }


def test_every_reader_of_a_ballot_is_known() -> None:
    found = readers(committee)
    assert found - (SHOW | OWN | HAS_VOTED | COUNTS) == set()
    assert readers(staff_portal) == set()


def test_who_shows_a_choice_asks_the_one_rule() -> None:
    folder = Path(committee.__file__).parent
    for name in SHOW | OWN:
        assert "secrecy." in (folder / name).read_text(), name
    for path in folder.rglob("*.py"):
        if path.name != "secrecy.py":
            assert "BALLOT_READERS" not in path.read_text() or path.parent.name == "rules", path
