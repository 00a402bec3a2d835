"""Everything on one machine by one command: ``python -m staff_portal.embedded run``.

Subcommands: ``run`` (all of it until Ctrl+C or TERM), ``manage …`` (manage.py against the embedded servers),
``backup FILE`` and ``restore FILE [--force]``. ``DATA_DIR``, ``PORT``, ``HOST``, ``DEMO``, ``DATABASE_URL``,
``DATABASE_OWNER_URL`` and ``REDIS_URL`` come from the environment; see ``staff_portal/supervisor``.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from staff_portal import environment
from staff_portal.supervisor.backup import backup, restore
from staff_portal.supervisor.data_directory import DataDirectory, Trouble
from staff_portal.supervisor.manage import manage
from staff_portal.supervisor.run import run


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m staff_portal.embedded")
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything and keep it running")
    of_manage = commands.add_parser("manage", help="manage.py against the embedded servers")
    of_manage.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("backup", help="database, media and keys into one file").add_argument(
        "file", type=Path
    )
    of_restore = commands.add_parser("restore", help="put a backup in place")
    of_restore.add_argument("file", type=Path)
    of_restore.add_argument("--force", action="store_true", help="also over existing data")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; trouble is one line on standard error."""
    options = parser().parse_args(arguments)
    os.umask(0o077)
    environ = {key: value for key, value in os.environ.items() if value or not key.endswith("_URL")}
    data = DataDirectory(Path(environ.get("DATA_DIR") or environment.BASE_DIR / ".data").resolve())
    try:
        if options.command == "run":
            return run(data, environ)
        if options.command == "manage":
            return manage(data, environ, options.arguments)
        if options.command == "backup":
            return backup(data, environ, options.file.resolve())
        return restore(data, environ, options.file.resolve(), force=options.force)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
