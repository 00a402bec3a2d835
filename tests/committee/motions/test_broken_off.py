"""A circulation that a member asks into a meeting: its ballots stay sealed for good (P2), only a seat that votes on it
asks (P3), and the text is decided in a meeting only (P4): by page, operation and raw SQL (C5)."""

import json
from typing import Any

import pytest
from django.urls import reverse

from committee import chain, secrecy
from committee.enums import MotionState
from committee.minutes_facts import facts_of
from committee.minutes_text import write
from committee.models import Ballot, Motion, Recusal
from committee.operations.ballot_ledger import verify_ballots
from committee.workflow.motions import MOTION, cast
from ngos.models import Officer
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.workflow.holds import place_hold
from tests.committee.motions.test_database_refuses import refused
from tests.committee.motions.test_secrecy import OTHERS, READERS, text_of
from tests.committee.motions.world import World, votes
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db

REASON = "بودجه‌اش روشن نیست و از همین رو"
ASKED = "گفت‌وگو لازم است"
EVERYBODY = (*READERS, *OTHERS)


def ask(world: World, motion: Motion, code: str = "ngo") -> Motion:
    return MOTION.apply(motion, "ask_meeting", actor=world.people[code], at=NOW, note=ASKED)


def page(motion: Motion, name: str, *more: str) -> str:
    return reverse(f"committee:{name}", args=[motion.pk, *more])


@pytest.fixture
def running(world: World) -> Motion:
    """Two ballots against and one for, each with a reason, in a circulation that still runs."""
    motion = world.circulated()
    for code, choice in (("hq2", "against"), ("deputy2", "against"), ("deputy1", "for")):
        cast(motion, actor=world.people[code], at=NOW, choice=choice, reason=REASON)
    return motion


@pytest.fixture
def broken_off(world: World, running: Motion) -> Motion:
    """The same, after the NGO's member asked for a meeting."""
    return ask(world, running)


def successor(motion: Motion) -> Motion:
    return Motion.objects.get(origin=motion)


# --- P2: sealed for good -------------------------------------------------------------------------------------


def addresses(motion: Motion) -> list[str]:
    listed = reverse("committee:motion_list")
    return [
        page(motion, "motion_detail"),
        page(motion, "motion_live"),
        page(motion, "motion_receipt"),
        page(successor(motion), "motion_detail"),
        listed,
        f"{listed}?format=xlsx",
        reverse("audit_log"),
        f"{reverse('search')}?q=گزارش",
        reverse("inbox"),
        "/",
    ]


@pytest.mark.parametrize("who", EVERYBODY)
def test_p2_no_page_betrays_a_choice_after_the_request(world: World, broken_off, signed_in, who):
    client = signed_in(world.everybody()[who])
    opened = 0
    for address in addresses(broken_off):
        response = client.get(address, follow=True)
        if response.status_code != 200:
            assert response.status_code in (403, 404), address
            continue
        opened += 1
        text = text_of(response)
        for word in (REASON, "seat-against", "seat-for", "مخالف", "۱ موافق", "ممتنع"):
            assert word not in text, (address, word)
        for ballot in Ballot.objects.all():
            assert ballot.receipt not in text, address
    assert opened >= 6
    detail = text_of(client.get(page(broken_off, "motion_detail")))
    assert "۳ رأی داده شده بود؛ این رأی‌ها برای همیشه پنهان می‌ماند" in detail
    assert detail.count("رأی داد</span>") == 3
    assert "۳ رأی، پنهان" in text_of(client.get(reverse("committee:motion_list")))


def test_p2_the_record_holds_their_number_and_no_count_of_choices(world: World, broken_off):
    assert (broken_off.state, broken_off.ballot_count) == (MotionState.LAPSED, 3)
    assert broken_off.last_hash == Ballot.objects.get(sequence=3).hash
    assert {broken_off.votes_for, broken_off.votes_against, broken_off.votes_abstain} == {None}
    entry = AuditEntry.objects.get(event="motion.meeting_asked")
    assert entry.after["ballot_count"] == 3
    words = ("against", "abstain", "مخالف", "موافق", REASON, '"for"', "'for'")
    for entry in AuditEntry.objects.filter(root_type="committee.motion"):
        assert {entry.after.get(f"votes_{choice}") for choice in ("for", "against", "abstain")} == {None}
        values = {key: value for key, value in entry.after.items() if not key.startswith("votes_")}
        said = f"{values} {entry.note} {entry.subject_label}"
        assert not [word for word in words if word in said], entry.event
        for draft in notices.expand(entry):
            assert not [word for word in words if word in draft.text]
    for user in world.everybody().values():
        for task in contributions.inbox(User.objects.get(pk=user.pk), NOW):
            assert not [word for word in words if word in f"{task.title} {task.detail}"]


