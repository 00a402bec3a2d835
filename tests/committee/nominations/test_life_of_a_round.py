"""A round from preparing to seating: what is asked, what is stored, every way the decision comes about (C2, C3)."""

from datetime import timedelta

import pytest

from committee.enums import CheckMoment, RoundState, SeatingEnd
from committee.models import EligibilityCheck, NominationBallot, NominationRound, Seating
from committee.operations import nominations, round_calls, seats
from committee.queries import sitting
from committee.workflow.nominations import ROUND
from ngos.models import NgoAccount
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.configuration import clocks
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.workflow import sweeps
from tests.committee.nominations.world import (
    WHY,
    World,
    add_nominee,
    cast,
    decide,
    eligible,
    prepare_round,
    put_forward,
    record_consent,
    remove_nominee,
    representative,
    seal,
    withdraw_nominee,
)
from tests.factories.committee import committee_of_five
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def events(nomination: NominationRound) -> list[str]:
    rows = AuditEntry.objects.filter(root_type="committee.nominationround", root_id=nomination.pk)
    return list(rows.exclude(event="kernel.refused").order_by("id").values_list("event", flat=True))


# --- which seat calls for a round ----------------------------------------------------------------------------


def test_a_filled_seat_calls_for_no_round(db):
    five = committee_of_five()
    assert round_calls.calls(TODAY) == []
    with pytest.raises(Refusal, match="کرسی سمن‌ها پر است"):
        prepare_round(actor=five.hq_expert, at=NOW, seat=five.seats["ngo"])


def test_a_seating_or_a_term_that_ends_soon_calls_for_one(db):
    five = committee_of_five()
    near_the_end = five.term.planned_end_on - timedelta(days=30)
    assert [call.why for call in round_calls.calls(near_the_end)] == [
        "پایان پیش‌بینی‌شده دوره ۱، ۳ مهر ۱۴۰۷ است."
    ]
    seats.end_seating(
        five.seatings["ngo"],
        last_day=TODAY + timedelta(days=20),
        cause=SeatingEnd.RECALLED,
        note="پایان",
        actor=None,
        at=NOW,
    )
    assert "پایان می‌یابد" in round_calls.calls(TODAY)[0].why
    assert round_calls.calls(TODAY - timedelta(days=45)) == []


def test_one_round_at_a_time(vacant: World):
    expert, seat = vacant.five.hq_expert, vacant.five.seats["ngo"]
    assert "خالی است (پایان عضویت سمن)" in round_calls.calls(TODAY)[0].why
    first = prepare_round(actor=expert, at=NOW, seat=seat)
    with pytest.raises(Refusal, match="برای این کرسی دوری در جریان است"):
        prepare_round(actor=expert, at=NOW, seat=seat)
    ROUND.apply(first, "void", actor=vacant.five.hq_manager, at=NOW, note="اشتباه")
    assert prepare_round(actor=expert, at=NOW, seat=seat).number == first.number + 1


def test_only_an_hq_expert_prepares(vacant: World):
    for user in (vacant.five.hq_manager, vacant.five.deputy_manager, vacant.five.hq1, vacant.five.secretary):
        with pytest.raises(NotPermitted):
            prepare_round(actor=user, at=NOW, seat=vacant.five.seats["ngo"])


# --- nominees ------------------------------------------------------------------------------------------------


def test_a_member_is_put_forward_with_a_reason_and_once(vacant: World):
    world = put_forward(vacant, 1, consents=())
    with pytest.raises(Refusal, match="در همین دور نامزد شده"):
        add_nominee(world.nomination, actor=world.five.hq_expert, at=NOW, ngo=world.ngos[0], why=WHY)
    with pytest.raises(Refusal, match="دلیل معرفی"):
        add_nominee(world.nomination, actor=world.five.hq_expert, at=NOW, ngo=eligible(world.five), why=" ")
    with pytest.raises(Refusal, match="تنها سمن‌های عضو"):
        add_nominee(world.nomination, actor=world.five.hq_expert, at=NOW, ngo=world.five.ngo, why=WHY)


