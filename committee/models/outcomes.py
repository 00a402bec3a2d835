"""After the vote: resolutions, action items, minutes with amendments and signatures (C8, C9)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from committee.enums import (
    ACTION_TONES,
    MINUTES_TONES,
    RESOLUTION_TONES,
    ActionState,
    AmendmentState,
    MinutesState,
    ResolutionState,
)
from staff_portal.kernel.base import hardtriggers

_RESOLUTION_RULES = f"""
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM committee_motion WHERE id = NEW.motion_id AND state = 'carried'
            AND (title, text, text_hash) = (NEW.title, NEW.text, NEW.text_hash) FOR SHARE;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c8_carried_only")} END IF;
        IF NEW.state <> 'awaiting' OR NEW.letter_id IS NOT NULL OR NEW.hq_signed_by_id IS NOT NULL
           OR NEW.deputy_signed_by_id IS NOT NULL THEN
            {hardtriggers.raise_sql("c8_announced_by_both")}
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.motion_id, NEW.number_id, NEW.title, NEW.text, NEW.text_hash, NEW.adopted_on) IS DISTINCT FROM
       (OLD.motion_id, OLD.number_id, OLD.title, OLD.text, OLD.text_hash, OLD.adopted_on)
       OR (OLD.state = 'announced' AND NEW.state <> 'announced')
       OR (OLD.hq_signed_by_id IS NOT NULL AND
           (NEW.hq_signed_by_id, NEW.hq_signed_at, NEW.hq_signature) IS DISTINCT FROM
           (OLD.hq_signed_by_id, OLD.hq_signed_at, OLD.hq_signature))
       OR (OLD.deputy_signed_by_id IS NOT NULL AND
           (NEW.deputy_signed_by_id, NEW.deputy_signed_at, NEW.deputy_signature) IS DISTINCT FROM
           (OLD.deputy_signed_by_id, OLD.deputy_signed_at, OLD.deputy_signature))
       OR (OLD.letter_id IS NOT NULL AND NEW.letter_id IS DISTINCT FROM OLD.letter_id) THEN
        {hardtriggers.raise_sql("c8_resolution_kept")}
    END IF;
    IF NEW.letter_id IS NOT NULL AND OLD.letter_id IS NULL THEN
        PERFORM 1 FROM kernel_letter WHERE id = NEW.letter_id AND kind = 'announcement'
            AND root_type = 'committee.resolution' AND root_id = NEW.id;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c8_announced_by_both")} END IF;
    END IF;
    RETURN NEW;
"""

_MINUTES_RULES = f"""
    IF NEW.state = 'signing' AND OLD.state = 'circulated' THEN
        PERFORM 1 FROM committee_amendmentrequest WHERE minutes_id = NEW.id AND state = 'asked';
        IF FOUND THEN {hardtriggers.raise_sql("c9_amendments_answered")} END IF;
        IF NEW.content IS DISTINCT FROM OLD.content THEN {hardtriggers.raise_sql("c9_read_is_signed")} END IF;
        IF NEW.content_hash = '' THEN {hardtriggers.raise_sql("c9_minutes_in_order")} END IF;
    END IF;
    IF NEW.state = 'sealed' THEN
        PERFORM 1 FROM kernel_letter WHERE id = NEW.letter_id AND kind = 'minutes'
            AND root_type = 'committee.meeting' AND root_id = NEW.meeting_id;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c9_sealed_is_letter")} END IF;
    END IF;
    RETURN NEW;
