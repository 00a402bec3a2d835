"""Meetings: agenda, invitations and their proof, waivers, presence and absence (C4)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from committee.enums import MEETING_TONES, ItemKind, MeetingState, PresenceKind
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.persian.digits import to_persian_digits

_MEETING_RULES = f"""
    IF NEW.state = 'called' AND OLD.state <> 'called' THEN
        PERFORM 1 FROM committee_seating s JOIN committee_seat c ON c.id = s.seat_id
            JOIN committee_term t ON t.id = c.term_id
            WHERE s.person_id = NEW.called_by_id AND s.seat_code = t.chair_code
            AND s.period @> (NEW.called_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE OF s;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c4_called_by_chair")} END IF;
        PERFORM 1 FROM committee_agendaitem WHERE meeting_id = NEW.id AND kind = 'follow_up' AND position = 1;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c4_follow_up_first")} END IF;
    END IF;
    IF NEW.state = 'in_session' AND OLD.state = 'called' AND NEW.opened_at < NEW.starts_at THEN
        PERFORM 1 FROM committee_earlyconsent WHERE meeting_id = NEW.id;
        IF NOT FOUND OR (NEW.opened_at AT TIME ZONE 'Asia/Tehran')::date
                        < (NEW.starts_at AT TIME ZONE 'Asia/Tehran')::date THEN
            {hardtriggers.raise_sql("c4_not_before_its_time")}
        END IF;
        PERFORM 1 FROM committee_seating s WHERE s.period @> (NEW.opened_at AT TIME ZONE 'Asia/Tehran')::date
            AND NOT EXISTS (SELECT 1 FROM committee_earlyconsent e
                            WHERE e.meeting_id = NEW.id AND e.seating_id = s.id);
        IF FOUND THEN {hardtriggers.raise_sql("c4_not_before_its_time")} END IF;
    END IF;
    IF NEW.state = 'closed' AND OLD.state = 'in_session' THEN
        PERFORM 1 FROM committee_motion WHERE meeting_id = NEW.id AND state = 'open' AND mode = 'meeting';
        IF FOUND THEN {hardtriggers.raise_sql("c4_vote_still_open")} END IF;
    END IF;
    RETURN NEW;
"""

_PRESENCE_RULES = f"""
    SELECT state INTO meeting_state FROM committee_meeting WHERE id = NEW.meeting_id FOR NO KEY UPDATE;
    IF meeting_state IS DISTINCT FROM 'in_session' THEN {hardtriggers.raise_sql("c4_not_in_session")} END IF;
    SELECT s.seat_code INTO seat FROM committee_seating s WHERE s.id = NEW.seating_id
        AND s.period @> (NEW.at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_presence_of_members")} END IF;
    SELECT kind INTO last_kind FROM committee_presence
        WHERE meeting_id = NEW.meeting_id AND seating_id = NEW.seating_id ORDER BY at DESC, id DESC LIMIT 1;
    IF NEW.kind IS NOT DISTINCT FROM COALESCE(last_kind, 'left') THEN
        {hardtriggers.raise_sql("c4_presence_order")}
    END IF;
    IF NEW.kind = 'arrived' THEN
        SELECT count(*), count(*) FILTER (WHERE seat_code = seat) INTO others, of_this_seat FROM (
            SELECT DISTINCT ON (p.seating_id) s.seat_code, p.kind FROM committee_presence p
                JOIN committee_seating s ON s.id = p.seating_id
                WHERE p.meeting_id = NEW.meeting_id AND p.seating_id <> NEW.seating_id
                ORDER BY p.seating_id, p.at DESC, p.id DESC
        ) present WHERE kind = 'arrived';
        IF others >= 5 OR of_this_seat > 0 THEN {hardtriggers.raise_sql("c4_five_in_the_room")} END IF;
    END IF;
    RETURN NEW;
"""

_WAIVER_RULES = f"""
    SELECT state INTO meeting_state FROM committee_meeting WHERE id = NEW.meeting_id FOR SHARE;
    IF meeting_state IS DISTINCT FROM 'in_session' THEN {hardtriggers.raise_sql("c4_not_in_session")} END IF;
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id AND s.person_id = NEW.waived_by_id
        AND s.period @> (NEW.waived_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_own_waiver")} END IF;
    RETURN NEW;
"""

_AGENDA_RULES = f"""
    IF TG_OP = 'DELETE' THEN
        IF OLD.kind = 'follow_up' THEN {hardtriggers.raise_sql("c4_follow_up_first")} END IF;
        item_meeting := OLD.meeting_id;
    ELSE
        item_meeting := NEW.meeting_id;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.meeting_id, NEW.position, NEW.kind, NEW.title, NEW.motion_id, NEW.note) IS NOT DISTINCT FROM
           (OLD.meeting_id, OLD.position, OLD.kind, OLD.title, OLD.motion_id, OLD.note) THEN
            RETURN NEW;
        END IF;
        IF OLD.kind = 'follow_up' OR NEW.meeting_id <> OLD.meeting_id THEN
            {hardtriggers.raise_sql("c4_follow_up_first")}
        END IF;
    END IF;
    SELECT state INTO meeting_state FROM committee_meeting WHERE id = item_meeting FOR SHARE;
    IF meeting_state IN ('closed', 'minuted', 'cancelled') THEN {hardtriggers.raise_sql("c4_agenda_kept")} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

_INVITATION_MADE = f"""
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id
        AND s.period @> (NEW.sent_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_invitation_of_members")} END IF;
    RETURN NEW;
"""


_EARLY_RULES = f"""
    PERFORM 1 FROM committee_meeting m WHERE m.id = NEW.meeting_id AND m.state = 'called'
        AND NEW.agreed_at < m.starts_at AND (NEW.agreed_at AT TIME ZONE 'Asia/Tehran')::date
                                            = (m.starts_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_not_before_its_time")} END IF;
    PERFORM 1 FROM committee_seating s WHERE s.id = NEW.seating_id AND s.person_id = NEW.agreed_by_id
        AND s.period @> (NEW.agreed_at AT TIME ZONE 'Asia/Tehran')::date FOR SHARE;
    IF NOT FOUND THEN {hardtriggers.raise_sql("c4_own_consent")} END IF;
    RETURN NEW;
"""


class Meeting(models.Model):
    """One sitting of the committee: planned, called by the chair, in session, closed, minuted (C4).

    ``cancelled_from`` is set by the step that cancels, for who is told of it; it is not stored.
    """

    cancelled_from = ""
    term = models.ForeignKey("committee.Term", on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField("شماره جلسه")
    title = models.CharField("موضوع", max_length=200, blank=True)
    starts_at = models.DateTimeField("زمان")
    ends_at = models.DateTimeField("پایان پیش‌بینی‌شده")
    place = models.CharField("مکان", max_length=200)
    state = models.CharField(
        "وضعیت", max_length=14, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    state_since = models.DateTimeField("از")
    planned_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    called_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField("زمان دعوت", null=True, blank=True)
    invitation_letter = models.ForeignKey(
        "kernel.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sequence = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField("آغاز جلسه", null=True, blank=True)
    closed_at = models.DateTimeField("پایان جلسه", null=True, blank=True)
    cancel_reason = models.CharField("سبب لغو", max_length=400, blank=True)

    class Meta:
        verbose_name = "جلسه"
        verbose_name_plural = "جلسه‌ها"
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="c4_meeting_number"),
            models.CheckConstraint(name="c4_meeting_times", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_session"), name="c4_one_meeting_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="meeting_state")]
        triggers = [
            *hardtriggers.no_delete("c4_meeting_kept"),
            hardtriggers.HardTrigger(
                name="rules", when=pgtrigger.Before, operation=pgtrigger.Update, func=_MEETING_RULES
            ),
        ]

    def __str__(self) -> str:
        return f"جلسه {to_persian_digits(self.number)} کمیته مشترک"

    @property
    def state_tone(self) -> str:
        return MEETING_TONES.get(self.state, "neutral")

    def get_absolute_url(self) -> str:
        return reverse("committee:meeting_detail", args=[self.pk])


class AgendaItem(models.Model):
    """One item of the agenda; the first is what became of the last meeting's resolutions (C4).

    ``discussion`` is what the secretary adds for the minutes. ``changed_at`` says when it was added or changed after
    the call, so that the call does not cover it; ``supplement`` which later signature of the chair does.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField("ردیف")
    kind = models.CharField("نوع", max_length=12, choices=ItemKind.choices)
    title = models.CharField("عنوان", max_length=200)
    note = models.TextField("شرح", blank=True)
    motion = models.ForeignKey(
        "committee.Motion", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    discussion = models.TextField("خلاصه گفت‌وگو", blank=True)
    changed_at = models.DateTimeField("افزوده یا تغییریافته پس از دعوت", null=True, blank=True)
    supplement = models.ForeignKey(
        "committee.Supplement", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )

    class Meta:
        verbose_name = "دستور جلسه"
        verbose_name_plural = "دستورهای جلسه"
        ordering = ["meeting", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "motion"], condition=Q(motion__isnull=False), name="c4_motion_once"
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(kind="follow_up"), name="c4_follow_up_once"
            ),
            models.CheckConstraint(
                name="c4_follow_up_first",
                condition=Q(kind="follow_up", position=1) | (~Q(kind="follow_up") & Q(position__gt=1)),
            ),
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="c4_position_once",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
        ]
        triggers = [
            hardtriggers.no_truncate("c4_agenda_kept"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("meeting_state", "varchar"), ("item_meeting", "bigint")],
                func=_AGENDA_RULES,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """The invitation of one sitting member; the delivery record or a recorded handing over proves it (C4).

    ``handed_over_on`` is filled when the paper was given by hand.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("زمان ارسال")
    handed_over_on = models.DateField("تحویل دستی", null=True, blank=True)
    handed_over_note = models.CharField("شرح تحویل", max_length=200, blank=True)
    handed_over_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "دعوت‌نامه"
        verbose_name_plural = "دعوت‌نامه‌ها"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seating"], name="c4_invited_once")]
        triggers = [
            *hardtriggers.no_delete("c4_invitation_kept"),
            hardtriggers.HardTrigger(
                name="made", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_INVITATION_MADE
            ),
        ]

    def __str__(self) -> str:
        return str(self.seating)


class EarlyConsent(models.Model):
    """A member who is there already agrees, from the own phone, that the meeting opens before its time (C4)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="early_consents")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("زمان")

    class Meta:
        verbose_name = "موافقت با آغاز زودتر جلسه"
        verbose_name_plural = "موافقت‌ها با آغاز زودتر جلسه"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seating"], name="c4_agreed_once")]
        triggers = [
            *hardtriggers.append_only("c4_presence_kept"),
            hardtriggers.HardTrigger(
                name="rules", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_EARLY_RULES
            ),
        ]

    def __str__(self) -> str:
        return str(self.seating)


class NoticeWaiver(models.Model):
    """A present member waives the notice period (C4)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="waivers")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    waived_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField("زمان")

    class Meta:
        verbose_name = "گذشت از مهلت دعوت"
        verbose_name_plural = "گذشت‌ها از مهلت دعوت"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seating"], name="c4_waived_once")]
        triggers = [
            *hardtriggers.append_only("c4_presence_kept"),
            hardtriggers.HardTrigger(
                name="in_session",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("meeting_state", "varchar")],
                func=_WAIVER_RULES,
            ),
        ]

    def __str__(self) -> str:
        return str(self.seating)


class Presence(models.Model):
    """An arrival or a departure of a sitting member, by the secretary or from the member's own phone (C4)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="presences")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("رویداد", max_length=8, choices=PresenceKind.choices)
    at = models.DateTimeField("زمان")
    recorded_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "حضور"
        verbose_name_plural = "حضورها"
        ordering = ["at", "id"]
        triggers = [
            *hardtriggers.append_only("c4_presence_kept"),
            hardtriggers.HardTrigger(
                name="in_session",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("meeting_state", "varchar"),
                    ("last_kind", "varchar"),
                    ("seat", "varchar"),
                    ("others", "integer"),
                    ("of_this_seat", "integer"),
                ],
                func=_PRESENCE_RULES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.seating}"

    @property
    def is_arrival(self) -> bool:
        return self.kind == PresenceKind.ARRIVED


class Absence(models.Model):
    """Why a member is not there; may be announced before the meeting, and corrected until it is minuted."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="absences")
    seating = models.ForeignKey("committee.Seating", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("علت", max_length=300)
    recorded_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "غیبت"
        verbose_name_plural = "غیبت‌ها"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seating"], name="c4_absence_once")]
        triggers = [*hardtriggers.no_delete("c4_absence_kept")]

    def __str__(self) -> str:
        return str(self.seating)
