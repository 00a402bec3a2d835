"""The sitting as it is shown and refreshed: seats, banner, agenda, what became of the last resolutions (C4)."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from committee import rules
from committee.enums import (
    ActionState,
    ItemKind,
    MeetingState,
    MotionState,
    PresenceKind,
    SeatCode,
)
from committee.invitation import clock
from committee.minutes_facts import resolutions_to_follow
from committee.models import Ballot, Meeting, Presence, Recusal, Resolution, Seating
from committee.operations.meetings import LIVE_STATES
from committee.operations.presence import Standing, standing
from committee.pages.meeting_display import OVER
from committee.pages.seats_display import side_word
from committee.queries import absence_reasons
from committee.tally import QUORUM
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali

VOTE = "رأی دهید"
AWAY = "غایب"
#: of somebody who was never there: before the end, after it
NOT_HERE = ("نیامده", "نیامد")


def reference_moment(meeting: Meeting, at: datetime) -> datetime:
    """The moment whose members count: now, or the end of a meeting that is over or cancelled."""
    if meeting.closed_at is not None:
        return meeting.closed_at
    return meeting.state_since if meeting.state == MeetingState.CANCELLED else at


def banner(meeting: Meeting, now: Standing) -> dict[str, Any] | None:
    """Whether the meeting may decide, said before anyone votes (C4)."""
    if meeting.state == MeetingState.IN_SESSION:
        if not now.gaps:
            text = (
                "همه اعضا حاضرند و از مهلت دعوت گذشته‌اند."
                if now.notice_gaps
                else "دعوت‌نامه‌ها در مهلت رسیده است."
            )
            return {"tone": "ok", "title": "جلسه می‌تواند تصمیم بگیرد", "lines": [f"{text} جلسه رسمیت دارد."]}
        return {"tone": "no", "title": "جلسه نمی‌تواند تصمیم بگیرد، زیرا", "lines": now.gaps}
    if meeting.state == MeetingState.CALLED:
        if not now.notice_gaps:
            line = "دعوت‌نامه‌ها در مهلت رسیده است؛ جلسه پس از آغاز و با رسمیت‌یافتن می‌تواند تصمیم بگیرد."
            return {"tone": "ok", "title": "مهلت دعوت رعایت شده است", "lines": [line]}
        return {
            "tone": "wait",
            "title": "این جلسه هنوز نمی‌تواند تصمیم بگیرد، زیرا",
            "lines": [*now.notice_gaps, now.gaps[-1]],
        }
    return None


def attendance(meeting: Meeting, now: Standing, me: User) -> list[dict[str, Any]]:
    """All five seats in order: who sits there, whether here, gone, absent or not yet come."""
    last = now.last
    absent = absence_reasons(meeting)
    by_code = {row.seat_code: row for row in now.sitting}
    return [
        _seat(code, by_code.get(code), last, absent, me, now, is_over=meeting.state in OVER)
        for code in SeatCode.values
    ]


def _seat(
    code: str,
    seating: Seating | None,
    last: dict[int, Presence],
    absent: dict[int, str],
    me: User,
    now: Standing,
    *,
    is_over: bool,
) -> dict[str, Any]:
    side = side_word(code)
    if seating is None:
        return {"code": code, "name": "", "side": side, "mark": "خالی", "tone": "vacant", "note": "", "pk": 0}
    event, reason = last.get(seating.pk), absent.get(seating.pk)
    mark, tone, note = NOT_HERE[is_over], "wait", ""
    if event is not None and event.kind == PresenceKind.ARRIVED:
        mark, tone, note = "حاضر", "done", f"ورود ساعت {clock(event.at)}"
    elif event is not None:
        mark, tone, note = "خارج شد", "aside", f"خروج ساعت {clock(event.at)}"
    elif reason is not None:
        mark, tone, note = AWAY, "absent", to_persian_text(reason)
    return {
        "code": code,
        "pk": seating.pk,
        "name": seating.person.full_name,
        "side": side,
        "mark": mark,
        "tone": tone,
        "note": note,
        "you": seating.person_id == me.pk,
        "here": tone == "done",
        "badge": {"done": "ok", "aside": "neutral", "absent": "no"}.get(tone, "wait"),
        "has_waived": seating.pk in now.waived,
    }


def quorum_words(now: Standing) -> tuple[str, str]:
    """The middle of the half circle: how many are here, and whether that makes the sitting valid."""
    count = f"{to_persian_digits(len(now.present))} از {to_persian_digits(len(SeatCode.values))}"
    if not now.in_session:
        return count, "حاضر در پایان جلسه"
    if not now.quorum_gap:
        return count, "جلسه رسمیت دارد"
    return count, f"رسمیت ندارد؛ حد نصاب {to_persian_digits(QUORUM)} نفر از هر دو طرف"


def sitting_context(meeting: Meeting, me: User, at: datetime) -> dict[str, Any]:
    """What the sitting's fragment shows, for the page and for its own refreshing."""
    on = local_date(at)
    now = standing(meeting, reference_moment(meeting, at))
    seats = attendance(meeting, now, me)
    centre, centre_note = quorum_words(now)
    mine = next((seat for seat in seats if seat.get("you")), None)
    is_secretary = access.has_role(me, on, Role.SECRETARY)
    in_session = meeting.state == MeetingState.IN_SESSION
    plans = rules.PLAN_MEETING.authority(me, meeting, on) is not None
    context: dict[str, Any] = {
        "meeting": meeting,
        "plans": plans,
        "edits_agenda": plans and meeting.state in (MeetingState.PLANNED, *LIVE_STATES),
        "banner": banner(meeting, now),
        "seats": seats,
        "centre": centre,
        "centre_note": centre_note,
        "mine": mine if rules.RECORD_PRESENCE.authority(me, meeting, on) else None,
        "in_session": in_session,
        "records": is_secretary and in_session,
        "records_absence": is_secretary
        and meeting.state in (MeetingState.CALLED, *OVER[:1], MeetingState.IN_SESSION),
        "may_waive": _may_waive(meeting, me, on, mine, now),
        "waiver_wanted": in_session and bool(now.notice_gaps),
        "was_opened": meeting.opened_at is not None,
        "follow_up": follow_up(meeting, at),
        "items": agenda_rows(meeting, me, on),
    }
    context["attendance_rows"] = [
        seat for seat in seats if seat["name"] and (in_session or seat["mark"] in (*NOT_HERE, AWAY))
    ]
    context["vote_now"] = next(
        (item for item in context["items"] if item["motion"] and item["motion"]["action"] == VOTE), None
    )
    context["version"] = version_of(context)
    context["standing"] = now
    return context