def test_p2_nobody_may_read_them_by_the_rule(world: World, broken_off):
    for user in world.everybody().values():
        assert not secrecy.may_read_choices(user, broken_off, TODAY)
    assert secrecy.are_sealed(broken_off) and not secrecy.are_counted(broken_off)


def test_p2_a_circulation_that_ran_its_time_is_read_as_before(world: World):
    motion = world.circulated()
    world.vote(motion, **votes("fffaa"))
    closed = world.close(motion)
    assert secrecy.may_read_choices(world.auditor, closed, TODAY)
    assert not secrecy.may_read_choices(world.secretary, closed, TODAY)
    assert not secrecy.are_sealed(closed) and secrecy.are_counted(closed)


def test_p2_the_minutes_tell_only_how_many(world: World, broken_off):
    world.on_agenda(broken_off)
    world.arrive("hq1", "hq2", "deputy1", "ngo")
    meeting = world.meeting
    meeting.opened_at, meeting.closed_at = NOW, NOW
    told = json.dumps(write(facts_of(meeting)), ensure_ascii=False)
    assert "۳ رأی داده شده بود که برای همیشه پنهان می‌ماند" in told
    assert REASON not in told
    assert "مخالف" not in told


def test_p2_the_chain_holds_and_the_own_ballot_is_found_in_it(world: World, broken_off, signed_in):
    report = verify_ballots()
    assert report.ok and report.length == 3
    mine, other = Ballot.objects.get(seat_code="hq2"), Ballot.objects.get(seat_code="deputy1")
    client = signed_in(world.people["hq2"])
    found = client.post(page(broken_off, "motion_receipt"), {"code": mine.receipt})
    text = text_of(found)
    assert found.status_code == 200
    assert mine.hash in text
    assert "زنجیره رأی‌ها دوباره حساب شد" in text
    for word in (REASON, "مخالف", other.hash):
        assert word not in text
    refused_one = client.post(page(broken_off, "motion_receipt"), {"code": other.receipt})
    assert refused_one.status_code == 422
    assert chain.grouped_receipt(other.receipt) not in text_of(refused_one).replace(other.receipt, "")


# --- P3: only a seat that votes on it ------------------------------------------------------------------------

ASK = """UPDATE committee_motion SET state = 'lapsed', meeting_only = true, meeting_asked_by_id = %(seating)s,
    closed_at = %(at)s, ballot_count = (SELECT count(*) FROM committee_ballot WHERE motion_id = %(pk)s),
    recused_count = (SELECT count(*) FROM committee_recusal WHERE motion_id = %(pk)s),
    base = 5 - (SELECT count(*) FROM committee_recusal WHERE motion_id = %(pk)s),
    last_hash = COALESCE((SELECT hash FROM committee_ballot WHERE motion_id = %(pk)s ORDER BY sequence DESC LIMIT 1),
                         text_hash) WHERE id = %(pk)s"""


def ask_by_sql(world: World, motion: Motion, code: str) -> tuple[str, dict[str, Any]]:
    return ASK, {"seating": world.committee.seatings[code].pk, "at": NOW, "pk": motion.pk}


def recused_by_hand(world: World) -> tuple[Motion, str]:
    motion = world.circulated()
    world.recuse(motion, "hq1")
    return motion, "hq1"


def own_grant(world: World) -> tuple[Motion, str]:
    """P3 as it happened: the vote is on the case of the NGO that sits there."""
    motion = world.circulated(concerns_ngo=world.committee.ngo)
    assert Recusal.objects.get().seat_code == "ngo"
    return motion, "ngo"


def held(world: World) -> tuple[Motion, str]:
    motion = world.circulated()
    place_hold(world.committee.seatings["ngo"], reason="معلق", actor=None, at=NOW)
    return motion, "ngo"


