"""``python -m benchmarks [SIZE]``: pages on a database of its own with SIZE demo NGOs (default 120).

Every page is asked for forty times through Django's own client; figures are server time, ratios are against the
same client asking for a page that does nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from tests.support import plugin
from tests.support.servers import ROOT

REPEATS = 40
PAGES = (
    ("home", "/", 20),
    ("registry", "/ngos/", 12),
    ("registry, Persian search", "/ngos/?q=سمن", 12),
    ("registry, filtered", "/ngos/?state=member&district=6", 12),
)
P95_BOUND_MS = 150


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    call()
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def measure() -> bool:
    """Print the table; whether every bound held."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from staff_portal.kernel.models import User

    client = Client()
    client.force_login(
        User.objects.get(username="hq.expert"), backend="django.contrib.auth.backends.ModelBackend"
    )
    bare, _ = timed(lambda: client.get("/healthz"))
    print(f"{'page':<28}{'median':>9}{'p95':>9}{'bound':>7}{'queries':>9}{'bound':>7}{'× bare':>8}")
    held = True
    for name, address, most_queries in PAGES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            status = client.get(address).status_code
        asked = len(queries)  # now: the next request empties the log
        median, p95 = timed(lambda address=address: client.get(address))  # type: ignore[misc]
        good = status == 200 and p95 < P95_BOUND_MS and asked <= most_queries
        held = held and good
        print(
            f"{name:<28}{median:>7.1f}ms{p95:>7.1f}ms{P95_BOUND_MS:>7}{asked:>9}{most_queries:>7}"
            f"{median / bare:>8.1f}{'' if good else '   OVER' if status == 200 else f'   status {status}'}"
        )
    return held


def main(size: str) -> int:
    servers = plugin.at_hand()
    name = servers.new_database("committed")
    try:
        os.environ["DATABASE_URL"] = servers.url("portal_app", name)
        subprocess.run([sys.executable, "manage.py", "seed_demo", "--size", size], cwd=ROOT, check=True)
        import django

        django.setup()
        held = measure()
        from django.db import connections

        connections.close_all()
        return 0 if held else 1
    finally:
        servers.drop_database(name)
        plugin.pytest_unconfigure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "120"))
