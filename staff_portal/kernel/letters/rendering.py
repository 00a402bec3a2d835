"""Letters as PDF by Typst: from a template and ready texts to bytes (K3, design pages 5 and 6).

The texts reach Typst as JSON by `sys.inputs` and are never part of its source, so markup in them is only
text. What each template expects stands in `contracts`. Rendering is pure: the same arguments give the same
bytes, in every process.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from .contracts import CertificateData, Document, GradeSheetData, OfficialLetterData

TEMPLATE_DIR = Path(__file__).resolve().parents[3] / "templates" / "letters"
TEMPLATES = tuple(contract.TEMPLATE for contract in (OfficialLetterData, CertificateData, GradeSheetData))
FONT_FAMILY = "Vazirmatn"
PDF_STANDARD = "a-2b"
"""PDF/A, because letters are kept: fonts inside, nothing fetched, same look in thirty years."""


class RenderError(Exception):
    """Typst refused or warned (a font is missing, a template is broken); for the log, not for the reader."""


def render(document: Document, *, font_dir: Path, at: datetime) -> bytes:
    """The PDF of a document, by the template its contract names; see `render_pdf`."""
    return render_pdf(document.TEMPLATE, document.as_data(), font_dir=font_dir, at=at)


def render_pdf(
    template: str, data: Mapping[str, Any], *, font_dir: Path, at: datetime, template_dir: Path = TEMPLATE_DIR
) -> bytes:
    """The PDF of `<template>.typ` filled with `data`.

    `font_dir` holds the static Vazirmatn files; fonts of the machine are not used. `at` (aware) is the moment
    the letter was issued and becomes the file's date. Raises `RenderError`, also for a mere warning of Typst.
    """
    return _compile(template, data, font_dir, at, template_dir, format="pdf", pdf_standards=[PDF_STANDARD])[0]


def render_pages(
    template: str,
    data: Mapping[str, Any],
    *,
    font_dir: Path,
    at: datetime,
    pixels_per_inch: int = 96,
    template_dir: Path = TEMPLATE_DIR,
) -> list[bytes]:
    """The same pages as PNG images, one each; for a preview on the screen. Raises `RenderError`."""
    return _compile(template, data, font_dir, at, template_dir, format="png", ppi=float(pixels_per_inch))


def query_template(
    template: str,
    data: Mapping[str, Any],
    selector: str,
    *,
    font_dir: Path,
    template_dir: Path = TEMPLATE_DIR,
) -> list[dict[str, Any]]:
    """What a Typst selector such as `<paragraph>` finds in the filled template, as Typst describes it."""
    try:
        compiler = _compiler(template, data, font_dir, template_dir)
        found: list[dict[str, Any]] = json.loads(compiler.query(selector))
    except typst.TypstError as error:
        raise _refusal(template, error) from error
    return found


def _compile(
    template: str, data: Mapping[str, Any], font_dir: Path, at: datetime, template_dir: Path, **options: Any
) -> list[bytes]:
    if at.tzinfo is None:
        raise ValueError("at must be aware")
    try:
        compiler = _compiler(template, data, font_dir, template_dir)
        output, warnings = compiler.compile_with_warnings(timestamp=int(at.timestamp()), **options)
    except typst.TypstError as error:
        raise _refusal(template, error) from error
    if warnings:
        raise RenderError(f"{template}: " + "; ".join(warning.message for warning in warnings))
    pages = output if isinstance(output, list) else [output]
    return [page for page in pages if page is not None]


def _compiler(template: str, data: Mapping[str, Any], font_dir: Path, template_dir: Path) -> typst.Compiler:
    source = template_dir / f"{template}.typ"
    if not template.replace("_", "").isalnum() or not source.is_file():
        raise RenderError(f"there is no template {template!r}")
    return typst.Compiler(
        source,
        root=template_dir,
        font_paths=_fonts(font_dir),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


@lru_cache(maxsize=4)
def _fonts(font_dir: Path) -> typst.Fonts:
    """The fonts, read once per process and directory; a failure is not remembered and may be mended."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[font_dir])
    if FONT_FAMILY not in fonts.families():
        raise RenderError(f"the font {FONT_FAMILY} is missing in {font_dir}; build the assets first")
    return fonts


def _refusal(template: str, error: typst.TypstError) -> RenderError:
    return RenderError(f"{template}: {error.message} {' '.join(error.hints)}".strip())
