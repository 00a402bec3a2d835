"""N2: existing members are confirmed in one batch; one refusal costs no other NGO its confirmation."""

from datetime import date, timedelta
from typing import Any

import pytest

from ngos.models import Ngo
from ngos.operations import batches
from ngos.queries import was_member_on
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.jobs.handlers import HANDLERS
from staff_portal.kernel.models import AuditEntry, Job, JobState, Letter, User
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, delegate, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import text_of

SINCE = date(2023, 5, 22)


def existing(registrar: User, number: str, **changes: Any) -> Ngo:
    return make.draft(registrar, **{"claimed_number": number, "claimed_since": SINCE} | changes)


@pytest.mark.django_db
def test_each_is_confirmed_or_refused_on_its_own(registrar: User, manager: User) -> None:
    good = [existing(registrar, f"1402/{n:04d}") for n in range(3)]
    no_day = existing(registrar, "1402/0090", claimed_since=None)
    future = existing(registrar, "1402/0091", claimed_since=TODAY + timedelta(days=1))
    twin = existing(registrar, "1402/0000")
    result = batches.confirm_existing_members(
        [good[0].pk, no_day.pk, good[1].pk, future.pk, twin.pk, good[2].pk, good[0].pk, 999_999],
        actor=manager,
        at=NOW,
    )
    assert result.confirmed == [ngo.pk for ngo in good]
    assert {row.pk: row.sentences for row in result.refused} == {
        no_day.pk: ["تاریخ عضویت در دفتر ثبت نشده است."],
        future.pk: ["تاریخ عضویت در آینده است."],
        twin.pk: ["این شماره عضویت پیش از این به سمن دیگری داده شده است."],
    }
    for ngo in good:
        ngo.refresh_from_db()
        assert (ngo.state, ngo.membership_number, ngo.member_since) == ("member", ngo.claimed_number, SINCE)
        assert ngo.documents_due_on == TODAY + timedelta(days=180)
        assert was_member_on(ngo, SINCE)
        assert not was_member_on(ngo, SINCE - timedelta(days=1))
    assert Letter.objects.filter(kind="certificate").count() == 3
    assert AuditEntry.objects.filter(event="membership.existing_confirmed").count() == 3
    assert AuditEntry.objects.filter(event="kernel.refused").count() == 3


@pytest.mark.django_db
def test_running_the_batch_twice_does_no_harm(registrar: User, manager: User) -> None:
    ngo = existing(registrar, "1402/0001")
    batches.confirm_existing_members([ngo.pk], actor=manager, at=NOW)
    again = batches.confirm_existing_members([ngo.pk], actor=manager, at=NOW)
    assert (again.confirmed, again.refused) == ([], [])
    assert Letter.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.HQ_EXPERT, Role.AUDITOR, Role.DEPUTY_MANAGER, Role.ADMIN])
def test_nobody_else_confirms(role: str, registrar: User, sign_in: SignIn) -> None:
    ngo = existing(registrar, "1402/0001")
    user = make_user(role)
    result = batches.confirm_existing_members([ngo.pk], actor=user, at=NOW)
    assert result.confirmed == []
    assert "رئیس ستاد سمن‌ها" in result.refused[0].sentences[0]
    client = sign_in(user)
    assert client.get("/ngos/existing/").status_code == 403
    assert client.post("/ngos/existing/", {"all": "1"}).status_code == 403


@pytest.mark.django_db
def test_the_page_confirms_what_is_ticked_and_lists_what_is_not(
    registrar: User, manager: User, sign_in: SignIn
) -> None:
    first, second = existing(registrar, "1402/0001"), existing(registrar, "1402/0002")
    wrong = existing(registrar, "1402/0003", claimed_since=None)
    make.draft(registrar, name="انجمن بی‌شماره")
    client = sign_in(manager)
    page = text_of(client.get("/ngos/existing/"))
    assert "انجمن بی‌شماره" not in page
    assert page.count('name="ngo"') == 3
    assert page.count("checked") == 2
    outcome = text_of(client.post("/ngos/existing/", {"ngo": [first.pk, wrong.pk, "x", "9" * 30]}))
    assert "عضویت ۱ سمن تأیید" in outcome
    assert "تاریخ عضویت در دفتر ثبت نشده است." in outcome
    assert outcome.count('name="ngo"') == 2
    second.refresh_from_db()
    assert second.state == "draft"
    nothing = client.post("/ngos/existing/", {})
    assert nothing.status_code == 422
    assert "دست‌کم یک سمن را برگزینید" in text_of(nothing)


@pytest.mark.django_db
def test_many_go_to_the_background_and_the_outcome_stands_on_the_page(
    registrar: User, manager: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ngos = [existing(registrar, f"1402/{n:04d}") for n in range(3)]
    wrong = existing(registrar, "1402/0090", claimed_since=None)
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    client = sign_in(manager)
    response = client.post("/ngos/existing/", {"all": "1"})
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert client.get(f"/ngos/existing/?job={job.pk}").status_code == 404
    seen: list[int] = []
    job.result = HANDLERS[job.handler](job, lambda done, total, message: seen.append(done), at=NOW)
    job.state = JobState.DONE
    job.save()
    assert seen == [1, 2, 3, 4]
    page = text_of(client.get(job.result["url"]))
    assert "عضویت ۳ سمن تأیید" in page
    assert wrong.name in page
    assert Ngo.objects.filter(pk__in=[ngo.pk for ngo in ngos], state="member").count() == 3
    assert sign_in(make_user(Role.HQ_MANAGER)).get(job.result["url"]).status_code == 404


@pytest.mark.django_db
def test_a_delegate_confirms_for_the_manager(registrar: User, manager: User, sign_in: SignIn) -> None:
    ngo, deputy = existing(registrar, "1402/0001"), make_user(Role.HQ_EXPERT)
    delegate(manager, deputy, Role.HQ_MANAGER, powers=["membership.confirm_existing"])
    assert sign_in(deputy).post("/ngos/existing/", {"ngo": [ngo.pk]}).status_code == 200
    entry = AuditEntry.objects.get(event="membership.existing_confirmed")
    assert (entry.actor, entry.on_behalf_of) == (deputy, manager)


def test_two_managers_at_once_confirm_each_once(committed_db: Any) -> None:
    registrar = make_user(Role.HQ_EXPERT)
    managers = [make_user(Role.HQ_MANAGER), make_user(Role.HQ_MANAGER)]
    ids = [existing(registrar, f"1402/{n:04d}").pk for n in range(5)]
    results = committed_db.together(
        [lambda m=m: batches.confirm_existing_members(ids, actor=m, at=NOW) for m in managers]
    )
    assert sorted(pk for result in results for pk in result.confirmed) == ids
    assert Ngo.objects.filter(state="member").count() == 5
    assert Letter.objects.count() == 5


@pytest.mark.django_db
def test_documents_owed_are_named_until_they_are_accepted(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    ngo = existing(registrar, "1402/0001")
    MEMBERSHIP.apply(ngo, "confirm_existing", actor=manager, at=NOW)
    client = sign_in(registrar)
    assert "مهلت تکمیل این مدارک" in text_of(client.get(f"/ngos/{ngo.pk}/"))
    make.complete(ngo, registrar=registrar, reviewer=reviewer)
    assert "مهلت تکمیل این مدارک" not in text_of(client.get(f"/ngos/{ngo.pk}/"))
