"""Referral (K7), holds and cases: what moves or stops a file from outside its own workflow."""

from django.db import models
from django.db.models import Q

from staff_portal.kernel import hardtriggers


class Referral(models.Model):
    """A file referred [ارجاع] to a person with a note and a date (K7)."""

    root_type = models.CharField(max_length=80)
    root_id = models.BigIntegerField()
    root_label = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    to_user = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="referrals")
    by_user = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    note = models.TextField("شرح ارجاع")
    due_on = models.DateField("مهلت", null=True, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_note = models.TextField("نتیجه", blank=True)

    class Meta:
        verbose_name = "ارجاع"
        verbose_name_plural = "ارجاع‌ها"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to_user"], name="referral_open", condition=Q(done_at__isnull=True)),
            models.Index(fields=["root_type", "root_id"], name="referral_root"),
        ]
        triggers = [*hardtriggers.no_delete("k7_referral_history")]

    def __str__(self) -> str:
        return self.root_label


class Hold(models.Model):
    """Stops every transition of one record, cancelling excepted, until it is lifted."""

    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    reason = models.CharField("سبب", max_length=300)
    source = models.CharField(max_length=60, blank=True)
    placed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "توقف"
        verbose_name_plural = "توقف‌ها"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "source"],
                condition=Q(lifted_at__isnull=True),
                name="hold_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id"], name="hold_open", condition=Q(lifted_at__isnull=True)
            )
        ]
        triggers = [*hardtriggers.no_delete("hold_history")]

    def __str__(self) -> str:
        return self.reason


class Case(models.Model):
    """Something that a person must settle with a note; stands in the inbox of ``role`` or ``assignee``."""

    title = models.CharField("موضوع", max_length=300)
    detail = models.TextField("شرح", blank=True)
    root_type = models.CharField(max_length=80)
    root_id = models.BigIntegerField()
    root_label = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    role = models.CharField("نقش", max_length=20, blank=True)
    scope_id = models.BigIntegerField(default=0)
    assignee = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    due_on = models.DateField("مهلت", null=True, blank=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    settled_note = models.TextField("نتیجه", blank=True)

    class Meta:
        verbose_name = "موضوع"
        verbose_name_plural = "موضوع‌ها"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["role"], name="case_open_role", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["root_type", "root_id"], name="case_root"),
        ]
        triggers = [*hardtriggers.no_delete("case_history")]

    def __str__(self) -> str:
        return self.title
