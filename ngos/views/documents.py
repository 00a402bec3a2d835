"""Documents of an NGO: what is required and how it stands, uploading, accepting and returning (N2)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ngos import rules
from ngos.enums import REQUIRED_DOCUMENTS, DocumentKind, DocumentState
from ngos.forms.registry import DocumentForm
from ngos.models import NgoDocument
from ngos.pages.applications import documents_words
from ngos.pages.ngo_record import crumbs_of, load_ngo, tab_of
from ngos.pages.record_display import LoadedNgo
from ngos.workflow import DOCUMENT
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.letters.attachments import stage_file, staged_file
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.pages.records import Look
from staff_portal.kernel.pages.requests import attempt, moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.holds import open_reasons
from staff_portal.kernel.workflow.rows import Step

ACCEPT = ".pdf,.png,.jpg,.jpeg"
FILE_HELP = "PDF یا تصویر (JPG، PNG)، تا ۲۰ مگابایت"
NOT_FOR_YOU = "مدارک این سمن برای نقش شما باز نیست."
EXPIRED = ("اعتبار گذشته", "no")
MISSING = ("بارگذاری نشده", "neutral")


def _readable(request: HttpRequest, pk: int) -> LoadedNgo:
    ngo = load_ngo(request, pk)
    if not rules.can_view_documents(person(request), ngo, today(request)):
        raise NotPermitted(NOT_FOR_YOU)
    return ngo


def _draw(ngo: LoadedNgo, look: Look) -> dict[str, Any]:
    """All documents by kind, the required ones first, each with what may be done about it."""
    if not rules.can_view_documents(look.me, ngo, look.on):
        raise NotPermitted(NOT_FOR_YOU)
    found = list(
        NgoDocument.objects.filter(ngo=ngo)
        .select_related("attachment", "uploaded_by", "decided_by")
        .annotate(_open_holds=open_reasons(NgoDocument))
        .order_by("-id")
    )
    kinds = _kinds(look, found)
    accepted = sum(row["is_required"] and row["is_met"] for row in kinds)
    return {
        "kinds": kinds,
        "progress": f"{documents_words(accepted)} مدرک لازم پذیرفته شده است",
        "form": look.known.get("form") or DocumentForm(initial={"kind": look.request.GET.get("kind", "")}),
        "can_upload": rules.UPLOAD_DOCUMENT.authority(look.me, ngo, look.on) is not None,
        "staged": _staged(look.known.get("staged")),
        "file_error": look.known.get("file_error", ""),
        "accept": ACCEPT,
        "file_help": FILE_HELP,
    }


DOCUMENTS = tab_of("documents", "ngos:ngo_documents", "ngos/registry/documents.html", _draw)


def _kinds(look: Look, found: Sequence[NgoDocument]) -> list[dict[str, Any]]:
    on = look.on
    by_kind: dict[str, list[NgoDocument]] = {}
    for document in found:
        by_kind.setdefault(document.kind, []).append(document)
    order = [
        *REQUIRED_DOCUMENTS,
        *(kind for kind in DocumentKind if kind not in REQUIRED_DOCUMENTS and kind in by_kind),
    ]
    drawn = []
    for kind in order:
        rows = by_kind.get(kind, [])
        in_force = next(
            (d for d in rows if d.state == DocumentState.ACCEPTED and not _is_expired(d, on)), None
        )
        shown = in_force or (rows[0] if rows else None)
        label, tone = MISSING if shown is None else _state(shown, on)
        drawn.append(
            {
                "kind": kind.value,
                "label": str(kind.label),
                "is_required": kind in REQUIRED_DOCUMENTS,
                "is_met": in_force is not None,
                "state": label,
                "tone": tone,
                "documents": [_row(document, look) for document in rows],
            }
        )
    return drawn


def _is_expired(document: NgoDocument, on: date) -> bool:
    return document.valid_until is not None and document.valid_until < on


def _state(document: NgoDocument, on: date) -> tuple[str, str]:
    if document.state == DocumentState.ACCEPTED and _is_expired(document, on):
        return EXPIRED
    return document.get_state_display(), document.state_tone


def _row(document: NgoDocument, look: Look) -> dict[str, Any]:
    state, tone = _state(document, look.on)
    options = DOCUMENT.options(document, look.me, look.at)
    return {
        "name": document.attachment.name,
        "url": reverse("attachment", args=[document.attachment_id]),
        "size": to_persian_digits(filesizeformat(document.attachment.size)),
        "uploaded": f"{document.uploaded_by or 'سامانه'}، {format_jalali(document.uploaded_at, 'medium')}",
        "decided": f"{document.decided_by}، {format_jalali(document.decided_at, 'medium')}"
        if document.decided_by and document.decided_at
        else "",
        "until": format_jalali(document.valid_until, "medium") if document.valid_until else "",
        "reason": document.return_reason,
        "state": state,
        "tone": tone,
        "actions": step_actions(DOCUMENT, document, options),
    }


def _staged(attachment: Attachment | None) -> list[dict[str, Any]]:
    if attachment is None:
        return []
    size = to_persian_digits(filesizeformat(attachment.size))
    return [{"name": attachment.name, "size": size, "value": attachment.pk}]


@require_http_methods(["POST"])
def document_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a document; the file is staged first, so that an error in the form does not lose it."""
    ngo = _readable(request, pk)
    me, at = person(request), moment(request)
    authority, why_not = rules.UPLOAD_DOCUMENT.decide(me, ngo, today(request))
    if authority is None:
        raise NotPermitted(why_not)
    form = DocumentForm(request.POST)
    staged, file_error = _stage(request, me)
    if form.is_valid() and staged is not None and not file_error:
        kind, until = form.cleaned_data["kind"], form.cleaned_data["valid_until"]
        asked = {"kind": kind, "attachment": staged, "valid_until": until}
        made = attempt(form, lambda: DOCUMENT.apply(ngo, "upload", actor=me, at=at, **asked))
        if made:
            step = Step(me, at, authority, asked=asked)
            messages.success(request, DOCUMENT.done(made, "upload", step))
            return redirect("ngos:ngo_documents", pk=ngo.pk)
    known = {"form": form, "staged": staged, "file_error": file_error}
    return DOCUMENTS.show(request, ngo, status=422, known=known)


def _stage(request: HttpRequest, me: User) -> tuple[Attachment | None, str]:
    """The file that came along, else the one staged before; with what is wrong with it."""
    before = staged_file(request.POST.get("file_staged"), actor=me)
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return before, "" if before else "فایل مدرک را برگزینید."
    if not (upload.name or "").lower().endswith(tuple(ACCEPT.split(","))):
        return (
            before,
            "مدرک باید PDF یا تصویر (JPG، PNG) باشد؛ آن را به یکی از این‌ها تبدیل کنید و دوباره بفرستید.",
        )
    try:
        return stage_file(upload, actor=me, at=moment(request)), ""
    except Refusal as refusal:
        return before, refusal.sentence


@require_http_methods(["GET", "POST"])
def document_do(request: HttpRequest, pk: int, document: int, transition: str) -> HttpResponse:
    """Accept or return a document, or revoke its acceptance."""
    ngo = _readable(request, pk)
    found = one(NgoDocument.objects.filter(ngo=ngo).select_related("uploaded_by", "ngo"), document)
    return take(request, DOCUMENT, found, transition, crumbs=_crumbs_of)


def _crumbs_of(document: NgoDocument) -> list[dict[str, str]]:
    return [*crumbs_of(document.ngo), {"label": "مدارک", "url": DOCUMENT.address(document)}]
