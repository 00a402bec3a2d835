"""What a version of the framework changes against the one before it (N6): pure, by the rows' codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ngos.grading.spec import FrameworkSpec, IndicatorSpec, LevelSpec
from staff_portal.kernel.persian.digits import to_persian_digits


@dataclass(frozen=True)
class Difference:
    """One change: where, what of it, how it was and how it is; an empty side means that it is not there."""

    where: str
    what: str
    before: str
    after: str


def framework_difference(old: FrameworkSpec, new: FrameworkSpec) -> list[Difference]:
    """Every difference of two versions, in the order of the new one, removals last."""
    return [
        *_limits(old, new),
        *_levels(old, new),
        *_dimensions(old, new),
        *_indicators(old, new),
    ]


def _limits(old: FrameworkSpec, new: FrameworkSpec) -> Iterator[Difference]:
    yield from _changed("چارچوب", "آستانه هم‌سنجی", figure(old.threshold), figure(new.threshold))
    yield from _changed("چارچوب", "کمینه شرط لازم", figure(old.gate_minimum), figure(new.gate_minimum))


def _levels(old: FrameworkSpec, new: FrameworkSpec) -> Iterator[Difference]:
    before = {level.rank: level for level in old.levels}
    titles = {row.code: row.title for spec in (old, new) for row in spec.dimensions}
    for level in new.levels_best_first():
        name, was = f"سطح {to_persian_digits(level.rank)}", before.pop(level.rank, None)
        if was is None:
            yield Difference(name, "سطح", "", level.label)
            continue
        yield from _changed(name, "عنوان", was.label, level.label)
        yield from _changed(name, "کف امتیاز", figure(was.lower_bound), figure(level.lower_bound))
        yield from _changed(name, "کف بُعدها", _floors(was, titles), _floors(level, titles))
    for rank, level in before.items():
        yield Difference(f"سطح {to_persian_digits(rank)}", "سطح", level.label, "")


def _floors(level: LevelSpec, titles: Mapping[str, str]) -> str:
    return "، ".join(
        f"{titles.get(code, code)} {figure(minimum)}" for code, minimum in sorted(level.floors.items())
    )


def _dimensions(old: FrameworkSpec, new: FrameworkSpec) -> Iterator[Difference]:
    before = {dimension.code: dimension for dimension in old.dimensions}
    for dimension in new.dimensions:
        was = before.pop(dimension.code, None)
        if was is None:
            yield Difference(dimension.title, "بُعد", "", f"وزن {figure(dimension.weight)}")
            continue
        yield from _changed(dimension.title, "عنوان", was.title, dimension.title)
        yield from _changed(dimension.title, "وزن بُعد", figure(was.weight), figure(dimension.weight))
    for was in before.values():
        yield Difference(was.title, "بُعد", f"وزن {figure(was.weight)}", "")


def _indicators(old: FrameworkSpec, new: FrameworkSpec) -> Iterator[Difference]:
    before = {(dimension.code, item.code): item for dimension, item in old.indicators()}
    for dimension, item in new.indicators():
        was = before.pop((dimension.code, item.code), None)
        if was is None:
            yield Difference(item.title, "شاخص", "", f"وزن {figure(item.weight)}")
        else:
            yield from _indicator(was, item)
    for was in before.values():
        yield Difference(was.title, "شاخص", f"وزن {figure(was.weight)}", "")


def _indicator(was: IndicatorSpec, now: IndicatorSpec) -> Iterator[Difference]:
    yield from _changed(now.title, "عنوان", was.title, now.title)
    yield from _changed(now.title, "وزن شاخص", figure(was.weight), figure(now.weight))
    yield from _changed(
        now.title, "شرط لازم", "هست" if was.is_gate else "نیست", "هست" if now.is_gate else "نیست"
    )
    yield from _changed(now.title, "مدرک لازم", was.evidence, now.evidence)
    for value, (one, two) in enumerate(zip(was.anchors, now.anchors, strict=False)):
        yield from _changed(now.title, f"توصیف مقدار {to_persian_digits(value)}", one, two)


def _changed(where: str, what: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(where, what, before, after)


def figure(value: Decimal) -> str:
    """As few places as the figure has, with the Persian decimal sign."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return to_persian_digits(text.replace(".", "٫"))
