"""The minutes of a meeting as the paper they will be: what the members ask for, who has signed (C9)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.enums import AMENDMENT_TONES, AmendmentState, MinutesState
from committee.minutes_facts import behalf_of
from committee.minutes_letter import signature_grid
from committee.models import AmendmentRequest, Minutes
from committee.operations import minutes as operations
from committee.pages.meeting import crumbs_of as way_to_meeting
from committee.workflow.minutes import MINUTES, open_minutes
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.records import Look, Note, Part, RecordPage, own_badge
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.trail.timeline import entries_of, timeline_items
from staff_portal.kernel.workflow.holds import open_reasons

SIGNED = (MinutesState.SIGNING, MinutesState.SEALED)
STEPS = (
    (MinutesState.DRAFT, "نگارش"),
    (MinutesState.CIRCULATED, "گردش و اصلاح"),
    (MinutesState.SIGNING, "امضا"),
    (MinutesState.SEALED, "نهایی"),
)
WRITTEN_ITSELF = "این متن خودکار از رویدادهای ثبت‌شده نوشته شده است"
FROM_FACTS = "حاضران، رأی‌ها و مصوبه‌ها همان است که در جلسه ثبت شد؛ دبیر خلاصه گفت‌وگوها را می‌نویسد و سپس آن را به گردش می‌گذارد."


def visible(user: User, on: date) -> QuerySet[Minutes]:
    """The minutes the person may see; a draft is the secretary's and the auditor's."""
    return open_minutes(user, on).select_related("meeting__term").annotate(_open_holds=open_reasons(Minutes))


def crumbs_of(minutes: Minutes) -> list[dict[str, str]]:
    """The way to the minutes."""
    return [*way_to_meeting(minutes.meeting), {"label": "صورتجلسه", "url": minutes.get_absolute_url()}]


def amendment_rows(requests: Iterable[AmendmentRequest]) -> list[dict[str, Any]]:
    """What the members asked for, with the secretary's answers."""
    return [
        {
            "row": row,
            "name": row.seating.person.full_name,
            "behalf": behalf_of(row.seating),
            "state": row.get_state_display(),
            "tone": AMENDMENT_TONES[row.state],
            "is_open": row.state == AmendmentState.ASKED,
            "asked_at": format_jalali(row.asked_at, "moment"),
        }
        for row in requests
    ]


# --- what is read once ---------------------------------------------------------------------------------------


def _requests(minutes: Minutes, look: Look) -> list[AmendmentRequest]:
    rows = minutes.amendments.select_related("seating__person", "seating__ngo")
    return look.once("requests", lambda: list(rows))


def _writes(minutes: Minutes, look: Look) -> bool:
    return rules.WRITE_MINUTES.authority(look.me, minutes, look.on) is not None


def _content(minutes: Minutes, look: Look) -> dict[str, Any]:
    secretary = look.me.full_name if _writes(minutes, look) else ""
    return look.once("content", lambda: operations.content_of(minutes, secretary=secretary))


def _until(minutes: Minutes, look: Look) -> date | None:
    clocks = {
        MinutesState.CIRCULATED: operations.amendments_until,
        MinutesState.SIGNING: operations.signatures_until,
    }
    clock = clocks.get(MinutesState(minutes.state))
    return look.once("until", lambda: clock(minutes) if clock is not None else None)


# --- head ----------------------------------------------------------------------------------------------------


def _badges(minutes: Minutes, look: Look) -> list[tuple[str, str]]:
    until = _until(minutes, look)
    if until is None:
        return own_badge(minutes, look)
    words = f"مهلت: {format_jalali(until, 'medium')} ({relative_days(until, look.on)})"
    return [*own_badge(minutes, look), (words, "no" if until < look.on else "neutral")]


def _stepper(minutes: Minutes) -> list[dict[str, Any]]:
    place = [state for state, _ in STEPS].index(MinutesState(minutes.state))
    sealed = minutes.state == MinutesState.SEALED
    notes = {
        MinutesState.CIRCULATED: minutes.circulated_on,
        MinutesState.SIGNING: minutes.signing_from,
        MinutesState.SEALED: minutes.sealed_at,
    }
    return [
        {
            "label": label,
            "state": "done" if number < place or sealed else "current" if number == place else "todo",
            "note": format_jalali(when, "medium") if (when := notes.get(state)) else "",
        }
        for number, (state, label) in enumerate(STEPS)
    ]


