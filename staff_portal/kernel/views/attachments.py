"""Uploaded files: staging one for a form, and opening one that the person may read."""

import re

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_GET, require_POST

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.site_addresses import is_htmx
from staff_portal.kernel.letters.attachment_access import can_read_attachment
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.letters.letter_rules import can_stage_file
from staff_portal.kernel.models import Attachment
from staff_portal.kernel.pages.requests import moment, person, today
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.views.serving import serve_file

NO_FILE = "فایلی برگزیده نشده است."
NOT_FOR_YOU = "بارگذاری فایل برای نقش شما باز نیست."
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")


@require_POST
def stage(request: HttpRequest) -> HttpResponse:
    """Keep the uploaded ``file`` for its sender; the answer carries the id that the form then sends along.

    htmx gets the staged line of the kit's upload piece (``field`` names the form's field), everybody else JSON:
    ``{"id", "name", "size"}``, or ``{"sentences"}`` with 409 for a file that is refused.
    """
    if not can_stage_file(person(request), today(request)):
        raise NotPermitted(NOT_FOR_YOU)
    upload = request.FILES.get("file")
    try:
        if not isinstance(upload, UploadedFile):
            raise Refusal(NO_FILE)
        kept = stage_file(upload, actor=person(request), at=moment(request))
    except Refusal as refusal:
        if is_htmx(request):
            raise
        return JsonResponse({"sentences": refusal.sentences}, status=refusal.status)
    if is_htmx(request):
        context = {
            "file": kept,
            "size": to_persian_digits(filesizeformat(kept.size)),
            "field": _field(request),
        }
        return render(request, "kernel/papers/staged.html", context, status=201)
    return JsonResponse({"id": kept.pk, "name": kept.name, "size": kept.size}, status=201)


def _field(request: HttpRequest) -> str:
    name = request.POST.get("field", "file")
    return name if _FIELD_NAME.fullmatch(name) else "file"


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file, if the person may read it; pictures and PDF open in the browser, the rest is saved."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is None or not can_read_attachment(person(request), attachment, today(request)):
        raise Http404
    if not attachment.file.name or not attachment.file.storage.exists(attachment.file.name):
        raise Http404
    return serve_file(
        attachment.file,
        name=attachment.name,
        content_type=attachment.content_type,
        cache="private, no-store",
        always_save="download" in request.GET,
    )
