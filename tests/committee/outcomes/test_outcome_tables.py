"""State × transition × role, from the tables of resolutions, action items, minutes and amendments.

Every cell either succeeds, or is refused with a sentence and leaves the state untouched; a refusal is kept for the
auditor.
"""

from datetime import timedelta
from typing import Any

import pytest

from committee.operations.attendance import record_absence
from committee.workflow.addressees import ADDRESSEE
from committee.workflow.minutes import AMENDMENT, MINUTES, SIGNATURE
from committee.workflow.resolutions import ACTION, RESOLUTION
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, User
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow import work
from tests.committee import acts
from tests.committee.outcomes.world import NOW, World
from tests.factories.people import make_user
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

HEADS = {Role.HQ_MANAGER, Role.DEPUTY_MANAGER}
MEMBERS = {Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER}
# who may, from the design's page on workflows
ROWS_OF_RESOLUTION = {
    "adopt": line([], [], {"awaiting"}, system=True, by_hand=False),
    "address": line({Role.SECRETARY}, {"awaiting", "announced"}, {"awaiting", "announced"}),
    "sign": line(HEADS, {"awaiting"}, {"awaiting"}),
    "announce": line(HEADS, {"awaiting"}, {"announced"}, by_hand=False),
}
#: addressed to an expert of the deputy
ROWS_OF_ADDRESSEE = {
    "add": line({Role.SECRETARY}, [], {"waiting"}, by_hand=False),
    "receive": line([], {"waiting"}, {"received"}, also={Role.DEPUTY_EXPERT}),
    "chase": line([], {"waiting"}, {"waiting"}, system=True, by_hand=False),
}
#: the owner of this one is an expert of the deputy
OWNER = {Role.DEPUTY_EXPERT}
ROWS_OF_ACTION = {
    "add": line({Role.SECRETARY}, [], {"open"}),
    "extend": line({Role.SECRETARY}, {"open"}, {"open"}),
    "finish": line({Role.SECRETARY}, {"open"}, {"done"}, also=OWNER),
    "cancel": line({Role.SECRETARY}, {"open"}, {"cancelled"}),
    "chase": line([], {"open"}, {"open"}, system=True, by_hand=False),
}
ROWS_OF_MINUTES = {
    "begin": line({Role.SECRETARY}, [], {"draft"}, by_hand=False),
    "write": line({Role.SECRETARY}, {"draft"}, {"draft"}),
    "circulate": line({Role.SECRETARY}, {"draft"}, {"circulated"}),
    "rewrite": line({Role.SECRETARY}, {"circulated"}, {"circulated"}, by_hand=False),
    "start_signing": line({Role.SECRETARY}, {"circulated"}, {"signing"}, system=True),
    "sign": line(MEMBERS, {"signing"}, {"signing"}),
    "seal": line({Role.SECRETARY}, {"signing"}, {"sealed"}, system=True),
}
ROWS_OF_SIGNATURE = {"put": line(MEMBERS, [], [], by_hand=False)}
ROWS_OF_AMENDMENT = {
    "ask": line(MEMBERS, [], {"asked"}),
    "none": line(MEMBERS, [], {"none"}),
    "accept": line({Role.SECRETARY}, {"asked"}, {"accepted"}),
    "accept_by_record": line({Role.SECRETARY}, {"asked"}, {"accepted"}),
    "decline": line({Role.SECRETARY}, {"asked"}, {"declined"}),
}
#: after both clocks, so that they stand in nobody's way
LATE = NOW + timedelta(days=20)


def _people(world: World) -> dict[str, User]:
    """One person for each role: the committee's own, a new one for the rest."""
    people = world.committee
    own = {
        Role.HQ_MANAGER: people.hq_manager,
        Role.DEPUTY_MANAGER: people.deputy_manager,
        Role.SECRETARY: people.secretary,
        Role.HQ_MEMBER: people.hq1,
        Role.DEPUTY_MEMBER: people.deputy1,
        Role.NGO_MEMBER: people.ngo_member,
        Role.DEPUTY_EXPERT: people.deputy_expert,
        Role.AUDITOR: people.auditor,
    }
    return {role: own.get(Role(role)) or make_user(role) for role in Role.values}


# --- resolutions and action items ---------------------------------------------------------------------------


