"""Reads of the registry and of grading that have several callers."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Prefetch, Q

from ngos import rules
from ngos.grading import (
    DimensionSpec,
    FrameworkSpec,
    IndicatorSpec,
    LevelSpec,
    MergeResult,
    merge_scores,
    settle_moderation,
)
from ngos.models import (
    Assessment,
    AssessorSeat,
    Dimension,
    Floor,
    Framework,
    Grade,
    Indicator,
    Level,
    Ngo,
    Score,
)
from ngos.models.querysets import NgoQuerySet
from ngos.similarity import is_similar_name, name_core
from staff_portal.kernel.models import User

TRIGRAM_THRESHOLD = 0.6
_PUBLISHED_SPECS: dict[tuple[Any, ...], FrameworkSpec] = {}


def visible_ngos(user: User, on: date) -> NgoQuerySet:
    """What the person may see of the registry, each NGO once whatever the condition joins."""
    found = Ngo.objects.filter(rules.ngos_visible_to(user, on))
    joined = found.query.alias_map.keys() - {Ngo._meta.db_table}
    return Ngo.objects.filter(pk__in=found.values("pk")) if joined else found


def framework_spec(framework: Framework) -> FrameworkSpec:
    """The framework as the calculator takes it; a published one never changes (N6) and is read once."""
    if framework.published_at is None:
        return _read_spec(framework)
    key = (connection.settings_dict["NAME"], framework.pk, framework.published_at)
    if key not in _PUBLISHED_SPECS:
        _PUBLISHED_SPECS[key] = _read_spec(framework)
    return _PUBLISHED_SPECS[key]


def _read_spec(framework: Framework) -> FrameworkSpec:
    dimensions = Dimension.objects.filter(framework=framework).prefetch_related("indicators")
    levels = Level.objects.filter(framework=framework).prefetch_related(
        Prefetch("floors", queryset=Floor.objects.select_related("dimension"))
    )
    return FrameworkSpec(
        dimensions=tuple(_dimension_spec(dimension) for dimension in dimensions),
        levels=tuple(
            LevelSpec(
                rank=level.rank,
                label=level.label,
                lower_bound=level.lower_bound,
                floors={floor.dimension.code: floor.minimum for floor in level.floors.all()},
            )
            for level in levels
        ),
        threshold=framework.threshold,
        gate_minimum=framework.gate_minimum,
    )


def _dimension_spec(dimension: Dimension) -> DimensionSpec:
    return DimensionSpec(
        code=dimension.code,
        title=dimension.title,
        weight=dimension.weight,
        indicators=tuple(
            IndicatorSpec(
                code=item.code,
                title=item.title,
                weight=item.weight,
                is_gate=item.is_gate,
                anchors=tuple(item.anchors),
                evidence=item.evidence,
            )
            for item in dimension.indicators.all()
        ),
    )


def published_framework() -> Framework | None:
    """The framework that new assessments use."""
    return Framework.objects.filter(state="published").first()


def seat_values(seat: AssessorSeat) -> dict[str, Decimal | None]:
    """One assessor's values by indicator code; None is «موضوعیت ندارد»."""
    return {
        code: None if is_not_applicable else Decimal(value or 0)
        for code, value, is_not_applicable in seat.scores.values_list(
            "indicator__code", "value", "is_not_applicable"
        )
    }


def merged_scores(assessment: Assessment, spec: FrameworkSpec | None = None) -> MergeResult:
    """Both assessors' values brought together (N7). One query besides the framework's."""
    sheets: dict[int, dict[str, Decimal | None]] = {1: {}, 2: {}}
    rows = Score.objects.filter(seat__assessment=assessment)
    for position, code, value, is_not_applicable in rows.values_list(
        "seat__position", "indicator__code", "value", "is_not_applicable"
    ):
        sheets[position][code] = None if is_not_applicable else Decimal(value or 0)
    return merge_scores(spec or framework_spec(assessment.framework), sheets[1], sheets[2])


def final_values(assessment: Assessment, spec: FrameworkSpec | None = None) -> dict[str, Decimal | None]:
    """The values that count: the mean, or what moderation settled."""
    merged = merged_scores(assessment, spec)
    decided = {
        row.indicator.code: None if row.is_not_applicable else row.value
        for row in assessment.moderated_values.select_related("indicator")
    }
    wanted = {item.indicator_code for item in merged.to_moderate}
    return settle_moderation(merged, {code: value for code, value in decided.items() if code in wanted})


def grade_on(ngo: Ngo, on: date) -> Grade | None:
    """Which grade did it have on that day? The newest that was valid then (N9, N11)."""
    return (
        ngo.grades.filter(valid_from__lte=on, valid_until__gte=on)
        .filter(Q(end__isnull=True) | Q(end__ended_on__gt=on))
        .order_by("-valid_from", "-id")
        .first()
    )


def was_member_on(ngo: Ngo, on: date) -> bool:
    """Was it a member on that day? (N4)"""
    return ngo.membership_periods.filter(period__contains=on).exists()


def similar_ngos(
    *,
    name: str,
    phone: str = "",
    registration_number: str = "",
    registration_office: str = "",
    exclude: int | None = None,
) -> list[tuple[Ngo, str]]:
    """NGOs that a new one might be: a close name, the same phone, the same registration (N1), with the reason."""
    found: dict[int, tuple[Ngo, str]] = {}
    everything = Ngo.objects.exclude(pk=exclude) if exclude else Ngo.objects.all()
    for ngo in _close_names(everything, name_core(name)):
        if is_similar_name(name, ngo.name):
            found[ngo.pk] = (ngo, "نام آن نزدیک است")
    if phone:
        for ngo in everything.filter(phone=phone)[:5]:
            found.setdefault(ngo.pk, (ngo, "همین تلفن را دارد"))
    if registration_number and registration_office:
        for ngo in everything.filter(
            registration_number=registration_number, registration_office=registration_office
        )[:5]:
            found.setdefault(ngo.pk, (ngo, "همین شماره ثبت را در همین اداره دارد"))
    return list(found.values())


def _close_names(ngos: Any, core: str) -> list[Ngo]:
    """Candidates by trigram: at 0.6 the index answers in milliseconds, at the default 0.3 it does not."""
    if not core:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(TRIGRAM_THRESHOLD)]
        )
        return list(
            ngos.filter(name_core__trigram_similar=core)
            .annotate(similarity=TrigramSimilarity("name_core", core))
            .order_by("-similarity")[:20]
        )


def scoring_sheet(seat: AssessorSeat) -> list[dict[str, Any]]:
    """The dimensions and indicators of an assessor's sheet with what was scored so far. Three queries."""
    scores = {score.indicator_id: score for score in seat.scores.all()}
    dimensions: Iterable[Dimension] = Dimension.objects.filter(
        framework_id=seat.assessment.framework_id
    ).prefetch_related(Prefetch("indicators", queryset=Indicator.objects.order_by("position", "id")))
    return [
        {
            "dimension": dimension,
            "rows": [
                {"indicator": item, "score": scores.get(item.pk)} for item in dimension.indicators.all()
            ],
        }
        for dimension in dimensions
    ]


def scored_count(seat: AssessorSeat) -> int:
    return Score.objects.filter(seat=seat).count()
