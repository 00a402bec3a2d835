"""``write_docs``: the documents that are drawn from the code; ``--check`` only compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff_portal import documentation


class Command(BaseCommand):
    help = "Write docs/workflows.md, docs/access.md and docs/licenses from the code."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether they are up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            wrong = documentation.outdated()
            if wrong:
                raise CommandError(f"not up to date: {', '.join(wrong)}; run manage.py write_docs")
            self.stdout.write("documents are up to date")
            return
        for name in documentation.write():
            self.stdout.write(name)
