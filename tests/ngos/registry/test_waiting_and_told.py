"""What waits for whom, who hears of what, figures and the map of the registry."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ngos.frame import overview
from ngos.frame import registry as panel
from ngos.models import Ngo, RegisterImport
from ngos.operations.accounts import link_account
from ngos.workflow import DOCUMENT, MEMBERSHIP
from staff_portal.kernel import tasks
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import Attachment, AuditEntry, Holiday, Job, User
from staff_portal.kernel.pages import desk
from staff_portal.kernel.workflow import work
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, add_role, delegate, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import represent
from tests.support.states import put

pytestmark = pytest.mark.django_db


def waiting(user: User) -> list[tuple[str, str]]:
    user.__dict__.pop("_authorities", None)
    return [(task.kind, task.url) for task in contributions.inbox(user, NOW)]


def told(entry_event: str) -> dict[int, str]:
    entry = AuditEntry.objects.filter(event=entry_event).order_by("-id")[0]
    return {draft.recipient_id: draft.text for draft in notices.expand(entry)}


# --- the inbox ------------------------------------------------------------------------------------------------------


def test_an_application_waits_for_the_other_experts_then_for_its_reviewer(
    registrar: User, reviewer: User, manager: User
) -> None:
    third = make_user(Role.HQ_EXPERT)
    ngo = make.draft(registrar)
    url = f"/ngos/{ngo.pk}/"
    assert waiting(registrar) == [(panel.DRAFT_TASK, url)]
    make.complete(ngo, registrar=registrar, reviewer=reviewer)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    assert waiting(registrar) == []
    assert waiting(reviewer) == waiting(third) == [(panel.REQUEST_TASK, url)]
    MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=NOW)
    assert waiting(reviewer) == [(panel.REQUEST_TASK, url)]
    assert waiting(third) == []
    assert waiting(manager) == [(panel.REQUEST_TASK, url)]
    MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW)
    assert waiting(reviewer) == waiting(manager) == []


def test_an_existing_members_documents_wait_for_its_own_people_until_all_are_accepted(
    registrar: User, reviewer: User, manager: User
) -> None:
    ngo = make.draft(registrar)
    user = make_user(Role.NGO_USER)
    represent(ngo, user)
    put(
        MEMBERSHIP,
        ngo,
        "member",
        membership_number="7",
        member_since=TODAY,
        documents_due_on=TODAY + timedelta(days=4),
    )
    work.rebuild(at=NOW)
    (task,) = contributions.inbox(user, NOW)
    assert (task.kind, task.due_on) == (panel.DOCUMENT_TASK, TODAY + timedelta(days=4))
    assert task.detail == "۶ مدرک هنوز پذیرفته نشده است"
    make.complete(ngo, registrar=registrar, reviewer=reviewer)
    assert waiting(user) == []


@pytest.mark.parametrize("gap", ["registered", "reviewed"])
def test_no_approval_waits_for_who_registered_or_reviewed(
    registrar: User, reviewer: User, manager: User, gap: str
) -> None:
    add_role(manager, Role.HQ_EXPERT)
    other = make_user(Role.HQ_MANAGER)
    people = (manager, reviewer) if gap == "registered" else (registrar, manager)
    ngo = make.under_review(*people)
    approvals = [work.open_items(user, TODAY).filter(row="approve") for user in (manager, other)]
    assert [items.count() for items in approvals] == [0, 1]
    assert approvals[1].get().subject_id == ngo.pk


@pytest.mark.parametrize("gap", ["licence", "document", "board", "national_id"])
def test_an_approval_waits_for_the_manager_only_when_nothing_is_missing(
    registrar: User, reviewer: User, manager: User, gap: str
) -> None:
    missing: dict[str, dict[str, Any]] = {
        "licence": {"licence": make.licence(valid_until=TODAY - timedelta(days=1))},
        "document": {"without": {"statute"}},
        "board": {"without": {"chair"}},
    }
    make.under_review(registrar, reviewer)
    assert len(waiting(manager)) == 1
    ngo = make.under_review(registrar, reviewer, **missing.get(gap, {}))
    if gap == "national_id":
        Ngo.objects.filter(pk=ngo.pk).update(national_id="11111111111")
    work.rebuild(at=NOW)
    assert [items for items in waiting(manager) if f"/ngos/{ngo.pk}/" in items] == []
    assert len(waiting(manager)) == 1


def test_documents_wait_for_somebody_else_than_their_uploader(registrar: User, reviewer: User) -> None:
    ngo = make.draft(registrar, claimed_number="1/1")
    make.upload(ngo, "statute", registrar)
    make.upload(ngo, "licence", registrar)
    assert waiting(registrar) == []
    assert waiting(reviewer) == [(panel.DOCUMENT_TASK, f"/ngos/{ngo.pk}/documents/")]
    (task,) = contributions.inbox(reviewer, NOW)
    assert "۲ مدرک" in task.detail


def test_a_returned_file_waits_with_its_clock_for_both_sides(registrar: User, reviewer: User) -> None:
    ngo, user = make.under_review(registrar, reviewer), make_user(Role.NGO_USER)
    represent(ngo, user)
    MEMBERSHIP.apply(ngo, "send_back", actor=reviewer, at=NOW, note="مهر", missing=["اساسنامه"])
    for person in (registrar, user):
        (task,) = contributions.inbox(person, NOW)
        assert (task.due_on, task.detail) == (TODAY + timedelta(days=28), "اساسنامه")
    # a day closed at short notice moves the running clock (K5)
    Holiday.objects.create(day=TODAY + timedelta(days=7), title="آلودگی هوا", created_at=NOW)
    tasks.compute_clocks()
    (task,) = contributions.inbox(registrar, NOW)
    assert task.due_on == TODAY + timedelta(days=29)
    assert waiting(reviewer) == []


def test_existing_members_wait_together_for_the_manager(registrar: User, manager: User) -> None:
    made = [
        make.draft(registrar, claimed_number=f"1402/{number}", claimed_since=TODAY) for number in range(3)
    ]
    found = contributions.inbox(manager, NOW)
    assert {(task.kind, task.url) for task in found} == {(panel.EXISTING_TASK, "/ngos/existing/")}
    assert (len(found), len({task.batch for task in found})) == (3, 1)
    assert waiting(registrar) == []
    MEMBERSHIP.apply(made[0], "confirm_existing", actor=manager, at=NOW)
    assert len(contributions.inbox(User.objects.get(pk=manager.pk), NOW)) == 2


def test_a_delegate_finds_what_was_handed_over(registrar: User, reviewer: User, manager: User) -> None:
    make.under_review(registrar, reviewer)
    for powers, count in (["membership.suspend"], 0), ([], 1), (["membership.approve"], 1):
        deputy = make_user(None)
        delegate(manager, deputy, Role.HQ_MANAGER, powers=powers)
        assert len(waiting(deputy)) == count


@pytest.mark.parametrize("role", [Role.HQ_EXPERT, Role.HQ_MANAGER, Role.NGO_USER, Role.AUDITOR, None])
def test_the_inbox_costs_the_same_however_much_waits(
    registrar: User, reviewer: User, role: str | None
) -> None:
    user = make_user(role)

    def count() -> int:
        waiting(user)
        with CaptureQueriesContext(connection) as caught:
            contributions.inbox(user, NOW)
        return len(caught)

    before = count()
    for _ in range(4):
        ngo = make.under_review(registrar, reviewer)
        represent(ngo, user)
        MEMBERSHIP.apply(ngo, "send_back", actor=reviewer, at=NOW, note="مهر", missing=["اساسنامه"])
        make.under_review(registrar, reviewer)
    assert count() == before <= 4


def test_every_draft_counts_and_names_the_register_it_came_from(registrar: User) -> None:
    """D6: no silent cap; many of one register are one batch, the person's own apart."""
    job = Job.objects.create(
        handler="ngos.import", title="ورود", owner=registrar, created_at=NOW - timedelta(minutes=5)
    )
    file = Attachment.objects.create(
        name="register_b.xlsx", size=1, sha256="0" * 64, uploaded_by=registrar, uploaded_at=NOW
    )
    RegisterImport.objects.create(
        attachment=file, checked_on=TODAY, created_by=registrar, created_at=NOW, import_job=job
    )
    for _ in range(desk.MOST_READ + 4):
        make.draft(registrar)
    with time_machine.travel(NOW - timedelta(days=9), tick=False):
        make.draft(registrar, at=NOW - timedelta(days=9))
    lines = contributions.inbox(registrar, NOW)
    assert desk.count_of(lines) == desk.MOST_READ + 5
    assert len(lines) == desk.MOST_READ + 2
    assert lines[0].batch == "پیش‌نویس که خود ثبت کرده‌اید"
    assert {line.batch for line in lines[1:]} == {"پیش‌نویس از فهرست «\u2068register_b\u2069»"}


