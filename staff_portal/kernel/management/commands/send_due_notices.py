"""``send_due_notices``: what is due today and what still waits, without waiting for the worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff_portal.kernel.delivery import notices
from staff_portal.kernel.delivery.outbox import relay_outbox, send_deliveries
from staff_portal.kernel.persian.numbers import format_thousands


class Command(BaseCommand):
    help = "هشدارهای سررسیده را می‌سازد، پیام‌های در صف را پخش می‌کند و رایانامه‌ها و پیامک‌ها را می‌فرستد."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=10_000, help="بیشترین شمار پیام در هر گام")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        made, failed = notices.produce_due(at)
        relayed = relay_outbox(at=at, limit=options["limit"])
        sent = send_deliveries(at=at, limit=options["limit"])
        self.stdout.write(
            f"{format_thousands(made)} هشدار تازه، {format_thousands(relayed)} پیام پخش شد،"
            f" {format_thousands(sent)} رایانامه و پیامک فرستاده شد."
        )
        if failed:
            raise CommandError(f"ساخت این هشدارها ناتمام ماند: {'، '.join(failed)}")
