"""Signed letters: the page of one, its PDF and preview, revoking it, its number in the office system (K1–K3)."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.letters import attachments, letter_desk, letter_rules
from staff_portal.kernel.letters.issuing import ensure_rendered, isolated, kind_label, preview_pages
from staff_portal.kernel.models import Attachment, AuditEntry, Letter, LetterEvent, LetterEventKind
from staff_portal.kernel.pages.letter_forms import OfficeNumberForm, RevokeForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, person, today
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.trail.audit import type_label
from staff_portal.kernel.trail.timeline import readable, timeline_items
from staff_portal.kernel.views.serving import serve_file

_ENDINGS = (LetterEventKind.REVOKED, LetterEventKind.REPLACED)
EVENT_TONES = {LetterEventKind.REVOKED: "no", LetterEventKind.REPLACED: "wait"}


def _letter(request: HttpRequest, pk: int) -> tuple[Letter, Any]:
    """The letter and the record it is about, or 404 when the person may not see either; of the own letter about a
    record that is closed to the person the record is None."""
    found = Letter.objects.select_related("number", "signed_by", "on_behalf_of").filter(pk=pk).first()
    if found is None or not letter_rules.can_view_letter(person(request), found, today(request)):
        raise Http404
    return found, file_kinds.find(found.root_type, found.root_id, person(request), today(request))


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter: what it says, who signed it, what became of it, and its sheet."""
    letter, root = _letter(request, pk)
    me, on = person(request), today(request)
    happened = list(letter.events.select_related("by", "replacement__number", "scan"))
    ending = next((event for event in happened if event.kind in _ENDINGS), None)
    context = {
        **_head(letter, root),
        "letter": letter,
        "status": _status(letter, ending, on),
        "fact_items": _facts(letter, root),
        "event_items": [_event(event) for event in happened],
        "scans": [event.scan for event in happened if event.scan is not None],
        "history": _history(request, letter),
        "sheets": [reverse("letter_page", args=[letter.pk, 1])],
        "can_annotate": letter_rules.ANNOTATE_LETTER.authority(me, letter, on) is not None,
        "can_revoke": letter_rules.REVOKE_LETTER.authority(me, letter, on) is not None and ending is None,
        "verify_url": reverse("verify", args=[letter.code]),
    }
    return render(request, "kernel/papers/letter.html", context)


def _head(letter: Letter, root: models.Model | None) -> dict[str, Any]:
    title = letter.subject or kind_label(letter.kind)
    first = {"label": "صفحه نخست", "url": "/"}
    if root is not None:
        first = {"label": to_persian_digits(str(root)), "url": file_kinds.url_of(root)}
    return {
        "page_title": title,
        "crumbs": [
            first,
            {"label": f"نامه {isolated(letter.number.text)}"},
        ],
    }


def _status(letter: Letter, ending: LetterEvent | None, on: Any) -> dict[str, str]:
    if ending is not None:
        return {"label": ending.get_kind_display(), "tone": EVENT_TONES[LetterEventKind(ending.kind)]}
    if letter.valid_until is not None and letter.valid_until < on:
        return {"label": "اعتبار گذشته", "tone": "wait"}
    return {"label": "معتبر", "tone": "ok"}


def _facts(letter: Letter, root: models.Model | None) -> list[dict[str, Any]]:
    signer = letter.signed_by.full_name if letter.signed_by else "سامانه"
    if letter.on_behalf_of is not None:
        signer = f"{signer}، از طرف {letter.on_behalf_of.full_name}"
    items: list[dict[str, Any]] = [
        {"label": "نوع", "value": kind_label(letter.kind)},
        {"label": "شماره", "value": isolated(letter.number.text)},
        {"label": "تاریخ", "value": format_jalali(letter.dated_on, "medium")},
        {"label": "امضاکننده", "value": signer},
        {"label": "زمان امضا", "value": format_jalali(letter.signed_at, "moment")},
    ]
    if root is not None:
        items.append(
            {"label": "پرونده", "value": to_persian_digits(str(root)), "url": file_kinds.url_of(root)}
        )
    if letter.addressee:
        items.insert(3, {"label": "گیرنده", "value": to_persian_digits(letter.addressee)})
    if letter.valid_until is not None:
        items.append({"label": "معتبر تا", "value": format_jalali(letter.valid_until, "medium")})
    return items


def _event(event: LetterEvent) -> dict[str, Any]:
    """What became of the letter, as a line of the kit's timeline."""
    text = str(event.get_kind_display())
    if event.kind == LetterEventKind.OFFICE_NUMBER:
        dated = format_jalali(event.office_dated_on, "medium") if event.office_dated_on else ""
        text = f"در اتوماسیون اداری: {isolated(event.office_number)}، {dated}"
    elif event.replacement is not None:
        text = f"جای آن را نامه {isolated(event.replacement.number.text)} گرفت"
    return {
        "text": text,
        "note": to_persian_digits(event.reason),
        "at": format_jalali(event.at, "moment"),
        "role": event.by.full_name if event.by else "سامانه",
        "tone": EVENT_TONES.get(LetterEventKind(event.kind), "go"),
    }


