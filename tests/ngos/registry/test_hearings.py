"""X5: grounds first and days to answer, a letter with grounds, days to object from delivery, ruled on by another person."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from ngos.decision_letter import letters_of
from ngos.models import MembershipDecision, Ngo
from ngos.operations import clocks
from ngos.queries import was_member_on
from ngos.workflow import DECISION, MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Letter, LetterEvent, OutboxMessage, User
from staff_portal.kernel.workflow import sweeps, work
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, delegate, make_user
from tests.ngos.registry.support import represent, text_of

pytestmark = pytest.mark.django_db
NOTE = {"note": "گزارش مالی نرسیده است"}
DAY = timedelta(days=1)


@pytest.fixture
def user(db: None) -> User:
    return make_user(Role.NGO_USER)


@pytest.fixture
def ngo(registrar: User, reviewer: User, manager: User, user: User) -> Ngo:
    """A member since ninety days, with somebody who acts for it."""
    made = make.member(registrar, reviewer, manager, at=NOW - 90 * DAY, name="انجمن شنیدنی")
    represent(made, user)
    return made


def the_one(ngo: Ngo) -> MembershipDecision:
    return MembershipDecision.objects.filter(ngo=ngo).latest("id")


def after(day: date | None) -> datetime:
    """Ten o'clock on the day after the last one of a clock."""
    assert day is not None
    return NOW + (day - TODAY + DAY)


def titles(person: User, on: date = TODAY) -> list[str]:
    return list(work.open_items(person, on).filter(kind="ngos.decision").values_list("title", flat=True))


# --- heard first ------------------------------------------------------------------------------------------------


def test_a_suspension_waits_for_the_ngo_s_answer(
    ngo: Ngo, user: User, reviewer: User, manager: User, sign_in: Any
) -> None:
    answer = sign_in(reviewer).post(f"/ngos/{ngo.pk}/do/propose_suspension/", NOTE, follow=True)
    said = text_of(answer)
    assert "اکنون نزد سمن است و تا پایان" in said
    ngo.refresh_from_db()
    decision = the_one(ngo)
    assert (ngo.state, decision.state, decision.grounds) == ("member", "proposed", NOTE["note"])
    (item,) = work.open_items(user, TODAY).filter(kind="ngos.decision")
    assert item.due_on == clocks.hearing_due(decision) == date(2026, 12, 8)  # ten working days after 3 Azar
    with pytest.raises(TransitionRefused, match="مهلت پاسخ سمن تا پایان"):
        MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    page = sign_in(manager).post(f"/ngos/{ngo.pk}/do/suspend/", NOTE)
    assert page.status_code == 409
    with pytest.raises(TransitionRefused, match="پیشنهاد تعلیق دیگری"):
        MEMBERSHIP.apply(ngo, "propose_suspension", actor=reviewer, at=NOW, **NOTE)
    sign_in(user).post(f"{decision.get_absolute_url()}do/answer/", {"note": "گزارش فرستاده شد"})
    decision.refresh_from_db()
    assert (decision.state, decision.answer) == ("heard", "گزارش فرستاده شد")
    assert any("تصمیم درباره" in title for title in titles(manager))
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/do/suspend/"))
    assert "گزارش فرستاده شد" in page
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW + DAY, note="پاسخ کافی نبود")
    decision.refresh_from_db()
    assert (decision.state, decision.is_urgent, decision.decided_by) == ("issued", False, manager)
    assert work.rebuild(at=NOW + DAY, mend=False).total == 0


def test_silence_does_not_stop_it_and_indecision_does(ngo: Ngo, reviewer: User, manager: User) -> None:
    MEMBERSHIP.apply(ngo, "propose_suspension", actor=reviewer, at=NOW, **NOTE)
    decision = the_one(ngo)
    sweeps.run(after(clocks.hearing_due(decision)) - DAY, DECISION)
    decision.refresh_from_db()
    assert decision.state == "proposed"
    sweeps.run(after(clocks.hearing_due(decision)), DECISION)
    decision.refresh_from_db()
    assert (decision.state, decision.answer) == ("heard", "")
    sweeps.run(after(clocks.proposal_due(decision)), DECISION)
    decision.refresh_from_db()
    ngo.refresh_from_db()
    assert (decision.state, ngo.state) == ("dropped", "member")


