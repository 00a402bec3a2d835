"""``rebuild_work``: compare the work items with the records; ``--check`` only says what differs (exit 1)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.workflow import work


class Command(BaseCommand):
    help = "کارهای در انتظار را از روی پرونده‌ها دوباره می‌سازد و تفاوت‌ها را نام می‌برد."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="تنها بگوید و چیزی را تغییر ندهد")

    def handle(self, *args: Any, **options: Any) -> None:
        found = work.rebuild(at=timezone.now(), mend=not options["check"])
        counts = (found.opened, found.closed, found.changed)
        words = "، ".join(
            f"{format_thousands(count)} {name}"
            for count, name in zip(counts, ("بازنشده", "بسته‌نشده", "نادرست"), strict=True)
        )
        if options["check"] and found.total:
            raise CommandError(f"{words}: {' '.join(found.records[:50])}")
        self.stdout.write(words if found.total else "کارهای در انتظار با پرونده‌ها یکی است.")
