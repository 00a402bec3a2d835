"""What the people of the office do, one function a piece of work, as they would click; with or without JavaScript.

Everything is found by what a person reads: labels, names of buttons and links. A function begins on the page where
the one before left the person, or at the work inbox.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from ngos.enums import REQUIRED_DOCUMENTS
from staff_portal.demo.people import PASSWORD

WORKER_MS = 90_000
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BOARD = (
    ("رئیس هیئت‌مدیره", "شیرین پاکزاد"),
    ("عضو هیئت‌مدیره", "بهرام روشن"),
    ("خزانه‌دار", "لادن مهرجو"),
)


def sign_in(page: Page, username: str) -> None:
    """Through the sign-in page, to the work inbox."""
    page.goto("/")
    page.get_by_label("نام کاربری").fill(username)
    page.get_by_label("گذرواژه").fill(PASSWORD)
    page.get_by_role("button", name="ورود", exact=True).click()
    expect(page).to_have_title("کارتابل · ستاد سمن‌ها")


def section(page: Page, name: str) -> None:
    """Go to a section by the rail, which on a phone is a drawer."""
    drawer = page.locator(".drawer > summary")
    if drawer.is_visible():
        drawer.click()
    page.get_by_role("navigation").get_by_role("link", name=name).first.click()


def step(page: Page) -> Locator:
    """The buttons of the page's head."""
    return page.locator(".page-head .actions")


def message(page: Page, words: str) -> None:
    expect(page.locator(".message.ok")).to_contain_text(words)


def take_task(page: Page, title: str) -> None:
    """Open something that waits in the work inbox."""
    page.goto("/")
    page.get_by_role("link", name=title).click()
    page.wait_for_load_state()  # keys are for the page with its scripts


def confirm_step(page: Page, label: str) -> None:
    """A step that asks first: its link, then the button of its page."""
    step(page).get_by_role("link", name=label).click()
    page.locator("form.confirm").get_by_role("button", name=label).click()


# --- the register ----------------------------------------------------------------------------------------


def upload_register(page: Page, register: Path, day: str) -> None:
    section(page, "ورود فهرست")
    page.locator("input[type=file]").set_input_files(register)
    page.get_by_role("textbox", name="تاریخ مبنا").fill(day)
    page.get_by_role("button", name="بارگذاری و بررسی").click()
    message(page, "بارگذاری شد")


def wait_for_worker(page: Page, wanted: Locator) -> None:
    """Until the worker is done: the bar leads on, or without JavaScript the page reloads itself."""
    result = page.get_by_role("link", name="دیدن نتیجه")
    expect(wanted.or_(result).first).to_be_visible(timeout=WORKER_MS)
    if result.count():
        result.click()
    expect(wanted).to_be_visible()


def import_register(page: Page) -> dict[str, Any]:
    """Preview, confirmation, progress, report; the report as the page hands it out."""
    confirm = page.get_by_role("button", name="تأیید و ورود")
    wait_for_worker(page, confirm)
    expect(page.locator("main")).to_contain_text("هنوز چیزی ثبت نشده است")
    confirm.click()
    message(page, "ورود فهرست آغاز شد")
    wait_for_worker(page, page.get_by_text("ورود پایان یافت"))
    with page.expect_download() as download:
        page.get_by_role("link", name="گزارش (JSON)").click()
    return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))


# --- the application ----------------------------------------------------------------------------------------


def find(page: Page, words: str, name: str) -> None:
    """Open an NGO found in the list."""
    section(page, "فهرست سمن‌ها")
    box = page.get_by_label("جست‌وجو در سمن‌ها")
    box.fill(words)
    box.press("Enter")
    page.locator("table").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def fill_form(page: Page, button: str, **fields: str) -> None:
    """Fill fields by their names and send the form."""
    form = page.locator("form.form, form.confirm")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    form.get_by_role("button", name=button).click()


def complete_file(page: Page, *, today: str, until: str) -> None:
    """Data, a licence in force, a board of three."""
    step(page).get_by_role("link", name="ویرایش").click()
    fill_form(
        page, "ذخیره", about="آموزش و همراهی مادران محله.", staff_count="۱۲", registration_office="تهران"
    )
    message(page, "ذخیره شد")
    page.get_by_role("link", name="پروانه تازه").click()
    fill_form(page, "ثبت پروانه", licensor="وزارت کشور", number="۱۲/۳۴۵", valid_until=until)
    message(page, "پروانه ثبت شد")
    for post, name in BOARD:
        page.get_by_role("link", name="مسئول تازه").click()
        fill_form(page, "ثبت مسئول", post=post, full_name=name, starts_on=today)
        message(page, "مسئول ثبت شد")


