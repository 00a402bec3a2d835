"""Moderation [هم‌سنجی]: a value and a reason for each indicator on which the two assessors differ (N7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from ngos.enums import AssessmentState
from ngos.models import Assessment, Indicator, ModeratedValue
from ngos.operations.assessing import open_disagreements
from ngos.queries import merged_scores
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import User
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.locks import lock_row
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step


@dataclass(frozen=True)
class Decision:
    """What the moderator decided on one differing indicator; ``value`` None is «موضوعیت ندارد»."""

    indicator_id: int
    value: Decimal | None
    reason: str


@transaction.atomic
def moderate_indicators(
    assessment: Assessment, *, actor: User, at: datetime, decisions: Iterable[Decision]
) -> list[ModeratedValue]:
    """Settle several differing indicators (N7); raises :class:`Refusal` with every sentence and keeps none."""
    kept, found = [], []
    for decision in decisions:
        try:
            kept.append(_moderate(assessment, decision, actor, at))
        except NotPermitted:
            raise
        except Refusal as refusal:
            found += refusal.sentences
    if found:
        raise Refusal(*dict.fromkeys(found))
    return kept


def moderate_indicator(
    assessment: Assessment,
    *,
    actor: User,
    at: datetime,
    indicator_id: int,
    value: Decimal | None,
    reason: str,
) -> ModeratedValue:
    """Settle one differing indicator with a value (None: not applicable) and a reason (N7)."""
    return _moderate(assessment, Decision(indicator_id, value, reason), actor, at)


def _moderate(assessment: Assessment, decision: Decision, actor: User, at: datetime) -> ModeratedValue:
    """A new value, or another one in place of what was settled before."""
    rows = ModeratedValue.objects.filter(assessment=assessment, indicator_id=decision.indicator_id)
    earlier = rows.select_related("assessment__ngo", "indicator").first()
    kept: ModeratedValue = table_for(ModeratedValue).apply(
        earlier or assessment,
        "change" if earlier else "settle",
        actor=actor,
        at=at,
        note=decision.reason.strip(),
        decision=decision,
    )
    return kept


def lock_file(obj: Assessment | ModeratedValue) -> None:
    """The NGO's file first, then the assessment: the order of every step."""
    assessment = _assessment_of(obj)
    lock_row(assessment.ngo)
    lock_row(assessment)


def _assessment_of(obj: Assessment | ModeratedValue) -> Assessment:
    return obj.assessment if isinstance(obj, ModeratedValue) else obj


def decision_gaps(obj: Assessment | ModeratedValue, step: Step) -> Iterator[str]:
    """Differing indicators only, halves from 0 to 4 or N/A, no N/A on a gate, a reason for each (N7)."""
    assessment, decision = Assessment.objects.get(pk=_assessment_of(obj).pk), step.asked["decision"]
    if assessment.state != AssessmentState.MODERATION:
        yield "این ظرفیت‌سنجی در مرحله هم‌سنجی نیست."
        return
    indicator = Indicator.objects.filter(pk=decision.indicator_id).first()
    differing = {item.indicator_code for item in merged_scores(assessment).to_moderate}
    is_of_framework = indicator is not None and (
        indicator.dimension.framework_id == assessment.framework_id and indicator.code in differing
    )
    if indicator is None or not is_of_framework:
        yield "دو ارزیاب در این شاخص اختلافی ندارند."
        return
    value = decision.value
    if not decision.reason.strip():
        yield f"دلیل مقدار «{indicator.title}» را بنویسید."
    elif value is None and indicator.is_gate:
        yield f"«{indicator.title}» شرط لازم است و «موضوعیت ندارد» نمی‌پذیرد."
    elif value is not None and (not 0 <= value <= 4 or value * 2 != int(value * 2)):
        yield "مقدار هم‌سنجی باید از ۰ تا ۴ با گام نیم باشد."


def decided(value: ModeratedValue, step: Step) -> dict[str, Any]:
    """The columns of a decision."""
    decision = step.asked["decision"]
    return {
        "value": decision.value,
        "is_not_applicable": decision.value is None,
        "reason": decision.reason.strip()[:600],
        "moderated_by": step.actor,
        "moderated_at": step.at,
    }


def settled(assessment: Assessment, step: Step) -> dict[str, Any]:
    """The columns of a first decision on an indicator."""
    indicator = Indicator.objects.get(pk=step.asked["decision"].indicator_id)
    return {"assessment": assessment, "indicator": indicator, **decided(ModeratedValue(), step)}


def settle_assessment(value: ModeratedValue, step: Step) -> dict[str, Any]:
    """What waits on the assessment follows: who moderated does not confirm (N9)."""
    step.touch(value.assessment)
    return {"indicator": value.indicator.code, "value": audit.plain(value.value)}


def moderation_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """A value and a reason for each differing indicator (N7)."""
    for _, title in open_disagreements(assessment):
        yield f"اختلاف «{title}» هنوز هم‌سنجی نشده است."
