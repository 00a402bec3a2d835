"""The memorandum, terms of the committee, its five seats and who sat in them (M6, C1)."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from committee.enums import TONES, ClauseParty, SeatCode, SeatingEnd, TermState
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.base.periods import PeriodField
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.persian.digits import to_persian_digits

_FIVE_SEATS = f"""
    SELECT count(*) INTO seats FROM committee_seat WHERE term_id = NEW.id;
    IF seats <> 5 THEN {hardtriggers.raise_sql("c1_five_seats")} END IF;
    RETURN NULL;
"""

_SEATING_RULES = f"""
    IF lower(NEW.period) <= (NEW.appointed_at AT TIME ZONE 'Asia/Tehran')::date OR NEW.ended_at IS NOT NULL THEN
        {hardtriggers.raise_sql("c1_from_the_next_day")}
    END IF;
    SELECT code INTO seat FROM committee_seat WHERE id = NEW.seat_id;
    SELECT side INTO person_side FROM kernel_user WHERE id = NEW.person_id;
    IF seat IS DISTINCT FROM NEW.seat_code OR person_side IS DISTINCT FROM (
        CASE WHEN seat LIKE 'hq%' THEN 'hq' WHEN seat LIKE 'deputy%' THEN 'deputy' ELSE 'ngo' END
    ) THEN
        {hardtriggers.raise_sql("c1_side_of_seat")}
    END IF;
    IF seat <> 'ngo' AND NEW.appointed_by_id = NEW.person_id THEN
        {hardtriggers.raise_sql("c1_nobody_appoints_oneself")}
    END IF;
    IF seat = 'ngo' THEN
        PERFORM 1 FROM committee_nominationround r JOIN committee_nominee n ON n.id = r.chosen_id
            WHERE r.id = NEW.round_id AND r.state = 'decided' AND r.seat_id = NEW.seat_id AND n.ngo_id = NEW.ngo_id
            FOR SHARE OF r;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c2_ngo_seat_by_round")} END IF;
    ELSIF NEW.round_id IS NOT NULL OR NEW.ngo_id IS NOT NULL THEN
        {hardtriggers.raise_sql("c2_ngo_seat_by_round")}
    END IF;
    RETURN NEW;
"""

#: a term lies within its memorandum and begins not before the day of its proposal and of its opening (X10)
_TERM_RULES = f"""
    IF TG_OP = 'INSERT' OR NEW.state = 'open' AND OLD.state = 'proposed' THEN
        PERFORM 1 FROM committee_memorandum m WHERE m.id = NEW.memorandum_id
            AND daterange(NEW.starts_on, NEW.planned_end_on, '[]') <@ m.period;
        IF NOT FOUND THEN {hardtriggers.raise_sql("x10_term_within_memorandum")} END IF;
        IF NEW.starts_on < (NEW.state_since AT TIME ZONE 'Asia/Tehran')::date THEN
            {hardtriggers.raise_sql("c1_term_not_backdated")}
        END IF;
    END IF;
    RETURN NEW;
"""

#: what was recorded of a seating: the days on which its person was there, waived, voted, declared
_RECORDED = """
    SELECT at AS moment FROM committee_presence WHERE seating_id = NEW.id
    UNION ALL SELECT waived_at FROM committee_noticewaiver WHERE seating_id = NEW.id
    UNION ALL SELECT cast_at FROM committee_ballot WHERE seating_id = NEW.id
    UNION ALL SELECT declared_at FROM committee_recusal WHERE seating_id = NEW.id
    UNION ALL SELECT cast_at FROM committee_nominationballot WHERE seating_id = NEW.id
