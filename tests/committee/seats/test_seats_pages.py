"""The committee's pages of seats: read by those concerned, written by the heads, refused with a sentence."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from committee.models import Memorandum, Seating, Term
from committee.queries import sitting
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.persian.jalali import format_jalali
from tests.factories.committee import Committee, open_term
from tests.factories.people import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(response) -> str:
    return unescape(response.content.decode())


def test_home_shows_the_five_and_the_chair(five: Committee, client_for):
    page = text_of(client_for(five.ngo_member).get(reverse("committee:home")))
    for user in (five.hq1, five.hq2, five.deputy1, five.deputy2):
        assert user.full_name in page
    assert "شما" in page
    assert "رئیس" in page
    assert "۵ از ۵" in page


def test_p29_only_one_of_several_terms_reads_running(five: Committee, client_for):
    """One that has not begun says so; once the next one has begun, the one that gives way runs out."""
    coming = open_term(five.hq_manager, five.deputy_manager, starts_on=TODAY + timedelta(days=10))
    client = client_for(five.hq_manager)

    def badges(term: Term) -> list[str]:
        return [
            label
            for label, _ in client.get(reverse("committee:term_detail", args=[term.pk])).context["badges"]
        ]

    assert (badges(five.term), badges(coming)) == (["جاری"], ["آغاز نشده"])
    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        client.force_login(five.hq_manager)
        assert (badges(five.term), badges(coming)) == (["رو به پایان"], ["جاری"])


@pytest.mark.parametrize("role", [Role.UNIT_EXPERT, Role.NGO_USER, Role.ADMIN, Role.HQ_ASSESSOR, None])
def test_who_has_no_business_there_is_told_so(five: Committee, client_for, role):
    response = client_for(make_user(role)).get(reverse("committee:home"))
    assert response.status_code == 403
    assert "برای نقش شما باز نیست" in text_of(response)


def test_without_a_term_the_page_says_what_comes_first(client_for):
    page = text_of(client_for(make_user(Role.HQ_MANAGER)).get(reverse("committee:home")))
    assert "هنوز دوره‌ای گشوده نشده است" in page
    assert reverse("committee:term_new") in page


def test_from_the_memorandum_to_a_seated_member(client_for):
    hq, deputy = make_user(Role.HQ_MANAGER), make_user(Role.DEPUTY_MANAGER)
    browser = client_for(hq)
    assert browser.get(reverse("committee:term_new")).url == reverse("committee:memorandum_new")
    sent = {
        "number": "۱۴۰۵/۱۲",
        "title": "تفاهم‌نامه مشترک",
        "signed_on": "۱۴۰۵/۲/۱",
        "last_day": "۱۴۰۹/۲/۱",
        "hq_signatory": "رئیس ستاد سمن‌ها",
        "deputy_signatory": "معاون",
        "extension": "",
    }
    wrong = browser.post(reverse("committee:memorandum_new"), sent | {"last_day": "1404/01/01"})
    assert wrong.status_code == 409
    assert "باید پس از امضای آن باشد" in text_of(wrong)
    assert 'value="۱۴۰۵/۱۲"' in text_of(wrong)
    assert browser.post(reverse("committee:memorandum_new"), sent).url == reverse("committee:memorandum")
    assert Memorandum.objects.get().clauses.count() == 16
    made = browser.post(
        reverse("committee:term_new"),
        {
            "starts_on": format_jalali(TODAY),
            "planned_end_on": "1408/01/01",
            "chair_code": "deputy1",
            "conduct": "",
        },
    )
    term = Term.objects.get()
    assert made.url == reverse("committee:term_detail", args=[term.pk])
    own = browser.post(reverse("committee:term_do", args=[term.pk, "agree"]))
    assert own.status_code == 403
    client_for(deputy).post(reverse("committee:term_do", args=[term.pk, "agree"]))
    term.refresh_from_db()
    assert term.state == "open"
    member = make_user(None, side="hq")
    seat = term.seats.get(code="hq1")
    body = {
        "person": member.pk,
        "starts_on": format_jalali(TODAY + timedelta(days=1)),
        "reference": "۱/۷",
    }
    assert client_for(deputy).post(reverse("committee:appoint", args=[seat.pk]), body).status_code == 403
    browser.post(reverse("committee:appoint", args=[seat.pk]), body)
    assert sitting(TODAY) == []
    assert [row.person for row in sitting(TODAY + timedelta(days=1))] == [member]


def test_a_wrong_date_keeps_what_was_typed(five: Committee, client_for):
    member = make_user(None, side="hq")
    url = reverse("committee:appoint", args=[five.seats["hq2"].pk])
    for day, sentence, status in (
        (format_jalali(TODAY - timedelta(days=3)), "نباید پیش از", 409),
        ("۱۴۰۵/۱۲/۳۰", "", 422),
    ):
        answer = client_for(five.hq_manager).post(
            url, {"person": member.pk, "starts_on": day, "reference": "ح ۱۲"}
        )
        assert answer.status_code == status
        assert sentence in text_of(answer)
        assert "ح ۱۲" in text_of(answer)
    assert Seating.objects.count() == 5


def test_the_ngo_replaces_its_person_on_its_own_page(five: Committee, client_for):
    fresh = make_user(None, side="ngo")
    five.ngo.accounts.create(
        user=fresh, period=five.seatings["ngo"].period, letter_reference="1", created_at=NOW
    )
    url = reverse("committee:representative", args=[five.seatings["ngo"].pk])
    assert client_for(make_user(Role.NGO_USER)).get(url).status_code == 404
    browser = client_for(five.ngo_user)
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"person": fresh.pk, "reference": ""}).status_code == 422
    browser.post(url, {"person": fresh.pk, "reference": "۹"})
    assert {row.person for row in sitting(TODAY + timedelta(days=1)) if row.seat_code == "ngo"} == {fresh}


def test_heads_find_vacant_seats_in_their_inbox(five: Committee, client_for):
    browser = client_for(five.hq_manager)
    assert "انتصاب در" not in text_of(browser.get(reverse("home")))
    url = reverse("committee:recall", args=[five.seatings["hq2"].pk])
    browser.post(url, {"last_day": format_jalali(TODAY), "note": "پایان مأموریت"})
    assert "انتصاب در «ستاد سمن‌ها، کرسی ۲»" in text_of(client_for(five.hq_manager).get(reverse("home")))
    assert "انتصاب در" not in text_of(client_for(five.deputy_manager).get(reverse("home")))


@pytest.mark.parametrize("who", ["hq1", "ngo_member", "secretary", "hq_manager", "deputy_manager", "auditor"])
def test_the_committees_page_and_a_terms_page_stay_within_their_bound(
    five: Committee, client_for, django_assert_max_num_queries, who
):
    browser = client_for(getattr(five, who))
    for url in (
        reverse("committee:home"),
        reverse("committee:term_detail", args=[five.term.pk]),
        reverse("committee:memorandum"),
        reverse("home"),
    ):
        with django_assert_max_num_queries(20):
            assert browser.get(url).status_code == 200
