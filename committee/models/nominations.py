"""Rounds of nomination for the NGO's seat: three nominees, ballots, decision (M7, C2, C3)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.enums import ROUND_TONES, CheckMoment, RoundState, SeatCode
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.persian.digits import to_persian_digits

#: the deputy's head, and who has the head's powers by delegation, with the days (K6)
_DEPUTY_HEADS = """
    SELECT user_id AS person_id, period FROM kernel_roleassignment
        WHERE role = 'deputy_manager' AND confirmed_at IS NOT NULL
    UNION ALL SELECT d.delegate_id, d.period * r.period FROM kernel_delegation d
        JOIN kernel_roleassignment r ON r.user_id = d.delegator_id AND r.role = d.role
        WHERE d.role = 'deputy_manager' AND d.ended_at IS NULL AND r.confirmed_at IS NOT NULL
"""

#: facts across tables; which state and column may change when follows from the rows (``guard`` beside them)
_ROUND_RULES = f"""
    IF OLD.state = 'preparing' AND NEW.state = 'open' THEN
        SELECT count(*) INTO how_many FROM committee_nominee WHERE round_id = NEW.id
            AND representative_id IS NOT NULL AND consented_on IS NOT NULL;
        SELECT count(*) INTO all_of_them FROM committee_nominee WHERE round_id = NEW.id;
        IF how_many <> 3 OR all_of_them <> 3 OR NEW.sealed_on IS NULL THEN
            {hardtriggers.raise_sql("c2_exactly_three")}
        END IF;
        SELECT side INTO who_side FROM kernel_user WHERE id = NEW.sealed_by_id;
        IF who_side IS DISTINCT FROM 'hq' THEN {hardtriggers.raise_sql("c2_sealed_by_hq")} END IF;
    END IF;
    IF NEW.state = 'decided' THEN
        PERFORM 1 FROM committee_nominee WHERE id = NEW.chosen_id AND round_id = NEW.id;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c3_one_of_three")} END IF;
        SELECT count(*), count(DISTINCT b.nominee_id), min(b.nominee_id)
            INTO deputy_ballots, deputy_choices, deputy_choice
            FROM committee_nominationballot b WHERE b.round_id = NEW.id AND b.seat_code IN ('deputy1', 'deputy2');
        IF NEW.decided_by_id IS NULL THEN
            IF deputy_ballots <> 2 OR deputy_choices <> 1 OR deputy_choice IS DISTINCT FROM NEW.chosen_id THEN
                {hardtriggers.raise_sql("c3_deputy_decides")}
            END IF;
        ELSE
            SELECT side INTO who_side FROM kernel_user WHERE id = NEW.decided_by_id;
            IF who_side IS DISTINCT FROM 'deputy' OR NEW.reason = ''
               OR (deputy_ballots = 2 AND deputy_choices = 1) THEN
                {hardtriggers.raise_sql("c3_deputy_decides")}
            END IF;
            PERFORM 1 FROM committee_nominationballot WHERE round_id = NEW.id AND voter_id = NEW.decided_by_id;
            IF FOUND THEN {hardtriggers.raise_sql("c3_no_voter_decides")} END IF;
            PERFORM 1 FROM ({_DEPUTY_HEADS}) heads
                WHERE heads.person_id = NEW.decided_by_id AND heads.period @> NEW.decided_on;
            IF NOT FOUND THEN {hardtriggers.raise_sql("c3_deputy_decides")} END IF;
        END IF;
        IF OLD.state <> 'decided' AND (NEW.decided_on IS DISTINCT FROM
            (NEW.state_since AT TIME ZONE 'Asia/Tehran')::date OR NEW.state_since < OLD.state_since) THEN
            {hardtriggers.raise_sql("c3_decided_that_day")}
        END IF;
    END IF;
    RETURN NEW;
"""

_NOMINEES_FIXED = f"""
    SELECT state INTO round_state FROM committee_nominationround
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.round_id ELSE OLD.round_id END FOR SHARE;
    IF round_state IS DISTINCT FROM 'preparing' THEN {hardtriggers.raise_sql("c2_round_sealed")} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND NEW.round_id IS DISTINCT FROM OLD.round_id THEN
        {hardtriggers.raise_sql("c2_round_sealed")}
    END IF;
    RETURN NEW;