def test_hq_answers_for_an_ngo_with_its_paper_only(ngo: Ngo, reviewer: User, registrar: User) -> None:
    MEMBERSHIP.apply(ngo, "propose_suspension", actor=reviewer, at=NOW, **NOTE)
    with pytest.raises(Refusal, match="نامه امضاشده سمن"):
        DECISION.apply(the_one(ngo), "answer", actor=registrar, at=NOW, note="پاسخ")
    made = DECISION.apply(the_one(ngo), "answer", actor=registrar, at=NOW, note="پاسخ", paper="۱۲/۴")
    assert made.paper == "۱۲/۴"


def test_one_without_a_hearing_is_urgent_and_is_reviewed(
    ngo: Ngo, user: User, manager: User, sign_in: Any
) -> None:
    """The page says so before, the manager has fifteen working days, the auditor hears when they are over."""
    auditor = make_user(Role.AUDITOR)
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/do/suspend/"))
    assert "این تعلیق فوری ثبت می‌شود و باید تا پایان ۲۴ آذر ۱۴۰۵ بازبینی شود" in page
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    decision = the_one(ngo)
    assert decision.is_urgent
    due = clocks.review_due(decision)
    assert due == date(2026, 12, 15)
    assert "بازبینی تعلیق فوری «انجمن شنیدنی»" in titles(manager)
    assert titles(auditor, due) == []
    assert titles(auditor, due + DAY) == ["تعلیق فوری «انجمن شنیدنی» در مهلت بازبینی نشده است"]
    DECISION.apply(decision, "review", actor=manager, at=NOW + DAY, note="می‌ماند")
    assert titles(auditor, due + DAY) == []
    with pytest.raises(TransitionRefused, match="بازبینی شده است"):
        DECISION.apply(decision, "review", actor=manager, at=NOW + DAY, note="باز هم")


# --- the letter, its delivery and the days to object ---------------------------------------------------------------


@pytest.mark.parametrize("step", ["suspend", "end", "reject"])
def test_each_adverse_step_issues_a_letter_with_grounds_and_remedy(
    step: str, ngo: Ngo, registrar: User, reviewer: User, manager: User, user: User, sign_in: Any
) -> None:
    if step == "reject":
        ngo = make.under_review(registrar, reviewer)
        represent(ngo, user)
    answer = sign_in(manager).post(f"/ngos/{ngo.pk}/do/{step}/", NOTE, follow=True)
    decision = the_one(ngo)
    said = text_of(answer)
    assert f'<a href="{decision.get_absolute_url()}">' in said
    (letter,) = letters_of(decision)
    text = " ".join(letter.content["paragraphs"])
    assert NOTE["note"] in text
    assert "روز کاری از روز ابلاغ" in text
    assert "کمیته مشترک" in text
    assert sign_in(user).get(f"/letters/{letter.pk}/").status_code == 200
    assert sign_in(make_user(Role.DEPUTY_EXPERT)).get(f"/letters/{letter.pk}/").status_code in {403, 404}
    assert [str(item) for item in titles(user)] == [f"خواندن نامه {decision}"]


def test_the_days_to_object_begin_with_the_delivery(
    ngo: Ngo, user: User, registrar: User, manager: User
) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    decision = the_one(ngo)
    assert clocks.objection_due(decision) is None
    late = clocks.after_delivery(decision)
    assert late is not None
    assert f"نامه {decision} در مهلت ابلاغ نشده است" in titles(manager, late)
    for day in (TODAY + 3 * DAY, TODAY - DAY):
        with pytest.raises(TransitionRefused):
            DECISION.apply(decision, "hand_over", actor=registrar, at=NOW, delivered_on=day, delivery="پست")
    at = NOW + 10 * DAY
    made = DECISION.apply(
        decision, "hand_over", actor=registrar, at=at, delivered_on=TODAY + 10 * DAY, delivery="پست سفارشی"
    )
    due = clocks.objection_due(made)
    assert due == date(2026, 12, 23)
    sweeps.run(after(due) - DAY, DECISION)
    made.refresh_from_db()
    assert made.state == "delivered"
    with pytest.raises(TransitionRefused, match="مهلت اعتراض در پایان"):
        DECISION.apply(made, "object", actor=user, at=after(due), note="اعتراض")
    sweeps.run(after(due), DECISION)
    made.refresh_from_db()
    assert made.state == "final"


