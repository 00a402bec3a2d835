"""``create_user``: make an account from the command line, by the same operation as the page."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.models import District, Unit
from staff_portal.kernel.operations import users

PASSWORD_VARIABLE = "NEW_USER_PASSWORD"  # noqa: S105 - the name of a variable, not a password


class Command(BaseCommand):
    help = "Make an account. Without --ask-password or NEW_USER_PASSWORD a random password is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--side", required=True, choices=Side.values)
        parser.add_argument("--honorific", default="")
        parser.add_argument("--post", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--mobile", default="")
        parser.add_argument("--district", type=int, help="number of the person's district")
        parser.add_argument("--unit", type=int, help="id of the person's unit")
        parser.add_argument(
            "--ask-password", action="store_true", help="ask for the password at the terminal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password, is_made = self._password(options["ask_password"])
        try:
            user = users.create_user(
                actor=None,
                at=timezone.now(),
                username=options["username"],
                first_name=options["first_name"],
                last_name=options["last_name"],
                side=options["side"],
                honorific=options["honorific"],
                post=options["post"],
                email=options["email"],
                mobile=options["mobile"],
                district=self._found(District, options["district"], "district"),
                unit=self._found(Unit, options["unit"], "unit"),
                password=password,
            )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"user {user.username} created (id {user.pk})")
        if is_made:
            self.stdout.write(f"password, shown only now: {password}")

    @staticmethod
    def _password(ask: bool) -> tuple[str, bool]:
        if ask:
            return getpass.getpass("password: "), False
        given = os.environ.get(PASSWORD_VARIABLE, "")
        return (given, False) if given else (users.one_time_password(), True)

    @staticmethod
    def _found(model: Any, pk: int | None, name: str) -> Any:
        if pk is None:
            return None
        row = model.objects.filter(pk=pk).first()
        if row is None:
            raise CommandError(f"no {name} {pk}")
        return row
