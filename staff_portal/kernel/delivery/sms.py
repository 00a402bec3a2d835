"""The way out to telephones. Which provider sends is a setting; without one, messages go to the log."""

import re
from typing import Protocol, cast

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)

# Ten digits in a row may be a national code, eleven a mobile: neither stands in a log in full.
_LONG_NUMBER = re.compile(r"\d{7,}")


class SmsBackend(Protocol):
    """What a provider offers: send one text to one mobile number (``09…``) or raise."""

    def send(self, number: str, text: str) -> None: ...


class ConsoleSms:
    """Writes the message to the log, with long numbers masked."""

    def send(self, number: str, text: str) -> None:
        log.info("sms", number=masked(number), text=_LONG_NUMBER.sub(lambda m: masked(m.group()), text))


def masked(number: str) -> str:
    """First and last digits only: «0912…67»."""
    return f"{number[:4]}…{number[-2:]}" if len(number) > 6 else number


def get_backend() -> SmsBackend:
    """The provider named by ``SMS_BACKEND``."""
    return cast(SmsBackend, import_string(settings.SMS_BACKEND)())