"""

_SEATING_KEPT = f"""
    IF (isempty(OLD.period) AND NOT isempty(NEW.period))
       OR (NOT isempty(NEW.period) AND lower(NEW.period) IS DISTINCT FROM lower(OLD.period))
       OR (NOT upper_inf(OLD.period) AND upper(NEW.period) > upper(OLD.period))
       OR (NOT upper_inf(OLD.period) AND upper_inf(NEW.period)) THEN
        {hardtriggers.raise_sql("c1_seating_kept")}
    END IF;
    IF NEW.period IS DISTINCT FROM OLD.period THEN
        recorded_on = (NEW.ended_at AT TIME ZONE 'Asia/Tehran')::date;
        IF isempty(NEW.period) AND (recorded_on IS NULL OR lower(OLD.period) <= recorded_on) THEN
            {hardtriggers.raise_sql("c1_seating_kept")}
        END IF;
        IF recorded_on IS NULL OR NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at OR NEW.ended_by = ''
           OR upper(NEW.period) <= recorded_on THEN
            {hardtriggers.raise_sql("c1_from_the_next_day")}
        END IF;
        PERFORM 1 FROM ({_RECORDED}) recorded
            WHERE NOT NEW.period @> (recorded.moment AT TIME ZONE 'Asia/Tehran')::date;
        IF FOUND THEN {hardtriggers.raise_sql("c1_recorded_within_seating")} END IF;
    ELSIF (NEW.ended_at, NEW.ended_by) IS DISTINCT FROM (OLD.ended_at, OLD.ended_by) THEN
        {hardtriggers.raise_sql("c1_seating_kept")}
    END IF;
    RETURN NEW;
"""


class Memorandum(models.Model):
    """The joint memorandum [تفاهم‌نامه مشترک] of HQ and deputy: number, date, term and signatories."""

    number = models.CharField("شماره", max_length=40)
    title = models.CharField("عنوان", max_length=200)
    signed_on = models.DateField("تاریخ امضا")
    period = PeriodField("دوره اعتبار")
    hq_signatory = models.CharField("امضاکننده ستاد سمن‌ها", max_length=160)
    deputy_signatory = models.CharField("امضاکننده معاونت", max_length=160)
    extension = models.CharField("شیوه تمدید", max_length=300, blank=True)
    recorded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "تفاهم‌نامه"
        verbose_name_plural = "تفاهم‌نامه‌ها"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="memorandum_number_unique"),
            models.CheckConstraint(name="memorandum_period_not_empty", condition=Q(period__isempty=False)),
        ]
        triggers = [*hardtriggers.no_delete("memorandum_kept")]

    def __str__(self) -> str:
        return self.title


class MemorandumClause(models.Model):
    """One clause (M1–M16): its text in own words, and the party that owns it."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="clauses")
    code = models.CharField("بند", max_length=4)
    position = models.PositiveSmallIntegerField("ترتیب")
    party = models.CharField("طرف", max_length=10, choices=ClauseParty.choices)
    text = models.CharField("متن بند", max_length=600)

    class Meta:
        verbose_name = "بند تفاهم‌نامه"
        verbose_name_plural = "بندهای تفاهم‌نامه"
        ordering = ["memorandum", "position"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "code"], name="memorandum_clause_once"),
        ]
        triggers = [*hardtriggers.append_only("memorandum_kept")]

    def __str__(self) -> str:
        return self.code


