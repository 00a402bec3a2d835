"""The default assessment framework as data (N6): what a new installation starts with.

Dimensions, their weights, indicators, gates, levels and floors are those of the design's page of facts; the
five anchors of every indicator follow `SCALE_LABELS` and say what an assessor has to see for that value.
"""

from decimal import Decimal

from ngos.default_framework.governance_planning import GOVERNANCE, PLANNING
from ngos.default_framework.office_programmes import ADMINISTRATION, PROGRAMMES
from ngos.default_framework.people_finance import FINANCE, PEOPLE
from ngos.default_framework.relations import COMMUNICATION, URBAN_COOPERATION
from ngos.grading import FrameworkSpec, LevelSpec

SCALE_LABELS = (
    "نیست",
    "آغاز شده و ناقص",
    "هست ولی نامنظم",
    "مکتوب و اجرا می‌شود",
    "اجرا و بازنگری می‌شود، با مدرک",
)
"""What the values 0–4 mean in general, in that order."""

_FINANCE_FLOOR = {FINANCE.code: Decimal(40)}

DEFAULT_FRAMEWORK = FrameworkSpec(
    dimensions=(
        GOVERNANCE,
        PLANNING,
        PEOPLE,
        FINANCE,
        ADMINISTRATION,
        PROGRAMMES,
        COMMUNICATION,
        URBAN_COOPERATION,
    ),
    levels=(
        LevelSpec(rank=1, label="ممتاز", lower_bound=Decimal(85), floors=_FINANCE_FLOOR),
        LevelSpec(rank=2, label="توسعه‌یافته", lower_bound=Decimal(70), floors=_FINANCE_FLOOR),
        LevelSpec(rank=3, label="در حال توسعه", lower_bound=Decimal(50)),
        LevelSpec(rank=4, label="نوپا", lower_bound=Decimal(0)),
    ),
    threshold=Decimal(1),
    gate_minimum=Decimal(3),
)

__all__ = ["DEFAULT_FRAMEWORK", "SCALE_LABELS"]
