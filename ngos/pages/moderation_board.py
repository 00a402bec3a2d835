"""Both assessors' values side by side, for those who may see them (N7): what differs, what was agreed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ngos.grade_sheet import number
from ngos.grading import FrameworkSpec, IndicatorSpec, MergeResult, merge_scores
from ngos.models import Assessment, AssessorSeat, ModeratedValue, Score
from ngos.pages.grading_display import value_words
from ngos.queries import framework_spec


@dataclass(frozen=True)
class Board:
    """The scores of both seats by indicator code, what they merge to, and what moderation settled."""

    spec: FrameworkSpec
    names: tuple[str, str]
    scores: tuple[dict[str, Score], dict[str, Score]]
    merged: MergeResult
    settled: dict[str, ModeratedValue]
    keys: dict[str, int]

    def moderated_keys(self) -> list[int]:
        return [row.pk for row in self.settled.values()]


def board_of(assessment: Assessment, seats: list[AssessorSeat]) -> Board:
    """Read both scorings; only for somebody who may see both. Two queries and those of the framework."""
    spec = framework_spec(assessment.framework)
    scores: tuple[dict[str, Score], dict[str, Score]] = ({}, {})
    place = {seat.pk: number_ for number_, seat in enumerate(seats)}
    for score in Score.objects.filter(seat__in=seats).select_related("indicator"):
        scores[place[score.seat_id]][score.indicator.code] = score
    settled = assessment.moderated_values.select_related("indicator", "moderated_by")
    first, second = (
        {code: None if row.is_not_applicable else Decimal(row.value or 0) for code, row in side.items()}
        for side in scores
    )
    return Board(
        spec=spec,
        names=(seats[0].assessor.full_name, seats[1].assessor.full_name),
        scores=scores,
        merged=merge_scores(spec, first, second),
        settled={row.indicator.code: row for row in settled},
        keys={code: score.indicator_id for code, score in scores[0].items()},
    )


def _side(board: Board, place: int, item: IndicatorSpec) -> dict[str, str]:
    score = board.scores[place][item.code]
    value = None if score.is_not_applicable else score.value
    return {
        "name": board.names[place],
        "value": value_words(value),
        "anchor": "" if value is None else item.anchors[value],
        "note": score.note,
    }


def moderated_rows(board: Board) -> list[dict[str, Any]]:
    """Every differing indicator: both values with anchor and note, and what was settled with its reason."""
    items = {item.code: (dimension.title, item) for dimension, item in board.spec.indicators()}
    drawn = []
    for difference in board.merged.to_moderate:
        dimension, item = items[difference.indicator_code]
        settled = board.settled.get(item.code)
        drawn.append(
            {
                "id": board.keys[item.code],
                "title": item.title,
                "dimension": dimension,
                "is_gate": item.is_gate,
                "evidence": item.evidence,
                "anchors": list(enumerate(item.anchors)),
                "sides": [_side(board, 0, item), _side(board, 1, item)],
                "settled": settled,
                "settled_words": "" if settled is None else value_words(settled.value),
                "value": _stored(settled),
                "reason": settled.reason if settled else "",
            }
        )
    return drawn


def _stored(settled: ModeratedValue | None) -> str:
    """The stored value as the moderation form's choice: «2», «2.5», «na»."""
    if settled is None:
        return ""
    if settled.value is None:
        return "na"
    return format(settled.value.normalize() + 0, "f")


def agreed_rows(board: Board) -> list[dict[str, Any]]:
    """By dimension, every indicator on which the mean counts."""
    drawn = []
    for dimension in board.spec.dimensions:
        rows = [
            {
                "title": item.title,
                "first": _side(board, 0, item)["value"],
                "second": _side(board, 1, item)["value"],
                "mean": "موضوعیت ندارد"
                if board.merged.values[item.code] is None
                else number(board.merged.values[item.code]),
            }
            for item in dimension.indicators
            if item.code in board.merged.values
        ]
        if rows:
            drawn.append({"title": dimension.title, "rows": rows})
    return drawn
