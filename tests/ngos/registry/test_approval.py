"""N2 and N3: what an approval needs, and the number it gives once and for ever."""

from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError

from ngos.enums import REQUIRED_DOCUMENTS, DocumentKind
from ngos.models import MembershipPeriod, Ngo, Officer
from ngos.operations import parts
from ngos.operations.ngo_data import LicenceData
from ngos.queries import was_member_on
from ngos.workflow import DOCUMENT, MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.numbering import set_first_serial
from staff_portal.kernel.models import AuditEntry, IssuedNumber, Letter, NumberSeries, User
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, add_role, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import fa, represent, text_of
from tests.support.states import put


def refusal(ngo: Ngo, manager: User, step: str = "approve", **asked: Any) -> list[str]:
    with pytest.raises(TransitionRefused) as caught:
        MEMBERSHIP.apply(ngo, step, actor=manager, at=NOW, **asked)
    return caught.value.sentences


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REQUIRED_DOCUMENTS)
def test_each_required_document_is_its_own_sentence(
    registrar: User, reviewer: User, manager: User, kind: str
) -> None:
    ngo = make.under_review(registrar, reviewer, without={kind})
    label = DocumentKind(kind).label
    assert refusal(ngo, manager) == [f"«{label}» بارگذاری نشده است."]
    waiting = make.upload(ngo, kind, registrar)
    assert refusal(ngo, manager) == [f"«{label}» هنوز پذیرفته نشده است."]
    DOCUMENT.apply(waiting, "return", actor=reviewer, at=NOW, note="ناخوانا")
    assert refusal(ngo, manager) == [f"«{label}» هنوز پذیرفته نشده است."]
    DOCUMENT.apply(make.upload(ngo, kind, registrar), "accept", actor=reviewer, at=NOW)
    assert MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW).state == "member"


@pytest.mark.django_db
def test_a_document_whose_time_is_over_does_not_count(registrar: User, reviewer: User, manager: User) -> None:
    earlier = NOW - timedelta(days=9)
    lapsed = {"statute": TODAY - timedelta(days=1)}
    ngo = make.under_review(registrar, reviewer, at=earlier, valid_until=lapsed)
    assert refusal(ngo, manager) == ["اعتبار «اساسنامه» پایان یافته است."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("valid_from", "valid_until", "counts"),
    [(None, 0, True), (None, -1, False), (0, 10, True), (1, 10, False), (-10, 0, True)],
)
def test_the_licence_must_cover_the_day(
    registrar: User, reviewer: User, manager: User, valid_from: int | None, valid_until: int, counts: bool
) -> None:
    licence = make.licence(
        valid_from=None if valid_from is None else TODAY + timedelta(days=valid_from),
        valid_until=TODAY + timedelta(days=valid_until),
    )
    ngo = make.under_review(registrar, reviewer, licence=licence)
    if counts:
        assert MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW).state == "member"
    else:
        assert refusal(ngo, manager) == ["پروانه فعالیت معتبری ثبت نشده است."]


@pytest.mark.django_db
def test_the_board_counts_those_in_office_only(registrar: User, reviewer: User, manager: User) -> None:
    ngo = make.under_review(registrar, reviewer)
    chair = Officer.objects.get(ngo=ngo, post="chair")
    parts.end_officer_term(chair, actor=registrar, at=NOW, last_day=TODAY - timedelta(days=1))
    parts.record_officer(ngo, actor=registrar, at=NOW, post="ceo", full_name="مدیر نمونه", starts_on=TODAY)
    (sentence,) = refusal(ngo, manager)
    assert "دست‌کم ۳ عضو" in sentence
    assert "۲ عضو ثبت شده است" in sentence


