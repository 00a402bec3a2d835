"""D3, D4, D14, M8–M10: a step says what it rests on, what will come of it, and where the file then is until when."""

from datetime import date, timedelta
from typing import Any

import pytest

from ngos.models import Ngo
from ngos.operations import clocks
from ngos.workflow import DOCUMENT, MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Letter, User
from staff_portal.kernel.workflow import sweeps, work
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.support import represent, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WRONG = {"note": "مهر ندارد", "missing": ["اساسنامه"]}


def page_of(client: Any, ngo: Ngo, step: str) -> str:
    return text_of(client.get(f"/ngos/{ngo.pk}/do/{step}/"))


def answer_to(client: Any, ngo: Ngo, step: str, **asked: Any) -> str:
    return text_of(client.post(f"/ngos/{ngo.pk}/do/{step}/", asked, follow=True))


# --- D4: the manager's approval -----------------------------------------------------------------------------------


def test_an_approval_shows_what_it_rests_on_and_says_what_came(
    registrar: User, reviewer: User, manager: User, sign_in: Any
) -> None:
    make.draft(registrar, name="انجمن یاوران آزمون مهر", phone="02188776655")
    ngo = make.under_review(registrar, reviewer, name="انجمن همیاران گواه", phone="02188776655")
    client = sign_in(manager)
    page = page_of(client, ngo, "approve")
    for words in (
        "امید بررس",
        "۶ مدرک را پذیرفت",
        "مریم ثبت‌کننده",
        "۶ از ۶ پذیرفته",
        "اساسنامه: پذیرفته",
        "وزارت کشور",
        "۳ از ۳",
        "«انجمن یاوران آزمون مهر» (همین تلفن را دارد)",
        "شماره عضویت تازه داده می‌شود",
        "گواهی عضویت صادر می‌شود: «انجمن همیاران گواه»",
    ):
        assert words in page, words
    said = answer_to(client, ngo, "approve")
    letter = Letter.objects.get(root_id=ngo.pk, kind="certificate")
    assert "شماره عضویت ۱۴۰۵/۰۰۰۱" in said
    assert f'<a href="/letters/{letter.pk}/">گواهی عضویت</a>' in said


def test_an_incomplete_file_is_shown_as_it_is_to_the_manager(
    registrar: User, reviewer: User, manager: User, sign_in: Any
) -> None:
    """What is missing stands on the page, the button does not; a refused try offers none either (M5)."""
    ngo = make.draft(registrar, licence=None)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=NOW)
    client = sign_in(manager)
    page = page_of(client, ngo, "approve")
    assert "۰ از ۶ پذیرفته" in page
    assert "اساسنامه: بارگذاری نشده" in page
    refused = client.post(f"/ngos/{ngo.pk}/do/approve/")
    assert refused.status_code == 409
    text = text_of(refused)
    assert "پروانه فعالیت معتبری ثبت نشده است." in text
    assert "آنچه نوشته‌اید مانده است" not in text
    assert 'type="submit">تأیید عضویت' not in text


def test_a_suspension_and_an_end_show_what_falls(
    registrar: User, reviewer: User, manager: User, sign_in: Any
) -> None:
    ngo = make.member(registrar, reviewer, manager)
    make.published(registrar, manager)
    assessment = make.scoring(ngo, registrar, [make_user(Role.HQ_ASSESSOR), make_user(Role.HQ_ASSESSOR)])
    client = sign_in(manager)
    page = page_of(client, ngo, "suspend")
    assert "ظرفیت‌سنجی در جریان باز می‌ماند" in page
    assert f'href="/ngos/assessments/{assessment.pk}/"' in page
    assert "۱۵ روز کاری برای اعتراض" in page
    page = page_of(client, ngo, "end")
    assert "۱ گواهی و کارنامه در دست باطل می‌شود" in page
    assert "۱۵ روز کاری برای اعتراض" in page


# --- D3, D14: sending, taking back, taking up ----------------------------------------------------------------------


def test_an_empty_file_is_not_sent_without_being_told(registrar: User, sign_in: Any) -> None:
    ngo = make.draft(registrar, licence=None)
    client = sign_in(registrar)
    record = text_of(client.get(f"/ngos/{ngo.pk}/"))
    assert f'href="/ngos/{ngo.pk}/do/submit/"' in record, "a link to the page that asks, no button that sends"
    page = page_of(client, ngo, "submit")
    assert "۰ از ۶ مدرک لازم بارگذاری شده است؛ کم است: اساسنامه" in page
    assert "پروانه معتبری ثبت نشده است" in page
    assert "۰ عضو هیئت‌مدیره ثبت شده است؛ دست‌کم ۳ عضو لازم است" in page
    said = answer_to(client, ngo, "submit")
    due = clocks.take_up_due(Ngo.objects.get(pk=ngo.pk))
    assert due == date(2026, 12, 8)
    assert "اکنون نزد کارشناسان ستاد سمن‌هاست و تا پایان ۱۷ آذر ۱۴۰۵" in said


