"""Uploaded files: checked, staged for their uploader, then attached to a record."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.persian.digits import natural
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.trail import audit

SIGNATURES: dict[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


def check_upload(upload: UploadedFile) -> str:
    """The content type of an acceptable upload, or a :class:`Refusal` that says what to do instead."""
    name = (upload.name or "").lower()
    ending = next((ending for ending in SIGNATURES if name.endswith(ending)), None)
    if ending is None:
        raise Refusal("این نوع فایل پذیرفته نمی‌شود؛ PDF، تصویر (JPG یا PNG)، Word یا Excel بفرستید.")
    if not upload.size:
        raise Refusal("این فایل خالی است؛ فایل دیگری برگزینید.")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise Refusal("اندازه فایل بیش از ۲۰ مگابایت است؛ نسخه کوچک‌تری بفرستید.")
    signature, content_type = SIGNATURES[ending]
    upload.seek(0)
    head = upload.read(len(signature))
    upload.seek(0)
    if head != signature:
        raise Refusal("محتوای این فایل با پسوند آن نمی‌خواند؛ آن را دوباره ذخیره کنید و بفرستید.")
    return content_type


def stage_file(upload: UploadedFile, *, actor: User, at: datetime) -> Attachment:
    """Keep an upload for its uploader, so that an error elsewhere in the form does not lose it."""
    content_type = check_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return Attachment.objects.create(
        file=upload,
        name=clean_text(upload.name or "")[:200],
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
        uploaded_at=at,
    )


def keep_content(content: bytes, *, name: str, content_type: str, actor: User, at: datetime) -> Attachment:
    """Keep a file that the portal made or has read already, for one person until it is attached."""
    return Attachment.objects.create(
        file=ContentFile(content, name=name),
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
        uploaded_at=at,
    )


@transaction.atomic
def attach(attachment: Attachment, *, root: models.Model, actor: User) -> Attachment:
    """Move a staged file of the actor's own to a record; the caller's audit entry names it."""
    locked = Attachment.objects.select_for_update(of=("self",), no_key=True).get(pk=attachment.pk)
    if locked.root_id is not None or locked.uploaded_by_id != actor.pk:
        raise Refusal("این فایل پیش از این پیوست شده است؛ آن را دوباره بارگذاری کنید.")
    locked.root_type, locked.root_id = audit.type_label(root), root.pk
    locked.save(update_fields=["root_type", "root_id"])
    return locked


def staged_file(pk: Any, *, actor: User) -> Attachment | None:
    """A staged file of the actor's own by the id that the form carried, or None."""
    key = natural(pk)
    if key is None:
        return None
    return Attachment.objects.filter(pk=key, uploaded_by=actor, root_id__isnull=True).first()
