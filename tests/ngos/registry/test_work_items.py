"""Work items of the registry: kept with every write, said for the days on which they hold (N2, K5)."""

from datetime import date, timedelta
from typing import Any

import pytest

from ngos.models import Ngo
from ngos.operations import batches, parts, registry
from ngos.operations.accounts import end_account, link_account
from ngos.operations.ngo_data import LicenceData
from ngos.workflow import DOCUMENT, MEMBERSHIP
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import User, WorkItem
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.holds import place_hold
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.support import represent

pytestmark = pytest.mark.django_db
NOTE = {"note": "دلیل"}
WRONG = {"note": "مهر", "missing": ["اساسنامه"]}


def details(user: User, on: date = TODAY) -> list[str]:
    return sorted(work.open_items(user, on).values_list("detail", flat=True))


def test_rebuilding_finds_what_the_writes_left(registrar: User, reviewer: User, manager: User) -> None:
    """A world with files in every state, written by every operation."""
    make.draft(registrar)
    make.draft(registrar, claimed_number="1402/1", claimed_since=TODAY)
    submitted = make.draft(registrar)
    MEMBERSHIP.apply(submitted, "submit", actor=registrar, at=NOW)
    make.upload(submitted, "statute", registrar)
    DOCUMENT.apply(make.upload(submitted, "licence", reviewer), "return", actor=registrar, at=NOW, **NOTE)
    make.under_review(registrar, reviewer, valid_until={"statute": TODAY + timedelta(days=3)})
    MEMBERSHIP.apply(make.under_review(registrar, reviewer), "send_back", actor=reviewer, at=NOW, **WRONG)
    rejected = make.under_review(registrar, reviewer)
    MEMBERSHIP.apply(rejected, "reject", actor=manager, at=NOW, **NOTE)
    member = make.member(registrar, reviewer, manager)
    parts.record_licence(
        member,
        actor=registrar,
        at=NOW,
        data=LicenceData(licensor="police", number="9", valid_until=TODAY + timedelta(days=9)),
    )
    suspended = make.member(registrar, reviewer, manager)
    MEMBERSHIP.apply(suspended, "suspend", actor=manager, at=NOW, **NOTE)
    ended = make.member(registrar, reviewer, manager)
    MEMBERSHIP.apply(ended, "end", actor=manager, at=NOW, **NOTE)
    MEMBERSHIP.apply(ended, "reopen", actor=registrar, at=NOW)
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_drafts_in_bulk_wait_as_those_one_by_one(registrar: User, manager: User) -> None:
    data = [make.ngo_data() for _ in range(4)]
    registry.register_many(data, actor=registrar, at=NOW)
    claimed = [make.ngo_data(claimed_number=f"1/{n}", claimed_since=TODAY) for n in range(3)]
    made = registry.register_many(claimed, actor=registrar, at=NOW)
    assert work.open_items(registrar, TODAY).count() == 4
    assert work.rebuild(at=NOW, mend=False).total == 0
    result = batches.confirm_existing_members([ngo.pk for ngo in made], actor=manager, at=NOW)
    assert len(result.confirmed) == 3
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_a_file_asks_the_ngo_once_somebody_represents_it(registrar: User) -> None:
    ngo, user = make.draft(registrar, claimed_number="1402/1", claimed_since=TODAY), make_user(Role.NGO_USER)
    assert [item.kind for item in work.of_file(ngo)] == ["ngos.existing"], "of the NGO nothing is asked yet"
    link_account(ngo, actor=registrar, at=NOW, user=user, letter_reference="1", starts_on=TODAY)
    assert details(user) == ["پرونده هنوز برای بررسی ارسال نشده است"]


def test_an_existing_member_owes_documents_as_they_lapse(
    registrar: User, reviewer: User, manager: User
) -> None:
    user = make_user(Role.NGO_USER)
    ngo = make.draft(registrar, claimed_number="1402/1", claimed_since=TODAY)
    represent(ngo, user)
    MEMBERSHIP.apply(ngo, "confirm_existing", actor=manager, at=NOW)
    assert details(user) == ["6 مدرک هنوز پذیرفته نشده است"]
    days = {"statute": TODAY + timedelta(days=3), "licence": TODAY + timedelta(days=9)}
    make.complete(ngo, registrar=registrar, reviewer=reviewer, valid_until=days)
    assert [details(user, TODAY + timedelta(days=ahead)) for ahead in (0, 3, 4, 9, 10, 900)] == [
        [],
        [],
        ["1 مدرک هنوز پذیرفته نشده است"],
        ["1 مدرک هنوز پذیرفته نشده است"],
        ["2 مدرک هنوز پذیرفته نشده است"],
        ["2 مدرک هنوز پذیرفته نشده است"],
    ]
    (item,) = work.open_items(user, TODAY + timedelta(days=4))
    assert item.due_on == TODAY + timedelta(days=180)


