"""N5: «active» [فعال] is one predicate, used wherever the memorandum says it.

An NGO is active when one of :data:`GROUNDS` holds. Each ground gives the condition for lists and, for single NGOs,
the sentence that says what was found; a further ground is one more entry there and nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from persiantools.jdatetime import JalaliDate

from ngos import settings as ngo_settings
from ngos.enums import DocumentKind, DocumentState
from ngos.models import Ngo, NgoDocument
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali


@dataclass(frozen=True)
class Activity:
    """Whether an NGO is active on a day, and the sentence that says why or why not."""

    is_active: bool
    reason: str


@dataclass(frozen=True)
class Ground:
    """One way of being active.

    ``condition(since, on)`` is the condition on :class:`Ngo`; ``sentences(ngo_ids, since, on)`` says for each NGO
    for which the ground holds what was found. ``lacking`` names what was looked for, after «در ۱۲ ماه گذشته».
    """

    condition: Callable[[date, date], Q]
    sentences: Callable[[list[int], date, date], dict[int, str]]
    lacking: str


def _accepted_reports(since: date, on: date) -> QuerySet[NgoDocument]:
    """Reports of activity accepted between the two days, and valid on the later one."""
    begins = timezone.make_aware(datetime.combine(since, time.min))
    return NgoDocument.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        kind=DocumentKind.ACTIVITY_REPORT,
        state=DocumentState.ACCEPTED,
        decided_at__gte=begins,
        decided_at__lte=clocks.end_of_day(on),
    )


def _has_report(since: date, on: date) -> Q:
    return Q(Exists(_accepted_reports(since, on).filter(ngo=OuterRef("pk"))))


def _report_sentences(ngo_ids: list[int], since: date, on: date) -> dict[int, str]:
    found = _accepted_reports(since, on).filter(ngo__in=ngo_ids).order_by("decided_at")
    return {
        ngo_id: f"گزارش عملکرد آن در {format_jalali(decided_at, 'medium')} پذیرفته شده است."
        for ngo_id, decided_at in found.values_list("ngo_id", "decided_at")
        if decided_at is not None
    }


GROUNDS: tuple[Ground, ...] = (Ground(_has_report, _report_sentences, "گزارش عملکرد پذیرفته‌شده"),)


def active_since(on: date) -> date:
    """The first day that still counts on ``on``: the same Jalali day, so many months earlier."""
    months = int(settings_store.value(ngo_settings.ACTIVE_MONTHS, on))
    start = JalaliDate(on)
    place = start.year * 12 + start.month - 1 - months
    year, month = divmod(place, 12)
    day = min(start.day, JalaliDate.days_in_month(month + 1, year))
    return JalaliDate(year, month + 1, day).to_gregorian()


def active_q(on: date) -> Q:
    """The condition on :class:`Ngo` for those active on a day (N5)."""
    since, condition = active_since(on), Q()
    for ground in GROUNDS:
        condition |= ground.condition(since, on)
    return condition


def activities_of(ngos: Iterable[Ngo], on: date) -> dict[int, Activity]:
    """The activity of several NGOs by key; one query for each ground, however many they are (N5)."""
    since, ids = active_since(on), [ngo.pk for ngo in ngos]
    found: dict[int, str] = {}
    for ground in GROUNDS:
        for ngo_id, sentence in ground.sentences(ids, since, on).items():
            found.setdefault(ngo_id, sentence)
    months = to_persian_digits(settings_store.value(ngo_settings.ACTIVE_MONTHS, on))
    lacking = " یا ".join(ground.lacking for ground in GROUNDS)
    inactive = Activity(False, f"در {months} ماه گذشته {lacking} ندارد.")
    return {pk: Activity(True, found[pk]) if pk in found else inactive for pk in ids}


def activity_of(ngo: Ngo, on: date) -> Activity:
    """Whether the NGO is active on a day, with the sentence (N5)."""
    return activities_of([ngo], on)[ngo.pk]
