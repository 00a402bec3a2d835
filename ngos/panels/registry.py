"""What the registry puts into the frame: navigation, work that waits, search results, figures, the map."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Value
from django.urls import reverse

from ngos import rules
from ngos.enums import MembershipState as M
from ngos.models import Ngo
from ngos.panels.overview import HEADQUARTERS, REGISTRY_ROLES
from ngos.queries import visible_ngos
from ngos.workflow.membership import DOCUMENT_TASK, DRAFT_TASK, REQUEST_TASK
from staff_portal.kernel import access, attachments_access, audit, panels, roots
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.panels import Task, WorkRow
from staff_portal.kernel.persian.numbers import format_thousands
from staff_portal.kernel.roles import Role

EXISTING_TASK = "ngos.existing"
CODE = "registry"


# --- the inbox -------------------------------------------------------------------------------------------


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """How many files of existing members wait for the manager's confirmation, as one row (N2): a register is
    confirmed as a whole, so that it is counted rather than kept as thousands of items."""
    if access.holds_power(user, rules.CONFIRM_EXISTING, access.local_date(at)):
        waiting = Ngo.objects.filter(state=M.DRAFT, claimed_since__isnull=False).exclude(claimed_number="")
        counted = waiting.order_by().values("state").annotate(many=Count("id"), since=Max("state_since"))
        yield panels.work_part(
            CODE, "existing", counted, pk=Value(0), name=Value(""), since="since", many="many"
        )


def task(row: WorkRow, on: date) -> Task | None:
    """That row of the inbox."""
    many = format_thousands(row.extra["many"])
    return Task(
        EXISTING_TASK,
        f"تأیید {many} عضو پیشین",
        "از دفتر وارد شده‌اند",
        reverse("ngos:existing"),
        since=row.since,
    )


def can_read_file(user: User, attachment: Attachment, on: date) -> bool:
    """Whether the person may open a file of an NGO: who may read its documents."""
    ngo = Ngo.objects.filter(pk=attachment.root_id or 0).first()
    return ngo is not None and rules.can_view_documents(user, ngo, on)


# --- registration -------------------------------------------------------------------------------------------

panels.add_nav("سمن‌ها", "فهرست سمن‌ها", "ngos:ngo_list", REGISTRY_ROLES, order=100)
panels.add_nav("سمن‌ها", "پرونده سمن من", "ngos:ngo_list", [Role.NGO_USER], order=101)
panels.add_nav(
    "سمن‌ها", "درخواست‌های عضویت", "ngos:memberships", HEADQUARTERS, order=110, task_kind=REQUEST_TASK
)
panels.add_nav(
    "سمن‌ها", "تأیید اعضای پیشین", "ngos:existing", [Role.HQ_MANAGER], order=120, task_kind=EXISTING_TASK
)
panels.label_tasks(DRAFT_TASK, "پیش‌نویس‌ها")
panels.label_tasks(DOCUMENT_TASK, "مدارک")
panels.label_tasks(EXISTING_TASK, "اعضای پیشین")
panels.add_action(
    "ثبت سمن تازه",
    "ngos:ngo_new",
    [Role.HQ_EXPERT],
    hint="می‌توانید سمن تازه‌ای ثبت کنید.",
    main=True,
    order=10,
)
panels.add_action(
    "فهرست سمن‌ها",
    "ngos:ngo_list",
    REGISTRY_ROLES,
    icon="list",
    hint="می‌توانید فهرست سمن‌ها را ببینید.",
    order=20,
)
panels.add_action("درخواست‌های عضویت", "ngos:memberships", [Role.HQ_MANAGER], icon="seal", main=True, order=22)
panels.add_action(
    "پرونده سمن من",
    "ngos:ngo_list",
    [Role.NGO_USER],
    icon="people",
    hint="می‌توانید مشخصات و مدارک سمن خود را بازبینی کنید.",
    main=True,
    order=20,
)
panels.add_work(CODE, parts, task)
roots.register(
    Ngo,
    visible=visible_ngos,
    url=lambda ngo: reverse("ngos:ngo_detail", args=[ngo.pk]),
)
attachments_access.register(audit.type_label(Ngo), can_read_file)
