"""A letter as a card on the page of its file: number, date, subject, how it stands (K3)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse

from staff_portal.kernel.models import Letter, LetterEvent, LetterEventKind
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali


def event_kinds(letter: str) -> ArraySubquery:
    """What has happened to the letter that a row names in the column ``letter``, for ``annotate(_letter_events=…)``."""
    return ArraySubquery(LetterEvent.objects.filter(letter=OuterRef(letter)).values("kind"))


def letter_card(letter: Letter, on: date, kinds: Iterable[str] | None = None) -> dict[str, Any]:
    """The card of a letter as it stands on a day.

    ``kinds`` says what has happened to it; without it one query for its events where they are not prefetched.
    """
    kinds = {event.kind for event in letter.events.all()} if kinds is None else set(kinds)
    if LetterEventKind.REVOKED in kinds:
        status, tone = "باطل‌شده", "no"
    elif LetterEventKind.REPLACED in kinds:
        status, tone = "جایگزین‌شده", "neutral"
    elif letter.valid_until is not None and letter.valid_until < on:
        status, tone = "اعتبار گذشته", "wait"
    else:
        status, tone = "معتبر", "ok"
    return {
        "number": letter.number.text,
        "date": format_jalali(letter.dated_on, "medium"),
        "subject": to_persian_text(letter.subject),
        "addressee": letter.addressee,
        "url": reverse("letter_detail", args=[letter.pk]),
        "pdf_url": reverse("letter_pdf", args=[letter.pk]),
        "status": status,
        "tone": tone,
    }
