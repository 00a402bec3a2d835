"""The timeline says one person's repeated act once, and a name in Latin letters stays in one piece."""

from datetime import datetime, timedelta

from django.utils import timezone

from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.trail.events import EVENTS, Event
from staff_portal.kernel.trail.timeline import timeline_items

NOON = timezone.make_aware(datetime(2026, 11, 24, 12, 0))


def entry(event: Event, who: str, minutes_ago: int, *, note: str = "", about: str = "") -> AuditEntry:
    return AuditEntry(
        event=event.code,
        actor_label=who,
        role="",
        subject_label=about,
        note=note,
        at=NOON - timedelta(minutes=minutes_ago),
        before={},
        after={},
    )


def test_repeated_saves_of_one_person_are_one_line() -> None:
    entries = [
        entry(EVENTS["assessment.scores_saved"], "الف", 1),
        entry(EVENTS["assessment.scores_saved"], "ب", 2),
        entry(EVENTS["assessment.scores_saved"], "الف", 3),
        entry(EVENTS["assessment.scores_saved"], "الف", 4),
    ]
    lines = timeline_items(entries)
    assert [(line["actor"], line["text"]) for line in lines] == [
        ("الف", "امتیازهای خود را ذخیره کرد (۳ بار)"),
        ("ب", "امتیازهای خود را ذخیره کرد"),
    ]
    assert lines[0]["at"].endswith("۱۱:۵۹")


def test_another_act_in_between_or_another_note_parts_the_lines() -> None:
    entries = [
        entry(EVENTS["assessment.scores_saved"], "الف", 1),
        entry(EVENTS["assessment.scores_submitted"], "الف", 2),
        entry(EVENTS["assessment.scores_saved"], "الف", 3),
        entry(EVENTS["assessment.scores_saved"], "الف", 4, note="یادداشت"),
    ]
    assert len(timeline_items(entries)) == 4


def test_where_every_entry_has_its_own_values_nothing_is_folded() -> None:
    entries = [
        entry(EVENTS["assessment.scores_saved"], "الف", 1),
        entry(EVENTS["assessment.scores_saved"], "الف", 2),
    ]
    assert len(timeline_items(entries, fold=False)) == 2


def test_the_name_of_a_file_is_isolated_in_its_sentence() -> None:
    (line,) = timeline_items([entry(EVENTS["import.confirmed"], "الف", 1, about="register-1405.xlsx")])
    assert "«\u2068register-1405.xlsx\u2069»" in line["text"]


def test_numbers_of_a_sentence_and_its_note_are_persian() -> None:
    about = "سند 12، register-1405.xlsx"
    (line,) = timeline_items(
        [entry(EVENTS["assessment.scores_saved"], "الف", 1, note="تا 3 آذر 1405", about=about)]
    )
    assert line["note"] == "تا ۳ آذر ۱۴۰۵"
    (line,) = timeline_items([entry(EVENTS["import.confirmed"], "الف", 1, about=about)])
    assert "سند ۱۲، register-1405.xlsx" in line["text"]
