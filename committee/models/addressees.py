"""To whom a resolution is announced [گیرندگان ابلاغ], and who confirmed that it arrived (C8)."""

import pgtrigger
from django.db import models
from django.db.models import Q

from committee.enums import ADDRESSEE_TONES, AddresseeState
from committee.models.outcomes import Resolution
from staff_portal.kernel.base import hardtriggers

_ADDRESSEE_RULES = f"""
    IF NEW.state = 'received' AND OLD.state <> 'received' THEN
        PERFORM 1 FROM committee_resolution WHERE id = NEW.resolution_id AND state = 'announced' FOR SHARE;
        IF NOT FOUND OR NEW.received_by_id IS NULL THEN {hardtriggers.raise_sql("c8_received_once_announced")} END IF;
    END IF;
    RETURN NEW;
"""


def _only(name: str) -> Q:
    others = {f"{other}__isnull": other != name for other in ("unit", "ngo", "person")}
    return Q(**others)


class Addressee(models.Model):
    """A unit, an NGO or a person to whom a resolution is announced, and who there confirmed its receipt (C8)."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="addressees")
    unit = models.ForeignKey("kernel.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ngo = models.ForeignKey("ngos.Ngo", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        "وضعیت", max_length=10, choices=AddresseeState.choices, default=AddresseeState.WAITING
    )
    state_since = models.DateTimeField("از")
    added_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_chased_on = models.DateField("آخرین یادآوری", null=True, blank=True)

    class Meta:
        verbose_name = "گیرنده ابلاغ"
        verbose_name_plural = "گیرندگان ابلاغ"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="c8_one_addressee", condition=_only("unit") | _only("ngo") | _only("person")
            ),
            *(
                models.UniqueConstraint(
                    fields=["resolution", name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"c8_{name}_addressed_once",
                )
                for name in ("unit", "ngo", "person")
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("c8_addressee_kept"),
            hardtriggers.HardTrigger(
                name="rules", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ADDRESSEE_RULES
            ),
        ]

    def __str__(self) -> str:
        if self.person is not None:
            return self.person.full_name
        return str(self.unit or self.ngo or "")

    @property
    def state_tone(self) -> str:
        return ADDRESSEE_TONES.get(self.state, "neutral")
