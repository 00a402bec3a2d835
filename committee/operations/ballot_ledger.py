"""The chains of ballots, recomputed by ``verify_ledger`` (C7).

For every motion that was tabled: the ballots' chain from the text's hash on, the end and number stored with a closed
motion, the counts, and the hash that the audit trail keeps of every ballot, so that the last one cannot vanish or be
made again unseen. The first ballot that does not hold is named: which motion, which place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet

from committee import chain, rules, secrecy
from committee.enums import Choice, MotionState
from committee.models import Ballot, Motion
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.trail import audit, ledger
from staff_portal.kernel.trail.ledger import LedgerReport, Problem

CHAIN_NAME = "رأی‌های کمیته"
BALLOT_CAST = "motion.cast"  # the event under which the audit trail keeps the hash of each ballot
CHUNK = 500

_SENTENCES = {
    "text_changed": "متن پیشنهاد {motion} با اثر انگشتی که هنگام در دستور نهادن ثبت شده نمی‌خواند.",
    "changed": "رأی {place} پیشنهاد {motion} پس از ثبت تغییر کرده است.",
    "inserted_or_removed": "در پیشنهاد {motion} رأیی در جایگاه {place} حذف یا افزوده شده است.",
    "not_chained": "رأی {place} پیشنهاد {motion} به رأی پیش از خود نمی‌پیوندد؛ رأیی افزوده، جابه‌جا یا عوض شده است.",
    "inserted": "رأی {place} پیشنهاد {motion} در رویدادها ثبت نشده است؛ افزوده شده است.",
    "removed": "رأی {place} پیشنهاد {motion} که رویدادها از آن خبر می‌دهد حذف شده است.",
    "replaced": "رأی {place} پیشنهاد {motion} همان نیست که رویدادها از آن خبر می‌دهد؛ عوض شده است.",
    "end_differs": "پایان زنجیره پیشنهاد {motion} پس از رأی {place} با آنچه هنگام پایان رأی‌گیری ثبت شده نمی‌خواند.",
    "count_differs": "شمارش ثبت‌شده پیشنهاد {motion} با رأی‌ها و کناره‌گیری‌های آن نمی‌خواند.",
}


@dataclass(frozen=True)
class BallotProblem(Problem):
    """One thing that does not hold: ``sequence`` is the place of the ballot, ``motion`` the number of the motion."""

    motion: int = 0

    @property
    def sentence(self) -> str:
        words = {"place": to_persian_digits(self.sequence), "motion": to_persian_digits(self.motion)}
        return _SENTENCES[self.code].format(**words)


class BallotReport(LedgerReport):
    """A report whose problems stand in the order of the motions: the first is the first broken link."""

    @property
    def first_problem(self) -> Problem | None:
        return self.problems[0] if self.problems else None

    def add_of(self, motion: Motion, code: str, place: int) -> None:
        self.problem_count += 1
        if len(self.problems) < ledger.MAX_PROBLEMS:
            self.problems.append(BallotProblem(code, place, motion=motion.number))


def verify_ballots() -> BallotReport:
    """Recompute the chain of every motion, some hundred motions at a time (C7)."""
    report = BallotReport()
    for motion, ballots, told in _walk():
        found = _first_problem(motion, ballots, told)
        if found is not None:  # a ballot may have been cast between two reads
            found = _first_problem_locked(motion.pk)
        if found is not None:
            report.add_of(motion, *found)
        report.length += len(ballots)
        if ballots:
            report.last_hash = ballots[-1].hash
    return report


def _motions() -> QuerySet[Motion]:
    return Motion.objects.annotate(aside=Count("recusals"))


def _first_problem_locked(pk: int) -> tuple[str, int] | None:
    """The same question with the motion's row held, so that no ballot is cast meanwhile."""
    with transaction.atomic():
        Motion.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
        motion = _motions().get(pk=pk)
        ballots = list(Ballot.objects.filter(motion=motion).order_by("sequence", "pk"))
        return _first_problem(motion, ballots, _told([pk]).get(pk, {}))


