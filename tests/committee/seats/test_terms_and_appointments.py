"""Terms opened by both heads, appointments by each side's own head, the chair (C1)."""

from datetime import timedelta

import pytest

from committee.enums import SeatCode, TermState
from committee.models import Seating, Term
from committee.operations import seats, terms
from committee.queries import chair_of, running_term, sitting
from committee.workflow.terms import TERM
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Letter
from staff_portal.kernel.people import access
from tests.factories.committee import Committee, agree_chair, memorandum, open_term
from tests.factories.people import NOW, TODAY, delegate, make_user

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def _propose(actor, **changes):
    values = {
        "memorandum": changes.pop("memorandum", None) or memorandum(actor),
        "starts_on": TODAY,
        "planned_end_on": TODAY + timedelta(days=700),
        "chair_code": SeatCode.HQ1,
    }
    return terms.propose_term(actor=actor, at=NOW, **(values | changes))


def test_one_head_proposes_and_the_other_opens():
    hq, deputy = make_user(Role.HQ_MANAGER), make_user(Role.DEPUTY_MANAGER)
    term = _propose(hq)
    assert sorted(term.seats.values_list("code", flat=True)) == sorted(SeatCode.values)
    with pytest.raises(NotPermitted, match="رئیس طرف دیگر"):
        TERM.apply(term, "agree", actor=hq, at=NOW)
    another = make_user(Role.HQ_MANAGER)
    with pytest.raises(NotPermitted, match="رئیس طرف دیگر"):
        TERM.apply(term, "agree", actor=another, at=NOW)
    assert Term.objects.get().state == TermState.PROPOSED
    opened = TERM.apply(term, "agree", actor=deputy, at=NOW)
    assert (opened.state, opened.agreed_by) == (TermState.OPEN, deputy)


def test_the_one_who_proposed_does_not_agree_as_the_other_sides_delegate():
    hq, deputy = make_user(Role.HQ_MANAGER), make_user(Role.DEPUTY_MANAGER)
    term = _propose(hq)
    delegate(deputy, hq, Role.DEPUTY_MANAGER)
    with pytest.raises(NotPermitted, match="رئیس طرف دیگر"):
        TERM.apply(term, "agree", actor=hq, at=NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"planned_end_on": TODAY}, "پس از آغاز"),
        ({"chair_code": SeatCode.NGO}, "چهار نماینده"),
        ({"chair_code": "hq3"}, "چهار نماینده"),
    ],
)
def test_a_term_that_cannot_be(changes, sentence):
    hq = make_user(Role.HQ_MANAGER)
    with pytest.raises(Refusal, match=sentence):
        _propose(hq, **changes)
    assert not Term.objects.exists()


def test_each_head_appoints_its_own_two_only(five: Committee):
    newcomer = make_user(Role.DEPUTY_MEMBER)
    with pytest.raises(NotPermitted, match="تنها دو نماینده خود"):
        seats.appoint(
            five.seats["deputy1"],
            actor=five.hq_manager,
            at=NOW,
            person=newcomer,
            starts_on=TOMORROW,
            reference="1",
        )
    with pytest.raises(NotPermitted, match="دور معرفی نامزد"):
        seats.appoint(
            five.seats["ngo"],
            actor=five.hq_manager,
            at=NOW,
            person=make_user(Role.NGO_MEMBER),
            starts_on=TOMORROW,
            reference="1",
        )
    assert {row.person_id for row in sitting(TODAY)} == {user.pk for user in five.members}


def test_a_successor_takes_the_seat_from_the_day_and_the_one_before_leaves_the_day_before(five: Committee):
    newcomer = make_user(None, side="hq")
    seated = seats.appoint(
        five.seats["hq2"],
        actor=five.hq_manager,
        at=NOW,
        person=newcomer,
        starts_on=TOMORROW,
        reference="۱۴۰۵/۲۲",
    )
    old = five.seatings["hq2"]
    letter = Letter.objects.get(pk=old.letter_id)
    old.refresh_from_db()
    assert (last_day(old.period), old.ended_by) == (TODAY, "replaced")
    assert letter.events.get().kind == "revoked"
    assert seated.letter.subject == f"حکم عضویت {newcomer.full_name} در کمیته مشترک"
    assert five.hq2 in [row.person for row in sitting(TODAY)]
    assert newcomer in [row.person for row in sitting(TOMORROW)]


def test_the_secretary_is_not_seated(five: Committee):
    before = Seating.objects.count()
    with pytest.raises(Refusal, match="دبیر کمیته رأی ندارد"):
        seats.appoint(
            five.seats["hq2"],
            actor=five.hq_manager,
            at=NOW,
            person=five.secretary,
            starts_on=TOMORROW,
            reference="1",
        )
    offered = seats.may_be_appointed(five.seats["hq2"], TODAY)
    assert five.secretary not in offered
    assert five.hq_expert in offered
    assert Seating.objects.count() == before


