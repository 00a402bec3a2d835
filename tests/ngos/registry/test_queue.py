"""The queue of applications: since when, with whom, how far the documents are, until when, and the next one (D7)."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories import ngos as make
from tests.factories.people import NOW, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import text_of

pytestmark = pytest.mark.django_db
URL = "/ngos/memberships/"


def sent(registrar: User, reviewer: User, days: int, name: str) -> Ngo:
    """An application that has waited for so many days."""
    ngo = make.complete(make.draft(registrar, name=name), registrar=registrar, reviewer=reviewer)
    return MEMBERSHIP.apply(
        ngo or Ngo.objects.get(name=name), "submit", actor=registrar, at=NOW - timedelta(days)
    )


@pytest.fixture
def queue(registrar: User, reviewer: User) -> dict[str, Ngo]:
    """One that nobody took up, one under review and one sent back."""
    old, taken, back = (
        sent(registrar, reviewer, days, name)
        for days, name in ((9, "انجمن یاری"), (5, "کانون مهر"), (3, "خانه سبز"))
    )
    at = NOW - timedelta(days=2)
    for ngo in (taken, back):
        MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=at)
    back = MEMBERSHIP.apply(
        back, "send_back", actor=reviewer, at=NOW - timedelta(days=1), note="کم است", missing=["پروانه معتبر"]
    )
    return {"old": old, "taken": taken, "back": back}


def test_each_says_since_when_with_whom_how_far_and_until_when(
    queue: dict[str, Ngo], reviewer: User, sign_in: SignIn
) -> None:
    context = sign_in(reviewer).get(URL).context
    assert [row[0].text for row in context["rows"]] == [queue[key].name for key in ("back", "taken", "old")]
    back, taken, old = context["rows"]
    assert (old[3].badge, taken[3].text, back[3].text) == ("بی‌بررس", reviewer.full_name, "نزد سمن برای اصلاح")
    assert old[2].text == "۹ روز" and back[2].text == "از دیروز"
    assert {row[4].text for row in (back, taken, old)} == {"۶ از ۶"}
    assert back[5].badge and back[5].sub and not taken[5].text


def test_it_is_sorted_filtered_and_taken_away(queue: dict[str, Ngo], reviewer: User, sign_in: SignIn) -> None:
    client = sign_in(reviewer)

    def names(query: str) -> list[str]:
        return [row[0].text for row in client.get(f"{URL}{query}").context["rows"]]

    assert names("?sort=since") == [queue[key].name for key in ("old", "taken", "back")]
    assert names("?only=free") == names("?state=submitted") == [queue["old"].name]
    assert set(names("?only=mine")) == {queue["taken"].name, queue["back"].name}
    assert names("?only=overdue") == []
    assert names("?q=مهر") == [queue["taken"].name]
    sheet = load_workbook(BytesIO(client.get(f"{URL}?format=xlsx&only=free").content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [queue["old"].name]


def test_next_leads_from_one_that_waits_to_the_next(
    queue: dict[str, Ngo], reviewer: User, sign_in: SignIn
) -> None:
    client = sign_in(reviewer)
    taken, old = f"/ngos/{queue['taken'].pk}/", f"/ngos/{queue['old'].pk}/"
    assert client.get(f"{URL}next/").url == taken
    assert f"{URL}next/?after={queue['taken'].pk}" in text_of(client.get(taken))
    assert client.get(f"{URL}next/?after={queue['taken'].pk}").url == old
    assert client.get(f"{URL}next/?after={queue['old'].pk}").url == taken
    nothing = sign_in(make_user(Role.AUDITOR)).get(f"{URL}next/", follow=True)
    assert "درخواست دیگری منتظر شما نیست" in text_of(nothing)
