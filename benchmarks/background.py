"""What the worker does: notices relayed, entries sealed, and the chain checked again."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from benchmarks.table import Table

NOTICES = 10_000
LINKS = 100_000
MILLION = 1_000_000
VERIFY_SECONDS = 30.0


def relay(table: Table, at: datetime) -> None:
    """10,000 messages of one step, addressed as that step addressed them, through the relay's operation."""
    from django.db import transaction
    from django.db.models import Count

    from ngos.models import Ngo
    from staff_portal.kernel.delivery.outbox import relay_outbox
    from staff_portal.kernel.models import Notification, OutboxMessage
    from staff_portal.kernel.trail import audit, events

    while relay_outbox(at=at, limit=1000):
        pass
    told = OutboxMessage.objects.filter(entry__notifications__isnull=False, entry__subject_type="ngos.ngo")
    code = told.values_list("entry__event").annotate(times=Count("pk")).order_by("-times")[0][0]
    messages = list(told.filter(entry__event=code).select_related("entry").distinct())
    subjects = Ngo.objects.in_bulk([message.entry.subject_id for message in messages])
    drafts = []
    for number in range(NOTICES):
        message = messages[number % len(messages)]
        draft = audit.EntryDraft(events.EVENTS[code], subjects[message.entry.subject_id])
        draft.told = message.told
        drafts.append(draft)
    with transaction.atomic():
        audit.record_many(drafts, actor=None, at=at)
    before = Notification.objects.count()
    began = time.perf_counter()
    done = 0
    while relayed := relay_outbox(at=at, limit=1000):
        done += relayed
    seconds = time.perf_counter() - began
    arrived = Notification.objects.count() - before
    again = relay_outbox(at=at) + OutboxMessage.objects.filter(relayed_at__isnull=True).count()
    table.title("Background work")
    table.add(
        f"{NOTICES:,} messages relayed ({code})",
        f"{seconds:.1f} s, {done / seconds:,.0f}/s, {arrived:,} in inboxes",
        "all, none left",
        done == NOTICES and arrived >= NOTICES and again == 0,
    )


def ledger(table: Table, at: datetime, owner: object) -> None:
    """Entries by INSERT … SELECT, sealed by the sealer, then the whole chain checked."""
    from staff_portal.kernel.trail import ledger as chain
    from staff_portal.kernel.trail.sealing import seal_entries

    while seal_entries(at=at):
        pass
    with owner.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "INSERT INTO kernel_auditentry (at, event, actor_label, role, subject_type, subject_id, subject_label,"
            " root_type, root_id, before, after, note)"
            " SELECT %s::timestamptz + n * interval '1 second', 'ngo.updated', 'سامانه', '', 'ngos.ngo', n, 'انجمن ' || n,"
            " 'ngos.ngo', n, jsonb_build_object('phone', '02122' || n), jsonb_build_object('phone', '02133' || n), ''"
            " FROM generate_series(1, %s) n",
            [at - timedelta(days=30), LINKS],
        )
        cursor.execute("ANALYZE kernel_auditentry")
    began = time.perf_counter()
    sealed = 0
    while done := seal_entries(at=at):
        sealed += done
    seconds = time.perf_counter() - began
    table.add(
        f"{sealed:,} entries sealed", f"{seconds:.1f} s, {sealed / seconds:,.0f}/s", "all", sealed == LINKS
    )
    began = time.perf_counter()
    reports = chain.verify_all()
    seconds = time.perf_counter() - began
    length = sum(report.length for report in reports.values())
    million = seconds * MILLION / length
    table.add(
        f"verify_ledger, {length:,} links",
        f"{seconds:.1f} s; a million would take {million:.0f} s",
        f"{VERIFY_SECONDS:.0f} s for a million (reckoned)",
        all(report.ok for report in reports.values()) and million < VERIFY_SECONDS,
    )
