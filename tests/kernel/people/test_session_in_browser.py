"""A session that ends while somebody is typing: nothing typed is lost (design, «Forms»)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame.middleware import LAST_ACTIVITY
from staff_portal.kernel.models import Case, District, User
from staff_portal.kernel.operations import cases
from tests.kernel.people.conftest import PASSWORD, give_role

pytestmark = pytest.mark.browser


def fall_asleep() -> None:
    """Every session was last used 31 minutes ago."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session[LAST_ACTIVITY] = (timezone.now() - timedelta(minutes=31)).isoformat()
        session.save()


@pytest.fixture
def case(live_site: str) -> Case:
    user = User.objects.create_user(
        "hq.expert", PASSWORD, first_name="مریم", last_name="احمدی", side="hq", created_at=timezone.now()
    )
    give_role(user, Role.HQ_EXPERT)
    return cases.open_case(
        District.objects.get(pk=6),
        title="دوره اجاره رو به پایان است",
        url="/cases/",
        role=Role.HQ_EXPERT,
        actor=None,
        at=timezone.now(),
    )


def sign_in(page: Any) -> None:
    page.fill("[name=username]", "hq.expert")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def test_what_was_typed_waits_for_the_same_person_after_signing_in_again(
    case: Case, new_page: Callable[..., Any], browser_watch: Any
) -> None:
    browser_watch.allow(r"status of 403")
    page = new_page()
    page.goto(f"/cases/{case.pk}/")
    sign_in(page)
    page.fill("[name=note]", "اجاره‌نامه تا پایان سال تمدید شد")
    page.wait_for_timeout(1200)
    fall_asleep()
    page.click("form:has([name=note]) button[type=submit]")
    page.wait_for_selector("text=نشست شما پایان یافت")
    page.click("text=ورود دوباره")
    sign_in(page)
    page.wait_for_url(f"**/cases/{case.pk}/")
    assert page.input_value("[name=note]") == "اجاره‌نامه تا پایان سال تمدید شد"
    page.click("form:has([name=note]) button[type=submit]")
    page.wait_for_url("**/cases/")
    case.refresh_from_db()
    assert case.settled_note == "اجاره‌نامه تا پایان سال تمدید شد"


def test_without_javascript_signing_in_and_settling_work_all_the_same(
    case: Case, new_page: Callable[..., Any]
) -> None:
    page = new_page(javascript=False)
    page.goto(f"/cases/{case.pk}/")
    sign_in(page)
    page.fill("[name=note]", "تمدید شد")
    page.click("form:has([name=note]) button[type=submit]")
    page.wait_for_url("**/cases/")
    case.refresh_from_db()
    assert case.settled_note == "تمدید شد"
