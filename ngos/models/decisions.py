"""Adverse decisions on a membership: grounds, hearing, delivery, objection (X5)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ngos.enums import TONES, DecisionKind, DecisionState
from staff_portal.kernel.base import hardtriggers

#: before anything is decided
OPEN_PROPOSAL = (DecisionState.PROPOSED, DecisionState.HEARD)


class MembershipDecision(models.Model):
    """A refusal, a suspension or an end, from its proposal to the day on which nobody may object any more.

    ``grounds`` are what it rests on. A suspension begins with a proposal that the NGO answers, or is urgent and
    reviewed. ``paper`` is the NGO's letter by which HQ acted for it (X6).
    """

    ngo = models.ForeignKey("ngos.Ngo", on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField("موضوع", max_length=10, choices=DecisionKind.choices)
    state = models.CharField("وضعیت", max_length=10, choices=DecisionState.choices)
    state_since = models.DateTimeField("از")
    grounds = models.TextField("دلایل")
    is_urgent = models.BooleanField("فوری", default=False)
    proposed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField("پاسخ سمن", blank=True)
    answered_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField("تاریخ تصمیم", null=True)
    review = models.TextField("نتیجه بازبینی", blank=True)
    reviewed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    delivered_on = models.DateField("تاریخ ابلاغ", null=True)
    delivery = models.CharField("شیوه ابلاغ", max_length=200, blank=True)
    objection = models.TextField("متن اعتراض", blank=True)
    objected_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    objected_on = models.DateField("تاریخ اعتراض", null=True)
    paper = models.CharField("نامه سمن", max_length=60, blank=True)
    ruling = models.TextField("نتیجه رسیدگی", blank=True)
    ruled_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "تصمیم درباره عضویت"
        verbose_name_plural = "تصمیم‌های عضویت"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ngo"], condition=Q(state__in=OPEN_PROPOSAL), name="x5_one_proposal"
            ),
            models.CheckConstraint(
                name="x5_heard_or_urgent",
                condition=~Q(kind="suspension") | Q(is_urgent=True) | Q(proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="x5_ruled_by_other",
                condition=Q(ruled_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(ruled_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="x5_delivered_before_objection",
                condition=~Q(state__in=["delivered", "objected", "upheld", "dismissed", "final"])
                | Q(delivered_on__isnull=False),
            ),
        ]
        triggers = [*hardtriggers.no_delete("x5_decision_kept")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.ngo.name}"

    def get_absolute_url(self) -> str:
        return reverse("ngos:decision_detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "neutral")
