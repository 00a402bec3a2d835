"""Django's view of the app."""

from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    name = "committee"
    label = "committee"
    verbose_name = "کمیته مشترک"
    default_auto_field = "django.db.models.BigAutoField"
