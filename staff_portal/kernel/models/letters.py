"""Numbers (K2) and signed letters (K1, K3)."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from staff_portal.kernel.base import hardtriggers

_NUMBER_ORDER = f"""
    SELECT last_serial INTO current_serial FROM kernel_numberseries WHERE id = NEW.series_id FOR UPDATE;
    SELECT max(serial) INTO highest FROM kernel_issuednumber WHERE series_id = NEW.series_id;
    SELECT first_serial INTO first FROM kernel_numberseries WHERE id = NEW.series_id;
    IF NEW.serial IS DISTINCT FROM COALESCE(highest + 1, first) OR NEW.serial IS DISTINCT FROM current_serial THEN
        {hardtriggers.raise_sql("k2_number_order")}
    END IF;
    RETURN NEW;
"""

_SERIES_MONOTONE = f"""
    IF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.jalali_year IS DISTINCT FROM OLD.jalali_year
       OR NEW.first_serial IS DISTINCT FROM OLD.first_serial
       OR NEW.last_serial NOT IN (OLD.last_serial, OLD.last_serial + 1) THEN
        {hardtriggers.raise_sql("k2_series_monotone")}
    END IF;
    RETURN NEW;
"""


def number_index(column: str, name: str) -> GinIndex:
    """For searches by a part of a number, whatever the case of its letters (``icontains``)."""
    return GinIndex(OpClass(Upper(column), name="gin_trgm_ops"), name=name)


class NumberSeries(models.Model):
    """The counter of one kind of number in one Jalali year; a start in mid-year sets ``first_serial``."""

    kind = models.CharField("کد نوع", max_length=8)
    jalali_year = models.PositiveSmallIntegerField("سال")
    first_serial = models.PositiveIntegerField("نخستین شماره", default=1)
    last_serial = models.PositiveIntegerField("آخرین شماره")

    class Meta:
        verbose_name = "شمارنده"
        verbose_name_plural = "شمارنده‌ها"
        constraints = [
            models.UniqueConstraint(fields=["kind", "jalali_year"], name="k2_series_unique"),
            models.CheckConstraint(
                name="k2_series_bounds", condition=Q(last_serial__gte=models.F("first_serial") - 1)
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("k2_series_monotone"),
            hardtriggers.HardTrigger(
                name="monotone", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SERIES_MONOTONE
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jalali_year}/{self.kind}"


class IssuedNumber(models.Model):
    """A number that was given, for ever (K2): no gap, no repeat, never taken back."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="numbers")
    serial = models.PositiveIntegerField()
    text = models.CharField("شماره", max_length=40)
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = "شماره داده‌شده"
        verbose_name_plural = "شماره‌های داده‌شده"
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="k2_number_unique"),
            models.UniqueConstraint(fields=["text"], name="k2_number_text_unique"),
        ]
        indexes = [number_index("text", "number_text_trgm")]
        triggers = [
            *hardtriggers.append_only("k2_number_order"),
            hardtriggers.HardTrigger(
                name="order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("current_serial", "integer"), ("highest", "integer"), ("first", "integer")],
                func=_NUMBER_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Secrecy(models.TextChoices):
    ORDINARY = "ordinary", "عادی"
    CONFIDENTIAL = "confidential", "محرمانه"


class Letter(models.Model):
    """A signed letter: written once, never changed or deleted (K1).

    ``content`` is what was signed, as canonical JSON; ``public_facts`` is the part that the public page
    states; ``code`` is the token of the QR. Everything that happens later is a :class:`LetterEvent`.
    """

    kind = models.CharField("نوع", max_length=40)
    template = models.CharField(max_length=60)
    number = models.OneToOneField(IssuedNumber, on_delete=models.PROTECT, related_name="letter")
    dated_on = models.DateField("تاریخ")
    valid_until = models.DateField("معتبر تا", null=True, blank=True)
    subject = models.CharField("موضوع", max_length=300)
    addressee = models.CharField("گیرنده", max_length=300, blank=True)
    secrecy = models.CharField("طبقه‌بندی", max_length=14, choices=Secrecy.choices, default=Secrecy.ORDINARY)
    content = models.JSONField("متن امضاشده")
    public_facts = models.JSONField("آنچه همگان می‌بینند", default=list)
    content_hash = models.CharField(max_length=64)
    public_id = models.CharField(max_length=32, unique=True)
    code = models.CharField(max_length=400, unique=True)
    signed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("زمان امضا")
    refers_to = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="referred_by")
    root_type = models.CharField(max_length=80)
    root_id = models.BigIntegerField()

    class Meta:
        verbose_name = "نامه"
        verbose_name_plural = "نامه‌ها"
        ordering = ["-id"]
        indexes = [models.Index(fields=["root_type", "root_id", "-id"], name="letter_root")]
        triggers = [*hardtriggers.append_only("k1_letter_append_only")]

    def __str__(self) -> str:
        return self.number.text


class LetterEventKind(models.TextChoices):
    REVOKED = "revoked", "باطل‌شده"
    REPLACED = "replaced", "جایگزین‌شده"
    OFFICE_NUMBER = "office_number", "شماره اتوماسیون اداری"
    SCAN = "scan", "تصویر نسخه مهرشده"


class LetterEvent(models.Model):
    """What became of a signed letter: revoked (and why), replaced, its number in the office automation, a scan."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=LetterEventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("سبب", max_length=300, blank=True)
    replacement = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")
    office_number = models.CharField("شماره اتوماسیون", max_length=60, blank=True)
    office_dated_on = models.DateField("تاریخ اتوماسیون", null=True, blank=True)
    scan = models.ForeignKey("kernel.Attachment", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "رویداد نامه"
        verbose_name_plural = "رویدادهای نامه"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(kind__in=["revoked", "replaced"]),
                name="k3_letter_ends_once",
            ),
        ]
        indexes = [number_index("office_number", "letter_office_trgm")]
        triggers = [*hardtriggers.append_only("k1_letter_append_only")]

    def __str__(self) -> str:
        return self.get_kind_display()


class LetterRendering(models.Model):
    """The PDF of a letter, made after the commit; may be made again from the signed content at any time."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="rendering")
    file = models.FileField(upload_to="letters/%Y/", max_length=200)
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField()

    class Meta:
        verbose_name = "نسخه چاپی نامه"
        verbose_name_plural = "نسخه‌های چاپی نامه"

    def __str__(self) -> str:
        return self.file.name or ""
