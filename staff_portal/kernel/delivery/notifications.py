"""Reading notices. A person's own reading mark is no act on a file, so it leaves no audit entry."""

from datetime import datetime

from staff_portal.kernel.models import Notification, User


def mark_read(notification: Notification, *, at: datetime) -> None:
    """Note when the recipient first opened it."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(recipient: User, *, at: datetime) -> int:
    """Mark all notices of a person that had come by ``at`` as read; their number."""
    return Notification.objects.filter(recipient=recipient, read_at__isnull=True, created_at__lte=at).update(
        read_at=at
    )
