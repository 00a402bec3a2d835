"""The five seats as they are drawn, and what stands beside them on the committee's pages."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from committee import rules
from committee.enums import SEAT_SIDE, SeatCode, TermState
from committee.models import Meeting, Motion, NominationRound, Resolution, Seating, Term
from committee.queries import seats_on_hold
from staff_portal.kernel.base.periods import covers, last_day
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

SIDE_WORD = {Side.HQ: "ستاد سمن‌ها", Side.DEPUTY: "معاونت", Side.NGO: "سمن‌ها"}
SHOWN = 5


def side_word(code: str) -> str:
    """The short name of a seat's side."""
    return SIDE_WORD[Side(SEAT_SIDE[code])]


def circle_of(seatings: list[Seating], term: Term | None, me: User, on: date) -> list[dict[str, Any]]:
    """The five seats today: who sits there, who chairs, what is vacant or on hold."""
    rows = {row.seat_code: row for row in seatings}
    held = seats_on_hold(seatings)
    return [_circle_seat(code, rows.get(code), term, me, code in held) for code in SeatCode.values]


def _circle_seat(
    code: str, row: Seating | None, term: Term | None, me: User, on_hold: bool
) -> dict[str, Any]:
    if row is None:
        return {"name": "", "side": side_word(code), "mark": "خالی", "tone": "vacant"}
    chairs = term is not None and term.chair_code == code
    mark = "متوقف" if on_hold else ("رئیس" if chairs else "عضو")
    since = f"از {format_jalali(row.period.lower, 'medium')}"
    note = f"{row.ngo.name}، {since}" if row.ngo else since
    if on_hold:
        note += "؛ رأی این کرسی متوقف است"
    return {
        "name": row.person.full_name,
        "side": side_word(code),
        "mark": mark,
        "tone": "aside" if on_hold else "done",
        "you": row.person_id == me.pk,
        "note": note,
    }


def seat_rows(
    term: Term, seatings: Iterable[Seating], me: User, on: date, *, seated: Iterable[Seating] = ()
) -> list[dict[str, Any]]:
    """One row for each seat of a term: who sits there now or next, and what this person may do about it.

    ``seated`` are those who sit on that day; one of another term stands in for a seat that is vacant here.
    """
    listed = list(seatings)
    others = {row.seat_code: row for row in seated if row.seat.term_id != term.pk}
    rows = []
    for seat in term.seats.all():
        own = [row for row in listed if row.seat_id == seat.pk]
        current = next((row for row in own if covers(row.period, on)), None)
        coming = next((row for row in own if not row.period.isempty and row.period.lower > on), None)
        rows.append(
            {
                "title": seat.get_code_display(),
                "chairs": term.chair_code == seat.code,
                "person": current.person.full_name if current else "",
                "ngo": current.ngo.name if current and current.ngo else "",
                "since": format_jalali(current.period.lower, "medium") if current else "",
                "coming": coming,
                "other": others.get(seat.code) if current is None else None,
                "links": [*_links(term, seat, current, me, on), *_coming_links(coming, me, on)],
            }
        )
    return rows


def _links(term: Term, seat: Any, current: Seating | None, me: User, on: date) -> Iterator[dict[str, str]]:
    if term.state == "open" and rules.APPOINT.authority(me, seat, on) is not None:
        label = "جایگزینی" if current else "انتصاب"
        yield {"label": label, "url": reverse("committee:appoint", args=[seat.pk])}
    if current is None:
        if seat.code == SeatCode.NGO and term.state == "open":
            yield {"label": "معرفی نامزد", "url": reverse("committee:nomination_list")}
        return
    if last_day(current.period) is None and rules.RECALL.authority(me, current, on) is not None:
        yield {"label": "پایان عضویت", "url": reverse("committee:recall", args=[current.pk])}
    if (
        current.ngo_id is not None
        and last_day(current.period) is None
        and rules.REPLACE_REPRESENTATIVE.authority(me, current, on) is not None
    ):
        yield {"label": "تغییر نماینده", "url": reverse("committee:representative", args=[current.pk])}


def _coming_links(coming: Seating | None, me: User, on: date) -> Iterator[dict[str, str]]:
    if coming is not None and rules.RECALL.authority(me, coming, on) is not None:
        yield {"label": "پس‌گرفتن انتصاب", "url": reverse("committee:recall", args=[coming.pk])}


