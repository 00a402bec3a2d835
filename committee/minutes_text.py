"""The minutes [صورتجلسه] write themselves: from a snapshot of recorded facts to what is read and signed (C9).

Pure: no ORM, no clock. :func:`write` takes the facts of one meeting and gives the content as plain JSON values, every
text complete and ready to print in Persian; :func:`content_hash` is what the members sign. The content has these keys:
``title``, ``head`` (pairs), ``present``, ``absent``, ``vacant``, ``movements`` (sentences), ``waiver``, ``items`` (each
with its discussion, motions and what became of earlier resolutions), ``resolutions`` and ``secretary``.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from committee.enums import MotionState, PresenceKind, VotingMode
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import TEHRAN, format_jalali

NO_REASON = "علت ثبت نشده است"
NOBODY = "هیچ‌کس"
VOTED = (MotionState.CARRIED, MotionState.LOST, MotionState.LAPSED)
RESULTS: dict[str, str] = {
    MotionState.DRAFT: "در این جلسه به رأی گذاشته نشد",
    MotionState.TABLED: "در این جلسه به رأی گذاشته نشد",
    MotionState.OPEN: "رأی‌گیری مکاتبه‌ای آن باز است",
    MotionState.CARRIED: "تصویب شد",
    MotionState.LOST: "رأی نیاورد",
    MotionState.WITHDRAWN: "پس گرفته شد",
    MotionState.LAPSED: "منتفی شد",
}


@dataclass(frozen=True, kw_only=True)
class Member:
    """Who was invited to the meeting or recorded in it, and on whose behalf; ``seating`` is that person's own, so that
    nobody is mistaken for whoever sits there before or after (C1)."""

    seating: int
    seat_code: str
    name: str
    post: str = ""
    behalf: str
    is_chair: bool = False
    absence_reason: str = ""


@dataclass(frozen=True)
class Movement:
    """An arrival or a departure of a seating."""

    seating: int
    kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Work:
    """A piece of work that carries out a resolution, as it stood then."""

    title: str
    owner: str
    due_on: date
    state: str = ""
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A resolution: number, title, and its work."""

    number: str
    title: str
    works: tuple[Work, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A motion of the agenda and what was recorded about its vote."""

    number: int
    title: str
    text: str
    kind: str
    state: str
    mode: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    opened_present: tuple[int, ...] = ()
    closed_present: tuple[int, ...] = ()
    votes_for: int = 0
    votes_against: int = 0
    votes_abstain: int = 0
    base: int = 5
    recusals: tuple[tuple[str, str], ...] = ()
    outcome_reason: str = ""
    last_hash: str = ""
    #: how many ballots a circulation had that was asked into a meeting; their choices are sealed for good (C5)
    sealed_ballots: int | None = None
    #: who agreed in the sitting to vote on what the call had not announced (C4, C5)
    agreed: tuple[str, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the agenda."""

    key: int
    kind: str
    title: str
    note: str = ""
    discussion: str = ""
    votes: tuple[Vote, ...] = ()
    follow_ups: tuple[Decision, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """Everything that was recorded about one meeting."""

    number: int
    term: int
    title: str = ""
    opened_at: datetime
    closed_at: datetime
    place: str
    members: tuple[Member, ...]
    vacant: tuple[str, ...] = ()
    movements: tuple[Movement, ...] = ()
    waived: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    secretary: str = ""


# --- words -------------------------------------------------------------------------------------------------


def clock(moment: datetime) -> str:
    """«۱۰:۰۵» as of Tehran."""
    return to_persian_digits(f"{moment.astimezone(TEHRAN):%H:%M}")


def _and(names: Iterable[str]) -> str:
    """«الف، ب و ج»."""
    listed = list(names)
    return f"{'، '.join(listed[:-1])} و {listed[-1]}" if len(listed) > 1 else "".join(listed)


# --- people ------------------------------------------------------------------------------------------------


def present_seatings(facts: MeetingFacts) -> list[int]:
    """Seatings whose member was in the room at any time, in the order of the seats: these sign (C9)."""
    arrived = {move.seating for move in facts.movements if move.kind == PresenceKind.ARRIVED}
    return [member.seating for member in facts.members if member.seating in arrived]


def _times(facts: MeetingFacts, seating: int) -> str:
    words = {PresenceKind.ARRIVED: "ورود", PresenceKind.LEFT: "خروج"}
    own = sorted((move for move in facts.movements if move.seating == seating), key=lambda move: move.at)
    return "، ".join(f"{words[PresenceKind(move.kind)]} {clock(move.at)}" for move in own)


def _present(facts: MeetingFacts) -> list[dict[str, Any]]:
    here = set(present_seatings(facts))
    return [
        {
            "seat_code": member.seat_code,
            "name": member.name,
            "post": member.post,
            "behalf": member.behalf,
            "is_chair": member.is_chair,
            "times": _times(facts, member.seating),
        }
        for member in facts.members
        if member.seating in here
    ]


def _absent(facts: MeetingFacts) -> list[dict[str, str]]:
    here = set(present_seatings(facts))
    return [
        {"name": member.name, "behalf": member.behalf, "reason": member.absence_reason or NO_REASON}
        for member in facts.members
        if member.seating not in here
    ]


def _movements(facts: MeetingFacts) -> list[str]:
    """Late arrivals, departures before the end and returns, in the order in which they happened."""
    names = {member.seating: member.name for member in facts.members}
    seen: set[int] = set()
    sentences = []
    for move in sorted(facts.movements, key=lambda move: move.at):
        name = names.get(move.seating, "")
        if not name:
            continue
        if move.kind == PresenceKind.ARRIVED:
            if move.seating in seen:
                sentences.append(f"{name} ساعت {clock(move.at)} به جلسه بازگشت.")
            elif move.at > facts.opened_at and clock(move.at) != clock(facts.opened_at):
                sentences.append(f"{name} ساعت {clock(move.at)} به جلسه پیوست.")
            seen.add(move.seating)
        elif move.at < facts.closed_at:
            sentences.append(f"{name} ساعت {clock(move.at)} جلسه را ترک کرد.")
    return sentences


# --- motions -----------------------------------------------------------------------------------------------


def _names(facts: MeetingFacts, seatings: Iterable[int]) -> str:
    wanted = set(seatings)
    return _and(member.name for member in facts.members if member.seating in wanted) or NOBODY


def _presence_lines(facts: MeetingFacts, vote: Vote) -> list[str]:
    if vote.mode != VotingMode.MEETING or vote.opened_at is None:
        return []
    consent = f"با موافقت {_and(vote.agreed)} در همین جلسه به رأی گذاشته شد." if vote.agreed else ""
    lines = [consent] if consent else []
    lines += [
        f"حاضران هنگام آغاز رأی‌گیری، ساعت {clock(vote.opened_at)}: {_names(facts, vote.opened_present)}."
    ]
    if vote.closed_at is None:
        return lines
    if set(vote.closed_present) == set(vote.opened_present):
        lines.append(f"هنگام پایان رأی‌گیری، ساعت {clock(vote.closed_at)}: همان اعضا حاضر بودند.")
    else:
        lines.append(
            f"حاضران هنگام پایان رأی‌گیری، ساعت {clock(vote.closed_at)}: {_names(facts, vote.closed_present)}."
        )
    return lines


def _tally(vote: Vote) -> str:
    if vote.sealed_ballots is not None:
        return to_persian_digits(f"{vote.sealed_ballots} رأی داده شده بود که برای همیشه پنهان می‌ماند")
    return to_persian_digits(
        f"{vote.votes_for} موافق، {vote.votes_against} مخالف، {vote.votes_abstain} ممتنع؛ "
        f"مبنا {vote.base}، رأی لازم {vote.base // 2 + 1}"
    )


def _result(vote: Vote) -> str:
    words = RESULTS[MotionState(vote.state)]
    return f"{words}: {vote.outcome_reason.rstrip('.')}" if vote.outcome_reason else words


def _vote(facts: MeetingFacts, vote: Vote) -> dict[str, Any]:
    is_closed = vote.state in VOTED
    return {
        "number": to_persian_digits(vote.number),
        "title": vote.title,
        "text": vote.text,
        "kind": vote.kind,
        "state": vote.state,
        "mode": str(VotingMode(vote.mode).label) if vote.mode else "",
        "presence": _presence_lines(facts, vote) if is_closed else [],
        "tally": _tally(vote) if is_closed else "",
        "recusals": [
            f"{name} به این پیشنهاد رأی نداد: {reason.rstrip('.')}." for name, reason in vote.recusals
        ],
        "result": _result(vote),
        "last_hash": vote.last_hash if is_closed else "",
        "resolution": _decision(vote.decision) if vote.decision else None,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "number": to_persian_digits(decision.number),
        "title": decision.title,
        "actions": [
            {
                "title": work.title,
                "owner": work.owner,
                "due": format_jalali(work.due_on, "medium"),
                "state": work.state,
                "result": work.result,
            }
            for work in decision.works
        ],
    }


# --- the whole ---------------------------------------------------------------------------------------------


def _head(facts: MeetingFacts) -> list[list[str]]:
    pairs = [
        ["شماره جلسه", to_persian_digits(facts.number)],
        ["دوره", to_persian_digits(facts.term)],
        ["تاریخ", format_jalali(facts.opened_at, "long")],
        ["ساعت", f"{clock(facts.opened_at)} تا {clock(facts.closed_at)}"],
        ["مکان", to_persian_digits(facts.place)],
    ]
    return [*pairs, ["موضوع", facts.title]] if facts.title else pairs


def write(facts: MeetingFacts) -> dict[str, Any]:
    """The minutes of the meeting as JSON values, in the form in which they are shown, signed and printed (C9)."""
    items: list[dict[str, Any]] = [
        {
            "key": item.key,
            "position": to_persian_digits(place),
            "kind": item.kind,
            "title": item.title,
            "note": item.note,
            "discussion": item.discussion,
            "votes": [_vote(facts, vote) for vote in item.votes],
            "follow_ups": [_decision(decision) for decision in item.follow_ups],
        }
        for place, item in enumerate(facts.items, start=1)
    ]
    return {
        "title": f"صورتجلسه جلسه شماره {to_persian_digits(facts.number)} کمیته مشترک",
        "head": _head(facts),
        "present": _present(facts),
        "absent": _absent(facts),
        "vacant": list(facts.vacant),
        "movements": _movements(facts),
        "waiver": f"{_and(facts.waived)} از مهلت دعوت گذشتند." if facts.waived else "",
        "items": items,
        "resolutions": [vote["resolution"] for item in items for vote in item["votes"] if vote["resolution"]],
        "secretary": facts.secretary,
    }


def content_hash(content: dict[str, Any]) -> str:
    """The fingerprint of the minutes' content: SHA-256 of its canonical JSON; this is what the members sign."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