def upload_documents(page: Page) -> None:
    page.locator("nav.tabs").get_by_role("link", name="مدارک").click()
    for kind in REQUIRED_DOCUMENTS:
        page.get_by_role("link", name=f"بارگذاری {kind.label}").click()
        file = {"name": f"{kind.label}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        page.locator("#upload input[type=file]").set_input_files(file)
        page.locator("#upload").get_by_role("button", name="بارگذاری").click()
        message(page, "بارگذاری شد")


def submit(page: Page) -> None:
    confirm_step(page, "ارسال درخواست عضویت")
    message(page, "ارسال درخواست عضویت")
    expect(page.locator(".head-meta")).to_contain_text("ارسال‌شده")


def review(page: Page, name: str) -> None:
    """Another expert accepts the documents and takes the application up."""
    take_task(page, f"بررسی مدارک «{name}»")
    accept = page.get_by_role("button", name="پذیرش")
    for left in range(len(REQUIRED_DOCUMENTS), 0, -1):
        expect(accept).to_have_count(left)
        accept.first.click()
    message(page, "پذیرفته شد")
    take_task(page, f"بررسی درخواست عضویت «{name}»")
    confirm_step(page, "آغاز بررسی")
    message(page, "آغاز بررسی")


def approve(page: Page, name: str) -> None:
    take_task(page, f"تأیید عضویت «{name}»")
    confirm_step(page, "تأیید عضویت")
    message(page, "تأیید عضویت")
    expect(page.locator(".head-meta")).to_contain_text("عضو")


# --- letters -------------------------------------------------------------------------------------------------


def letter_check(page: Page, subject: str) -> str:
    """Download the letter of an NGO's record and return the address at which anybody may check it."""
    page.locator("nav.tabs").get_by_role("link", name="نامه‌ها").click()
    page.locator(".letter-card").get_by_role("link", name=subject).click()
    address = page.get_by_role("link", name="دریافت PDF").get_attribute("href")
    response = page.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    assert response.body().startswith(b"%PDF")
    assert len(response.body()) > 5_000
    return page.get_by_role("link", name="صفحه عمومی راستی‌آزمایی").get_attribute("href")


def check_as_anybody(new_page: Callable[..., Page], address: str, *words: str, **options: Any) -> None:
    """A stranger follows the letter's QR."""
    page = new_page(width=390, height=844, **options)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("معتبر")
    for said in words:
        expect(page.locator("main")).to_contain_text(said)
    assert page.context.cookies() == []


# --- the assessment -------------------------------------------------------------------------------------------


def plan_assessment(page: Page, name: str, assessors: tuple[str, str]) -> None:
    section(page, "ظرفیت‌سنجی")
    page.get_by_role("link", name="برنامه‌ریزی ظرفیت‌سنجی").first.click()
    box = page.get_by_role("searchbox", name="جست‌وجوی سمن")
    box.fill(name)
    box.press("Enter")
    page.locator("#ngo-results").get_by_role("link", name=name).click()
    for assessor in assessors:
        page.get_by_label(assessor).check()
    page.get_by_role("button", name="برنامه‌ریزی").click()
    message(page, "برنامه‌ریزی شد")
    step(page).get_by_role("button", name="آغاز امتیازدهی").click()
    message(page, "آغاز امتیازدهی")


def score_by_keyboard(page: Page, name: str, many: int) -> None:
    """Value 3 everywhere without touching the mouse: a digit, Enter, the next indicator; each is saved at once."""
    take_task(page, f"امتیازدهی «{name}»")
    page.get_by_role("link", name="شاخص بی‌امتیاز بعدی").press("Enter")
    for _ in range(many):
        with page.expect_response("**/score/save/") as saved:
            page.keyboard.press("Digit3")
        assert saved.value.ok
        page.keyboard.press("Enter")
    expect(page.locator("#desk-progress")).to_contain_text("کامل")


def score_by_hand(page: Page, name: str, titles: list[str], low: str) -> None:
    """Value 3 for all indicators but one, which gets nothing; kept by the button of the sheet."""
    take_task(page, f"امتیازدهی «{name}»")
    for title in titles:
        value = 0 if title == low else 3
        page.get_by_role("group", name=title, exact=True).locator(f"input[value='{value}']").check()
    page.get_by_role("button", name="ذخیره", exact=True).last.click()
    expect(page.locator("#desk-progress")).to_contain_text("کامل")


def send_scores(page: Page, name: str) -> None:
    """The complete sheet is sent; from then on it does not change."""
    take_task(page, f"امتیازدهی «{name}»")
    page.locator("#submit").get_by_role("link", name="ارسال امتیازها").click()
    page.locator("form.confirm").get_by_role("button", name="ارسال امتیازها").click()
    message(page, "ارسال امتیازها")


def moderate(page: Page, name: str, title: str, value: str) -> None:
    """A value with its reason for the one differing indicator, then the end of moderation."""
    take_task(page, f"هم‌سنجی «{name}»")
    expect(page.locator(".disagreement")).to_have_count(1)
    page.get_by_label(f"مقدار {title}").select_option(label=value)
    page.get_by_label(f"دلیل {title}").fill("صورتجلسه‌ها با هر دو ارزیاب بازبینی شد.")
    page.get_by_role("button", name="ذخیره مقدارها").click()
    message(page, "هم‌سنجی شد")
    step(page).get_by_role("button", name="پایان هم‌سنجی").click()
    message(page, "پایان هم‌سنجی")


def confirm_grade(page: Page, name: str) -> None:
    take_task(page, f"تأیید سطح «{name}»")
    page.locator("form.confirm").get_by_role("button", name="تأیید سطح").click()
    message(page, "کارنامه صادر شد")


def read_grade(page: Page, address: str, *words: str) -> None:
    """The grade explains itself on the record."""
    page.goto(address)
    page.locator("nav.tabs").get_by_role("link", name="ظرفیت‌سنجی").click()
    for said in words:
        expect(page.locator("main")).to_contain_text(said)
