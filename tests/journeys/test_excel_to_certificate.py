"""From the office's Excel file to the verified certificate and the explained grade, as the office clicks (step 1)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ngos.models import Framework, Indicator, Ngo, Score
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.jalali import format_jalali
from tests.journeys import office
from tests.journeys.office import Member
from tests.ngos.register_samples import REGISTER, expected

pytestmark = pytest.mark.browser

#: row 35 of the sample register, once as the portal writes it and once as an Arabic keyboard does
NAME, ARABIC_NAME = "مجمع رهپویان مادران رویش", "مجمع رهپويان مادران رويش"
NATIONAL_ID = "10390180175"
ARABIC_ID = NATIONAL_ID.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
REGISTER_DAY = "۱۴۰۵/۹/۳"


@pytest.fixture
def desks(new_page: Callable[..., Page], people: dict[str, User], request: Any) -> Callable[[str], Page]:
    """The desk of each person: a browser of their own in which they have signed in once."""
    pages: dict[str, Page] = {}
    javascript = getattr(request, "param", True)

    def at(username: str) -> Page:
        if username not in pages:
            pages[username] = new_page(javascript=javascript)
            office.sign_in(pages[username], username)
        return pages[username]

    return at


def test_from_the_excel_file_to_certificate_and_grade(
    desks: Callable[[str], Page],
    new_page: Callable[..., Page],
    people: dict[str, User],
    framework: Framework,
    celery_worker_process: Any,
) -> None:
    expert, reviewer, manager = desks("hq.expert"), desks("hq.expert2"), desks("hq.manager")

    office.upload_register(expert, REGISTER, REGISTER_DAY)
    assert_report(office.import_register(expert))
    office.find(expert, ARABIC_ID, NAME)
    office.find(expert, ARABIC_NAME, NAME)

    member = Member(NAME)
    apply_for_membership(expert)
    office.review(reviewer, NAME)
    office.approve(manager, member)
    ngo = Ngo.objects.get(national_id=NATIONAL_ID)
    assert ngo.state == "member"
    assert format_digits(ngo.membership_number) == member.number
    check = office.letter_check(manager, "گواهی عضویت")
    office.check_as_anybody(new_page, check, NAME, member.number)

    office.plan_assessment(expert, NAME, ("نسرین فلاح", "کاوه مقدم"))
    score_by_keyboard(desks("hq.assessor1"), framework)
    office.send_scores(desks("hq.assessor1"), NAME)
    low = differing(framework)
    score_by_hand(desks("hq.assessor2"), low)
    office.send_scores(desks("hq.assessor2"), NAME)
    office.moderate(reviewer, NAME, {low.title: ("۲", "صورتجلسه‌ها بازبینی شد.")})
    office.confirm_grade(manager, NAME)
    assert_explained(manager, member, framework, low)
    sheet = office.letter_check(manager, "کارنامه")
    office.check_as_anybody(new_page, sheet, NAME)
