"""Django's view of the app."""

from django.apps import AppConfig

#: what registers itself when it is loaded: sentences, workflows, notices, panels
MODULES = (
    "constraints",
    "operations.membership_changes",
    "workflow.addresses",
    "workflow.terms",
    "workflow.seats",
    "workflow.nominees",
    "workflow.nominations",
    "workflow.parts",
    "workflow.meetings",
    "workflow.votes",
    "workflow.sittings",
    "workflow.motions",
    "workflow.minutes",
    "workflow.resolutions",
    "workflow.addressees",
    "workflow.policies",
    "frame.seats",
    "frame.nominations",
    "frame.meetings",
    "frame.motions",
    "frame.outcomes",
)


class CommitteeConfig(AppConfig):
    name = "committee"
    label = "committee"
    verbose_name = "کمیته مشترک"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself."""
        from importlib import import_module

        for module in MODULES:
            import_module(f"committee.{module}")
