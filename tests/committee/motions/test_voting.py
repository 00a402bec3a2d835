"""Opening, ballots, recusals, circulation, asking for a meeting, closing: what is needed and what is kept (C4–C7)."""

from datetime import timedelta

import pytest

from committee import chain
from committee.enums import MotionKind, MotionState
from committee.models import Ballot, Motion, Recusal
from committee.operations import voting
from committee.workflow.motions import MOTION, cast
from ngos.models import NgoAccount, Officer
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, DatedSetting, User
from staff_portal.kernel.workflow import sweeps
from staff_portal.kernel.workflow.holds import place_hold
from tests.committee.motions.world import SEATS, World, votes
from tests.factories import ngos as made
from tests.factories.people import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


def do(motion, name, user, **asked):
    return MOTION.apply(motion, name, actor=user, at=NOW, **asked)


# --- opening ------------------------------------------------------------------------------------------------


def test_a_vote_opens_only_before_a_meeting_in_session_that_has_it_on_the_agenda(world: World):
    motion = world.tabled()
    world.arrive(*SEATS)
    with pytest.raises(Refusal, match="دستور جلسه"):
        do(motion, "open_vote", world.secretary)
    opened = do(world.on_agenda(motion), "open_vote", world.secretary)
    assert (opened.state, opened.mode, opened.meeting) == ("open", "meeting", world.meeting)
    assert opened.opened_presence == list(SEATS)


def test_without_the_notice_nothing_is_put_to_the_vote(world: World):
    motion = world.on_agenda(world.tabled())
    world.arrive("hq1", "deputy1", "ngo")
    DatedSetting.objects.create(
        key="meeting.notice_days", value=60, effective_on=TODAY - timedelta(days=90), set_at=NOW
    )
    with pytest.raises(Refusal, match="مهلت دعوت"):
        do(motion, "open_vote", world.secretary)


def test_only_the_secretary_opens_and_closes(world: World):
    tabled = world.on_agenda(world.tabled())
    world.arrive(*SEATS)
    for name, user in world.everybody().items():
        if name != "secretary":
            with pytest.raises(NotPermitted):
                do(tabled, "open_vote", user)
    opened = do(tabled, "open_vote", world.secretary)
    for name, user in world.everybody().items():
        if name != "secretary":
            with pytest.raises(NotPermitted):
                do(opened, "close_vote", user)


# --- ballots ------------------------------------------------------------------------------------------------


def test_ballots_are_chained_from_the_text_on(world: World):
    motion = world.opened()
    first = cast(motion, actor=world.people["ngo"], at=NOW, choice="for", reason="لازم است")
    second = cast(motion, actor=world.people["hq1"], at=NOW, choice="against")
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.previous_hash == motion.text_hash
    assert second.previous_hash == first.hash == chain.link_hash(motion.text_hash, first.canonical)
    assert first.receipt != second.receipt
    assert len(first.receipt) == chain.RECEIPT_LENGTH
    closed = world.close(motion)
    assert closed.last_hash == second.hash


def test_the_audit_keeps_the_hash_but_neither_choice_nor_reason(world: World):
    motion = world.opened()
    ballot = cast(motion, actor=world.people["ngo"], at=NOW, choice="against", reason="گران است")
    entry = AuditEntry.objects.get(event="motion.cast")
    assert entry.after == {
        "state": "open",
        "seat": "ngo",
        "sequence": 1,
        "ballot_hash": ballot.hash,
    }
    assert "against" not in str(entry.before) + entry.note
    assert (entry.actor, entry.role) == (world.people["ngo"], "ngo_member")


def test_a_second_ballot_is_refused(world: World):
    motion = world.opened()
    cast(motion, actor=world.people["ngo"], at=NOW, choice="for")
    with pytest.raises(Refusal, match="پیش از این"):
        cast(motion, actor=world.people["ngo"], at=NOW, choice="against")
    assert list(motion.ballots.values_list("choice", flat=True)) == ["for"]
    refused = AuditEntry.objects.get(event="kernel.refused")
    assert "against" not in str(refused.after)


@pytest.mark.parametrize(
    "who", ["secretary", "auditor", "hq_manager", "deputy_manager", "hq_expert", "ngo_user"]
)
def test_who_has_no_seat_does_not_vote(world: World, who):
    motion = world.opened()
    with pytest.raises(NotPermitted):
        cast(motion, actor=world.everybody()[who], at=NOW, choice="for")
    assert motion.ballots.count() == 0


def test_the_role_without_the_seat_does_not_vote(world: World):
    motion = world.opened()
    with pytest.raises(NotPermitted, match="کرسی"):
        cast(motion, actor=make_user(Role.HQ_MEMBER), at=NOW, choice="for")


