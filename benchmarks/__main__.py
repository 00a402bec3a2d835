"""``python -m benchmarks [SIZE]``: measured figures beside their bounds, on servers of this run's own.

SIZE is that of the demo data (default small). A hundred thousand NGOs come by COPY, all else through the
operations. PostgreSQL runs with the settings of the site, not with the hasty ones of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from benchmarks.table import Table
from tests.support import plugin, servers
from tests.support.servers import OWNER, ROOT

SEED_SECONDS = {"small": 20.0, "full": 240.0}


def seed(table: Table, size: str) -> None:
    began, worked = time.perf_counter(), os.times().children_user
    subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--size", size],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seconds, worked = time.perf_counter() - began, os.times().children_user - worked
    bound = SEED_SECONDS.get(size)
    table.add(
        f"seed_demo, {size}",
        f"{seconds:.1f} s, of them {worked:.1f} at work in Python",
        f"{bound:.0f} s" if bound else "",
        seconds < bound if bound else None,
    )


def site(table: Table, at_hand: servers.TestServers, size: str) -> None:
    """Everything that is measured beside the demo's data."""
    name = at_hand.new_database("committed")
    os.environ["DATABASE_URL"] = at_hand.url("portal_app", name)
    try:
        table.title("Demo data")
        seed(table, size)
        import django

        django.setup()
        from django.db import connections
        from django.utils import timezone

        from benchmarks import background, fill, pages, steps
        from staff_portal.kernel.people.access import local_date

        at = timezone.now()
        with at_hand.connect(OWNER, name) as owner:
            began = time.perf_counter()
            fill.fill(owner, local_date(at))
            table.add(f"{fill.COUNT:,} NGOs by COPY", f"{time.perf_counter() - began:.0f} s")
            steps.measure(table, at)
            pages.measure(table)
            background.relay(table, at)
            background.ledger(table, at, owner)
        connections.close_all()
    finally:
        at_hand.drop_database(name)


def importing(table: Table, at_hand: servers.TestServers) -> None:
    """The import in a process of its own, whose memory is measured, on an empty database."""
    name = at_hand.new_database("committed")
    try:
        table.title("Import")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.import_bench"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": at_hand.url("portal_app", name)},
            check=False,
        )
        table.add("import of 10,000 rows", "see above", "60 s, 300 MB, 1 s", done.returncode == 0)
    finally:
        at_hand.drop_database(name)


def main(size: str) -> int:
    servers.POSTGRES_SETTINGS.clear()
    os.environ.pop("KEEP_TEST_SERVER", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    table = Table()
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"{os.cpu_count()} cores; load before the start (1, 5, 15 minutes): {busy}")
    try:
        at_hand = plugin.at_hand()
        broker = at_hand.lease_broker()
        os.environ["REDIS_URL"] = at_hand.broker_url(broker)
        site(table, at_hand, size)
        importing(table, at_hand)
    finally:
        plugin.pytest_unconfigure()
    print("\nevery bound held" if table.held else f"\nover their bound: {', '.join(table.over)}")
    return 0 if table.held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "small"))