def test_an_approval_waits_on_the_days_on_which_nothing_is_missing(
    registrar: User, reviewer: User, manager: User
) -> None:
    """The first licence ends, a second one begins later; the approval is asked for on the same days."""
    ngo = make.under_review(
        registrar,
        reviewer,
        valid_until={"statute": TODAY + timedelta(days=30)},
        licence=make.licence(valid_until=TODAY + timedelta(days=2)),
    )
    parts.record_licence(
        ngo,
        actor=registrar,
        at=NOW,
        data=LicenceData(
            licensor="police",
            number="9",
            valid_from=TODAY + timedelta(days=10),
            valid_until=TODAY + timedelta(days=90),
        ),
    )
    for ahead, is_ready in (
        (0, True),
        (2, True),
        (3, False),
        (9, False),
        (10, True),
        (30, True),
        (31, False),
    ):
        at = NOW + timedelta(days=ahead)
        assert work.open_items(manager, access.local_date(at)).exists() == is_ready, ahead
        assert MEMBERSHIP.option(Ngo.objects.get(pk=ngo.pk), "approve", manager, at).allowed == is_ready, (
            ahead
        )


def test_documents_wait_for_each_but_their_own_uploader(registrar: User, reviewer: User) -> None:
    ngo, third = make.draft(registrar, claimed_number="1/1"), make_user(Role.HQ_EXPERT)
    make.upload(ngo, "statute", registrar)
    make.upload(ngo, "licence", registrar)
    mine = make.upload(ngo, "board_minutes", reviewer)
    assert details(third) == ["1 مدرک در انتظار بررسی", "2 مدرک در انتظار بررسی"]
    assert details(registrar) == ["1 مدرک در انتظار بررسی"]
    assert details(reviewer) == ["2 مدرک در انتظار بررسی"]
    DOCUMENT.apply(mine, "accept", actor=third, at=NOW)
    assert details(registrar) == []
    closed = WorkItem.objects.get(closed_at__isnull=False, address_kind="", role=Role.HQ_EXPERT)
    assert (closed.closed_by, closed.subject_id) == (third, ngo.pk)


def test_who_represents_the_ngo_that_day_finds_its_work(registrar: User, reviewer: User) -> None:
    ngo, user = make.under_review(registrar, reviewer), make_user(Role.NGO_USER)
    represent(ngo, user)
    MEMBERSHIP.apply(ngo, "send_back", actor=reviewer, at=NOW, **WRONG)
    assert details(user) == ["اساسنامه"]
    end_account(ngo.accounts.get(), actor=registrar, at=NOW, ends_on=TODAY)
    assert details(user, TODAY + timedelta(days=1)) == []
    heir = make_user(Role.NGO_USER)
    represent(ngo, heir)
    assert details(heir, TODAY + timedelta(days=1)) == ["اساسنامه"]
    stranger = make_user(Role.HQ_ASSESSOR)
    represent(ngo, stranger)  # a representative by the register, without the role of one
    assert details(stranger) == []


def test_work_is_nobodys_who_has_lost_the_power(registrar: User, reviewer: User) -> None:
    make.draft(registrar)
    make.under_review(registrar, reviewer)
    assert (len(details(registrar)), len(details(reviewer))) == (1, 1)
    for person in (registrar, reviewer):
        person.role_assignments.update(period=period(date(2020, 1, 1), TODAY), ended_at=NOW)
        person.__dict__.pop("_authorities")
        assert len(details(person)) == 1
        assert details(person, TODAY + timedelta(days=1)) == []


def test_a_stopped_file_waits_for_nobody(registrar: User, reviewer: User, manager: User) -> None:
    ngo = make.under_review(registrar, reviewer)
    (task,) = contributions.inbox(manager, NOW)
    assert task.title == to_persian_text(f"تأیید عضویت «{ngo.name}»")
    place_hold(ngo, reason="رسیدگی", actor=reviewer, at=NOW)
    assert contributions.inbox(manager, NOW) == []


def test_a_name_that_changes_changes_in_the_inbox(registrar: User) -> None:
    ngo = make.draft(registrar, name="انجمن کهنه")
    data: Any = make.ngo_data(name="انجمن نو", national_id=ngo.national_id)
    registry.update_ngo(ngo, actor=registrar, at=NOW, data=data, version=ngo.version)
    assert [item.title for item in work.open_items(registrar, TODAY)] == ["تکمیل و ارسال «انجمن نو»"]
    assert work.rebuild(at=NOW, mend=False).total == 0
