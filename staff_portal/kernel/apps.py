"""Django's view of the app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "staff_portal.kernel"
    label = "kernel"
    verbose_name = "هسته"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from staff_portal.kernel import checks, inbox, notices, papers, records
        from staff_portal.kernel.workflow import sweeps

        inbox.register()
        papers.register()
        notices.register_due("workflow.sweeps", sweeps.run)
        del checks, records  # importing them registers the system checks and the tables
