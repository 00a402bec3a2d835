"""What the tests of the background share: people, and an event of their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail import audit, events

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)

HAPPENED = events.EVENTS.get("background.happened") or events.declare(
    "background.happened", "رویداد آزمایشی", "کار {subject} را انجام داد: {note}", tone="ok", notify=True
)


def make_user(username: str, **fields: Any) -> User:
    """A person of HQ with an e-mail address and a mobile."""
    defaults = {
        "first_name": "مریم",
        "last_name": username,
        "side": Side.HQ,
        "email": f"{username}@people.example",
        "mobile": "09121234567",
        "created_at": NOW - timedelta(days=400),
    }
    return User.objects.create(username=username, **{**defaults, **fields})


def happen(actor: User | None, subject: User, *, note: str = "", at: datetime = NOW) -> AuditEntry:
    """One entry of the tests' own event, with its outbox row."""
    return audit.record(HAPPENED, subject, actor=actor, at=at, note=note)


def tell_everyone(event: events.Event) -> None:
    """Tell every active person of the event by SMS, for processes that have no fixtures."""
    notices.register(
        event.code,
        audience=lambda entry: User.objects.filter(is_active=True).values_list("pk", flat=True),
        text="{subject}: {note}",
        sms=True,
    )
