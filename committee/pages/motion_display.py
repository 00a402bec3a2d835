"""What the page of a motion shows of its vote: the five seats, what is needed, the result. Choices only after closing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from committee import rules, secrecy, tally
from committee.enums import Choice, MeetingState, MotionState, SeatCode, VotingMode
from committee.interests import interests
from committee.models import Ballot, Motion, Recusal, Seating
from committee.motion_subjects import subject_of
from committee.operations import voting
from committee.operations.meetings import present_codes
from committee.operations.motions import papers_of
from committee.pages.seats_display import side_word
from committee.queries import seats_on_hold, sitting
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.trail import file_kinds

CHOICE_TONES = {Choice.FOR: "ok", Choice.AGAINST: "no", Choice.ABSTAIN: "neutral"}
VOTED = (MotionState.OPEN, *rules.CLOSED_MOTIONS)


@dataclass
class Standing:
    """Everything read about a vote for its page, once: who sits or sat, ballots, recusals, presence, holds."""

    motion: Motion
    on: date
    seatings: list[Seating]
    ballots: dict[str, Ballot]
    recusals: dict[str, Recusal]
    present: set[str]
    held: set[str]

    @property
    def is_open(self) -> bool:
        return self.motion.state == MotionState.OPEN

    @property
    def by_seat(self) -> dict[str, Seating]:
        """Whoever voted or stood aside keeps the seat in the picture; else who sits."""
        found = {row.seat_code: row for row in self.seatings}
        found |= {code: row.seating for code, row in self.recusals.items()}
        return found | {code: row.seating for code, row in self.ballots.items()}

    @property
    def version(self) -> str:
        """Changes whenever the live picture does."""
        parts = [self.motion.state, *sorted(self.ballots), "r", *sorted(self.recusals)]
        return "-".join([*parts, "p", *sorted(self.present), "h", *sorted(self.held)])

    def is_away(self, code: str) -> bool:
        return self.motion.mode == VotingMode.MEETING and code not in self.present

    @property
    def base(self) -> int:
        return self.motion.base if self.motion.base is not None else tally.base_of(self.recusals)


def standing(motion: Motion, on: date) -> Standing:
    """Read the vote of a motion that is or was open."""
    voted_on = on if motion.closed_at is None else local_date(motion.closed_at)
    seatings = sitting(voted_on)
    ballots = motion.ballots.select_related("seating__person")
    if motion.mode != VotingMode.MEETING or motion.meeting is None:
        present: set[str] = set()
    elif motion.state == MotionState.OPEN:
        present = set(present_codes(motion.meeting, on))
    else:
        present = set(motion.closed_presence)
    return Standing(
        motion=motion,
        on=on,
        seatings=seatings,
        ballots={row.seat_code: row for row in ballots},
        recusals={row.seat_code: row for row in motion.recusals.select_related("seating__person")},
        present=present,
        held=seats_on_hold(seatings) if motion.state == MotionState.OPEN else set(),
    )


def seats_of(vote: Standing, me: User, *, named: bool) -> list[dict[str, Any]]:
    """The half circle; ``named`` shows choices, which nobody asks for before closing (C5)."""
    named = named and not vote.is_open
    return [_seat(vote, code, me, named=named) for code in SeatCode.values]


def _seat(vote: Standing, code: str, me: User, *, named: bool) -> dict[str, Any]:
    seating = vote.by_seat.get(code)
    ballot, recusal = vote.ballots.get(code), vote.recusals.get(code)
    note = ""
    if recusal is not None:
        mark, tone, note = "ذی‌نفع", "aside", f"کناره گرفت: {recusal.reason}"
    elif ballot is not None and named:
        mark, tone, note = str(ballot.get_choice_display()), ballot.choice, ballot.reason
    elif ballot is not None:
        mark, tone, note = "رأی داد", "done", format_jalali(ballot.cast_at, "moment")
    elif seating is None:
        mark, tone = "خالی", "vacant"
    elif code in vote.held:
        mark, tone, note = "متوقف", "absent", voting.ON_HOLD
    elif vote.is_away(code):
        mark, tone = "غایب", "absent"
    else:
        mark, tone = ("منتظر", "wait") if vote.is_open else ("رأی نداد", "absent")
    return {
        "name": seating.person.full_name if seating else "",
        "side": side_word(code),
        "mark": mark,
        "tone": tone,
        "note": note,
        "you": seating is not None and seating.person_id == me.pk,
    }


def centre_of(vote: Standing) -> tuple[str, str]:
    """The big count: while open how many have voted, afterwards how many are for."""
    if vote.is_open:
        able = [
            row.seat_code
            for row in vote.seatings
            if row.seat_code not in vote.held
            and not vote.is_away(row.seat_code)
            and row.seat_code not in vote.recusals
        ]
        whole = len({*able, *vote.ballots})
        count = f"{to_persian_digits(len(vote.ballots))} از {to_persian_digits(whole)}"
        return count, "رأی داده‌اند؛ نتیجه پس از پایان دیده می‌شود"
    motion = vote.motion
    if not secrecy.are_counted(motion):
        return f"{to_persian_digits(motion.ballot_count or 0)} رأی", "داده شد و پنهان می‌ماند"
    against, abstain = (
        to_persian_digits(motion.votes_against or 0),
        to_persian_digits(motion.votes_abstain or 0),
    )
    return f"{to_persian_digits(motion.votes_for or 0)} موافق", f"{against} مخالف، {abstain} ممتنع"


def needed_words(vote: Standing) -> str:
    """«تصویب با ۳ موافق از مبنای ۵»."""
    least = to_persian_digits(tally.needed(vote.base))
    return f"تصویب با {least} موافق از مبنای {to_persian_digits(vote.base)}"


def needs(vote: Standing) -> list[dict[str, Any]]:
    """How the vote is counted: way, base, least number, quorum, deadline."""
    motion = vote.motion
    items: list[dict[str, Any]] = [{"label": "شیوه", "value": str(motion.get_mode_display())}]
    if motion.meeting is not None:
        items[0]["url"] = motion.meeting.get_absolute_url()
        items[0]["value"] = str(motion.meeting)
    aside = len(vote.recusals)
    base = to_persian_digits(vote.base)
    items += [
        {
            "label": "مبنا",
            "value": f"{base} کرسی" + (f"، {to_persian_digits(aside)} کنارکشیده" if aside else ""),
        },
        {"label": "برای تصویب", "value": f"دست‌کم {to_persian_digits(tally.needed(vote.base))} موافق"},
        {"label": "حد نصاب رسمیت", **_quorum(vote)},
    ]
    last = voting.deadline(motion)
    if last is not None:
        items.append({"label": "مهلت", "value": f"پایان {format_jalali(last, 'medium')}"})
        if vote.is_open:
            items[-1] |= {"badge": relative_days(last, vote.on), "tone": "no" if last < vote.on else "wait"}
    return items


def _quorum(vote: Standing) -> dict[str, Any]:
    if vote.motion.mode == VotingMode.CIRCULATION:
        return {"value": "سه رأی، از هر دو طرف"}
    count = to_persian_digits(len(vote.present))
    here = f"{count} از ۵ حاضر"
    if tally.has_quorum(vote.present):
        return {"value": here, "badge": "برقرار", "tone": "ok"}
    return {"value": here, "badge": "برقرار نیست", "tone": "no"}


def bars(motion: Motion) -> list[dict[str, Any]]:
    """The result as three bars against the base, with the mark of what carries; widths are SVG attributes."""
    base = motion.base or 1
    rows = [
        ("موافق", "for", motion.votes_for or 0),
        ("مخالف", "against", motion.votes_against or 0),
        ("ممتنع", "abstain", motion.votes_abstain or 0),
    ]
    mark = f"{100 * tally.needed(base) / base:.2f}"
    return [
        {
            "label": label,
            "tone": tone,
            "count": count,
            "width": f"{min(100 * count / base, 100):.2f}",
            "mark": mark if tone == "for" else "",
        }
        for label, tone, count in rows
    ]


def sealed_words(motion: Motion) -> str:
    """How many ballots a circulation had that was asked into a meeting; they stay sealed for good (C5)."""
    if not secrecy.are_sealed(motion):
        return ""
    if not motion.ballot_count:
        return "رأیی داده نشده بود."
    count = to_persian_digits(motion.ballot_count)
    return f"{count} رأی داده شده بود؛ این رأی‌ها برای همیشه پنهان می‌ماند و در زنجیره نگه داشته می‌شود."


def ballot_rows(vote: Standing) -> list[dict[str, Any]]:
    """Each ballot with its reason, in the order of the seats: for those who may read them, after closing (C5)."""
    rows = []
    for code in SeatCode.values:
        ballot = vote.ballots.get(code)
        if ballot is not None:
            rows.append(
                {
                    "name": ballot.seating.person.full_name,
                    "seat": str(ballot.get_seat_code_display()),
                    "choice": str(ballot.get_choice_display()),
                    "tone": CHOICE_TONES[Choice(ballot.choice)],
                    "reason": ballot.reason,
                    "at": format_jalali(ballot.cast_at, "moment"),
                }
            )
    return rows


def fact_items(motion: Motion, user: User, on: date) -> list[dict[str, Any]]:
    """The motion in a glance."""
    items: list[dict[str, Any]] = [
        {"label": "شماره", "value": to_persian_digits(motion.number)},
        {"label": "نوع", "value": str(motion.get_kind_display())},
        {"label": "پیشنهاددهنده", "value": str(motion.proposed_by or "سامانه")},
        {"label": "تاریخ پیشنهاد", "value": format_jalali(motion.proposed_at, "medium")},
    ]
    if motion.concerns_ngo is not None:
        items.append({"label": "درباره", **_ngo(motion.concerns_ngo, user, on)})
    if motion.meeting_only and motion.state not in VOTED:
        items.append({"label": "شیوه رأی‌گیری", "value": "تنها در جلسه"})
    agenda = {} if motion.state in VOTED else _agenda(motion)
    if agenda:
        items.append({"label": "جلسه", **agenda})
    subject = _subject(motion, user, on)
    if subject:
        items.append({"label": "موضوع", **subject})
    if motion.origin is not None:
        label = "متن اصلاح‌شده" if motion.is_amendment else "رونوشت از"
        items.append(
            {
                "label": label,
                "value": f"پیشنهاد {to_persian_digits(motion.origin.number)}",
                "url": motion.origin.get_absolute_url(),
            }
        )
    return items


def _agenda(motion: Motion) -> dict[str, Any]:
    """The newest meeting that has the motion on its agenda."""
    items = motion.agenda_items.exclude(meeting__state=MeetingState.CANCELLED).select_related("meeting")
    item = items.order_by("-meeting__starts_at").first()
    if item is None:
        return {"value": "هنوز در دستور جلسه‌ای نیامده است"} if motion.state == MotionState.TABLED else {}
    day = format_jalali(item.meeting.starts_at, "medium")
    return {"value": f"{item.meeting}، {day}", "url": item.meeting.get_absolute_url()}


def set_aside(motion: Motion, on: date) -> list[str]:
    """Before an individual case is voted on: whom the system will set aside, and why (C6)."""
    if motion.state != MotionState.TABLED or motion.concerns_ngo_id is None:
        return []
    members = {row.seat_code: row for row in sitting(on)}
    found = interests(motion, members.values())
    return [f"{members[code].person.full_name}: {reason}" for code, reason in found.items()]


def _ngo(ngo: Any, user: User, on: date) -> dict[str, Any]:
    shown = file_kinds.find(ngo._meta.label_lower, ngo.pk, user, on)
    return {"value": ngo.name, "url": ngo.get_absolute_url() if shown else ""}


def _subject(motion: Motion, user: User, on: date) -> dict[str, Any]:
    found = subject_of(motion)
    if found is None:
        return {}
    subject, record = found
    label = record._meta.label_lower
    url = (
        file_kinds.url_of(record)
        if label in file_kinds.ROOTS and file_kinds.find(label, record.pk, user, on)
        else ""
    )
    return {"value": f"{subject.label}: {record}", "url": url}


def paper_rows(motion: Motion) -> list[dict[str, Any]]:
    """The papers with their addresses."""
    return [
        {
            "pk": row.pk,
            "name": row.name,
            "url": reverse("attachment", args=[row.pk]),
            "detail": to_persian_digits(filesizeformat(row.size)),
        }
        for row in papers_of(motion)
    ]


def successor_of(motion: Motion) -> Motion | None:
    """The motion that took this one's place or was copied from it, the newest."""
    return motion.successors.exclude(state=MotionState.DRAFT).order_by("-id").first()
