"""Django's view of the app."""

from django.apps import AppConfig


class NgosConfig(AppConfig):
    name = "ngos"
    label = "ngos"
    verbose_name = "سمن‌ها"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself: sentences, tables, panels."""
        from importlib import import_module

        for module in (
            "constraints",
            "operations.addresses",
            "workflow",
            "frame.overview",
            "frame.registry",
            "frame.grading",
            "frame.imports",
            "operations.batches",
            "operations.import_jobs",
            "exports",
        ):
            import_module(f"ngos.{module}")