def test_the_ngo_consents_itself_or_the_expert_by_its_letter(vacant: World):
    world = put_forward(vacant, 2, consents=())
    first, second = world.nominees
    own = record_consent(first, actor=world.people[0], at=NOW, representative=world.people[0])
    assert (own.consented_on, own.consent_reference, own.consent_by) == (TODAY, "", world.people[0])
    with pytest.raises(Refusal, match="شماره نامه"):
        record_consent(second, actor=world.five.hq_expert, at=NOW, representative=world.people[1])
    by_letter = record_consent(
        second, actor=world.five.hq_expert, at=NOW, representative=world.people[1], reference="۱۲/۴"
    )
    assert by_letter.consent_reference == "۱۲/۴"
    with pytest.raises(NotPermitted, match="شما نماینده این سمن نیستید"):
        record_consent(first, actor=world.people[1], at=NOW, representative=world.people[1])


def test_the_representative_is_one_of_the_ngos_own_people(vacant: World):
    world = put_forward(vacant, 2, consents=())
    for stranger in (world.people[1], world.five.hq1, world.five.ngo_member):
        with pytest.raises(Refusal, match="نماینده همین سمن"):
            record_consent(world.nominees[0], actor=world.people[0], at=NOW, representative=stranger)


def test_a_nominee_is_taken_off_or_withdraws_while_preparing(prepared: World):
    first, second, _ = prepared.nominees
    remove_nominee(first, actor=prepared.five.hq_expert, at=NOW, note="پرونده ناقص")
    withdraw_nominee(second, actor=prepared.people[1], at=NOW, note="فرصت نداریم")
    assert len(prepared.nominees) == 1
    prepared.nomination.refresh_from_db()
    assert prepared.nomination.state == RoundState.PREPARING
    with pytest.raises(Refusal, match="دیگر در میان نامزدها نیست"):
        remove_nominee(first, actor=prepared.five.hq_expert, at=NOW, note="دوباره")
    assert events(prepared.nomination)[-2:] == ["nomination.nominee_removed", "nomination.withdrew"]


# --- sealing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 2, 4])
def test_exactly_three_are_sealed(vacant: World, count):
    world = put_forward(vacant, count)
    with pytest.raises(Refusal, match="دقیقاً سه سمن"):
        seal(world)
    world.nomination.refresh_from_db()
    assert world.nomination.state == RoundState.PREPARING
    assert not EligibilityCheck.objects.filter(nominee__round=world.nomination).exists()


def test_each_of_the_three_is_eligible_when_sealed(vacant: World):
    world = put_forward(vacant, 3, consents=(0, 1))
    with pytest.raises(Refusal) as refused:
        seal(world)
    assert refused.value.sentences == [
        f"«{world.ngos[2].name}»: هنوز نامزدی را نپذیرفته است.",
        f"«{world.ngos[2].name}»: نماینده خود را معرفی نکرده است.",
    ]


def test_sealing_keeps_what_was_found_and_starts_the_clock(prepared: World):
    world = seal(prepared)
    checks = EligibilityCheck.objects.filter(nominee__round=world.nomination)
    assert {(row.moment, row.is_eligible, len(row.findings)) for row in checks} == {
        (CheckMoment.SEALING, True, 6)
    }
    assert checks.count() == 3
    assert world.nomination.sealed_on == TODAY
    assert nominations.deadline_of(world.nomination) == clocks.working_deadline(TODAY, 10)


def test_a_day_closed_at_short_notice_moves_the_clock(opened: World):
    from staff_portal.kernel.models import Holiday

    before = nominations.deadline_of(opened.nomination)
    Holiday.objects.create(day=clocks.working_deadline(TODAY, 3), title="تعطیلی ناگهانی", created_at=NOW)
    after = nominations.deadline_of(opened.nomination)
    assert before < after == clocks.working_deadline(TODAY, 10)