def test_seeing_the_letter_is_its_delivery(ngo: Ngo, user: User, manager: User, sign_in: Any) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    answer = sign_in(user).post(f"{the_one(ngo).get_absolute_url()}do/acknowledge/", follow=True)
    assert "می‌توانید اعتراض کنید" in text_of(answer)
    assert (the_one(ngo).state, the_one(ngo).delivered_on) == ("delivered", TODAY)


def test_who_had_a_hand_in_it_does_not_rule_on_the_objection(
    ngo: Ngo, user: User, manager: User, sign_in: Any
) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    DECISION.apply(the_one(ngo), "object", actor=user, at=NOW + DAY, note="گزارش فرستاده شده بود")
    decision = the_one(ngo)
    for name in ("uphold", "dismiss"):
        with pytest.raises(NotPermitted, match="دست داشته‌اید"):
            DECISION.apply(decision, name, actor=manager, at=NOW + DAY, note="نه")
        assert sign_in(manager).post(f"{decision.get_absolute_url()}do/{name}/", NOTE).status_code == 403
    deputy = make_user(Role.HQ_EXPERT)
    delegate(manager, deputy, Role.HQ_MANAGER)
    made = DECISION.apply(decision, "dismiss", actor=deputy, at=NOW + DAY, note="گزارش ناقص بود")
    assert (made.state, made.ruled_by) == ("dismissed", deputy)
    assert len(letters_of(made)) == 2
    assert "کمیته مشترک" in " ".join(letters_of(made)[0].content["paragraphs"])


@pytest.mark.parametrize("step", ["suspend", "end", "reject"])
def test_an_upheld_objection_brings_the_file_back_from_then_on(
    step: str, ngo: Ngo, registrar: User, reviewer: User, manager: User
) -> None:
    if step == "reject":
        ngo = make.under_review(registrar, reviewer, at=NOW - 20 * DAY)
    MEMBERSHIP.apply(ngo, step, actor=manager, at=NOW - 10 * DAY, **NOTE)
    paper = {"note": "نادرست است", "paper": "۱۲/۳"}
    DECISION.apply(the_one(ngo), "object", actor=registrar, at=NOW - 8 * DAY, **paper)
    DECISION.apply(the_one(ngo), "uphold", actor=make_user(Role.HQ_MANAGER), at=NOW, note="حق با سمن است")
    ngo.refresh_from_db()
    assert ngo.state == ("under_review" if step == "reject" else "member")
    if step == "reject":
        return
    assert was_member_on(ngo, TODAY)
    assert not was_member_on(ngo, TODAY - DAY), "nothing is dated back"
    assert was_member_on(ngo, TODAY - 10 * DAY)
    in_force = Letter.objects.filter(root_type="ngos.ngo", root_id=ngo.pk, events__isnull=True)
    assert in_force.filter(kind="certificate").count() == 1
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_without_a_licence_an_upheld_objection_leaves_that_suspension(
    registrar: User, reviewer: User, manager: User
) -> None:
    until = make.licence(valid_until=TODAY)
    ngo = make.member(registrar, reviewer, manager, at=NOW - 30 * DAY, licence=until)
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    paper = {"note": "نادرست است", "paper": "۱۲/۳"}
    DECISION.apply(the_one(ngo), "object", actor=registrar, at=NOW, **paper)
    DECISION.apply(the_one(ngo), "uphold", actor=make_user(Role.HQ_MANAGER), at=NOW + DAY, note="وارد")
    ngo.refresh_from_db()
    assert (ngo.state, ngo.suspension_kind) == ("suspended", "licence")


