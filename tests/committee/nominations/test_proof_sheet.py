"""The proof sheet as paper: complete, whole whatever was typed, over as many pages as it needs (C2, K3)."""

from dataclasses import replace
from typing import Any

import pytest

from committee.proof_sheet import ProofBallot, ProofCriterion, ProofNominee, ProofSheetData
from staff_portal.kernel.letters.rendering import query_template, render, render_pages, render_pdf
from tests.kernel.letters.samples import COMMON, FONT_DIR, ISSUED_AT


def sheet(**changes: Any) -> ProofSheetData:
    criteria = tuple(
        ProofCriterion(
            title=title,
            met_at_sealing=True,
            met_at_decision=title != "نماینده",
            sentence=f"{title} بررسی شد.",
        )
        for title in (
            "عضویت",
            "فعال‌بودن",
            "حوزه اجتماعی و فرهنگی",
            "پذیرش نامزدی",
            "نماینده",
            "نداشتن کرسی دیگر",
        )
    )
    nominee = ProofNominee(
        name="انجمن نمونه طلوع",
        membership_number="۱۴۰۴/۰۲۱۷",
        representative="سارا نمونه",
        consent="۳ آذر ۱۴۰۵، در سامانه",
        why="در سه سال گذشته با محله‌های جنوب شهر کار کرده است.",
        is_chosen=True,
        criteria=criteria,
    )
    ballot = ProofBallot(
        seat="ستاد سمن‌ها، کرسی ۱", voter="فریبا نمونه", weight="مشورتی", choice=nominee.name, cast_at="۳ آذر"
    )
    values: dict[str, Any] = {
        "round_title": "معرفی نامزد نماینده سمن‌ها، دور ۲",
        "term": "۱",
        "chosen": nominee.name,
        "chosen_representative": "سارا نمونه",
        "how": "تصمیم معاون امور اجتماعی و فرهنگی",
        "decided_on": "۱۷ آذر ۱۴۰۵",
        "decided_by": "کامران یزدانی",
        "reason": "پوشش بیشتر منطقه‌ها",
        "proposed_by": "مینا نمونه",
        "proposed_on": "۳ آذر ۱۴۰۵",
        "sealed_by": "مریم احمدی",
        "sealed_on": "۳ آذر ۱۴۰۵",
        "nominees": (nominee, replace(nominee, is_chosen=False), replace(nominee, is_chosen=False)),
        "ballots": (ballot, replace(ballot, voter="", choice="", cast_at=""), ballot, ballot),
    }
    return ProofSheetData(**COMMON, **(values | changes))


def test_it_is_a_pdf_of_two_pages_with_its_font_inside():
    content = render(sheet(), font_dir=FONT_DIR, at=ISSUED_AT)
    assert content.startswith(b"%PDF-")
    assert b"Vazirmatn" in content
    pages = render_pages(
        "proof_sheet", sheet().as_data(), font_dir=FONT_DIR, at=ISSUED_AT, pixels_per_inch=30
    )
    assert len(pages) == 2


def test_the_chosen_stands_on_it_as_it_is_named():
    name = '#pagebreak() $x$ *ستاره* "نام"'
    found = query_template("proof_sheet", sheet(chosen=name).as_data(), "<chosen>", font_dir=FONT_DIR)
    assert name in str(found[0]).replace('\\"', '"')


@pytest.mark.parametrize("reason", ["", "دلیل " * 380])
def test_without_a_reason_and_with_the_longest_it_is_whole(reason):
    assert render(sheet(reason=reason), font_dir=FONT_DIR, at=ISSUED_AT).startswith(b"%PDF-")


def test_markup_in_any_text_leaves_the_paper_whole():
    def spoil(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spoil(key, item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [spoil(name, item) for item in value]
        return f"{value} #panic() ]*$" if isinstance(value, str) and name != "qr_svg" else value

    data = spoil("", sheet().as_data())
    assert render_pdf("proof_sheet", data, font_dir=FONT_DIR, at=ISSUED_AT).startswith(b"%PDF-")