def test_absent_or_gone_members_do_not_vote(world: World):
    motion = world.opened("hq1", "hq2", "deputy1", "ngo")
    with pytest.raises(Refusal, match="حاضر"):
        cast(motion, actor=world.people["deputy2"], at=NOW, choice="for")
    world.leave("hq2")
    with pytest.raises(Refusal, match="حاضر"):
        cast(motion, actor=world.people["hq2"], at=NOW, choice="for")
    world.arrive("hq2", at=NOW + timedelta(minutes=1))
    cast(motion, actor=world.people["hq2"], at=NOW + timedelta(minutes=2), choice="for")


def test_a_seat_on_hold_does_not_vote(world: World):
    motion = world.opened()
    place_hold(
        world.committee.seatings["ngo"], reason="عضویت سمن معلق است", actor=world.committee.hq_manager, at=NOW
    )
    with pytest.raises(Refusal, match="متوقف"):
        cast(motion, actor=world.people["ngo"], at=NOW, choice="for")


def test_nonsense_is_no_choice(world: World):
    motion = world.opened()
    with pytest.raises(Refusal, match="موافق"):
        cast(motion, actor=world.people["ngo"], at=NOW, choice="perhaps")
    with pytest.raises(Refusal, match="رأی"):
        cast(motion, actor=world.people["ngo"], at=NOW, choice="")


@pytest.mark.parametrize("state", ["draft", "tabled", "closed"])
def test_no_ballot_before_or_after_the_vote(world: World, state):
    if state == "closed":
        motion = world.close(world.opened())
    else:
        motion = world.draft() if state == "draft" else world.tabled()
    with pytest.raises(Refusal):
        cast(motion, actor=world.people["ngo"], at=NOW, choice="for")
    assert Ballot.objects.count() == 0


# --- recusals -----------------------------------------------------------------------------------------------


def test_a_declared_interest_is_kept_and_bars_the_vote(world: World):
    motion = world.opened(kind=MotionKind.OVERSIGHT)
    with pytest.raises(Refusal, match="نفع"):
        do(motion, "recuse", world.people["deputy1"])
    do(motion, "recuse", world.people["deputy1"], note="شرکت خواهرم طرف قرارداد است.")
    row = Recusal.objects.get()
    assert (row.seat_code, row.source, row.declared_by) == ("deputy1", "declared", world.people["deputy1"])
    with pytest.raises(Refusal, match="کناره"):
        cast(motion, actor=world.people["deputy1"], at=NOW, choice="for")
    with pytest.raises(Refusal, match="کناره"):
        do(motion, "recuse", world.people["deputy1"], note="باز هم")


def test_after_voting_nobody_recuses(world: World):
    motion = world.opened()
    cast(motion, actor=world.people["hq1"], at=NOW, choice="for")
    with pytest.raises(Refusal, match="رأی داده"):
        do(motion, "recuse", world.people["hq1"], note="پشیمانم")


@pytest.mark.parametrize("kind", [MotionKind.DIRECTIVE, MotionKind.POLICY])
def test_a_general_rule_is_no_conflict(world: World, kind):
    motion = world.opened(kind=kind)
    with pytest.raises(Refusal, match="قاعده‌ای کلی"):
        do(motion, "recuse", world.people["ngo"], note="سمن ما هم می‌گیرد")
    assert Recusal.objects.count() == 0


def test_the_ngo_in_the_seat_is_set_aside_from_its_own_case(world: World):
    motion = world.opened(concerns_ngo=world.committee.ngo)
    row = Recusal.objects.get()
    assert (row.seat_code, row.source, row.declared_by) == ("ngo", "proposed", None)
    entry = AuditEntry.objects.get(event="motion.recused")
    assert (entry.actor, entry.root_id) == (None, motion.pk)
    with pytest.raises(Refusal, match="کناره"):
        cast(motion, actor=world.people["ngo"], at=NOW, choice="for")
    world.vote(motion, hq1="for", hq2="for", deputy1="for", deputy2="against")
    assert world.close(motion).base == 4


def test_who_acts_for_the_ngo_is_set_aside_too_and_by_circulation(world: World):
    ngo = made.draft(world.committee.hq_expert, at=NOW)
    NgoAccount.objects.create(
        ngo=ngo,
        user=world.people["hq2"],
        period=period(TODAY - timedelta(days=9)),
        letter_reference="۲",
        created_at=NOW,
    )
    motion = world.circulated(concerns_ngo=ngo)
    assert list(Recusal.objects.values_list("motion", "seat_code")) == [(motion.pk, "hq2")]


def test_a_former_representative_is_not_set_aside(world: World):
    ngo = made.draft(world.committee.hq_expert, at=NOW)
    NgoAccount.objects.create(
        ngo=ngo,
        user=world.people["hq2"],
        period=period(TODAY - timedelta(days=90), TODAY - timedelta(days=30)),
        letter_reference="۲",
        created_at=NOW,
    )
    world.circulated(concerns_ngo=ngo)
    assert Recusal.objects.count() == 0


