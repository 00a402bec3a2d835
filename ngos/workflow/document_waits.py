"""Whose turn it is with the documents of a file: part of what waits on the file itself (N2)."""

from ngos import rules
from ngos.enums import MembershipState as M
from ngos.models import Ngo
from ngos.operations import waiting
from ngos.operations.addresses import NGO
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.rows import Waits

DOCUMENT_TASK = "ngos.document"


def _owes_documents(ngo: Ngo) -> bool:
    return ngo.state == M.MEMBER and ngo.documents_due_on is not None and waiting.has_people(ngo)


def _is_late(ngo: Ngo) -> bool:
    return ngo.state == M.MEMBER and ngo.documents_due_on is not None


OF_DOCUMENTS = (
    Waits(
        key="review",
        to=To.power(rules.DECIDE_DOCUMENT),
        turns=waiting.documents_to_review,
        kind=DOCUMENT_TASK,
        title="بررسی مدارک «{subject}»",
        page=waiting.documents_page,
    ),
    Waits(
        key="owed",
        to=To.at(NGO, "pk"),
        when=_owes_documents,
        turns=waiting.documents_owed,
        due="documents_due_on",
        kind=DOCUMENT_TASK,
        title="تکمیل مدارک «{subject}»",
        page=waiting.documents_page,
    ),
    Waits(
        key="late",
        to=To.role(Role.HQ_MANAGER),
        when=_is_late,
        turns=waiting.documents_late,
        kind=DOCUMENT_TASK,
        title="مدارک عضو پیشین «{subject}» نرسیده است",
        batch="عضو پیشین که مدارکش در مهلت نرسیده است",
        page=waiting.documents_page,
        rank=70,
    ),
)