def _resolution(world: World, state: str) -> Any:
    return world.announced() if state == "announced" else world.resolution()


def _action(world: World, state: str) -> Any:
    action = world.action(world.resolution(), days=30)
    step = {"done": "finish", "cancelled": "cancel"}.get(state)
    return ACTION.apply(action, step, actor=world.committee.secretary, at=NOW, note="شد") if step else action


def test_the_tables_are_as_the_design_has_them() -> None:
    assert_as_written(RESOLUTION, ROWS_OF_RESOLUTION)
    assert_as_written(ADDRESSEE, ROWS_OF_ADDRESSEE)
    assert_as_written(ACTION, ROWS_OF_ACTION)
    assert_as_written(MINUTES, ROWS_OF_MINUTES)
    assert_as_written(SIGNATURE, ROWS_OF_SIGNATURE)
    assert_as_written(AMENDMENT, ROWS_OF_AMENDMENT)


@pytest.mark.parametrize(("state", "name"), cells(RESOLUTION, ROWS_OF_RESOLUTION))
def test_every_cell_of_a_resolution(world: World, state: str, name: Names) -> None:
    answers = {"address": {"persons": [world.committee.hq_expert]}}
    trial = Trial(lambda wanted: _resolution(world, wanted), _people(world), lambda row: NOW, answers)
    try_cell(RESOLUTION, ROWS_OF_RESOLUTION, state, name, trial)


def _addressee(world: World, state: str) -> Any:
    row = world.announced().addressees.get()
    received = state == "received"
    return ADDRESSEE.apply(row, "receive", actor=world.committee.deputy_expert, at=NOW) if received else row


@pytest.mark.parametrize(("state", "name"), cells(ADDRESSEE, ROWS_OF_ADDRESSEE, alone=("chase",)))
def test_every_cell_of_an_addressee(world: World, state: str, name: Names) -> None:
    at = LATE if name == "chase" else NOW
    trial = Trial(lambda wanted: _addressee(world, wanted), _people(world), lambda row: at)
    try_cell(ADDRESSEE, ROWS_OF_ADDRESSEE, state, name, trial)


@pytest.mark.parametrize(("state", "name"), cells(ACTION, ROWS_OF_ACTION))
def test_every_cell_of_an_action_item(world: World, state: str, name: Names) -> None:
    note = {"note": "دلیل روشن"}
    answers = {
        "extend": {**note, "due_on": NOW.date() + timedelta(days=60)},
        "finish": note,
        "cancel": note,
    }
    trial = Trial(lambda wanted: _action(world, wanted), _people(world), lambda row: NOW, answers)
    try_cell(ACTION, ROWS_OF_ACTION, state, name, trial)


def test_what_follows_is_not_taken_by_hand(world: World) -> None:
    made = world.resolution()
    for head in (world.committee.hq_manager, world.committee.deputy_manager, None):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            RESOLUTION.apply(made, "announce", actor=head, at=NOW)
    with pytest.raises(NotPermitted):
        ACTION.apply(world.action(made, days=1), "chase", actor=world.committee.secretary, at=LATE)


# --- minutes and amendments ----------------------------------------------------------------------------------


def _late(name: str) -> Any:
    return LATE if name in {"start_signing", "seal"} else NOW


@pytest.mark.parametrize(("state", "name"), cells(MINUTES, ROWS_OF_MINUTES))
def test_every_cell_of_minutes(world: World, state: str, name: Names) -> None:
    record = world.minutes(state)
    answers = {"write": {"texts": {record.meeting.items.last().pk: "درباره سهم منطقه‌ها گفت‌وگو شد."}}}
    trial = Trial(lambda wanted: record, _people(world), _late, answers)
    try_cell(MINUTES, ROWS_OF_MINUTES, state, name, trial)


def _amendment(world: World, state: str) -> Any:
    minutes, asks = world.minutes("circulated"), world.committee.hq2
    if state == "none":
        return acts.want_no_amendment(minutes, actor=asks, at=NOW)
    asked = acts.ask_amendment(minutes, actor=asks, at=NOW, text="نام واحد افزوده شود.")
    if state == "declined":
        return acts.decline_amendment(asked, actor=world.committee.secretary, at=NOW, answer="گفته نشد.")
    return _accepted(world, asked) if state == "accepted" else asked


