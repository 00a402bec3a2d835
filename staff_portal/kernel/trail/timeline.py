"""The audit trail as people read it: one sentence for each entry, in the words the event declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Q

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import SYSTEM_LABEL, SYSTEM_ROLE
from staff_portal.kernel.persian import jalali
from staff_portal.kernel.persian.digits import latin_isolated, to_persian_digits, to_persian_text
from staff_portal.kernel.trail import audit, events
from staff_portal.kernel.trail.words import fill, stored_word

SHOWN = 50
OFFICE = tuple(role for role in Role if role not in {Role.NGO_USER, Role.NGO_MEMBER})
"""Whoever works in an office of either side, the council's or the administration's."""


@dataclass(frozen=True)
class TimelineLine:
    """One entry: «{actor} {sentence}». ``on_behalf_of`` is «از طرف …» or empty; ``note`` is what the sentence
    does not already say."""

    actor: str
    sentence: str
    tone: str
    at: datetime
    role: str = ""
    on_behalf_of: str = ""
    note: str = ""


def sentence_of(entry: AuditEntry) -> TimelineLine:
    """The line of one entry; an event that no app declares any more is named by its code.

    Reads ``entry.on_behalf_of``: give entries with ``select_related("on_behalf_of")``.
    """
    event = events.EVENTS.get(entry.event)
    template = event.sentence if event else "رویدادی با کد «{event}» درباره {subject} ثبت کرد"
    words = {
        **{name: stored_word(value) for name, value in entry.after.items()},
        "subject": latin_isolated(entry.subject_label),
        "note": entry.note,
        "actor": entry.actor_label,
        "event": entry.event,
    }
    sentence = fill(template, words)
    return TimelineLine(
        actor=entry.actor_label,
        sentence=sentence,
        tone=event.tone if event else "neutral",
        at=entry.at,
        role=role_label(entry.role),
        on_behalf_of=f"از طرف {entry.on_behalf_of.full_name}" if entry.on_behalf_of else "",
        note="" if "{note}" in template else entry.note,
    )


def role_label(role: str) -> str:
    """The Persian label of a role code as the audit keeps it."""
    if role == SYSTEM_ROLE:
        return SYSTEM_LABEL
    return str(Role(role).label) if role in Role.values else ""


def timeline_items(entries: Iterable[AuditEntry], *, fold: bool = True) -> list[dict[str, Any]]:
    """Lines for the kit's ``{% timeline %}``, newest first as the entries are given.

    With ``fold`` one person's same sentence, said again with nothing of another kind in between, is one line with
    the newest moment and how often; without it every entry has its line.
    """
    lines = [(entry.event, sentence_of(entry)) for entry in entries]
    if not fold:
        return [_item(line, 1) for _, line in lines]
    items: list[dict[str, Any]] = []
    for _, run in groupby(lines, key=itemgetter(0)):
        same: dict[tuple[str, ...], list[TimelineLine]] = {}
        for _, line in run:
            key = (line.actor, line.role, line.on_behalf_of, line.sentence, line.note)
            same.setdefault(key, []).append(line)
        items += [_item(found[0], len(found)) for found in same.values()]
    return items


def _item(line: TimelineLine, times: int) -> dict[str, Any]:
    role = "" if line.role == line.actor else line.role
    text = to_persian_text(line.sentence)
    return {
        "actor": line.actor,
        "text": text if times == 1 else f"{text} ({to_persian_digits(times)} بار)",
        "tone": line.tone,
        "note": to_persian_text(line.note),
        "role": "، ".join(part for part in (role, line.on_behalf_of) if part),
        "at": jalali.format_jalali(line.at, "moment"),
    }


def readable(entries: models.QuerySet[AuditEntry], reader: User, on: date) -> models.QuerySet[AuditEntry]:
    """Which of these entries the person reads: the one rule for every trail, whatever page it stands on.

    The auditor reads all. A refused attempt is read by the auditor and by the person who tried; the people of an
    NGO do not read what is the office's own (``Event.office``). Who may see the file is the caller's question, and
    a caller may narrow further, never widen.
    """
    rows = entries.select_related("on_behalf_of")
    if access.has_role(reader, on, Role.AUDITOR):
        return rows
    rows = rows.exclude(~Q(actor=reader) | Q(actor__isnull=True), event=events.REFUSED.code)
    if access.has_role(reader, on, *OFFICE):
        return rows
    return rows.exclude(event__in=[event.code for event in events.EVENTS.values() if event.office])


def entries_of(root: models.Model, reader: User, on: date) -> models.QuerySet[AuditEntry]:
    """What the person reads of a file's trail, newest first; an entry that only repeats another is left out."""
    mine = AuditEntry.objects.filter(root_type=audit.type_label(root), root_id=root.pk)
    quiet = [event.code for event in events.EVENTS.values() if event.quiet]
    return readable(mine.exclude(event__in=quiet), reader, on)


def trail(root: models.Model, reader: User, on: date, *, limit: int = SHOWN) -> list[dict[str, Any]]:
    """The newest lines of a file's trail that the person reads, for the kit's ``{% timeline %}``. One query."""
    return timeline_items(entries_of(root, reader, on)[:limit])
