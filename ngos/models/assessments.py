"""Assessments, scores and grades (N7–N9)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ngos.enums import TONES, AssessmentState, GradeEndReason
from staff_portal.kernel.base import hardtriggers

_SCORES_LOCKED = f"""
    IF TG_OP <> 'INSERT' THEN
        SELECT submitted_at IS NOT NULL INTO locked FROM ngos_assessorseat WHERE id = OLD.seat_id FOR SHARE;
        IF locked THEN {hardtriggers.raise_sql("n7_scores_submitted")} END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT submitted_at IS NOT NULL INTO locked FROM ngos_assessorseat WHERE id = NEW.seat_id FOR SHARE;
        IF locked THEN {hardtriggers.raise_sql("n7_scores_submitted")} END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
"""

_MODERATION_LOCKED = f"""
    SELECT state NOT IN ('scoring', 'moderation', 'awaiting_confirmation') INTO locked FROM ngos_assessment
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.assessment_id ELSE NEW.assessment_id END FOR SHARE;
    IF locked THEN {hardtriggers.raise_sql("n9_assessment_closed")} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

# A sheet is submitted while there is scoring, and opened again only where scores were sent back after it was submitted.
_SEAT_CLOSED = f"""
    SELECT * INTO found FROM ngos_assessment WHERE id = OLD.assessment_id FOR SHARE;
    IF found.state IN ('confirmed', 'appealed') THEN {hardtriggers.raise_sql("n9_assessment_closed")} END IF;
    IF TG_OP = 'DELETE' THEN {hardtriggers.raise_sql("n7_seat_kept")} END IF;
    IF NEW.submitted_at IS DISTINCT FROM OLD.submitted_at
       AND (found.state <> 'scoring' OR OLD.submitted_at IS NOT NULL AND (
            NEW.submitted_at IS NOT NULL
            OR found.reopened_indicators = '{{}}'
            OR OLD.submitted_at > found.state_since)) THEN
        {hardtriggers.raise_sql("n7_scores_submitted")}
    END IF;
    RETURN NEW;
"""

# A grade is given by the confirmation of its own assessment, and ends before its time for a cause that is there.
_GRADE_GIVEN = f"""
    PERFORM 1 FROM ngos_assessment WHERE id = NEW.assessment_id AND state = 'confirmed'
        AND ngo_id = NEW.ngo_id AND framework_id = NEW.framework_id;
    IF NOT FOUND THEN {hardtriggers.raise_sql("n9_grade_by_confirmation")} END IF;
    RETURN NEW;
"""

_GRADE_ENDED = f"""
    PERFORM 1 FROM ngos_grade AS own JOIN ngos_ngo ON ngos_ngo.id = own.ngo_id WHERE own.id = NEW.grade_id
        AND (NEW.reason = 'membership_ended' AND ngos_ngo.state = 'ended'
             OR NEW.reason = 'superseded' AND EXISTS (
                 SELECT 1 FROM ngos_grade AS newer WHERE newer.ngo_id = own.ngo_id AND newer.id > own.id));
    IF NOT FOUND THEN {hardtriggers.raise_sql("n9_grade_ends_for_cause")} END IF;
    RETURN NEW;
"""


def _inserted(func: str) -> hardtriggers.HardTrigger:
    return hardtriggers.HardTrigger(
        name="given", when=pgtrigger.Before, operation=pgtrigger.Insert, func=func
    )