def test_from_sealing_on_nothing_changes_the_three(opened: World):
    expert, first = opened.five.hq_expert, opened.nominees[0]
    fresh = eligible(opened.five)
    calls = [
        lambda: add_nominee(opened.nomination, actor=expert, at=NOW, ngo=fresh, why=WHY),
        lambda: remove_nominee(first, actor=expert, at=NOW, note="سبب"),
        lambda: record_consent(
            first, actor=opened.people[0], at=NOW, representative=representative(opened.ngos[0])
        ),
    ]
    for call in calls:
        with pytest.raises(Refusal, match="سه نامزد آن تغییر نمی‌کنند"):
            call()
    assert [row.ngo for row in opened.nominees] == opened.ngos


# --- ballots and decision ------------------------------------------------------------------------------------


def test_two_equal_deputy_ballots_decide_and_seat_in_one_step(opened: World):
    cast(opened, opened.five.hq1, 2)
    cast(opened, opened.five.deputy1, 1)
    assert opened.nomination.state == RoundState.OPEN
    decided = cast(opened, opened.five.deputy2, 1)
    assert (decided.state, decided.decided_by, decided.decided_on) == (RoundState.DECIDED, None, TODAY)
    assert decided.chosen == opened.nominees[1]
    assert "ngo" not in {row.seat_code for row in sitting(TODAY)}
    seat = next(row for row in sitting(TODAY + timedelta(days=1)) if row.seat_code == "ngo")
    assert (seat.person, seat.ngo, seat.round) == (opened.people[1], opened.ngos[1], decided)
    checks = EligibilityCheck.objects.filter(nominee__round=decided, moment=CheckMoment.DECISION)
    assert checks.count() == 3
    assert decided.proof is not None
    kinds = events(decided)
    assert kinds.index("nomination.decided") > max(
        at for at, kind in enumerate(kinds) if kind == "nomination.cast"
    )


def test_hq_ballots_alone_decide_nothing(opened: World):
    cast(opened, opened.five.hq1, 0)
    assert cast(opened, opened.five.hq2, 0).state == RoundState.OPEN


def test_unequal_deputy_ballots_go_to_the_head_at_once(opened: World):
    with pytest.raises(Refusal, match="نخست نمایندگان معاونت رأی می‌دهند"):
        decide(opened, 0)
    cast(opened, opened.five.deputy1, 0)
    assert cast(opened, opened.five.deputy2, 1).state == RoundState.OPEN
    told = AuditEntry.objects.filter(event="nomination.undecided", subject_id=opened.nomination.pk)
    assert [entry.note for entry in told] == [nominations.UNEQUAL]
    assert sweeps.run(NOW) == 0
    decided = decide(opened, 2, note="در همه منطقه‌ها کار می‌کند")
    assert decided.state == RoundState.DECIDED
    assert (decided.chosen, decided.decided_by) == (opened.nominees[2], opened.five.deputy_manager)
    assert decided.reason == "در همه منطقه‌ها کار می‌کند"
    assert Seating.objects.get(round=decided).person == opened.people[2]


def test_when_the_clock_runs_out_the_head_is_told_once_and_decides(opened: World):
    cast(opened, opened.five.deputy1, 0)
    deadline = nominations.deadline_of(opened.nomination)
    last = NOW + (deadline - TODAY)
    assert sweeps.run(last) == 0
    late = last + timedelta(days=1)
    assert (sweeps.run(late), sweeps.run(late)) == (1, 0)
    with pytest.raises(Refusal, match="تصمیم با معاون است"):
        cast(opened, opened.five.deputy2, 0, at=late)
    assert decide(opened, 0, at=late).state == RoundState.DECIDED


def test_vacant_deputy_seats_lead_to_the_head(opened: World):
    for code in ("deputy1", "deputy2"):
        seats.recall(
            opened.five.seatings[code],
            actor=opened.five.deputy_manager,
            at=NOW,
            last_day=TODAY,
            note="پایان مأموریت",
        )
    tomorrow = NOW + timedelta(days=1)
    assert sweeps.run(tomorrow) == 1
    assert decide(opened, 1, at=tomorrow).state == RoundState.DECIDED


def test_sealed_while_both_deputy_seats_are_vacant_the_head_is_told_at_once(prepared: World):
    for code in ("deputy1", "deputy2"):
        seats.recall(
            prepared.five.seatings[code],
            actor=prepared.five.deputy_manager,
            at=NOW,
            last_day=TODAY,
            note="پایان مأموریت",
        )
    tomorrow = NOW + timedelta(days=1)
    seal(prepared, at=tomorrow)
    assert AuditEntry.objects.get(event="nomination.undecided").note == nominations.NOBODY_LEFT
    assert decide(prepared, 1, at=tomorrow).state == RoundState.DECIDED