"""

_BALLOT_RULES = f"""
    SELECT state INTO round_state FROM committee_nominationround WHERE id = NEW.round_id FOR SHARE;
    IF round_state IS DISTINCT FROM 'open' THEN {hardtriggers.raise_sql("c3_round_not_open")} END IF;
    PERFORM 1 FROM committee_nominee WHERE id = NEW.nominee_id AND round_id = NEW.round_id;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c3_one_of_three")} END IF;
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id AND s.person_id = NEW.voter_id
        AND s.seat_code = NEW.seat_code AND s.seat_code IN ('hq1', 'hq2', 'deputy1', 'deputy2')
        AND s.period @> (NEW.cast_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c3_sitting_members_vote")} END IF;
    RETURN NEW;
"""


class NominationRound(models.Model):
    """One round for the NGO's seat of a term: prepared by HQ, sealed with three, decided by the deputy (C2, C3).

    ``decided_by`` is empty when both deputy ballots agreed, else the deputy's head who picked with a reason;
    ``head_reason`` says why the decision was handed over to the head. A round that is over changes no more.
    """

    seat = models.ForeignKey("committee.Seat", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("شماره")
    state = models.CharField("وضعیت", max_length=10, choices=RoundState.choices, default=RoundState.PREPARING)
    state_since = models.DateTimeField("از")
    prepared_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("آغاز آماده‌سازی")
    sealed_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_on = models.DateField("نهایی‌شده در", null=True, blank=True)
    chosen = models.ForeignKey(
        "committee.Nominee", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField("تاریخ تصمیم", null=True, blank=True)
    reason = models.TextField("دلیل تصمیم", blank=True)
    head_reason = models.CharField(
        "سبب سپردن تصمیم به معاون", max_length=120, blank=True, default="", db_default=""
    )
    void_reason = models.CharField("سبب ابطال", max_length=400, blank=True)
    proof = models.ForeignKey(
        "kernel.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "دور معرفی نامزد"
        verbose_name_plural = "دورهای معرفی نامزد"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=["preparing", "open"]), name="c2_one_round_at_a_time"
            ),
            models.CheckConstraint(
                name="c3_decided_names_one",
                condition=Q(state="decided", chosen__isnull=False, decided_on__isnull=False)
                | (~Q(state="decided") & Q(chosen__isnull=True, decided_by__isnull=True)),
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("c3_round_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[
                    ("how_many", "integer"),
                    ("all_of_them", "integer"),
                    ("deputy_ballots", "integer"),
                    ("deputy_choices", "integer"),
                    ("deputy_choice", "bigint"),
                    ("who_side", "varchar"),
                ],
                func=_ROUND_RULES,
            ),
        ]

    def __str__(self) -> str:
        return f"معرفی نامزد نماینده سمن‌ها، دور {to_persian_digits(self.number)}"

    @property
    def state_tone(self) -> str:
        return ROUND_TONES.get(self.state, "neutral")

    def get_absolute_url(self) -> str:
        return reverse("committee:nomination_detail", args=[self.pk])


class Nominee(models.Model):
    """One NGO put forward: its consent and the person it would send; fixed once the round is sealed (C2)."""

    round = models.ForeignKey(NominationRound, on_delete=models.PROTECT, related_name="nominees")
    ngo = models.ForeignKey("ngos.Ngo", on_delete=models.PROTECT, related_name="nominations")
    why = models.CharField("دلیل معرفی", max_length=600)
    representative = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    consented_on = models.DateField("تاریخ پذیرش", null=True, blank=True)
    consent_reference = models.CharField("شماره نامه پذیرش", max_length=60, blank=True)
    consent_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "نامزد"
        verbose_name_plural = "نامزدها"
        ordering = ["round", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "ngo"], name="c2_three_different"),
            models.CheckConstraint(name="c2_nominee_why", condition=~Q(why="")),
        ]
        triggers = [
            hardtriggers.no_truncate("c2_round_sealed"),
            hardtriggers.HardTrigger(
                name="fixed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("round_state", "varchar")],
                func=_NOMINEES_FIXED,
            ),
        ]

    def __str__(self) -> str:
        return str(self.ngo)


class EligibilityCheck(models.Model):
    """What was found of one nominee at sealing and again at the decision, criterion by criterion (C2)."""

    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="checks")
    moment = models.CharField("هنگام", max_length=10, choices=CheckMoment.choices)
    is_eligible = models.BooleanField("واجد شرایط")
    findings = models.JSONField("یافته‌ها")
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = "بررسی شرایط نامزد"
        verbose_name_plural = "بررسی‌های شرایط نامزد"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["nominee", "moment"], name="c2_checked_once"),
        ]
        triggers = [*hardtriggers.append_only("c2_check_kept")]

    def __str__(self) -> str:
        return f"{self.nominee}: {self.get_moment_display()}"


class NominationBallot(models.Model):
    """One ballot of a sitting HQ or deputy member on the nominees: cast once, never changed (C3).

    HQ's ballots are advisory and shown as such; the deputy's decide.
    """

    round = models.ForeignKey(NominationRound, on_delete=models.PROTECT, related_name="ballots")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="ballots")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    seat_code = models.CharField("کرسی", max_length=8, choices=SeatCode.choices)
    voter = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField("زمان رأی")
    reason = models.TextField("دلیل رأی", blank=True, default="", db_default="")

    class Meta:
        verbose_name = "رأی به نامزد"
        verbose_name_plural = "رأی‌ها به نامزدها"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "seat_code"], name="c3_one_ballot_per_seat"),
            models.UniqueConstraint(fields=["round", "voter"], name="c3_one_ballot_per_person"),
        ]
        triggers = [
            *hardtriggers.append_only("c3_ballot_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("round_state", "varchar")],
                func=_BALLOT_RULES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voter}"

    @property
    def is_advisory(self) -> bool:
        """HQ's ballots advise, the deputy's decide (M7)."""
        return self.seat_code in {SeatCode.HQ1, SeatCode.HQ2}
