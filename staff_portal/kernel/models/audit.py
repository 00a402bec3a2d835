"""The audit trail and its hash chain (K1, K4).

An entry goes in with the change it describes; the sealer chains committed entries into the ledger, an
append-only table of its own, so that no transaction waits for another one's hash.
"""

from django.db import models

from staff_portal.kernel import hardtriggers


class AuditEntry(models.Model):
    """Who did what, when, in which role, with which effect.

    ``subject`` is the record concerned, ``root`` the file in whose timeline it stands. Sensitive values in
    ``before`` and ``after`` are keyed marks, never in clear.
    """

    at = models.DateTimeField("زمان")
    event = models.CharField("رویداد", max_length=80)
    actor = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField("انجام‌دهنده", max_length=200)
    role = models.CharField("در نقش", max_length=20, blank=True)
    on_behalf_of = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=300)
    root_type = models.CharField(max_length=80)
    root_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "رویداد"
        verbose_name_plural = "رویدادها"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["root_type", "root_id", "-id"], name="audit_root"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["event", "-id"], name="audit_event"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        triggers = [*hardtriggers.append_only("k1_audit_append_only")]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.event}"


class LedgerLink(models.Model):
    """One sealed entry: its canonical text, and the hash over the previous link's hash and that text."""

    sequence = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    canonical = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "حلقه زنجیره رویدادها"
        verbose_name_plural = "حلقه‌های زنجیره رویدادها"
        triggers = [*hardtriggers.append_only("k4_ledger_append_only")]

    def __str__(self) -> str:
        return str(self.sequence)


class LedgerCheckpoint(models.Model):
    """A signed statement of the chain's length and last hash, which can be kept outside the system."""

    sequence = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = "نقطه بازبینی زنجیره"
        verbose_name_plural = "نقطه‌های بازبینی زنجیره"
        triggers = [*hardtriggers.append_only("k4_ledger_append_only")]

    def __str__(self) -> str:
        return str(self.sequence)
