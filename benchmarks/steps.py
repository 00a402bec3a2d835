"""A step through the one door: permission, lock, columns, audit entry, notice, work item; one client."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from benchmarks.table import Table

STEPS = 500
PER_SECOND = 150.0


def measure(table: Table, at: datetime) -> None:
    """An action item prolonged again and again; then what waits is compared with all records."""
    from committee.enums import ActionState
    from committee.models import ActionItem
    from committee.workflow.resolutions import ACTION
    from staff_portal.kernel.models import User, WorkItem
    from staff_portal.kernel.workflow import work

    table.title("A step")
    secretary = User.objects.get(username="secretary")
    item = ActionItem.objects.filter(state=ActionState.OPEN).earliest("id")
    latest = max(item.due_on, at.date())
    began = time.perf_counter()
    for number in range(1, STEPS + 1):
        ACTION.apply(
            item, "extend", actor=secretary, at=at, note="اندازه‌گیری", due_on=latest + timedelta(days=number)
        )
    rate = STEPS / (time.perf_counter() - began)
    table.add(f"{STEPS} steps through apply", f"{rate:,.0f}/s", f"{PER_SECOND:.0f}/s", rate >= PER_SECOND)
    began = time.perf_counter()
    opened = work.rebuild(at=at).total  # of the records that came by COPY
    table.add(f"{opened:,} work items opened by a rebuild", f"{time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    found = work.rebuild(at=at, mend=False)
    seconds = time.perf_counter() - began
    waiting = WorkItem.objects.filter(closed_at__isnull=True).count()
    table.add(
        f"{waiting:,} work items compared with the records",
        f"{seconds:.0f} s, {found.total} differ",
        "none differs",
        found.total == 0,
    )
