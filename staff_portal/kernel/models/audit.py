"""The audit trail and its hash chain (K1, K4).

An entry goes in with the change it describes; the sealer chains committed entries into the ledger, an
append-only table of its own, so that no transaction waits for another one's hash.
"""

import pgtrigger
from django.db import models

from staff_portal.kernel.base import hardtriggers

# One statement for however many entries came.
_NOTE_UNSEALED = """
    INSERT INTO kernel_unsealedentry (entry_id) SELECT id FROM added;
    RETURN NULL;
"""

_HAS_LINK = "EXISTS (SELECT 1 FROM kernel_ledgerlink l WHERE l.entry_id = {row}.entry_id)"
_UNSEALED_IS_TRUE = f"""
    IF TG_OP = 'DELETE' THEN
        IF NOT {_HAS_LINK.format(row="OLD")} THEN {hardtriggers.raise_sql("k4_unsealed_kept")} END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' OR {_HAS_LINK.format(row="NEW")}
       OR NOT EXISTS (SELECT 1 FROM kernel_auditentry e WHERE e.id = NEW.entry_id) THEN
        {hardtriggers.raise_sql("k4_unsealed_kept")}
    END IF;
    RETURN NEW;
"""


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
        triggers = [
            *hardtriggers.append_only("k1_audit_append_only"),
            hardtriggers.HardTrigger(
                name="unsealed",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func=_NOTE_UNSEALED,
            ),
        ]

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


class UnsealedEntry(models.Model):
    """The id of an entry that has no link yet (K4): what the sealer has before it, and nothing else.

    PostgreSQL adds a row with every entry, in its transaction; a row goes only when the entry's link is there,
    and none comes for what has a link or is no entry.
    """

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = "رویداد در انتظار زنجیره"
        verbose_name_plural = "رویدادهای در انتظار زنجیره"
        triggers = [
            hardtriggers.HardTrigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_UNSEALED_IS_TRUE,
            ),
            hardtriggers.no_truncate("k4_unsealed_kept"),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)


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
