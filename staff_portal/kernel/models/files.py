"""Attachments: staged by their uploader first, then attached to a record."""

from django.db import models


class Attachment(models.Model):
    """An uploaded file. Staged ones (no root) are seen by their uploader only."""

    file = models.FileField("فایل", upload_to="attachments/%Y/%m/", max_length=200)
    name = models.CharField("نام", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("اندازه")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    root_type = models.CharField(max_length=80, blank=True)
    root_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "پیوست"
        verbose_name_plural = "پیوست‌ها"
        indexes = [models.Index(fields=["root_type", "root_id"], name="attachment_root")]

    def __str__(self) -> str:
        return self.name