def _history(request: HttpRequest, letter: Letter) -> list[dict[str, Any]]:
    mine = AuditEntry.objects.filter(subject_type=type_label(letter), subject_id=letter.pk)
    return timeline_items(readable(mine, person(request), today(request))[:30])


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The letter's PDF, shown in the browser; made now if the background has not made it yet."""
    letter, _ = _letter(request, pk)
    rendering = ensure_rendered(letter, at=moment(request))
    name = f"letter-{letter.number.text.replace('/', '-')}.pdf"
    return serve_file(rendering.file, name=name, content_type="application/pdf", cache="private, no-cache")


@require_GET
def page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """One sheet of the letter as a picture, for the preview; what was signed never changes, so it is kept."""
    letter, _ = _letter(request, pk)
    sheets = preview_pages(letter)
    if not 1 <= page <= len(sheets):
        raise Http404
    response = HttpResponse(sheets[page - 1], content_type="image/png")
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that a letter is void, and why."""
    letter, root = _letter(request, pk)
    guard(letter_rules.REVOKE_LETTER, request, letter)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            form,
            lambda: letter_desk.revoke_at_desk(
                letter, reason=reason, actor=person(request), at=moment(request)
            ),
        ):
            messages.success(request, "نامه باطل شد.")
            return redirect("letter_detail", pk=letter.pk)
    head = _head(letter, root)
    context = {
        **head,
        "page_title": "ابطال نامه",
        "crumbs": [head["crumbs"][0], {**head["crumbs"][1], "url": _url(letter)}, {"label": "ابطال"}],
        "sentence": f"نامه {isolated(letter.number.text)} باطل می‌شود.",
        "consequences": [
            "صفحه عمومی نامه از این پس می‌گوید که باطل شده است و چرا.",
            "ابطال بازگشت ندارد؛ اگر لازم شد نامه تازه‌ای صادر کنید.",
        ],
        "fact_items": _facts(letter, root)[:4],
        "form": form,
        "submit_label": "ابطال نامه",
        "danger": True,
        "cancel_url": _url(letter),
        "draft_key": f"letter-revoke-{letter.pk}",
    }
    return render(request, "layouts/confirm.html", context)


@require_http_methods(["GET", "POST"])
def office_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the number and date of the office automation system, and a scan of the stamped paper (K2)."""
    letter, root = _letter(request, pk)
    guard(letter_rules.ANNOTATE_LETTER, request, letter)
    form = OfficeNumberForm(request.POST or None)
    scan, scan_error = _staged_scan(request)
    is_sent = request.method == "POST" and "scan_drop" not in request.POST
    if is_sent and form.is_valid() and not scan_error:
        data = form.cleaned_data
        if attempt(
            form,
            lambda: letter_desk.note_office_number(
                letter, scan=scan, actor=person(request), at=moment(request), **data
            ),
        ):
            messages.success(request, "شماره اتوماسیون ثبت شد.")
            return redirect("letter_detail", pk=letter.pk)
    head = _head(letter, root)
    context = {
        **head,
        "page_title": "ثبت در اتوماسیون اداری",
        "crumbs": [
            head["crumbs"][0],
            {**head["crumbs"][1], "url": _url(letter)},
            {"label": "اتوماسیون اداری"},
        ],
        "form": form,
        "staged": [_staged(scan)] if scan is not None else [],
        "scan_error": scan_error,
        "accepted": attachments.ACCEPTED,
        "submit_label": "ثبت",
        "cancel_url": _url(letter),
        "draft_key": f"letter-office-{letter.pk}",
    }
    return render(request, "kernel/papers/office_number.html", context)


def _staged_scan(request: HttpRequest) -> tuple[Attachment | None, str]:
    """The scan that came with the form or waits from an earlier try, and what is wrong with a new one."""
    if request.method != "POST" or "scan_drop" in request.POST:
        return None, ""
    kept = attachments.staged_file(request.POST.get("scan_staged"), actor=person(request))
    upload = request.FILES.get("scan")
    if not isinstance(upload, UploadedFile):
        return kept, ""
    try:
        return attachments.stage_file(upload, actor=person(request), at=moment(request)), ""
    except Refusal as refusal:
        return kept, refusal.sentence


def _staged(scan: Attachment) -> dict[str, Any]:
    size = to_persian_digits(filesizeformat(scan.size))
    return {"name": scan.name, "size": size, "value": scan.pk, "remove_name": "scan_drop"}


def _url(letter: Letter) -> str:
    return reverse("letter_detail", args=[letter.pk])