class Assessment(models.Model):
    """One assessment of one NGO by two assessors, within one framework version."""

    ngo = models.ForeignKey("ngos.Ngo", on_delete=models.PROTECT, related_name="assessments")
    framework = models.ForeignKey("ngos.Framework", on_delete=models.PROTECT, related_name="assessments")
    state = models.CharField(
        "وضعیت", max_length=22, choices=AssessmentState.choices, default=AssessmentState.PLANNED
    )
    state_since = models.DateTimeField("از")
    due_on = models.DateField("مهلت امتیازدهی", null=True, blank=True)
    planned_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    reopened_indicators = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = "ظرفیت‌سنجی"
        verbose_name_plural = "ظرفیت‌سنجی‌ها"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ngo"],
                condition=Q(
                    state__in=["planned", "self_assessment", "scoring", "moderation", "awaiting_confirmation"]
                ),
                name="n7_one_open_assessment",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="assessment_state")]
        triggers = [
            *hardtriggers.no_delete("n9_assessment_kept"),
        ]

    def __str__(self) -> str:
        return f"ظرفیت‌سنجی {self.ngo}"

    def get_absolute_url(self) -> str:
        return reverse("ngos:assessment_detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "neutral")


class AssessorSeat(models.Model):
    """One of the two assessors of an assessment; ``submitted_at`` locks the scores."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="seats")
    position = models.PositiveSmallIntegerField("ارزیاب", choices=[(1, "نخست"), (2, "دوم")])
    assessor = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="assessor_seats")
    submitted_at = models.DateTimeField("زمان ارسال", null=True, blank=True)

    class Meta:
        verbose_name = "ارزیاب"
        verbose_name_plural = "ارزیابان"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "position"], name="n7_two_seats"),
            models.UniqueConstraint(fields=["assessment", "assessor"], name="n7_two_persons"),
            models.CheckConstraint(name="n7_seat_position", condition=Q(position__in=[1, 2])),
        ]
        triggers = [
            hardtriggers.HardTrigger(
                name="closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[("found", "ngos_assessment%ROWTYPE")],
                func=_SEAT_CLOSED,
            ),
            hardtriggers.no_truncate("n9_assessment_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()}: {self.assessor}"


class Score(models.Model):
    """One assessor's value for one indicator: 0 to 4, or not applicable. Locked once submitted (N7)."""

    seat = models.ForeignKey(AssessorSeat, on_delete=models.PROTECT, related_name="scores")
    indicator = models.ForeignKey("ngos.Indicator", on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField("مقدار", null=True, blank=True)
    is_not_applicable = models.BooleanField("موضوعیت ندارد", default=False)
    note = models.CharField("یادداشت", max_length=600, blank=True)
    scored_at = models.DateTimeField()

    class Meta:
        verbose_name = "امتیاز"
        verbose_name_plural = "امتیازها"
        constraints = [
            models.UniqueConstraint(fields=["seat", "indicator"], name="n7_score_once"),
            models.CheckConstraint(
                name="n7_score_value",
                condition=Q(is_not_applicable=True, value__isnull=True)
                | Q(is_not_applicable=False, value__isnull=False, value__gte=0, value__lte=4),
            ),
        ]
        triggers = [
            hardtriggers.HardTrigger(
                name="locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("locked", "boolean")],
                func=_SCORES_LOCKED,
            ),
            hardtriggers.no_truncate("n7_scores_submitted"),
        ]

    def __str__(self) -> str:
        return "موضوعیت ندارد" if self.is_not_applicable else str(self.value)


class ModeratedValue(models.Model):
    """The value that moderation [هم‌سنجی] settled where the two assessors differed, with its reason (N7)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="moderated_values")
    indicator = models.ForeignKey("ngos.Indicator", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField("مقدار", max_digits=2, decimal_places=1, null=True, blank=True)
    is_not_applicable = models.BooleanField("موضوعیت ندارد", default=False)
    reason = models.CharField("دلیل", max_length=600)
    moderated_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    moderated_at = models.DateTimeField()

    class Meta:
        verbose_name = "مقدار هم‌سنجی‌شده"
        verbose_name_plural = "مقدارهای هم‌سنجی‌شده"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="n7_moderated_once"),
            models.CheckConstraint(
                name="n7_moderated_value",
                condition=Q(is_not_applicable=True, value__isnull=True)
                | Q(is_not_applicable=False, value__isnull=False, value__gte=0, value__lte=4),
            ),
            models.CheckConstraint(name="n7_moderated_reason", condition=~Q(reason="")),
        ]
        triggers = [
            hardtriggers.HardTrigger(
                name="closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("locked", "boolean")],
                func=_MODERATION_LOCKED,
            ),
            hardtriggers.no_truncate("n9_assessment_closed"),
        ]

    def __str__(self) -> str:
        return "موضوعیت ندارد" if self.is_not_applicable else str(self.value)


class Grade(models.Model):
    """A confirmed grade: written once, never changed (N9); ``result`` keeps the whole calculation (N8).

    It is valid from ``valid_from`` to ``valid_until`` inclusive unless a :class:`GradeEnd` ends it earlier.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="grade")
    ngo = models.ForeignKey("ngos.Ngo", on_delete=models.PROTECT, related_name="grades")
    framework = models.ForeignKey("ngos.Framework", on_delete=models.PROTECT, related_name="+")
    level_rank = models.PositiveSmallIntegerField("سطح")
    level_label = models.CharField("عنوان سطح", max_length=60)
    total = models.DecimalField("امتیاز کل", max_digits=5, decimal_places=2)
    is_introducible = models.BooleanField("واجد شرایط معرفی")
    result = models.JSONField("محاسبه")
    valid_from = models.DateField("معتبر از")
    valid_until = models.DateField("معتبر تا")
    confirmed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField("زمان تأیید")

    class Meta:
        verbose_name = "سطح سمن"
        verbose_name_plural = "سطح‌های سمن"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="n9_grade_dates", condition=Q(valid_from__lte=F("valid_until"))),
            models.CheckConstraint(name="n9_grade_total", condition=Q(total__gte=0, total__lte=100)),
        ]
        indexes = [models.Index(fields=["ngo", "-valid_from", "-id"], name="grade_ngo")]
        triggers = [_inserted(_GRADE_GIVEN), *hardtriggers.no_delete("n9_grade_immutable")]

    def __str__(self) -> str:
        return f"{self.level_label}، {self.ngo}"


class GradeEnd(models.Model):
    """The early end of a grade: ``ended_on`` is the first day on which it no longer holds (N9)."""

    grade = models.OneToOneField(Grade, on_delete=models.PROTECT, related_name="end")
    ended_on = models.DateField("پایان از")
    reason = models.CharField("سبب", max_length=20, choices=GradeEndReason.choices)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "پایان سطح"
        verbose_name_plural = "پایان سطح‌ها"
        triggers = [_inserted(_GRADE_ENDED), *hardtriggers.no_delete("n9_grade_immutable")]

    def __str__(self) -> str:
        return f"{self.grade}: {self.ended_on}"
