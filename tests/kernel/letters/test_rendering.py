"""PDF pages (design pages 5, 6 and 9): texts stay texts, warnings are errors, long papers break properly."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typst

from staff_portal.kernel.letters.contracts import Document
from staff_portal.kernel.letters.rendering import (
    TEMPLATE_DIR,
    TEMPLATES,
    RenderError,
    query_template,
    render,
    render_pages,
    render_pdf,
)

from .samples import FONT_DIR, ISSUED_AT, certificate, grade_sheet, official_letter

EVIL = '#pagebreak() $x^2$ *ستاره* _خط_ @ref \\ // توضیح "] [" <a> `کد` = عنوان /* - + ~ \\u{41} https://a.example'


def pdf(document: Document) -> bytes:
    return render(document, font_dir=FONT_DIR, at=ISSUED_AT)


def pages(document: Document) -> list[bytes]:
    return render_pages(
        document.TEMPLATE, document.as_data(), font_dir=FONT_DIR, at=ISSUED_AT, pixels_per_inch=30
    )


def found(document: Document, selector: str) -> list[dict[str, Any]]:
    return query_template(document.TEMPLATE, document.as_data(), selector, font_dir=FONT_DIR)


def texts(element: object) -> list[str]:
    """Every text node below an element, in order: markup that was evaluated would be split over several."""
    if isinstance(element, list):
        return [text for item in element for text in texts(item)]
    if not isinstance(element, dict):
        return []
    if element.get("func") == "text":
        return [element["text"]]
    return [text for item in element.values() for text in texts(item)]


@pytest.mark.parametrize(
    "document", [official_letter(), certificate(), grade_sheet()], ids=lambda d: d.TEMPLATE
)
def test_each_paper_is_a_pdf_with_its_font_inside(document: Document) -> None:
    content = pdf(document)
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    assert b"Vazirmatn" in content
    assert b"/Lang" in content


def test_every_contract_has_its_template() -> None:
    assert all((TEMPLATE_DIR / f"{name}.typ").is_file() for name in TEMPLATES)


def test_the_same_data_gives_the_same_bytes_in_another_process_too() -> None:
    script = (
        "import hashlib; from tests.kernel.letters.test_rendering import pdf, official_letter;"
        "print(hashlib.sha256(pdf(official_letter())).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == hashlib.sha256(pdf(official_letter())).hexdigest()


def test_other_data_and_another_moment_give_other_bytes() -> None:
    letter = official_letter()
    assert pdf(letter) != pdf(replace(letter, number="۱۴۰۵/ع/۱۳"))
    later = ISSUED_AT.replace(hour=9)
    assert pdf(letter) != render(letter, font_dir=FONT_DIR, at=later)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        render(official_letter(), font_dir=FONT_DIR, at=datetime(2026, 11, 24))


def test_markup_in_a_paragraph_is_only_text() -> None:
    letter = official_letter(paragraphs=(EVIL, "نیم‌فاصله می‌ماند"))
    assert [texts(element) for element in found(letter, "<paragraph>")] == [[EVIL], ["نیم‌فاصله می‌ماند"]]
    assert not found(letter, "heading") and not found(letter, "math.equation") and not found(letter, "link")
    assert len(pages(letter)) == 1


def test_markup_in_the_name_of_an_ngo_is_only_text() -> None:
    assert texts(found(certificate(ngo_name=EVIL), "<ngo-name>")) == [EVIL]


@pytest.mark.parametrize("make", [official_letter, certificate, grade_sheet])
def test_markup_in_any_text_leaves_the_paper_whole(make: Any) -> None:
    def spoil(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spoil(key, item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [spoil(name, item) for item in value]
        is_text = isinstance(value, str) and name != "qr_svg" and not name.endswith("_percent")
        return f"{value} #panic() ]*$" if is_text else value

    data = spoil("", make().as_data())
    assert render_pdf(make().TEMPLATE, data, font_dir=FONT_DIR, at=ISSUED_AT).startswith(b"%PDF-")


def test_a_missing_font_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="Vazirmatn"):
        render(official_letter(), font_dir=tmp_path, at=ISSUED_AT)


def test_any_warning_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "odd.typ").write_text('#set text(font: "A Font That Is Not There")\nمتن', encoding="utf-8")
    with pytest.raises(RenderError, match="a font that is not there"):
        render_pdf("odd", {}, font_dir=FONT_DIR, at=ISSUED_AT, template_dir=tmp_path)
    with pytest.raises(RenderError):
        render_pages("odd", {}, font_dir=FONT_DIR, at=ISSUED_AT, template_dir=tmp_path)


def test_missing_data_and_unknown_templates_are_errors() -> None:
    data = official_letter().as_data()
    del data["subject"]
    with pytest.raises(RenderError, match="subject"):
        render_pdf("letter", data, font_dir=FONT_DIR, at=ISSUED_AT)
    for template in ("none", "../letters/letter", "", "/etc/passwd"):
        with pytest.raises(RenderError, match="no template"):
            render_pdf(template, data, font_dir=FONT_DIR, at=ISSUED_AT)


def test_a_template_reads_no_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "odd.typ").write_text('#read("../secret.txt")')
    with pytest.raises(RenderError):
        render_pdf("odd", {}, font_dir=FONT_DIR, at=ISSUED_AT, template_dir=folder)


def test_a_long_letter_runs_over_pages_and_keeps_one_signature() -> None:
    letter = official_letter(paragraphs=("بازگشت به نامه یادشده، پرونده بررسی شد. " * 12,) * 12)
    assert len(pages(letter)) >= 3
    assert len(found(letter, "<paragraph>")) == 12


def test_a_very_long_name_keeps_the_certificate_on_one_page() -> None:
    name = "مؤسسه حمایت از کودکان و خانواده‌های جنوب شهر تهران " * 6
    assert (
        len(pages(certificate(ngo_name=name, note="اعتبار گواهی وابسته به عضویت است.", field="کودکان"))) == 1
    )


def test_the_grade_sheet_shows_the_grade_on_one_page_and_the_indicators_after_it() -> None:
    assert len(pages(grade_sheet(gaps=(), indicator_groups=()))) == 1
    assert len(pages(grade_sheet(indicators=1))) == 2
    assert len(pages(grade_sheet(dimensions=8, indicators=30))) >= 6


def test_long_tables_repeat_their_heading() -> None:
    sheet = grade_sheet(dimensions=2, indicators=60)
    assert len(found(sheet, "<table-head>")) == len(pages(sheet)) - 1


@pytest.mark.parametrize("sentences", range(0, 15, 2))
def test_the_sheet_settles_however_much_there_is_to_explain(sentences: int) -> None:
    """Where the signature falls decides about the page break, which must not move the signature in turn."""
    sheet = grade_sheet(indicators=2, explanation=("امتیاز کل میانگین وزنی بُعدها است.",) * sentences)
    assert len(pages(sheet)) in (2, 3)


def test_page_numbers_are_persian_and_count_all_pages() -> None:
    """The footer's own function, asked on a paper of two pages."""
    source = (
        '#import "common.typ": *\n#set text(font: "Vazirmatn", lang: "fa", dir: rtl)\n'
        "#let line = context [#metadata((persian-number(counter(page).get().first()),"
        " persian-number(counter(page).final().first())))<numbers>]\n"
        "#line\n#pagebreak()\n#page-count-line()#line"
    )
    compiler = typst.Compiler(source.encode(), root=TEMPLATE_DIR, font_paths=[FONT_DIR])
    assert json.loads(compiler.query("<numbers>", field="value")) == [["۱", "۲"], ["۲", "۲"]]


def test_a_level_without_bars_gates_or_gaps_still_prints() -> None:
    sheet = grade_sheet(
        level="فاقد شرایط معرفی",
        level_label="",
        is_introducible=False,
        next_level="",
        next_level_percent="",
        gates=(),
        gaps=(),
        floors=(),
        explanation=(),
        indicator_groups=(),
        assessors=(),
    )
    bare = replace(sheet, dimensions=(replace(sheet.dimensions[0], score="–", score_percent=""),))
    assert len(pages(bare)) == 1
