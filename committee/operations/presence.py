"""Who was invited in time, who is in the room, and whether the meeting may decide (C4).

*Proof of an invitation*: the day on which the member's notice of the call lay in the page's own inbox (the delivery
record), the day on which the secretary handed the paper over, or, for the chair who signed the call, the day of the
signature; the earliest of them. *Notice period*: ``NOTICE_DAYS`` working days; day one is the working day after the
proof, and the day of the meeting is not before the last day of the period. *Waiver*: instead of the notice, all
sitting members are present and each one waives it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery

from committee import queries, rules, settings
from committee.enums import SEAT_SIDE, MeetingState, PresenceKind
from committee.models import Invitation, Meeting, Presence, Seating
from committee.tally import QUORUM, has_quorum
from staff_portal.kernel.base import request_cache
from staff_portal.kernel.base.periods import covers
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import Notification
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import audit

NOT_IN_SESSION = "جلسه در حال برگزاری نیست."
INVITING_EVENTS = ("meeting.called", "meeting.invited")

BY_INBOX = "inbox"
BY_HAND = "hand"
BY_SIGNATURE = "signature"
PROOF_LABELS = {
    BY_INBOX: "در کارتابل عضو",
    BY_HAND: "تحویل دستی",
    BY_SIGNATURE: "امضای دعوت به دست خود او",
}


@dataclass(frozen=True)
class Notice:
    """How one sitting member was invited: when, proven how and since when, and whether that was in time."""

    seating: Seating
    invitation: Invitation | None
    proof: str
    proven_on: date | None
    enough_from: date | None
    is_enough: bool

    @property
    def proof_label(self) -> str:
        return PROOF_LABELS.get(self.proof, "")

    @property
    def gap(self) -> str:
        """What stands against this invitation; empty when it went out in time."""
        return gap_of([self])

    @property
    def kind(self) -> tuple[bool, date | None]:
        """Invitations with the same gap are told in one sentence."""
        return self.invitation is None, self.proven_on


def gap_of(late: list["Notice"]) -> str:
    """One sentence about invitations of one kind that did not go out in time; empty when they did."""
    first = late[0]
    if first.is_enough:
        return ""
    names = " و ".join("، ".join(row.seating.person.full_name for row in late).rsplit("، ", 1))
    if first.invitation is None:
        return f"برای {names} دعوت‌نامه‌ای صادر نشده است."
    if first.proven_on is None or first.enough_from is None:
        return f"رسیدن دعوت‌نامه به {names} ثابت نیست."
    return (
        f"دعوت‌نامه در {format_jalali(first.proven_on, 'medium')} به {names} رسیده و مهلت دعوت تا "
        f"{format_jalali(first.enough_from, 'medium')} است."
    )


def meeting_day(meeting: Meeting) -> date:
    """The day in Tehran for which the meeting was called."""
    return local_date(meeting.starts_at)


def notice_days(on: date) -> int:
    """The notice period in working days, in force on that day."""
    return int(settings_store.value(settings.NOTICE_DAYS, on))


def enough_from(proven_on: date, days: int, calendar: clocks.WorkCalendar) -> date:
    """The first day on which a meeting may decide after an invitation proven on that day.

    It is the last day of the notice period, whose day one is the working day after the proof (C4).
    """
    return calendar.add(proven_on, days)


def last_call_day(day: date, days: int, calendar: clocks.WorkCalendar) -> date:
    """The last working day on which an invitation still leaves the notice period before a meeting on ``day``."""
    found = day
    while enough_from(found, days, calendar) > day or not calendar.is_working_day(found):
        found -= timedelta(days=1)
    return found


def notices(meeting: Meeting, at: datetime) -> list[Notice]:
    """The invitation of every member who sits at that moment, in the order of the seats."""
    return notices_of(meeting, queries.sitting(local_date(at)))


def notices_of(meeting: Meeting, seatings: Iterable[Seating]) -> list[Notice]:
    """The invitations of the given seatings with their proof.

    An invitation is the person's: whom the next term appoints again need not be invited a second time.
    """
    members = list(seatings)
    rows = meeting.invitations.select_related("seating").annotate(reached_at=_reached())
    invited = {row.seating.person_id: row for row in rows}
    reached = {row.seating.person_id: local_date(row.reached_at) for row in rows if row.reached_at}
    day = meeting_day(meeting)
    days, calendar = notice_days(day), clocks.calendar(day)
    found = []
    for seating in members:
        invitation = invited.get(seating.person_id)
        proof, proven_on = _proof(meeting, invitation, reached.get(seating.person_id), seating)
        first = None if proven_on is None else enough_from(proven_on, days, calendar)
        found.append(Notice(seating, invitation, proof, proven_on, first, first is not None and first <= day))
    return found


def _reached() -> Subquery:
    """The moment at which the notice of the call first lay in the invited person's inbox."""
    rows = Notification.objects.filter(
        entry__event__in=INVITING_EVENTS,
        entry__root_type=audit.type_label(Meeting),
        entry__root_id=OuterRef("meeting"),
        recipient=OuterRef("seating__person"),
    )
    return Subquery(rows.order_by("created_at").values("created_at")[:1])


def _proof(
    meeting: Meeting, invitation: Invitation | None, reached: date | None, seating: Seating
) -> tuple[str, date | None]:
    if invitation is None:
        return "", None
    found = []
    if reached is not None:
        found.append((reached, BY_INBOX))
    if invitation.handed_over_on is not None:
        found.append((invitation.handed_over_on, BY_HAND))
    if meeting.called_by_id == seating.person_id and meeting.called_at is not None:
        found.append((local_date(meeting.called_at), BY_SIGNATURE))
    if not found:
        return "", None
    day, proof = min(found)
    return proof, day


