"""``import_ngos``: take in an office's register, by the same operation as the page (page 7)."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ngos.operations.import_jobs import record_import
from ngos.operations.importing import Report, check_register, import_register, rows_named
from ngos.register_file import RegisterFileError, RegisterSheet, read_register
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.jalali import JalaliError, parse_jalali


class Command(BaseCommand):
    help = (
        "Import NGOs from a register (.xlsx or .csv). Exit codes: 0 done, whatever the report rejects; "
        "1 nothing imported (file, day or person unusable)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--sheet", help="title of the sheet; default the first with the headings")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument(
            "--on", help="day by which dates are judged, Jalali (1405/09/03) or 2026-11-24; default today"
        )
        parser.add_argument(
            "--actor", help="the HQ expert who imports; may be left out where there is one only"
        )
        parser.add_argument(
            "--report", type=Path, metavar="OUT.json", help="write the report there; - prints it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        on = self._day(options["on"]) or access.local_date(at)
        path = Path(options["file"])
        target = Path(options["report"]) if options["report"] else None
        self._check_target(target)
        try:
            if options["dry_run"]:
                report = check_register(
                    read_register(path, sheet=options["sheet"]), on=on, progress=self._progress
                )
            else:
                actor = self._actor(options["actor"], access.local_date(at))
                sheet = read_register(path, sheet=options["sheet"])
                report = import_register(sheet, actor=actor, at=at, on=on, progress=self._progress)
                self._note(path, sheet, on, report, actor, at)
        except RegisterFileError as error:
            raise CommandError(error.sentence) from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self._hand_out(report, target)
        self._say(report, dry_run=options["dry_run"])

    def _note(self, path: Path, sheet: RegisterSheet, on: date, report: Report, actor: User, at: Any) -> None:
        with path.open("rb") as stream:
            record_import(File(stream, name=path.name), sheet=sheet, on=on, report=report, actor=actor, at=at)

    @staticmethod
    def _day(text: str | None) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text) if text[:2] in {"19", "20"} else parse_jalali(text)
        except JalaliError as error:
            raise CommandError(f"--on {text}: {error.sentence}") from error
        except ValueError as error:
            raise CommandError(f"--on {text}: not a day; write 1405/09/03 or 2026-11-24") from error

    @staticmethod
    def _actor(username: str | None, on: date) -> User:
        if username:
            user = User.objects.filter(username__iexact=username).first()
            if user is None:
                raise CommandError(f"no user {username}")
            return user
        experts = access.holders(Role.HQ_EXPERT, on)
        if len(experts) != 1:
            many = "no HQ expert" if not experts else f"{len(experts)} HQ experts"
            raise CommandError(f"{many}: say with --actor USER who imports")
        return User.objects.get(pk=experts[0])

    @staticmethod
    def _check_target(target: Path | None) -> None:
        """An unwritable target must be known before the import, not after it."""
        if (
            target is not None
            and str(target) != "-"
            and (target.is_dir() or not target.absolute().parent.is_dir())
        ):
            raise CommandError(f"--report {target}: no such folder, or a folder itself")

    def _hand_out(self, report: Report, target: Path | None) -> None:
        if target is None:
            return
        text = json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n"
        if str(target) == "-":
            self.stdout.write(text)
            return
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"--report {target}: {error.strerror}") from error

    def _progress(self, done: int, total: int, message: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{message} {done}/{total}", ending="" if done < total else "\n")

    def _say(self, report: Report, *, dry_run: bool) -> None:
        counts = ", ".join(
            (
                f"created {report.created}",
                f"updated {report.updated}",
                f"unchanged {report.unchanged}",
                f"duplicates {len(rows_named(report.duplicates))}",
                f"rejected {len(rows_named(report.rejected))}",
                f"warned {len(rows_named(report.warned))}",
            )
        )
        print(f"{'would be: ' if dry_run else ''}{counts}", file=self.stdout)
