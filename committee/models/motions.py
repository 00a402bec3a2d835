"""Motions, ballots chained by hash, recusals (C5–C7)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.enums import (
    MOTION_TONES,
    Choice,
    EffectState,
    MotionKind,
    MotionState,
    RecusalSource,
    SeatCode,
    VotingMode,
)
from committee.models import meeting_only
from staff_portal.kernel.base import hardtriggers

#: who is in the room: the last arrival or departure of each seating that is in force at the opening, or the closing
_PRESENT = """
    SELECT DISTINCT ON (p.seating_id) s.seat_code, p.kind FROM committee_presence p
        JOIN committee_seating s ON s.id = p.seating_id
        WHERE p.meeting_id = NEW.meeting_id
        AND s.period @> (COALESCE(NEW.closed_at, NEW.opened_at) AT TIME ZONE 'Asia/Tehran')::date
        ORDER BY p.seating_id, p.at DESC, p.id DESC
"""

#: three seats present, both sides among them (C4)
_COUNT_PRESENT = f"""
    SELECT count(DISTINCT seat_code) >= 3 AND bool_or(seat_code LIKE 'hq%') AND bool_or(seat_code LIKE 'deputy%')
        INTO quorum FROM ({_PRESENT}) present WHERE kind = 'arrived';
"""

#: every sitting member was invited to the meeting, in this seating or the one before, or waived the notice (C4)
_ALL_INVITED = f"""
    PERFORM 1 FROM committee_seating s WHERE s.period @> (NEW.opened_at AT TIME ZONE 'Asia/Tehran')::date
        AND NOT EXISTS (SELECT 1 FROM committee_invitation i JOIN committee_seating o ON o.id = i.seating_id
            WHERE i.meeting_id = NEW.meeting_id AND o.person_id = s.person_id)
        AND NOT EXISTS (SELECT 1 FROM committee_noticewaiver w WHERE w.meeting_id = NEW.meeting_id AND w.seating_id = s.id);
    IF FOUND THEN {hardtriggers.raise_sql("c4_all_invited")} END IF;
"""

#: what the table of rows cannot know: the room at the opening, the ballots at the closing
_MOTION_RULES = f"""
    IF NEW.state = 'open' AND OLD.state <> 'open' AND NEW.mode = 'meeting' THEN
        PERFORM 1 FROM committee_meeting WHERE id = NEW.meeting_id AND state = 'in_session' FOR SHARE;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c4_not_in_session")} END IF;
        PERFORM 1 FROM committee_agendaitem WHERE meeting_id = NEW.meeting_id AND motion_id = NEW.id;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c5_on_the_agenda")} END IF;
        {_ALL_INVITED}
        {_COUNT_PRESENT}
        IF quorum IS NOT TRUE THEN {hardtriggers.raise_sql("c4_quorum")} END IF;
    END IF;
    IF OLD.state = 'open' AND NEW.state IN ('carried', 'lost', 'lapsed') THEN
        SELECT count(*), count(*) FILTER (WHERE choice = 'for'), count(*) FILTER (WHERE choice = 'against'),
               count(*) FILTER (WHERE choice = 'abstain')
            INTO cast_ballots, cast_for, cast_against, cast_abstain
            FROM committee_ballot WHERE motion_id = NEW.id;
        IF NEW.meeting_asked_by_id IS NOT NULL THEN
            cast_for = NULL; cast_against = NULL; cast_abstain = NULL;  -- sealed for good: only how many were cast
        END IF;
        IF (NEW.ballot_count, NEW.votes_for, NEW.votes_against, NEW.votes_abstain)
           IS DISTINCT FROM (cast_ballots, cast_for, cast_against, cast_abstain) THEN
            {hardtriggers.raise_sql("c5_every_ballot_counts")}
        END IF;
        SELECT hash INTO end_hash FROM committee_ballot WHERE motion_id = NEW.id ORDER BY sequence DESC LIMIT 1;
        IF NEW.last_hash IS DISTINCT FROM COALESCE(end_hash, NEW.text_hash) THEN
            {hardtriggers.raise_sql("c7_chain")}
        END IF;
        SELECT count(*) INTO recused FROM committee_recusal WHERE motion_id = NEW.id;
        IF NEW.recused_count IS DISTINCT FROM recused OR NEW.base IS DISTINCT FROM 5 - recused
           OR (NEW.state = 'carried' AND NEW.votes_for * 2 <= NEW.base)
           OR (NEW.state = 'lost' AND NEW.votes_for * 2 > NEW.base) THEN
            {hardtriggers.raise_sql("c5_more_than_half")}
        END IF;
        IF NEW.mode = 'meeting' THEN
            {_COUNT_PRESENT}
            IF (quorum IS TRUE) = (NEW.state = 'lapsed') THEN {hardtriggers.raise_sql("c4_quorum")} END IF;
        ELSIF NEW.meeting_asked_by_id IS NULL THEN
            SELECT count(*) >= 3 AND bool_or(seat_code LIKE 'hq%') AND bool_or(seat_code LIKE 'deputy%')
                INTO quorum FROM committee_ballot WHERE motion_id = NEW.id;
            IF quorum IS NOT TRUE AND NEW.state <> 'lapsed' THEN
                {hardtriggers.raise_sql("c5_both_sides_by_circulation")}
            END IF;
            IF quorum IS TRUE AND NEW.state = 'lapsed' THEN {hardtriggers.raise_sql("c5_lapses_for_a_reason")} END IF;
        END IF;
    END IF;
    RETURN NEW;