class Term(models.Model):
    """One term [دوره] of the committee, opened by both heads; it runs on until the next one is seated (C1).

    ``chair_code`` is the seat whose holder chairs; the other side's head agrees to it, as to the term.
    """

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField("شماره دوره")
    starts_on = models.DateField("آغاز")
    planned_end_on = models.DateField("پایان پیش‌بینی‌شده")
    rules = models.TextField("آیین کار", blank=True)
    chair_code = models.CharField("کرسی رئیس", max_length=8, choices=SeatCode.choices)
    proposed_chair_code = models.CharField(max_length=8, choices=SeatCode.choices, blank=True)
    chair_proposed_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("وضعیت", max_length=10, choices=TermState.choices, default=TermState.PROPOSED)
    state_since = models.DateTimeField("از")
    proposed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_side = models.CharField(max_length=10, choices=Side.choices)
    agreed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField("پایان", null=True, blank=True)

    class Meta:
        verbose_name = "دوره کمیته"
        verbose_name_plural = "دوره‌های کمیته"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(state="withdrawn"), name="c1_term_number"
            ),
            models.CheckConstraint(name="c1_term_dates", condition=Q(planned_end_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="c1_chair_of_four", condition=Q(chair_code__in=["hq1", "hq2", "deputy1", "deputy2"])
            ),
            models.CheckConstraint(
                name="c1_both_heads",
                condition=Q(state__in=["proposed", "withdrawn"])
                | Q(agreed_by__isnull=False) & ~Q(agreed_by=F("proposed_by")),
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("c1_term_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_TERM_RULES,
            ),
            hardtriggers.HardTrigger(
                name="five_seats",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("seats", "integer")],
                func=_FIVE_SEATS,
            ),
        ]

    def __str__(self) -> str:
        return f"دوره {to_persian_digits(self.number)} کمیته مشترک"

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "neutral")


class Seat(models.Model):
    """One of the five seats of a term (C1)."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="seats")
    code = models.CharField("کرسی", max_length=8, choices=SeatCode.choices)

    class Meta:
        verbose_name = "کرسی"
        verbose_name_plural = "کرسی‌ها"
        ordering = ["term", "id"]
        constraints = [
            models.UniqueConstraint(fields=["term", "code"], name="c1_seat_once"),
            models.CheckConstraint(
                name="c1_seat_code", condition=Q(code__in=["hq1", "hq2", "deputy1", "deputy2", "ngo"])
            ),
        ]
        triggers = [*hardtriggers.append_only("c1_five_seats")]

    def __str__(self) -> str:
        return str(self.get_code_display())


class Seating(models.Model):
    """A person in a seat from one day to another, by letter of appointment (C1, C2).

    Every change holds from the next day: the period begins after the day of ``appointed_at`` and includes the day of
    ``ended_at``, the moment at which its end was recorded. One withdrawn before it began has an empty period.
    ``seat_code`` repeats the seat's code, so that over all terms no two people sit in one seat on one day.
    The NGO's seat names the NGO and the decided round that chose it.
    """

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="seatings")
    seat_code = models.CharField("کرسی", max_length=8, choices=SeatCode.choices)
    person = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="seatings")
    period = PeriodField("دوره")
    letter_reference = models.CharField("شماره حکم یا معرفی‌نامه", max_length=60)
    letter = models.ForeignKey(
        "kernel.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ngo = models.ForeignKey(
        "ngos.Ngo", null=True, blank=True, on_delete=models.PROTECT, related_name="seatings"
    )
    round = models.ForeignKey(
        "committee.NominationRound", null=True, blank=True, on_delete=models.PROTECT, related_name="seatings"
    )
    role_assignment = models.ForeignKey(
        "kernel.RoleAssignment", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("زمان ثبت پایان", null=True, blank=True)
    ended_by = models.CharField("سبب پایان", max_length=18, choices=SeatingEnd.choices, blank=True)
    appointed_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField("زمان انتصاب")

    class Meta:
        verbose_name = "عضویت در کرسی"
        verbose_name_plural = "عضویت‌ها در کرسی"
        ordering = ["-period", "-id"]
        constraints = [
            ExclusionConstraint(
                name="c1_one_person_per_seat",
                expressions=[(F("seat_code"), RangeOperators.EQUAL), (F("period"), RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="c1_one_seat_per_person",
                expressions=[(F("person"), RangeOperators.EQUAL), (F("period"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="c1_seating_not_empty", condition=Q(period__isempty=False) | ~Q(ended_by="")
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("c1_seating_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("seat", "varchar"), ("person_side", "varchar")],
                func=_SEATING_RULES,
            ),
            hardtriggers.HardTrigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("recorded_on", "date")],
                func=_SEATING_KEPT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}، {self.get_seat_code_display()}"
