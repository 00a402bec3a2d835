"""Arrivals, departures, absences and waivers of a meeting, by the secretary or from the member's phone (C4)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from committee import events, queries, rules
from committee.enums import MeetingState, PresenceKind
from committee.models import Absence, Meeting, NoticeWaiver, Presence, Seating
from committee.operations.meetings import lock_meeting
from committee.operations.presence import NOT_IN_SESSION, last_events, standing
from staff_portal.kernel import audit
from staff_portal.kernel.access import Authority, local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.jalali import TEHRAN
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Role
from staff_portal.kernel.workflow.writing import settle_later

NOT_SITTING = "این شخص اکنون در کمیته کرسی ندارد."
ABSENCE_STATES = (MeetingState.CALLED, MeetingState.IN_SESSION, MeetingState.CLOSED)


def record_presence(meeting: Meeting, seating: Seating, *, kind: str, actor: User, at: datetime) -> Presence:
    """An arrival or a departure of a sitting member; a member records only the own one (C4).

    The meeting's row is locked, so that of two phones recording the same arrival one is refused with a sentence.
    """
    authority = require(rules.RECORD_PRESENCE, actor, meeting, at)
    _own_or_secretary(authority, actor, seating, "هر عضو تنها ورود و خروج خود را ثبت می‌کند.")
    with one_step():
        locked = lock_meeting(meeting)
        if locked.state != MeetingState.IN_SESSION:
            raise Refusal(NOT_IN_SESSION)
        if seating.pk not in {row.pk for row in queries.sitting(local_date(at))}:
            raise Refusal(NOT_SITTING)
        events_by_seating = last_events(locked)
        _refuse_order(kind, events_by_seating.get(seating.pk), seating)
        if kind == PresenceKind.ARRIVED:
            _note_departed(locked, seating, events_by_seating.values(), actor, at, authority)
        row = Presence.objects.create(meeting=locked, seating=seating, kind=kind, at=at, recorded_by=actor)
        audit.record(
            events.ARRIVED if kind == PresenceKind.ARRIVED else events.LEFT,
            row,
            actor=actor,
            at=at,
            authority=authority,
            after={"seat": seating.seat_code, "kind": kind},
            root=locked,
            label="خود" if seating.person_id == actor.pk else seating.person.full_name,
        )
        settle_later(row, actor=actor, at=at)
    return row


def _note_departed(
    meeting: Meeting,
    newcomer: Seating,
    last: Iterable[Presence],
    actor: User,
    at: datetime,
    authority: Authority,
) -> None:
    """In a sitting that goes on past midnight, whose seating ended then left with the last moment of that day (C1)."""
    for row in last:
        if row.kind != PresenceKind.ARRIVED or row.seating.seat_code != newcomer.seat_code:
            continue
        moment = datetime.combine(row.seating.period.upper, time.min, TEHRAN) - timedelta(microseconds=1)
        left = Presence.objects.create(
            meeting=meeting, seating=row.seating, kind=PresenceKind.LEFT, at=moment, recorded_by=actor
        )
        audit.record(
            events.LEFT,
            left,
            actor=actor,
            at=at,
            authority=authority,
            after={"seat": newcomer.seat_code, "kind": PresenceKind.LEFT.value},
            root=meeting,
            label=row.seating.person.full_name,
        )


def _refuse_order(kind: str, last: Presence | None, seating: Seating) -> None:
    name = seating.person.full_name
    is_here = last is not None and last.kind == PresenceKind.ARRIVED
    if kind == PresenceKind.ARRIVED and is_here:
        raise Refusal(f"ورود {name} پیش از این ثبت شده است.")
    if kind == PresenceKind.LEFT and last is None:
        raise Refusal(f"ورود {name} هنوز ثبت نشده است.")
    if kind == PresenceKind.LEFT and not is_here:
        raise Refusal(f"خروج {name} پیش از این ثبت شده است.")
    if kind not in PresenceKind.values:
        raise Refusal("ورود یا خروج را برگزینید.")


def record_absence(meeting: Meeting, seating: Seating, *, reason: str, actor: User, at: datetime) -> Absence:
    """Why a member is not there, announced before or recorded later; said again it is corrected (C4)."""
    authority = require(rules.RECORD_ABSENCE, actor, meeting, at)
    _own_or_secretary(authority, actor, seating, "هر عضو تنها غیبت خود را اعلام می‌کند.")
    reason = require_text(reason, "علت غیبت را بنویسید.")
    with one_step():
        locked = lock_meeting(meeting)
        if locked.state not in ABSENCE_STATES:
            raise Refusal("غیبت تنها از هنگام دعوت تا پیش از نهایی‌شدن صورتجلسه ثبت می‌شود.")
        if not locked.invitations.filter(seating=seating).exists() and seating.pk not in {
            row.pk for row in queries.sitting(local_date(at))
        }:
            raise Refusal("این شخص به جلسه دعوت نشده است.")
        if seating.pk in last_events(locked):
            raise Refusal(
                f"ورود {seating.person.full_name} به جلسه ثبت شده است؛ برای او نمی‌توان غیبت ثبت کرد."
            )
        row, is_new = Absence.objects.select_for_update(no_key=True).get_or_create(
            meeting=locked,
            seating=seating,
            defaults={"reason": reason[:300], "recorded_by": actor, "recorded_at": at},
        )
        before = "" if is_new else row.reason
        if not is_new:
            row.reason, row.recorded_by, row.recorded_at = reason[:300], actor, at
            row.save(update_fields=["reason", "recorded_by", "recorded_at"])
        audit.record(
            events.ABSENCE_RECORDED,
            row,
            actor=actor,
            at=at,
            authority=authority,
            before={"reason": before},
            after={"reason": row.reason, "seat": seating.seat_code},
            note=row.reason,
            root=locked,
            label=seating.person.full_name,
        )
    return row


def waive_notice(meeting: Meeting, *, actor: User, at: datetime) -> NoticeWaiver:
    """A present member waives the notice period; it counts once all sitting members are present and waive (C4)."""
    authority = require(rules.WAIVE_NOTICE, actor, meeting, at)
    with one_step():
        locked = lock_meeting(meeting)
        now = standing(locked, at)
        own = next((row for row in now.sitting if row.person_id == actor.pk), None)
        if not now.in_session:
            raise Refusal(NOT_IN_SESSION)
        if own is None:
            raise NotPermitted("شما اکنون در کمیته کرسی ندارید.")
        if not now.notice_gaps:
            raise Refusal("مهلت دعوت برای همه اعضا رعایت شده است؛ گذشت از آن لازم نیست.")
        if own.pk not in now.present_ids:
            raise Refusal("نخست ورود خود را ثبت کنید؛ تنها عضو حاضر از مهلت می‌گذرد.")
        if own.pk in now.waived:
            raise Refusal("شما پیش از این از مهلت دعوت گذشته‌اید.")
        row = NoticeWaiver.objects.create(meeting=locked, seating=own, waived_by=actor, waived_at=at)
        audit.record(
            events.NOTICE_WAIVED,
            row,
            actor=actor,
            at=at,
            authority=authority,
            after={"seat": own.seat_code},
            root=locked,
            label=own.person.full_name,
        )
    return row


def _own_or_secretary(authority: Authority, actor: User, seating: Seating, sentence: str) -> None:
    if authority.role != Role.SECRETARY and seating.person_id != actor.pk:
        raise NotPermitted(sentence)
