"""From the office's Excel file to the verified certificate and the explained grade, as the office clicks (step 1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ngos.models import Framework, Indicator, Ngo, RegisterImport
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from tests.factories import ngos as made
from tests.journeys import office
from tests.ngos.register_samples import REGISTER, expected

pytestmark = pytest.mark.browser

REGISTER_DAY = "۱۴۰۵/۹/۳"
#: row 35 of the register, as the portal writes it and as an Arabic keyboard does
NAME, ARABIC_NAME = "مجمع رهپویان مادران رویش", "مجمع رهپويان مادران رويش"
NATIONAL_ID, ARABIC_ID = "10390180175", "١٠٣٩٠١٨٠١٧٥"
LOW = "برنامه سالانه"


def assert_as_expected(report: dict[str, Any]) -> None:
    """What the page reports is what stands beside the sample register, row by row."""
    wanted = expected()
    assert report["created"] == Ngo.objects.count() == wanted["accepted"]
    assert {str(line["row"]): line["code"] for line in report["rejected"]} == wanted["rejected"]
    assert {str(line["row"]) for line in report["duplicates"]} == wanted["duplicate_of"].keys()
    assert {str(line["row"]): line["code"] for line in report["warned"]} == wanted["warned"]


def apply_for_membership(page: Page) -> None:
    today = timezone.localdate()
    until = format_jalali(today + timedelta(days=400))
    office.complete_file(page, today=format_jalali(today), until=until)
    office.upload_documents(page)
    office.submit(page)


def membership_number() -> str:
    ngo = Ngo.objects.get(national_id=NATIONAL_ID)
    assert ngo.state == "member"
    return to_persian_digits(ngo.membership_number)


def test_from_the_excel_file_to_certificate_and_grade(
    desks: Callable[..., Page],
    new_page: Callable[..., Page],
    framework: Framework,
    celery_worker_process: Any,
) -> None:
    expert, reviewer, manager = desks("hq.expert"), desks("hq.expert2"), desks("hq.manager")

    office.upload_register(expert, REGISTER, REGISTER_DAY)
    assert_as_expected(office.import_register(expert))
    expect(expert.locator("main")).to_contain_text("۵۹۰")
    office.find(expert, ARABIC_ID, NAME)
    office.find(expert, ARABIC_NAME, NAME)
    address = expert.url

    apply_for_membership(expert)
    office.review(reviewer, NAME)
    office.approve(manager, NAME)
    certificate = office.letter_check(manager, "گواهی عضویت")
    office.check_as_anybody(new_page, certificate, NAME, membership_number())

    titles = list(Indicator.objects.filter(dimension__framework=framework).values_list("title", flat=True))
    office.plan_assessment(expert, NAME, ("نسرین فلاح", "کاوه مقدم"))
    office.score_by_keyboard(desks("hq.assessor1"), NAME, len(titles))
    office.send_scores(desks("hq.assessor1"), NAME)
    office.score_by_hand(desks("hq.assessor2"), NAME, titles, LOW)
    office.send_scores(desks("hq.assessor2"), NAME)
    office.moderate(reviewer, NAME, LOW, "۲")
    office.confirm_grade(manager, NAME)

    # 3 of 4 is 75; one indicator at 2 costs 25 · 10/100 (its dimension) · 3/10 (its weight there) = 0.75
    office.read_grade(
        manager,
        address,
        "سطح ۲ – توسعه‌یافته",
        "امتیاز کل ۷۴٫۲۵ از ۱۰۰",
        "«برنامه‌ریزی و راهبرد»: امتیاز ۶۷٫۵",
        "تا سطح ۱ – ممتاز، ۱۰٫۷۵ امتیاز مانده است",
    )
    sheet = office.letter_check(manager, "کارنامه")
    office.check_as_anybody(new_page, sheet, NAME)


def test_the_same_without_javascript(
    desks: Callable[..., Page],
    new_page: Callable[..., Page],
    people: dict[str, User],
    celery_worker_process: Any,
) -> None:
    plain = {"javascript": False, "width": 390}
    expert, reviewer, manager = (
        desks(username, **plain) for username in ("hq.expert", "hq.expert2", "hq.manager")
    )
    made.published(people["hq.expert"], people["hq.manager"], at=timezone.now())

    office.upload_register(expert, REGISTER, REGISTER_DAY)
    assert_as_expected(office.import_register(expert))
    office.find(expert, ARABIC_NAME, NAME)
    address = expert.url

    apply_for_membership(expert)
    office.review(reviewer, NAME)
    office.approve(manager, NAME)
    certificate = office.letter_check(manager, "گواهی عضویت")
    office.check_as_anybody(new_page, certificate, NAME, membership_number(), javascript=False)

    titles = ["شاخص g1", "شاخص g2", "شاخص f1"]
    office.plan_assessment(expert, NAME, ("نسرین فلاح", "کاوه مقدم"))
    for username, low in (("hq.assessor1", ""), ("hq.assessor2", "شاخص g2")):
        office.score_by_hand(desks(username, **plain), NAME, titles, low)
        office.send_scores(desks(username, **plain), NAME)
    office.moderate(reviewer, NAME, "شاخص g2", "۲")
    office.confirm_grade(manager, NAME)

    # governance 62.5 · 60 % + finance 75 · 40 %
    office.read_grade(manager, address, "سطح ۳ – در حال توسعه", "امتیاز کل ۶۷٫۵ از ۱۰۰")
    assert RegisterImport.objects.get().state == "done"
