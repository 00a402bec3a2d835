"""Runs in a child with the owner's database address: migrations, the letters' signing key, static files.

One process for the three, so that a second start takes seconds. ``python -m staff_portal.supervisor.prepare``;
with ``--fitness``, as the application's role, it only asks whether the site may start with this database.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import django


def static_digest(folders: list[Path], pins: Path) -> str:
    """What the collected static files depend on: our assets and the pinned packages."""
    digest = hashlib.sha256(pins.read_bytes() if pins.exists() else b"")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                facts = path.stat()
                digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """``collectstatic``, skipped when nothing has changed since it last succeeded."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(root.name + ".stamp")
    digest = static_digest(
        [Path(path) for path in settings.STATICFILES_DIRS], settings.BASE_DIR / "requirements.txt"
    )
    if stamp.exists() and stamp.read_text() == digest and root.is_dir():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=root.is_dir(), verbosity=0)
    stamp.write_text(digest)


def bring_up_to_date() -> None:
    """Migrations, key, static files."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from staff_portal.kernel.base.signing import SigningKey
    from staff_portal.kernel.workflow import work

    is_behind = bool(_pending())
    call_command("migrate", interactive=False, verbosity=0)
    if is_behind:  # a row that is new waits on records that were there before it
        work.rebuild(at=timezone.now())
    SigningKey.load(settings.SIGNING_KEY_FILE, create=True)
    collect_static()


def _pending() -> list[object]:
    """The migrations that the database has not seen."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def judge_fitness() -> None:
    """End the process with one line when the site must not start: active demo users in production, say."""
    from staff_portal.kernel.checks import refuse_unfit_start

    refuse_unfit_start()


if __name__ == "__main__":
    django.setup()
    (judge_fitness if "--fitness" in sys.argv[1:] else bring_up_to_date)()