def test_one_deputy_seat_vacant_and_the_other_voted(opened: World):
    seats.recall(
        opened.five.seatings["deputy2"],
        actor=opened.five.deputy_manager,
        at=NOW,
        last_day=TODAY,
        note="پایان مأموریت",
    )
    tomorrow = NOW + timedelta(days=1)
    with pytest.raises(Refusal, match="هنوز رأی نداده است"):
        decide(opened, 0, at=tomorrow)
    cast(opened, opened.five.deputy1, 0, at=tomorrow)
    assert AuditEntry.objects.get(event="nomination.undecided").note == nominations.NOBODY_LEFT
    assert decide(opened, 0, at=tomorrow).state == RoundState.DECIDED


def test_a_second_ballot_is_refused(opened: World):
    cast(opened, opened.five.deputy1, 0)
    with pytest.raises(NotPermitted, match="پیش از این رأی داده‌اید"):
        cast(opened, opened.five.deputy1, 1)
    assert NominationBallot.objects.get(round=opened.nomination).nominee == opened.nominees[0]


def test_who_does_not_sit_for_hq_or_deputy_has_no_ballot(opened: World):
    from tests.factories.people import make_user

    five = opened.five
    strangers: list[User] = [make_user("hq_member"), make_user("deputy_member"), five.ngo_member]
    for user in [*strangers, five.secretary, five.hq_manager, five.deputy_manager, opened.people[0]]:
        with pytest.raises(NotPermitted):
            cast(opened, user, 0)
    assert not NominationBallot.objects.filter(round=opened.nomination).exists()


def test_a_successor_in_a_seat_that_voted_has_no_second_ballot(opened: World):
    from tests.factories.people import make_user

    cast(opened, opened.five.deputy1, 0)
    fresh = make_user("deputy_member")
    seats.appoint(
        opened.five.seats["deputy1"],
        actor=opened.five.deputy_manager,
        at=NOW,
        person=fresh,
        starts_on=TODAY + timedelta(days=1),
        reference="۲",
    )
    with pytest.raises(NotPermitted, match="هر نماینده یک رأی دارد"):
        cast(opened, fresh, 0, at=NOW + timedelta(days=1))


def test_a_pick_outside_the_three_is_refused(opened: World):
    other = _nominee_of_another_round(opened)
    for name, actor in (("cast", opened.five.deputy1), ("decide", opened.five.deputy_manager)):
        for pick in (other, other.pk, "abc", 0):
            with pytest.raises(Refusal):
                ROUND.apply(opened.nomination, name, actor=actor, at=NOW, note="دلیل", nominee=pick)
    opened.nomination.refresh_from_db()
    assert opened.nomination.state == RoundState.OPEN
    assert not opened.nomination.ballots.exists()


def _nominee_of_another_round(world: World):
    return NominationRound.objects.exclude(pk=world.nomination.pk).first().nominees.first()


def test_the_head_gives_a_reason(opened: World):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    with pytest.raises(Refusal, match="دلیل انتخاب"):
        decide(opened, 0, note="  ")
    with pytest.raises(NotPermitted):
        ROUND.apply(
            opened.nomination,
            "decide",
            actor=opened.five.hq_manager,
            at=NOW,
            note="دلیل",
            nominee=opened.nominees[0],
        )


# --- eligibility again, lost membership, withdrawal ----------------------------------------------------------


def test_an_ngo_eligible_no_more_at_the_decision_voids_the_round_and_loses_nothing(opened: World):
    NgoAccount.objects.filter(user=opened.people[0]).update(period=period(TODAY - timedelta(days=9), TODAY))
    tomorrow = NOW + timedelta(days=1)
    cast(opened, opened.five.deputy1, 0, at=tomorrow)
    voided = cast(opened, opened.five.deputy2, 0, at=tomorrow)
    assert voided.state == RoundState.VOID
    assert "در سامانه نماینده این سمن نیست" in voided.void_reason
    assert voided.ballots.count() == 2
    check = EligibilityCheck.objects.get(nominee=opened.nominees[0], moment=CheckMoment.DECISION)
    assert not check.is_eligible
    assert not Seating.objects.filter(round=voided).exists()