def _notes(minutes: Minutes, look: Look) -> Iterator[Note]:
    if minutes.state == MinutesState.DRAFT:
        yield Note("go", [FROM_FACTS], WRITTEN_ITSELF)


def _actions(minutes: Minutes, look: Look) -> list[dict[str, Any]]:
    """Writing and asking first, then the steps of the table; writing is the main one until something is written."""
    actions = [*_writing(minutes, look), *_asking(minutes, look)]
    steps = step_actions(MINUTES, minutes, [option for option in look.options if option.name != "write"])
    if any(action.get("main") for action in actions):
        steps = [{**step, "main": False} for step in steps]
    return actions + steps


def _writing(minutes: Minutes, look: Look) -> Iterator[dict[str, Any]]:
    if minutes.state == MinutesState.DRAFT and _writes(minutes, look):
        is_written = any(item.get("discussion") for item in _content(minutes, look)["items"])
        url = reverse("committee:minutes_write", args=[minutes.meeting_id])
        yield {"label": "نوشتن گفت‌وگوها", "url": url, "confirm": True, "icon": "edit", "main": not is_written}


def _asking(minutes: Minutes, look: Look) -> Iterator[dict[str, Any]]:
    """Asking for an amendment, or wanting none; while the own request waits for its answer only the first."""
    until = _until(minutes, look)
    in_time = minutes.state == MinutesState.CIRCULATED and (until is None or look.on <= until)
    if not in_time or rules.ASK_AMENDMENT.authority(look.me, minutes, look.on) is None:
        return
    url = reverse("committee:amendment_ask", args=[minutes.meeting_id])
    yield {"label": "درخواست اصلاح", "url": url, "confirm": True, "icon": "edit"}
    mine = {row.state for row in _requests(minutes, look) if row.seating.person_id == look.me.pk}
    if not mine & {AmendmentState.NONE, AmendmentState.ASKED}:
        url = reverse("committee:amendment_none", args=[minutes.meeting_id])
        yield {"label": "اصلاحی ندارم", "url": url, "main": not mine, "icon": "tick"}


# --- cards ---------------------------------------------------------------------------------------------------


def _amendments(minutes: Minutes, look: Look) -> dict[str, Any] | None:
    asked = [row for row in _requests(minutes, look) if row.state != AmendmentState.NONE]
    can_answer = minutes.state == MinutesState.CIRCULATED and _writes(minutes, look)
    found = {"minutes": minutes, "amendments": amendment_rows(asked), "can_answer": can_answer}
    return found if asked else None


def paper(minutes: Minutes, content: dict[str, Any]) -> dict[str, Any]:
    """What the template of the paper draws."""
    return {
        "content": content,
        "signatures": signature_grid(minutes) if minutes.state in SIGNED else (),
        "is_sealed": minutes.state == MinutesState.SEALED,
    }


def _circulation(minutes: Minutes, look: Look) -> dict[str, Any] | None:
    content = [
        row.seating.person.full_name for row in _requests(minutes, look) if row.state == AmendmentState.NONE
    ]
    found = {"minutes": minutes, "until": _until(minutes, look), "content_with_it": content}
    return found if minutes.state == MinutesState.CIRCULATED else None


def _events(minutes: Minutes, look: Look) -> list[dict[str, Any]]:
    """What happened to the minutes, out of the meeting's trail."""
    entries = entries_of(minutes.meeting, look.me, look.on)
    return timeline_items(entries.filter(event__startswith="minutes.")[:50])


MINUTES_PAGE = RecordPage(
    table=MINUTES,
    name="committee:minutes_detail",
    visible=visible,
    crumbs=crumbs_of,
    badges=_badges,
    path_of=_stepper,
    path_label="مسیر صورتجلسه",
    notes=_notes,
    actions=_actions,
    main=(
        Part("درخواست‌های اصلاح", "committee/minutes/amendments.html", _amendments, anchor="amendments"),
        Part(
            "متن صورتجلسه",
            "committee/minutes/paper.html",
            lambda row, look: paper(row, _content(row, look)),
            bare=True,
        ),
    ),
    side=(
        Part("گردش", "committee/minutes/circulation.html", _circulation),
        Part(
            "متن ثابت‌شده",
            "committee/minutes/fingerprint.html",
            lambda row, look: {} if row.content_hash else None,
        ),
    ),
    letters=lambda row: [row.letter] if row.letter else [],
    letters_title="صورتجلسه نهایی",
    holders=lambda row, look: [],
    events=_events,
    styles="css/outcomes.css",
)