@pytest.mark.django_db
def test_everything_missing_is_said_at_once(registrar: User, reviewer: User, manager: User) -> None:
    ngo = make.draft(registrar, licence=None)
    ngo = put(MEMBERSHIP, ngo, "under_review")
    found = refusal(ngo, manager)
    assert found[0] == "پروانه فعالیت معتبری ثبت نشده است."
    assert len(found) == 1 + len(REQUIRED_DOCUMENTS) + 2
    assert found[-1] == "کارشناسی این درخواست را بررسی نکرده است."


@pytest.mark.django_db
def test_the_page_says_the_same_sentences_as_the_operation(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    ngo = make.under_review(registrar, reviewer, without={"statute"})
    client = sign_in(manager)
    sentence = "«اساسنامه» بارگذاری نشده است."
    assert sentence in text_of(client.get(f"/ngos/{ngo.pk}/"))
    assert sentence in text_of(client.get(f"/ngos/{ngo.pk}/do/approve/"))
    refused = client.post(f"/ngos/{ngo.pk}/do/approve/")
    assert refused.status_code == 409
    assert sentence in text_of(refused)
    ngo.refresh_from_db()
    assert ngo.state == "under_review"


@pytest.mark.django_db
def test_a_refused_step_that_asks_nothing_reads_like_the_greyed_one(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    """Nothing was typed, so nothing is said of it, and the button goes until what is missing is there."""
    ngo = make.under_review(registrar, reviewer, without={"statute"})
    client, address = sign_in(manager), f"/ngos/{ngo.pk}/do/approve/"
    shown, refused = client.get(address), client.post(address)
    for page in (shown, refused):
        assert "اکنون انجام‌شدنی نیست" in text_of(page)
        assert "آنچه نوشته‌اید" not in text_of(page)
        assert ">تأیید عضویت</button>" not in text_of(page)
    assert (shown.status_code, refused.status_code) == (200, 409)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["registered_by", "reviewer"])
def test_four_eyes_count_persons(registrar: User, reviewer: User, manager: User, column: str) -> None:
    add_role(manager, Role.HQ_EXPERT)
    people = (manager, reviewer) if column == "registered_by" else (registrar, manager)
    ngo = make.under_review(*people)
    with pytest.raises(NotPermitted, match="شخص دیگری"):
        MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW)


@pytest.mark.django_db
def test_the_registrar_does_not_review(registrar: User) -> None:
    ngo = make.draft(registrar)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    with pytest.raises(NotPermitted, match="خود شما ثبت کرده‌اید"):
        MEMBERSHIP.apply(ngo, "take_up", actor=registrar, at=NOW)


@pytest.mark.django_db
def test_approval_gives_number_period_and_certificate(registrar: User, reviewer: User, manager: User) -> None:
    ngo = make.member(registrar, reviewer, manager)
    assert ngo.membership_number == "1405/0001"
    assert ngo.member_since == TODAY
    assert was_member_on(ngo, TODAY)
    assert not was_member_on(ngo, TODAY - timedelta(days=1))
    letter = Letter.objects.get(root_type="ngos.ngo", root_id=ngo.pk, kind="certificate")
    assert ["شماره عضویت", fa("1405/0001")] in letter.public_facts
    entry = AuditEntry.objects.get(event="membership.approved")
    assert entry.after["membership_number"] == "1405/0001"
    assert make.member(registrar, reviewer, manager).membership_number == "1405/0002"


@pytest.mark.django_db
def test_a_start_in_mid_year_and_a_return_keep_to_the_number(
    registrar: User, reviewer: User, manager: User
) -> None:
    set_first_serial(kind="عضویت", year=1405, first_serial=318)
    ngo = make.member(registrar, reviewer, manager)
    assert ngo.membership_number == "1405/0318"
    MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="به درخواست سمن")
    later = NOW + timedelta(days=30)
    MEMBERSHIP.apply(ngo, "reopen", actor=registrar, at=later)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=later)
    MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=later)
    again = MEMBERSHIP.apply(ngo, "approve", actor=manager, at=later)
    assert again.membership_number == "1405/0318"
    assert IssuedNumber.objects.filter(series__kind="عضویت").count() == 1
    assert MembershipPeriod.objects.filter(ngo=ngo).count() == 2
    assert not was_member_on(ngo, TODAY + timedelta(days=10))


