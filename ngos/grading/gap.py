"""What is missing to the next level: the fewest indicators that have to rise (N8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor

from ngos.grading.scoring import grade
from ngos.grading.spec import SCALE_TOP, FrameworkSpec, GapStep, GradeResult, Scores, round_half_up


def gap_to_next_level(framework: FrameworkSpec, values: Scores) -> list[GapStep]:
    """The fewest indicators to raise for the next level, floors included, most effective first (N8).

    Effects on the total add up, so taking the largest possible gains first gives the fewest indicators: in
    each dimension under its floor until the floor is reached, then anywhere until the bound is. At the end
    each value asked is lowered, the least effective first, to the smallest whole anchor that still does.
    N/A stays N/A.
    Empty at the best level. Raises GradingError as `grade` does.
    """
    result = grade(framework, values)
    if result.next_level is None:
        return []
    candidates = _candidates(framework, values, result)
    chosen: dict[str, GapStep] = {}
    for dimension, _ in result.next_floors:
        for step in (item for item in candidates if item.dimension_code == dimension.code):
            if dimension.code not in _short_floors(result, chosen.values()):
                break
            chosen[step.indicator_code] = step
    for step in candidates:
        if _reaches(result, chosen.values()):
            break
        chosen[step.indicator_code] = step
    for step in sorted(chosen.values(), key=lambda item: item.effect):
        for asked in range(floor(step.now) + 1, SCALE_TOP):
            lowered = _with_asked(step, Decimal(asked))
            if _reaches(result, {**chosen, step.indicator_code: lowered}.values()):
                chosen[step.indicator_code] = lowered
                break
    return sorted(chosen.values(), key=lambda item: -item.effect)


def _reaches(result: GradeResult, steps: Iterable[GapStep]) -> bool:
    steps = list(steps)
    total = round_half_up(result.total + sum((step.effect for step in steps), Fraction(0)))
    bound = result.next_level.lower_bound if result.next_level else Decimal(0)
    return total >= bound and not _short_floors(result, steps)


def _short_floors(result: GradeResult, steps: Iterable[GapStep]) -> set[str]:
    """The dimensions still under the next level's floor after these steps."""
    gained: dict[str, Fraction] = {}
    for step in steps:
        gained[step.dimension_code] = gained.get(step.dimension_code, Fraction(0)) + step.effect
    return {
        dimension.code
        for dimension, minimum in result.next_floors
        if round_half_up((dimension.contribution + gained.get(dimension.code, Fraction(0))) / dimension.share)
        < minimum
    }


def _candidates(framework: FrameworkSpec, values: Scores, result: GradeResult) -> list[GapStep]:
    """Every scored indicator raised to the top of the scale, the largest gain first, then in given order."""
    shares = {dimension.code: dimension.share for dimension in result.dimensions}
    under_floor = {dimension.code for dimension, _ in result.next_floors}
    steps = []
    for dimension in framework.dimensions:
        scored = [(item, values.get(item.code)) for item in dimension.indicators]
        weights = sum((Fraction(item.weight) for item, value in scored if value is not None), Fraction(0))
        for item, value in scored:
            if value is not None and value < SCALE_TOP:
                per_point = Fraction(item.weight) / (SCALE_TOP * weights) * 100 * shares[dimension.code]
                effect = per_point * (SCALE_TOP - Fraction(value))
                needed = dimension.code in under_floor
                steps.append(
                    GapStep(item.code, item.title, dimension.code, value, Decimal(SCALE_TOP), effect, needed)
                )
    return sorted(steps, key=lambda step: -step.effect)


def _with_asked(step: GapStep, asked: Decimal) -> GapStep:
    share_of_gain = Fraction(asked - step.now) / Fraction(step.asked - step.now)
    return replace(step, asked=asked, effect=step.effect * share_of_gain)
