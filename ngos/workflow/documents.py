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
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Creation, Transition
from staff_portal.kernel.workflow.table import Table

DECIDED = ("decided_by", "decided_at", "return_reason")
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
DOCUMENT = Table(
    NgoDocument,
    code="document",
    title="مدرک سمن",
    rows=[UPLOAD, ACCEPT, RETURN],
    visible=visible_documents,
    address=documents.page_of,
    do="ngos:document_do",
    url_args=lambda document: [document.ngo_id, document.pk],
    within="ngo",
    reads=("ngo",),
)
guard(DOCUMENT, "n2_document_kept")
