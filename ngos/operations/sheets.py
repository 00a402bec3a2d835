"""The two sheets of an assessment: who sits where, what is scored, and when a sheet is closed (N7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ngos.models import Assessment, AssessorSeat, Indicator, Score
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step


@dataclass(frozen=True)
class ScoreData:
    """One value as the assessor gave it: 0–4, or None with ``is_not_applicable``."""

    indicator_id: int
    value: int | None
    is_not_applicable: bool = False
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was chosen, or what was chosen is taken back."""
        return self.value is None and not self.is_not_applicable

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "value": None if self.is_not_applicable else self.value,
            "is_not_applicable": self.is_not_applicable,
            "note": self.note.strip()[:600],
        }


def give_seats(assessment: Assessment, assessors: list[User], step: Step) -> None:
    """Each of the two has a seat, in the order in which they were named."""
    _take(
        AssessorSeat,
        "give",
        [assessment] * len(assessors),
        [{"assessor": person, "position": place} for place, person in enumerate(assessors, start=1)],
        step,
    )


def seated(assessment: Assessment, step: Step) -> dict[str, Any]:
    return {"assessment": assessment, **step.asked}


def own_seat(assessment: Assessment, step: Step) -> AssessorSeat:
    """The seat of whoever scores, locked."""
    return assessment.seats.select_for_update(no_key=True).get(assessor=step.actor)


def submitted(seat: AssessorSeat, step: Step) -> dict[str, Any]:
    return {"submitted_at": step.at}


def reopened(seat: AssessorSeat, step: Step) -> dict[str, Any]:
    return {"submitted_at": None}


def keep(seat: AssessorSeat, sent: Iterable[ScoreData], step: Step) -> None:
    """The values of a sheet as they were sent: new ones, those that differ and those taken back, each kind together."""
    wanted = {row.indicator_id: row for row in sent}
    kept = {score.indicator_id: score for score in Score.objects.filter(seat=seat, indicator__in=wanted)}
    new = [row for key, row in wanted.items() if key not in kept and not row.is_empty]
    both = [(score, wanted[key]) for key, score in kept.items()]
    moved = [(score, row) for score, row in both if not row.is_empty and _differs(score, row)]
    _take(Score, "give", [seat] * len(new), [{"data": row} for row in new], step)
    _take(Score, "change", [score for score, _ in moved], [{"data": row} for _, row in moved], step)
    emptied = [score for score, row in both if row.is_empty]
    _take(Score, "empty", emptied, [{} for _ in emptied], step)


def _differs(score: Score, row: ScoreData) -> bool:
    return any(getattr(score, name) != value for name, value in row.columns.items())


def given(seat: AssessorSeat, step: Step) -> dict[str, Any]:
    """The columns of a score."""
    return {"seat": seat, "indicator": Indicator(pk=step.asked["data"].indicator_id), **_given(step)}


def changed(score: Score, step: Step) -> dict[str, Any]:
    return _given(step)


def _given(step: Step) -> dict[str, Any]:
    return {**step.asked["data"].columns, "scored_at": step.at}


def _take(model: Any, name: str, objs: list[Any], asked: list[dict[str, Any]], step: Step) -> None:
    """The row on all of them, by the authority of the step it follows."""
    if objs:
        table_for(model).apply_many(objs, name, actor=step.actor, at=step.at, within=step, asked=asked)
