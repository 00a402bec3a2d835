"""Frameworks: built as drafts, published, retired; a change is a new version (N6)."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from ngos import events, rules
from ngos.default_framework import DEFAULT_FRAMEWORK
from ngos.enums import FrameworkState
from ngos.grading import FrameworkSpec, check_framework
from ngos.models import Dimension, Floor, Framework, Indicator, Level
from ngos.queries import framework_spec
from staff_portal.kernel import audit
from staff_portal.kernel.access import Authority, local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.workflow import Step

DEFAULT_TITLE = "چارچوب ظرفیت‌سنجی سمن‌های شهر تهران"


def _authority(actor: User, framework: Framework | None, at: datetime) -> Authority:
    authority, why_not = rules.EDIT_FRAMEWORK.decide(actor, framework, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    return authority


@transaction.atomic
def create_framework(
    *, actor: User, at: datetime, title: str, spec: FrameworkSpec = DEFAULT_FRAMEWORK
) -> Framework:
    """A new draft with the next version number, filled from a specification (default: the default framework)."""
    authority = _authority(actor, None, at)
    last = Framework.objects.aggregate(last=Max("version"))["last"] or 0
    framework = Framework.objects.create(
        version=last + 1,
        title=title.strip() or DEFAULT_TITLE,
        threshold=spec.threshold,
        gate_minimum=spec.gate_minimum,
        created_by=actor,
        created_at=at,
    )
    _fill(framework, spec)
    audit.record(
        events.FRAMEWORK_CREATED,
        framework,
        actor=actor,
        at=at,
        authority=authority,
        after=audit.snapshot(framework) | {"spec": spec_as_json(spec)},
    )
    return framework


def copy_framework(framework: Framework, *, actor: User, at: datetime) -> Framework:
    """A draft of the next version that starts as a copy: the way to change a published framework (N6)."""
    return create_framework(actor=actor, at=at, title=framework.title, spec=framework_spec(framework))


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


@transaction.atomic
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
    authority = _authority(actor, framework, at)
    locked = Framework.objects.select_for_update(of=("self",), no_key=True).get(pk=framework.pk)
    _refuse_unless_draft(locked)
    before = spec_as_json(framework_spec(locked))
    wrong = [value for value in (*dimension_weights.values(), *indicator_weights.values()) if value <= 0]
    if wrong:
        raise Refusal("وزن‌ها باید بیش از صفر باشند.")
    if any(not 0 <= bound <= 100 for bound in level_bounds.values()):
        raise Refusal("کف امتیاز هر سطح باید میان ۰ و ۱۰۰ باشد.")
    for pk, weight in dimension_weights.items():
        Dimension.objects.filter(pk=pk, framework=locked).update(weight=weight)
    for pk, weight in indicator_weights.items():
        Indicator.objects.filter(pk=pk, dimension__framework=locked).update(weight=weight)
    for pk, bound in level_bounds.items():
        Level.objects.filter(pk=pk, framework=locked).update(lower_bound=bound)
    audit.record(
        events.FRAMEWORK_CHANGED,
        locked,
        actor=actor,
        at=at,
        authority=authority,
        before=before,
        after=spec_as_json(framework_spec(locked)),
    )
    return locked


@transaction.atomic
def change_indicator(
    indicator: Indicator,
    *,
    actor: User,
    at: datetime,
    title: str,
    evidence: str,
    anchors: list[str],
    is_gate: bool,
) -> Indicator:
    """Change the words of one indicator of a draft."""
    framework = indicator.dimension.framework
    authority = _authority(actor, framework, at)
    locked = Framework.objects.select_for_update(of=("self",), no_key=True).get(pk=framework.pk)
    _refuse_unless_draft(locked)
    if len(anchors) != 5 or not all(text.strip() for text in anchors):
        raise Refusal("برای هر یک از مقدارهای ۰ تا ۴ توصیفی بنویسید.")
    before = audit.snapshot(indicator)
    indicator.title, indicator.evidence = title.strip(), evidence.strip()
    indicator.anchors, indicator.is_gate = [text.strip() for text in anchors], is_gate
    indicator.save()
    old, new = audit.difference(before, audit.snapshot(indicator))
    audit.record(
        events.FRAMEWORK_CHANGED,
        locked,
        actor=actor,
        at=at,
        authority=authority,
        before=old,
        after=new,
        note=indicator.title,
    )
    return indicator


def _refuse_unless_draft(framework: Framework) -> None:
    if framework.state != FrameworkState.DRAFT:
        raise Refusal("چارچوب منتشرشده تغییر نمی‌کند؛ نسخه تازه‌ای بسازید.")


def publication_gaps(framework: Framework, step: Step) -> Iterator[str]:
    """Weights above 0, five anchors each, level bounds without gap (N6)."""
    yield from check_framework(framework_spec(framework))


def publish(framework: Framework, step: Step) -> dict[str, Any]:
    """The published framework before it is retired in the same step; old grades keep theirs."""
    previous = Framework.objects.select_for_update(no_key=True).filter(state=FrameworkState.PUBLISHED).first()
    if previous is not None:
        previous.state = FrameworkState.RETIRED
        previous.save(update_fields=["state"])
        audit.record(
            events.FRAMEWORK_RETIRED,
            previous,
            actor=step.actor,
            at=step.at,
            authority=step.authority,
            before={"state": FrameworkState.PUBLISHED},
            after={"state": FrameworkState.RETIRED},
        )
    framework.state = FrameworkState.PUBLISHED
    framework.published_at = step.at
    framework.save(update_fields=["state", "published_at"])
    return {"replaces": previous.version if previous else None}
