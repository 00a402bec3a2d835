"""Assessment frameworks; a published one never changes, by any route (N6)."""

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ngos.enums import TONES, FrameworkState
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.persian.digits import to_persian_digits

_FRAMEWORK_KEPT = f"""
    IF OLD.state <> 'draft' THEN
        {hardtriggers.raise_sql("n6_framework_frozen")}
    END IF;
    RETURN OLD;
"""


def _part_frozen(lookup: str) -> str:
    """Refuses a change of a framework's part unless every framework concerned is a draft.

    ``lookup`` selects the framework of ``{row}``; FOR SHARE keeps a publication from slipping in between.
    """
    check = """
        SELECT state INTO framework_state FROM ngos_framework WHERE id = ({lookup}) FOR SHARE;
        IF framework_state IS DISTINCT FROM 'draft' THEN
            {refuse}
        END IF;
    """
    refuse = hardtriggers.raise_sql("n6_framework_frozen")
    new = check.format(lookup=lookup.format(row="NEW"), refuse=refuse)
    old = check.format(lookup=lookup.format(row="OLD"), refuse=refuse)
    return f"""
        IF TG_OP <> 'INSERT' THEN {old} END IF;
        IF TG_OP <> 'DELETE' THEN {new} RETURN NEW; END IF;
        RETURN OLD;
    """


def _frozen_with_framework(lookup: str) -> list[pgtrigger.Trigger]:
    return [
        hardtriggers.HardTrigger(
            name="frozen",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("framework_state", "text")],
            func=_part_frozen(lookup),
        ),
        hardtriggers.no_truncate("n6_framework_frozen"),
    ]


class Framework(models.Model):
    """A version of the assessment framework: draft → published → retired."""

    version = models.PositiveSmallIntegerField("نسخه")
    title = models.CharField("عنوان", max_length=160)
    state = models.CharField(
        "وضعیت", max_length=10, choices=FrameworkState.choices, default=FrameworkState.DRAFT
    )
    threshold = models.DecimalField("آستانه هم‌سنجی", max_digits=3, decimal_places=2, default=Decimal(1))
    gate_minimum = models.DecimalField("کمینه شرط لازم", max_digits=3, decimal_places=2, default=Decimal(3))
    valid_years = models.PositiveSmallIntegerField("اعتبار سطح (سال)", default=2)
    created_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "چارچوب ارزیابی"
        verbose_name_plural = "چارچوب‌های ارزیابی"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["version"], name="n6_framework_version_unique"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="n6_one_framework_published"
            ),
        ]
        triggers = [
            hardtriggers.HardTrigger(
                name="kept", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_FRAMEWORK_KEPT
            ),
            hardtriggers.no_truncate("n6_framework_frozen"),
        ]

    def __str__(self) -> str:
        return f"{self.title}، نسخه {to_persian_digits(str(self.version))}"

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "neutral")


class Dimension(models.Model):
    """A dimension [بُعد] of a framework with its weight in the total."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="dimensions")
    code = models.SlugField("کد", max_length=40)
    title = models.CharField("عنوان", max_length=120)
    weight = models.DecimalField("وزن", max_digits=6, decimal_places=2)
    position = models.PositiveSmallIntegerField("ترتیب", default=0)

    class Meta:
        verbose_name = "بُعد"
        verbose_name_plural = "ابعاد"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="n6_dimension_code_unique"),
            models.CheckConstraint(name="n6_dimension_weight", condition=Q(weight__gt=0)),
        ]
        triggers = _frozen_with_framework("{row}.framework_id")

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """An indicator with its weight in the dimension and five written anchors for the values 0 to 4."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="indicators")
    code = models.SlugField("کد", max_length=60)
    title = models.CharField("عنوان", max_length=160)
    weight = models.DecimalField("وزن", max_digits=6, decimal_places=2)
    is_gate = models.BooleanField("شرط لازم", default=False)
    evidence = models.CharField("مدرک لازم", max_length=300, blank=True)
    anchors = ArrayField(models.CharField(max_length=400), size=5, verbose_name="توصیف مقدارها")
    position = models.PositiveSmallIntegerField("ترتیب", default=0)

    class Meta:
        verbose_name = "شاخص"
        verbose_name_plural = "شاخص‌ها"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="n6_indicator_code_unique"),
            models.CheckConstraint(name="n6_indicator_weight", condition=Q(weight__gt=0)),
        ]
        triggers = _frozen_with_framework(
            "SELECT framework_id FROM ngos_dimension WHERE ngos_dimension.id = {row}.dimension_id"
        )

    def __str__(self) -> str:
        return self.title


class Level(models.Model):
    """A level: rank 1 is the best; ``lower_bound`` belongs to it, the next better bound no longer."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="levels")
    rank = models.PositiveSmallIntegerField("رتبه")
    label = models.CharField("عنوان", max_length=60)
    lower_bound = models.DecimalField("کف امتیاز", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "سطح"
        verbose_name_plural = "سطح‌ها"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "rank"], name="n6_level_rank_unique"),
            models.CheckConstraint(
                name="n6_level_bound", condition=Q(lower_bound__gte=0, lower_bound__lte=100)
            ),
        ]
        triggers = _frozen_with_framework("{row}.framework_id")

    def __str__(self) -> str:
        return self.label


class Floor(models.Model):
    """A floor [کف]: the level is not reached when the dimension's score lies under ``minimum``."""

    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="floors")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="floors")
    minimum = models.DecimalField("کمینه", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "کف"
        verbose_name_plural = "کف‌ها"
        constraints = [
            models.UniqueConstraint(fields=["level", "dimension"], name="n6_floor_once"),
        ]
        triggers = _frozen_with_framework(
            "SELECT framework_id FROM ngos_level WHERE ngos_level.id = {row}.level_id"
        )

    def __str__(self) -> str:
        return f"{self.level}: {self.dimension} ≥ {self.minimum}"
