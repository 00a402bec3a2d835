"""Moderation [هم‌سنجی] of several indicators at once: all that were sent are kept, or none (N7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from ngos.models import Assessment, ModeratedValue
from ngos.operations.assessing import moderate_indicator
from staff_portal.kernel.models import User
from staff_portal.kernel.refusals import NotPermitted, Refusal


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
            kept.append(
                moderate_indicator(
                    assessment,
                    actor=actor,
                    at=at,
                    indicator_id=decision.indicator_id,
                    value=decision.value,
                    reason=decision.reason,
                )
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            found += refusal.sentences
    if found:
        raise Refusal(*dict.fromkeys(found))
    return kept
