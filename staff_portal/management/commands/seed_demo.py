"""``seed_demo``: demo data through the operations; refuses to touch an installation that is in use."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from staff_portal.demo.seed import SIZES, seed_demo
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import JalaliError, parse_jalali


class Command(BaseCommand):
    help = "Fill an empty installation with invented data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", default="small", help="small, full or a number of NGOs")
        parser.add_argument("--date", default="", help="the day the demo is told from (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("demo data is refused in production")
        if User.objects.exists():
            raise CommandError("this installation already has users; demo data goes into an empty one only")
        size = SIZES.get(options["size"]) or self._number(options["size"])
        try:
            on = parse_jalali(options["date"]) if options["date"] else local_date(timezone.now())
        except JalaliError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            made = seed_demo(size=size, on=on)
        self.stdout.write(f"demo: {made['users']} users, {made['ngos']} NGOs, {made['members']} members")

    @staticmethod
    def _number(text: str) -> int:
        if not text.isdigit() or int(text) < 1:
            raise CommandError("--size is small, full or a number above 0")
        return int(text)