# --- who is in the room ------------------------------------------------------------------------------------


def last_events(meeting: Meeting) -> dict[int, Presence]:
    """The latest arrival or departure of each seating that has one. A page asks once."""
    return dict(request_cache.once(("presences", meeting.pk), lambda: _last_events(meeting)))


def _last_events(meeting: Meeting) -> dict[int, Presence]:
    rows = meeting.presences.select_related("seating__person", "seating__seat").order_by("at", "id")
    return {row.seating_id: row for row in rows}


def present_seats(meeting: Meeting, on: date) -> list[Seating]:
    """Those who sit on that day, arrived and have not left, in the order of the seats (C4)."""
    return _here(last_events(meeting), on)


def _here(last: dict[int, Presence], on: date) -> list[Seating]:
    """Whose seating has ended is no member in the room any more, whatever was recorded before midnight (C1)."""
    here = [row.seating for row in last.values() if row.kind == PresenceKind.ARRIVED]
    return sorted(
        (row for row in here if covers(row.period, on)), key=lambda row: rules.SEAT_ORDER[row.seat_code]
    )


def present_codes(meeting: Meeting, on: date) -> list[str]:
    """Codes of the seats present on that day, in the order of the seats."""
    return [row.seat_code for row in present_seats(meeting, on)]


def quorum_gap(present: Iterable[str]) -> str:
    """Why the sitting is not valid [حد نصاب رسمیت]; empty when it is."""
    codes = set(present)
    if has_quorum(codes):
        return ""
    sides = {SEAT_SIDE[code] for code in codes}
    missing = []
    if len(codes) < QUORUM:
        missing.append(
            f"از پنج عضو {to_persian_digits(len(codes))} نفر حاضر است و دست‌کم ۳ نفر لازم است"
            if codes
            else "هیچ عضوی حاضر نیست و دست‌کم ۳ نفر لازم است"
        )
    if Side.HQ not in sides:
        missing.append("نماینده‌ای از ستاد سمن‌ها حاضر نیست")
    if Side.DEPUTY not in sides:
        missing.append("نماینده‌ای از معاونت حاضر نیست")
    return f"جلسه رسمیت ندارد: {'؛ '.join(missing)}."


@dataclass(frozen=True)
class Standing:
    """The meeting at one moment: its sitting members, their invitations, who is here, who waived the notice.

    ``last`` is the latest arrival or departure by seating.
    """

    sitting: list[Seating]
    notices: list[Notice]
    present: list[Seating]
    last: dict[int, Presence]
    waived: frozenset[int]
    in_session: bool

    @property
    def present_ids(self) -> set[int]:
        return {row.pk for row in self.present}

    @property
    def notice_gaps(self) -> list[str]:
        """The invitations that did not go out in time, those of one kind in one sentence."""
        kinds: dict[tuple[bool, date | None], list[Notice]] = {}
        for row in self.notices:
            if not row.is_enough:
                kinds.setdefault(row.kind, []).append(row)
        return [gap_of(rows) for rows in kinds.values()]

    @property
    def is_waived(self) -> bool:
        """Whether all sitting members are present and each one waived the notice."""
        ids = {row.pk for row in self.sitting}
        return bool(ids) and ids <= self.present_ids and ids <= self.waived

    @property
    def quorum_gap(self) -> str:
        return quorum_gap(row.seat_code for row in self.present)

    @property
    def gaps(self) -> list[str]:
        """Every sentence that stands against deciding, in the order in which one mends them."""
        found = [] if self.in_session else [NOT_IN_SESSION]
        if self.notice_gaps and not self.is_waived:
            found += self.notice_gaps
            found.append(self._how_to_waive())
        if self.in_session and self.quorum_gap:
            found.append(self.quorum_gap)
        return found

    def _how_to_waive(self) -> str:
        absent = [row.person.full_name for row in self.sitting if row.pk not in self.present_ids]
        if not self.in_session or absent:
            return "بدون این مهلت، تنها با حضور همه اعضا و گذشت هر یک از آنان می‌توان تصمیم گرفت."
        waiting = [row.person.full_name for row in self.sitting if row.pk not in self.waived]
        return f"همه اعضا حاضرند؛ گذشت {'، '.join(waiting)} از مهلت دعوت هنوز ثبت نشده است."


def _waived(meeting: Meeting) -> frozenset[int]:
    return frozenset(meeting.waivers.values_list("seating_id", flat=True))


def standing(meeting: Meeting, at: datetime) -> Standing:
    """Everything that decides whether the meeting may decide at that moment (C4)."""
    members = queries.sitting(local_date(at))
    last = last_events(meeting)
    found = notices_of(meeting, members)
    return Standing(
        sitting=members,
        notices=found,
        present=_here(last, local_date(at)),
        last=last,
        waived=frozenset() if all(row.is_enough for row in found) else _waived(meeting),
        in_session=meeting.state == MeetingState.IN_SESSION,
    )


def decision_gaps(meeting: Meeting, at: datetime) -> list[str]:
    """Every sentence that stands against deciding now; empty when the meeting may decide (C4).

    The meeting is in session; every sitting member's invitation is proven at least the notice period before, or all
    of them are present and waive it; three seats are present, both sides among them.
    """
    return standing(meeting, at).gaps
