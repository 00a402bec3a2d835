"""Django's view of the app."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "facilities"
    label = "facilities"
    verbose_name = "تسهیلات رفاهی"
    default_auto_field = "django.db.models.BigAutoField"
