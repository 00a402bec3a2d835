"""Grading holds for any framework and any scores, not for the examples only (N7, N8)."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import combinations, islice

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ngos.grading import (
    DimensionSpec,
    FrameworkSpec,
    IndicatorSpec,
    LevelSpec,
    check_framework,
    explain,
    gap_to_next_level,
    grade,
    merge_scores,
    round_half_up,
)

# A busy machine is no failure of the arithmetic.
steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

Values = dict[str, Decimal | None]
Case = tuple[FrameworkSpec, Values]

weights = st.decimals(min_value="0.01", max_value="99", places=2)
halves = st.integers(0, 8).map(lambda twice: Decimal(twice) / 2)
scored = halves | st.decimals(min_value=0, max_value=4, places=3)
values_or_none = scored | st.none()
points = st.decimals(min_value=0, max_value=100, places=2)


@st.composite
def frameworks(draw: st.DrawFn) -> FrameworkSpec:
    dimensions = []
    for place in range(draw(st.integers(1, 5))):
        indicators = tuple(
            IndicatorSpec(f"i{place}_{number}", "شاخص", draw(weights), draw(st.booleans()), tuple("الفبپ"))
            for number in range(draw(st.integers(1, 5)))
        )
        dimensions.append(DimensionSpec(f"d{place}", "بُعد", draw(weights), indicators))
    bounds = sorted(draw(st.sets(points.filter(bool), min_size=1, max_size=4)), reverse=True)
    codes = st.sampled_from([dimension.code for dimension in dimensions])
    levels = [
        LevelSpec(rank, "سطح", bound, draw(st.dictionaries(codes, points, max_size=2)))
        for rank, bound in enumerate(bounds, start=1)
    ]
    levels.append(LevelSpec(len(bounds) + 1, "سطح", Decimal(0)))
    return FrameworkSpec(tuple(dimensions), tuple(levels))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    framework = draw(frameworks())
    values = {indicator.code: draw(values_or_none) for _, indicator in framework.indicators()}
    assume(any(value is not None for value in values.values()))
    return framework, values


@steady
@given(frameworks())
def test_generated_frameworks_are_sound(framework: FrameworkSpec):
    assert check_framework(framework) == []


@steady
@given(cases(), st.data())
def test_raising_a_value_never_lowers_total_or_level(case: Case, data: st.DataObject):
    framework, values = case
    code = data.draw(st.sampled_from(sorted(code for code, value in values.items() if value is not None)))
    higher = data.draw(st.decimals(min_value=values[code], max_value=4, places=3))
    before, after = grade(framework, values), grade(framework, {**values, code: higher})
    assert after.total >= before.total
    assert after.level.rank <= before.level.rank
    assert len(after.failed_gates) <= len(before.failed_gates)
    if higher > values[code]:
        assert after.total > before.total


@steady
@given(cases())
def test_total_lies_between_the_lowest_and_highest_dimension(case: Case):
    result = grade(*case)
    live = [dimension.score for dimension in result.dimensions if dimension.score is not None]
    assert 0 <= min(live) <= result.total <= max(live) <= 100


@steady
@given(cases())
def test_contributions_sum_to_the_total_and_shares_to_one(case: Case):
    result = grade(*case)
    assert sum(dimension.contribution for dimension in result.dimensions) == result.total
    assert sum(dimension.share for dimension in result.dimensions) == 1
    for dimension in result.dimensions:
        assert dimension.contribution == dimension.share * (dimension.score or 0)
        assert dimension.dropped == (
            len(dimension.not_applicable) == len(_indicators(case[0], dimension.code))
        )


@steady
@given(cases())
def test_total_equals_the_formula_written_over_one_denominator(case: Case):
    framework, values = case
    numerator, denominator = 0, 0
    scaled = []
    for dimension in framework.dimensions:
        live = [item for item in dimension.indicators if values[item.code] is not None]
        got = sum(int(item.weight * 100) * int(values[item.code] * 1000) for item in live)
        most = sum(int(item.weight * 100) * 4000 for item in live)
        if live:
            scaled.append((int(dimension.weight * 100), got, most))
    product = 1
    for _, _, most in scaled:
        product *= most
    for weight, got, most in scaled:
        numerator += weight * got * (product // most) * 100
        denominator += weight * product
    assert grade(framework, values).total == Fraction(numerator, denominator)


@steady
@given(cases(), st.data())
def test_a_dimension_without_scores_is_as_if_it_were_not_there(case: Case, data: st.DataObject):
    framework, values = case
    gone = data.draw(st.sampled_from(framework.dimensions))
    values = {**values, **{item.code: None for item in gone.indicators}}
    assume(any(value is not None for value in values.values()))
    levels = tuple(
        replace(level, floors={code: floor for code, floor in level.floors.items() if code != gone.code})
        for level in framework.levels
    )
    rest = FrameworkSpec(tuple(item for item in framework.dimensions if item != gone), levels)
    with_it = grade(framework, values)
    without = grade(rest, {code: value for code, value in values.items() if code not in _codes(gone)})
    assert (with_it.total, with_it.level.rank) == (without.total, without.level.rank)
    assert [item for item in with_it.dimensions if item.code != gone.code] == list(without.dimensions)


@steady
@given(cases(), st.data())
def test_the_order_of_things_changes_nothing(case: Case, data: st.DataObject):
    framework, values = case
    shuffled = FrameworkSpec(
        tuple(
            replace(dimension, indicators=tuple(data.draw(st.permutations(dimension.indicators))))
            for dimension in data.draw(st.permutations(framework.dimensions))
        ),
        tuple(data.draw(st.permutations(framework.levels))),
    )
    one = grade(framework, values)
    two = grade(shuffled, dict(data.draw(st.permutations(list(values.items())))))
    assert (one.total, one.level, one.next_level) == (two.total, two.level, two.next_level)
    assert set(one.failed_gates) == set(two.failed_gates)
    assert set(one.floor_effects) == set(two.floor_effects)


@steady
@given(cases(), st.decimals(min_value="0.01", max_value="1000", places=2))
def test_scaling_all_weights_changes_nothing(case: Case, factor: Decimal):
    framework, values = case
    scaled = replace(
        framework,
        dimensions=tuple(
            replace(
                dimension,
                weight=dimension.weight * factor,
                indicators=tuple(replace(item, weight=item.weight * factor) for item in dimension.indicators),
            )
            for dimension in framework.dimensions
        ),
    )
    one, two = grade(framework, values), grade(scaled, values)
    assert (one.total, one.level.rank) == (two.total, two.level.rank)
    assert [item.contribution for item in one.dimensions] == [item.contribution for item in two.dimensions]


@steady
@given(cases())
def test_level_follows_from_rounded_total_and_floors(case: Case):
    framework, values = case
    result = grade(framework, values)
    score = {item.code: item.score_rounded for item in result.dimensions if not item.dropped}

    def allowed(level: LevelSpec) -> bool:
        binding = [other for other in framework.levels if other.rank >= level.rank]
        return result.total_rounded >= level.lower_bound and all(
            score[code] >= minimum
            for other in binding
            for code, minimum in other.floors.items()
            if code in score
        )

    assert result.level.rank == min(level.rank for level in framework.levels if allowed(level))
    assert bool(result.floor_effects) == (result.level.rank != result.level_by_total.rank)


@steady
@given(st.fractions(min_value=0, max_value=100, max_denominator=10**6) | points.map(Fraction))
def test_rounding_is_half_up(value: Fraction):
    with localcontext() as context:
        context.prec = 60
        expected = (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert round_half_up(value) == expected
    assert str(round_half_up(value)) == str(expected)


@steady
@given(st.integers(0, 9999))
def test_every_exact_half_goes_up(hundredths: int):
    half = Fraction(2 * hundredths + 1, 200)
    assert round_half_up(half) == Decimal(hundredths + 1) / 100
    assert round_half_up(half - Fraction(1, 10**12)) == Decimal(hundredths) / 100


@steady
@given(frameworks(), st.data())
def test_merging_is_symmetric_and_lies_between_both(framework: FrameworkSpec, data: st.DataObject):
    codes = [item.code for _, item in framework.indicators()]
    first = {code: data.draw(values_or_none) for code in codes}
    second = {code: data.draw(values_or_none) for code in codes}
    one, two = merge_scores(framework, first, second), merge_scores(framework, second, first)
    assert one.values == two.values
    moderated = {item.indicator_code for item in one.to_moderate}
    assert moderated == {item.indicator_code for item in two.to_moderate}
    assert moderated | set(one.values) == set(codes) and not moderated & set(one.values)
    for code in codes:
        a, b = first[code], second[code]
        if code in moderated:
            assert (a is None) != (b is None) or abs(a - b) > 1
        elif a is None or b is None:
            assert a is b is one.values[code]
        else:
            assert abs(a - b) <= 1 and one.values[code] * 2 == a + b


@steady
@given(cases())
def test_gap_steps_reach_the_next_level_and_none_can_be_spared(case: Case):
    framework, values = case
    before = grade(framework, values)
    steps = gap_to_next_level(framework, values)
    if before.next_level is None:
        assert steps == []
        return
    assert steps
    raised = {step.indicator_code: step.asked for step in steps}
    after = grade(framework, {**values, **raised})
    assert after.level.rank <= before.next_level.rank
    assert sum(step.effect for step in steps) == after.total - before.total
    assert [step.effect for step in steps] == sorted((step.effect for step in steps), reverse=True)
    for step in steps:
        assert values[step.indicator_code] == step.now < step.asked <= 4
        assert step.asked == int(step.asked)
        without = {**values, **raised, step.indicator_code: step.now}
        assert grade(framework, without).level.rank > before.next_level.rank
        one_less = max(step.now, step.asked - 1)
        assert (
            grade(framework, {**values, **raised, step.indicator_code: one_less}).level.rank
            == before.level.rank
        )


@steady
@given(cases(), st.data())
def test_gap_asks_for_the_fewest_indicators(case: Case, data: st.DataObject):
    framework, values = case
    before = grade(framework, values)
    steps = gap_to_next_level(framework, values)
    open_codes = [code for code, value in values.items() if value is not None and value < 4]
    order = data.draw(st.permutations(open_codes))
    for fewer in islice(combinations(order, max(len(steps) - 1, 0)), 30):
        tried = grade(framework, {**values, **dict.fromkeys(fewer, Decimal(4))})
        assert tried.level.rank == before.level.rank


@steady
@given(cases())
def test_explanation_is_whole_sentences_in_persian_digits(case: Case):
    result = grade(*case)
    lines = explain(result)
    assert all(line.endswith(".") and not any(sign in "0123456789" for sign in line) for line in lines)
    assert len(lines) >= 2 + len(result.dimensions) - (result.next_level is not None)


def _codes(dimension: DimensionSpec) -> set[str]:
    return {item.code for item in dimension.indicators}


def _indicators(framework: FrameworkSpec, code: str) -> tuple[IndicatorSpec, ...]:
    return next(dimension.indicators for dimension in framework.dimensions if dimension.code == code)
