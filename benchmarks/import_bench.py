"""Importing 10,000 rows: seconds, peak memory, and how often progress was told (page 7: 60 s, 300 MB, each second).

    python -m benchmarks.import_bench [ROWS] [STORED]

Runs on the database of ``DATABASE_URL``, which should be an empty, migrated copy: what it writes stays there.
``STORED`` NGOs are put into the registry first, so that names are compared with as many.
"""

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

MOST_SECONDS, MOST_MEGABYTES, MOST_PAUSE = 60.0, 300.0, 1.0


def main(count: int, stored: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff_portal.settings")
    import django

    django.setup()
    from ngos.operations.importing import check_register, import_register
    from ngos.register_file import read_register
    from tests.ngos.importing.support import AT, ON, make_user, register, rows, sheet

    actor = make_user(f"bench-{datetime.now(UTC):%H%M%S}")
    if stored:
        import_register(sheet(rows(stored)), actor=actor, at=AT, on=ON)
    folder = Path(tempfile.mkdtemp(prefix="import-bench-"))
    path = folder / "register.xlsx"
    path.write_bytes(register(rows(count, start=stored)))
    print(f"{count:,} rows, {path.stat().st_size / 1e6:.1f} MB, {stored:,} NGOs stored before")

    # The peak so far belongs to what made the file; a child measures the import alone.
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    django.db.connections.close_all()
    good = True
    for title, work in (
        ("check", lambda rows, told: check_register(rows, on=ON, progress=told)),
        ("import", lambda rows, told: import_register(rows, actor=actor, at=AT, on=ON, progress=told)),
        ("import again", lambda rows, told: import_register(rows, actor=actor, at=AT, on=ON, progress=told)),
    ):
        good = _measure(title, lambda told, work=work: work(read_register(path), told)) and good
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MB (at most {MOST_MEGABYTES:.0f})")
    return 0 if good and peak < MOST_MEGABYTES else 1


def _measure(title, work) -> bool:
    moments = [time.perf_counter()]
    report = work(lambda done, total, message: moments.append(time.perf_counter()))
    seconds = time.perf_counter() - moments[0]
    pauses = [after - before for before, after in pairwise(moments[1:])]
    print(
        f"{title}: {seconds:.1f} s (at most {MOST_SECONDS:.0f}), {len(moments) - 1} tellings, longest pause"
        f" {max(pauses, default=0):.2f} s (at most {MOST_PAUSE:.0f}), first after {moments[1] - moments[0]:.1f} s;"
        f" created {report.created}, unchanged {report.unchanged}, rejected {len(report.rejected)},"
        f" warned {len(report.warned)}"
    )
    return seconds < MOST_SECONDS and max(pauses, default=0) < MOST_PAUSE


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(numbers + [10_000, 0][len(numbers) :])))
