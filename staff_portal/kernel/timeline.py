"""The audit trail as people read it: one sentence for each entry, in the words the event declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from string import Formatter
from typing import Any

from django.db import models

from staff_portal.kernel import audit, events
from staff_portal.kernel.access import SYSTEM_LABEL, SYSTEM_ROLE
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian import jalali
from staff_portal.kernel.persian.digits import latin_isolated, to_persian_digits
from staff_portal.kernel.roles import Role


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


class _Words(dict[str, str]):
    """Placeholders that nobody fills are left out, so that one odd sentence never costs a page."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence_of(entry: AuditEntry) -> TimelineLine:
    """The line of one entry; an event that no app declares any more is named by its code.

    Reads ``entry.on_behalf_of``: give entries with ``select_related("on_behalf_of")``.
    """
    event = events.EVENTS.get(entry.event)
    template = event.sentence if event else "رویدادی با کد «{event}» درباره {subject} ثبت کرد"
    words = _Words(
        subject=latin_isolated(entry.subject_label),
        note=entry.note,
        actor=entry.actor_label,
        event=entry.event,
    )
    sentence = Formatter().vformat(template, (), words).strip().rstrip(":").rstrip()
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
    return {
        "actor": line.actor,
        "text": line.sentence if times == 1 else f"{line.sentence} ({to_persian_digits(times)} بار)",
        "tone": line.tone,
        "note": line.note,
        "role": "، ".join(part for part in (role, line.on_behalf_of) if part),
        "at": jalali.format_jalali(line.at, "moment"),
    }


def entries_of(root: models.Model, *, limit: int = 50) -> models.QuerySet[AuditEntry]:
    """The newest entries of a file, in one query; who may see the file is the caller's question."""
    return AuditEntry.objects.filter(root_type=audit.type_label(root), root_id=root.pk).select_related(
        "on_behalf_of"
    )[:limit]
