"""Frameworks: built as drafts, published, retired; a change is a new version (N6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from ngos.default_framework import DEFAULT_FRAMEWORK
from ngos.enums import FrameworkState
from ngos.grading import FrameworkSpec, check_framework
from ngos.models import Dimension, Floor, Framework, Indicator, Level
from ngos.queries import framework_spec
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import User
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

DEFAULT_TITLE = "چارچوب ظرفیت‌سنجی سمن‌های شهر تهران"


@dataclass(frozen=True)
class Weights:
    """Weights of dimensions and indicators and bounds of levels, by their keys."""

    dimensions: dict[int, Decimal]
    indicators: dict[int, Decimal]
    levels: dict[int, Decimal]


@dataclass(frozen=True)
class IndicatorWords:
    """The words of one indicator."""

    indicator_id: int
    title: str
    evidence: str
    anchors: list[str]
    is_gate: bool


# --- the doors ---------------------------------------------------------------------------------------------


def create_framework(
    *, actor: User, at: datetime, title: str, spec: FrameworkSpec = DEFAULT_FRAMEWORK
) -> Framework:
    """A new draft with the next version number, filled from a specification (default: the default framework)."""
    made: Framework = table_for(Framework).apply(None, "create", actor=actor, at=at, title=title, spec=spec)
    return made


def copy_framework(framework: Framework, *, actor: User, at: datetime) -> Framework:
    """A draft of the next version that starts as a copy: the way to change a published framework (N6)."""
    return create_framework(actor=actor, at=at, title=framework.title, spec=framework_spec(framework))


def change_weights(
    framework: Framework,
    *,
    actor: User,
    at: datetime,
    dimension_weights: dict[int, Decimal],
    indicator_weights: dict[int, Decimal],
    level_bounds: dict[int, Decimal],
) -> Framework:
    """Change weights and bounds of a draft; everything is checked again at publication."""
    weights = Weights(dimension_weights, indicator_weights, level_bounds)
    return _change(framework, "change_weights", actor=actor, at=at, weights=weights)


def change_indicator(
    indicator: Indicator,
    *,
    actor: User,
    at: datetime,
    title: str,
    evidence: str,
    anchors: list[str],
    is_gate: bool,
) -> Framework:
    """Change the words of one indicator of a draft."""
    words = IndicatorWords(indicator.pk, title.strip(), evidence.strip(), anchors, is_gate)
    framework = indicator.dimension.framework
    return _change(framework, "change_indicator", actor=actor, at=at, note=words.title, words=words)


def _change(framework: Framework, name: str, **asked: Any) -> Framework:
    """The row; a version that is no draft any more is refused in the words of N6."""
    if not Framework.objects.filter(pk=framework.pk, state=FrameworkState.DRAFT).exists():
        raise Refusal("چارچوب منتشرشده تغییر نمی‌کند؛ نسخه تازه‌ای بسازید.")
    changed: Framework = table_for(Framework).apply(framework, name, **asked)
    return changed


# --- a draft -----------------------------------------------------------------------------------------------


def next_version(parent: None, step: Step) -> dict[str, Any]:
    """The columns of a new draft."""
    spec = step.asked["spec"]
    last = Framework.objects.aggregate(last=Max("version"))["last"] or 0
    return {
        "version": last + 1,
        "title": step.asked["title"] or DEFAULT_TITLE,
        "threshold": spec.threshold,
        "gate_minimum": spec.gate_minimum,
        "created_by": step.actor,
        "created_at": step.at,
    }


def fill(framework: Framework, step: Step) -> dict[str, Any]:
    """Its dimensions, indicators, levels and floors."""
    _fill(framework, step.asked["spec"])
    return {"spec": spec_as_json(step.asked["spec"])}


def _fill(framework: Framework, spec: FrameworkSpec) -> None:
    dimensions: dict[str, Dimension] = {}
    for place, dimension in enumerate(spec.dimensions):
        row = Dimension.objects.create(
            framework=framework,
            code=dimension.code,
            title=dimension.title,
            weight=dimension.weight,
            position=place,
        )
        dimensions[dimension.code] = row
        Indicator.objects.bulk_create(
            Indicator(
                dimension=row,
                code=indicator.code,
                title=indicator.title,
                weight=indicator.weight,
                is_gate=indicator.is_gate,
                evidence=indicator.evidence,
                anchors=list(indicator.anchors),
                position=number,
            )
            for number, indicator in enumerate(dimension.indicators)
        )
    for level in spec.levels:
        row_level = Level.objects.create(
            framework=framework, rank=level.rank, label=level.label, lower_bound=level.lower_bound
        )
        Floor.objects.bulk_create(
            Floor(level=row_level, dimension=dimensions[code], minimum=minimum)
            for code, minimum in level.floors.items()
        )


def spec_as_json(spec: FrameworkSpec) -> dict[str, Any]:
    """A framework's content as plain values, for the audit entry."""
    return {
        "dimensions": [
            {
                "code": dimension.code,
                "weight": format(dimension.weight, "f"),
                "indicators": {item.code: format(item.weight, "f") for item in dimension.indicators},
            }
            for dimension in spec.dimensions
        ],
        "levels": {str(level.rank): format(level.lower_bound, "f") for level in spec.levels},
    }