@pytest.mark.django_db
def test_a_refused_approval_takes_no_number(registrar: User, reviewer: User, manager: User) -> None:
    ngo = make.under_review(registrar, reviewer, licence=make.licence(valid_until=TODAY - timedelta(days=1)))
    refusal(ngo, manager)
    assert not NumberSeries.objects.filter(kind="عضویت").exists()
    assert not Letter.objects.exists()
    entry = AuditEntry.objects.get(event="kernel.refused")
    assert entry.actor == manager
    assert "پروانه" in entry.after["reason"]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["send_back", "reject"])
def test_a_step_that_wants_a_note_is_refused_without_one(
    registrar: User, reviewer: User, manager: User, step: str, sign_in: SignIn
) -> None:
    ngo = make.under_review(registrar, reviewer)
    actor = reviewer if step == "send_back" else manager
    response = sign_in(actor).post(f"/ngos/{ngo.pk}/do/{step}/", {"note": "  "})
    assert response.status_code == 422
    assert "این خانه را پر کنید" in text_of(response)
    with pytest.raises(TransitionRefused):
        MEMBERSHIP.apply(ngo, step, actor=actor, at=NOW)


@pytest.mark.django_db
def test_a_return_starts_the_clock_and_names_what_is_missing(
    registrar: User, reviewer: User, sign_in: SignIn
) -> None:
    ngo = make.under_review(registrar, reviewer)
    representative = make_user(Role.NGO_USER)
    represent(ngo, representative)
    answer = sign_in(reviewer).post(
        f"/ngos/{ngo.pk}/do/send_back/", {"note": "آگهی خوانا نیست", "missing": ["آخرین آگهی تغییرات"]}
    )
    assert answer.status_code == 302
    for user in (registrar, representative):
        page = text_of(sign_in(user).get(f"/ngos/{ngo.pk}/"))
        # twenty working days after 3 Azar, Thursdays and Fridays off
        assert "مهلت اصلاح تا پایان سه‌شنبه ۱ دی ۱۴۰۵" in page
        assert "آخرین آگهی تغییرات" in page


# --- what the database refuses ------------------------------------------------------------------------------

IGNORE = "SET pgtrigger.ignore = 'ngos.Ngo:number_permanent,ngos.Ngo:no_delete,ngos.Ngo:no_truncate'"


def _member(committed_db: Any) -> Ngo:
    people = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT), make_user(Role.HQ_MANAGER)
    return make.member(*people)


@pytest.mark.parametrize("who", ["app", "owner"])
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE ngos_ngo SET membership_number = '1405/0999'", "n3_number_permanent|n3_ngo_moves"),
        ("UPDATE ngos_ngo SET membership_number = NULL, state = 'draft'", "n3_number_permanent|n3_ngo_moves"),
        ("DELETE FROM ngos_ngo", "n3_ngo_permanent"),
        ("TRUNCATE ngos_ngo CASCADE", "n3_|n9_|n6_|n7_"),
        ("DELETE FROM ngos_membershipperiod", "n3_periods_kept"),
        ("TRUNCATE ngos_membershipperiod", "n3_periods_kept"),
        (
            (
                "INSERT INTO ngos_membershipperiod (ngo_id, period, ended_by, created_at)"
                " SELECT id, daterange((state_since AT TIME ZONE 'Asia/Tehran')::date, NULL), '', state_since"
                " FROM ngos_ngo"
            ),
            "n3_periods_disjoint",
        ),
        (
            (
                "INSERT INTO ngos_membershipperiod (ngo_id, period, ended_by, created_at)"
                " SELECT id, daterange('2026-11-20', NULL), '', state_since FROM ngos_ngo"
            ),
            "n3_nothing_backdated",
        ),
        ("UPDATE ngos_ngo SET member_since = NULL", "n3_member_has_number|n3_ngo_moves"),
    ],
)
def test_raw_sql_cannot_break_n3(committed_db: Any, who: str, statement: str, constraint: str) -> None:
    ngo = _member(committed_db)
    cursors = {"app": committed_db.app_cursor, "owner": committed_db.owner_cursor}
    with cursors[who]() as cursor:
        cursor.execute(IGNORE)
        expected = "permission denied" if who == "app" and statement.startswith("TRUNCATE") else constraint
        with pytest.raises(psycopg2.Error, match=f"{expected}|refused|violates") as caught:
            cursor.execute(statement)
        if expected != "permission denied":
            assert any(part in (caught.value.diag.constraint_name or "") for part in constraint.split("|"))
    ngo.refresh_from_db()
    assert ngo.membership_number == "1405/0001"
    assert MembershipPeriod.objects.filter(ngo=ngo).count() == 1


