"""Sending one delivery: an e-mail by Django's mail back end, or an SMS by the provider that is set."""

from contextlib import suppress
from smtplib import SMTPException
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from staff_portal.kernel.delivery import notices, sms
from staff_portal.kernel.models import Channel, Delivery
from staff_portal.kernel.persian.digits import to_persian_digits

SIGNATURE = "ستاد سمن‌ها"
MAIL_TIMEOUT_SECONDS = 10


class ChannelDown(Exception):
    """The mail server or the SMS provider cannot be reached at all; other messages need not be tried now."""


class Post:
    """Keeps one connection to the mail server for a run of deliveries."""

    def __init__(self) -> None:
        self._mail: Any = None
        self._sms: sms.SmsBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, delivery: Delivery) -> None:
        """Send it, or raise what the mail server or the provider answered.

        Raises :class:`ChannelDown` when nothing can be sent this way at present.
        """
        if delivery.channel == Channel.SMS:
            self._provider().send(delivery.address, sms_text(delivery))
            return
        try:
            self._send_mail(delivery)
        except Exception:
            self._hang_up()
            raise

    def _provider(self) -> sms.SmsBackend:
        if self._sms is None:
            try:
                self._sms = sms.get_backend()
            except ImportError as error:
                raise ChannelDown(f"SMS_BACKEND: {error}") from error
        return self._sms

    def _send_mail(self, delivery: Delivery) -> None:
        message = mail_message(delivery)
        if self._mail is None:
            self._mail = get_connection(timeout=MAIL_TIMEOUT_SECONDS)
            try:
                self._mail.open()
            except (OSError, SMTPException) as error:
                raise ChannelDown(f"{type(error).__name__}: {error}") from error
        message.connection = self._mail
        message.send()

    def _hang_up(self) -> None:
        mail, self._mail = self._mail, None
        if mail is not None:
            with suppress(
                Exception
            ):  # the server may have hung up first; the messages are sent or not already
                mail.close()


def mail_message(delivery: Delivery) -> EmailMultiAlternatives:
    """The e-mail of a delivery: plain text and simple HTML.

    Its Message-ID is the delivery's own, so that the copy which a repeated attempt sends can be recognised.
    """
    notification = delivery.notification
    person = notification.recipient
    context = {
        "greeting": f"{person.polite_name}، سلام." if person.polite_name else "سلام.",
        "text": notification.text,
        "url": f"{settings.SITE_URL}{notification.url}" if notification.url else "",
        "subject": notices.subject_of(notification.entry),
    }
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=to_persian_digits(context["subject"]),
        body=render_to_string("notices/email.txt", context),
        to=[delivery.address],
        headers={"Message-ID": f"<notice-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("notices/email.html", context), "text/html")
    return message


def sms_text(delivery: Delivery) -> str:
    """The sentence of the notice, signed."""
    return f"{to_persian_digits(delivery.notification.text)}\n{SIGNATURE}"
