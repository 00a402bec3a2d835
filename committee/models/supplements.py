"""Supplements of a called agenda, and who agreed in the sitting to what was not announced in time (C4, C5)."""

import pgtrigger
from django.db import models

from committee.models.meetings import AgendaItem, Meeting
from staff_portal.kernel.base import hardtriggers

_SUPPLEMENT_RULES = f"""
    PERFORM 1 FROM committee_meeting WHERE id = NEW.meeting_id AND state = 'called' FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_supplement_of_a_call")} END IF;
    PERFORM 1 FROM committee_seating s JOIN committee_seat c ON c.id = s.seat_id
        JOIN committee_term t ON t.id = c.term_id
        WHERE s.person_id = NEW.signed_by_id AND s.seat_code = t.chair_code
        AND s.period @> (NEW.signed_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE OF s;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_called_by_chair")} END IF;
    RETURN NEW;
"""

_CONSENT_RULES = f"""
    PERFORM 1 FROM committee_agendaitem i JOIN committee_meeting m ON m.id = i.meeting_id
        WHERE i.id = NEW.item_id AND m.state = 'in_session' FOR SHARE OF m;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_not_in_session")} END IF;
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id AND s.person_id = NEW.agreed_by_id
        AND s.period @> (NEW.agreed_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_own_consent")} END IF;
    RETURN NEW;
"""


class Supplement(models.Model):
    """The chair's signature under what was added to, or changed in, the agenda after the call (C4)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="supplements")
    signed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("زمان امضا")
    letter = models.ForeignKey("kernel.Letter", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "متمم دستور جلسه"
        verbose_name_plural = "متمم‌های دستور جلسه"
        ordering = ["id"]
        triggers = [
            *hardtriggers.append_only("c4_supplement_kept"),
            hardtriggers.HardTrigger(
                name="rules", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_SUPPLEMENT_RULES
            ),
        ]

    def __str__(self) -> str:
        return f"متمم دستور {self.meeting}"


class ItemConsent(models.Model):
    """A member in the room agrees, from the own phone, to decide on an item whose notice was not kept (C4, C5)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="consents")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("زمان")

    class Meta:
        verbose_name = "موافقت با رأی‌گیری در همین جلسه"
        verbose_name_plural = "موافقت‌ها با رأی‌گیری در همین جلسه"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "seating"], name="c4_item_agreed_once")]
        triggers = [
            *hardtriggers.append_only("c4_presence_kept"),
            hardtriggers.HardTrigger(
                name="rules", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_CONSENT_RULES
            ),
        ]

    def __str__(self) -> str:
        return str(self.seating)
