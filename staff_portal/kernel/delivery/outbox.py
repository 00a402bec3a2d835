"""From the outbox to the people concerned, after the commit: inbox exactly once, e-mail and SMS at least once.

Every step takes its row with ``FOR NO KEY UPDATE SKIP LOCKED`` and marks it in the same transaction, so that several
workers share the work and a killed one leaves its rows to the others.
"""

import traceback
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from staff_portal.kernel.delivery import notices
from staff_portal.kernel.delivery.notices import NoticeDraft
from staff_portal.kernel.delivery.sending import ChannelDown, Post
from staff_portal.kernel.models import Channel, Delivery, Notification, OutboxMessage, User

CHUNK = 50
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = 12

log = structlog.get_logger(__name__)

Expanded = tuple[OutboxMessage, list[NoticeDraft]]

# How often this process met a message that cannot be expanded: it is tried at every run, but logged ever
# more rarely.
_failures: Counter[int] = Counter()


def relay_outbox(*, at: datetime, limit: int = 200) -> int:
    """Turn waiting messages into notifications and deliveries; returns how many messages were relayed.

    A message whose notice raises stays in the outbox and is tried again by the next run; the messages behind
    it go on now. Two relays at once never give anybody the same notice twice.
    """
    relayed, last_id = 0, 0
    while relayed < limit:
        done, newest = _relay_chunk(last_id, min(CHUNK, limit - relayed), at)
        if newest is None:
            break
        relayed += done
        last_id = newest
    return relayed


@transaction.atomic
def _relay_chunk(after_id: int, size: int, at: datetime) -> tuple[int, int | None]:
    """Relay the next messages; returns how many, and the last id looked at (None when none was left)."""
    messages = list(
        OutboxMessage.objects.filter(relayed_at__isnull=True, pk__gt=after_id)
        .select_related("entry", "entry__on_behalf_of")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .order_by("pk")[:size]
    )
    if not messages:
        return 0, None
    expanded = [pair for message in messages if (pair := _expand(message)) is not None]
    try:
        with transaction.atomic():
            _store(expanded, at)
        stored = len(expanded)
    except DatabaseError:
        stored = sum(_store_alone(pair, at) for pair in expanded)
    return stored, messages[-1].pk


def _expand(message: OutboxMessage) -> Expanded | None:
    try:
        with transaction.atomic():
            drafts = notices.expand(message.entry)
    except Exception as error:  # a notice is code of some app: whatever it raises must not stop the others
        _report(message, error)
        return None
    _failures.pop(message.pk, None)
    return message, drafts


def _store_alone(pair: Expanded, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _store([pair], at)
    except DatabaseError as error:
        _report(pair[0], error)
        return False
    return True


def _report(message: OutboxMessage, error: Exception) -> None:
    _failures[message.pk] += 1
    times = _failures[message.pk]
    if times & (times - 1) == 0:  # 1, 2, 4, 8 …
        log.error(
            "notice_failed",
            message=message.pk,
            entry=message.entry_id,
            notice_event=message.entry.event,
            times=times,
            # As text: a renderer that shows local variables would run the failed query again, in our transaction.
            trace="".join(traceback.format_exception(error)),
        )


def _store(expanded: Sequence[Expanded], at: datetime) -> None:
    """Write what ``expanded`` says and mark its messages, in a few statements."""
    people = User.objects.filter(is_active=True).in_bulk(
        {draft.recipient_id for _, drafts in expanded for draft in drafts}
    )
    wanted = {
        (message.entry_id, draft.recipient_id): draft
        for message, drafts in expanded
        for draft in drafts
        if draft.recipient_id in people
    }
    Notification.objects.bulk_create(
        (
            Notification(
                entry_id=entry_id, recipient_id=user_id, text=draft.text, url=draft.url, created_at=at
            )
            for (entry_id, user_id), draft in wanted.items()
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    stored = Notification.objects.filter(entry__in={entry_id for entry_id, _ in wanted})
    deliveries = [
        Delivery(notification_id=pk, channel=channel, address=address, due_at=at)
        for pk, entry_id, user_id in stored.values_list("pk", "entry_id", "recipient_id")
        if (draft := wanted.get((entry_id, user_id))) is not None
        for channel, address in _addresses(draft, people[user_id])
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=1000, ignore_conflicts=True)
    OutboxMessage.objects.filter(pk__in=[message.pk for message, _ in expanded]).update(relayed_at=at)


def _addresses(draft: NoticeDraft, person: User) -> list[tuple[str, str]]:
    found = []
    if draft.email and person.email:
        found.append((Channel.EMAIL.value, person.email))
    if draft.sms and person.mobile:
        found.append((Channel.SMS.value, person.mobile))
    return found


def send_deliveries(*, at: datetime, limit: int = 100) -> int:
    """Send what is due by e-mail and SMS; returns how many were sent.

    Each delivery has its own transaction, which marks it sent after the send: a worker killed in between
    repeats that single one. A failed one waits 1, 2, 4 … minutes, at most six hours, and is given up after
    twelve attempts. When a whole channel is down, what is due on it waits a minute without counting as tried.
    """
    due = _due(at).order_by("due_at").values_list("pk", flat=True)[:limit]
    with Post() as post:
        return sum(_send_one(pk, post, at) for pk in list(due))


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=at)


@transaction.atomic
def _send_one(pk: int, post: Post, at: datetime) -> bool:
    """Send a delivery if it is still due and no other worker has it; whether it was sent."""
    delivery = (
        _due(at)
        .filter(pk=pk)
        .select_related("notification__entry", "notification__recipient")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .first()
    )
    if delivery is None:
        return False
    delivery.attempts += 1
    try:
        post.send(delivery)
    except DatabaseError:
        raise
    except ChannelDown as error:
        _put_off(delivery, error, at)
        _pause_channel(delivery.channel, at)
        return False
    except Exception as error:  # mail servers and SMS providers fail in ways of their own
        _put_off(delivery, error, at)
        return False
    delivery.sent_at, delivery.last_error = at, ""
    delivery.save(update_fields=["attempts", "sent_at", "last_error"])
    return True


def _put_off(delivery: Delivery, error: Exception, at: datetime) -> None:
    delivery.last_error = f"{type(error).__name__}: {error}"[:300]
    delivery.due_at = at + pause_after(delivery.attempts)
    about = {"delivery": delivery.pk, "channel": delivery.channel, "attempts": delivery.attempts}
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.given_up_at = at
        log.error("delivery_given_up", **about, error=delivery.last_error)
    else:
        log.warning("delivery_failed", **about, error=delivery.last_error)
    delivery.save(update_fields=["attempts", "due_at", "given_up_at", "last_error"])


def _pause_channel(channel: str, at: datetime) -> None:
    """Let a channel that is down rest: hundreds of messages must not wait for its time-out one by one."""
    waiting = (
        _due(at)
        .filter(channel=channel)
        .select_for_update(skip_locked=True, no_key=True)
        .values_list("pk", flat=True)
    )
    Delivery.objects.filter(pk__in=list(waiting)).update(due_at=at + FIRST_PAUSE)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 1 minute, doubled each time, at most 6 h."""
    return min(FIRST_PAUSE * 2 ** (max(attempts, 1) - 1), LONGEST_PAUSE)
