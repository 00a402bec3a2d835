"""Long work that runs in Celery with a progress bar that survives leaving the page."""

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "در صف"
    RUNNING = "running", "در حال انجام"
    DONE = "done", "انجام‌شده"
    FAILED = "failed", "ناموفق"


class Job(models.Model):
    """One piece of long work; ``handler`` names the registered function, ``params`` what it needs."""

    handler = models.CharField(max_length=80)
    title = models.CharField("عنوان", max_length=200)
    owner = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="jobs")
    params = models.JSONField(default=dict)
    state = models.CharField("وضعیت", max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField("پیام", max_length=300, blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "کار زمان‌بر"
        verbose_name_plural = "کارهای زمان‌بر"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}