"""

_BALLOT_RULES = f"""
    SELECT state, text_hash, mode, meeting_id INTO motion_state, start_hash, motion_mode, meeting
        FROM committee_motion WHERE id = NEW.motion_id FOR SHARE;
    IF motion_state IS DISTINCT FROM 'open' THEN {hardtriggers.raise_sql("c5_vote_not_open")} END IF;
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id AND s.person_id = NEW.voter_id
        AND s.seat_code = NEW.seat_code AND s.period @> (NEW.cast_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c5_seat_holders_vote")} END IF;
    PERFORM 1 FROM kernel_hold WHERE subject_type = 'committee.seating' AND subject_id = NEW.seating_id
        AND lifted_at IS NULL;
    IF FOUND THEN {hardtriggers.raise_sql("c3_vote_on_hold")} END IF;
    IF motion_mode = 'meeting' THEN
        SELECT kind INTO last_event FROM committee_presence
            WHERE meeting_id = meeting AND seating_id = NEW.seating_id ORDER BY at DESC, id DESC LIMIT 1;
        IF last_event IS DISTINCT FROM 'arrived' THEN {hardtriggers.raise_sql("c5_present_members_vote")} END IF;
    END IF;
    PERFORM 1 FROM committee_recusal WHERE motion_id = NEW.motion_id AND seat_code = NEW.seat_code;
    IF FOUND THEN {hardtriggers.raise_sql("c6_recused_does_not_vote")} END IF;
    told = NEW.canonical::jsonb;
    IF (told ->> 'motion', told ->> 'seat', told ->> 'voter', told ->> 'choice', told ->> 'reason',
        told ->> 'receipt', told ->> 'sequence', (told ->> 'cast_at')::timestamptz)
       IS DISTINCT FROM
       (NEW.motion_id::text, NEW.seat_code::text, NEW.voter_id::text, NEW.choice::text, NEW.reason::text,
        NEW.receipt::text, NEW.sequence::text, NEW.cast_at) THEN
        {hardtriggers.raise_sql("c7_chain")}
    END IF;
    SELECT sequence, hash INTO end_sequence, end_hash FROM committee_ballot
        WHERE motion_id = NEW.motion_id ORDER BY sequence DESC LIMIT 1;
    IF NEW.sequence IS DISTINCT FROM COALESCE(end_sequence, 0) + 1
       OR NEW.previous_hash IS DISTINCT FROM COALESCE(end_hash, start_hash)
       OR NEW.hash IS DISTINCT FROM
          encode(sha256(convert_to(NEW.previous_hash || chr(10) || NEW.canonical, 'UTF8')), 'hex') THEN
        {hardtriggers.raise_sql("c7_chain")}
    END IF;
    RETURN NEW;
"""

_RECUSAL_RULES = f"""
    SELECT state INTO motion_state FROM committee_motion WHERE id = NEW.motion_id FOR SHARE;
    IF motion_state IS DISTINCT FROM 'tabled' AND motion_state IS DISTINCT FROM 'open' THEN
        {hardtriggers.raise_sql("c6_recusal_in_time")}
    END IF;
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id AND s.seat_code = NEW.seat_code
        AND s.period @> (NEW.declared_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c5_seat_holders_vote")} END IF;
    PERFORM 1 FROM committee_ballot WHERE motion_id = NEW.motion_id AND seat_code = NEW.seat_code;
    IF FOUND THEN {hardtriggers.raise_sql("c6_voted_already")} END IF;
    RETURN NEW;
"""


class Motion(models.Model):
    """A written proposal: frozen once tabled, voted in a meeting or by circulation, closed with its tally (C5).

    ``subject_type``, ``subject_id`` and ``subject_hash`` name the record of another app that it is about (a
    directive's text and rules); ``concerns_ngo`` the NGO of an individual case (C6). ``base`` is five less those
    recused; ``last_hash`` the end of the ballots' chain (C7). The database counts quorum, ballots and base again.

    ``meeting_asked_by`` is the seating that broke the circulation off: of its ballots only the number is stored, the
    choices are sealed for good. ``meeting_only`` goes with the text to its copies and successors.
    """

    number = models.PositiveIntegerField("شماره پیشنهاد")
    kind = models.CharField("نوع", max_length=10, choices=MotionKind.choices)
    title = models.CharField("عنوان", max_length=200)
    text = models.TextField("متن")
    text_hash = models.CharField("اثر انگشت متن", max_length=64, blank=True)
    state = models.CharField("وضعیت", max_length=10, choices=MotionState.choices, default=MotionState.DRAFT)
    state_since = models.DateTimeField("از")
    proposed_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.PROTECT, related_name="motions"
    )
    proposed_at = models.DateTimeField("زمان پیشنهاد")
    origin = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    search_text = models.TextField(editable=False, default="")
    is_amendment = models.BooleanField("متن اصلاح‌شده", default=False)
    concerns_ngo = models.ForeignKey(
        "ngos.Ngo", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_hash = models.CharField(max_length=64, blank=True)
    articles = models.ManyToManyField(
        "committee.PolicyArticle",
        verbose_name="مواد مرتبط",
        blank=True,
        related_name="motions",
        through="committee.MotionArticle",
    )
    mode = models.CharField("شیوه رأی‌گیری", max_length=12, choices=VotingMode.choices, blank=True)
    meeting = models.ForeignKey(
        "committee.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="motions"
    )
    opened_at = models.DateTimeField("آغاز رأی‌گیری", null=True, blank=True)
    opened_presence = models.JSONField(default=list, blank=True)
    circulation_days = models.PositiveSmallIntegerField("مهلت (روز کاری)", null=True, blank=True)
    meeting_only = models.BooleanField("تنها در جلسه", default=False, db_default=False)
    meeting_asked_by = models.ForeignKey(
        "committee.Seating", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField("پایان رأی‌گیری", null=True, blank=True)
    closed_presence = models.JSONField(default=list, blank=True)
    votes_for = models.PositiveSmallIntegerField("موافق", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("مخالف", null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField("ممتنع", null=True, blank=True)
    recused_count = models.PositiveSmallIntegerField("کنارکشیده", null=True, blank=True)
    base = models.PositiveSmallIntegerField("مبنا", null=True, blank=True)
    ballot_count = models.PositiveSmallIntegerField("تعداد رأی", null=True, blank=True)
    last_hash = models.CharField("پایان زنجیره رأی‌ها", max_length=64, blank=True)
    outcome_reason = models.CharField("سبب نتیجه", max_length=400, blank=True)
    effect_state = models.CharField(
        "پیامد", max_length=8, choices=EffectState.choices, default=EffectState.NONE
    )
    effect_note = models.CharField(max_length=600, blank=True)

    class Meta:
        verbose_name = "پیشنهاد"
        verbose_name_plural = "پیشنهادها"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="c5_motion_number"),
            models.CheckConstraint(
                name="c5_tabled_has_hash",
                condition=Q(state="draft") | Q(state="withdrawn") | ~Q(text_hash=""),
            ),
            models.CheckConstraint(
                name="c5_mode_when_voted",
                condition=~Q(state__in=["open", "carried", "lost", "lapsed"])
                | Q(mode="meeting", meeting__isnull=False)
                | Q(mode="circulation", circulation_days__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="motion_state")]
        triggers = [
            *hardtriggers.no_delete("c5_motion_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[
                    ("cast_ballots", "integer"),
                    ("cast_for", "integer"),
                    ("cast_against", "integer"),
                    ("cast_abstain", "integer"),
                    ("recused", "integer"),
                    ("end_hash", "varchar"),
                    ("quorum", "boolean"),
                ],
                func=_MOTION_RULES,
            ),
            meeting_only.TRIGGER,
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_tone(self) -> str:
        return MOTION_TONES.get(self.state, "neutral")

    def get_absolute_url(self) -> str:
        return reverse("committee:motion_detail", args=[self.pk])


class Ballot(models.Model):
    """The one ballot of a seat on a motion: never changed, chained to the one before it (C5, C7).

    ``canonical`` is the text that was hashed; ``receipt`` finds the own ballot again.
    """

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="ballots")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    seat_code = models.CharField("کرسی", max_length=8, choices=SeatCode.choices)
    voter = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    choice = models.CharField("رأی", max_length=8, choices=Choice.choices)
    reason = models.CharField("دلیل", max_length=600, blank=True)
    cast_at = models.DateTimeField("زمان رأی")
    receipt = models.CharField("کد رهگیری", max_length=16, unique=True)
    sequence = models.PositiveSmallIntegerField()
    canonical = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "رأی"
        verbose_name_plural = "رأی‌ها"
        ordering = ["motion", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "seat_code"], name="c5_one_ballot_per_seat"),
            models.UniqueConstraint(fields=["motion", "voter"], name="c5_one_ballot_per_person"),
            models.UniqueConstraint(fields=["motion", "sequence"], name="c7_sequence_once"),
        ]
        triggers = [
            *hardtriggers.append_only("c5_ballot_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("motion_state", "varchar"),
                    ("start_hash", "varchar"),
                    ("motion_mode", "varchar"),
                    ("meeting", "bigint"),
                    ("last_event", "varchar"),
                    ("told", "jsonb"),
                    ("end_sequence", "integer"),
                    ("end_hash", "varchar"),
                ],
                func=_BALLOT_RULES,
            ),
        ]

    def __str__(self) -> str:
        return self.receipt


class Recusal(models.Model):
    """A member with an interest in an individual case stands aside and does not vote on it (C6)."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="recusals")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    seat_code = models.CharField("کرسی", max_length=8, choices=SeatCode.choices)
    reason = models.CharField("سبب", max_length=400)
    source = models.CharField("منشأ", max_length=10, choices=RecusalSource.choices)
    declared_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        verbose_name = "کناره‌گیری از رأی"
        verbose_name_plural = "کناره‌گیری‌ها از رأی"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "seat_code"], name="c6_recused_once"),
            models.CheckConstraint(name="c6_recusal_reason", condition=~Q(reason="")),
        ]
        triggers = [
            *hardtriggers.append_only("c6_recusal_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("motion_state", "varchar")],
                func=_RECUSAL_RULES,
            ),
        ]

    def __str__(self) -> str:
        return str(self.seating)
