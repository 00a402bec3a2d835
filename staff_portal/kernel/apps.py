"""Django's view of the app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "staff_portal.kernel"
    label = "kernel"
    verbose_name = "هسته"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from staff_portal.kernel import checks, records
        from staff_portal.kernel.delivery import notices
        from staff_portal.kernel.frame import letter_search, navigation
        from staff_portal.kernel.workflow import sweeps

        navigation.register()
        letter_search.register()
        notices.register_due("workflow.sweeps", sweeps.run)
        del checks, records  # importing them registers the system checks and the tables
