"""What may be published as a framework, what may be submitted as scores (N6, N7)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ngos.grading import FrameworkSpec, check_framework, check_scores
from tests.ngos.grading_builder import ANCHORS, EXAMPLES, PLAIN_LEVELS, build


def edit_indicator(framework: FrameworkSpec, **changes: object) -> FrameworkSpec:
    first = framework.dimensions[0]
    indicators = (replace(first.indicators[0], **changes), *first.indicators[1:])
    return replace(framework, dimensions=(replace(first, indicators=indicators), *framework.dimensions[1:]))


def edit_dimension(framework: FrameworkSpec, **changes: object) -> FrameworkSpec:
    return replace(
        framework, dimensions=(replace(framework.dimensions[0], **changes), *framework.dimensions[1:])
    )


def edit_level(framework: FrameworkSpec, place: int, **changes: object) -> FrameworkSpec:
    levels = list(framework.levels)
    levels[place] = replace(levels[place], **changes)
    return replace(framework, levels=tuple(levels))


SOUND, _ = build(EXAMPLES["C"][0])


def test_a_sound_framework_has_no_complaint_in_any_order_of_levels():
    assert check_framework(SOUND) == []
    assert check_framework(replace(SOUND, levels=SOUND.levels[::-1])) == []


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (replace(SOUND, dimensions=(), levels=PLAIN_LEVELS), "چارچوب هیچ بُعدی ندارد؛ دست‌کم یک بُعد بیفزایید."),
        (replace(SOUND, levels=()), "چارچوب هیچ سطحی ندارد؛ دست‌کم یک سطح بیفزایید."),
        (edit_dimension(SOUND, weight=Decimal(0)), "وزن بُعد «بُعد g» باید بزرگ‌تر از صفر باشد."),
        (edit_dimension(SOUND, title=" "), "بُعد «g» عنوان ندارد."),
        (edit_dimension(SOUND, indicators=()), "بُعد «بُعد g» هیچ شاخصی ندارد؛ دست‌کم یک شاخص بیفزایید."),
        (edit_dimension(SOUND, code="p"), "کد بُعد «p» بیش از یک بار آمده است؛ هر بُعد کد جداگانه می‌خواهد."),
        (edit_indicator(SOUND, weight=Decimal(-1)), "وزن شاخص «شاخص g1» باید بزرگ‌تر از صفر باشد."),
        (edit_indicator(SOUND, title=""), "شاخص «g1» عنوان ندارد."),
        (
            edit_indicator(SOUND, code="p1"),
            "کد شاخص «p1» بیش از یک بار آمده است؛ هر شاخص کد جداگانه می‌خواهد.",
        ),
        (
            edit_indicator(SOUND, anchors=ANCHORS[:4]),
            "شاخص «شاخص g1» باید درست پنج شرح برای امتیازهای ۰ تا ۴ داشته باشد.",
        ),
        (
            edit_indicator(SOUND, anchors=(*ANCHORS[:3], " ", ANCHORS[4])),
            "شرح امتیاز ۳ در شاخص «شاخص g1» خالی است؛ آن را بنویسید.",
        ),
        (
            edit_level(SOUND, 3, lower_bound=Decimal(1)),
            "مرز پایین سطح ۴ باید صفر باشد تا هیچ امتیازی بیرون از سطح‌ها نماند.",
        ),
        (
            edit_level(SOUND, 0, lower_bound=Decimal(70)),
            "مرز پایین سطح ۱ باید بیشتر از مرز پایین سطح ۲ باشد.",
        ),
        (edit_level(SOUND, 0, lower_bound=Decimal(101)), "مرز پایین سطح ۱ باید از ۰ تا ۱۰۰ باشد."),
        (edit_level(SOUND, 2, label=""), "سطح ۳ نام ندارد."),
        (edit_level(SOUND, 0, rank=2), "رتبه ۲ برای بیش از یک سطح آمده است."),
        (
            edit_level(SOUND, 0, floors={"money": Decimal(40)}),
            "کف سطح ۱ به بُعدی با کد «money» اشاره دارد که در چارچوب نیست.",
        ),
        (edit_level(SOUND, 0, floors={"p": Decimal(101)}), "کف «بُعد p» در سطح ۱ باید از ۰ تا ۱۰۰ باشد."),
        (edit_level(SOUND, 3, floors={"p": Decimal(1)}), "سطح ۴ پایین‌ترین سطح است و نباید کف داشته باشد."),
        (replace(SOUND, threshold=Decimal(-1)), "آستانه هم‌سنجی نمی‌تواند منفی باشد."),
        (replace(SOUND, gate_minimum=Decimal(5)), "کمینه شرط لازم باید از ۰ تا ۴ باشد."),
    ],
)
def test_each_fault_of_a_framework_has_its_own_sentence(broken: FrameworkSpec, sentence: str):
    assert check_framework(broken) == [sentence]


def test_scores_are_complete_before_they_are_submitted():
    framework, values = build({"g": ("1", [("1", "4"), ("1", None), ("1", "3"), ("1", None)])}, gates={"g2"})
    del values["g3"]
    problems = check_scores(framework, values)
    assert len(problems) == 2
    assert "شاخص g2" in problems[0] and "شرط لازم" in problems[0]
    assert "شاخص g3" in problems[1] and "امتیاز ندارد" in problems[1]
    assert check_scores(framework, {**values, "g2": Decimal(0), "g3": Decimal(9)}) == [
        "امتیاز شاخص «شاخص g3» باید از ۰ تا ۴ باشد."
    ]