def test_who_sits_on_the_board_is_set_aside_by_the_national_code(world: World):
    ngo = made.draft(world.committee.hq_expert, at=NOW)
    User.objects.filter(pk=world.people["deputy2"].pk).update(national_code="0499370899")
    Officer.objects.create(
        ngo=ngo,
        post="chair",
        full_name="پروانه",
        name_folded="پروانه",
        national_code="0499370899",
        term=period(TODAY - timedelta(days=9)),
        recorded_at=NOW,
    )
    motion = world.circulated(concerns_ngo=ngo)
    row = motion.recusals.get()
    assert (row.seat_code, "مسئولان" in row.reason) == ("deputy2", True)


def test_a_motion_about_no_ngo_sets_nobody_aside(world: World):
    world.opened()
    assert Recusal.objects.count() == 0


# --- circulation --------------------------------------------------------------------------------------------


def test_the_deadline_counts_working_days_and_comes_from_the_settings(world: World):
    motion = world.circulated()
    assert motion.circulation_days == 7
    # Tuesday 2026-11-24: Wed 1, Sat 2, Sun 3, Mon 4, Tue 5, Wed 6, Sat 7 (Thursday and Friday are off)
    assert str(voting.deadline(motion)) == "2026-12-05"
    assert str(voting.deadline(world.circulated(days=2, title="متنی دیگر"))) == "2026-11-28"


def test_an_impossible_length_is_refused(world: World):
    motion = world.tabled()
    for days in (-1, 61):
        with pytest.raises(Refusal, match="۶۰"):
            do(motion, "circulate", world.secretary, days=days)


def test_what_is_before_the_meeting_is_not_circulated(world: World):
    motion = world.on_agenda(world.tabled())
    with pytest.raises(Refusal, match="جلسه جاری"):
        do(motion, "circulate", world.secretary)


def test_no_ballot_after_the_deadline_even_before_the_system_closes(world: World):
    motion = world.circulated(days=2)
    with pytest.raises(Refusal, match="گذشته"):
        cast(motion, actor=world.people["hq1"], at=NOW + timedelta(days=9), choice="for")
    last_minute = NOW.replace(hour=23, minute=59) + timedelta(days=4)
    cast(motion, actor=world.people["hq1"], at=last_minute, choice="for")


def test_the_secretary_closes_early_only_when_every_vote_is_in(world: World):
    motion = world.circulated()
    world.vote(motion, **votes("fffa-"))
    with pytest.raises(Refusal, match=world.people["ngo"].full_name):
        world.close(motion)
    assert sweeps.run(NOW, MOTION) == 0
    world.vote(motion, ngo="abstain")
    assert world.close(motion).state == "carried"


def test_the_system_does_not_close_a_meetings_vote(world: World):
    motion = world.opened()
    with pytest.raises(Refusal, match="دبیر"):
        MOTION.apply(motion, "close_vote", actor=None, at=NOW)
    assert sweeps.run(NOW + timedelta(days=99), MOTION) == 0


def test_any_member_may_ask_for_a_meeting_instead(world: World):
    motion = world.circulated()
    world.vote(motion, hq1="for", deputy1="against")
    with pytest.raises(NotPermitted):
        do(motion, "ask_meeting", world.secretary, note="x")
    with pytest.raises(Refusal, match="دلیل نیاز به جلسه"):
        do(motion, "ask_meeting", world.people["ngo"])
    lapsed = do(motion, "ask_meeting", world.people["ngo"], note="گفت‌وگو لازم است")
    assert lapsed.state == MotionState.LAPSED
    assert "گفت‌وگو لازم است" in lapsed.outcome_reason
    assert (lapsed.votes_for, lapsed.votes_against, lapsed.ballot_count) == (None, None, 2)
    again = Motion.objects.get(origin=lapsed)
    assert (again.state, again.title, again.text_hash) == ("tabled", lapsed.title, lapsed.text_hash)
    assert again.ballots.count() == 0
    assert again.is_amendment is False


def test_a_meetings_vote_is_not_asked_into_a_meeting(world: World):
    with pytest.raises(Refusal, match="در جلسه است"):
        do(world.opened(), "ask_meeting", world.people["ngo"], note="x")


def test_after_closing_nothing_moves(world: World):
    motion = world.opened()
    world.vote(motion, **votes("fffaa"))
    world.close(motion)
    for name, asked in (("close_vote", {}), ("recuse", {"note": "x"}), ("open_vote", {}), ("table", {})):
        user = world.people["ngo"] if name == "recuse" else world.secretary
        with pytest.raises(Refusal):
            do(motion, name, user, **asked)
    assert Motion.objects.get(pk=motion.pk).votes_for == 3