def _walk() -> Iterator[tuple[Motion, list[Ballot], dict[int, str]]]:
    last = 0
    while True:
        motions = list(_motions().filter(pk__gt=last).order_by("pk")[:CHUNK])
        if not motions:
            return
        last = motions[-1].pk
        keys = [motion.pk for motion in motions]
        ballots: dict[int, list[Ballot]] = {}
        for ballot in Ballot.objects.filter(motion_id__in=keys).order_by("motion_id", "sequence", "pk"):
            ballots.setdefault(ballot.motion_id, []).append(ballot)
        told = _told(keys)
        for motion in motions:
            yield motion, ballots.get(motion.pk, []), told.get(motion.pk, {})


def _told(keys: list[int]) -> dict[int, dict[int, str]]:
    """The hash of every ballot by motion and place, as the audit trail keeps it."""
    rows = AuditEntry.objects.filter(
        event=BALLOT_CAST, subject_type=audit.type_label(Motion), subject_id__in=keys
    ).values_list("subject_id", "after")
    found: dict[int, dict[int, str]] = {}
    for key, after in rows:
        found.setdefault(key, {})[int(after["sequence"])] = str(after["ballot_hash"])
    return found


def stored_link(ballot: Ballot) -> chain.StoredLink:
    """A stored ballot as the chain sees it."""
    return chain.StoredLink(
        link=chain.Link(
            motion_id=ballot.motion_id,
            seat_code=ballot.seat_code,
            voter_id=ballot.voter_id,
            choice=ballot.choice,
            reason=ballot.reason,
            cast_at=ballot.cast_at,
            receipt=ballot.receipt,
            sequence=ballot.sequence,
        ),
        canonical=ballot.canonical,
        previous_hash=ballot.previous_hash,
        hash=ballot.hash,
    )


def _first_problem(motion: Motion, ballots: list[Ballot], told: dict[int, str]) -> tuple[str, int] | None:
    if motion.text_hash and motion.text_hash != chain.text_hash(
        motion.title, motion.text, motion.subject_hash
    ):
        return "text_changed", 0
    broken = chain.first_broken(motion.text_hash, [stored_link(row) for row in ballots])
    by_audit = _against_audit(ballots, told)
    candidates = [found for found in (broken and (broken[1], broken[0]), by_audit) if found]
    if candidates:
        return min(candidates, key=lambda found: found[1])
    return _against_result(motion, ballots)


def _against_audit(ballots: list[Ballot], told: dict[int, str]) -> tuple[str, int] | None:
    stored = {row.sequence: row.hash for row in ballots}
    for place in sorted({*stored, *told}):
        if place not in told:
            return "inserted", place
        if place not in stored:
            return "removed", place
        if stored[place] != told[place]:
            return "replaced", place
    return None


def _against_result(motion: Motion, ballots: list[Ballot]) -> tuple[str, int] | None:
    if MotionState(motion.state) not in rules.CLOSED_MOTIONS:
        return None
    end = ballots[-1].hash if ballots else motion.text_hash
    if (motion.last_hash, motion.ballot_count) != (end, len(ballots)):
        return "end_differs", len(ballots)
    counted = {choice: sum(row.choice == choice for row in ballots) for choice in Choice.values}
    stored = {
        Choice.FOR: motion.votes_for,
        Choice.AGAINST: motion.votes_against,
        Choice.ABSTAIN: motion.votes_abstain,
    }
    # of sealed ballots only the number is kept
    is_told = not (secrecy.are_sealed(motion) and set(stored.values()) == {None})
    if (is_told and counted != stored) or motion.recused_count != motion.aside:  # type: ignore[attr-defined]
        return "count_differs", len(ballots)
    return None


ledger.register_chain(CHAIN_NAME, verify_ballots)
