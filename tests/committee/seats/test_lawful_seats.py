"""What the heads and their delegates cannot do with terms, seats and the chair (C1, K6, X10)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import SeatCode, TermState
from committee.models import Seating, Term
from committee.operations import seats, terms
from committee.queries import chair_of, sitting
from committee.workflow.terms import TERM
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow import work
from tests.access.hidden import text_of
from tests.factories.committee import Committee, agree_chair
from tests.factories.people import NOW, TODAY, delegate, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def refused_by(run: Any) -> str:
    with pytest.raises(IntegrityError) as error:
        run()
    return constraints.constraint_name(error.value)


# --- nobody appoints himself (F3-5) ----------------------------------------------------------------------------


def _appoint(five: Committee, actor: Any, person: Any, code: str = "deputy2") -> Seating:
    return seats.appoint(
        five.seats[code], actor=actor, at=NOW, person=person, starts_on=TOMORROW, reference="۱۲"
    )


def test_a_delegate_seats_neither_himself_nor_the_head_he_acts_for(five: Committee, client_for: Any) -> None:
    expert, before = five.deputy_expert, Seating.objects.count()
    delegate(five.deputy_manager, expert, Role.DEPUTY_MANAGER)
    for person in (expert, five.deputy_manager):
        with pytest.raises(Refusal, match="کسی خود را به عضویت کمیته منصوب نمی‌کند"):
            _appoint(five, expert, person)
        sent = {"person": person.pk, "starts_on": format_jalali(TOMORROW), "reference": "۱۲"}
        page = client_for(expert).post(reverse("committee:appoint", args=[five.seats["deputy2"].pk]), sent)
        assert page.status_code == 409
        assert "کسی خود را به عضویت کمیته منصوب نمی‌کند" in text_of(page)
    with pytest.raises(Refusal, match="کسی خود را"):
        _appoint(five, five.deputy_manager, five.deputy_manager)
    assert Seating.objects.count() == before
    assert five.deputy2 in [row.person for row in sitting(TOMORROW)]
    _appoint(five, expert, make_user(None, side="deputy"))


def test_nobody_is_the_one_who_appointed_him_by_sql(five: Committee, raw_sql: Any) -> None:
    raw_sql(
        "UPDATE committee_seating SET period = daterange(lower(period), '2029-01-01'), ended_at = now(),"
        " ended_by = 'recalled' WHERE seat_code = 'hq1'"
    )
    statement = """INSERT INTO committee_seating (seat_id, seat_code, person_id, period, letter_reference, ended_by,
        appointed_by_id, appointed_at)
        SELECT seat_id, seat_code, %s, daterange('2030-01-01', NULL), '1', '', %s, now()
        FROM committee_seating WHERE seat_code = 'hq1'"""
    head = five.hq_manager.pk
    assert refused_by(lambda: raw_sql(statement, [head, head])) == "c1_nobody_appoints_oneself"
    raw_sql(statement, [head, five.hq_expert.pk])


# --- a term lies within the memorandum (F3-3, X10) ---------------------------------------------------------------


def _propose(five: Committee, starts_on: Any, ends_on: Any, at: Any = NOW) -> Term:
    return terms.propose_term(
        actor=five.hq_manager,
        at=at,
        memorandum=five.memorandum,
        starts_on=starts_on,
        planned_end_on=ends_on,
        chair_code=SeatCode.HQ1,
    )


def test_a_term_outside_the_memorandum_or_in_the_past_is_not_proposed(
    five: Committee, client_for: Any
) -> None:
    end = five.memorandum.period.upper
    for starts_on, ends_on, sentence in (
        (TODAY + 5000 * DAY, TODAY + 5700 * DAY, "روزهای اعتبار تفاهم‌نامه"),
        (TOMORROW, end, "روزهای اعتبار تفاهم‌نامه"),
        (TODAY - DAY, TODAY + 300 * DAY, "نمی‌تواند در گذشته باشد"),
    ):
        with pytest.raises(Refusal, match=sentence):
            _propose(five, starts_on, ends_on)
        sent = {
            "starts_on": format_jalali(starts_on),
            "planned_end_on": format_jalali(ends_on),
            "chair_code": "hq1",
        }
        page = client_for(five.hq_manager).post(reverse("committee:term_new"), sent)
        assert (page.status_code, sentence in text_of(page)) == (409, True)
    late = NOW + timedelta(days=1400)
    with pytest.raises(Refusal, match="امروز در اعتبار نیست"):
        _propose(five, late.date() + DAY, late.date() + 30 * DAY, at=late)
    assert Term.objects.count() == 1
    _propose(five, TODAY, end - DAY)


def test_a_proposal_whose_beginning_has_passed_is_not_opened(five: Committee, client_for: Any) -> None:
    term = _propose(five, TODAY + 2 * DAY, TODAY + 300 * DAY)
    page = client_for(five.deputy_manager).get(reverse("committee:term_do", args=[term.pk, "agree"]))
    for shown in (
        format_jalali(term.starts_on, "medium"),
        format_jalali(term.planned_end_on, "medium"),
        five.hq_manager.full_name,
    ):
        assert shown in text_of(page), "the other head reads what is agreed to"
    late = NOW + 3 * DAY
    with pytest.raises(Refusal, match="نمی‌تواند در گذشته باشد"):
        TERM.apply(term, "agree", actor=five.deputy_manager, at=late)
    with time_machine.travel(late, tick=False):
        page = client_for(five.deputy_manager).post(reverse("committee:term_do", args=[term.pk, "agree"]))
        assert page.status_code == 409
    term.refresh_from_db()
    assert term.state == TermState.PROPOSED
    TERM.apply(term, "withdraw", actor=five.hq_manager, at=late, note="دیر شد")


def test_a_term_outside_the_memorandum_or_in_the_past_by_sql(five: Committee, raw_sql: Any) -> None:
    statement = """INSERT INTO committee_term (memorandum_id, number, starts_on, planned_end_on, rules, chair_code,
        proposed_chair_code, state, state_since, proposed_by_id, proposed_side)
        SELECT memorandum_id, 9, %s, %s, '', 'hq1', '', 'proposed', %s, proposed_by_id, 'hq' FROM committee_term"""
    end = five.memorandum.period.upper
    for starts_on, ends_on, name in (
        (TODAY + 5000 * DAY, TODAY + 5700 * DAY, "x10_term_within_memorandum"),
        (TODAY, end, "x10_term_within_memorandum"),
        (TODAY - DAY, TODAY + 300 * DAY, "c1_term_not_backdated"),
    ):
        sent = [starts_on, ends_on, NOW]
        assert refused_by(lambda: raw_sql(statement, sent)) == name  # noqa: B023
    term = _propose(five, TODAY + 2 * DAY, TODAY + 300 * DAY)
    opened = "UPDATE committee_term SET state = 'open', agreed_by_id = %s, state_since = %s WHERE id = %s"
    sent = [five.deputy_manager.pk, NOW + 3 * DAY, term.pk]
    assert refused_by(lambda: raw_sql(opened, sent)) == "c1_term_not_backdated"


# --- the chair (F3-7) --------------------------------------------------------------------------------------------


def _propose_chair(five: Committee, code: str, actor: Any = None) -> None:
    head = actor or five.hq_manager
    TERM.apply(five.term, "propose_chair", actor=head, at=NOW, note="نوبت طرف دیگر", chair=code)


def _hidden(page: Any) -> str:
    return str(page.context["form"]["proposal"].value())


def test_the_other_head_agrees_to_the_seat_he_saw(five: Committee, client_for: Any) -> None:
    _propose_chair(five, "hq2")
    browser, url = (
        client_for(five.deputy_manager),
        reverse("committee:term_do", args=[five.term.pk, "agree_chair"]),
    )
    page = browser.get(url)
    seen = _hidden(page)
    assert 'type="hidden" name="proposal"' in page.content.decode()
    assert five.hq2.full_name in text_of(page)
    _propose_chair(five, "deputy1")
    refused = browser.post(url, {"proposal": seen})
    assert refused.status_code == 409
    assert terms.CHAIR_CHANGED in text_of(refused)
    assert five.deputy1.full_name in text_of(refused), "what is proposed now stands there"
    assert browser.post(url).status_code == 409, "who says nothing of what was seen agrees to nothing"
    assert chair_of(TODAY).person == five.hq1
    with pytest.raises(Refusal, match="در این میان تغییر کرده است"):
        agree_chair(five.term, actor=five.deputy_manager, shown=seen)
    five.term.refresh_from_db()
    assert five.term.proposed_chair_code == "deputy1", "the proposal stands"
    browser.post(url, {"proposal": _hidden(refused)})
    assert chair_of(TODAY).person == five.deputy1


def test_another_person_in_the_proposed_seat_is_another_proposal(five: Committee) -> None:
    _propose_chair(five, "hq2")
    five.term.refresh_from_db()
    seen = terms.proposed_chair(five.term, TODAY)
    _appoint(five, five.hq_manager, make_user(None, side="hq"), "hq2")
    with pytest.raises(Refusal, match="در این میان تغییر کرده است"):
        agree_chair(five.term, actor=five.deputy_manager, shown=seen)


def test_nobody_makes_himself_the_chair(five: Committee) -> None:
    delegate(five.deputy_manager, five.deputy1, Role.DEPUTY_MANAGER)
    with pytest.raises(Refusal, match="کسی خود را رئیس کمیته نمی‌کند"):
        _propose_chair(five, "deputy1", five.deputy1)
    _propose_chair(five, "deputy1")
    with pytest.raises(Refusal, match="کسی خود را رئیس کمیته نمی‌کند"):
        agree_chair(five.term, actor=five.deputy1)
    assert chair_of(TODAY).person == five.hq1
    agree_chair(five.term, actor=five.deputy_manager)


def test_the_proposing_side_takes_its_chair_back(five: Committee, client_for: Any) -> None:
    with pytest.raises(NotPermitted, match="پیشنهاد نشده است"):
        TERM.apply(five.term, "withdraw_chair", actor=five.hq_manager, at=NOW)
    _propose_chair(five, "deputy1")
    with pytest.raises(NotPermitted, match="از طرف دیگر است"):
        TERM.apply(five.term, "withdraw_chair", actor=five.deputy_manager, at=NOW)
    page = client_for(five.hq_manager).get(five_page(five))
    assert "پس‌گرفتن پیشنهاد رئیس" in text_of(page)
    client_for(five.hq_manager).post(reverse("committee:term_do", args=[five.term.pk, "withdraw_chair"]))
    five.term.refresh_from_db()
    assert (five.term.proposed_chair_code, five.term.chair_code) == ("", "hq1")
    assert AuditEntry.objects.filter(event="term.chair_withdrawn", actor=five.hq_manager).exists()
    with pytest.raises(NotPermitted, match="پیشنهاد نشده است"):
        agree_chair(five.term, actor=five.deputy_manager)
    assert work.rebuild(at=NOW, mend=False).total == 0


def five_page(five: Committee) -> str:
    return reverse("committee:term_detail", args=[five.term.pk])
