"""Grading: the worked examples, bands, floors, gates, moderation, the way to the next level (N6–N9)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ngos.grading import (
    UNFIT_LABEL,
    GradeResult,
    GradingError,
    LevelSpec,
    explain,
    gap_to_next_level,
    grade,
    level_title,
    merge_scores,
    settle_moderation,
)
from tests.ngos.grading_builder import EXAMPLES, LEVELS, PLAIN_LEVELS, build


def scores(result: GradeResult) -> list[str | None]:
    return [None if item.score_rounded is None else str(item.score_rounded) for item in result.dimensions]


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples(name: str):
    dimensions, expected_scores, expected_total, expected_rank = EXAMPLES[name]
    result = grade(*build(dimensions))
    assert scores(result) == expected_scores
    assert str(result.total_rounded) == expected_total
    assert result.level.rank == expected_rank
    assert result.fit_for_introduction


def test_example_b_drops_the_dimension_without_any_score():
    result = grade(*build(EXAMPLES["B"][0]))
    dropped = result.dimensions[1]
    assert dropped.dropped and dropped.contribution == 0 and dropped.share == 0
    assert dropped.not_applicable == ("f1", "f2")
    assert result.dimensions[0].not_applicable == ("g2",)
    assert result.dimensions[0].share == 1


def test_example_c_names_the_floor_that_lowered_the_level():
    result = grade(*build(EXAMPLES["C"][0]))
    assert (result.level_by_total.rank, result.level.rank) == (2, 3)
    (effect,) = result.floor_effects
    assert (effect.dimension_code, effect.score, effect.minimum) == ("finance", Decimal("37.50"), 40)
    assert (effect.from_rank, effect.to_rank) == (2, 3)
    assert [(item.code, minimum) for item, minimum in result.next_floors] == [("finance", 40)]
    assert result.points_to_next == 0


def test_example_d_with_a_gate_is_unfit_but_keeps_its_level():
    result = grade(*build(EXAMPLES["D"][0], gates={"g3"}))
    assert (str(result.total_rounded), result.level.rank) == ("67.50", 3)
    assert not result.fit_for_introduction
    assert result.fitness_label == UNFIT_LABEL == "فاقد شرایط معرفی"
    (gate,) = result.failed_gates
    assert (gate.indicator_code, gate.value, gate.minimum) == ("g3", 2, 3)


@pytest.mark.parametrize(
    ("total", "rounded", "rank"),
    [
        ("85", "85.00", 1),
        ("84.995", "85.00", 1),
        ("84.9949999", "84.99", 2),
        ("84.994", "84.99", 2),
        ("70", "70.00", 2),
        ("69.995", "70.00", 2),
        ("69.994", "69.99", 3),
        ("50", "50.00", 3),
        ("49.994", "49.99", 4),
        ("0", "0.00", 4),
        ("100", "100.00", 1),
    ],
)
def test_bands_are_half_open_and_look_at_the_rounded_total(total: str, rounded: str, rank: int):
    framework, values = build({"g": ("1", [("1", str(Decimal(total) / 25))])})
    result = grade(framework, values)
    assert (str(result.total_rounded), result.level.rank) == (rounded, rank)


@pytest.mark.parametrize(("finance", "rank"), [("39.995", 2), ("39.994", 3), ("40", 2), ("0", 3)])
def test_floors_look_at_the_rounded_score(finance: str, rank: int):
    framework, values = build(
        {
            "g": ("60", [("1", "4")]),
            "finance": ("20", [("1", str(Decimal(finance) / 25))]),
            "p": ("20", [("1", "3")]),
        }
    )
    result = grade(framework, values)
    assert result.total_rounded >= 70
    assert result.level.rank == rank


def test_floor_takes_the_best_level_down_past_two_levels():
    result = grade(*build({"g": ("95", [("1", "4")]), "finance": ("5", [("1", "1")])}))
    assert (result.level_by_total.rank, result.level.rank) == (1, 3)
    assert [(item.from_rank, item.to_rank) for item in result.floor_effects] == [(1, 3)]


def test_floor_of_a_level_binds_the_better_levels_too():
    only_second = (replace(LEVELS[0], floors={}), *LEVELS[1:])
    dimensions = {"g": ("95", [("1", "4")]), "finance": ("5", [("1", "1")])}
    assert grade(*build(dimensions, levels=only_second)).level.rank == 3


def test_stricter_floor_of_the_best_level_costs_one_level_only():
    levels = (replace(LEVELS[0], floors={"finance": Decimal(60)}), *LEVELS[1:])
    result = grade(*build({"g": ("95", [("1", "4")]), "finance": ("5", [("1", "2")])}, levels=levels))
    assert result.level.rank == 2
    assert [(item.minimum, item.from_rank, item.to_rank) for item in result.floor_effects] == [(60, 1, 2)]


def test_two_floors_each_say_what_they_cost():
    levels = (
        LevelSpec(1, "ممتاز", Decimal(85), {"f": Decimal(60), "p": Decimal(60)}),
        LevelSpec(2, "توسعه‌یافته", Decimal(70), {"p": Decimal(60)}),
        *PLAIN_LEVELS[2:],
    )
    dimensions = {"g": ("90", [("1", "4")]), "f": ("5", [("1", "2")]), "p": ("5", [("1", "2")])}
    result = grade(*build(dimensions, levels=levels))
    assert result.level.rank == 3
    assert {item.dimension_code: item.to_rank for item in result.floor_effects} == {"f": 2, "p": 3}


def test_a_dropped_dimension_has_no_floor():
    result = grade(*build({"g": ("80", [("1", "4")]), "finance": ("20", [("1", None)])}))
    assert (result.level.rank, result.floor_effects) == (1, ())


@pytest.mark.parametrize(
    ("value", "fit"), [("4", True), ("3", True), ("2.99", False), ("2.5", False), ("0", False), (None, False)]
)
def test_a_gate_holds_at_three_or_more(value: str | None, fit: bool):
    framework, values = build({"g": ("1", [("1", "4"), ("1", value)])}, gates={"g2"})
    assert grade(framework, values).fit_for_introduction is fit


def test_a_gate_left_out_altogether_is_not_met():
    framework, values = build({"g": ("1", [("1", "4"), ("1", "4")])}, gates={"g2"})
    del values["g2"]
    assert [gate.value for gate in grade(framework, values).failed_gates] == [None]


@pytest.mark.parametrize("wrong", ["4.01", "-0.01", "5"])
def test_values_outside_the_scale_are_refused(wrong: str):
    framework, _ = build({"g": ("1", [("1", "4")])})
    with pytest.raises(GradingError, match="از ۰ تا ۴"):
        grade(framework, {"g1": Decimal(wrong)})


def test_unknown_indicators_and_an_empty_scoring_are_refused():
    framework, _ = build({"g": ("1", [("1", "4")])})
    with pytest.raises(GradingError, match="در این چارچوب نیست"):
        grade(framework, {"g1": Decimal(1), "x": Decimal(1)})
    with pytest.raises(GradingError, match="هیچ شاخصی امتیاز ندارد"):
        grade(framework, {"g1": None})


def test_a_float_is_refused_because_it_is_not_exact():
    framework, _ = build({"g": ("1", [("1", "4")])})
    with pytest.raises(TypeError):
        grade(framework, {"g1": 2.5})


# Two assessors (N7)


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        ("2", "3", "2.5"),
        ("3", "2", "2.5"),
        ("4", "4", "4"),
        ("0", "1", "0.5"),
        ("1.5", "2", "1.75"),
        (None, None, None),
    ],
)
def test_near_scores_count_by_their_mean(first: str | None, second: str | None, merged: str | None):
    framework, one = build({"g": ("1", [("1", first)])})
    _, two = build({"g": ("1", [("1", second)])})
    result = merge_scores(framework, one, two)
    assert not result.needs_moderation
    assert result.values == {"g1": None if merged is None else Decimal(merged)}


@pytest.mark.parametrize(
    ("first", "second"), [("1", "3"), ("4", "0"), ("2", "3.01"), (None, "3"), ("0", None)]
)
def test_scores_too_far_apart_or_one_without_subject_go_to_moderation(first: str | None, second: str | None):
    framework, one = build({"g": ("1", [("1", first), ("1", "2")])})
    _, two = build({"g": ("1", [("1", second), ("1", "2")])})
    result = merge_scores(framework, one, two)
    (item,) = result.to_moderate
    assert (item.indicator_code, item.dimension_code, item.first, item.second) == (
        "g1",
        "g",
        one["g1"],
        two["g1"],
    )
    assert result.values == {"g2": 2}
    assert settle_moderation(result, {"g1": Decimal(1)}) == {"g1": 1, "g2": 2}


def test_the_threshold_is_the_frameworks():
    framework, one = build({"g": ("1", [("1", "1")])})
    two = {"g1": Decimal(3)}
    assert merge_scores(framework, one, two).needs_moderation
    assert not merge_scores(replace(framework, threshold=Decimal(2)), one, two).needs_moderation


def test_merging_wants_every_indicator_from_both():
    framework, one = build({"g": ("1", [("1", "1"), ("1", "2")])})
    with pytest.raises(GradingError, match="شاخص g2"):
        merge_scores(framework, one, {"g1": Decimal(1)})


def test_moderation_settles_exactly_what_differed():
    framework, one = build({"g": ("1", [("1", "1"), ("1", "2")])})
    merged = merge_scores(framework, one, {"g1": Decimal(4), "g2": Decimal(2)})
    with pytest.raises(GradingError, match="هم‌سنجی ثبت نشده"):
        settle_moderation(merged, {})
    with pytest.raises(GradingError, match="مورد اختلاف"):
        settle_moderation(merged, {"g1": Decimal(2), "g2": Decimal(4)})


# The way to the next level (N8)


def test_gap_takes_the_most_effective_first_and_asks_no_more_than_needed():
    framework, values = build(
        {"g": ("60", [("2", "2"), ("1", "2")]), "f": ("40", [("1", "3"), ("3", "3")])}, levels=PLAIN_LEVELS
    )
    assert str(grade(framework, values).total_rounded) == "60.00"
    steps = gap_to_next_level(framework, values)
    assert [(step.indicator_code, step.now, step.asked, step.effect_rounded) for step in steps] == [
        ("g1", 2, 3, Decimal("10.00"))
    ]


def test_gap_uses_several_indicators_when_one_is_not_enough():
    framework, values = build(
        {"g": ("60", [("2", "2"), ("1", "2")]), "f": ("40", [("1", "3"), ("3", "3")])}, levels=PLAIN_LEVELS
    )
    values |= {"g1": Decimal(3)}
    steps = gap_to_next_level(framework, values)
    assert [(step.indicator_code, step.asked) for step in steps] == [("g1", 4), ("g2", 3)]
    assert [str(step.effect_rounded) for step in steps] == ["10.00", "5.00"]


def test_gap_lowers_what_the_least_effective_indicator_is_asked():
    framework, values = build(
        {"g": ("1", [("2", "2"), ("3", "2"), ("5", "4")])},
        levels=(replace(PLAIN_LEVELS[0], lower_bound=Decimal(92)), *PLAIN_LEVELS[1:]),
    )
    steps = gap_to_next_level(framework, values)
    assert [(step.indicator_code, step.asked) for step in steps] == [("g2", 4), ("g1", 3)]


def test_gap_for_a_floor_only_stays_in_that_dimension():
    framework, values = build(EXAMPLES["C"][0])
    (step,) = gap_to_next_level(framework, values)
    assert (step.indicator_code, step.now, step.asked, step.for_floor) == ("finance1", 1, 2, True)
    assert step.effect_rounded == Decimal("2.50")


def test_gap_counts_on_rounding_as_the_level_does():
    # With g1 at 3 the exact total is 84.995, which is 85.00 rounded: no need to ask for more.
    framework, values = build({"g": ("1", [("1", "2"), ("1", "3.7996")])}, levels=PLAIN_LEVELS)
    assert [(step.indicator_code, step.asked) for step in gap_to_next_level(framework, values)] == [("g1", 3)]


def test_gap_leaves_what_has_no_subject_alone_and_is_empty_at_the_top():
    framework, values = build({"g": ("1", [("9", None), ("1", "1")])}, levels=PLAIN_LEVELS)
    assert [step.indicator_code for step in gap_to_next_level(framework, values)] == ["g2"]
    assert gap_to_next_level(framework, {"g1": None, "g2": Decimal(4)}) == []


# Words (N8)


def test_explanation_of_example_c():
    assert explain(grade(*build(EXAMPLES["C"][0]))) == [
        "امتیاز کل ۸۱٫۸۸ از ۱۰۰ است و در بازه سطح ۲ – توسعه‌یافته جای می‌گیرد.",
        "«بُعد g»: امتیاز ۱۰۰ با وزن ۵۰؛ سهم در امتیاز کل ۵۰ و امتیاز ازدست‌رفته ۰.",
        "«بُعد finance»: امتیاز ۳۷٫۵ با وزن ۲۰؛ سهم در امتیاز کل ۷٫۵ و امتیاز ازدست‌رفته ۱۲٫۵.",
        "«بُعد p»: امتیاز ۸۱٫۲۵ با وزن ۳۰؛ سهم در امتیاز کل ۲۴٫۳۸ و امتیاز ازدست‌رفته ۵٫۶۳.",
        "امتیاز «بُعد finance» ۳۷٫۵ و کمتر از کف ۴۰ است؛ از این رو سطح از ۲ به ۳ پایین آمد.",
        "سطح نهایی: سطح ۳ – در حال توسعه.",
        "برای سطح ۲ – توسعه‌یافته امتیاز «بُعد finance» باید دست‌کم ۴۰ باشد؛ اکنون ۳۷٫۵ است.",
    ]


def test_explanation_of_gates_dropped_dimensions_and_missing_points():
    lines = explain(grade(*build(EXAMPLES["D"][0], gates={"g3"})))
    assert "شرط لازم «شاخص g3» برآورده نیست: امتیاز آن ۲ است و دست‌کم ۳ لازم است." in lines
    assert "نتیجه: فاقد شرایط معرفی." in lines
    assert lines[-1] == "تا سطح ۲ – توسعه‌یافته، ۲٫۵ امتیاز مانده است."
    dropped = explain(grade(*build(EXAMPLES["B"][0], gates={"f1"})))
    assert any(line.startswith("«بُعد f» در محاسبه نیامد") for line in dropped)
    assert any("امتیازی ندارد" in line for line in dropped)
    assert explain(grade(*build({"g": ("1", [("1", "4")])})))[-1] == "این بالاترین سطح چارچوب است."


def test_level_title():
    assert level_title(LEVELS[1]) == "سطح ۲ – توسعه‌یافته"
