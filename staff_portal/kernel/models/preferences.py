"""What a person arranged for oneself."""

from django.db import models


class SavedView(models.Model):
    """A list's filters under a name of the person's own."""

    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=60)
    title = models.CharField("نام نما", max_length=80)
    query = models.CharField(max_length=600, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "نمای ذخیره‌شده"
        verbose_name_plural = "نماهای ذخیره‌شده"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_name", "title"], name="saved_view_title_once"),
        ]

    def __str__(self) -> str:
        return self.title