# --- who is told ----------------------------------------------------------------------------------------------------


@pytest.fixture
def company(registrar: User, reviewer: User, manager: User) -> dict[str, Any]:
    ngo, user = make.draft(registrar, name="انجمن شنوا"), make_user(Role.NGO_USER)
    make.complete(ngo, registrar=registrar, reviewer=reviewer)
    represent(ngo, user)
    third = make_user(Role.HQ_EXPERT)
    second = make_user(Role.HQ_MANAGER)
    return {"ngo": ngo, "user": user, "third": third, "second": second}


def test_everybody_concerned_hears_of_each_step_in_a_sentence(
    company: dict[str, Any], registrar: User, reviewer: User, manager: User
) -> None:
    ngo, user, third, second = (company[key] for key in ("ngo", "user", "third", "second"))

    def step(name: str, actor: User, event: str, people: set[User], words: str, **asked: Any) -> None:
        MEMBERSHIP.apply(ngo, name, actor=actor, at=NOW, **asked)
        heard = told(event)
        assert set(heard) == {person.pk for person in people}, name
        assert all("«انجمن شنوا»" in text and words in text for text in heard.values()), (name, heard)

    step("submit", registrar, "membership.submitted", {reviewer, third, user}, "درخواست عضویت")
    step("take_up", reviewer, "membership.taken_up", {registrar, user}, "امید بررس")
    note = {"note": "مهر ندارد", "missing": ["اساسنامه"]}
    step("send_back", reviewer, "membership.sent_back", {registrar, user}, "اساسنامه", **note)
    step("submit", user, "membership.submitted", {reviewer, third}, "در انتظار بررسی")
    step("take_up", reviewer, "membership.taken_up", {registrar, user}, "امید بررس")
    step("approve", manager, "membership.approved", {registrar, reviewer, user}, "1405/0001")
    staff = {registrar, reviewer, second}
    step("suspend", manager, "membership.suspended", {*staff, user}, "شکایت", note="شکایت")
    MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="انحلال")
    assert set(told("membership.ended")) == {person.pk for person in {*staff, user}}


