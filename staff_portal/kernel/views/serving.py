"""Sending a stored file: pictures and PDF open in the browser, everything else is saved; nothing in it can act."""

from typing import Any

from django.http import FileResponse

INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})
SANDBOX = "default-src 'none'; img-src 'self'; frame-ancestors 'none'; sandbox"
# Browsers open no PDF in a sandbox; a PDF is no markup of this site, and the viewer may use its plug-in alone.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def serve_file(
    stored: Any, *, name: str, content_type: str, cache: str, always_save: bool = False
) -> FileResponse:
    """The stored file under ``name``; ``cache`` is what may be kept of it."""
    is_shown = content_type in INLINE and not always_save
    response = FileResponse(
        stored.open("rb"), as_attachment=not is_shown, filename=name, content_type=content_type
    )
    response["Content-Security-Policy"] = PDF_POLICY if content_type == "application/pdf" else SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = cache
    return response
