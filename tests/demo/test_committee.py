"""The committee of the demo: every state is there, every chain holds, and everybody finds work waiting."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from committee import secrecy
from committee.chain import link_hash
from committee.enums import (
    ActionState,
    MeetingState,
    MinutesState,
    MotionState,
    ResolutionState,
    RoundState,
    SeatCode,
    TermState,
    VotingMode,
)
from committee.models import (
    ActionItem,
    AgendaItem,
    Ballot,
    Meeting,
    Memorandum,
    Minutes,
    Motion,
    NominationRound,
    Nominee,
    PolicyArticle,
    Resolution,
    Seating,
    Term,
)
from committee.queries import chair_of, running_term, sitting
from staff_portal.demo.people import DEMO_USERS
from staff_portal.demo.schedule import Clock
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import User
from staff_portal.kernel.trail import ledger
from tests.demo.conftest import ON

pytestmark = pytest.mark.usefixtures("demo")

NOW = Clock(ON).at(0, 10)
MEMBERS = ("hq.member1", "hq.member2", "deputy.member1", "deputy.member2", "ngo.member")
HEADS = ("hq.manager", "deputy.manager")
#: national ids of the demo begin with it, far above those that have been given
INVENTED_ID = "1499"


def test_past_terms_have_seatings_that_ended() -> None:
    past = Term.objects.filter(starts_on__lt=ON).exclude(pk=running_term(ON).pk)  # type: ignore[union-attr]
    assert past.count() >= 2
    assert past.filter(state=TermState.ENDED).exists()
    for term in past:
        codes = set(
            Seating.objects.filter(seat__term=term, period__endswith__lte=ON).values_list(
                "seat_code", flat=True
            )
        )
        assert codes >= {"hq1", "hq2", "deputy1", "deputy2"}, term
    assert Seating.objects.filter(seat_code=SeatCode.NGO, period__endswith__lte=ON).exists()
    assert not Seating.objects.filter(period__endswith__lte=ON, ended_by="").exists()


def test_five_people_sit_in_the_running_term() -> None:
    term = running_term(ON)
    assert term is not None and term.state == TermState.OPEN
    seated = sitting(ON)
    assert [row.seat_code for row in seated] == list(SeatCode.values)
    assert {row.person.username for row in seated} == set(MEMBERS)
    chair = chair_of(ON)
    assert chair is not None and chair.seat.term == term
    for row in seated:
        assert row.letter is not None or row.seat_code == SeatCode.NGO, row


def test_the_ngo_in_the_seat_was_chosen_and_proven() -> None:
    seating = next(row for row in sitting(ON) if row.seat_code == SeatCode.NGO)
    nomination = seating.round
    assert nomination is not None and nomination.state == RoundState.DECIDED
    assert nomination.chosen is not None and nomination.chosen.ngo == seating.ngo
    assert nomination.chosen.representative == seating.person
    for decided in NominationRound.objects.filter(state=RoundState.DECIDED):
        assert decided.proof is not None and decided.proof.kind == "proof-sheet"
        assert str(decided.chosen) in decided.proof.subject
        assert decided.nominees.count() == 3
        assert decided.reason or decided.decided_by_id is None


def test_one_round_is_open_with_some_ballots() -> None:
    running = NominationRound.objects.get(state=RoundState.OPEN)
    assert running.seat.term == running_term(ON)
    assert running.nominees.count() == 3
    assert 0 < running.ballots.count() < 4


def test_meetings_are_in_every_state() -> None:
    assert set(Meeting.objects.values_list("state", flat=True)) == set(MeetingState.values)
    held = Meeting.objects.get(state=MeetingState.IN_SESSION)
    assert held.presences.count() == 5
    for meeting in Meeting.objects.exclude(state__in=[MeetingState.PLANNED, MeetingState.AWAITING_CHAIR]):
        assert meeting.invitations.exists() and meeting.invitation_letter is not None, meeting


def test_motions_are_in_every_state() -> None:
    assert set(Motion.objects.values_list("state", flat=True)) == set(MotionState.values)
    voting = Motion.objects.filter(state=MotionState.OPEN).values_list("mode", flat=True)
    assert set(voting) == set(VotingMode.values)
    assert all(row.outcome_reason for row in Motion.objects.filter(state=MotionState.LAPSED))


def test_a_circulation_broken_off_and_a_void_round_keep_their_ballots_sealed() -> None:
    asked = Motion.objects.get(meeting_asked_by__isnull=False)
    again = Motion.objects.get(origin=asked)
    assert secrecy.are_sealed(asked) and asked.ballots.count() == asked.ballot_count == 3
    assert (again.state, again.meeting_only) == (MotionState.TABLED, True)
    void = NominationRound.objects.get(state=RoundState.VOID)
    assert void.ballots.count() == 2
    for user in User.objects.all():
        assert not secrecy.may_read_choices(user, asked, ON)
        assert not secrecy.may_read_choices(user, void, ON)


def test_resolutions_are_announced_by_letter() -> None:
    assert set(Resolution.objects.values_list("state", flat=True)) == set(ResolutionState.values)
    assert Motion.objects.filter(state=MotionState.CARRIED).count() == Resolution.objects.count()
    announced = Resolution.objects.filter(state=ResolutionState.ANNOUNCED)
    assert announced.count() >= 2
    for resolution in announced:
        assert resolution.letter is not None and resolution.letter.kind == "announcement"
        assert resolution.title in resolution.letter.subject
        assert resolution.hq_signed_by_id and resolution.deputy_signed_by_id


def test_action_items_are_done_open_and_overdue() -> None:
    assert ActionItem.objects.filter(state=ActionState.DONE).exclude(result="").exists()
    running = ActionItem.objects.filter(state=ActionState.OPEN)
    assert running.filter(due_on__gte=ON).exists()
    assert running.filter(due_on__lt=ON).exists()
    titles = list(ActionItem.objects.values_list("title", flat=True))
    assert all(titles) and len(titles) == len(set(titles))


def test_minutes_are_in_every_state_and_sealed_ones_are_letters() -> None:
    assert set(Minutes.objects.values_list("state", flat=True)) == set(MinutesState.values)
    for minutes in Minutes.objects.filter(state=MinutesState.SEALED):
        assert minutes.letter is not None and minutes.letter.kind == "minutes"
        assert minutes.meeting.state == MeetingState.MINUTED
        assert minutes.signatures.count() >= 3


def test_every_chain_is_intact() -> None:
    reports = ledger.verify_all()
    assert all(report.ok for report in reports.values())
    assert reports["رأی‌های کمیته"].length == Ballot.objects.count() > 20
    told = StringIO()
    call_command("verify_ledger", stdout=told)
    assert "رأی‌های کمیته: درست است" in told.getvalue()
    for motion in Motion.objects.filter(ballots__isnull=False).distinct():
        end = motion.text_hash
        for ballot in motion.ballots.order_by("sequence"):
            end = link_hash(end, ballot.canonical)
            assert ballot.hash == end, motion
        assert motion.last_hash in {end, ""}


def test_every_name_is_invented() -> None:
    people = {f"{user.first_name} {user.last_name}" for user in DEMO_USERS}
    assert all(row.person.is_demo and row.person.full_name in people for row in Seating.objects.all())
    for memorandum in Memorandum.objects.all():
        for signatory in (memorandum.hq_signatory, memorandum.deputy_signatory):
            assert signatory.split("،")[0] in people
    ngos = {nominee.ngo for nominee in Nominee.objects.select_related("ngo")}
    assert len(ngos) >= 5
    assert all(ngo.national_id.startswith(INVENTED_ID) for ngo in ngos)
    assert all(row.representative.is_demo for row in Nominee.objects.all() if row.representative)


def test_the_words_are_persian() -> None:
    texts = [
        *Motion.objects.values_list("title", "text", "outcome_reason"),
        *Meeting.objects.values_list("title", "place", "cancel_reason"),
        *AgendaItem.objects.values_list("title", "note", "discussion"),
        *ActionItem.objects.values_list("title", "result"),
        *PolicyArticle.objects.values_list("text", "state_note"),
    ]
    for text in (part for row in texts for part in row):
        assert not re.search(r"[A-Za-z0-9,;?]|[يك]", text), text
        assert not re.search(r"ستاد(?! سمن‌ها)", text), text


@pytest.mark.parametrize("username", ["secretary", *MEMBERS, *HEADS])
def test_committee_work_waits_for(username: str) -> None:
    """By the call of the home page."""
    tasks = contributions.inbox(User.objects.get(username=username), NOW)
    assert [task for task in tasks if task.kind.startswith("committee.")]
    assert all(task.url and task.title for task in tasks)