def test_a_request_is_taken_back_until_somebody_takes_it_up(
    registrar: User, reviewer: User, sign_in: Any
) -> None:
    ngo, user = make.draft(registrar), make_user(Role.NGO_USER)
    represent(ngo, user)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    said = answer_to(sign_in(user), ngo, "withdraw")
    assert "پرونده پیش‌نویس است" in said
    ngo.refresh_from_db()
    assert ngo.state == "draft"
    MEMBERSHIP.apply(ngo, "submit", actor=user, at=NOW)
    MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=NOW)
    with pytest.raises(TransitionRefused):
        MEMBERSHIP.apply(ngo, "withdraw", actor=user, at=NOW)
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_each_answer_says_where_the_file_is_and_until_when(
    registrar: User, reviewer: User, manager: User, sign_in: Any
) -> None:
    ngo = make.draft(registrar)
    make.complete(ngo, registrar=registrar, reviewer=reviewer)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    said = answer_to(sign_in(reviewer), ngo, "take_up")
    assert "پرونده نزد شماست و تا پایان" in said
    said = answer_to(sign_in(reviewer), ngo, "send_back", **WRONG)
    assert "اکنون نزد سمن و ثبت‌کننده است و تا پایان ۱ دی ۱۴۰۵ فرصت دارند" in said
    for step in MEMBERSHIP.rows.values():
        if step.is_by_hand and not step.has_own_page and step.name != "confirm_existing":
            assert step.done, f"{step.name} says nothing but its own name"
            assert step.about_on, f"{step.name} shows nothing"


# --- X7: a clock for each state, and what happens when it runs out ---------------------------------------------------


def test_a_request_that_nobody_takes_up_comes_before_the_head(registrar: User, reviewer: User) -> None:
    manager = make_user(Role.HQ_MANAGER)
    ngo = make.draft(registrar)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=NOW)
    ngo.refresh_from_db()
    due = clocks.take_up_due(ngo)
    (item,) = work.open_items(reviewer, TODAY)
    assert item.due_on == due
    assert not work.open_items(manager, due).exists()
    (late,) = work.open_items(manager, due + DAY)
    assert "را کسی برنداشته است" in late.title


def test_reviewer_and_manager_are_told_the_same_of_a_complete_file(
    registrar: User, reviewer: User, manager: User
) -> None:
    """M9: the file stands with one of them, and both items say with whom and until when."""
    ngo = make.under_review(registrar, reviewer)
    due = clocks.decision_due(Ngo.objects.get(pk=ngo.pk))
    (mine,) = work.open_items(reviewer, TODAY)
    (theirs,) = work.open_items(manager, TODAY)
    assert "نزد رئیس ستاد سمن‌هاست" in mine.detail
    assert theirs.detail == "چیزی از شرایط عضویت کم نیست"
    assert mine.due_on == theirs.due_on == due
    DOCUMENT.apply(
        ngo.documents.get(kind="statute"),
        "revoke_acceptance",
        actor=manager,
        at=NOW,
        note="جعلی",
        heard="پذیرفت",
    )
    assert not work.open_items(manager, TODAY).filter(row="approve").exists()
    assert work.open_items(reviewer, TODAY).get(row="send_back").detail == "بررسی این درخواست با شماست"


def test_a_file_sent_back_lapses_when_its_days_are_over(
    registrar: User, reviewer: User, manager: User
) -> None:
    ngo = make.under_review(registrar, reviewer)
    MEMBERSHIP.apply(ngo, "send_back", actor=reviewer, at=NOW, **WRONG)
    with pytest.raises(NotPermitted):
        MEMBERSHIP.apply(ngo, "lapse", actor=manager, at=NOW)
    due = clocks.correction_due(Ngo.objects.get(pk=ngo.pk))
    last = NOW + (due - TODAY)
    sweeps.run(last, MEMBERSHIP)
    ngo.refresh_from_db()
    assert ngo.state == "returned"
    sweeps.run(last + DAY, MEMBERSHIP)
    ngo.refresh_from_db()
    assert ngo.state == "draft"
    assert AuditEntry.objects.get(event="membership.lapsed").actor is None
    assert MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=last + DAY).state == "submitted"


def test_documents_that_never_came_stand_before_the_head(registrar: User, manager: User) -> None:
    """M10: not only the NGO, which may have nobody here, is asked after the day on which they were due."""
    ngo = make.draft(registrar, claimed_number="1402/1", claimed_since=TODAY)
    MEMBERSHIP.apply(ngo, "confirm_existing", actor=manager, at=NOW)
    due = Ngo.objects.get(pk=ngo.pk).documents_due_on
    assert due is not None
    assert not work.open_items(manager, due).exists()
    (item,) = work.open_items(manager, due + DAY)
    assert "نرسیده است" in item.title
    assert work.rebuild(at=NOW, mend=False).total == 0
