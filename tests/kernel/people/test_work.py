"""K7: referral; cases; holds. What moves or stops a file from outside its own workflow."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, Case, District, Hold, Notification, Referral, User
from staff_portal.kernel.operations import cases, referrable, referrals
from staff_portal.kernel.people import rules
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.workflow import holds
from tests.kernel.people.conftest import AT, ON, MakePerson, SignedIn, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[District]:
    """A file of the kernel's own: district 6, which HQ's people may see and the deputy's may not."""
    visible = lambda user, on: District.objects.all() if user.side == "hq" else District.objects.none()  # noqa: E731
    label = "kernel.district"
    monkeypatch.setitem(
        file_kinds.ROOTS, label, file_kinds.Root(District, visible, lambda obj: f"/secretariats/{obj.pk}/")
    )
    return District.objects.get(pk=6)


@pytest.fixture
def expert(make_person: MakePerson) -> User:
    return make_person(Role.HQ_EXPERT)


@pytest.fixture
def colleague(make_person: MakePerson) -> User:
    return make_person(Role.HQ_ASSESSOR, last_name="یوسفی")


def refer(file: District, by: User, to: User, **more: object) -> Referral:
    wanted = {"note": "نشانی را بازبینی کنید", "due_on": ON + timedelta(days=3), "actor": by, "at": AT}
    return referrals.refer_file(file, to_user=to, **{**wanted, **more})


def test_a_referred_file_is_in_the_inbox_and_everyone_sees_who_has_it(
    file: District, expert: User, colleague: User
) -> None:
    refer(file, expert, colleague)
    task = contributions.inbox(colleague, AT)[0]
    assert (task.due_on, "منطقه ۶" in task.title) == (ON + timedelta(days=3), True)
    assert [row.to_user for row in referrable.open_referrals(file)] == [colleague]
    entry = AuditEntry.objects.get(event="referral.made")
    assert (entry.root_type, entry.root_id, entry.subject_label) == (
        "kernel.district",
        6,
        colleague.full_name,
    )


def test_finished_by_who_has_it_with_the_outcome(
    file: District, expert: User, colleague: User, make_person: MakePerson
) -> None:
    row = refer(file, expert, colleague)
    with pytest.raises(NotPermitted, match="نزد اوست"):
        referrals.finish_referral(row, note="انجام شد", actor=make_person(Role.HQ_EXPERT), at=AT)
    with pytest.raises(Refusal, match="نتیجه"):
        referrals.finish_referral(row, note=" ", actor=colleague, at=AT)
    referrals.finish_referral(row, note="نشانی درست است", actor=colleague, at=AT)
    assert contributions.inbox(colleague, AT) == [] and referrable.open_referrals(file) == []
    with pytest.raises(Refusal, match="پیش از این"):
        referrals.finish_referral(row, note="باز هم", actor=expert, at=AT)


def test_a_file_goes_only_to_who_may_see_it_and_once(
    file: District, expert: User, colleague: User, make_person: MakePerson
) -> None:
    with pytest.raises(Refusal, match="اجازه دیدن"):
        refer(file, expert, make_person(Role.DEPUTY_EXPERT))
    with pytest.raises(Refusal, match="شخص دیگری"):
        refer(file, expert, expert)
    with pytest.raises(Refusal, match="مهلت گذشته"):
        refer(file, expert, colleague, due_on=ON - timedelta(days=1))
    refer(file, expert, colleague)
    with pytest.raises(Refusal, match="هم‌اکنون نزد"):
        refer(file, expert, colleague)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.NGO_USER])
def test_who_changes_nothing_refers_nothing(
    file: District, colleague: User, make_person: MakePerson, role: Role
) -> None:
    with pytest.raises(NotPermitted):
        refer(file, make_person(role), colleague)


def test_by_pages_from_the_form_to_the_colleagues_answer(
    file: District, expert: User, colleague: User, signed_in: SignedIn
) -> None:
    desk = signed_in(expert)
    url = reverse("refer", args=["kernel.district", 6])
    assert "یوسفی" in desk.get(url).content.decode()
    answer = desk.post(url, {"to_user": colleague.pk, "note": "لطفاً ببینید", "due_on": "۱۴۰۵/۹/۵"})
    assert (answer.status_code, answer.url) == (302, "/secretariats/6/")
    other = signed_in(colleague)
    row = Referral.objects.get()
    assert "لطفاً ببینید" in other.get(reverse("referral", args=[row.pk])).content.decode()
    kept = other.post(reverse("referral_done", args=[row.pk]), {"note": ""})
    assert kept.status_code == 200 and "این خانه را پر کنید" in kept.content.decode()
    assert other.post(reverse("referral_done", args=[row.pk]), {"note": "دیدم"}).status_code == 302
    assert "دیدم" in desk.get(reverse("referral", args=[row.pk])).content.decode()


def test_a_file_one_may_not_see_and_a_kind_that_is_none_are_not_found(
    file: District, make_person: MakePerson, colleague: User, expert: User, signed_in: SignedIn
) -> None:
    outsider = signed_in(make_person(Role.DEPUTY_EXPERT))
    assert outsider.get(reverse("refer", args=["kernel.district", 6])).status_code == 404
    assert signed_in(expert).get(reverse("refer", args=["kernel.user", 1])).status_code == 404
    row = refer(file, expert, colleague)
    assert outsider.get(reverse("referral", args=[row.pk])).status_code == 404


# --- cases ------------------------------------------------------------------------------------------------


def open_case(file: District, **more: object) -> Case:
    wanted = {
        "title": "پایان دوره اجاره",
        "url": "/secretariats/6/",
        "role": Role.HQ_EXPERT,
        "actor": None,
        "at": AT,
    }
    return cases.open_case(file, **{**wanted, **more})


