"""What has to be right before a framework is published or scores are handed in, as Persian sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import pairwise

from ngos.grading.spec import (
    ANCHOR_COUNT,
    SCALE_TOP,
    DimensionSpec,
    FrameworkSpec,
    IndicatorSpec,
    LevelSpec,
    Scores,
)
from staff_portal.kernel.persian.digits import to_persian_digits


def check_framework(spec: FrameworkSpec) -> list[str]:
    """Everything that keeps a framework from being published (N6), one sentence each; empty when it is sound.

    Weights above 0, five written anchors each, codes unique, level bounds from 0 up without gap, floors that
    name existing dimensions and leave the lowest level open to everyone.
    """
    return [*_check_dimensions(spec), *_check_levels(spec), *_check_floors(spec), *_check_limits(spec)]


def check_scores(framework: FrameworkSpec, values: Scores) -> list[str]:
    """What keeps one assessor's scores from being submitted (N7), one sentence each: an indicator left out,
    N/A on a gate, a value outside the scale.
    """
    problems = []
    for _, indicator in framework.indicators():
        value = values.get(indicator.code)
        if indicator.code not in values:
            problems.append(
                f"شاخص «{indicator.title}» امتیاز ندارد؛ امتیاز بدهید یا «موضوعیت ندارد» را برگزینید."
            )
        elif value is None and indicator.is_gate:
            problems.append(f"شاخص «{indicator.title}» شرط لازم است و «موضوعیت ندارد» برای آن پذیرفته نیست.")
        elif value is not None and not 0 <= value <= SCALE_TOP:
            problems.append(f"امتیاز شاخص «{indicator.title}» باید از ۰ تا ۴ باشد.")
    return problems


def _check_dimensions(spec: FrameworkSpec) -> Iterator[str]:
    if not spec.dimensions:
        yield "چارچوب هیچ بُعدی ندارد؛ دست‌کم یک بُعد بیفزایید."
    for code in _repeated(dimension.code for dimension in spec.dimensions):
        yield f"کد بُعد «{code}» بیش از یک بار آمده است؛ هر بُعد کد جداگانه می‌خواهد."
    for code in _repeated(indicator.code for _, indicator in spec.indicators()):
        yield f"کد شاخص «{code}» بیش از یک بار آمده است؛ هر شاخص کد جداگانه می‌خواهد."
    for dimension in spec.dimensions:
        yield from _check_dimension(dimension)


def _check_dimension(dimension: DimensionSpec) -> Iterator[str]:
    if not dimension.title.strip():
        yield f"بُعد «{dimension.code}» عنوان ندارد."
    if dimension.weight <= 0:
        yield f"وزن بُعد «{dimension.title}» باید بزرگ‌تر از صفر باشد."
    if not dimension.indicators:
        yield f"بُعد «{dimension.title}» هیچ شاخصی ندارد؛ دست‌کم یک شاخص بیفزایید."
    for indicator in dimension.indicators:
        yield from _check_indicator(indicator)


def _check_indicator(indicator: IndicatorSpec) -> Iterator[str]:
    if not indicator.title.strip():
        yield f"شاخص «{indicator.code}» عنوان ندارد."
    if indicator.weight <= 0:
        yield f"وزن شاخص «{indicator.title}» باید بزرگ‌تر از صفر باشد."
    if len(indicator.anchors) != ANCHOR_COUNT:
        yield f"شاخص «{indicator.title}» باید درست پنج شرح برای امتیازهای ۰ تا ۴ داشته باشد."
    for value, anchor in enumerate(indicator.anchors[:ANCHOR_COUNT]):
        if not anchor.strip():
            yield f"شرح امتیاز {_fa(value)} در شاخص «{indicator.title}» خالی است؛ آن را بنویسید."


def _check_levels(spec: FrameworkSpec) -> Iterator[str]:
    if not spec.levels:
        yield "چارچوب هیچ سطحی ندارد؛ دست‌کم یک سطح بیفزایید."
        return
    for rank in _repeated(level.rank for level in spec.levels):
        yield f"رتبه {_fa(rank)} برای بیش از یک سطح آمده است."
    levels = spec.levels_best_first()
    for level in levels:
        if not level.label.strip():
            yield f"سطح {_fa(level.rank)} نام ندارد."
        if not 0 <= level.lower_bound <= 100:
            yield f"مرز پایین {_name(level)} باید از ۰ تا ۱۰۰ باشد."
    for better, lower in pairwise(levels):
        if better.lower_bound <= lower.lower_bound:
            yield f"مرز پایین {_name(better)} باید بیشتر از مرز پایین {_name(lower)} باشد."
    if levels[-1].lower_bound != 0:
        yield f"مرز پایین {_name(levels[-1])} باید صفر باشد تا هیچ امتیازی بیرون از سطح‌ها نماند."


def _check_floors(spec: FrameworkSpec) -> Iterator[str]:
    known = {dimension.code: dimension.title for dimension in spec.dimensions}
    levels = spec.levels_best_first()
    for level in levels:
        for code, minimum in level.floors.items():
            if code not in known:
                yield f"کف {_name(level)} به بُعدی با کد «{code}» اشاره دارد که در چارچوب نیست."
            elif not 0 <= minimum <= 100:
                yield f"کف «{known[code]}» در {_name(level)} باید از ۰ تا ۱۰۰ باشد."
    if levels and levels[-1].floors:
        yield f"{_name(levels[-1])} پایین‌ترین سطح است و نباید کف داشته باشد."


def _check_limits(spec: FrameworkSpec) -> Iterator[str]:
    if spec.threshold < 0:
        yield "آستانه هم‌سنجی نمی‌تواند منفی باشد."
    if not 0 <= spec.gate_minimum <= SCALE_TOP:
        yield "کمینه شرط لازم باید از ۰ تا ۴ باشد."


def _repeated(items: Iterable[Hashable]) -> list[Hashable]:
    return [item for item, count in Counter(items).items() if count > 1]


def _name(level: LevelSpec) -> str:
    return f"سطح {_fa(level.rank)}"


def _fa(value: Hashable) -> str:
    return to_persian_digits(str(value))
