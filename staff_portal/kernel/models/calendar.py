"""Holidays (K5) and the dated settings that rules read their numbers from."""

from django.db import models


class Holiday(models.Model):
    """A day on which clocks in working days stand still: official, or closed at short notice."""

    day = models.DateField("روز", unique=True)
    title = models.CharField("عنوان", max_length=160)
    at_short_notice = models.BooleanField("تعطیلی ناگهانی", default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "روز تعطیل"
        verbose_name_plural = "روزهای تعطیل"
        ordering = ["day"]

    def __str__(self) -> str:
        return self.title


class DatedSetting(models.Model):
    """One value of one setting from a day on; the registry of keys stands in ``settings_store``."""

    key = models.CharField("کلید", max_length=80)
    value = models.JSONField("مقدار")
    effective_on = models.DateField("از تاریخ")
    note = models.CharField("توضیح", max_length=300, blank=True)
    set_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "تنظیم"
        verbose_name_plural = "تنظیم‌ها"
        ordering = ["key", "-effective_on", "-id"]
        indexes = [models.Index(fields=["key", "-effective_on"], name="setting_key_date")]

    def __str__(self) -> str:
        return self.key
