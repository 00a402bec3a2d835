"""Django's view of the app."""

from django.apps import AppConfig


class SecretariatsConfig(AppConfig):
    name = "secretariats"
    label = "secretariats"
    verbose_name = "دبیرخانه‌های مناطق"
    default_auto_field = "django.db.models.BigAutoField"
