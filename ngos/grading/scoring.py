"""Two scorings become one set of values (N7), the values become a grade (N8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from ngos.grading.spec import (
    SCALE_TOP,
    DimensionResult,
    Disagreement,
    FloorEffect,
    FrameworkSpec,
    GateFailure,
    GradeResult,
    GradingError,
    LevelSpec,
    MergeResult,
    Scores,
    round_half_up,
)


def merge_scores(framework: FrameworkSpec, first: Scores, second: Scores) -> MergeResult:
    """Join two blind scorings (N7): the mean, or moderation where they are too far apart.

    Moderation: the values differ by more than the framework's threshold, or exactly one is N/A. Both N/A
    stays N/A.
    Raises GradingError when either assessor has left an indicator out.
    """
    for scores in (first, second):
        _refuse_unusable(framework, scores)
        for _, indicator in framework.indicators():
            if indicator.code not in scores:
                raise GradingError(f"شاخص «{indicator.title}» هنوز امتیاز ندارد؛ نخست آن را امتیاز دهید.")
    values: dict[str, Decimal | None] = {}
    disagreements: list[Disagreement] = []
    for dimension, indicator in framework.indicators():
        one, two = first[indicator.code], second[indicator.code]
        if one is None and two is None:
            values[indicator.code] = None
        elif one is None or two is None or abs(one - two) > framework.threshold:
            disagreements.append(Disagreement(indicator.code, indicator.title, dimension.code, one, two))
        else:
            values[indicator.code] = Decimal(one + two) / 2
    return MergeResult(values=values, to_moderate=tuple(disagreements))


def settle_moderation(merged: MergeResult, decided: Scores) -> dict[str, Decimal | None]:
    """The final values: what was agreed and what the moderator decided, one for each disagreement (N7)."""
    for item in merged.to_moderate:
        if item.indicator_code not in decided:
            raise GradingError(f"برای شاخص «{item.indicator_title}» هنوز امتیاز هم‌سنجی ثبت نشده است.")
    if set(decided) - {item.indicator_code for item in merged.to_moderate}:
        raise GradingError("تنها شاخص‌های مورد اختلاف را می‌توان هم‌سنجی کرد.")
    return {**merged.values, **decided}


def grade(framework: FrameworkSpec, values: Scores) -> GradeResult:
    """Scores, total, level, floors, gates and what is missing to the next level (N8).

    Raises GradingError for an unknown indicator, a value outside 0–4, or when nothing at all was scored.
    """
    _refuse_unusable(framework, values)
    dimensions = _grade_dimensions(framework, values)
    total = sum((dimension.contribution for dimension in dimensions), Fraction(0))
    total_rounded = round_half_up(total)
    levels = framework.levels_best_first()
    by_total = next((level for level in levels if total_rounded >= level.lower_bound), levels[-1])
    effects = _floor_effects(framework, by_total, dimensions)
    rank = max((effect.to_rank for effect in effects), default=by_total.rank)
    place = next(index for index, level in enumerate(levels) if level.rank == rank)
    next_level = levels[place - 1] if place else None
    return GradeResult(
        dimensions=dimensions,
        total=total,
        total_rounded=total_rounded,
        level_by_total=by_total,
        level=levels[place],
        floor_effects=effects,
        failed_gates=_failed_gates(framework, values),
        next_level=next_level,
        points_to_next=max(next_level.lower_bound - total_rounded, Decimal(0)) if next_level else Decimal(0),
        next_floors=_unmet_floors(next_level, dimensions) if next_level else (),
    )


def _refuse_unusable(framework: FrameworkSpec, values: Scores) -> None:
    titles = {indicator.code: indicator.title for _, indicator in framework.indicators()}
    for code, value in values.items():
        if code not in titles:
            raise GradingError(f"شاخصی با کد «{code}» در این چارچوب نیست.")
        if isinstance(value, float):
            raise TypeError(f"{code}: a float is not exact; hand in a Decimal")
        if value is not None and not 0 <= value <= SCALE_TOP:
            raise GradingError(f"امتیاز شاخص «{titles[code]}» باید از ۰ تا ۴ باشد.")


def _grade_dimensions(framework: FrameworkSpec, values: Scores) -> tuple[DimensionResult, ...]:
    scored = []
    for dimension in framework.dimensions:
        weighted = weights = Fraction(0)
        for indicator in dimension.indicators:
            value = values.get(indicator.code)
            if value is not None:
                weighted += Fraction(indicator.weight) * Fraction(value)
                weights += Fraction(indicator.weight)
        scored.append((dimension, weighted / (SCALE_TOP * weights) * 100 if weights else None))
    live = sum((Fraction(dimension.weight) for dimension, score in scored if score is not None), Fraction(0))
    if not live:
        raise GradingError("هیچ شاخصی امتیاز ندارد؛ دست‌کم یک شاخص را امتیاز دهید.")
    results = []
    for dimension, score in scored:
        share = Fraction(0) if score is None else Fraction(dimension.weight) / live
        blank = tuple(item.code for item in dimension.indicators if values.get(item.code) is None)
        contribution = Fraction(0) if score is None else share * score
        results.append(
            DimensionResult(
                code=dimension.code,
                title=dimension.title,
                weight=dimension.weight,
                share=share,
                score=score,
                contribution=contribution,
                not_applicable=blank,
            )
        )
    return tuple(results)


def _unmet_floors(
    level: LevelSpec, dimensions: tuple[DimensionResult, ...]
) -> tuple[tuple[DimensionResult, Decimal], ...]:
    """The floors written at this level that are not reached; a dropped dimension has no floor."""
    floors = level.floors
    return tuple(
        (dimension, floors[dimension.code])
        for dimension in dimensions
        if dimension.score_rounded is not None
        and dimension.code in floors
        and dimension.score_rounded < floors[dimension.code]
    )


def _floor_effects(
    framework: FrameworkSpec, by_total: LevelSpec, dimensions: tuple[DimensionResult, ...]
) -> tuple[FloorEffect, ...]:
    """Looks at every level from the band down, so that a floor of a lower level binds the better ones too."""
    effects: dict[str, FloorEffect] = {}
    below = [level for level in framework.levels_best_first() if level.rank >= by_total.rank]
    for level, lower in pairwise(below):
        for dimension, minimum in _unmet_floors(level, dimensions):
            # Going down, the last entry stays: the floor that has to be met to leave `lower` again.
            effects[dimension.code] = FloorEffect(
                dimension_code=dimension.code,
                dimension_title=dimension.title,
                score=dimension.score_rounded or Decimal(0),
                minimum=minimum,
                from_rank=by_total.rank,
                to_rank=lower.rank,
            )
    return tuple(effects.values())


def _failed_gates(framework: FrameworkSpec, values: Scores) -> tuple[GateFailure, ...]:
    failed = []
    for _, indicator in framework.indicators():
        value = values.get(indicator.code)
        if indicator.is_gate and (value is None or value < framework.gate_minimum):
            failed.append(GateFailure(indicator.code, indicator.title, value, framework.gate_minimum))
    return tuple(failed)
