"""The arithmetic of capacity grading (N6–N9): pure, exact, explained.

No ORM, no clock, no input or output: a framework and the values of its indicators go in, a result that can
say how it came about comes out. Everything is computed in fractions; figures are rounded half-up to two
places only at the end, and level and floors look at the rounded figures (84.995 → 85.00).

Source of the formulas: the design's page on workflows, "Grading, worked":
dimension = Σ(w·v) / Σ(4·w) × 100 over the indicators that are not N/A; total = Σ(W·dimension) / ΣW over the
dimensions that are left. Units: values 0–4; scores, contributions and bounds in points of 100.
"""

from ngos.grading.checks import check_framework, check_scores
from ngos.grading.explanation import explain, level_title
from ngos.grading.gap import gap_to_next_level
from ngos.grading.scoring import grade, merge_scores, settle_moderation
from ngos.grading.spec import (
    ANCHOR_COUNT,
    SCALE_TOP,
    UNFIT_LABEL,
    DimensionResult,
    DimensionSpec,
    Disagreement,
    FloorEffect,
    FrameworkSpec,
    GapStep,
    GateFailure,
    GradeResult,
    GradingError,
    IndicatorSpec,
    LevelSpec,
    MergeResult,
    Scores,
    round_half_up,
)

__all__ = [
    "ANCHOR_COUNT",
    "SCALE_TOP",
    "UNFIT_LABEL",
    "DimensionResult",
    "DimensionSpec",
    "Disagreement",
    "FloorEffect",
    "FrameworkSpec",
    "GapStep",
    "GateFailure",
    "GradeResult",
    "GradingError",
    "IndicatorSpec",
    "LevelSpec",
    "MergeResult",
    "Scores",
    "check_framework",
    "check_scores",
    "explain",
    "gap_to_next_level",
    "grade",
    "level_title",
    "merge_scores",
    "round_half_up",
    "settle_moderation",
]