def test_a_case_stands_in_the_inbox_of_its_role_until_settled_with_a_note(
    file: District, expert: User, colleague: User
) -> None:
    case = open_case(file, due_on=ON)
    assert [task.title for task in contributions.inbox(expert, AT)] == ["پایان دوره اجاره"]
    assert contributions.inbox(colleague, AT) == []
    with pytest.raises(NotPermitted, match="کارشناس ستاد سمن‌ها"):
        cases.settle_case(case, note="تمدید شد", actor=colleague, at=AT)
    with pytest.raises(Refusal, match="چگونه"):
        cases.settle_case(case, note="", actor=expert, at=AT)
    cases.settle_case(case, note="تمدید شد", actor=expert, at=AT)
    assert contributions.inbox(fresh(expert), AT) == []
    with pytest.raises(Refusal, match="پیش از این"):
        cases.settle_case(case, note="تمدید شد", actor=expert, at=AT)
    entry = AuditEntry.objects.get(event="case.settled")
    assert (entry.root_type, entry.root_id, entry.role) == ("kernel.district", 6, "hq_expert")


def test_a_case_of_a_district_is_for_that_districts_people(file: District, make_person: MakePerson) -> None:
    case = open_case(file, role=Role.REGION_OFFICER, scope_id=6)
    here, there = make_person(Role.REGION_OFFICER, scope_id=6), make_person(Role.REGION_OFFICER, scope_id=14)
    assert rules.can_settle_case(here, case, ON) and not rules.can_settle_case(there, case, ON)
    assert list(Case.objects.filter(rules.cases_visible_to(there, ON))) == []


def test_opening_the_same_case_again_opens_none(file: District) -> None:
    assert open_case(file) == open_case(file)
    assert AuditEntry.objects.filter(event="case.opened").count() == 1


def test_a_case_of_one_person_is_that_persons_alone(file: District, expert: User, colleague: User) -> None:
    case = open_case(file, role="", assignee=colleague)
    with pytest.raises(NotPermitted, match=str(colleague)):
        cases.settle_case(case, note="شد", actor=expert, at=AT)
    cases.settle_case(case, note="شد", actor=colleague, at=AT)


def test_the_cases_page_lists_settles_and_hides(
    file: District, expert: User, colleague: User, make_person: MakePerson, signed_in: SignedIn
) -> None:
    case = open_case(file, due_on=ON - timedelta(days=2))
    desk = signed_in(expert)
    assert "۲ روز گذشته" in desk.get(reverse("cases")).content.decode()
    assert signed_in(colleague).get(reverse("case", args=[case.pk])).status_code == 404
    auditor = signed_in(make_person(Role.AUDITOR))
    assert auditor.get(reverse("case", args=[case.pk])).status_code == 200
    assert auditor.post(reverse("case", args=[case.pk]), {"note": "شد"}).status_code == 403
    assert desk.post(reverse("case", args=[case.pk]), {"note": "تمدید شد"}).status_code == 302
    assert "تمدید شد" in desk.get("/cases/?state=settled").content.decode()
    assert desk.get("/cases/?format=xlsx").status_code == 200


def test_list_and_permission_agree_on_cases(
    file: District, expert: User, colleague: User, make_person: MakePerson
) -> None:
    """``cases_visible_to`` (the list) and ``can_settle_case`` (the object) give the same answer."""
    opened = [
        open_case(file, title="الف"),
        open_case(file, title="ب", role="", assignee=colleague),
        open_case(file, title="پ", role=Role.REGION_OFFICER, scope_id=6),
        open_case(file, title="ت", role=Role.HQ_MANAGER),
    ]
    officer, manager = make_person(Role.REGION_OFFICER, scope_id=6), make_person(Role.HQ_MANAGER)
    for person in (expert, colleague, officer, manager, make_person(Role.ADMIN)):
        listed = set(Case.objects.filter(rules.cases_visible_to(person, ON)))
        assert listed == {case for case in opened if rules.can_settle_case(person, case, ON)}


@pytest.mark.parametrize("url", ["/cases/?size=50", "/inbox/?size=50"])
def test_lists_take_the_same_queries_with_one_row_and_with_fifty(
    file: District, expert: User, signed_in: SignedIn, url: str
) -> None:
    browser = signed_in(expert)

    def add(number: int) -> None:
        open_case(file, title=f"موضوع {number}", due_on=ON)
        Notification.objects.create(
            entry=AuditEntry.objects.latest("id"), recipient=expert, text="موضوع تازه", created_at=AT
        )

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    add(0)
    count()
    few = count()
    for number in range(1, 50):
        add(number)
    assert count() == few <= 20


# --- holds ------------------------------------------------------------------------------------------------


def test_a_hold_is_placed_once_for_each_source_and_lifted_by_it(file: District, expert: User) -> None:
    first = holds.place_hold(file, reason="تعلیق عضویت", source="suspension", actor=expert, at=AT)
    assert holds.place_hold(file, reason="بار دوم", source="suspension", actor=expert, at=AT) == first
    other = holds.place_hold(file, reason="رسیدگی", source="audit", actor=None, at=AT)
    assert holds.lift_holds_of(file, source="suspension", actor=expert, at=AT) == 1
    assert list(Hold.objects.filter(lifted_at__isnull=True)) == [other]
    with pytest.raises(Refusal, match="پیش از این"):
        holds.lift_hold(first, subject=file, actor=expert, at=AT)
    again = holds.place_hold(file, reason="تعلیق دوم", source="suspension", actor=expert, at=AT)
    assert again != first
    kinds = (
        AuditEntry.objects.filter(event__startswith="hold.").order_by("id").values_list("event", flat=True)
    )
    assert list(kinds) == ["hold.placed", "hold.placed", "hold.lifted", "hold.placed"]