"""

_SIGNATURE_RULES = f"""
    SELECT meeting_id INTO meeting FROM committee_minutes
        WHERE id = NEW.minutes_id AND state = 'signing' AND content_hash = NEW.content_hash FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c9_signing_open")} END IF;
    PERFORM 1 FROM committee_seating WHERE id = NEW.seating_id AND person_id = NEW.signed_by_id;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c9_own_signature")} END IF;
    PERFORM 1 FROM committee_seating WHERE person_id = NEW.signed_by_id
        AND period @> (NEW.signed_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c9_signed_while_seated")} END IF;
    PERFORM 1 FROM committee_presence
        WHERE meeting_id = meeting AND seating_id = NEW.seating_id AND kind = 'arrived';
    IF NOT FOUND THEN {hardtriggers.raise_sql("c9_present_signs")} END IF;
    RETURN NEW;
"""


class Resolution(models.Model):
    """A carried motion with its number, announced by a letter of both sides (C8)."""

    motion = models.OneToOneField("committee.Motion", on_delete=models.PROTECT, related_name="resolution")
    number = models.OneToOneField("kernel.IssuedNumber", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("عنوان", max_length=200)
    text = models.TextField("متن مصوبه")
    text_hash = models.CharField("اثر انگشت متن", max_length=64)
    search_text = models.TextField(editable=False, default="")
    adopted_on = models.DateField("تاریخ تصویب")
    state = models.CharField(
        "وضعیت", max_length=10, choices=ResolutionState.choices, default=ResolutionState.AWAITING
    )
    state_since = models.DateTimeField("از")
    hq_signed_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hq_signed_at = models.DateTimeField(null=True, blank=True)
    deputy_signed_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    deputy_signed_at = models.DateTimeField(null=True, blank=True)
    hq_signature = models.JSONField(default=dict, blank=True)
    deputy_signature = models.JSONField(default=dict, blank=True)
    letter = models.ForeignKey(
        "kernel.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "مصوبه"
        verbose_name_plural = "مصوبه‌ها"
        ordering = ["-adopted_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="c8_announced_by_both",
                condition=~Q(state="announced")
                | Q(hq_signed_by__isnull=False, deputy_signed_by__isnull=False, letter__isnull=False),
            ),
            models.CheckConstraint(
                name="c8_two_persons",
                condition=Q(hq_signed_by__isnull=True)
                | Q(deputy_signed_by__isnull=True)
                | ~Q(hq_signed_by=F("deputy_signed_by")),
            ),
        ]
        indexes = [models.Index(fields=["state", "-adopted_on"], name="resolution_state")]
        triggers = [
            *hardtriggers.no_delete("c8_resolution_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_RESOLUTION_RULES,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_tone(self) -> str:
        return RESOLUTION_TONES.get(self.state, "neutral")

    def get_absolute_url(self) -> str:
        return reverse("committee:resolution_detail", args=[self.pk])


class ActionItem(models.Model):
    """Follow-up [پیگیری مصوبه] of a resolution: who does what until when (C8)."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="actions")
    title = models.CharField("کار", max_length=300)
    owner = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="action_items")
    due_on = models.DateField("مهلت")
    state = models.CharField("وضعیت", max_length=10, choices=ActionState.choices, default=ActionState.OPEN)
    state_since = models.DateTimeField("از")
    result = models.TextField("نتیجه", blank=True)
    last_chased_on = models.DateField("آخرین یادآوری", null=True, blank=True)
    created_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "پیگیری مصوبه"
        verbose_name_plural = "پیگیری‌های مصوبه"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "due_on"], name="action_open", condition=Q(state="open"))]
        triggers = [*hardtriggers.no_delete("c8_action_kept")]

    def __str__(self) -> str:
        return self.title

    @property
    def state_tone(self) -> str:
        return ACTION_TONES.get(self.state, "neutral")


class Minutes(models.Model):
    """The minutes [صورتجلسه] of a meeting: drafted from the recorded facts, circulated, signed, sealed (C9).

    ``content`` is the text that members see and sign, frozen when it is circulated and again when it is signed.
    """

    meeting = models.OneToOneField("committee.Meeting", on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField("وضعیت", max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT)
    state_since = models.DateTimeField("از")
    content = models.JSONField("متن", default=dict, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    circulated_on = models.DateField("گردش از", null=True, blank=True)
    signing_from = models.DateField("امضا از", null=True, blank=True)
    sealed_at = models.DateTimeField("زمان نهایی‌شدن", null=True, blank=True)
    letter = models.ForeignKey(
        "kernel.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "صورتجلسه"
        verbose_name_plural = "صورتجلسه‌ها"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="c9_sealed_is_letter", condition=~Q(state="sealed") | Q(letter__isnull=False)
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("c9_minutes_sealed"),
            hardtriggers.HardTrigger(
                name="rules", when=pgtrigger.Before, operation=pgtrigger.Update, func=_MINUTES_RULES
            ),
        ]

    def __str__(self) -> str:
        return f"صورتجلسه {self.meeting}"

    @property
    def state_tone(self) -> str:
        return MINUTES_TONES.get(self.state, "neutral")

    def get_absolute_url(self) -> str:
        return reverse("committee:minutes_detail", args=[self.meeting_id])


class AmendmentRequest(models.Model):
    """What a member asks to be changed in the circulated minutes, and the secretary's answer (C9).

    The state «none» keeps that the member has nothing to ask, so that signing need not wait for the clock.
    """

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="amendments")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("اصلاح پیشنهادی", blank=True)
    state = models.CharField(
        "وضعیت", max_length=10, choices=AmendmentState.choices, default=AmendmentState.ASKED
    )
    answer = models.TextField("پاسخ دبیر", blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "درخواست اصلاح صورتجلسه"
        verbose_name_plural = "درخواست‌های اصلاح صورتجلسه"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="c9_amendment_text", condition=Q(state="none", text="") | ~Q(state="none") & ~Q(text="")
            ),
            models.UniqueConstraint(
                fields=["minutes", "seating"], condition=Q(state="none"), name="c9_no_amendment_once"
            ),
        ]
        triggers = [*hardtriggers.no_delete("c9_amendment_kept")]

    def __str__(self) -> str:
        return f"{self.seating}"


class MinutesSignature(models.Model):
    """The signature of one member who was present, with a dissent if there is one (C9)."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="signatures")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("زمان امضا")
    dissent = models.TextField("نظر مخالف", blank=True)
    content_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "امضای صورتجلسه"
        verbose_name_plural = "امضاهای صورتجلسه"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["minutes", "seating"], name="c9_signed_once")]
        triggers = [
            *hardtriggers.append_only("c9_signature_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("meeting", "bigint")],
                func=_SIGNATURE_RULES,
            ),
        ]

    def __str__(self) -> str:
        return str(self.seating)