@pytest.mark.django_db
def test_a_number_is_not_given_twice(registrar: User, reviewer: User, manager: User, raw_sql: Any) -> None:
    make.member(registrar, reviewer, manager)
    other = make.draft(registrar)
    with pytest.raises(IntegrityError, match="n3_membership_number_unique"):
        raw_sql("UPDATE ngos_ngo SET membership_number = '1405/0001' WHERE id = %s", [other.pk])


def test_two_approvals_at_once_have_one_winner(committed_db: Any) -> None:
    registrar, reviewer = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    managers = [make_user(Role.HQ_MANAGER) for _ in range(4)]
    ngo = make.under_review(registrar, reviewer)

    def approve(manager: User) -> Any:
        return lambda: MEMBERSHIP.apply(Ngo.objects.get(pk=ngo.pk), "approve", actor=manager, at=NOW)

    results = committed_db.together([approve(manager) for manager in managers])
    won = [row for row in results if isinstance(row, Ngo)]
    assert len(won) == 1
    assert all(isinstance(row, TransitionRefused) for row in results if row is not won[0])
    assert won[0].membership_number == "1405/0001"
    assert list(IssuedNumber.objects.filter(series__kind="عضویت").values_list("serial", flat=True)) == [1]
    assert Letter.objects.filter(kind="certificate").count() == 1
    assert MembershipPeriod.objects.count() == 1
    assert AuditEntry.objects.filter(event="kernel.refused").count() == 3


def test_many_approvals_at_once_leave_no_gap_and_no_repeat(committed_db: Any) -> None:
    registrar, reviewer = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    manager = make_user(Role.HQ_MANAGER)
    gone = make.licence(valid_until=TODAY - timedelta(days=1))  # the fourth is refused on the way
    more: list[dict[str, Any]] = [{"licence": gone} if place == 3 else {} for place in range(8)]
    ngos = [make.under_review(registrar, reviewer, **changes) for changes in more]

    def approve(ngo: Ngo) -> Any:
        return lambda: MEMBERSHIP.apply(ngo, "approve", actor=User.objects.get(pk=manager.pk), at=NOW)

    results = committed_db.together([approve(ngo) for ngo in ngos])
    numbers = sorted(row.membership_number for row in results if isinstance(row, Ngo))
    assert numbers == [f"1405/{n:04d}" for n in range(1, 8)]
    assert isinstance(results[3], TransitionRefused)


@pytest.mark.django_db
def test_licence_data_is_one_licence(registrar: User) -> None:
    """The same licence twice is refused with the constraint's sentence."""
    ngo = make.draft(registrar)
    data = LicenceData(licensor="interior", number="9/9", valid_until=TODAY + timedelta(days=30))
    parts.record_licence(ngo, actor=registrar, at=NOW, data=data)
    with pytest.raises(Refusal, match="پیش از این ثبت شده است"):
        parts.record_licence(ngo, actor=registrar, at=NOW, data=data)
