"""Tables of the memorandum, terms and seatings: who may what, whose turn it is, who hears, what SQL cannot do (C1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from committee.enums import TermState
from committee.models import Seating, Term
from committee.operations import round_calls, seats, terms
from committee.workflow.parts import CLAUSE, SEAT
from committee.workflow.seats import SEATING
from committee.workflow.terms import MEMORANDUM, TERM
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery.notices import expand
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.trail.words import word
from staff_portal.kernel.workflow import sweeps, work
from tests.factories.committee import Committee, agree_chair, open_term
from tests.factories.people import NOW, TODAY, delegate, make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

pytestmark = pytest.mark.django_db

HEADS = {Role.HQ_MANAGER, Role.DEPUTY_MANAGER}
DAY = timedelta(days=1)
#: HQ's head proposes term and chair: the other head agrees, the own one takes back
ROWS_OF_A_TERM = {
    "propose": line(HEADS, [], {"proposed"}),
    "agree": line([], {"proposed"}, {"open"}, also={Role.DEPUTY_MANAGER}),
    "withdraw": line([], {"proposed"}, {"withdrawn"}, also={Role.HQ_MANAGER}),
    "propose_chair": line(HEADS, {"open"}, {"open"}),
    "agree_chair": line([], {"open"}, {"open"}, also={Role.DEPUTY_MANAGER}),
    "withdraw_chair": line([], {"open"}, {"open"}, also={Role.HQ_MANAGER}),
    "end": line([], {"open"}, {"ended"}, system=True, by_hand=False),
}
#: tried on a seating of HQ's
ROWS_OF_A_SEATING = {
    "appoint": line(HEADS, [], []),
    "seat_ngo": line([], [], [], system=True, by_hand=False),
    "replace": line([], [], [], also={Role.HQ_EXPERT, Role.NGO_USER}),
    "recall": line([], [], [], also={Role.HQ_MANAGER}),
    "withdraw": line([], [], [], also={Role.HQ_MANAGER}),
    "end": line([], [], [], system=True, by_hand=False),
    "vacate": line([], [], [], system=True, by_hand=False),
    "void_letter": line([], [], [], system=True, by_hand=False),
}


def _people(five: Committee) -> dict[str, User]:
    own = {
        Role.HQ_MANAGER: five.hq_manager,
        Role.DEPUTY_MANAGER: five.deputy_manager,
        Role.SECRETARY: five.secretary,
        Role.HQ_MEMBER: five.hq1,
        Role.NGO_USER: five.ngo_user,
    }
    return {role: own.get(Role(role)) or make_user(role) for role in Role.values}


def _proposed(five: Committee) -> Term:
    return terms.propose_term(
        actor=five.hq_manager,
        at=NOW,
        memorandum=five.memorandum,
        starts_on=TODAY + 30 * DAY,
        planned_end_on=TODAY + 700 * DAY,
        chair_code="hq1",
    )


def _term(five: Committee, state: str) -> Term:
    if state == TermState.PROPOSED:
        return _proposed(five)
    if state == TermState.WITHDRAWN:
        return TERM.apply(_proposed(five), "withdraw", actor=five.hq_manager, at=NOW, note="نشد")
    if state == TermState.ENDED:
        Term.objects.update(state=state, ended_on=TODAY, state_since=NOW)
        return Term.objects.get()
    return TERM.apply(
        five.term, "propose_chair", actor=five.hq_manager, at=NOW, note="نوبت طرف دیگر", chair="deputy1"
    )


def test_clauses_and_seats_are_rows_that_come_with_their_record(five: Committee, raw_sql: Any) -> None:
    term = open_term(five.hq_manager, five.deputy_manager, starts_on=TODAY + DAY)
    for event, parts in (
        ("seat.set_out", term.seats.all()),
        ("clause.set_out", term.memorandum.clauses.all()),
    ):
        written = AuditEntry.objects.filter(event=event, subject_id__in=parts.values("pk"))
        assert written.count() == parts.count() > 0
    assert not [line for line in trail(term, five.auditor, TODAY) if "کرسی" in line["text"]]
    with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
        SEAT.apply(term, "set_out", actor=five.hq_manager, at=NOW, code="hq1")
    for table, change in (
        ("committee_seat", "code = 'ngo'"),
        ("committee_memorandumclause", "text = 'دیگر'"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            raw_sql(f"UPDATE {table} SET {change}")


def test_the_tables_are_as_the_design_has_them() -> None:
    assert_as_written(MEMORANDUM, {"record": line(HEADS, [], [])})
    assert_as_written(TERM, ROWS_OF_A_TERM)
    assert_as_written(SEATING, ROWS_OF_A_SEATING)
    for table in (CLAUSE, SEAT):
        assert_as_written(table, {"set_out": line(HEADS, [], [], by_hand=False)})


@pytest.mark.parametrize(("state", "name"), cells(TERM, ROWS_OF_A_TERM))
def test_every_cell_of_a_term(five: Committee, state: str, name: Names) -> None:
    shown = f"deputy1-{five.deputy1.pk}-{five.hq_manager.pk}"
    answers = {
        "withdraw": {"note": "نشد"},
        "propose_chair": {"note": "نوبت", "chair": "hq2"},
        "agree_chair": {"proposal": shown},
    }
    trial = Trial(lambda wanted: _term(five, wanted), _people(five), lambda row: NOW, answers)
    try_cell(TERM, ROWS_OF_A_TERM, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(SEATING, ROWS_OF_A_SEATING, alone=("withdraw",)))
def test_every_cell_of_a_seating(five: Committee, state: str, name: Names) -> None:
    def record(wanted: str) -> Seating:
        return _appoint(five, TODAY + 9 * DAY) if name == "withdraw" else five.seatings["hq2"]

    answers = {"recall": {"last_day": TODAY, "note": "پایان"}, "withdraw": {"note": "نشد"}}
    trial = Trial(record, _people(five), lambda row: NOW, answers)
    try_cell(SEATING, ROWS_OF_A_SEATING, state, name, trial)


def _appoint(five: Committee, starts_on: Any = TODAY + DAY) -> Seating:
    return seats.appoint(
        five.seats["hq2"],
        actor=five.hq_manager,
        at=NOW,
        person=make_user(None, side="hq"),
        starts_on=starts_on,
        reference="۲",
    )


def _recall(five: Committee, code: str, head: User) -> Seating:
    return seats.recall(five.seatings[code], actor=head, at=NOW, last_day=TODAY, note="انتقال")


# --- whose turn it is ----------------------------------------------------------------------------------------


def waiting(user: User) -> list[tuple[str, str]]:
    fresh = User.objects.get(pk=user.pk)
    found = [task for task in contributions.inbox(fresh, NOW) if task.kind == "committee.seats"]
    return [(task.title, task.detail) for task in found]


def test_a_vacant_seat_waits_for_its_own_head_until_somebody_is_appointed(five: Committee) -> None:
    wanted = [("انتصاب در «ستاد سمن‌ها، کرسی ۲»", "این کرسی خالی است")]
    assert waiting(five.hq_manager) == []
    _recall(five, "hq2", five.hq_manager)
    assert (waiting(five.hq_manager), waiting(five.deputy_manager)) == (wanted, [])
    coming = _appoint(five)
    assert waiting(five.hq_manager) == []
    seats.withdraw_appointment(coming, actor=five.hq_manager, at=NOW, note="نپذیرفت")
    assert waiting(five.hq_manager) == wanted
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_a_delegate_hears_of_the_power_that_was_handed_over(five: Committee) -> None:
    appoints, other = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    delegate(five.hq_manager, appoints, Role.HQ_MANAGER, powers=["committee.appoint"])
    delegate(five.hq_manager, other, Role.HQ_MANAGER, powers=["committee.agree_term"])
    _recall(five, "hq2", five.hq_manager)
    assert (len(waiting(appoints)), waiting(other)) == (1, [])


def test_a_proposal_waits_for_the_other_head_alone_and_its_four_seats_for_both(five: Committee) -> None:
    wanted = [("پذیرش دوره تازه کمیته", "پیشنهاد طرف دیگر")]
    term = _proposed(five)
    assert (waiting(five.hq_manager), waiting(five.deputy_manager)) == ([], wanted)
    delegate(five.deputy_manager, five.hq_manager, Role.DEPUTY_MANAGER)
    assert waiting(five.hq_manager) == [], "who proposed is not asked as the other's delegate"
    TERM.apply(term, "agree", actor=five.deputy_manager, at=NOW)
    assert len(waiting(five.deputy_manager)) == 2
    assert {title for title, _ in waiting(five.deputy_manager)} == {
        "انتصاب در «معاونت، کرسی ۱»",
        "انتصاب در «معاونت، کرسی ۲»",
    }
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_another_chair_waits_for_the_other_head(five: Committee) -> None:
    TERM.apply(five.term, "propose_chair", actor=five.hq_manager, at=NOW, note="نوبت", chair="deputy1")
    assert waiting(five.hq_manager) == []
    assert waiting(five.deputy_manager) == [("پذیرش رئیس تازه کمیته", "معاونت، کرسی ۱")]
    agree_chair(five.term, actor=five.deputy_manager)
    assert waiting(five.deputy_manager) == []


def test_a_seat_that_a_later_term_fills_waits_no_more_in_the_earlier(five: Committee) -> None:
    later = NOW + 10 * DAY
    term = open_term(five.hq_manager, five.deputy_manager, at=later)
    seats.appoint(
        term.seats.get(code="hq1"),
        actor=five.hq_manager,
        at=later,
        person=five.hq1,
        starts_on=later.date() + DAY,
        reference="۲",
    )
    open_items = work.of_file(five.term), work.of_file(term)
    assert [sorted(rows.values_list("key", flat=True)) for rows in open_items] == [
        [],
        ["nominate-vacant", "seat-deputy1", "seat-deputy2", "seat-hq2"],
    ]
    assert work.rebuild(at=later, mend=False).total == 0


def test_once_the_next_term_has_begun_the_older_ones_seats_take_nobody(five: Committee) -> None:
    """C1: filling a seat of the term that gives way would end who sits in the running one."""
    later = NOW + 10 * DAY
    term = open_term(five.hq_manager, five.deputy_manager, at=later)
    begun = term.starts_on
    hq1, seat = term.seats.get(code="hq1"), five.seats["hq1"]
    sits = seats.appoint(
        hq1, actor=five.hq_manager, at=later, person=five.hq1, starts_on=begun + DAY, reference="۲"
    )
    other = make_user(Role.HQ_EXPERT)
    option = SEATING.option(seat, "appoint", five.hq_manager, later + 9 * DAY)
    assert option is not None and any("آغاز شده است" in sentence for sentence in option.reasons)
    with pytest.raises(Refusal, match="در کرسی همان دوره منصوب کنید"):
        seats.appoint(
            seat,
            actor=five.hq_manager,
            at=later,
            person=other,
            starts_on=begun + 5 * DAY,
            reference="۳",
        )
    sits.refresh_from_db()
    assert sits.period.upper is None
    assert [call.seat.term_id for call in round_calls.calls(begun + 2 * DAY)] == [term.pk]
    shown = work.open_items(five.hq_expert, begun + 2 * DAY).filter(kind="committee.nominations")
    assert [item.subject_id for item in shown] == [term.pk]


def test_a_letter_is_valid_as_long_as_its_member_sits(five: Committee) -> None:
    """K3: an ending on a day to come voids the letter when that day is over, once."""
    seating = five.seatings["hq1"]
    assert seating.letter is not None
    seats.recall(seating, actor=five.hq_manager, at=NOW, last_day=TODAY + 30 * DAY, note="پایان مأموریت")
    assert not seating.letter.events.exists()
    for days, events in ((30, 0), (31, 1), (32, 1)):
        sweeps.run(NOW + days * DAY, SEATING)
        assert seating.letter.events.count() == events, days


# --- who hears -----------------------------------------------------------------------------------------------


def told(event: str) -> dict[int, str]:
    entry = AuditEntry.objects.filter(event=event).latest("id")
    return {draft.recipient_id: draft.text for draft in expand(entry)}


def test_who_sits_hears_from_which_day_and_who_leaves_until_when(five: Committee) -> None:
    coming = _appoint(five)
    assert told("seat.appointed") == {
        coming.person_id: f"شما از {word(TODAY + DAY)} عضو کمیته مشترک هستید؛ حکم خود را ببینید."
    }
    ended = AuditEntry.objects.filter(event="seat.ended").latest("id")
    assert told("seat.ended") == {
        five.hq2.pk: f"عضویت شما در کمیته مشترک تا پایان {word(TODAY)} است: جایگزینی شخص"
    }
    assert (ended.root_type, ended.actor, ended.role) == ("committee.term", five.hq_manager, "hq_manager")
    seats.withdraw_appointment(coming, actor=five.hq_manager, at=NOW, note="نپذیرفت")
    assert told("seat.ended") == {coming.person_id: "عضویت شما در کمیته مشترک آغاز نمی‌شود: نپذیرفت"}


def test_both_heads_hear_of_a_proposal_and_of_the_opening(five: Committee) -> None:
    term = _proposed(five)
    assert "پذیرش آن با شماست" in told("term.proposed")[five.deputy_manager.pk]
    TERM.apply(term, "agree", actor=five.deputy_manager, at=NOW)
    assert five.hq_manager.pk in told("term.agreed")


# --- raw SQL -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE committee_term SET state = 'proposed'", "c1_term_kept"),
        ("UPDATE committee_term SET state = 'withdrawn'", "c1_term_kept"),
        ("UPDATE committee_term SET number = 9", "c1_term_kept"),
        ("UPDATE committee_term SET starts_on = starts_on - 1", "c1_term_kept"),
        ("UPDATE committee_term SET proposed_side = 'deputy'", "c1_term_kept"),
        (
            """INSERT INTO committee_term (memorandum_id, number, starts_on, planned_end_on, rules, chair_code,
            proposed_chair_code, state, state_since, proposed_by_id, agreed_by_id, proposed_side)
            SELECT memorandum_id, 9, starts_on, planned_end_on, '', 'hq1', '', 'open', now(), proposed_by_id,
            agreed_by_id, 'hq' FROM committee_term""",
            "c1_term_kept",
        ),
        ("UPDATE committee_memorandum SET title = 'x'", "memorandum_kept"),
        ("UPDATE committee_memorandum SET period = daterange(lower(period), NULL)", "memorandum_kept"),
        ("UPDATE committee_seating SET person_id = appointed_by_id", "c1_seating_kept"),
        ("UPDATE committee_seating SET letter_id = NULL", "c1_seating_kept"),
        ("UPDATE committee_seating SET role_assignment_id = NULL", "c1_seating_kept"),
    ],
)
def test_sql_does_nothing_that_no_row_does(five: Committee, raw_sql: Any, statement: str, name: str) -> None:
    _appoint(five)
    with pytest.raises(IntegrityError) as error:
        raw_sql(statement)
    assert constraints.constraint_name(error.value) == name
    five.term.refresh_from_db()
    assert five.term.state == TermState.OPEN