@pytest.mark.parametrize("situation", [recused_by_hand, own_grant, held])
def test_p3_a_seat_that_does_not_vote_on_it_does_not_ask(world: World, signed_in, raw_sql, situation):
    motion, code = situation(world)
    world.vote(motion, hq2="against", deputy1="for")
    with pytest.raises(Refusal):
        ask(world, motion, code)
    client = signed_in(world.people[code])
    response = client.post(page(motion, "motion_do", "ask_meeting"), {"note": ASKED})
    assert response.status_code in (403, 409)
    assert refused(raw_sql, *ask_by_sql(world, motion, code)) == "c5_voting_seat_asks"
    motion.refresh_from_db()
    assert (motion.state, motion.ballots.count(), motion.successors.count()) == ("open", 2, 0)
    raw_sql(*ask_by_sql(world, motion, "deputy2"))  # the counter-proof


def test_p3_the_database_looks_at_the_own_ngo_without_a_recusal(world: World, raw_sql):
    motion = world.circulated()
    text = "UPDATE committee_motion SET concerns_ngo_id = %s"
    assert refused(raw_sql, text, [world.committee.ngo.pk]) == "c5_motion_kept"
    other = world.tabled(title="کمک", concerns_ngo=world.committee.ngo)
    raw_sql(
        "UPDATE committee_motion SET state = 'open', mode = 'circulation', circulation_days = 3, opened_at = %s"
        " WHERE id = %s",
        [NOW, other.pk],
    )
    assert refused(raw_sql, *ask_by_sql(world, other, "ngo")) == "c5_voting_seat_asks"
    with pytest.raises(Refusal, match=r"خود دارنده این کرسی است.*تنها عضوی می‌خواهد"):
        ask(world, other, "ngo")
    assert motion.state == "open"


def test_p3_an_interest_that_came_after_the_opening_counts(world: World):
    motion = world.circulated(concerns_ngo=world.committee.ngo)
    member = world.people["deputy2"]
    User.objects.filter(pk=member.pk).update(national_code="0499370899")
    Officer.objects.create(
        ngo=world.committee.ngo,
        post="chair",
        full_name="پروانه",
        name_folded="پروانه",
        national_code="0499370899",
        term=period(TODAY),
        recorded_at=NOW,
    )
    with pytest.raises(Refusal, match="از مسئولان سمنی است"):
        MOTION.apply(motion, "ask_meeting", actor=User.objects.get(pk=member.pk), at=NOW, note=ASKED)


def test_p3_who_does_not_sit_today_does_not_ask(world: World, signed_in, raw_sql):
    motion = world.circulated()
    for user in (world.secretary, world.auditor, world.committee.hq_manager, world.committee.ngo_user):
        with pytest.raises(NotPermitted):
            MOTION.apply(motion, "ask_meeting", actor=user, at=NOW, note=ASKED)
    assert signed_in(world.secretary).post(
        page(motion, "motion_do", "ask_meeting"), {"note": ASKED}
    ).status_code in (403, 409)
    statement, given = ask_by_sql(world, motion, "hq1")
    assert refused(raw_sql, statement, given | {"at": NOW.replace(year=2021)}) == "c5_voting_seat_asks"
    assert refused(raw_sql, statement, given | {"seating": None}) == "c5_meeting_only_kept"


@pytest.mark.parametrize("code", ["hq1", "deputy2"])
def test_p3_a_voter_asks_whether_it_has_voted_or_not(world: World, running, code):
    lapsed = ask(world, running, code)
    assert lapsed.meeting_asked_by == world.committee.seatings[code]


def test_no_other_way_to_break_a_circulation_off(world: World, running, raw_sql):
    """Counts told, or a lapse without a request although the ballots suffice: refused by the database."""
    statement, given = ask_by_sql(world, running, "ngo")
    told = statement.replace(
        "closed_at =", "votes_for = 1, votes_against = 2, votes_abstain = 0, closed_at ="
    )
    assert refused(raw_sql, told, given) == "c5_every_ballot_counts"
    silent = told.replace("meeting_only = true, meeting_asked_by_id = %(seating)s,", "")
    assert refused(raw_sql, silent, given) == "c5_lapses_for_a_reason"
    for change in ("meeting_only = true", f"meeting_asked_by_id = {given['seating']}"):
        assert refused(raw_sql, f"UPDATE committee_motion SET {change}") == "c5_meeting_only_kept"
    in_meeting = world.opened(title="در جلسه")
    assert refused(raw_sql, *ask_by_sql(world, in_meeting, "ngo")) == "c5_meeting_only_kept"


# --- P4: in a meeting only -----------------------------------------------------------------------------------

CIRCULATE = """UPDATE committee_motion SET state = 'open', mode = 'circulation', circulation_days = 3, opened_at = %s
    WHERE id = %s"""


def successor_of(world: World, lapsed: Motion) -> Motion:
    """P4 as it happened: the successor of the circulation."""
    return successor(lapsed)


