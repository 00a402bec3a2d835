"""Long work: its progress page, who sees it, and that watching it keeps no session alive."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.models import Job, User
from tests.kernel.papers.support import NOW, TODAY, client_of, make_user

pytestmark = pytest.mark.django_db
POLL = {"HX-Request": "true", "X-Background": "1"}


@pytest.fixture
def owner() -> User:
    return make_user("hq.ahmadi", Role.HQ_EXPERT)


def make_job(owner: User, **fields: Any) -> Job:
    values = {"handler": "test", "title": "ورود فهرست سمن‌ها", "state": "running", "done": 120, "total": 340}
    return Job.objects.create(owner=owner, created_at=NOW, **{**values, **fields})


@pytest.mark.parametrize("role", list(Role))
def test_the_owner_the_auditor_and_hq_s_manager_see_a_job(owner: User, role: str) -> None:
    job, user = make_job(owner), make_user("someone", role)
    may = role in {Role.AUDITOR, Role.HQ_MANAGER}
    client = client_of(user)
    for name in ("job", "job_progress"):
        assert client.get(reverse(name, args=[job.pk])).status_code == (200 if may else 404)
    assert letter_rules.can_view_job(user, job, TODAY) is may
    assert Job.objects.filter(letter_rules.jobs_visible_to(user, TODAY)).exists() is may
    assert client_of(owner).get(reverse("job", args=[job.pk])).status_code == 200


def test_a_running_job_is_polled_and_shows_how_far_it_is(owner: User) -> None:
    job = make_job(owner, message="ردیف 120")
    for name in ("job", "job_progress"):
        text = client_of(owner).get(reverse(name, args=[job.pk])).content.decode()
        assert f'hx-get="{reverse("job_progress", args=[job.pk])}"' in text
        assert "X-Background" in text
        assert "۱۲۰ از ۳۴۰" in text
        assert "ردیف ۱۲۰" in text


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_job_that_is_over_is_polled_no_more(owner: User, state: str) -> None:
    job = make_job(owner, state=state, finished_at=NOW, result={"url": "/jobs/"}, message="پرونده خالی بود")
    text = client_of(owner).get(reverse("job_progress", args=[job.pk])).content.decode()
    assert "hx-get" not in text
    assert ('href="/jobs/"' in text) is (state == "done")
    assert "پرونده خالی بود" in text


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", 5, None]
)
def test_a_result_leads_nowhere_but_into_the_site(owner: User, url: Any) -> None:
    job = make_job(owner, state="done", result={"url": url})
    assert "دیدن نتیجه" not in client_of(owner).get(reverse("job", args=[job.pk])).content.decode()


def test_watching_a_job_does_not_keep_the_session_alive(owner: User, time_machine: Any) -> None:
    client, address = client_of(owner), reverse("job_progress", args=[make_job(owner).pk])
    client.get(reverse("jobs"))
    for minutes in range(5, 30, 5):
        time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
        assert client.get(address, headers=POLL).status_code == 200
    time_machine.move_to(NOW + timedelta(minutes=31), tick=False)
    response = client.get(address, headers=POLL)
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith(reverse("login"))


def test_the_list_is_mine_and_the_auditor_may_ask_for_all(owner: User) -> None:
    make_job(owner, title="ورود فهرست نخست")
    auditor = make_user("auditor", Role.AUDITOR)
    assert "ورود فهرست نخست" in client_of(owner).get(reverse("jobs")).content.decode()
    assert "ورود فهرست نخست" not in client_of(auditor).get(reverse("jobs")).content.decode()
    everything = client_of(auditor).get(reverse("jobs"), {"whose": "all"}).content.decode()
    assert "ورود فهرست نخست" in everything
    other = make_user("other", Role.HQ_EXPERT)
    assert "ورود فهرست نخست" not in client_of(other).get(reverse("jobs"), {"whose": "all"}).content.decode()


def test_an_empty_list_says_so(owner: User) -> None:
    assert "هنوز کار زمان‌بری آغاز نکرده‌اید" in client_of(owner).get(reverse("jobs")).content.decode()


def test_the_list_has_a_number(owner: User, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(owner)
    make_job(owner)
    client.get(reverse("jobs"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("jobs"), {"size": 50})
    for _ in range(49):
        make_job(owner)
    with django_assert_num_queries(len(one)):
        client.get(reverse("jobs"), {"size": 50})