def _accepted(world: World, asked: Any) -> Any:
    item = asked.minutes.meeting.items.last()
    secretary = world.committee.secretary
    return acts.accept_amendment(asked, actor=secretary, at=NOW, item=item, discussion="تازه")


@pytest.mark.parametrize(("state", "name"), cells(AMENDMENT, ROWS_OF_AMENDMENT, alone=("accept_by_record",)))
def test_every_cell_of_an_amendment(world: World, state: str, name: Names) -> None:
    record = _amendment(world, state)
    absence = record.minutes.meeting.absences.get()
    if state == "asked" and name == "accept_by_record":
        record_absence(
            record.minutes.meeting,
            absence.seating,
            reason="بیماری",
            actor=world.committee.secretary,
            at=NOW,
        )
    answers = {
        "accept": {"item": record.minutes.meeting.items.last(), "discussion": "متن تازه"},
        "accept_by_record": {"answer": "علت غیبت اصلاح شد."},
        "decline": {"answer": "گفته نشد."},
    }
    trial = Trial(lambda wanted: record, _people(world), lambda row: NOW, answers)
    try_cell(AMENDMENT, ROWS_OF_AMENDMENT, state, name, trial)


@pytest.mark.parametrize("name", ["start_signing", "seal"])
def test_the_system_takes_only_what_the_clocks_bring(world: World, name: str) -> None:
    record = world.minutes("circulated" if name == "start_signing" else "signing")
    for other in set(MINUTES.rows) - {"start_signing", "seal", "begin", "rewrite"}:
        with pytest.raises(NotPermitted):
            MINUTES.apply(record, other, actor=None, at=LATE)
    made = MINUTES.apply(record, name, actor=None, at=LATE)
    assert made.state in ROWS_OF_MINUTES[name].targets


def test_a_signature_is_a_row_of_its_own_that_only_signing_takes(world: World) -> None:
    minutes, signer = world.minutes("signing"), world.committee.hq1
    seating = world.committee.seatings["hq1"]
    for actor in (signer, world.committee.secretary, None):
        with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
            SIGNATURE.apply(minutes, "put", actor=actor, at=NOW, seating=seating)
    assert not minutes.signatures.exists()
    MINUTES.apply(minutes, "sign", actor=signer, at=NOW, dissent="با سهم منطقه‌ها موافق نیستم.")
    signature = minutes.signatures.get()
    entry = AuditEntry.objects.get(event="signature.put", subject_id=signature.pk)
    assert (entry.role, entry.after["seating"]) == (Role.HQ_MEMBER, seating.pk)
    assert signature.dissent and signature.dissent not in str(entry.after)
    said = [line["text"] for line in trail(minutes.meeting, world.committee.auditor, NOW.date())]
    assert [text for text in said if "امضا" in text and text.startswith("صورتجلسه را")] == [
        "صورتجلسه را امضا کرد"
    ]


def test_a_text_put_right_is_a_row_that_only_an_answer_takes(world: World) -> None:
    asked = _amendment(world, "asked")
    minutes = asked.minutes
    with pytest.raises(NotPermitted, match="در پی گامی دیگر"):
        MINUTES.apply(minutes, "rewrite", actor=world.committee.secretary, at=NOW)
    _accepted(world, asked)
    minutes.refresh_from_db()
    assert minutes.content["items"][-1]["discussion"] == "تازه"
    kept = AuditEntry.objects.filter(event__in=["agenda.minute", "minutes.rewrite"])
    assert kept.count() == 2 and all("تازه" not in str(entry.after) for entry in kept)


@pytest.mark.parametrize("state", ["draft", "circulated", "signing", "sealed"])
def test_the_rebuilt_items_are_those_that_the_steps_left(world: World, state: str) -> None:
    made = world.minutes(state)
    if state == "circulated":
        acts.ask_amendment(made, actor=world.committee.hq2, at=NOW, text="نام واحد افزوده شود.")
    if state == "signing":
        MINUTES.apply(made, "sign", actor=world.committee.hq1, at=NOW)
        assert {item.person for item in work.of_file(made.meeting).filter(row="sign")} == {
            world.committee.hq2,
            world.committee.deputy1,
            world.committee.ngo_member,
        }
    assert work.rebuild(at=NOW, mend=False).total == 0
