"""``grant_role``: propose a role, and confirm it, from the command line by the same operations as the pages (K6)."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import CONFIRMING_ROLE, Role
from staff_portal.kernel.models import User
from staff_portal.kernel.operations import roles
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.jalali import JalaliError, parse_jalali


class Command(BaseCommand):
    help = (
        "Grant a role. It counts once the side's manager has confirmed it: in the portal, or here by "
        "--confirmed-by. While a side has no manager yet, the role is confirmed by the system."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--scope", type=int, default=0, help="number of the district, or id of the unit")
        parser.add_argument("--from", dest="start_on", help="first day, Jalali (1405/09/03); default today")
        parser.add_argument("--until", dest="last_day", help="last day, Jalali; default open")
        parser.add_argument(
            "--granted-by", help="the administrator who proposes it; default the command line"
        )
        parser.add_argument("--confirmed-by", help="the manager who confirms it")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        on = access.local_date(at)
        user = self._user(options["username"])
        granter = self._user(options["granted_by"]) if options["granted_by"] else None
        confirmer = self._user(options["confirmed_by"]) if options["confirmed_by"] else None
        role = options["role"]
        try:
            with transaction.atomic():
                assignment = roles.grant_role(
                    user,
                    role,
                    scope_id=options["scope"],
                    start_on=self._day(options["start_on"]) or on,
                    last_day=self._day(options["last_day"]),
                    actor=granter,
                    at=at,
                )
                is_first = not access.holders(CONFIRMING_ROLE[role], on)
                if confirmer is not None or is_first:
                    assignment = roles.confirm_role(assignment, actor=confirmer, at=at)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        state = "in force" if assignment.confirmed_at else f"waits for {CONFIRMING_ROLE[role].value}"
        self.stdout.write(f"{role} granted to {user.username}: {state}")

    @staticmethod
    def _user(username: str) -> User:
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"no user {username}")
        return user

    @staticmethod
    def _day(text: str | None) -> date | None:
        if not text:
            return None
        try:
            return parse_jalali(text)
        except JalaliError as error:
            raise CommandError(error.sentence) from error
