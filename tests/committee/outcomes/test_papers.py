"""C8, C9: the announcement and the minutes on paper, without a warning of Typst, however much there is to print."""

from dataclasses import replace
from typing import Any

import pytest

from committee.announcement import AnnouncementData, SideSignature
from committee.enums import ItemKind
from committee.minutes_letter import MemberSignature, MinutesData
from committee.minutes_text import Item, content_hash, write
from staff_portal.kernel.letters.contracts import Copy, Document, Signature
from staff_portal.kernel.letters.rendering import TEMPLATE_DIR, query_template, render, render_pages
from tests.committee.outcomes.facts import facts, vote
from tests.kernel.letters.samples import COMMON, FONT_DIR, ISSUED_AT

TEXT = (
    "فضاهای محله‌ای شهرداری با معرفی ستاد سمن‌ها در اختیار سمن‌های عضو گذاشته می‌شود.",
    "واحدهای معاونت فهرست فضاهای آماده را هر سه ماه یک بار به دبیرخانه کمیته می‌فرستند.",
)


def announcement(**changes: Any) -> AnnouncementData:
    """A complete announcement; the deputy's delegate signed for it."""
    values: dict[str, Any] = {
        "addressee": "واحدها و سمن‌های مخاطب این مصوبه",
        "subject": "ابلاغ مصوبه «سیاست واگذاری فضاهای محله‌ای»",
        "opening": "کمیته مشترک در جلسه شماره ۳ مورخ ۳ آذر ۱۴۰۵ مصوبه زیر را تصویب کرد:",
        "resolution_number": "۱۴۰۵/م/۷",
        "adopted_on": "۳ آذر ۱۴۰۵",
        "title": "سیاست واگذاری فضاهای محله‌ای",
        "paragraphs": TEXT,
        "closing": "مراتب برای اجرا ابلاغ می‌شود؛ دبیرخانه کمیته اجرای آن را پیگیری می‌کند.",
        "sides": (
            SideSignature(
                side="از سوی ستاد سمن‌ها",
                signature=Signature(name="مریم احمدی", post="رئیس ستاد سمن‌ها"),
                signed_on="۴ آذر ۱۴۰۵",
            ),
            SideSignature(
                side="از سوی معاونت",
                signature=Signature(
                    name="زهرا کریمی",
                    post="مدیرکل حوزه معاونت",
                    on_behalf_of="کامران یزدانی، معاون امور اجتماعی و فرهنگی",
                ),
                signed_on="۵ آذر ۱۴۰۵",
            ),
        ),
        "copies": (
            Copy(to="اعضای کمیته مشترک", purpose="جهت استحضار"),
            Copy(to="دبیرخانه کمیته مشترک", purpose="جهت پیگیری"),
        ),
    }
    return AnnouncementData(**COMMON | {"number": "۱۴۰۵/ب/۷"}, **(values | changes))


def minutes(content: dict[str, Any] | None = None, **changes: Any) -> MinutesData:
    """Complete minutes: three signed, one of them with a dissent, one did not."""
    cells = [
        MemberSignature(
            name=row["name"],
            post=row["post"],
            behalf=row["behalf"],
            is_signed=place != 1,
            status="امضا شد" if place != 1 else "امضا نشد",
            signed_on="۱۲ آذر ۱۴۰۵" if place != 1 else "",
            dissent="با مهلت یک‌ماهه موافق نبودم." if place == 2 else "",
        )
        for place, row in enumerate(write(facts())["present"])
    ]
    body = content or write(facts())
    values = {"content": body, "content_hash": content_hash(body), "signatures": tuple(cells)}
    signature = Signature(name="نرگس توکلی", post="دبیر کمیته مشترک")
    common = COMMON | {"number": "۱۴۰۵/ص/۳", "signature": signature}
    return MinutesData(**common, **(values | changes))


def pages(document: Document) -> list[bytes]:
    return render_pages(
        document.TEMPLATE, document.as_data(), font_dir=FONT_DIR, at=ISSUED_AT, pixels_per_inch=30
    )


def found(document: Document, selector: str) -> list[dict[str, Any]]:
    return query_template(document.TEMPLATE, document.as_data(), selector, font_dir=FONT_DIR)


@pytest.mark.parametrize("document", [announcement(), minutes()], ids=lambda document: document.TEMPLATE)
def test_each_paper_is_a_pdf_with_its_font_inside(document: Document) -> None:
    """A warning of Typst would be an error."""
    assert (TEMPLATE_DIR / f"{document.TEMPLATE}.typ").is_file()
    content = render(document, font_dir=FONT_DIR, at=ISSUED_AT)
    assert content.startswith(b"%PDF-")
    assert b"Vazirmatn" in content


def test_the_announcement_has_two_signatures_beside_each_other_on_one_page() -> None:
    assert len(pages(announcement())) == 1
    assert len(found(announcement(), "<side>")) == 2


def test_a_long_resolution_runs_over_pages_with_its_two_signatures_once() -> None:
    long = announcement(paragraphs=("واحدهای معاونت فهرست فضاهای آماده را می‌فرستند. " * 14,) * 14)
    assert len(pages(long)) >= 3
    assert len(found(long, "<side>")) == 2
    assert len(found(long, "<paragraph>")) == 14


def test_markup_in_the_texts_is_only_text() -> None:
    evil = '#pagebreak() $x^2$ *ستاره* @ref \\ // توضیح "] [" <a> `کد` = عنوان'
    paper = announcement(paragraphs=(evil,), title=evil, opening=evil)
    assert len(pages(paper)) == 1
    item = Item(
        key=1, kind=ItemKind.DISCUSSION, title=evil, discussion=evil, votes=(vote(title=evil, text=evil),)
    )
    content = write(facts(items=(item,)))
    assert not found(minutes(content), "math.equation") and not found(minutes(content), "heading")


@pytest.mark.parametrize("items", [0, 1, 12, 40])
def test_minutes_print_however_long_the_agenda(items: int) -> None:
    listed = tuple(
        Item(
            key=place,
            kind=ItemKind.MOTION,
            title=f"دستور شماره {place}",
            discussion="اعضا درباره این دستور گفت‌وگو کردند.\nسپس رأی گرفته شد.",
            votes=(vote(number=place + 1),),
        )
        for place in range(items)
    )
    assert len(pages(minutes(write(facts(items=listed))))) >= (1 if items < 12 else 3)


def test_the_signature_grid_says_who_signed_and_who_did_not() -> None:
    paper = minutes()
    statuses = [cell.status for cell in paper.signatures]
    assert statuses == ["امضا شد", "امضا نشد", "امضا شد", "امضا شد"]
    assert len(pages(paper)) <= 3
    nobody = replace(paper, signatures=())
    assert len(pages(nobody)) >= 1
