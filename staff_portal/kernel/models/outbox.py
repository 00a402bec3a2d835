"""The way from an audit entry to the people concerned: outbox, inbox, and deliveries by e-mail and SMS."""

from django.db import models


class OutboxMessage(models.Model):
    """Written in the transaction of its audit entry, relayed by Celery after the commit."""

    entry = models.OneToOneField("kernel.AuditEntry", on_delete=models.PROTECT, related_name="outbox")
    told = models.JSONField(default=list)
    """Who is told what, as the step fixed it: addresses, sentence, page and ways; empty for events of before."""
    created_at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "پیام در صف"
        verbose_name_plural = "پیام‌های در صف"
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(relayed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Notification(models.Model):
    """What one person hears of one entry, in the page's inbox: once, however often the relay runs."""

    entry = models.ForeignKey("kernel.AuditEntry", on_delete=models.PROTECT, related_name="notifications")
    recipient = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="notifications")
    text = models.CharField("متن", max_length=400)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "اعلان"
        verbose_name_plural = "اعلان‌ها"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "recipient"], name="notification_once"),
        ]
        indexes = [
            models.Index(
                fields=["recipient"], name="notification_unread", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(fields=["recipient", "-id"], name="notification_of_recipient"),
        ]

    def __str__(self) -> str:
        return self.text


class Channel(models.TextChoices):
    EMAIL = "email", "رایانامه"
    SMS = "sms", "پیامک"


class Delivery(models.Model):
    """One message to one address outside the page; sent at least once, tried again with growing pauses."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField("راه", max_length=6, choices=Channel.choices)
    address = models.CharField("نشانی", max_length=254)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "ارسال"
        verbose_name_plural = "ارسال‌ها"
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once_per_channel"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="delivery_waiting",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.address}"
