"""What waits in a file of the registry, and from which day to which (N2).

Read from the file alone, without a clock: an accepted document lapses, a licence or a term begins and ends, so that a
wait is said once for each stretch of time in which it holds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from ngos import settings as ngo_settings
from ngos.enums import BOARD_POSTS, REQUIRED_DOCUMENTS, DocumentState
from ngos.models import Ngo, Officer, RegisterImport
from staff_portal.kernel.base.periods import covers
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.persian.digits import latin_isolated
from staff_portal.kernel.persian.identifiers import is_valid_national_id
from staff_portal.kernel.workflow.rows import Turn

ONE_DAY = timedelta(days=1)
AT_MANAGER = "چیزی از شرایط عضویت کم نیست و پرونده نزد رئیس ستاد سمن‌هاست؛ اگر ایرادی می‌بینید بازگردانید"
WITH_YOU = "بررسی این درخواست با شماست"
NOTHING_SAID = "توضیح بررس را بخوانید"


def documents_page(ngo: Ngo) -> str:
    """The page of the NGO's documents."""
    return reverse("ngos:ngo_documents", args=[ngo.pk])


def has_people(ngo: Ngo) -> bool:
    """Whether anybody was ever named to act for the NGO: a file from a register asks nothing of nobody."""
    return bool(ngo.accounts.all())


def gathered(rows: QuerySet[Ngo]) -> QuerySet[Ngo]:
    """The files with their parts, and with the register from which a draft was read (D6)."""
    read_by = RegisterImport.objects.filter(
        Q(import_job__finished_at__isnull=True) | Q(import_job__finished_at__gte=OuterRef("state_since")),
        import_job__owner=OuterRef("registered_by"),
        import_job__created_at__lte=OuterRef("state_since"),
    )
    named = rows.annotate(register=Subquery(read_by.order_by("id").values("attachment__name")[:1]))
    return named.prefetch_related("documents", "accounts")


# --- a draft ----------------------------------------------------------------------------------------------------


def draft_words(ngo: Ngo) -> str:
    """Where a draft comes from: typed in by hand, or one of many read from a register."""
    register = _register(ngo)
    return f"از فهرست «{register}»" if register else "پیش‌نویسی که خود ثبت کرده‌اید"


def draft_batch(ngo: Ngo) -> str:
    """What many of the same are called together."""
    register = _register(ngo)
    return f"پیش‌نویس از فهرست «{register}»" if register else "پیش‌نویس که خود ثبت کرده‌اید"


def _register(ngo: Ngo) -> str:
    name = getattr(ngo, "register", None)
    return latin_isolated(PurePath(name).stem) if name else ""


# --- a file sent back -----------------------------------------------------------------------------------------


def missing_words(ngo: Ngo) -> str:
    """What the reviewer found missing."""
    return "، ".join(ngo.missing_items) or NOTHING_SAID


# --- documents --------------------------------------------------------------------------------------------------


def documents_to_review(ngo: Ngo) -> Iterator[Turn]:
    """One turn for each uploader, who does not decide about own documents (N2)."""
    pending = Counter(row.uploaded_by_id for row in ngo.documents.all() if row.state == DocumentState.PENDING)
    for uploader, many in sorted(pending.items(), key=lambda item: item[0] or 0):
        yield Turn(
            key=str(uploader or 0),
            detail=f"{many} مدرک در انتظار بررسی",
            but=(uploader,) if uploader else (),
        )


def documents_owed(ngo: Ngo) -> Iterator[Turn]:
    """The stretches of time in which not all required documents are accepted and valid (N2)."""
    until = _accepted_until(ngo)
    for number, (first, last) in enumerate(_stretches(day + ONE_DAY for day in until.values() if day)):
        lacking = len(REQUIRED_DOCUMENTS) - _valid_kinds(until, _within(first, last))
        if lacking:
            yield Turn(
                key=str(number), detail=f"{lacking} مدرک هنوز پذیرفته نشده است", opens=first, ends=last
            )