def test_an_objection_that_nobody_rules_on_is_seen_by_the_auditor(
    ngo: Ngo, user: User, manager: User
) -> None:
    auditor, second = make_user(Role.AUDITOR), make_user(Role.HQ_MANAGER)
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    DECISION.apply(the_one(ngo), "object", actor=user, at=NOW, note="نادرست است")
    decision = the_one(ngo)
    due = clocks.ruling_due(decision)
    assert due == date(2026, 12, 22)
    assert f"رسیدگی به اعتراض: {decision}" in titles(second)
    assert f"رسیدگی به اعتراض: {decision}" not in titles(manager)
    assert titles(auditor, due) == ["تعلیق فوری «انجمن شنیدنی» در مهلت بازبینی نشده است"]
    assert f"اعتراض در مهلت رسیدگی نشده است: {decision}" in titles(auditor, due + DAY)


# --- an end that the NGO asks for (X3) -----------------------------------------------------------------------------


def test_an_end_on_the_ngo_s_own_request_waits_for_what_must_be_settled(
    ngo: Ngo, registrar: User, manager: User
) -> None:
    make.published(registrar, manager)
    make.scoring(ngo, registrar, [make_user(Role.HQ_ASSESSOR), make_user(Role.HQ_ASSESSOR)])
    with pytest.raises(TransitionRefused, match="ظرفیت‌سنجی بازی دارد"):
        MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="به درخواست سمن", requested=True)
    made = MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="تخلف")
    assert made.state == "ended"
    assert the_one(ngo).kind == "end"


def test_against_its_own_request_nobody_objects(ngo: Ngo, manager: User) -> None:
    MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="به درخواست سمن", requested=True)
    assert not MembershipDecision.objects.exists()


# --- M3: one day, one sentence --------------------------------------------------------------------------------------


def test_the_day_of_a_suspension_is_the_last_one_in_every_sentence(
    ngo: Ngo, manager: User, sign_in: Any
) -> None:
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/do/suspend/"))
    assert "امروز، ۳ آذر ۱۴۰۵، آخرین روز این دوره عضویت است؛ از فردا، ۴ آذر ۱۴۰۵، عضو نیست" in page
    said = text_of(sign_in(manager).post(f"/ngos/{ngo.pk}/do/suspend/", NOTE, follow=True))
    assert "۳ آذر ۱۴۰۵ آخرین روز عضویت است" in said
    assert "آخرین روز عضویت ۳ آذر ۱۴۰۵ است" in text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/"))
    assert was_member_on(ngo, TODAY)
    assert not was_member_on(ngo, TODAY + DAY)


def test_a_suspension_by_mistake_is_lifted_the_same_day(ngo: Ngo, manager: User, sign_in: Any) -> None:
    """No day is left out: the old period ends today, the new one begins tomorrow."""
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/do/reinstate/"))
    assert "دوره تازه عضویت از فردا، ۴ آذر ۱۴۰۵، آغاز می‌شود" in page
    said = text_of(sign_in(manager).post(f"/ngos/{ngo.pk}/do/reinstate/", follow=True))
    assert "دوره تازه عضویت از ۴ آذر ۱۴۰۵ است" in said
    assert all(was_member_on(ngo, TODAY + number * DAY) for number in range(-1, 3))


# --- what the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE ngos_membershipdecision SET state = 'final', delivered_on = now()", "x5_decision_moves"),
        ("UPDATE ngos_membershipdecision SET grounds = 'دیگر'", "x5_decision_moves"),
        ("UPDATE ngos_membershipdecision SET is_urgent = FALSE", "x5_decision_moves|x5_heard_or_urgent"),
        ("UPDATE ngos_membershipdecision SET state = 'objected'", "x5_delivered_before_objection"),
        ("DELETE FROM ngos_membershipdecision", "x5_decision_kept"),
    ],
)
def test_raw_sql_cannot_break_x5(
    statement: str, constraint: str, ngo: Ngo, manager: User, raw_sql: Any
) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    with pytest.raises(IntegrityError) as caught:
        raw_sql(statement)
    cause: Any = caught.value.__cause__
    assert cause.diag.constraint_name in constraint.split("|")


