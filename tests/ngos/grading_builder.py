"""Frameworks for the grading tests, written the way the design writes its worked examples."""

from collections.abc import Set
from dataclasses import replace
from decimal import Decimal

from ngos.grading import DimensionSpec, FrameworkSpec, IndicatorSpec, LevelSpec

ANCHORS = ("نیست.", "آغاز شده.", "نامنظم است.", "اجرا می‌شود.", "بازنگری می‌شود.")
FLOOR = {"finance": Decimal(40)}
LEVELS = (
    LevelSpec(1, "ممتاز", Decimal(85), FLOOR),
    LevelSpec(2, "توسعه‌یافته", Decimal(70), FLOOR),
    LevelSpec(3, "در حال توسعه", Decimal(50)),
    LevelSpec(4, "نوپا", Decimal(0)),
)
# Default bounds without the floor, for frameworks that have no finance.
PLAIN_LEVELS = tuple(replace(level, floors={}) for level in LEVELS)

Pairs = list[tuple[str, str | None]]


def build(
    dimensions: dict[str, tuple[str, Pairs]],
    gates: Set[str] = frozenset(),
    levels: tuple[LevelSpec, ...] = LEVELS,
) -> tuple[FrameworkSpec, dict[str, Decimal | None]]:
    """From {code: (weight, [(weight, value) …])}; the indicators are called code1, code2 …"""
    specs, values = [], {}
    for code, (weight, pairs) in dimensions.items():
        indicators = []
        for number, (indicator_weight, value) in enumerate(pairs, start=1):
            name = f"{code}{number}"
            indicators.append(
                IndicatorSpec(name, f"شاخص {name}", Decimal(indicator_weight), name in gates, ANCHORS)
            )
            values[name] = None if value is None else Decimal(value)
        specs.append(DimensionSpec(code, f"بُعد {code}", Decimal(weight), tuple(indicators)))
    return FrameworkSpec(tuple(specs), levels), values


EXAMPLES = {
    "A": (
        {
            "g": ("60", [("2", "4"), ("1", "3"), ("1", "2")]),
            "f": ("40", [("1", "1"), ("1", "2"), ("2", "3")]),
        },
        ["81.25", "56.25"],
        "71.25",
        2,
    ),
    "B": (
        {"g": ("60", [("2", "4"), ("1", None), ("1", "2")]), "f": ("40", [("1", None), ("1", None)])},
        ["83.33", None],
        "83.33",
        2,
    ),
    "C": (
        {
            "g": ("50", [("1", "4"), ("1", "4")]),
            "finance": ("20", [("1", "1"), ("1", "2")]),
            "p": ("30", [("1", "3.5"), ("1", "3")]),
        },
        ["100.00", "37.50", "81.25"],
        "81.88",
        3,
    ),
    "D": (
        {
            "g": ("15", [("1", "3"), ("1", "3"), ("1", "2")]),
            "f": ("20", [("3", "3"), ("2", "2"), ("1", "4")]),
            "p": ("65", [("1", "3"), ("1", "2"), ("1", "3")]),
        },
        ["66.67", "70.83", "66.67"],
        "67.50",
        3,
    ),
}