def _may_waive(meeting: Meeting, me: User, on: date, mine: dict[str, Any] | None, now: Standing) -> bool:
    """Whether the own waiver is wanted and would be taken now."""
    if mine is None or not now.in_session or not now.notice_gaps or not mine["here"] or mine["has_waived"]:
        return False
    return rules.WAIVE_NOTICE.authority(me, meeting, on) is not None


def version_of(context: dict[str, Any]) -> str:
    """A short mark of what is shown: the page is refreshed only when it has changed."""
    shown = {key: value for key, value in context.items() if key != "meeting"}
    shown["state"] = context["meeting"].state
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- the agenda ----------------------------------------------------------------------------------------------


def agenda_rows(meeting: Meeting, me: User, on: date) -> list[dict[str, Any]]:
    """The items in order, a motion with its state and what may be done about it now."""
    votes = rules.is_member(me, on)
    opens = access.has_role(me, on, Role.SECRETARY)
    items = list(meeting.items.select_related("motion").order_by("position"))
    settled = _settled_by(me, [item.motion for item in items if item.motion]) if votes else set()
    return [
        {
            "pk": item.pk,
            "title": item.title,
            "note": item.note,
            "kind": item.get_kind_display(),
            "is_first": item.kind == ItemKind.FOLLOW_UP,
            "motion": _motion(
                item.motion, meeting, votes=votes and item.motion_id not in settled, opens=opens
            )
            if item.motion
            else None,
        }
        for item in items
    ]


def _settled_by(me: User, motions: list[Any]) -> set[int]:
    """The open motions on which the person has voted or stood aside; no query while none is open."""
    running = [motion.pk for motion in motions if motion.state == MotionState.OPEN]
    if not running:
        return set()
    cast = Ballot.objects.filter(motion__in=running, voter=me).values_list("motion_id", flat=True)
    aside = Recusal.objects.filter(motion__in=running, seating__person=me).values_list("motion_id", flat=True)
    return set(cast.union(aside))


def _motion(motion: Any, meeting: Meeting, *, votes: bool, opens: bool) -> dict[str, Any]:
    label, address = "", motion.get_absolute_url()
    if meeting.state == MeetingState.IN_SESSION and motion.state == MotionState.OPEN:
        label = VOTE if votes else "رأی‌گیری" if opens else ""
        action = reverse("committee:motion_cast", args=[motion.pk]) if votes else address
    elif meeting.state == MeetingState.IN_SESSION and motion.state == MotionState.TABLED and opens:
        label, action = "آغاز رأی‌گیری", reverse("committee:motion_do", args=[motion.pk, "open_vote"])
    else:
        action = address
    return {
        "url": address,
        "state": motion.get_state_display(),
        "tone": motion.state_tone,
        "action": label,
        "action_url": action,
        "is_open": motion.state == MotionState.OPEN,
    }


def previous_meeting(meeting: Meeting) -> Meeting | None:
    """The last meeting that was held before this one."""
    return (
        Meeting.objects.filter(state__in=OVER, starts_at__lt=meeting.starts_at)
        .exclude(pk=meeting.pk)
        .order_by("-starts_at", "-id")
        .first()
    )


def follow_up(meeting: Meeting, at: datetime) -> dict[str, Any]:
    """What became of earlier resolutions, the same ones as in the minutes; overdue work is marked (C4)."""
    last = previous_meeting(meeting)
    opens_at = meeting.opened_at or meeting.starts_at
    found = resolutions_to_follow(
        opens_at,
        until=meeting.closed_at or at,
        previous=last.opened_at if last else None,
    )
    rows = [_resolution(row, local_date(at)) for row in found]
    if last is None:
        nothing = "پیش از این جلسه‌ای برگزار نشده است؛ مصوبه‌ای برای پیگیری نیست."
        return {"sentence": "" if rows else nothing, "rows": rows}
    return {
        "meeting": str(last),
        "url": last.get_absolute_url(),
        "date": format_jalali(last.starts_at, "medium"),
        "sentence": "" if rows else "جلسه پیشین مصوبه‌ای نداشت و کاری از مصوبه‌های پیش از آن نمانده است.",
        "rows": rows,
    }


def _resolution(row: Resolution, on: date) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": row.get_absolute_url(),
        "number": to_persian_digits(row.number.text),
        "adopted": format_jalali(row.adopted_on, "medium"),
        "state": row.get_state_display(),
        "tone": row.state_tone,
        "actions": [
            {
                "title": action.title,
                "owner": action.owner.full_name,
                "due": format_jalali(action.due_on, "medium"),
                "is_late": action.state == ActionState.OPEN and action.due_on < on,
                "state": action.get_state_display(),
                "tone": action.state_tone,
                "result": action.result,
            }
            for action in row.actions.all()
        ],
    }