def documents_late(ngo: Ngo) -> Iterator[Turn]:
    """The stretches after the day on which the documents of an existing member were due (X7)."""
    if ngo.documents_due_on is None:
        return
    late = ngo.documents_due_on + ONE_DAY
    for turn in documents_owed(ngo):
        if turn.ends is None or turn.ends >= late:
            yield replace(turn, opens=max(turn.opens or late, late))


def _accepted_until(ngo: Ngo) -> dict[str, date | None]:
    """For each required kind that was accepted the last day on which it is valid; None has no end."""
    found: dict[str, date | None] = {}
    for row in ngo.documents.all():
        if row.state != DocumentState.ACCEPTED or row.kind not in REQUIRED_DOCUMENTS:
            continue
        other = found.get(row.kind, date.min)
        found[row.kind] = None if other is None or row.valid_until is None else max(other, row.valid_until)
    return found


def _valid_kinds(until: dict[str, date | None], day: date) -> int:
    return sum(last is None or last >= day for last in until.values())


# --- a complete review --------------------------------------------------------------------------------------


def ready_for_approval(ngo: Ngo) -> Iterator[Turn]:
    """The stretches of time in which nothing of N2 stands against the approval."""
    for number, first, last, is_ready in _readiness(ngo):
        if is_ready:
            yield Turn(key=str(number), opens=first, ends=last)


def review_turns(ngo: Ngo) -> Iterator[Turn]:
    """What the reviewer is told: that the file is complete and stands with the manager, or that the review goes on."""
    merged: list[tuple[date | None, date | None, bool]] = []
    for _, first, last, is_ready in _readiness(ngo):
        if merged and merged[-1][2] == is_ready:
            merged[-1] = (merged[-1][0], last, is_ready)
        else:
            merged.append((first, last, is_ready))
    for number, (first, last, is_ready) in enumerate(merged):
        yield Turn(key=str(number), detail=AT_MANAGER if is_ready else WITH_YOU, opens=first, ends=last)


def _readiness(ngo: Ngo) -> Iterator[tuple[int, date | None, date | None, bool]]:
    """Every stretch of time, and whether the file is complete in it."""
    until = _accepted_until(ngo)
    known = ngo.reviewer_id is not None and is_valid_national_id(ngo.national_id)
    if not known or len(until) < len(REQUIRED_DOCUMENTS):
        yield 0, None, None, False
        return
    wanted = settings_store.values_by_day(ngo_settings.BOARD_MEMBERS)
    changes = {day + ONE_DAY for day in until.values() if day} | set(wanted)
    for licence in ngo.licences.all():
        changes |= {licence.valid_from or date.min, licence.valid_until + ONE_DAY}
    for officer in _board(ngo):
        changes |= {officer.term.lower or date.min, officer.term.upper or date.min}
    for number, (first, last) in enumerate(_stretches(changes - {date.min})):
        day = _within(first, last)
        board = sum(covers(officer.term, day) for officer in _board(ngo))
        is_ready = (
            _is_licensed(ngo, day)
            and _valid_kinds(until, day) == len(REQUIRED_DOCUMENTS)
            and board >= _wanted_board(wanted, day)
        )
        yield number, first, last, is_ready


def _board(ngo: Ngo) -> list[Officer]:
    return [row for row in ngo.officers.all() if row.post in BOARD_POSTS and not row.term.isempty]


def _is_licensed(ngo: Ngo, day: date) -> bool:
    return any(
        row.valid_until >= day and (row.valid_from is None or row.valid_from <= day)
        for row in ngo.licences.all()
    )


def _wanted_board(set_on: dict[date, Any], day: date) -> int:
    before = [value for since, value in set_on.items() if since <= day]
    return int(before[-1] if before else ngo_settings.BOARD_MEMBERS.default)


# --- stretches of time ------------------------------------------------------------------------------------------


def _stretches(changes: Iterable[date]) -> list[tuple[date | None, date | None]]:
    """First and last day of each stretch between days on which something changes; None has no end."""
    starts = sorted(set(changes))
    return list(zip([None, *starts], [*(day - ONE_DAY for day in starts), None], strict=True))


def _within(first: date | None, last: date | None) -> date:
    """A day of the stretch: all its days are alike."""
    return first or last or date.min
