"""The framework as the calculator sees it, and the shapes of its results (N6–N8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

SCALE_TOP = 4
ANCHOR_COUNT = SCALE_TOP + 1
UNFIT_LABEL = "فاقد شرایط معرفی"

Scores = Mapping[str, Decimal | None]
"""Value 0–4 by indicator code; None is N/A. A code that is absent counts as N/A when grading."""


class GradingError(ValueError):
    """What was handed in cannot be graded; the message is a Persian sentence."""


@dataclass(frozen=True)
class IndicatorSpec:
    """One indicator: five written anchors for the values 0–4, and the evidence an assessor asks for."""

    code: str
    title: str
    weight: Decimal
    is_gate: bool = False
    anchors: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True)
class DimensionSpec:
    code: str
    title: str
    weight: Decimal
    indicators: tuple[IndicatorSpec, ...]


@dataclass(frozen=True)
class LevelSpec:
    """Rank 1 is the best. The band is [lower_bound, lower bound of the next better level).

    `floors`: dimension code → least rounded score. A floor of a level binds every better level too, so
    "finance under 40 → not above level 3" holds whether it is written at level 2 only or at levels 1 and 2.
    """

    rank: int
    label: str
    lower_bound: Decimal
    floors: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class FrameworkSpec:
    """A version of the framework. Indicator codes are unique over all dimensions."""

    dimensions: tuple[DimensionSpec, ...]
    levels: tuple[LevelSpec, ...]
    threshold: Decimal = Decimal(1)
    gate_minimum: Decimal = Decimal(3)

    def indicators(self) -> Iterator[tuple[DimensionSpec, IndicatorSpec]]:
        for dimension in self.dimensions:
            for indicator in dimension.indicators:
                yield dimension, indicator

    def levels_best_first(self) -> list[LevelSpec]:
        return sorted(self.levels, key=lambda level: level.rank)


@dataclass(frozen=True)
class Disagreement:
    """An indicator on which the two assessors are too far apart; it goes to moderation (N7)."""

    indicator_code: str
    indicator_title: str
    dimension_code: str
    first: Decimal | None
    second: Decimal | None


@dataclass(frozen=True)
class MergeResult:
    """`values` holds the agreed indicators only; `to_moderate` those an expert has to decide."""

    values: Mapping[str, Decimal | None]
    to_moderate: tuple[Disagreement, ...]

    @property
    def needs_moderation(self) -> bool:
        return bool(self.to_moderate)


@dataclass(frozen=True)
class DimensionResult:
    """`score` and `contribution` are exact; a dropped dimension has no score and contributes nothing."""

    code: str
    title: str
    weight: Decimal
    share: Fraction
    score: Fraction | None
    contribution: Fraction
    not_applicable: tuple[str, ...]

    @property
    def dropped(self) -> bool:
        return self.score is None

    @property
    def score_rounded(self) -> Decimal | None:
        return None if self.score is None else round_half_up(self.score)

    @property
    def contribution_rounded(self) -> Decimal:
        return round_half_up(self.contribution)

    @property
    def missing_rounded(self) -> Decimal:
        """Points of the total that this dimension leaves on the table."""
        return round_half_up(100 * self.share - self.contribution)


@dataclass(frozen=True)
class GateFailure:
    """A gate whose value is under the framework's minimum, or that has no value."""

    indicator_code: str
    indicator_title: str
    value: Decimal | None
    minimum: Decimal


@dataclass(frozen=True)
class FloorEffect:
    """A dimension under its floor: this alone takes the level from `from_rank` to `to_rank`."""

    dimension_code: str
    dimension_title: str
    score: Decimal
    minimum: Decimal
    from_rank: int
    to_rank: int


@dataclass(frozen=True)
class GradeResult:
    """A grade with everything needed to explain it (N8)."""

    dimensions: tuple[DimensionResult, ...]
    total: Fraction
    total_rounded: Decimal
    level_by_total: LevelSpec
    level: LevelSpec
    floor_effects: tuple[FloorEffect, ...]
    failed_gates: tuple[GateFailure, ...]
    next_level: LevelSpec | None
    points_to_next: Decimal
    next_floors: tuple[tuple[DimensionResult, Decimal], ...]

    @property
    def fit_for_introduction(self) -> bool:
        return not self.failed_gates

    @property
    def fitness_label(self) -> str:
        return "" if self.fit_for_introduction else UNFIT_LABEL


@dataclass(frozen=True)
class GapStep:
    """One indicator to raise: value now, value asked (a whole anchor), effect on the total in points."""

    indicator_code: str
    indicator_title: str
    dimension_code: str
    now: Decimal
    asked: Decimal
    effect: Fraction
    for_floor: bool

    @property
    def effect_rounded(self) -> Decimal:
        return round_half_up(self.effect)


def round_half_up(value: Fraction) -> Decimal:
    """Two places, half away from zero for the non-negative figures used here; exact before the cut."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)
