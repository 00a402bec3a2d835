"""Ways out for tests: they keep what was sent, and fail for the addresses they are told to refuse."""

from typing import Any, ClassVar

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class Mailbox(BaseEmailBackend):
    """A mail server that refuses the addresses in ``refused``, or does not answer at all."""

    sent: ClassVar[list[EmailMessage]] = []
    refused: ClassVar[set[str]] = set()
    opened: ClassVar[int] = 0
    is_down: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, fail_silently=kwargs.get("fail_silently", False))

    def open(self) -> bool:
        type(self).opened += 1
        if self.is_down:
            raise TimeoutError("no answer")
        return True

    def send_messages(self, messages: list[EmailMessage]) -> int:  # type: ignore[override]
        for message in messages:
            if self.refused & set(message.to):
                raise ConnectionRefusedError("mail server says no")
            self.sent.append(message)
        return len(messages)


class Telephones:
    """An SMS provider."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def send(self, number: str, text: str) -> None:
        self.sent.append((number, text))
