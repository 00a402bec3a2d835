"""Every page of the kit and of the portal: axe finds nothing, the console is silent, nothing runs out of a phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from ngos.enums import AssessmentState as A
from ngos.enums import MembershipState as M
from ngos.models import Assessment, Framework, Indicator, Ngo, RegisterImport
from ngos.operations import frameworks, import_jobs
from staff_portal.kernel.jobs.handlers import HANDLERS
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.views.kit import PAGES
from tests.browser.looking import IN_TURNS, flaws_by_address, flaws_of
from tests.ngos.importing.support import HEADING, register, rows

pytestmark = pytest.mark.browser


def test_every_page_of_the_kit(new_page: Callable[..., Page]) -> None:
    page = new_page()
    assert flaws_by_address(page, ["/kit/", *(f"/kit/{name}/" for name in PAGES)]) == {}


def checked_import(expert: User) -> RegisterImport:
    """A register that waits for its confirmation, with a row that was not taken."""
    at = timezone.now()
    good, bad = rows(2)
    content = register([good, (bad[0], "123", *bad[2:])], HEADING)
    kept = import_jobs.stage_register(ContentFile(content, name="فهرست دفتر.xlsx"), actor=expert, at=at)
    found = import_jobs.receive_register(kept, sheet="", on=timezone.localdate(), actor=expert, at=at)
    HANDLERS[import_jobs.CHECK_JOB](found.check_job, lambda done, total, message="": None, at=at)
    return found


def record(ngo: Ngo) -> Iterator[str]:
    for tab in ("", "documents/", "grading/", "letters/", "history/"):
        yield f"/ngos/{ngo.pk}/{tab}"


def addresses(people: dict[str, User]) -> dict[str, list[str]]:
    """What each person opens, by sign-in name; an empty name is a stranger."""
    member = Ngo.objects.filter(state=M.MEMBER, level_rank__isnull=False).order_by("pk")[0]
    officer = member.officers.order_by("pk")[0]
    free = (
        Ngo.objects.filter(state=M.MEMBER)
        .exclude(assessments__state__in=[A.PLANNED, A.SCORING])
        .order_by("pk")[0]
    )
    by_state = {ngo.state: ngo for ngo in Ngo.objects.order_by("-pk")}
    assessed = {row.state: row for row in Assessment.objects.order_by("pk")}
    scoring = Assessment.objects.filter(state=A.SCORING, seats__submitted_at__isnull=True).order_by("pk")[0]
    assessor = scoring.seats.filter(submitted_at__isnull=True)[0].assessor
    framework = Framework.objects.get()
    copy = frameworks.copy_framework(framework, actor=people["hq.expert"], at=timezone.now())
    indicator = Indicator.objects.filter(dimension__framework=copy).order_by("pk")[0]
    letter = Letter.objects.filter(root_id=member.pk).order_by("pk")[0]
    found = checked_import(people["hq.expert"])
    return {
        "": ["/login/", "/session-ended/", "/verify/", f"/verify/{letter.code}/", "/verify/offline/"],
        "hq.expert": [
            "/",
            "/search/?q=انجمن",
            "/ngos/",
            "/ngos/?q=هیچ‌جا",
            "/ngos/memberships/",
            "/ngos/new/",
            *record(member),
            *(f"/ngos/{by_state[state].pk}/" for state in (M.DRAFT, M.UNDER_REVIEW, M.RETURNED, M.REJECTED)),
            f"/ngos/{by_state[M.SUBMITTED].pk}/documents/",
            f"/ngos/{member.pk}/edit/",
            f"/ngos/{member.pk}/licences/new/",
            f"/ngos/{member.pk}/officers/new/",
            f"/ngos/{member.pk}/officers/{officer.pk}/end/",
            f"/ngos/{member.pk}/accounts/new/",
            f"/refer/ngos.ngo/{member.pk}/",
            "/ngos/import/",
            f"/ngos/import/{found.pk}/",
            "/ngos/frameworks/",
            f"/ngos/frameworks/{framework.pk}/",
            "/ngos/frameworks/new/",
            f"/ngos/frameworks/{copy.pk}/",
            f"/ngos/frameworks/{copy.pk}/edit/",
            f"/ngos/frameworks/{copy.pk}/indicators/{indicator.pk}/edit/",
            "/ngos/assessments/",
            "/ngos/assessments/new/",
            f"/ngos/assessments/new/?ngo={free.pk}",
            f"/ngos/assessments/{assessed[A.CONFIRMED].pk}/",
            f"/ngos/assessments/{assessed[A.MODERATION].pk}/moderate/",
            "/inbox/",
            "/cases/",
            "/jobs/",
        ],
        "hq.manager": [
            "/",
            "/ngos/existing/",
            f"/ngos/{by_state[M.UNDER_REVIEW].pk}/do/approve/",
            f"/ngos/{member.pk}/do/suspend/",
            f"/ngos/assessments/{assessed[A.AWAITING_CONFIRMATION].pk}/do/confirm/",
            f"/ngos/assessments/{assessed[A.AWAITING_CONFIRMATION].pk}/do/send_back/",
            f"/letters/{letter.pk}/",
            f"/letters/{letter.pk}/revoke/",
            "/delegations/new/",
            "/roles/",
        ],
        assessor.username: [f"/ngos/assessments/{scoring.pk}/score/"],
        "admin": [
            "/profile/",
            "/users/",
            "/users/new/",
            f"/users/{assessor.pk}/",
            f"/users/{assessor.pk}/roles/new/",
            "/settings/",
            "/holidays/",
        ],
        "auditor": ["/audit/", "/audit/?since=1405/13/1"],
        "ngo.user": ["/", "/ngos/"],
    }


def test_every_page_of_the_portal(demo: dict[str, User], new_page: Callable[..., Page]) -> None:
    """The kit was looked at by day and by night; here axe takes turns, so that no page is left out."""
    found = {}
    for username, wanted in addresses(demo).items():
        page = new_page(demo[username] if username else None)
        flaws = flaws_by_address(page, wanted, IN_TURNS)
        found |= {f"{username} {address}": lines for address, lines in flaws.items()}
        page.context.close()
    assert found == {}


def test_pages_that_say_no(expert: User, new_page: Callable[..., Page], browser_watch: Any) -> None:
    browser_watch.allow(r"status of 40[34]")
    page = new_page(expert)
    for address, status in (("/nowhere/", 404), ("/users/", 403), ("/verify/nothing/", 404)):
        assert page.goto(address).status == status
        assert flaws_of(page) == [], address
        expect(page.get_by_role("heading", level=1)).to_be_visible()
