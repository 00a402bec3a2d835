"""What imports of registers put into the frame: navigation, and whose files they are."""

from datetime import date

from django.urls import reverse

from ngos import rules
from ngos.models import RegisterImport
from ngos.workflow.imports import TASK, visible_imports
from staff_portal.kernel import attachments_access, audit, panels, roots
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.roles import Role


def can_read_file(user: User, attachment: Attachment, on: date) -> bool:
    """A register holds mobiles: HQ alone opens it, the auditor sees its report."""
    return rules.reads_people(user, on)


panels.add_nav("سمن‌ها", "ورود فهرست", "ngos:imports", rules.REGISTRY_READERS, order=130, task_kind=TASK)
panels.add_action(
    "ورود فهرست",
    "ngos:imports",
    [Role.HQ_EXPERT],
    icon="upload",
    hint="می‌توانید فهرست اکسل دفتر را وارد کنید.",
    order=15,
)
roots.register(
    RegisterImport, visible=visible_imports, url=lambda found: reverse("ngos:import_detail", args=[found.pk])
)
attachments_access.register(audit.type_label(RegisterImport), can_read_file)