def test_a_rejection_is_told_with_its_reason(
    company: dict[str, Any], registrar: User, reviewer: User, manager: User
) -> None:
    ngo = company["ngo"]
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=NOW)
    MEMBERSHIP.apply(ngo, "reject", actor=manager, at=NOW, note="خارج از شهر تهران")
    heard = told("membership.rejected")
    assert set(heard) == {registrar.pk, reviewer.pk, company["user"].pk}
    assert all("خارج از شهر تهران" in text for text in heard.values())


def test_a_returned_document_and_a_new_representative_are_told(
    company: dict[str, Any], registrar: User, reviewer: User
) -> None:
    ngo, user = company["ngo"], company["user"]
    document = make.upload(ngo, "audit_report", user)
    DOCUMENT.apply(document, "return", actor=reviewer, at=NOW, note="صفحه دوم نیست")
    assert told("document.returned") == {
        user.pk: "«گزارش حسابرس» از مدارک «انجمن شنوا» برای اصلاح بازگشت: صفحه دوم نیست"
    }
    newcomer = make_user(Role.NGO_USER)
    link_account(ngo, actor=registrar, at=NOW, user=newcomer, letter_reference="1", starts_on=TODAY)
    assert set(told("ngo.account_linked")) == {newcomer.pk}


# --- figures and map ------------------------------------------------------------------------------------------------


def test_figures_and_map_count_what_the_person_sees(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    make.member(registrar, reviewer, manager, district_id=6)
    graded = make.member(registrar, reviewer, manager, district_id=14)
    Ngo.objects.filter(pk=graded.pk).update(level_rank=1, grade_valid_until=TODAY)
    make.under_review(registrar, reviewer, district_id=6)
    seen = {figure.label: figure.value for figure in overview.figures(manager, NOW)}
    assert seen == {"سمن‌های عضو": 2, "عضو با سطح معتبر": 1, "درخواست‌های باز": 1, "تعلیق‌شده": 0}
    region = make_user(Role.REGION_OFFICER, scope_id=14)
    assert {figure.label: figure.value for figure in overview.figures(region, NOW)} == {
        "سمن‌های عضو": 1,
        "عضو با سطح معتبر": 1,
    }
    assert list(overview.figures(make_user(Role.ADMIN), NOW)) == []
    tiles = {tile.number: tile.text for tile in overview.members_map(manager, NOW).tiles}
    assert (tiles[6], tiles[14], tiles[1]) == ("۱ سمن", "۱ سمن", "۰ سمن")
    for figure in overview.figures(manager, NOW):
        assert sign_in(manager).get(figure.url).status_code == 200