def test_the_head_picks_only_one_that_is_still_eligible(opened: World):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    User.objects.filter(pk=opened.people[0].pk).update(is_active=False)
    with pytest.raises(Refusal, match="در سامانه فعال نیست"):
        decide(opened, 0)
    assert decide(opened, 1).state == RoundState.DECIDED


@pytest.mark.parametrize("step", ["suspend", "end"])
def test_lost_membership_voids_an_open_round(opened: World, step):
    cast(opened, opened.five.deputy1, 0)
    MEMBERSHIP.apply(opened.ngos[2], step, actor=opened.five.hq_manager, at=NOW, note="تخلف")
    opened.nomination.refresh_from_db()
    assert opened.nomination.state == RoundState.VOID
    assert opened.ngos[2].name in opened.nomination.void_reason
    assert opened.nomination.ballots.count() == 1
    assert round_calls.calls(TODAY)[0].running is None


def test_lost_membership_makes_a_round_being_prepared_unsealable_only(prepared: World):
    MEMBERSHIP.apply(prepared.ngos[2], "suspend", actor=prepared.five.hq_manager, at=NOW, note="تخلف")
    prepared.nomination.refresh_from_db()
    assert prepared.nomination.state == RoundState.PREPARING
    with pytest.raises(Refusal, match="عضو نیست؛ وضعیت آن «تعلیق‌شده»"):
        seal(prepared)


def test_a_withdrawal_voids_an_open_round(opened: World):
    withdraw_nominee(opened.nominees[1], actor=opened.people[1], at=NOW, note="فرصت نداریم")
    opened.nomination.refresh_from_db()
    assert opened.nomination.state == RoundState.VOID
    assert "انصراف داد: فرصت نداریم" in opened.nomination.void_reason
    assert len(opened.nominees) == 3
    assert events(opened.nomination)[-2:] == ["nomination.withdrew", "nomination.void"]
    with pytest.raises(Refusal, match="به پایان رسیده"):
        withdraw_nominee(opened.nominees[0], actor=opened.people[0], at=NOW, note="ما هم")


def test_an_expert_records_a_withdrawal_by_letter(opened: World):
    with pytest.raises(Refusal, match="شماره نامه"):
        withdraw_nominee(opened.nominees[1], actor=opened.five.hq_expert, at=NOW, note="درخواست سمن")
    with pytest.raises(NotPermitted):
        withdraw_nominee(opened.nominees[1], actor=opened.people[0], at=NOW, note="به جای دیگری")
    voided = withdraw_nominee(
        opened.nominees[1], actor=opened.five.hq_expert, at=NOW, note="درخواست سمن", reference="۸/۲"
    )
    assert "۸/۲" in voided.void_reason


def test_either_head_voids_with_a_reason(opened: World):
    with pytest.raises(Refusal, match="سبب ابطال"):
        ROUND.apply(opened.nomination, "void", actor=opened.five.deputy_manager, at=NOW, note="")
    with pytest.raises(Refusal, match="بیش از ۴۰۰ نویسه"):
        ROUND.apply(opened.nomination, "void", actor=opened.five.deputy_manager, at=NOW, note="ا" * 401)
    voided = ROUND.apply(opened.nomination, "void", actor=opened.five.deputy_manager, at=NOW, note="خطا")
    assert (voided.state, voided.void_reason) == (RoundState.VOID, "خطا")


def test_whom_a_ballot_names_stands_in_no_trail_while_the_round_is_open(opened: World):
    cast(opened, opened.five.deputy1, 0)
    entry = AuditEntry.objects.get(event="nomination.cast", root_id=opened.nomination.pk)
    kept = f"{entry.before}{entry.after}{entry.note}{entry.subject_label}"
    assert opened.ngos[0].name not in kept
    assert set(entry.after) == {"state", "seat"}