def wrong_weights(framework: Framework, step: Step) -> Iterator[str]:
    weights = step.asked["weights"]
    if any(value <= 0 for value in (*weights.dimensions.values(), *weights.indicators.values())):
        yield "وزن‌ها باید بیش از صفر باشند."
    elif any(not 0 <= bound <= 100 for bound in weights.levels.values()):
        yield "کف امتیاز هر سطح باید میان ۰ و ۱۰۰ باشد."


def weigh(framework: Framework, step: Step) -> dict[str, Any]:
    """Store weights and bounds; the entry keeps the whole content before and after."""
    weights = step.asked["weights"]
    step.before |= spec_as_json(framework_spec(framework))
    for pk, weight in weights.dimensions.items():
        Dimension.objects.filter(pk=pk, framework=framework).update(weight=weight)
    for pk, weight in weights.indicators.items():
        Indicator.objects.filter(pk=pk, dimension__framework=framework).update(weight=weight)
    for pk, bound in weights.levels.items():
        Level.objects.filter(pk=pk, framework=framework).update(lower_bound=bound)
    return spec_as_json(framework_spec(framework))


def wrong_words(framework: Framework, step: Step) -> Iterator[str]:
    words = step.asked["words"]
    if len(words.anchors) != 5 or not all(text.strip() for text in words.anchors):
        yield "برای هر یک از مقدارهای ۰ تا ۴ توصیفی بنویسید."


def reword(framework: Framework, step: Step) -> dict[str, Any]:
    """Store the words of one indicator; the entry keeps what differs."""
    words = step.asked["words"]
    indicator = Indicator.objects.get(pk=words.indicator_id, dimension__framework=framework)
    before = audit.snapshot(indicator)
    indicator.title, indicator.evidence, indicator.is_gate = words.title, words.evidence, words.is_gate
    indicator.anchors = [text.strip() for text in words.anchors]
    indicator.save()
    old, new = audit.difference(before, audit.snapshot(indicator))
    step.before |= old
    return new


# --- publication -------------------------------------------------------------------------------------------


def publication_gaps(framework: Framework, step: Step) -> Iterator[str]:
    """Weights above 0, five anchors each, level bounds without gap (N6)."""
    yield from check_framework(framework_spec(framework))


def lock_published(framework: Framework) -> None:
    """The version that gives way is locked before the one that takes its place."""
    _published()


def _published() -> Framework | None:
    rows = Framework.objects.select_for_update(no_key=True).filter(state=FrameworkState.PUBLISHED)
    return rows.first()


def published(framework: Framework, step: Step) -> dict[str, Any]:
    """The published framework before it gives way first: there is never more than one (N6)."""
    previous = _published()
    if previous is not None:
        step.touch(table_for(previous).apply(previous, "give_way", actor=step.actor, at=step.at, within=step))
    return {"published_at": step.at}


def replaced(framework: Framework, step: Step) -> dict[str, Any]:
    """Which version it replaces; old grades keep theirs."""
    return {"replaces": next((row.version for row in step.touched if isinstance(row, Framework)), None)}
