"""C9, C7: the minutes write themselves from recorded facts. Pure: no database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.enums import ItemKind, MotionState, PresenceKind, VotingMode
from committee.minutes_text import (
    NO_REASON,
    Decision,
    Item,
    Movement,
    Work,
    content_hash,
    present_seatings,
    write,
)
from tests.committee.outcomes.facts import ALL, SEATING, arrived, at, facts, left, vote


def test_the_head_says_number_day_hours_and_place() -> None:
    head = dict(write(facts())["head"])
    assert head == {
        "شماره جلسه": "۳",
        "دوره": "۱",
        "تاریخ": "سه‌شنبه ۳ آذر ۱۴۰۵",
        "ساعت": "۱۰:۰۰ تا ۱۲:۰۰",
        "مکان": "سالن جلسه طبقه ۲",
    }
    assert dict(write(facts(title="فضاهای محله‌ای"))["head"])["موضوع"] == "فضاهای محله‌ای"


def test_present_and_absent_stand_with_seat_side_and_reason() -> None:
    content = write(facts())
    assert [(row["name"], row["behalf"], row["is_chair"]) for row in content["present"]] == [
        ("فریبا ملکی", "ستاد سمن‌ها", True),
        ("علیرضا صادقی", "ستاد سمن‌ها", False),
        ("رامین عابدی", "معاونت", False),
        ("لیلا باقری", "سمن‌ها (خانه مهر محله)", False),
    ]
    assert content["absent"] == [{"name": "پروانه نعمتی", "behalf": "معاونت", "reason": "مأموریت"}]


def test_an_absence_without_reason_says_so() -> None:
    members = tuple(replace(row, absence_reason="") for row in facts().members)
    assert write(facts(members=members))["absent"][0]["reason"] == NO_REASON


def test_late_arrivals_departures_and_returns_are_told_in_order() -> None:
    movements = (
        *(arrived(code) for code in ("hq1", "hq2", "deputy1")),
        left("hq2", 11, 15),
        arrived("ngo", 10, 20),
        arrived("hq2", 11, 30),
        left("deputy1", 12, 0),
    )
    content = write(facts(movements=movements))
    assert content["movements"] == [
        "لیلا باقری ساعت ۱۰:۲۰ به جلسه پیوست.",
        "علیرضا صادقی ساعت ۱۱:۱۵ جلسه را ترک کرد.",
        "علیرضا صادقی ساعت ۱۱:۳۰ به جلسه بازگشت.",
    ]
    assert content["present"][1]["times"] == "ورود ۱۰:۰۰، خروج ۱۱:۱۵، ورود ۱۱:۳۰"


def test_a_vacant_seat_and_a_waiver_are_said() -> None:
    content = write(facts(vacant=("سمن‌ها",), waived=("فریبا ملکی", "علیرضا صادقی", "رامین عابدی")))
    assert content["vacant"] == ["سمن‌ها"]
    assert content["waiver"] == "فریبا ملکی، علیرضا صادقی و رامین عابدی از مهلت دعوت گذشتند."


def test_a_carried_motion_tells_presence_tally_result_number_work_and_last_hash() -> None:
    told = write(facts())["items"][1]["votes"][0]
    assert told["tally"] == "۳ موافق، ۱ مخالف، ۰ ممتنع؛ مبنا ۵، رأی لازم ۳"
    assert told["result"] == "تصویب شد"
    assert told["mode"] == "در جلسه"
    assert told["last_hash"] == "3f" * 32
    assert told["presence"] == [
        "حاضران هنگام آغاز رأی‌گیری، ساعت ۱۰:۳۰: فریبا ملکی، علیرضا صادقی، رامین عابدی و لیلا باقری.",
        "هنگام پایان رأی‌گیری، ساعت ۱۰:۴۰: همان اعضا حاضر بودند.",
    ]
    assert told["resolution"] == {
        "number": "۱۴۰۵/م/۷",
        "title": "سیاست واگذاری فضاهای محله‌ای",
        "actions": [
            {
                "title": "تهیه فهرست فضاها",
                "owner": "مهدی رستمی",
                "due": "۳۰ آذر ۱۴۰۵",
                "state": "",
                "result": "",
            }
        ],
    }
    assert write(facts())["resolutions"] == [told["resolution"]]


def _one(**changes: object) -> dict:
    item = Item(key=2, kind=ItemKind.MOTION, title="یک پیشنهاد", votes=(vote(**changes),))
    return write(facts(items=(item,)))["items"][0]["votes"][0]


def test_recusals_stand_with_their_reason_and_lower_the_base() -> None:
    told = _one(recusals=(("لیلا باقری", "موضوع درباره سمن خود اوست."),), base=4)
    assert told["recusals"] == ["لیلا باقری به این پیشنهاد رأی نداد: موضوع درباره سمن خود اوست."]
    assert "مبنا ۴، رأی لازم ۳" in told["tally"]


def test_a_lapsed_vote_says_why_and_who_had_left() -> None:
    told = _one(
        state=MotionState.LAPSED,
        closed_present=("hq1", "deputy1"),
        outcome_reason="هنگام پایان رأی‌گیری جلسه رسمیت نداشت.",
        decision=None,
    )
    assert told["result"] == "منتفی شد: هنگام پایان رأی‌گیری جلسه رسمیت نداشت"
    assert told["presence"][1].endswith("ساعت ۱۰:۴۰: فریبا ملکی و رامین عابدی.")
    assert told["resolution"] is None
    assert told["last_hash"] == "3f" * 32


def test_a_lost_motion_by_circulation_has_no_presence() -> None:
    told = _one(state=MotionState.LOST, mode=VotingMode.CIRCULATION, decision=None)
    assert (told["result"], told["mode"], told["presence"]) == ("رأی نیاورد", "رأی‌گیری مکاتبه‌ای", [])


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MotionState.TABLED, "در این جلسه به رأی گذاشته نشد"),
        (MotionState.WITHDRAWN, "پس گرفته شد"),
    ],
)
def test_a_motion_that_was_not_voted_on_has_no_tally_and_no_hash(state: str, words: str) -> None:
    told = _one(state=state, mode="", opened_at=None, closed_at=None, decision=None)
    assert (told["result"], told["tally"], told["last_hash"], told["presence"]) == (words, "", "", [])


def test_a_meeting_without_motions_and_without_people_still_writes() -> None:
    content = write(facts(items=(), movements=(), members=()))
    assert content["items"] == content["resolutions"] == content["present"] == content["absent"] == []


def test_what_became_of_earlier_resolutions_stands_under_the_first_item() -> None:
    earlier = Decision(
        number="1405/م/3",
        title="تجهیز دبیرخانه‌ها",
        works=(
            Work(
                title="خرید میز",
                owner="مهدی رستمی",
                due_on=date(2026, 11, 20),
                state="انجام‌شده",
                result="تحویل شد",
            ),
        ),
    )
    item = Item(key=1, kind=ItemKind.FOLLOW_UP, title="پیگیری مصوبه‌های پیشین", follow_ups=(earlier,))
    told = write(facts(items=(item,)))["items"][0]["follow_ups"][0]
    assert told["number"] == "۱۴۰۵/م/۳"
    assert told["actions"][0]["state"] == "انجام‌شده"
    assert told["actions"][0]["result"] == "تحویل شد"


# --- generated facts -----------------------------------------------------------------------------------------

codes = st.sampled_from(ALL)
movements = st.lists(
    st.builds(
        Movement,
        codes.map(SEATING.__getitem__),
        st.sampled_from([PresenceKind.ARRIVED.value, PresenceKind.LEFT.value]),
        st.integers(0, 119).map(lambda minute: at(10 + minute // 60, minute % 60)),
    ),
    max_size=14,
)
votes = st.builds(
    vote,
    state=st.sampled_from(MotionState.values),
    mode=st.sampled_from(["", *VotingMode.values]),
    opened_present=st.lists(codes, unique=True).map(tuple),
    closed_present=st.lists(codes, unique=True).map(tuple),
    votes_for=st.integers(0, 5),
    base=st.integers(0, 5),
    outcome_reason=st.sampled_from(["", "حد نصاب نبود."]),
    decision=st.sampled_from([None, Decision(number="1405/م/1", title="مصوبه")]),
    recusals=st.lists(st.tuples(st.just("لیلا باقری"), st.text(max_size=20)), max_size=2).map(tuple),
)


@given(moves=movements, listed=st.lists(votes, max_size=3))
def test_whatever_was_recorded_everybody_stands_once_and_every_closed_vote_with_its_hash(
    moves: list[Movement], listed: list
) -> None:
    item = Item(key=2, kind=ItemKind.MOTION, title="پیشنهادها", votes=tuple(listed))
    snapshot = facts(movements=tuple(moves), items=(item,))
    content = write(snapshot)
    names = [row["name"] for row in content["present"] + content["absent"]]
    assert sorted(names) == sorted(member.name for member in snapshot.members)
    assert [SEATING[row["seat_code"]] for row in content["present"]] == present_seatings(snapshot)
    for told, given_vote in zip(content["items"][0]["votes"], listed, strict=True):
        closed = given_vote.state in (MotionState.CARRIED, MotionState.LOST, MotionState.LAPSED)
        assert bool(told["last_hash"]) == closed == bool(told["tally"])
    assert len(content["resolutions"]) == sum(1 for row in listed if row.decision)


@given(moves=movements)
def test_the_same_facts_give_the_same_fingerprint_in_any_order_of_movements(moves: list[Movement]) -> None:
    unique = list({(move.at, move.seating): move for move in moves}.values())
    one = content_hash(write(facts(movements=tuple(sorted(unique, key=lambda m: (m.at, m.seating))))))
    other = content_hash(
        write(facts(movements=tuple(sorted(unique, key=lambda m: (m.at, m.seating), reverse=True))))
    )
    assert (one == other) or len({move.at for move in unique}) < len(unique)


def test_any_change_of_the_text_changes_the_fingerprint() -> None:
    content = write(facts())
    changed = write(facts(place="سالن جلسه طبقه ۳"))
    assert content_hash(content) == content_hash(write(facts()))
    assert content_hash(content) != content_hash(changed)
    assert len(content_hash(content)) == 64
