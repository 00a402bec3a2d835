"""Referral (K7), holds and cases: what moves or stops a file from outside its own workflow; and work items."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from staff_portal.kernel.base import hardtriggers


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
    """Stops every transition of one record, cancelling excepted, until it is lifted.

    ``root_type`` and ``root_id`` name the file in whose timeline it stands.
    """

    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    root_type = models.CharField(max_length=80, db_default="")
    root_id = models.BigIntegerField(db_default=0)
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


class WorkItem(models.Model):
    """Something that waits: on which record, what is to be done, by whom, from whom, since when and until when.

    Written by the kernel's settling alone, with the step that opens or closes it. Addressed to a person, a role with
    its scope, or a key of an app's own kind (a seat, an NGO); ``but`` are the people who must not. ``row`` is the row
    of the record's table that ends the wait. A closed item stays.
    """

    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=300)
    root_type = models.CharField(max_length=80)
    root_id = models.BigIntegerField()
    row = models.CharField(max_length=60)
    key = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=60)
    person = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="work_items")
    role = models.CharField("نقش", max_length=20, blank=True)
    scope_kind = models.CharField(max_length=10, blank=True)
    scope_id = models.BigIntegerField(default=0)
    address_kind = models.CharField(max_length=20, blank=True)
    address_key = models.CharField(max_length=40, blank=True)
    power = models.CharField(max_length=60, blank=True)
    but = ArrayField(models.BigIntegerField(), default=list)
    title = models.CharField("کار", max_length=300)
    detail = models.CharField("شرح", max_length=300, blank=True)
    batch = models.CharField(max_length=200, blank=True, default="", db_default="")
    url = models.CharField(max_length=300)
    rank = models.PositiveSmallIntegerField(default=50)
    sent_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("از")
    due_on = models.DateField("مهلت", null=True)
    opens_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_held = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "کار"
        verbose_name_plural = "کارها"
        constraints = [
            models.CheckConstraint(
                name="work_item_address",
                condition=Q(person__isnull=False, role="", address_kind="")
                | (Q(person__isnull=True, address_kind="") & ~Q(role=""))
                | (Q(person__isnull=True, role="") & ~Q(address_kind="") & ~Q(address_key="")),
            ),
            models.CheckConstraint(
                name="work_item_scope",
                condition=Q(scope_kind="", scope_id=0) | (~Q(scope_kind="") & ~Q(scope_id=0)),
            ),
            models.UniqueConstraint(
                name="work_item_once",
                fields=[
                    "subject_type",
                    "subject_id",
                    "row",
                    "key",
                    "person",
                    "role",
                    "scope_kind",
                    "scope_id",
                    "address_kind",
                    "address_key",
                ],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="work_item_person", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["role", "scope_id"], name="work_item_role", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["address_kind", "address_key"],
                name="work_item_at",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["sent_by"], name="work_item_sent", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["root_type", "root_id"], name="work_item_root"),
        ]
        triggers = [*hardtriggers.no_delete("work_item_history")]

    def __str__(self) -> str:
        return self.title