def test_the_appointment_confers_the_members_role_and_its_end_takes_it_back(five: Committee):
    newcomer = make_user(None, side="deputy")
    seating = seats.appoint(
        five.seats["deputy2"],
        actor=five.deputy_manager,
        at=NOW,
        person=newcomer,
        starts_on=TOMORROW,
        reference="1",
    )
    assert access.roles_of(newcomer, TODAY) == set()
    assert access.roles_of(newcomer, TOMORROW) == {Role.DEPUTY_MEMBER}
    seats.recall(seating, actor=five.deputy_manager, at=NOW, last_day=TOMORROW, note="انتقال")
    newcomer.__dict__.pop("_authorities", None)
    assert access.roles_of(newcomer, TOMORROW) == {Role.DEPUTY_MEMBER}
    assert access.roles_of(newcomer, TOMORROW + timedelta(days=1)) == set()
    with pytest.raises(Refusal, match="پیش از این پایان یافته"):
        seats.recall(seating, actor=five.deputy_manager, at=NOW, last_day=TOMORROW, note="باز هم")


@pytest.mark.parametrize(
    ("who", "starts_on", "sentence"),
    [
        ("other_side", TOMORROW, "کرسی به آن تعلق دارد"),
        ("sitting", TOMORROW, "تنها یک کرسی"),
        ("new", TODAY - timedelta(days=1), "نباید پیش از"),
        ("new", TODAY, "هر تغییر کرسی از روز بعد"),
        ("closed", TOMORROW, "بسته است"),
    ],
)
def test_an_appointment_that_cannot_be(five: Committee, who, starts_on, sentence):
    person = {
        "other_side": lambda: make_user(Role.DEPUTY_EXPERT),
        "sitting": lambda: five.hq1,
        "new": lambda: make_user(None, side="hq"),
        "closed": lambda: make_user(None, side="hq", is_active=False),
    }[who]()
    before = Seating.objects.count()
    with pytest.raises(Refusal, match=sentence):
        seats.appoint(
            five.seats["hq2"],
            actor=five.hq_manager,
            at=NOW,
            person=person,
            starts_on=starts_on,
            reference="1",
        )
    assert Seating.objects.count() == before


def test_a_term_runs_on_until_all_five_of_the_next_are_seated(five: Committee):
    later = NOW + timedelta(days=10)
    term = open_term(five.hq_manager, five.deputy_manager, at=later)
    assert running_term(later.date()) == term
    assert len(sitting(later.date())) == 5, "those of the term before still sit"
    for code, head in (
        ("hq1", five.hq_manager),
        ("hq2", five.hq_manager),
        ("deputy1", five.deputy_manager),
        ("deputy2", five.deputy_manager),
    ):
        person = five.seatings[code].person  # re-appointed
        seats.appoint(
            term.seats.get(code=code),
            actor=head,
            at=later,
            person=person,
            starts_on=later.date() + timedelta(days=1),
            reference="2",
        )
    day = later.date() + timedelta(days=1)
    assert [row.seat.term_id == term.pk for row in sitting(day)] == [True] * 4 + [False]
    five.term.refresh_from_db()
    assert five.term.state == TermState.OPEN, "the NGO's seat of the next term is still empty"


def test_the_chair_changes_with_both_heads_only(five: Committee):
    assert chair_of(TODAY).person == five.hq1
    TERM.apply(
        five.term,
        "propose_chair",
        actor=five.deputy_manager,
        at=NOW,
        note="دوره ریاست معاونت",
        chair="deputy1",
    )
    assert chair_of(TODAY).person == five.hq1
    for actor in (five.deputy_manager, five.secretary):
        with pytest.raises(NotPermitted):
            agree_chair(five.term, actor=actor)
    agree_chair(five.term, actor=five.hq_manager)
    assert chair_of(TODAY).person == five.deputy1
    with pytest.raises(Refusal, match="چهار نماینده"):
        TERM.apply(five.term, "propose_chair", actor=five.hq_manager, at=NOW, note="x", chair="ngo")


def test_the_seated_ngo_sends_another_person_and_keeps_the_seat(five: Committee):
    fresh = make_user(None, side="ngo")
    with pytest.raises(Refusal, match="نماینده همین سمن"):
        seats.replace_representative(
            five.seatings["ngo"], actor=five.ngo_user, at=NOW, person=fresh, reference="7"
        )
    five.ngo.accounts.create(
        user=fresh, period=five.seatings["ngo"].period, letter_reference="1", created_at=NOW
    )
    stranger = make_user(Role.NGO_USER)
    with pytest.raises(NotPermitted, match="نماینده این سمن نیستید"):
        seats.replace_representative(
            five.seatings["ngo"], actor=stranger, at=NOW, person=fresh, reference="7"
        )
    seats.replace_representative(
        five.seatings["ngo"], actor=five.ngo_user, at=NOW, person=fresh, reference="۷"
    )
    assert [row.person for row in sitting(TODAY) if row.seat_code == "ngo"] == [five.ngo_member]
    seated = next(row for row in sitting(TOMORROW) if row.seat_code == "ngo")
    assert (seated.person, seated.ngo, seated.round) == (fresh, five.ngo, five.seatings["ngo"].round)


def test_every_step_stands_in_the_terms_history(five: Committee):
    events = set(
        AuditEntry.objects.filter(root_type="committee.term", root_id=five.term.pk).values_list(
            "event", flat=True
        )
    )
    assert {"term.proposed", "term.agreed", "seat.appointed", "letter.signed"} <= events
