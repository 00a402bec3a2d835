"""The page of a letter: who sees it, its PDF, revoking it, its number in the office automation system (K1–K3, K6)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters import letter_desk, letter_rules
from staff_portal.kernel.letters.issuing import kind_label
from staff_portal.kernel.models import (
    Attachment,
    AuditEntry,
    Delegation,
    Letter,
    LetterRendering,
    Secrecy,
    Unit,
    User,
)
from tests.kernel.papers.support import (
    LONG_AGO,
    NOW,
    PNG,
    TODAY,
    client_of,
    make_letter,
    make_root,
    make_user,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Unit:
    return make_root()


@pytest.fixture
def manager() -> User:
    return make_user(
        "hq.karimi", Role.HQ_MANAGER, first_name="زهرا", last_name="کریمی", post="رئیس ستاد سمن‌ها"
    )


@pytest.fixture
def expert() -> User:
    return make_user("hq.ahmadi", Role.HQ_EXPERT)


@pytest.fixture
def letter(root: Unit, manager: User) -> Letter:
    return make_letter(root, actor=manager)


def url(name: str, letter: Letter, *more: Any) -> str:
    return reverse(name, args=[letter.pk, *more])


def read(response: Any) -> bytes:
    """The whole of a streamed answer."""
    return b"".join(response.streaming_content)


PAGES = ("letter_detail", "letter_pdf", "letter_office_number", "letter_revoke")


@pytest.mark.parametrize("secrecy", [Secrecy.ORDINARY, Secrecy.CONFIDENTIAL])
@pytest.mark.parametrize("role", list(Role))
def test_a_letter_is_seen_with_its_record_and_a_confidential_one_in_hq(
    root: Unit, manager: User, role: str, secrecy: str
) -> None:
    letter = make_letter(root, actor=manager, secrecy=secrecy)
    user = make_user("someone", role, unit=make_root("دیگر"))
    may = role in {Role.HQ_EXPERT, Role.HQ_MANAGER} or (role == Role.AUDITOR and secrecy == Secrecy.ORDINARY)
    client = client_of(user)
    assert client.get(url("letter_detail", letter)).status_code == (200 if may else 404)
    assert client.get(url("letter_pdf", letter)).status_code == (200 if may else 404)
    assert client.get(url("letter_page", letter, 1)).status_code == (200 if may else 404)
    assert letter_rules.can_view_letter(user, letter, TODAY) is may
    visible = Letter.objects.filter(letter_rules.letters_visible_to(user, TODAY))
    assert visible.filter(pk=letter.pk).exists() is may


def test_a_unit_s_person_sees_the_letters_of_the_own_record_only(
    root: Unit, letter: Letter, manager: User
) -> None:
    person = make_user("unit", Role.UNIT_EXPERT, unit=root)
    other = make_letter(make_root("دیگر"), actor=manager)
    client = client_of(person)
    assert client.get(url("letter_detail", letter)).status_code == 200
    assert client.get(url("letter_detail", other)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(letter: Letter, client: Any) -> None:
    for name in PAGES:
        assert client.get(url(name, letter)).headers["Location"].startswith(reverse("login"))


def test_the_page_states_the_letter(letter: Letter, expert: User) -> None:
    text = client_of(expert).get(url("letter_detail", letter)).content.decode()
    for part in (
        "۱۴۰۵/ن/۱",
        "۳ آذر ۱۴۰۵",
        "زهرا کریمی",
        "اداره کل نمونه",
        "نامه آزمایشی",
        f"/verify/{letter.code}/",
    ):
        assert part in text
    assert "ابطال" not in text


def test_a_delegate_signs_on_behalf(root: Unit, manager: User, expert: User) -> None:
    letter = make_letter(root, actor=expert, behalf=manager)
    assert letter.content["signature"]["on_behalf_of"] == "زهرا کریمی، رئیس ستاد سمن‌ها"
    assert letter.content["signature"]["name"] == "مریم احمدی"
    assert (letter.signed_by, letter.on_behalf_of) == (expert, manager)
    text = client_of(expert).get(url("letter_detail", letter)).content.decode()
    assert "مریم احمدی، از طرف زهرا کریمی" in text


def test_the_pdf_is_made_once_and_shown_inline_under_its_number(letter: Letter, expert: User) -> None:
    response = client_of(expert).get(url("letter_pdf", letter))
    assert read(response).startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline;")
    assert "letter-1405-%D9%86-1.pdf" in response["Content-Disposition"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    made = LetterRendering.objects.get(letter=letter)
    read(client_of(expert).get(url("letter_pdf", letter)))
    assert LetterRendering.objects.get(letter=letter).file.name == made.file.name


def test_a_lost_pdf_is_made_again_from_what_was_signed(letter: Letter, expert: User) -> None:
    read(client_of(expert).get(url("letter_pdf", letter)))
    made = LetterRendering.objects.get(letter=letter)
    made.file.storage.delete(made.file.name)
    response = client_of(expert).get(url("letter_pdf", letter))
    assert read(response).startswith(b"%PDF-")
    assert LetterRendering.objects.get(letter=letter).sha256 == made.sha256


def test_the_preview_is_a_picture_of_each_sheet(letter: Letter, expert: User) -> None:
    response = client_of(expert).get(url("letter_page", letter, 1))
    assert response.content.startswith(b"\x89PNG")
    for page in (0, 2, 99):
        assert client_of(expert).get(url("letter_page", letter, page)).status_code == 404


def test_the_manager_revokes_with_a_reason_and_it_is_audited(letter: Letter, manager: User) -> None:
    client = client_of(manager)
    assert "ابطال" in client.get(url("letter_detail", letter)).content.decode()
    response = client.post(url("letter_revoke", letter), {"reason": "شماره  ثبت نادرست بود"})
    assert response["Location"] == url("letter_detail", letter)
    assert letter.events.get().reason == "شماره ثبت نادرست بود"
    entry = AuditEntry.objects.get(event="letter.revoked")
    assert (entry.actor, entry.role, entry.note) == (manager, Role.HQ_MANAGER, "شماره ثبت نادرست بود")
    assert entry.root_id == letter.root_id
    text = client.get(url("letter_detail", letter)).content.decode()
    assert "باطل‌شده" in text
    assert url("letter_revoke", letter) not in text


def test_without_a_reason_nothing_is_revoked(letter: Letter, manager: User) -> None:
    response = client_of(manager).post(url("letter_revoke", letter), {"reason": "  "})
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert not letter.events.exists()
    with pytest.raises(Refusal, match="سبب ابطال"):
        letter_desk.revoke_at_desk(letter, reason=" ", actor=manager, at=NOW)


def test_a_second_revocation_says_so_and_keeps_what_was_typed(
    letter: Letter, root: Unit, manager: User
) -> None:
    letter_desk.revoke_at_desk(letter, reason="خطا", actor=manager, at=NOW)
    response = client_of(manager).post(url("letter_revoke", letter), {"reason": "سبب دیگر"})
    text = response.content.decode()
    assert "پیش از این باطل یا جایگزین شده است" in text
    assert "سبب دیگر" in text
    assert letter.events.count() == 1


@pytest.mark.parametrize("role", [Role.HQ_EXPERT, Role.AUDITOR])
def test_nobody_else_revokes(letter: Letter, root: Unit, role: str) -> None:
    user = make_user("other", role)
    assert client_of(user).get(url("letter_revoke", letter)).status_code == 403
    assert client_of(user).post(url("letter_revoke", letter), {"reason": "خطا"}).status_code == 403
    with pytest.raises(NotPermitted):
        letter_desk.revoke_at_desk(letter, reason="خطا", actor=user, at=NOW)
    assert not letter.events.exists()


def test_a_delegate_of_the_manager_revokes_in_the_manager_s_name(
    letter: Letter, manager: User, expert: User
) -> None:
    Delegation.objects.create(
        delegator=manager,
        delegate=expert,
        role=Role.HQ_MANAGER,
        period=period(LONG_AGO, None),
        created_at=NOW,
    )
    client_of(expert).post(url("letter_revoke", letter), {"reason": "خطا"})
    assert AuditEntry.objects.get(event="letter.revoked").on_behalf_of == manager


OFFICE = {"office_number": "۱۴۰۵/۲۲۱۱", "office_dated_on": "۱۴۰۵/۹/۲"}


def test_the_office_number_is_kept_with_the_scan(letter: Letter, expert: User) -> None:
    client = client_of(expert)
    response = client.post(
        url("letter_office_number", letter), {**OFFICE, "scan": upload("مهر.png", PNG, "image/png")}
    )
    assert response["Location"] == url("letter_detail", letter)
    event = letter.events.select_related("scan").get()
    assert event.office_dated_on == date(2026, 11, 23)
    assert event.scan is not None
    assert (event.scan.root_type, event.scan.root_id) == ("kernel.letter", letter.pk)
    text = client.get(url("letter_detail", letter)).content.decode()
    assert "۱۴۰۵/۲۲۱۱" in text
    assert "مهر.png" in text
    assert client.get(reverse("attachment", args=[event.scan.pk])).status_code == 200
    assert AuditEntry.objects.filter(event="letter.annotated", subject_id=letter.pk).count() == 1


def test_a_scan_of_a_confidential_letter_stays_in_hq(root: Unit, manager: User, expert: User) -> None:
    letter = make_letter(root, actor=manager, secrecy=Secrecy.CONFIDENTIAL)
    client_of(expert).post(url("letter_office_number", letter), {**OFFICE, "scan": upload("a.png", PNG)})
    scan = Attachment.objects.get()
    assert client_of(manager).get(reverse("attachment", args=[scan.pk])).status_code == 200
    for reader in (make_user("unit", Role.UNIT_EXPERT, unit=root), make_user("auditor", Role.AUDITOR)):
        assert client_of(reader).get(reverse("attachment", args=[scan.pk])).status_code == 404


def test_an_error_elsewhere_keeps_the_scan_for_the_next_try(letter: Letter, expert: User) -> None:
    client = client_of(expert)
    response = client.post(
        url("letter_office_number", letter),
        {**OFFICE, "office_dated_on": "۱۴۰۵/۱۳/۱", "scan": upload("a.png", PNG)},
    )
    kept = Attachment.objects.get()
    text = response.content.decode()
    assert f'name="scan_staged" value="{kept.pk}"' in text
    assert "۱۴۰۵/۱۳/۱" in text
    client.post(url("letter_office_number", letter), {**OFFICE, "scan_staged": kept.pk})
    assert letter.events.get().scan == kept


def test_a_wrong_scan_is_refused_with_a_sentence_and_nothing_is_saved(letter: Letter, expert: User) -> None:
    response = client_of(expert).post(
        url("letter_office_number", letter), {**OFFICE, "scan": upload("a.png", b"not a picture")}
    )
    assert "با پسوند آن نمی‌خواند" in response.content.decode()
    assert "۱۴۰۵/۲۲۱۱" in response.content.decode()
    assert not letter.events.exists()


def test_a_dropped_scan_saves_nothing_yet(letter: Letter, expert: User) -> None:
    client = client_of(expert)
    client.post(url("letter_office_number", letter), {"scan": upload("a.png", PNG)})
    kept = Attachment.objects.get()
    response = client.post(
        url("letter_office_number", letter), {**OFFICE, "scan_staged": kept.pk, "scan_drop": kept.pk}
    )
    assert "scan_staged" not in response.content.decode()
    assert not letter.events.exists()


def test_a_day_to_come_is_refused(letter: Letter, root: Unit, expert: User) -> None:
    with pytest.raises(Refusal, match="پس از امروز"):
        letter_desk.note_office_number(
            letter,
            office_number="1",
            office_dated_on=TODAY + timedelta(days=1),
            scan=None,
            actor=expert,
            at=NOW,
        )


def test_the_auditor_writes_nothing_on_a_letter(letter: Letter) -> None:
    response = client_of(make_user("auditor", Role.AUDITOR)).post(url("letter_office_number", letter), OFFICE)
    assert response.status_code == 403
    assert not letter.events.exists()


def test_the_page_takes_as_many_queries_with_many_events_as_with_one(
    letter: Letter, root: Unit, expert: User, django_assert_num_queries: Any, no_n_plus_one: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def note() -> None:
        letter_desk.note_office_number(
            letter, office_number="1", office_dated_on=TODAY, scan=None, actor=expert, at=NOW
        )

    client = client_of(expert)
    note()
    client.get(url("letter_detail", letter))
    with CaptureQueriesContext(connection) as few:
        client.get(url("letter_detail", letter))
    for _ in range(20):
        note()
    with django_assert_num_queries(len(few)), no_n_plus_one():
        client.get(url("letter_detail", letter))
    assert len(few) <= 20


def test_an_unknown_kind_is_still_a_letter() -> None:
    assert kind_label("never-heard-of") == "نامه"