def copy_of(world: World, lapsed: Motion) -> Motion:
    made = MOTION.apply(lapsed, "copy", actor=world.committee.hq_expert, at=NOW)
    return MOTION.apply(made, "table", actor=world.secretary, at=NOW)


def edited_copy_of(world: World, lapsed: Motion) -> Motion:
    """A copy stays with the meeting when a word of it is changed."""
    expert = world.committee.hq_expert
    made = MOTION.apply(lapsed, "copy", actor=expert, at=NOW)
    MOTION.apply(made, "edit", actor=expert, at=NOW, kind=made.kind, title=made.title, text=f"{made.text} ")
    return MOTION.apply(made, "table", actor=world.secretary, at=NOW)


def written_anew(world: World, lapsed: Motion) -> Motion:
    return world.tabled(world.committee.deputy_expert, title=lapsed.title, text=lapsed.text)


@pytest.mark.parametrize("which", [successor_of, copy_of, edited_copy_of, written_anew])
def test_p4_the_text_is_not_circulated_again(world: World, broken_off, signed_in, raw_sql, which):
    again = which(world, broken_off)
    assert again.meeting_only
    with pytest.raises(Refusal, match="تنها در جلسه به رأی می‌رود"):
        MOTION.apply(again, "circulate", actor=world.secretary, at=NOW, days=3)
    client = signed_in(world.secretary)
    assert client.post(page(again, "motion_do", "circulate"), {"days": "3"}).status_code == 409
    detail = text_of(client.get(page(again, "motion_detail")))
    assert "تنها در جلسه به رأی می‌رود" in detail
    assert refused(raw_sql, CIRCULATE, [NOW, again.pk]) == "c5_meeting_only"
    clearing = "UPDATE committee_motion SET meeting_only = false WHERE id = %s"
    assert refused(raw_sql, clearing, [again.pk]) == "c5_meeting_only_kept"
    assert refused(raw_sql, clearing, [broken_off.pk]) == "c5_meeting_only_kept"
    again.refresh_from_db()
    assert (again.state, again.meeting_only) == ("tabled", True)


def test_p4_what_was_tabled_with_the_same_text_before_is_not_circulated_either(
    world: World, running, raw_sql
):
    twin = world.tabled()
    assert not twin.meeting_only
    with pytest.raises(Refusal, match="درباره همین متن باز است"):
        MOTION.apply(twin, "circulate", actor=world.secretary, at=NOW, days=3)
    assert refused(raw_sql, CIRCULATE, [NOW, twin.pk]) == "c5_text_circulates_once"
    ask(world, running)
    with pytest.raises(Refusal, match="تنها در جلسه به رأی می‌رود"):
        MOTION.apply(twin, "circulate", actor=world.secretary, at=NOW, days=3)
    assert refused(raw_sql, CIRCULATE, [NOW, twin.pk]) == "c5_meeting_only"


def test_p4_a_copy_without_the_mark_is_not_stored(world: World, broken_off, raw_sql):
    columns = """kind, title, text, text_hash, state_since, proposed_at, is_amendment, subject_type, subject_hash,
        opened_presence, closed_presence, last_hash, outcome_reason, effect_state, effect_note, search_text"""
    copy = f"""INSERT INTO committee_motion (number, origin_id, state, mode, meeting_only, {columns})
        SELECT 99, id, 'draft', '', %s, {columns} FROM committee_motion WHERE id = %s"""
    assert refused(raw_sql, copy, [False, broken_off.pk]) == "c5_meeting_only_kept"
    raw_sql(copy, [True, broken_off.pk])  # the counter-proof


def test_p4_the_successor_is_decided_in_the_meeting(world: World, broken_off):
    again = world.on_agenda(successor(broken_off))
    world.arrive(*world.people)
    MOTION.apply(again, "open_vote", actor=world.secretary, at=NOW)
    world.vote(again, **votes("fffaa"))
    closed = world.close(again)
    assert (closed.state, closed.votes_for) == ("carried", 3)
    assert secrecy.may_read_choices(world.auditor, closed, TODAY)
    assert not secrecy.may_read_choices(world.auditor, Motion.objects.get(pk=broken_off.pk), TODAY)


def test_every_sentence_of_the_database_is_persian():
    for name in ("c5_meeting_only", "c5_meeting_only_kept", "c5_voting_seat_asks", "c5_text_circulates_once"):
        assert constraints.SENTENCES[name].endswith(".")