def seating_lines(seatings: Iterable[Seating], on: date) -> list[dict[str, Any]]:
    """Who sat where from when to when, newest first, with the letter of appointment."""
    lines = []
    for row in seatings:
        end = last_day(row.period)
        lines.append(
            {
                "seat": row.get_seat_code_display(),
                "person": row.person.full_name,
                "ngo": row.ngo.name if row.ngo else "",
                "from": "آغاز نشد" if row.period.isempty else format_jalali(row.period.lower, "medium"),
                "to": "" if row.period.isempty else (format_jalali(end, "medium") if end else "تاکنون"),
                "cause": row.get_ended_by_display() if row.ended_by else "",
                "reference": to_persian_digits(row.letter_reference),
                "letter": row.letter,
                "now": covers(row.period, on),
            }
        )
    return lines


def term_badge(term: Term, running: Term | None, on: date) -> tuple[str, str]:
    """How a term stands on a day, with its tone: of several open ones only the running one is «جاری» (P29)."""
    if term.state != TermState.OPEN:
        return str(term.get_state_display()), term.state_tone
    if term.starts_on > on:
        return "آغاز نشده", "wait"
    if running is not None and running.pk != term.pk:
        return "رو به پایان", "neutral"
    return str(term.get_state_display()), term.state_tone


def term_facts(term: Term) -> list[dict[str, Any]]:
    """The facts of a term beside its seats."""
    facts = [
        {
            "label": "تفاهم‌نامه",
            "value": to_persian_digits(term.memorandum.number),
            "url": reverse("committee:memorandum"),
        },
        {"label": "آغاز", "value": format_jalali(term.starts_on, "medium")},
        {"label": "پایان پیش‌بینی‌شده", "value": format_jalali(term.planned_end_on, "medium")},
        {"label": "کرسی رئیس", "value": term.get_chair_code_display()},
        {"label": "پیشنهاد", "value": term.proposed_by.full_name if term.proposed_by else ""},
        {"label": "پذیرش", "value": term.agreed_by.full_name if term.agreed_by else "در انتظار"},
    ]
    if term.proposed_chair_code:
        facts.append(
            {
                "label": "رئیس پیشنهادی",
                "value": term.get_proposed_chair_code_display(),
                "badge": "در انتظار پذیرش",
                "tone": "wait",
            }
        )
    if term.ended_on:
        facts.append({"label": "پایان", "value": format_jalali(term.ended_on, "medium")})
    return facts


def open_work(me: User, on: date) -> list[dict[str, Any]]:
    """What is open in the committee: rounds, votes, coming meetings, resolutions to announce; one query each."""
    motions = Motion.objects.filter(rules.motions_visible_to(me, on), state__in=["open", "tabled"])
    groups = [
        (
            "دور معرفی نامزد",
            "committee:nomination_list",
            NominationRound.objects.filter(state__in=["preparing", "open"]),
            "اکنون دوری در جریان نیست.",
        ),
        (
            "جلسه‌های پیش رو",
            "committee:meeting_list",
            Meeting.objects.filter(state__in=["planned", "awaiting_chair", "called", "in_session"]).order_by(
                "starts_at"
            ),
            "جلسه‌ای برنامه‌ریزی نشده است.",
        ),
        (
            "پیشنهادهای در دستور و باز",
            "committee:motion_list",
            motions.order_by("-state_since"),
            "پیشنهادی در دستور نیست.",
        ),
        (
            "مصوبه‌های در انتظار ابلاغ",
            "committee:resolution_list",
            Resolution.objects.filter(state="awaiting").select_related("number"),
            "همه مصوبه‌ها ابلاغ شده‌اند.",
        ),
    ]
    return [
        {
            "title": title,
            "url": reverse(name),
            "rows": [_open_row(row) for row in rows[:SHOWN]],
            "empty": empty,
        }
        for title, name, rows, empty in groups
    ]


def _open_row(row: Any) -> dict[str, Any]:
    detail = ""
    if isinstance(row, Meeting):
        detail = format_jalali(row.starts_at, "moment")
    elif isinstance(row, Resolution):
        detail = to_persian_digits(row.number.text)
    return {
        "title": str(row),
        "url": row.get_absolute_url(),
        "detail": detail,
        "badge": row.get_state_display(),
        "tone": row.state_tone,
    }
