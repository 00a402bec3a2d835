"""Rows of an NGO's documents: uploaded by one person, accepted or returned by another (N2)."""

from datetime import date

from django.db.models import QuerySet

from ngos import rules
from ngos.enums import DocumentKind
from ngos.enums import DocumentState as D
from ngos.models import NgoDocument
from ngos.operations import documents
from ngos.operations.addresses import NGO
from ngos.queries import visible_ngos
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Creation, Transition
from staff_portal.kernel.workflow.table import Table

DECIDED = ("decided_by", "decided_at", "return_reason")
REVOKED = "پذیرش «{subject}» از مدارک «{file}» باطل شد: {note}"
RETURNED = "«{subject}» از مدارک «{file}» برای اصلاح بازگشت: {note}"


def visible_documents(user: User, on: date) -> QuerySet[NgoDocument]:
    """The documents of the NGOs that a person may see; who may read them is asked of the NGO."""
    return NgoDocument.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


UPLOAD = Creation(
    "upload",
    targets=(D.PENDING,),
    stores=("ngo", "kind", "attachment", "valid_until", "uploaded_by", "uploaded_at"),
    by=rules.UPLOAD_DOCUMENT,
    event="document.uploaded",
    event_label="بارگذاری مدرک",
    label="بارگذاری",
    asks=(
        Ask.choice("kind", "نوع مدرک", lambda ngo, on: DocumentKind.choices),
        Ask.date("valid_until", "اعتبار تا", required=False, help="اگر مدرک پایان اعتبار دارد."),
        Ask.file("attachment", "فایل"),
    ),
    blockers=documents.lapsed_already,
    outcome=documents.uploaded,
    effect=documents.attach_to_file,
    says="«{subject}» را بارگذاری کرد",
    done="«{subject}» بارگذاری شد و در انتظار بررسی است.",
    under_hold=True,
)
ACCEPT = Transition(
    "accept",
    sources=(D.PENDING,),
    targets=(D.ACCEPTED,),
    stores=DECIDED,
    by=rules.DECIDE_DOCUMENT,
    event="document.accepted",
    event_label="پذیرش مدرک",
    label="پذیرش",
    outcome=documents.decision,
    effect=documents.settle_file,
    says="«{subject}» را پذیرفت",
    shade="ok",
    done="«{subject}» پذیرفته شد.",
    tone="main",
)
RETURN = Transition(
    "return",
    sources=(D.PENDING,),
    targets=(D.RETURNED,),
    stores=DECIDED,
    by=rules.DECIDE_DOCUMENT,
    event="document.returned",
    event_label="بازگشت مدرک",
    label="بازگرداندن",
    note="دلیل بازگشت",
    outcome=documents.decision,
    effect=documents.settle_file,
    says="«{subject}» را برای اصلاح بازگرداند: {note}",
    shade="wait",
    done="«{subject}» برای اصلاح بازگشت.",
    tell=(To.field("uploaded_by", RETURNED, mail=True), To.at(NGO, "ngo_id", RETURNED, mail=True)),
)
REVOKE_ACCEPTANCE = Transition(
    "revoke_acceptance",
    sources=(D.ACCEPTED,),
    targets=(D.REVOKED,),
    stores=("return_reason",),
    by=rules.REVOKE_DOCUMENT,
    event="document.acceptance_revoked",
    event_label="ابطال پذیرش مدرک",
    label="ابطال پذیرش",
    note="سبب ابطال",
    asks=(Ask.long("heard", "سمن در پاسخ چه گفت", length=2000, help="پیش از ابطال، سمن شنیده می‌شود."),),
    about_on=documents.facts_of,
    brings=documents.revoking_brings,
    outcome=documents.acceptance_revoked,
    effect=documents.open_cases,
    confirm="مدرک از امروز پذیرفته به شمار نمی‌آید؛ آنچه پیش از این انجام شده است می‌ماند.",
    says="پذیرش «{subject}» را باطل کرد: {note}. پاسخ سمن: {heard}",
    shade="no",
    done="پذیرش «{subject}» باطل شد و سمن آگاه شد.",
    tone="danger",
    under_hold=True,
    tell=(
        To.field("uploaded_by", REVOKED),
        To.at(NGO, "ngo_id", REVOKED, mail=True, sms=True),
        To.role(Role.HQ_EXPERT, REVOKED),
    ),
)
DOCUMENT = Table(
    NgoDocument,
    code="document",
    title="مدرک سمن",
    rows=[UPLOAD, ACCEPT, RETURN, REVOKE_ACCEPTANCE],
    visible=visible_documents,
    address=documents.page_of,
    do="ngos:document_do",
    url_args=lambda document: [document.ngo_id, document.pk],
    within="ngo",
    reads=("ngo",),
    rests=(D.ACCEPTED,),
)
guard(DOCUMENT, "n2_document_kept")
