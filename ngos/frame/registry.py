"""What the registry puts into the frame: navigation, work that waits, search results, figures, the map."""

from datetime import date

from django.urls import reverse

from ngos import rules
from ngos.frame.overview import HEADQUARTERS, REGISTRY_ROLES
from ngos.models import MembershipDecision, Ngo
from ngos.queries import visible_ngos
from ngos.workflow.applications import DRAFT_TASK, EXISTING_TASK, REQUEST_TASK
from ngos.workflow.decisions import visible_decisions
from ngos.workflow.document_waits import DOCUMENT_TASK
from ngos.workflow.hearings import DECISION_TASK
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.letters import attachment_access
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.trail import audit, file_kinds


def can_read_file(user: User, attachment: Attachment, on: date) -> bool:
    """Whether the person may open a file of an NGO: who may read its documents."""
    ngo = Ngo.objects.filter(pk=attachment.root_id or 0).first()
    return ngo is not None and rules.can_view_documents(user, ngo, on)


# --- registration -------------------------------------------------------------------------------------------

contributions.add_nav("سمن‌ها", "فهرست سمن‌ها", "ngos:ngo_list", REGISTRY_ROLES, order=100)
contributions.add_nav("سمن‌ها", "پرونده سمن من", "ngos:ngo_list", [Role.NGO_USER], order=101)
contributions.add_nav(
    "سمن‌ها", "درخواست‌های عضویت", "ngos:memberships", HEADQUARTERS, order=110, task_kind=REQUEST_TASK
)
contributions.add_nav(
    "سمن‌ها", "تأیید اعضای پیشین", "ngos:existing", [Role.HQ_MANAGER], order=120, task_kind=EXISTING_TASK
)
contributions.label_tasks(DRAFT_TASK, "پیش‌نویس‌ها")
contributions.label_tasks(DOCUMENT_TASK, "مدارک")
contributions.label_tasks(DECISION_TASK, "تصمیم‌های عضویت")
contributions.label_tasks(EXISTING_TASK, "اعضای پیشین")
contributions.add_action(
    "ثبت سمن تازه",
    "ngos:ngo_new",
    [Role.HQ_EXPERT],
    hint="می‌توانید سمن تازه‌ای ثبت کنید.",
    main=True,
    order=10,
)
contributions.add_action(
    "فهرست سمن‌ها",
    "ngos:ngo_list",
    REGISTRY_ROLES,
    icon="list",
    hint="می‌توانید فهرست سمن‌ها را ببینید.",
    order=20,
)
contributions.add_action(
    "درخواست‌های عضویت", "ngos:memberships", [Role.HQ_MANAGER], icon="seal", main=True, order=22
)
contributions.add_action(
    "پرونده سمن من",
    "ngos:ngo_list",
    [Role.NGO_USER],
    icon="people",
    hint="می‌توانید مشخصات و مدارک سمن خود را بازبینی کنید.",
    main=True,
    order=20,
)
file_kinds.register(
    Ngo,
    visible=visible_ngos,
    url=lambda ngo: reverse("ngos:ngo_detail", args=[ngo.pk]),
)
file_kinds.register(
    MembershipDecision, visible=visible_decisions, url=lambda decision: decision.get_absolute_url()
)
attachment_access.register(audit.type_label(Ngo), can_read_file)
