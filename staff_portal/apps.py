"""Django's view of the app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "staff_portal"
    label = "staff_portal"
    verbose_name = "درگاه"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from staff_portal.portal import navigation

        navigation.register()
