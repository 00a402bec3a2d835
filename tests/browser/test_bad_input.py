"""Bad input gets a sentence and loses nothing: days that are none, wrong identifiers, files that are no register."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ngos.models import Ngo, RegisterImport
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_ascii_digits
from tests.ngos.importing.support import register, rows
from tests.ngos.register_samples import SHEET_PART, rewritten, workbook

pytestmark = pytest.mark.browser

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def field(page: Page, name: str) -> Any:
    return page.locator(f"form.form [name={name}]")


def described(page: Page, name: str) -> str:
    """What a screen reader says with the field besides its label."""
    return field(page, name).evaluate(
        """field => (field.getAttribute("aria-describedby") ?? "").split(" ")
             .map((id) => document.getElementById(id)?.textContent ?? "").join(" ")"""
    )


WRONG = {
    "national_id": ("10390180176", "شناسه ملی"),
    "registered_on": ("۱۴۰۴/۱۲/۳۰", "۱۴۰۴"),
    "registration_number": ("الف۱۲", "شماره ثبت"),
    "phone": ("۱۲۳", "تلفن"),
    "mobile": ("۰۹۱۲۳", "همراه"),
    "email": ("someone", "name@example.ir"),
    "postal_code": ("۱۲۳", "کد پستی"),
    "sheba": ("IR120170000000000000000001", "شبا"),
}
RIGHT = {"name": "انجمن چراغ کتاب", "about": "کتابخانه محله", "address": "تهران، خیابان کارگر"}


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "plain"])
def test_days_and_identifiers_that_are_none(
    expert: User, new_page: Callable[..., Page], browser_watch: Any, javascript: bool
) -> None:
    browser_watch.allow(r"status of 422")
    page = new_page(expert, javascript=javascript)
    page.goto("/ngos/new/")
    for name, (value, _) in WRONG.items():
        field(page, name).fill(value)
    for name, value in RIGHT.items():
        field(page, name).fill(value)
    field(page, "district").select_option(label="منطقه ۶")
    page.get_by_role("button", name="ثبت پرونده").click()
    expect(page.locator(".error-summary")).to_be_visible()
    for name, (value, words) in WRONG.items():
        assert words in described(page, name), name
        assert field(page, name).get_attribute("aria-invalid") == "true", name
        assert to_ascii_digits(field(page, name).input_value()) == to_ascii_digits(value)
    for name, value in RIGHT.items():
        expect(field(page, name)).to_have_value(value)
    expect(field(page, "district").locator("option:checked")).to_have_text("منطقه ۶")
    assert not Ngo.objects.exists()


def test_a_wrong_national_id_is_said_while_typing(
    expert: User, draft: Ngo, new_page: Callable[..., Page]
) -> None:
    page = new_page(expert)
    page.goto("/ngos/new/")
    live = page.locator("#check-national_id")
    field(page, "national_id").fill("10390180176")
    expect(live).to_contain_text("شناسه ملی")
    field(page, "national_id").fill(draft.national_id)
    expect(live.get_by_role("link", name=draft.name)).to_be_visible()
    field(page, "national_id").fill("10390180175")
    expect(live).to_contain_text("شناسه ملی درست است")


def million_empty_rows() -> bytes:
    empty = b"".join(b'<row r="%d"/>' % number for number in range(5, 1_048_577))
    return rewritten(register(rows(2)), lambda part: part.replace(b"</sheetData>", empty + b"</sheetData>"))


def false_dimension() -> bytes:
    return rewritten(register(rows(2)), lambda part: part.replace(b'ref="A1:F3"', b'ref="A1:XFD1048576"'))


def unpacked_gigabyte() -> bytes:
    """About a megabyte that unpacks to a gigabyte, row after row."""
    stream = io.BytesIO()
    source = register(rows(1))
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(old.read(name))
                for _ in range(1024 if name == SHEET_PART else 0):
                    part.write(b"<row/>" + b" " * (1024 * 1024 - 6))
    return stream.getvalue()


BAD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "تصویر.xlsx": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "صفحه‌گسترده نیست"),
    "بی‌عنوان.xlsx": (lambda: workbook(("الف", "ب"), ("۱", "۲")), "عنوان"),
    "رمزدار.xlsx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "فایل رمز دارد"),
    "قدیمی.xls": (lambda: OLE, "xlsx یا csv"),
    "بریده.xlsx": (lambda: register(rows(40))[:3000], "آسیب دیده"),
    "گیگابایت.xlsx": (unpacked_gigabyte, "بیش از اندازه بزرگ می‌شود"),
    "خالی.xlsx": (lambda: bytes(10), "فایل خالی است"),
}


def choose(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="بارگذاری و بررسی").click()


def test_files_that_are_no_register(expert: User, new_page: Callable[..., Page], browser_watch: Any) -> None:
    browser_watch.allow(r"status of 4(09|22)")
    page = new_page(expert)
    page.goto("/ngos/import/")
    page.get_by_role("textbox", name="تاریخ مبنا").fill("۱۴۰۵/۹/۱")
    for name, (content, words) in BAD_FILES.items():
        choose(page, name, content())
        expect(page.locator(".upload .field-error")).to_contain_text(words)
        assert to_ascii_digits(page.get_by_role("textbox", name="تاریخ مبنا").input_value()) == "1405/9/1"
    assert not RegisterImport.objects.exists()


@pytest.mark.parametrize("content", [million_empty_rows, false_dimension], ids=lambda made: made.__name__)
def test_files_made_to_hurt_are_taken_all_the_same(
    expert: User, new_page: Callable[..., Page], content: Callable[[], bytes]
) -> None:
    page = new_page(expert)
    page.goto("/ngos/import/")
    choose(page, "فهرست.xlsx", content())
    expect(page.locator(".message.ok")).to_contain_text("بارگذاری شد")
    assert RegisterImport.objects.get().state == "uploaded"