def test_raw_sql_lets_nobody_rule_on_the_own_decision(
    ngo: Ngo, user: User, manager: User, raw_sql: Any
) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    DECISION.apply(the_one(ngo), "object", actor=user, at=NOW, note="نادرست است")
    with pytest.raises(IntegrityError, match="x5_ruled_by_other"):
        raw_sql("UPDATE ngos_membershipdecision SET ruled_by_id = %s", [manager.pk])


def test_the_page_of_a_decision_is_read_by_the_ngo_and_hq(
    ngo: Ngo, user: User, manager: User, sign_in: Any
) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    url = the_one(ngo).get_absolute_url()
    with time_machine.travel(NOW, tick=False):
        for person in (user, manager, make_user(Role.AUDITOR), make_user(Role.HQ_EXPERT)):
            page = text_of(sign_in(person).get(url))
            assert NOTE["note"] in page
            assert "تا پایان" in page
        assert f'href="{url}"' in text_of(sign_in(user).get(f"/ngos/{ngo.pk}/"))
        assert sign_in(make_user(Role.DEPUTY_EXPERT)).get(url).status_code == 404


# --- what is said stays true ---------------------------------------------------------------------------------------


def test_an_upheld_objection_revokes_the_letter_of_the_decision(ngo: Ngo, user: User, manager: User) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    (letter,) = letters_of(the_one(ngo))
    DECISION.apply(the_one(ngo), "object", actor=user, at=NOW, note="نادرست است")
    DECISION.apply(the_one(ngo), "uphold", actor=make_user(Role.HQ_MANAGER), at=NOW + DAY, note="وارد")
    assert [event.kind for event in LetterEvent.objects.filter(letter=letter)] == ["revoked"]
    assert len(letters_of(the_one(ngo))) == 2, "and says so in a letter of its own"


def test_whoever_proposed_does_not_answer_for_the_ngo(
    ngo: Ngo, user: User, reviewer: User, registrar: User
) -> None:
    MEMBERSHIP.apply(ngo, "propose_suspension", actor=reviewer, at=NOW, **NOTE)
    paper = {"note": "پاسخ سمن", "paper": "۱۲/۴"}
    with pytest.raises(TransitionRefused, match="پیشنهاد را خود شما داده‌اید"):
        DECISION.apply(the_one(ngo), "answer", actor=reviewer, at=NOW, **paper)
    assert the_one(ngo).state == "proposed"
    DECISION.apply(the_one(ngo), "answer", actor=registrar, at=NOW, **paper)
    told = OutboxMessage.objects.latest("id").told
    assert any("ngo" in str(row["to"]) for row in told)


def test_a_membership_taken_up_again_is_not_stopped_before_its_day(ngo: Ngo, manager: User) -> None:
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
    MEMBERSHIP.apply(ngo, "reinstate", actor=manager, at=NOW)
    for step in ("suspend", "end"):
        with pytest.raises(TransitionRefused, match="دوره تازه عضویت از فردا آغاز می‌شود"):
            MEMBERSHIP.apply(ngo, step, actor=manager, at=NOW, **NOTE)
    MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW + DAY, **NOTE)
    assert was_member_on(ngo, TODAY + DAY)
    assert not was_member_on(ngo, TODAY + 2 * DAY)


def test_the_history_names_the_day_until_which_the_ngo_answers(
    ngo: Ngo, reviewer: User, manager: User, sign_in: Any
) -> None:
    MEMBERSHIP.apply(ngo, "propose_suspension", actor=reviewer, at=NOW, **NOTE)
    said = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/history/"))
    assert "۱۷ آذر ۱۴۰۵" in said
    assert "due_on" not in said and "۲۰۲۶" not in said
