"""Imports of an office's register."""

from django.db import models

from ngos.enums import IMPORT_TONES, ImportState


class RegisterImport(models.Model):
    """One file on its way in: uploaded, checked (preview), confirmed, done; the report stays."""

    attachment = models.ForeignKey("kernel.Attachment", on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField("برگه", max_length=80, blank=True)
    checked_on = models.DateField("تاریخ مبنا")
    state = models.CharField(
        "وضعیت", max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    created_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    preview = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    failure = models.CharField("سبب ناتمام ماندن", max_length=400, blank=True)
    check_job = models.ForeignKey("kernel.Job", null=True, on_delete=models.PROTECT, related_name="+")
    import_job = models.ForeignKey("kernel.Job", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ورود فهرست"
        verbose_name_plural = "ورودهای فهرست"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.attachment.name

    @property
    def state_tone(self) -> str:
        return IMPORT_TONES.get(self.state, "neutral")
