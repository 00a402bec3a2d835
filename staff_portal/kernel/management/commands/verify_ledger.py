"""``verify_ledger``: recompute every chain; exit 1 and name the first broken link when one was tampered with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff_portal.kernel.base.signing import KeyUnusable
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.trail import ledger
from staff_portal.kernel.trail import sealing as sealing


class Command(BaseCommand):
    help = "زنجیره رویدادها و دیگر زنجیره‌ها را از نو حساب می‌کند و نخستین حلقه شکسته را نام می‌برد."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against", type=Path, metavar="FILE", help="نقطه بازبینی نگه‌داشته در بیرون از سامانه"
        )
        parser.add_argument(
            "--checkpoint-out",
            type=Path,
            metavar="FILE",
            help="نوشتن نقطه بازبینی تازه برای نگه‌داری در بیرون",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        against = self._read(options["against"]) if options["against"] else None
        reports = ledger.verify_all(against=against)
        for name, report in reports.items():
            self._describe(name, report)
        if not all(report.ok for report in reports.values()):
            raise CommandError(
                "زنجیره دست‌کاری شده است. نخستین ایراد هر زنجیره در بالا آمده است.", returncode=1
            )
        if options["checkpoint_out"]:
            self._write(options["checkpoint_out"])

    def _describe(self, name: str, report: ledger.LedgerReport) -> None:
        problem = report.first_problem
        if problem is None:
            self.stdout.write(
                f"{name}: درست است، {format_thousands(report.length)} حلقه،"
                f" {format_thousands(report.waiting)} رویداد در انتظار ثبت در زنجیره،"
                f" {format_thousands(report.checkpoints)} نقطه بازبینی."
            )
            self.stdout.write(f"{report.length} {report.last_hash}")
            return
        self.stdout.write(f"{name}: نادرست است، {format_thousands(report.problem_count)} ایراد.")
        self.stdout.write(
            f"first broken link: sequence={problem.sequence} entry={problem.entry_id or '-'} code={problem.code}"
        )
        self.stdout.write(to_persian_digits(problem.sentence))

    def _read(self, path: Path) -> ledger.Checkpoint:
        try:
            return ledger.Checkpoint.from_json(path.read_bytes())
        except OSError as error:
            raise CommandError(f"فایل {path} خوانده نشد.") from error
        except ledger.CheckpointUnreadable as error:
            raise CommandError(str(error)) from error

    def _write(self, path: Path) -> None:
        try:
            row = sealing.write_checkpoint(at=timezone.now())
        except KeyUnusable as problem:
            raise CommandError(str(problem)) from problem
        if row is None:
            raise CommandError("زنجیره هنوز حلقه‌ای ندارد و نقطه بازبینی ساخته نشد.")
        try:
            path.write_text(ledger.Checkpoint.of(row).to_json(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"فایل {path} نوشته نشد.") from error
        self.stdout.write(f"نقطه بازبینی حلقه {format_thousands(row.sequence)} در {path} نوشته شد.")
